//! Chooses among the pods of one app, retries safe requests once, keeps the breakers. Used by whoever calls over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};

use super::breaker::Breaker;
use super::context::Context;
use super::upstream::{CallError, Upstream};
use crate::lab::lock::lock;

/// How often each upstream is asked how it is, and how long it may take to answer.
const HEALTH_EVERY: Duration = Duration::from_millis(500);

/// Health checks in a row that must fail before an upstream is left out.
const UNHEALTHY_AFTER: u32 = 2;

/// One request to an app, so that it can be sent twice.
pub(super) struct Ask {
    /// The method; only safe ones are sent twice.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// The content type, if there is a body.
    pub content_type: Option<HeaderValue>,
    /// The body, or nothing.
    pub body: Bytes,
}

impl Ask {
    /// Asks for a page.
    pub(super) const fn get(uri: Uri) -> Self {
        Self { method: Method::GET, uri, content_type: None, body: Bytes::new() }
    }

    fn request(&self, app: &'static str) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(HOST, HeaderValue::from_static(app));
        if let Some(kind) = &self.content_type {
            headers.insert(hyper::header::CONTENT_TYPE, kind.clone());
        }
        *request.headers_mut() = headers;
        request
    }
}

/// The pods of one app, as seen by one caller.
pub(super) struct Balancer {
    context: Arc<Context>,
    app: &'static str,
    /// How long one try may take.
    limit: Duration,
    upstreams: Mutex<Arc<Vec<Arc<Upstream>>>>,
    /// Stops calls to the app as a whole, when none of its pods can be reached.
    service: Breaker,
    turn: AtomicUsize,
}

impl Balancer {
    /// Follows the endpoints of `app` from now on.
    pub(super) fn new(context: &Arc<Context>, app: &'static str, limit: Duration) -> Arc<Self> {
        let balancer = Arc::new(Self {
            context: Arc::clone(context),
            app,
            limit,
            upstreams: Mutex::default(),
            service: Breaker::new(),
            turn: AtomicUsize::new(0),
        });
        tokio::spawn(follow(Arc::clone(&balancer)));
        tokio::spawn(check(Arc::clone(&balancer)));
        balancer
    }

    fn upstreams(&self) -> Arc<Vec<Arc<Upstream>>> {
        Arc::clone(&lock(&self.upstreams))
    }

    /// The upstream with the fewest calls under way. After a failure at `not` the one that answered last: pods that die
    /// together have the fewest calls under way, too. Any is better than none.
    fn choose(&self, not: Option<&str>) -> Option<Arc<Upstream>> {
        let now = self.context.now();
        let upstreams = self.upstreams();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = upstreams.len();
        let open = (0..count)
            .map(|step| &upstreams[(turn + step) % count])
            .filter(|one| one.breaker.would_allow(now));
        let best = open.min_by_key(|one| {
            let unhealthy = !one.healthy.load(Ordering::Relaxed);
            match not {
                None => (unhealthy, false, one.in_use() as u64),
                Some(not) => (unhealthy, not == one.pod, u64::MAX - one.answered()),
            }
        })?;
        best.breaker.allow(now).then(|| Arc::clone(best))
    }

    /// Asks the app; when the first try fails, a request that is safe to send twice, or was never sent, is sent once
    /// more, elsewhere.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Response<Bytes>, CallError> {
        if !self.service.allow(self.context.now()) {
            return Err(CallError::Nobody);
        }
        let mut last = (None, Err(CallError::Nobody));
        for attempt in 0..2 {
            if attempt == 1 {
                if !ask.method.is_safe() && !matches!(last.1, Err(CallError::Unsent)) {
                    break;
                }
                self.context.metrics.retries.inc();
            }
            let Some(upstream) = self.choose(last.0.as_deref()) else { break };
            let answer = upstream.call(&self.context, ask.request(self.app), self.limit).await;
            let now = self.context.now();
            match &answer {
                Ok(response) => {
                    upstream.well(now);
                    self.service.success();
                    // A pod that says it cannot serve is fine as a connection; another one may do better.
                    if response.status() != StatusCode::SERVICE_UNAVAILABLE {
                        return answer;
                    }
                }
                Err(error) => upstream.unwell(*error, now),
            }
            last = (Some(upstream.pod.clone()), answer);
        }
        if last.1.is_err() {
            self.service.failure(self.context.now());
        }
        last.1
    }

    fn show(&self) {
        let metrics = &self.context.metrics;
        metrics.show_breaker(self.app, &self.service);
        for one in self.upstreams().iter() {
            metrics.show_breaker(&one.pod, &one.breaker);
            metrics.show_pool(&one.pod, one.in_use(), one.idle());
        }
    }
}

/// Keeps the upstreams as the endpoints are; who stays keeps its connections and its breaker.
async fn follow(balancer: Arc<Balancer>) {
    let mut endpoints = balancer.context.endpoints.subscribe();
    loop {
        let told = Arc::clone(&endpoints.borrow_and_update());
        let known = balancer.upstreams();
        let next = told
            .iter()
            .filter(|one| one.role.app() == balancer.app)
            .map(|one| {
                known
                    .iter()
                    .find(|old| old.pod == one.pod && old.address == one.address)
                    .map_or_else(|| Upstream::new(&balancer.context, one), Arc::clone)
            })
            .collect();
        *lock(&balancer.upstreams) = Arc::new(next);
        if endpoints.changed().await.is_err() {
            return;
        }
    }
}

/// Asks every upstream how it is, for ever.
async fn check(balancer: Arc<Balancer>) {
    let mut tick = tokio::time::interval(HEALTH_EVERY);
    let mut failures: Vec<(std::net::SocketAddr, u32)> = Vec::new();
    loop {
        tick.tick().await;
        let upstreams = balancer.upstreams();
        let answers = upstreams.iter().map(|one| {
            let request = Ask::get(Uri::from_static("/healthz")).request(balancer.app);
            one.call(&balancer.context, request, HEALTH_EVERY)
        });
        let answers = futures::future::join_all(answers).await;
        let before = std::mem::take(&mut failures);
        for (one, answer) in upstreams.iter().zip(answers) {
            let seen = before.iter().find(|(address, _)| *address == one.address);
            let count = if answer.is_ok() { 0 } else { seen.map_or(0, |(_, count)| *count) + 1 };
            one.healthy.store(count < UNHEALTHY_AFTER, Ordering::Relaxed);
            failures.push((one.address, count));
        }
        balancer.show();
    }
}
