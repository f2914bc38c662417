//! Servers for the tests: what was asked is kept, and what is answered is up to the test, down to single bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load::rig::streams;

pub type Answer = Response<BoxBody<Bytes, Infallible>>;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// What stood behind the question mark or in the form, decoded.
    pub query: Vec<(String, String)>,
    pub headers: hyper::HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A server that keeps what it was asked.
#[derive(Clone)]
pub struct Fake {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn last(&self) -> Seen {
        self.seen().pop().expect("something was asked")
    }
}

fn decoded(text: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://x/?{text}")).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

async fn taken(request: Request<Incoming>) -> Seen {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let query = head.uri.query().unwrap_or_default();
    Seen {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: decoded(if query.is_empty() { &body } else { query }),
        headers: head.headers,
        body,
    }
}

/// A server that answers with what `answer` makes of a request.
pub async fn fake(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Fake {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (answer, kept) = (Arc::new(answer), Arc::clone(&seen));
    let address = streams(move |stream| {
        let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
        async move { serve(stream, answer, kept).await }
    })
    .await;
    Fake { address, seen }
}

/// Serves one connection.
pub async fn serve<S>(
    stream: S,
    answer: Arc<impl Fn(&Seen) -> Answer + Send + Sync + 'static>,
    kept: Arc<Mutex<Vec<Seen>>>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
        async move {
            let seen = taken(request).await;
            let answer = answer(&seen);
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
            Ok::<_, Infallible>(answer)
        }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// What a server does after it has said its bytes.
#[derive(Clone, Copy)]
pub enum Then {
    /// Ends the connection.
    Close,
    /// Says nothing more for ever.
    Hang,
    /// Says the same again and again, as long as somebody listens.
    Again(&'static [u8]),
}

/// A server that says these bytes to every request.
pub async fn raw(says: impl Into<Vec<u8>>, then: Then) -> SocketAddr {
    let says = Arc::new(says.into());
    streams(move |mut stream| {
        let says = Arc::clone(&says);
        async move {
            listen(&mut stream).await;
            if stream.write_all(&says).await.is_err() {
                return;
            }
            match then {
                Then::Close => drop(stream.shutdown().await),
                Then::Hang => std::future::pending().await,
                Then::Again(bytes) => while stream.write_all(bytes).await.is_ok() {},
            }
        }
    })
    .await
}

/// Waits for the end of a question.
pub async fn listen(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read_buf(&mut head).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

pub fn body(bytes: impl Into<Bytes>) -> BoxBody<Bytes, Infallible> {
    Full::new(bytes.into()).boxed()
}

pub fn json(status: u16, text: &str) -> Answer {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body(text.to_owned()))
        .unwrap()
}

/// An answer to a query: one series `up` with the value 1.
pub fn one() -> Answer {
    json(200, ONE)
}

pub const ONE: &str = r#"{"status":"success","data":{"resultType":"vector","result":[
    {"metric":{"__name__":"up","job":"shop"},"value":[1795932545.25,"1"]}]}}"#;
