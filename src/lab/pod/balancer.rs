//! Chooses among the pods of one app, sends safe requests a second time within a budget, keeps the breakers. Used by
//! whoever calls over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, Uri};

use super::breaker::{Breaker, Pass, Rules};
use super::budget::Budget;
use super::context::Context;
use super::token::SERVICE_TOKEN;
use super::upstream::{CallError, Upstream};
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::settings::Values;

/// How often each upstream is asked how it is, and how long it may take to answer.
const HEALTH_EVERY: Duration = Duration::from_millis(500);

/// Health checks in a row that must fail before an upstream is left out.
const UNHEALTHY_AFTER: u32 = 2;

/// Who does not look how pods are keeps calling one that is gone for so long, if it does not come back elsewhere.
const GONE_FOR: Duration = Duration::from_secs(30);

/// A kind of call with a breaker of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    /// What its breaker is called: the app, perhaps with a route after a space.
    pub guards: &'static str,
    /// When its breaker opens.
    pub rules: Rules,
}

/// One request to an app, so that it can be sent twice.
pub(super) struct Ask {
    /// Which of the balancer's routes it is.
    pub route: usize,
    /// The method; only safe ones are sent twice.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// The content type, if there is a body.
    pub content_type: Option<HeaderValue>,
    /// Who the customer is, if that matters.
    pub authorization: Option<HeaderValue>,
    /// Who the caller is, if that matters.
    pub account: Option<HeaderValue>,
    /// The body, or nothing.
    pub body: Bytes,
}

impl Ask {
    /// Asks for a page.
    pub(super) const fn get(route: usize, uri: Uri) -> Self {
        Self {
            route,
            method: Method::GET,
            uri,
            content_type: None,
            authorization: None,
            account: None,
            body: Bytes::new(),
        }
    }

    fn request(&self, app: &'static str) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(HOST, HeaderValue::from_static(app));
        if let Some(kind) = &self.content_type {
            headers.insert(hyper::header::CONTENT_TYPE, kind.clone());
        }
        if let Some(who) = &self.authorization {
            headers.insert(hyper::header::AUTHORIZATION, who.clone());
        }
        if let Some(account) = &self.account {
            headers.insert(SERVICE_TOKEN, account.clone());
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
    limit: fn(&Values) -> Duration,
    upstreams: Mutex<Arc<Vec<Arc<Upstream>>>>,
    /// Stop calls to the app as a whole.
    routes: Vec<(&'static str, Arc<Breaker>)>,
    budget: Budget,
    turn: AtomicUsize,
}

impl Balancer {
    /// Follows the endpoints of `app` from now on.
    pub(super) fn new(
        context: &Arc<Context>,
        app: &'static str,
        limit: fn(&Values) -> Duration,
        routes: &[Route],
    ) -> Arc<Self> {
        let on = context.has(Defence::CircuitBreakers);
        let routes = routes.iter().map(|route| {
            let breaker = Arc::new(Breaker::new(Rules { on: on && route.rules.on, ..route.rules }));
            context.tally.breaker(route.guards.to_owned(), Arc::clone(&breaker));
            (route.guards, breaker)
        });
        context.tally.covers(&[Instrument::Retries, Instrument::StandIns]);
        let balancer = Arc::new(Self {
            context: Arc::clone(context),
            app,
            limit,
            upstreams: Mutex::default(),
            routes: routes.collect(),
            budget: Budget::default(),
            turn: AtomicUsize::new(0),
        });
        tokio::spawn(follow(Arc::clone(&balancer)));
        if context.has(Defence::HealthChecks) {
            tokio::spawn(check(Arc::clone(&balancer)));
        }
        tokio::spawn(show(Arc::clone(&balancer)));
        balancer
    }

    fn upstreams(&self) -> Arc<Vec<Arc<Upstream>>> {
        Arc::clone(&lock(&self.upstreams))
    }

    /// The upstream with the fewest calls under way. After a failure at `not` the one that answered last: pods that die
    /// together have the fewest calls under way, too. Any is better than none; without a pass its outcome says nothing.
    fn choose(&self, not: Option<&str>) -> Option<(Arc<Upstream>, Option<Pass>)> {
        let now = self.context.now();
        let upstreams = self.upstreams();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = upstreams.len();
        let open = |one: &&Arc<Upstream>| one.breaker.would_allow(now);
        // When most of them fail it is not they: then all of them are tried.
        let trusted = upstreams.iter().filter(open).count() * 2 > count;
        let candidates = (0..count)
            .map(|step| &upstreams[(turn + step) % count])
            .filter(|one| !trusted || open(one));
        let best = candidates.min_by_key(|one| {
            let unhealthy = !one.healthy.load(Ordering::Relaxed);
            match not {
                None => (unhealthy, false, one.in_use() as u64),
                Some(not) => (unhealthy, not == one.pod, u64::MAX - one.answered()),
            }
        })?;
        Some((Arc::clone(best), best.breaker.enter(now)))
    }

    /// Asks the app; when the first try fails, a request that is safe to send twice, or was never sent, is sent once
    /// more, elsewhere, within the budget.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Response<Bytes>, CallError> {
        let Some((_, guard)) = self.routes.get(ask.route) else { return Err(CallError::Nobody) };
        let Some(pass) = guard.enter(self.context.now()) else { return Err(CallError::Nobody) };
        let answer = self.try_twice(ask).await;
        let well = answer.as_ref().is_ok_and(|answer| !answer.status().is_server_error());
        guard.leave(pass, self.context.now(), well);
        answer
    }

    async fn try_twice(&self, ask: &Ask) -> Result<Response<Bytes>, CallError> {
        self.budget.request(self.context.now());
        let mut last = (None, Err(CallError::Nobody));
        for attempt in 0..2 {
            if attempt == 1 && !self.may_retry(ask, &last.1) {
                break;
            }
            let Some((upstream, pass)) = self.choose(last.0.as_deref()) else { break };
            if attempt == 1 {
                self.context.metrics.retries.inc();
                self.context.tally.count(Instrument::Retries);
            }
            let limit = (self.limit)(&self.context.settings());
            let answer = upstream.call(&self.context, ask.request(self.app), limit).await;
            let now = self.context.now();
            match &answer {
                Ok(response) => {
                    // A pod that says it cannot serve: another one may do better.
                    let well = !response.status().is_server_error();
                    upstream.answered_well(pass, well, now);
                    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
                        // Until the next health check the others come first.
                        upstream
                            .healthy
                            .store(!self.context.has(Defence::HealthChecks), Ordering::Relaxed);
                    }
                    if well {
                        if attempt == 1 {
                            self.context.tally.count(Instrument::StandIns);
                        }
                        return answer;
                    }
                }
                Err(error) => {
                    let seen = self.context.has(Defence::HealthChecks).then_some(*error);
                    upstream.unwell(pass, seen, now);
                }
            }
            last = (Some(upstream.pod.clone()), answer);
        }
        last.1
    }

    fn may_retry(&self, ask: &Ask, failed: &Result<Response<Bytes>, CallError>) -> bool {
        (ask.method.is_safe() || matches!(failed, Err(CallError::Unsent)))
            && self.context.has(Defence::Retries)
            && self.budget.retry(self.context.now())
    }

    fn show(&self) {
        let metrics = &self.context.metrics;
        for (guards, breaker) in &self.routes {
            metrics.show_breaker(guards, breaker);
        }
        for one in self.upstreams().iter() {
            metrics.show_breaker(&one.pod, &one.breaker);
            metrics.show_pool(&one.pod, one.in_use(), one.idle());
        }
    }
}

/// Keeps the upstreams as the endpoints are; who stays keeps its connections and its breaker.
async fn follow(balancer: Arc<Balancer>) {
    let context = &balancer.context;
    let mut endpoints = context.endpoints.subscribe();
    let mut gone: Vec<(Arc<Upstream>, Duration)> = Vec::new();
    loop {
        let told = Arc::clone(&endpoints.borrow_and_update());
        let known = balancer.upstreams();
        let mut next: Vec<Arc<Upstream>> = told
            .iter()
            .filter(|one| one.role.app() == balancer.app)
            .map(|one| {
                known
                    .iter()
                    .find(|old| old.pod == one.pod && old.address == one.address)
                    .map_or_else(|| Upstream::new(context, one), Arc::clone)
            })
            .collect();
        if context.faults.blocks(balancer.app) {
            // Without a name there is no address to go on calling.
            gone.clear();
        } else if !context.has(Defence::HealthChecks) {
            next.extend(missed(&known, &told, &mut gone, context.now()));
        }
        *lock(&balancer.upstreams) = Arc::new(next);
        if endpoints.changed().await.is_err() {
            return;
        }
    }
}

/// Those that are not in the list any more and did not come back elsewhere: nobody looked, so nobody knows.
fn missed(
    known: &[Arc<Upstream>],
    told: &[Endpoint],
    gone: &mut Vec<(Arc<Upstream>, Duration)>,
    now: Duration,
) -> Vec<Arc<Upstream>> {
    for one in known {
        if !gone.iter().any(|(old, _)| Arc::ptr_eq(old, one)) {
            gone.push((Arc::clone(one), now));
        }
    }
    gone.retain(|(one, since)| {
        !told.iter().any(|there| there.pod == one.pod) && now.saturating_sub(*since) < GONE_FOR
    });
    gone.iter().map(|(one, _)| Arc::clone(one)).collect()
}

/// Shows breakers and pools, for ever.
async fn show(balancer: Arc<Balancer>) {
    let mut tick = tokio::time::interval(HEALTH_EVERY);
    loop {
        tick.tick().await;
        balancer.show();
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
            let request = Ask::get(0, Uri::from_static("/readyz")).request(balancer.app);
            one.call(&balancer.context, request, HEALTH_EVERY)
        });
        let answers = futures::future::join_all(answers).await;
        let before = std::mem::take(&mut failures);
        for (one, answer) in upstreams.iter().zip(answers) {
            let seen = before.iter().find(|(address, _)| *address == one.address);
            let well = answer.is_ok_and(|answer| answer.status().is_success());
            let count = if well { 0 } else { seen.map_or(0, |(_, count)| *count) + 1 };
            one.healthy.store(count < UNHEALTHY_AFTER, Ordering::Relaxed);
            failures.push((one.address, count));
        }
    }
}
