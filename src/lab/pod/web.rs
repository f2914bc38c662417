//! A web-app pod: makes pages from the backend's data, keeps them in the cache, serves old ones while new ones cannot be
//! had. Owns no data.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
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
use crate::gameday::instrument::Instrument;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::shop::{PRODUCTS, Role};

/// What the backend is asked for, each with a breaker of its own: who cannot look may still buy.
const ROUTES: [Route; 2] = [
    Route { guards: "backend-service pages", rules: RULES },
    Route {
        guards: "backend-service checkout",
        rules: Rules { slow: Duration::from_millis(450), ..RULES },
    },
];
const PAGES: usize = 0;
const CHECKOUT: usize = 1;

const RULES: Rules = Rules {
    on: true,
    window: Duration::from_secs(2),
    slow: Duration::from_millis(400),
    row: Duration::from_millis(500),
};

/// So old a page is made anew; so old it still serves while that fails.
const FRESH_MILLIS: i64 = 5_000;
const STALE_MILLIS: i64 = 600_000;

/// A copy so much older than the cache's page is replaced by it.
const TAKE_OVER_MILLIS: i64 = 60_000;

/// So long a customer waits for a fresh page where there is an old one; if in vain, nobody waits for a while.
const MOMENT: Duration = Duration::from_millis(100);
const NO_WAIT: Duration = Duration::from_secs(1);

/// No request body is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// A page and when it was made, in milliseconds since 1970.
#[derive(Clone)]
pub(super) struct Page {
    made: i64,
    body: Bytes,
}

type Flight = watch::Receiver<Option<Option<Page>>>;

/// A web-app pod.
pub(super) struct Web {
    /// What every pod has.
    pub context: Arc<Context>,
    backend: Arc<Balancer>,
    account: Account,
    cache: Mutex<Option<Arc<Line>>>,
    cache_breaker: Arc<Breaker>,
    copies: Mutex<HashMap<String, Page>>,
    flights: Mutex<HashMap<String, Flight>>,
    /// Until then nobody waits for a fresh page where there is an old one; microseconds on the clock.
    slow_until: AtomicU64,
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
            backend: Balancer::new(
                context,
                Role::Backend.app(),
                |settings| settings.backend_timeout,
                &ROUTES,
            ),
            account: Account::new(context),
            cache: Mutex::default(),
            cache_breaker,
            copies: Mutex::default(),
            flights: Mutex::default(),
            slow_until: AtomicU64::new(0),
            hits: metrics.counter("cache_hits", "Pages found in the cache"),
            misses: metrics.counter("cache_misses", "Pages not found in the cache"),
            errors: metrics.counter("cache_errors", "Questions the cache did not answer"),
        });
        context.tally.covers(&[
            Instrument::Degraded,
            Instrument::CacheHits,
            Instrument::CacheMisses,
        ]);
        tokio::spawn(follow_cache(Arc::clone(&web)));
        web
    }

    async fn page(self: &Arc<Self>, key: &str) -> Option<Page> {
        let found = self.look(key).await;
        let stale = self.context.has(Defence::StaleCache);
        let now = self.context.wall.now();
        let copy = match found {
            Found::Hit(page) => Some(page),
            Found::Miss if stale => self.copy(key, now),
            Found::Error if stale => self.copy(key, now).inspect(|_| self.stood_in()),
            Found::Miss | Found::Error => None,
        };
        let age = copy.as_ref().map_or(i64::MAX, |page| now - page.made);
        match copy {
            Some(page) if age < FRESH_MILLIS => Some(page),
            Some(page) if stale && age < STALE_MILLIS => Some(self.renewed(key, page, age).await),
            _ => {
                let made = landed(self.make(key)).await;
                made.or_else(|| {
                    let copy = self.copy(key, now).filter(|_| stale)?;
                    self.degraded();
                    Some(copy)
                })
            }
        }
    }

    /// A page that is not fresh any more, or a fresh one if it can be had in a moment and is worth the wait.
    async fn renewed(self: &Arc<Self>, key: &str, page: Page, age: i64) -> Page {
        let flight = self.make(key);
        if age < 2 * FRESH_MILLIS {
            return page;
        }
        let now = micros(self.context.now());
        if now >= self.slow_until.load(Ordering::Relaxed) {
            if let Ok(Some(fresh)) = tokio::time::timeout(MOMENT, landed(flight)).await {
                return fresh;
            }
            // For a while nobody waits in vain.
            self.slow_until.store(now + micros(NO_WAIT), Ordering::Relaxed);
        }
        self.degraded();
        page
    }

    /// An answer is made from an old copy because no fresh page can be had.
    fn degraded(&self) {
        self.context.metrics.degraded.inc();
        self.context.tally.count(Instrument::Degraded);
        self.stood_in();
    }

    /// A kept page stands in for somebody.
    fn stood_in(&self) {
        self.context.tally.count(Instrument::StandIns);
    }

    /// The copy of a page, if it can still be shown.
    fn copy(&self, key: &str, now: i64) -> Option<Page> {
        lock(&self.copies).get(key).filter(|page| now - page.made < STALE_MILLIS).cloned()
    }

    /// Takes over a page that another pod made, now and then, so that the copies do not grow too old.
    fn take_over(&self, key: &str, page: &Page) {
        if !self.context.has(Defence::StaleCache) {
            return;
        }
        let mut copies = lock(&self.copies);
        if copies.get(key).is_none_or(|copy| copy.made + TAKE_OVER_MILLIS < page.made) {
            // A copy, so that a small page does not hold on to a whole message.
            let body = Bytes::copy_from_slice(&page.body);
            copies.insert(key.to_owned(), Page { made: page.made, body });
        }
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

    /// Makes a page from the backend's data, and keeps it.
    pub(super) async fn fetch(&self, key: &str) -> Option<Page> {
        let data = self.data(key).await?;
        // Data that cannot be read makes no page.
        serde_json::from_slice::<serde::de::IgnoredAny>(&data).ok()?;
        let page = self.finish(key, &data);
        self.keep(key, &page).await;
        Some(page)
    }

    /// What the backend has at this path.
    pub(super) async fn data(&self, path: &str) -> Option<Bytes> {
        let ask = Ask::get(PAGES, path.parse::<Uri>().ok()?);
        let answer = self.account.ask(&self.backend, ask).await.ok()?;
        (answer.status() == StatusCode::OK).then(|| answer.into_body())
    }

    /// The page with this data; a copy of it is kept here.
    pub(super) fn finish(&self, key: &str, data: &[u8]) -> Page {
        let mut body = BytesMut::with_capacity(data.len() + 128);
        body.put_slice(b"<!doctype html><title>shop</title><script type=\"application/json\">");
        body.put_slice(data);
        body.put_slice(b"</script>\n");
        let page = Page { made: self.context.wall.now(), body: body.freeze() };
        if self.context.has(Defence::StaleCache) {
            lock(&self.copies).insert(key.to_owned(), page.clone());
        }
        page
    }

    async fn look(&self, key: &str) -> Found {
        let mut question = BytesMut::with_capacity(4 + key.len());
        question.put_slice(b"get ");
        question.put_slice(key.as_bytes());
        match self.ask_cache(question.freeze()).await {
            None => {
                self.errors.inc();
                self.context.tally.count(Instrument::CacheMisses);
                Found::Error
            }
            Some(answer) => match decode(&answer) {
                Some(page) if self.is_of_use(&page) => {
                    self.hits.inc();
                    self.context.tally.count(Instrument::CacheHits);
                    self.take_over(key, &page);
                    Found::Hit(page)
                }
                _ => {
                    self.misses.inc();
                    self.context.tally.count(Instrument::CacheMisses);
                    Found::Miss
                }
            },
        }
    }

    /// Whether a page from the cache can be shown: fresh, or where old ones serve not too old.
    fn is_of_use(&self, page: &Page) -> bool {
        let stale = self.context.has(Defence::StaleCache);
        let oldest = if stale { STALE_MILLIS } else { FRESH_MILLIS };
        self.context.wall.now() - page.made < oldest
    }

    /// Puts a page into the cache.
    pub(super) async fn keep(&self, key: &str, page: &Page) {
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
        let answer = line.ask(question, self.context.settings().cache_timeout).await;
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
            account: None,
            body: body.to_bytes(),
        };
        match self.account.ask(&self.backend, ask).await {
            Ok(answer) => answer.map(Full::new),
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

/// The page once it is made.
async fn landed(mut flight: Flight) -> Option<Page> {
    flight.wait_for(Option::is_some).await.ok().and_then(|made| made.clone().flatten())
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
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
