//! The gateway: the one address customers use. Passes requests on to web-app pods; makes no pages.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::{Request, Response, StatusCode};

use super::balancer::{Ask, Balancer, Route};
use super::breaker::Rules;
use super::context::Context;
use super::http::{Handler, Reply, answered, status};
use super::tokens::Tokens;
use super::upstream::CallError;

/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(2);

/// What customers want, each with a breaker of its own. An order takes longer than a page, and a database that slows
/// down for a moment is for those behind to deal with: only what lasts stops them.
const ROUTES: [Route; 3] =
    [route("web-app browse", 300), route("web-app product", 300), route("web-app checkout", 400)];

const fn route(guards: &'static str, slow: u64) -> Route {
    let (window, row) = (Duration::from_secs(4), Duration::from_millis(1_500));
    let rules = Rules { on: true, window, slow: Duration::from_millis(slow), row };
    Route { guards, rules }
}

/// The one route for which the customer has to be known.
const CHECKOUT: usize = 2;

/// The place in [`ROUTES`].
fn route_of(path: &str) -> usize {
    match path {
        "/checkout" => CHECKOUT,
        _ if path.starts_with("/product/") => 1,
        _ => 0,
    }
}

/// No request body is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// The gateway.
pub(super) struct Gateway {
    context: Arc<Context>,
    web: Arc<Balancer>,
    tokens: Arc<Tokens>,
}

impl Gateway {
    /// Follows the web-app pods from now on.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let web = Balancer::new(context, "web-app", LIMIT, &ROUTES);
        Arc::new(Self { context: Arc::clone(context), web, tokens: Tokens::new(context) })
    }

    async fn pass(&self, request: Request<Incoming>) -> Reply {
        let (head, body) = request.into_parts();
        let body = if body.is_end_stream() {
            Bytes::new()
        } else {
            match Limited::new(body, LONGEST_BODY).collect().await {
                Ok(body) => body.to_bytes(),
                Err(_) => return status(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long\n"),
            }
        };
        let content_type = head.headers.get(CONTENT_TYPE).cloned();
        let route = route_of(head.uri.path());
        self.tokens.note(&head.headers);
        let bearer = if route == CHECKOUT {
            match self.tokens.bearer(&head.headers).await {
                Ok(bearer) => Some(bearer),
                Err(refused) => return refused,
            }
        } else {
            None
        };
        let kept = bearer.as_ref().is_some_and(|bearer| bearer.kept);
        let mut ask = Ask {
            route,
            method: head.method,
            uri: head.uri,
            content_type,
            authorization: bearer.map(|bearer| bearer.header),
            account: None,
            body,
        };
        let mut answer = self.web.ask(&ask).await;
        if kept && refused(&answer) {
            // It was not carried out. Perhaps only the token is too old.
            if let Some(another) = self.tokens.another(&head.headers).await {
                ask.authorization = Some(another);
                answer = self.web.ask(&ask).await;
            }
        }
        if refused(&answer) {
            self.tokens.refused();
        }
        match answer {
            Ok(answer) => {
                let (from, body) = answer.into_parts();
                let mut reply = Response::new(Full::new(body));
                *reply.status_mut() = from.status;
                if let Some(kind) = from.headers.get(CONTENT_TYPE) {
                    reply.headers_mut().insert(CONTENT_TYPE, kind.clone());
                }
                reply
            }
            Err(CallError::Nobody) => {
                status(StatusCode::SERVICE_UNAVAILABLE, "nobody can serve this at the moment\n")
            }
            Err(CallError::Late) => status(StatusCode::GATEWAY_TIMEOUT, "no answer in time\n"),
            Err(CallError::Broken | CallError::Unsent) => {
                status(StatusCode::BAD_GATEWAY, "the connection broke\n")
            }
        }
    }
}

/// Whether who asked could not be verified.
fn refused(answer: &Result<Response<Bytes>, CallError>) -> bool {
    answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::UNAUTHORIZED)
}

impl Handler for Gateway {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        answered(&self.context, request, |request| self.pass(request)).await
    }
}
