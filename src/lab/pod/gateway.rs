//! The gateway: the one address customers use. Passes requests on to web-app pods; makes no pages.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, COOKIE, HeaderMap};
use hyper::{Request, Response, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::allowance::Allowance;
use super::balancer::{Ask, Balancer, Route};
use super::breaker::Rules;
use super::context::Context;
use super::http::{Handler, Reply, answered, status};
use super::tokens::Tokens;
use super::upstream::CallError;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;

/// What customers want, each with a breaker of its own. An order takes longer than a page, and a database that slows
/// down for a moment is for those behind to deal with: only what lasts stops them.
const ROUTES: [Route; 3] =
    [route("web-app browse", 300), route("web-app product", 300), route("web-app checkout", 450)];

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

/// So many requests a second without a session pass, all together.
const STRANGERS: u32 = 200;

/// While more of them ask than may, so many are served at a time: what they ask for must not make the shop slow for
/// customers, nor open a breaker in front of them.
const STRANGERS_AT_A_TIME: usize = 8;

/// Whether a customer is known.
fn has_session(headers: &HeaderMap) -> bool {
    headers.get_all(COOKIE).iter().any(|cookies| {
        let mut cookies = cookies.as_bytes().split(|byte| *byte == b';');
        cookies.any(|one| one.trim_ascii_start().starts_with(b"session="))
    })
}

/// The gateway.
pub(super) struct Gateway {
    context: Arc<Context>,
    web: Arc<Balancer>,
    strangers: Allowance,
    places: Semaphore,
    tokens: Arc<Tokens>,
}

impl Gateway {
    /// Follows the web-app pods from now on.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let web = Balancer::new(context, "web-app", |settings| settings.web_timeout, &ROUTES);
        context.tally.covers(&[Instrument::RateLimited, Instrument::Shed]);
        let strangers = Allowance::new(STRANGERS);
        let places = Semaphore::new(STRANGERS_AT_A_TIME);
        let tokens = Tokens::new(context);
        Arc::new(Self { context: Arc::clone(context), web, strangers, places, tokens })
    }

    /// Lets a request in; `Err`: the answer to one that goes no further. A stranger takes a place for as long as it is
    /// here.
    fn admit(&self, headers: &HeaderMap) -> Result<Option<SemaphorePermit<'_>>, Box<Reply>> {
        let context = &self.context;
        let mut place = None;
        if context.has(Defence::RateLimit) && !has_session(headers) {
            let now = context.now();
            place = self.places.try_acquire().ok();
            let allowed = self.strangers.take(now);
            if !allowed || (place.is_none() && self.strangers.is_strained(now)) {
                context.tally.count(Instrument::RateLimited);
                let reply = status(StatusCode::TOO_MANY_REQUESTS, "too many requests\n");
                return Err(Box::new(reply));
            }
        }
        if context.shedding.picks() {
            context.tally.count(Instrument::Shed);
            let why = "refused to keep the rest alive\n";
            return Err(Box::new(status(StatusCode::SERVICE_UNAVAILABLE, why)));
        }
        Ok(place)
    }

    async fn pass(&self, request: Request<Incoming>) -> Reply {
        let _place = match self.admit(request.headers()) {
            Ok(place) => place,
            Err(reply) => return *reply,
        };
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
