//! Serves HTTP/1.1 on one port; answers the questions every pod answers itself. Knows nothing of the shop.

use std::future::Future;
use std::io;
use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::context::Context;
use super::damage::Aborted;
use super::door::accept;
use super::metrics;
use super::query::encode;
use super::using::Using;
use super::wire::Wire;

/// What goes back.
pub(super) type Reply = Response<Full<Bytes>>;

/// Answers requests.
pub(super) trait Handler: Send + Sync + 'static {
    /// Answers one.
    fn answer(&self, request: Request<Incoming>) -> impl Future<Output = Reply> + Send;
}

/// Answers only what every pod answers.
pub(super) struct Bare(pub(super) Arc<Context>);

impl Handler for Bare {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        common(&self.0, request.uri().path())
            .unwrap_or_else(|| status(StatusCode::NOT_FOUND, "no such page\n"))
    }
}

/// Takes connections for ever.
pub(super) async fn serve<H: Handler>(
    context: Arc<Context>,
    listener: TcpListener,
    handler: Arc<H>,
) {
    let take = |wire| drop(tokio::spawn(connection(wire, Arc::clone(&handler))));
    accept(context, listener, take).await;
}

async fn connection<H: Handler>(wire: Wire, handler: Arc<H>) {
    let service = service_fn(move |request| {
        let handler = Arc::clone(&handler);
        async move {
            let reply = handler.answer(request).await;
            if reply.extensions().get::<Aborted>().is_some() {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            Ok(reply)
        }
    });
    // A connection that breaks is the caller's business.
    let _ = http1::Builder::new()
        .auto_date_header(false)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(wire), service)
        .await;
}

/// Answers what every pod answers, and the rest by `route`, counted and timed.
pub(super) async fn answered<F>(
    context: &Context,
    request: Request<Incoming>,
    route: impl FnOnce(Request<Incoming>) -> F + Send,
) -> Reply
where
    F: Future<Output = Reply> + Send,
{
    if let Some(reply) = common(context, request.uri().path()) {
        return reply;
    }
    let _under_way = Using::of(&context.under_way);
    let start = context.now();
    let settings = context.settings();
    let asked = settings.debug.then(|| format!("{} {}", request.method(), request.uri()));
    let mut reply = if settings.maintenance {
        status(StatusCode::SERVICE_UNAVAILABLE, "down for maintenance\n")
    } else {
        route(request).await
    };
    if let Some(action) = context.faults.answer_damage() {
        reply = context.damages.done_to(reply, action).await;
    }
    if let Some(asked) = asked {
        // Nobody to read it is no reason not to answer.
        let _ = writeln!(io::stderr(), "{asked}: {}", reply.status().as_u16());
    }
    context.metrics.answered(reply.status().as_u16(), context.now() - start);
    reply
}

/// The answers that every pod gives.
fn common(context: &Context, path: &str) -> Option<Reply> {
    match path {
        "/healthz" => Some(status(StatusCode::OK, "ok\n")),
        "/readyz" if context.is_ready() && !context.settings().maintenance => {
            Some(status(StatusCode::OK, "ready\n"))
        }
        "/readyz" => Some(status(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")),
        "/metrics" => {
            let mut reply = Response::new(Full::new(Bytes::from(context.metrics.page())));
            let kind = HeaderValue::from_static(metrics::CONTENT_TYPE);
            reply.headers_mut().insert(CONTENT_TYPE, kind);
            Some(reply)
        }
        "/instruments" => Some(json(StatusCode::OK, encode(&context.tally.read(context.now())))),
        _ => None,
    }
}

/// A short answer.
pub(super) fn status(status: StatusCode, text: &'static str) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *reply.status_mut() = status;
    reply
}

/// An answer with a JSON body.
pub(super) fn json(status: StatusCode, body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}
