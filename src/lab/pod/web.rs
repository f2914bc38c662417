//! A web-app pod: makes pages from the backend's data, keeps them in the cache, serves old ones while new ones cannot be
//! had. Owns no data.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};
use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;

use super::account::Account;
use super::balancer::{Ask, Balancer, Route};
use super::breaker::{Breaker, Rules};
use super::cache::VALUE;
use super::context::Context;
use super::frames::Line;
use super::http::{Handler, Reply, answered, status};
use crate::gameday::defence::Defence;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::shop::{PRODUCTS, Role};

/// How long one try of a call to the backend may take.
const BACKEND_LIMIT: Duration = Duration::from_millis(1_500);

/// What the backend is asked for, each with a breaker of its own: who cannot look may still buy.
const ROUTES: [Route; 2] = [
    Route { guards: "backend-service pages", rules: RULES },
    Route { guards: "backend-service checkout", rules: RULES },
];
const PAGES: usize = 0;
const CHECKOUT: usize = 1;

const RULES: Rules = Rules {
    on: true,
    window: Duration::from_secs(2),
    slow: Duration::from_millis(400),
    row: Duration::from_millis(500),
};

/// How long the cache may take.
const CACHE_LIMIT: Duration = Duration::from_millis(250);

/// So old a page is made anew; so old it still serves while that fails.
const FRESH_MILLIS: i64 = 5_000;
const STALE_MILLIS: i64 = 600_000;

/// No request body is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// A page and when it was made, in milliseconds since 1970.
#[derive(Clone)]
struct Page {
    made: i64,
    body: Bytes,
}

type Flight = watch::Receiver<Option<Option<Page>>>;

/// A web-app pod.
pub(super) struct Web {
    context: Arc<Context>,
    backend: Arc<Balancer>,
    account: Account,
    cache: Mutex<Option<Arc<Line>>>,
    cache_breaker: Arc<Breaker>,
    copies: Mutex<HashMap<String, Page>>,
    flights: Mutex<HashMap<String, Flight>>,
    hits: Counter,
    misses: Counter,
    errors: Counter,
}

/// What the cache said.
enum Found {
    Hit(Page),
    Miss,
    Error,
}

impl Web {
    /// Follows backend and cache from now on.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let metrics = &context.metrics;
        let on = context.has(Defence::CircuitBreakers);
        let cache_breaker = Arc::new(Breaker::new(Rules { on, ..Rules::default() }));
        context.tally.breaker(Role::Cache.app().to_owned(), Arc::clone(&cache_breaker));
        let web = Arc::new(Self {
            context: Arc::clone(context),
            backend: Balancer::new(context, Role::Backend.app(), BACKEND_LIMIT, &ROUTES),
            account: Account::new(context),
            cache: Mutex::default(),
            cache_breaker,
            copies: Mutex::default(),
            flights: Mutex::default(),
            hits: metrics.counter("cache_hits", "Pages found in the cache"),
            misses: metrics.counter("cache_misses", "Pages not found in the cache"),
            errors: metrics.counter("cache_errors", "Questions the cache did not answer"),
        });
        tokio::spawn(follow_cache(Arc::clone(&web)));
        web
    }

    async fn page(self: &Arc<Self>, key: &str) -> Option<Page> {
        let copy = match self.look(key).await {
            Found::Hit(page) => Some(page),
            Found::Miss => None,
            Found::Error => lock(&self.copies).get(key).cloned(),
        };
        let now = self.context.wall.now();
        if let Some(page) = copy.filter(|page| now - page.made < STALE_MILLIS) {
            if now - page.made >= FRESH_MILLIS {
                self.make(key);
                if now - page.made >= 2 * FRESH_MILLIS {
                    self.context.metrics.degraded.inc();
                }
            }
            return Some(page);
        }
        let mut flight = self.make(key);
        let made =
            flight.wait_for(Option::is_some).await.ok().and_then(|made| made.clone().flatten());
        made.or_else(|| {
            let copy = lock(&self.copies).get(key).cloned();
            copy.filter(|page| now - page.made < STALE_MILLIS).inspect(|_| {
                self.context.metrics.degraded.inc();
            })
        })
    }

    /// Makes a page, once for everyone who waits for it.
    fn make(self: &Arc<Self>, key: &str) -> Flight {
        let mut flights = lock(&self.flights);
        if let Some(flight) = flights.get(key) {
            return flight.clone();
        }
        let (done, flight) = watch::channel(None);
        flights.insert(key.to_owned(), flight.clone());
        let (web, key) = (Arc::clone(self), key.to_owned());
        tokio::spawn(async move {
            let page = web.fetch(&key).await;
            lock(&web.flights).remove(&key);
            done.send_replace(Some(page));
        });
        flight
    }

    async fn fetch(&self, key: &str) -> Option<Page> {
        let mut ask = Ask::get(PAGES, key.parse::<Uri>().ok()?);
        ask.account = self.account.header().await;
        let answer = self.backend.ask(&ask).await.ok()?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            self.account.refused();
        }
        if answer.status() != StatusCode::OK {
            return None;
        }
        let mut body = BytesMut::with_capacity(answer.body().len() + 128);
        body.put_slice(b"<!doctype html><title>shop</title><script type=\"application/json\">");
        body.put_slice(answer.body());
        body.put_slice(b"</script>\n");
        let page = Page { made: self.context.wall.now(), body: body.freeze() };
        lock(&self.copies).insert(key.to_owned(), page.clone());
        self.keep(key, &page).await;
        Some(page)
    }

    async fn look(&self, key: &str) -> Found {
        let mut question = BytesMut::with_capacity(4 + key.len());
        question.put_slice(b"get ");
        question.put_slice(key.as_bytes());
        match self.ask_cache(question.freeze()).await {
            None => {
                self.errors.inc();
                Found::Error
            }
            Some(answer) => match decode(&answer) {
                Some(page) => {
                    self.hits.inc();
                    Found::Hit(page)
                }
                None => {
                    self.misses.inc();
                    Found::Miss
                }
            },
        }
    }

    async fn keep(&self, key: &str, page: &Page) {
        let mut question = BytesMut::with_capacity(16 + key.len() + page.body.len());
        question.put_slice(b"set ");
        question.put_slice(key.as_bytes());
        question.put_u8(b'\n');
        question.put_i64(page.made);
        question.put_slice(&page.body);
        // A page that could not be kept is made again.
        let _ = self.ask_cache(question.freeze()).await;
    }

    async fn ask_cache(&self, question: Bytes) -> Option<Bytes> {
        let line = lock(&self.cache).clone()?;
        let pass = self.cache_breaker.enter(self.context.now())?;
        let answer = line.ask(question, self.context.limit(CACHE_LIMIT)).await;
        self.cache_breaker.leave(pass, self.context.now(), answer.is_ok());
        answer.ok()
    }

    fn keep_line(&self, next: Option<&Endpoint>) {
        let mut cache = lock(&self.cache);
        if cache.as_ref().map(|line| line.address) != next.map(|next| next.address) {
            *cache = next.map(|next| Line::new(&self.context, next));
        }
        if let Some(line) = cache.as_ref() {
            line.show();
        }
    }

    async fn checkout(&self, request: Request<Incoming>) -> Reply {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
            return status(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long\n");
        };
        let ask = Ask {
            route: CHECKOUT,
            method: Method::POST,
            uri: Uri::from_static("/checkout"),
            content_type: head.headers.get(CONTENT_TYPE).cloned(),
            authorization: head.headers.get(AUTHORIZATION).cloned(),
            account: self.account.header().await,
            body: body.to_bytes(),
        };
        match self.backend.ask(&ask).await {
            Ok(answer) => {
                if answer.status() == StatusCode::UNAUTHORIZED {
                    self.account.refused();
                }
                answer.map(Full::new)
            }
            Err(_) => status(StatusCode::SERVICE_UNAVAILABLE, "no order can be taken now\n"),
        }
    }

    async fn route(self: &Arc<Self>, request: Request<Incoming>) -> Reply {
        let path = request.uri().path();
        if request.method() == Method::POST && path == "/checkout" {
            return self.checkout(request).await;
        }
        if !request.method().is_safe() {
            return status(StatusCode::METHOD_NOT_ALLOWED, "only GET\n");
        }
        let page = match path.strip_prefix("/product/") {
            None if path == "/" => self.page("/home").await,
            Some(number) if is_product(number) => self.page(path).await,
            _ => return status(StatusCode::NOT_FOUND, "no such page\n"),
        };
        let Some(page) = page else {
            return status(StatusCode::SERVICE_UNAVAILABLE, "this page cannot be had now\n");
        };
        let mut reply = Response::new(Full::new(page.body));
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        reply.headers_mut().insert(CONTENT_TYPE, kind);
        reply
    }
}

struct Shared(Arc<Web>);

/// The web-app pod as something that answers requests.
pub(super) fn handler(web: Arc<Web>) -> Arc<impl Handler> {
    Arc::new(Shared(web))
}

impl Handler for Shared {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        let web = &self.0;
        answered(&web.context, request, |request| web.route(request)).await
    }
}

fn is_product(number: &str) -> bool {
    !number.starts_with(['0', '+'])
        && number.parse().is_ok_and(|n: u32| (1..=PRODUCTS).contains(&n))
}

fn decode(answer: &Bytes) -> Option<Page> {
    let made = answer.strip_prefix(VALUE)?.first_chunk::<8>()?;
    let made = i64::from_be_bytes(*made);
    Some(Page { made, body: answer.slice(VALUE.len() + 8..) })
}

/// Keeps one line to the cache that is there now, and shows how it is.
async fn follow_cache(web: Arc<Web>) {
    let look = |told: &[Endpoint]| {
        web.keep_line(told.iter().find(|one| one.role == Role::Cache));
        web.context.metrics.show_breaker(Role::Cache.app(), &web.cache_breaker);
    };
    web.context.follow(look).await;
}
