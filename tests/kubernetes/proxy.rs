//! A reverse proxy in front of an API server, fake or real, that makes trouble on demand (`trouble`). Its own side is plain HTTP. Who
//! brings no token has the rights of the stage; whoever wants to be somebody else brings a token, or impersonates.
//! Connections that are upgraded (exec, port-forward) do not pass.

pub mod asked;
pub mod trouble;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use kube::Client;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use asked::Asked;
use trouble::{Ill, Trouble};

use super::port::{Port, listen};

type Error = Box<dyn std::error::Error + Send + Sync>;
type Body = UnsyncBoxBody<Bytes, Error>;

/// A running proxy. It ends when this is dropped.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    /// What goes wrong.
    pub trouble: Arc<Trouble>,
    /// Nobody else gets it while nobody listens.
    _port: Port,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.trouble.drop_connections();
    }
}

impl Proxy {
    /// Starts one that asks with the rights of the stage, or with none but those of the token that comes.
    pub async fn start(stage: Client, nobody: Client) -> Self {
        let upstream = Upstream { stage, nobody };
        let port = Port::new();
        let address = port.address;
        let listener = listen(address);
        let trouble = Arc::new(Trouble::default());
        let task = tokio::spawn(serve(listener, address, upstream, trouble.clone()));
        Self { address, trouble, _port: port, task }
    }
}

/// Whom to ask, as whom.
#[derive(Clone)]
struct Upstream {
    stage: Client,
    nobody: Client,
}

async fn serve(first: TcpListener, address: SocketAddr, upstream: Upstream, trouble: Arc<Trouble>) {
    let mut wanted = trouble.wanted();
    let mut listener = Some(first);
    loop {
        if let Some(open) = listener.take() {
            trouble.listening(true);
            accept(&open, &mut wanted, &upstream, &trouble).await;
        }
        trouble.listening(false);
        if wanted.wait_for(|wanted| *wanted).await.is_err() {
            return;
        }
        listener = Some(listen(address));
    }
}

/// Takes connections until nobody is to be there any more.
async fn accept(
    listener: &TcpListener,
    wanted: &mut watch::Receiver<bool>,
    upstream: &Upstream,
    trouble: &Arc<Trouble>,
) {
    loop {
        tokio::select! {
            _ = wanted.wait_for(|wanted| !*wanted) => return,
            taken = listener.accept() => {
                let Ok((stream, _)) = taken else { continue };
                tokio::spawn(connection(stream, upstream.clone(), trouble.clone()));
            }
        }
    }
}

async fn connection(stream: TcpStream, upstream: Upstream, trouble: Arc<Trouble>) {
    let mut closing = trouble.closing();
    let stream = stream.into_std().unwrap();
    // A second handle: a reset is asked of the socket when hyper has the first.
    let handle = TcpStream::from_std(stream.try_clone().unwrap()).unwrap();
    let io = TokioIo::new(TcpStream::from_std(stream).unwrap());
    let inner = trouble.clone();
    let service = service_fn(move |request| answer(request, upstream.clone(), inner.clone()));
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(io, service);
    let whole = tokio::select! {
        ended = connection => ended.is_ok(),
        _ = closing.changed() => false,
    };
    if !whole {
        let _ = handle.set_zero_linger();
    }
}

/// Answers, or fails: then the connection is reset.
async fn answer(
    request: Request<Incoming>,
    upstream: Upstream,
    trouble: Arc<Trouble>,
) -> Result<Response<Body>, Error> {
    let asked = Asked::of(request.method(), request.uri());
    let ill = trouble.meet(&asked);
    match ill {
        Some(Ill::Slow(time)) => tokio::time::sleep(time).await,
        Some(Ill::Reset) => return Err("reset".into()),
        Some(Ill::Status { code, ref reason, ref message, retry_after }) => {
            return Ok(status(code, reason, message, retry_after));
        }
        Some(Ill::Lost) | None => {}
    }
    let response = forward(request, &upstream, &trouble, asked.verb == "watch").await;
    if matches!(ill, Some(Ill::Lost)) { Err("the answer is lost".into()) } else { Ok(response) }
}

/// A failure as an API server says it.
fn status(code: u16, reason: &str, message: &str, retry_after: Option<u64>) -> Response<Body> {
    let text = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
        "details": { "retryAfterSeconds": retry_after.unwrap_or(0) },
    });
    let mut response = Response::new(whole(text.to_string().into()));
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    response.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never: Infallible| match never {}).boxed_unsync()
}

async fn forward(
    request: Request<Incoming>,
    upstream: &Upstream,
    trouble: &Trouble,
    watch: bool,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return status(400, "BadRequest", "the request broke off", None);
    };
    strip(&mut parts.headers, &[header::HOST, header::CONTENT_LENGTH]);
    let token = parts.headers.contains_key(header::AUTHORIZATION);
    let upstream = if token { &upstream.nobody } else { &upstream.stage };
    let request = Request::from_parts(parts, kube::client::Body::from(body.to_bytes()));
    let cuts = trouble.cuts();
    let response = match upstream.send(request).await {
        Ok(response) => response,
        Err(error) => return status(502, "BadGateway", &format!("upstream: {error}"), None),
    };
    let (mut parts, body) = response.into_parts();
    strip(&mut parts.headers, &[]);
    let body = if watch { cuttable(body, cuts) } else { body.map_err(Into::into).boxed_unsync() };
    Response::from_parts(parts, body)
}

/// What belongs to one connection, and `more`.
fn strip(headers: &mut HeaderMap, more: &[header::HeaderName]) {
    for name in [header::CONNECTION, header::TRANSFER_ENCODING, header::UPGRADE].iter().chain(more)
    {
        headers.remove(name);
    }
}

/// The body until watches are cut.
fn cuttable(body: kube::client::Body, cuts: watch::Receiver<u64>) -> Body {
    let data = Box::pin(body.into_data_stream());
    let frames = stream::unfold((data, cuts), |(mut data, mut cuts)| async move {
        let next: Result<Frame<Bytes>, Error> = tokio::select! {
            biased;
            _ = cuts.changed() => Err("cut".into()),
            next = data.next() => next?.map(Frame::data).map_err(Into::into),
        };
        Some((next, (data, cuts)))
    });
    StreamBody::new(frames).boxed_unsync()
}
