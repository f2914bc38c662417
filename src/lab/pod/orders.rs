//! The way of an order: into the database, or into the message queue while the database cannot take it, and from there
//! into the database later; and of the event that it was placed. Does not know how the database is reached.

use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

use super::context::Context;
use super::frames::Line;
use super::ledger::Ledger;
use super::message::{Ask, Message, ORDERS, PLACED, Told};
use super::query::{Outcome, Purchase, Query, encode};
use super::upstream::CallError;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::shop::Role;

/// How long the database may take for an order that can wait in the queue instead: longer than a primary waits for its
/// replica, and less than callers take for slow.
const ORDER_LIMIT: Duration = Duration::from_millis(350);

/// How long the queue may take.
const QUEUE_LIMIT: Duration = Duration::from_millis(400);

/// Whoever takes messages has them for so long.
const LEASE_MILLIS: i64 = 2_000;

/// How often events are fetched from the database, and messages from the queue, when there were none.
const CARRY_EVERY: Duration = Duration::from_millis(100);
const TAKE_EVERY: Duration = Duration::from_millis(250);

/// The database that takes orders, as somebody reaches it.
pub(super) trait Bank: Send + Sync + 'static {
    /// Asks on behalf of a customer, who waits so long at most; `None`: as long as anyone.
    fn ask(
        &self,
        query: &Query,
        limit: Option<Duration>,
    ) -> impl Future<Output = Result<Outcome, CallError>> + Send;

    /// Asks on behalf of nobody: what becomes of it says nothing about how customers fare.
    fn ask_behind(&self, query: &Query) -> impl Future<Output = Option<Outcome>> + Send;
}

/// What became of an order.
pub(super) enum Placed {
    /// It is in the database.
    Ordered(i64),
    /// It waits in the queue.
    Queued(String),
    /// It asks for something that is not there.
    Refused(String),
    /// Nothing, as far as the customer is told.
    Not(CallError),
    /// The database failed.
    Failed,
}

/// The orders of one backend pod.
pub(super) struct Orders {
    context: Arc<Context>,
    ledger: Ledger,
    queue: Mutex<Option<Arc<Line>>>,
    outbox: bool,
    life: i64,
    serial: AtomicU64,
    queued: Counter,
    handled: Counter,
}

impl Orders {
    /// None yet.
    pub(super) fn new(context: &Arc<Context>) -> io::Result<Self> {
        let metrics = &context.metrics;
        Ok(Self {
            ledger: Ledger::open(&context.spec.folder, &context.spec.name)?,
            queue: Mutex::default(),
            outbox: context.spec.defences.has(Defence::Outbox),
            life: context.clock.wall_millis(),
            serial: AtomicU64::new(0),
            queued: metrics.counter("orders_queued", "Orders taken by the queue"),
            handled: metrics.counter("events_handled", "Events dealt with"),
            context: Arc::clone(context),
        })
    }

    /// Keeps a line to the queue that is there now.
    pub(super) fn keep_line(&self, told: &[Endpoint]) {
        let next = told.iter().find(|one| one.role == Role::Queue);
        let mut queue = lock(&self.queue);
        if queue.as_ref().map(|line| line.address) != next.map(|next| next.address) {
            *queue = next.map(|next| Line::new(&self.context, next));
        }
        if let Some(line) = queue.as_ref() {
            line.show();
        }
    }

    /// Places an order.
    pub(super) async fn place(
        &self,
        bank: &impl Bank,
        user: u32,
        product: u32,
        quantity: u32,
    ) -> Placed {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}-{:x}-{serial}", self.context.spec.name, self.life);
        let purchase = Purchase { id, user, product, quantity };
        if self.ledger.asked(&purchase).is_err() {
            return Placed::Failed;
        }
        let limit = self.outbox.then_some(ORDER_LIMIT);
        let placed = match bank.ask(&Query::Checkout(purchase.clone()), limit).await {
            Ok(Outcome::Refused { why }) => return Placed::Refused(why),
            Ok(Outcome::Ordered { order }) if self.outbox => Placed::Ordered(order),
            Ok(Outcome::Ordered { order }) => {
                match self.keep(PLACED, vec![event(&purchase.id)]).await {
                    Ok(()) => Placed::Ordered(order),
                    Err(error) => return Placed::Not(error),
                }
            }
            _ if self.outbox => {
                let body = String::from_utf8_lossy(&encode(&purchase)).into_owned();
                match self.keep(ORDERS, vec![Message { id: purchase.id.clone(), body }]).await {
                    Ok(()) => Placed::Queued(purchase.id.clone()),
                    Err(error) => return Placed::Not(error),
                }
            }
            Ok(_) => return Placed::Failed,
            Err(error) => return Placed::Not(error),
        };
        if self.ledger.acknowledged(&purchase).is_err() {
            return Placed::Failed;
        }
        if matches!(placed, Placed::Queued(_)) {
            self.queued.inc();
            self.context.tally.count(Instrument::Degraded);
            self.context.tally.count(Instrument::StandIns);
        }
        placed
    }

    /// Has messages kept; when this says so, they are durable.
    async fn keep(&self, topic: &str, messages: Vec<Message>) -> Result<(), CallError> {
        match self.ask_queue(&Ask::Put { topic: topic.to_owned(), messages }).await? {
            Told::Kept { .. } => Ok(()),
            _ => Err(CallError::Broken),
        }
    }

    async fn ask_queue(&self, ask: &Ask) -> Result<Told, CallError> {
        let line = lock(&self.queue).clone().ok_or(CallError::Nobody)?;
        let answer = line.ask(encode(ask), QUEUE_LIMIT).await?;
        serde_json::from_slice(&answer).map_err(|_| CallError::Broken)
    }

    async fn take(&self, topic: &str) -> Vec<Message> {
        let take = Ask::Take { topic: topic.to_owned(), lease_millis: LEASE_MILLIS };
        match self.ask_queue(&take).await {
            Ok(Told::Taken { messages }) => messages,
            _ => Vec::new(),
        }
    }

    async fn acknowledge(&self, topic: &str, ids: Vec<String>) {
        // What is not acknowledged comes again, and is dealt with as the same.
        let _ = self.ask_queue(&Ask::Acknowledge { topic: topic.to_owned(), ids }).await;
    }
}

fn event(order: &str) -> Message {
    Message { id: order.to_owned(), body: "placed".to_owned() }
}

/// Carries events from the database to the queue, for ever.
pub(super) async fn carry(orders: Arc<Orders>, bank: Arc<impl Bank>) {
    let carrier = orders.context.spec.name.clone();
    loop {
        let waiting = match bank.ask_behind(&Query::Outbox { carrier: carrier.clone() }).await {
            Some(Outcome::Outbox { waiting }) => waiting,
            _ => Vec::new(),
        };
        if let Some((through, _)) = waiting.last() {
            let through = *through;
            let events = waiting.iter().map(|(_, order)| event(order)).collect();
            if orders.keep(PLACED, events).await.is_ok() {
                // Those that stay are carried once more, and kept once.
                let _ = bank.ask_behind(&Query::Relayed { through }).await;
            }
        }
        tokio::time::sleep(CARRY_EVERY).await;
    }
}

/// Brings orders that wait in the queue into the database, for ever.
pub(super) async fn drain(orders: Arc<Orders>, bank: Arc<impl Bank>) {
    loop {
        let mut done = Vec::new();
        for one in orders.take(ORDERS).await {
            let Ok(purchase) = serde_json::from_str(&one.body) else { continue };
            match bank.ask_behind(&Query::Checkout(purchase)).await {
                // What is refused now is refused for ever.
                Some(Outcome::Ordered { .. } | Outcome::Refused { .. }) => done.push(one.id),
                _ => break,
            }
        }
        if done.is_empty() {
            tokio::time::sleep(TAKE_EVERY).await;
        } else {
            orders.acknowledge(ORDERS, done).await;
        }
    }
}

/// Deals with events, for ever.
pub(super) async fn consume(orders: Arc<Orders>) {
    loop {
        let events: Vec<_> = orders.take(PLACED).await.into_iter().map(|one| one.id).collect();
        if events.is_empty() {
            tokio::time::sleep(TAKE_EVERY).await;
            continue;
        }
        let count = events.len() as u64;
        orders.acknowledge(PLACED, events).await;
        orders.handled.inc_by(count);
        orders.context.tally.count_many(Instrument::QueueHandled, count);
    }
}
