//! A backend pod: turns business questions into database questions. Keeps nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use prometheus_client::metrics::histogram::Histogram;
use serde::Deserialize;

use super::breaker::{Breaker, Rules};
use super::context::Context;
use super::frames::Line;
use super::http::{Handler, Reply, answered, json, status};
use super::orders::{Bank, Orders, Placed, carry, consume, drain};
use super::query::{Outcome, Query, encode};
use super::upstream::CallError;
use super::verify::Verifier;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::shop::Role;

/// A call that took longer counts as failed.
const SLOW: Duration = Duration::from_millis(400);

/// How long the database may take for what no customer waits for.
const BEHIND_LIMIT: Duration = Duration::from_secs(3);

/// No request body is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// So often each database is asked how it is, and how long it may take to answer.
const PULSE: Duration = Duration::from_millis(250);
const PULSE_LIMIT: Duration = Duration::from_millis(700);

/// A database that was silent for so long is not called until it answers the next health check.
const SILENT: Duration = Duration::from_secs(1);

/// No more products are told at once.
const MOST_PRODUCTS: u32 = 200;

/// What a customer wants to buy.
#[derive(Deserialize)]
#[serde(default)]
struct Cart {
    user: u32,
    product: u32,
    quantity: u32,
}

impl Default for Cart {
    fn default() -> Self {
        Self { user: 1, product: 1, quantity: 1 }
    }
}

#[derive(Default)]
struct Lines {
    primary: Option<Arc<Line>>,
    replica: Option<Arc<Line>>,
}

/// A backend pod.
pub(super) struct Backend {
    context: Arc<Context>,
    lines: Mutex<Lines>,
    breaker: Arc<Breaker>,
    orders: Arc<Orders>,
    time: Histogram,
    verifier: Arc<Verifier>,
}

impl Backend {
    /// Follows the databases from now on.
    pub(super) fn new(context: &Arc<Context>) -> std::io::Result<Arc<Self>> {
        let orders = Arc::new(Orders::new(context)?);
        let breaker = Arc::new(Breaker::new(Rules {
            on: context.has(Defence::CircuitBreakers),
            slow: SLOW,
            row: Duration::from_millis(500),
            ..Rules::default()
        }));
        context.tally.breaker(Role::Primary.app().to_owned(), Arc::clone(&breaker));
        let backend = Arc::new(Self {
            context: Arc::clone(context),
            lines: Mutex::default(),
            breaker,
            verifier: Verifier::new(context),
            orders: Arc::clone(&orders),
            time: context.metrics.histogram(
                "database_call_seconds",
                "Time the database took, as the backend sees it",
            ),
        });
        tokio::spawn(follow(Arc::clone(&backend)));
        if context.has(Defence::HealthChecks) {
            tokio::spawn(check(Arc::clone(&backend)));
        }
        tokio::spawn(carry(Arc::clone(&orders), Arc::clone(&backend)));
        tokio::spawn(drain(Arc::clone(&orders), Arc::clone(&backend)));
        tokio::spawn(consume(orders));
        Ok(backend)
    }

    /// Asks the primary; what only reads is asked of the replica when the primary does not answer.
    async fn ask_for(&self, query: &Query, limit: Option<Duration>) -> Result<Outcome, CallError> {
        let start = self.context.now();
        let (primary, replica) = {
            let lines = lock(&self.lines);
            (self.there(&lines.primary), self.there(&lines.replica))
        };
        let question = encode(query);
        let most = self.context.settings().database_timeout;
        let limit = limit.map_or(most, |limit| limit.min(most));
        let mut answer = Err(CallError::Nobody);
        if let Some(pass) = self.breaker.enter(start) {
            if let Some(line) = primary {
                answer = understand(line.ask(question.clone(), limit).await);
            }
            let fine = !matches!(answer, Err(_) | Ok(Outcome::Failed { .. }));
            self.breaker.leave(pass, self.context.now(), fine);
        }
        if matches!(answer, Err(_) | Ok(Outcome::Failed { .. }))
            && !matches!(query, Query::Checkout(_))
            && let Some(line) = replica
        {
            answer = understand(line.ask(question, limit).await);
            if answer.is_ok() {
                self.context.tally.count(Instrument::StandIns);
            }
        }
        self.time.observe((self.context.now() - start).as_secs_f64());
        answer
    }

    /// The line, unless the health checks say that nobody is at its end.
    fn there(&self, line: &Option<Arc<Line>>) -> Option<Arc<Line>> {
        let silent =
            |line: &Arc<Line>| self.context.has(Defence::HealthChecks) && line.silence() > SILENT;
        line.clone().filter(|line| !silent(line))
    }

    fn lines(&self) -> Vec<Arc<Line>> {
        let lines = lock(&self.lines);
        [&lines.primary, &lines.replica].into_iter().flatten().cloned().collect()
    }

    fn keep_lines(&self, told: &[Endpoint]) {
        let mut lines = lock(&self.lines);
        let Lines { primary, replica } = &mut *lines;
        for (role, line) in [(Role::Primary, primary), (Role::Replica, replica)] {
            let next = told.iter().find(|one| one.role == role);
            if line.as_ref().map(|line| line.address) != next.map(|next| next.address) {
                *line = next.map(|next| Line::new(&self.context, next));
            }
            if let Some(line) = line {
                line.show();
            }
        }
    }

    async fn route(&self, request: Request<Incoming>) -> Reply {
        if let Err(refused) = self.verifier.admit(&request).await {
            return refused;
        }
        let path = request.uri().path();
        if request.method() == Method::POST && path == "/checkout" {
            return self.checkout(request).await;
        }
        let query = match (request.method(), path.strip_prefix("/product/")) {
            (&Method::GET, None) if path == "/home" => Query::Featured,
            (&Method::GET, None) if path.starts_with("/products/") => match range(path) {
                Some((from, to)) => Query::Products { from, to },
                None => return status(StatusCode::NOT_FOUND, "no such products\n"),
            },
            (&Method::GET, Some(number)) => match number.parse() {
                Ok(n) => Query::Product { n },
                Err(_) => return status(StatusCode::NOT_FOUND, "no such product\n"),
            },
            _ => return status(StatusCode::NOT_FOUND, "no such thing\n"),
        };
        match self.ask_for(&query, None).await {
            Ok(Outcome::Products(mut products)) => {
                products.truncate(self.context.settings().page_size);
                json(StatusCode::OK, encode(&products))
            }
            Ok(Outcome::Refused { why }) => {
                json(StatusCode::UNPROCESSABLE_ENTITY, encode(&serde_json::json!({ "error": why })))
            }
            Ok(_) => failed(),
            Err(error) => nothing(error),
        }
    }

    async fn checkout(&self, request: Request<Incoming>) -> Reply {
        let Some(Cart { user, product, quantity }) = cart(request).await else {
            return status(StatusCode::BAD_REQUEST, "this is no order\n");
        };
        match self.orders.place(self, user, product, quantity).await {
            Placed::Ordered(order) => {
                json(StatusCode::OK, encode(&serde_json::json!({ "order": order })))
            }
            Placed::Queued(id) => {
                json(StatusCode::ACCEPTED, encode(&serde_json::json!({ "queued": id })))
            }
            Placed::Refused(why) => {
                json(StatusCode::UNPROCESSABLE_ENTITY, encode(&serde_json::json!({ "error": why })))
            }
            Placed::Not(error) => nothing(error),
            Placed::Failed => failed(),
        }
    }
}

impl Bank for Backend {
    async fn ask(&self, query: &Query, limit: Option<Duration>) -> Result<Outcome, CallError> {
        self.ask_for(query, limit).await
    }

    async fn ask_behind(&self, query: &Query) -> Option<Outcome> {
        let line = lock(&self.lines).primary.clone()?;
        let answer = line.ask(encode(query), BEHIND_LIMIT).await;
        understand(answer).ok()
    }
}

fn understand(answer: Result<Bytes, CallError>) -> Result<Outcome, CallError> {
    serde_json::from_slice(&answer?).map_err(|_| CallError::Broken)
}

fn failed() -> Reply {
    status(StatusCode::INTERNAL_SERVER_ERROR, "the database failed\n")
}

fn nothing(error: CallError) -> Reply {
    match error {
        CallError::Late => status(StatusCode::GATEWAY_TIMEOUT, "the database is late\n"),
        _ => status(StatusCode::SERVICE_UNAVAILABLE, "no database\n"),
    }
}

/// The numbers in `/products/1-100`.
fn range(path: &str) -> Option<(u32, u32)> {
    let (from, to) = path.strip_prefix("/products/")?.split_once('-')?;
    let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
    (to.checked_sub(from)? <= MOST_PRODUCTS).then_some((from, to))
}

async fn cart(request: Request<Incoming>) -> Option<Cart> {
    let body = Limited::new(request.into_body(), LONGEST_BODY).collect().await.ok()?.to_bytes();
    if body.is_empty() { Some(Cart::default()) } else { serde_json::from_slice(&body).ok() }
}

impl Handler for Backend {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        answered(&self.context, request, |request| self.route(request)).await
    }
}

/// Keeps a line to each database that is there now, and shows how they are.
async fn follow(backend: Arc<Backend>) {
    let look = |told: &[Endpoint]| {
        backend.keep_lines(told);
        backend.orders.keep_line(told);
        backend.context.metrics.show_breaker(Role::Primary.app(), &backend.breaker);
    };
    backend.context.follow(look).await;
}

/// Asks each database how it is, for ever.
async fn check(backend: Arc<Backend>) {
    let mut tick = tokio::time::interval(PULSE);
    loop {
        tick.tick().await;
        for line in backend.lines() {
            // The line itself remembers when it was answered.
            tokio::spawn(async move { line.ask(encode(&Query::Ping), PULSE_LIMIT).await });
        }
    }
}
