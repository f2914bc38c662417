//! A database pod: answers queries from its file, every statement through one door where it can be late. The replica
//! follows the primary's log, later than the customer's answer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bytes::Bytes;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::{oneshot, watch};

use super::context::Context;
use super::frames::{Answerer, Later, Line};
use super::query::{Commit, Outcome, Query, encode};
use super::store::{CHECKOUT_STATEMENTS, Store, StoreError};
use crate::lab::lock::lock;
use crate::lab::shop::Role;

/// A question for new commits is answered after so long, also without any.
const LOG_WAIT: Duration = Duration::from_millis(250);

/// How long the replica waits for the primary.
const LOG_LIMIT: Duration = Duration::from_secs(2);

/// The log is trimmed every so many commits.
const TRIM_EVERY: i64 = 1_000;

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// A database pod.
pub(super) struct Database {
    context: Arc<Context>,
    reader: Mutex<Store>,
    writer: mpsc::Sender<Job>,
    head: watch::Sender<i64>,
    acknowledged: AtomicI64,
    statement_time: Histogram,
    lag_commits: Gauge,
    lag_millis: Gauge,
}

impl Database {
    /// Opens the pod's file and starts what a primary or a replica does by itself.
    pub(super) fn open(context: &Arc<Context>) -> Result<Arc<Self>, StoreError> {
        let path = file(context);
        let mut store = Store::open(&path)?;
        let head = store.head()?;
        let (writer, jobs) = mpsc::channel::<Job>();
        // Commits wait for the disk; they must not hold up reads.
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                while let Ok(job) = jobs.recv() {
                    job(&mut store);
                }
            })
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        let metrics = &context.metrics;
        let database = Arc::new(Self {
            context: Arc::clone(context),
            reader: Mutex::new(Store::open(&path)?),
            writer,
            head: watch::Sender::new(head),
            acknowledged: AtomicI64::new(0),
            statement_time: metrics
                .histogram("statement_seconds", "Time of one database statement"),
            lag_commits: metrics.gauge(
                "replication_lag_commits",
                "Commits that the replica does not have yet, as this pod knows",
            ),
            lag_millis: metrics.gauge(
                "replication_lag_milliseconds",
                "Age of the oldest commit that the replica does not have yet, as this pod knows",
            ),
        });
        if context.spec.role == Role::Replica {
            tokio::spawn(replicate(Arc::clone(&database)));
        } else {
            tokio::spawn(watch_lag(Arc::clone(&database)));
        }
        Ok(database)
    }

    /// The door every statement goes through: waits as long as the faults of this pod say.
    async fn statements(&self, count: u32) {
        for _ in 0..count {
            let late = self.context.faults.statement_delay();
            if !late.is_zero() {
                tokio::time::sleep(late).await;
            }
        }
    }

    /// Executes `work` that reads with one statement, and times it.
    pub(super) async fn read<T>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let start = self.context.now();
        self.statements(1).await;
        let result = work(&lock(&self.reader));
        self.statement_time.observe((self.context.now() - start).as_secs_f64());
        result
    }

    /// Executes `work` that writes with `count` statements, and times them.
    async fn write<T: Send + 'static>(
        &self,
        count: u32,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let start = self.context.now();
        self.statements(count).await;
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // Whoever asked may have gone; the work is done all the same.
            let _ = tell.send(work(store));
        });
        let gone = || StoreError::Failed("the writer is gone".to_owned());
        self.writer.send(job).map_err(|_| gone())?;
        let result = told.await.map_err(|_| gone())?;
        let each = (self.context.now() - start).as_secs_f64() / f64::from(count.max(1));
        for _ in 0..count {
            self.statement_time.observe(each);
        }
        result
    }

    async fn answer_query(&self, query: Query) -> Result<Outcome, StoreError> {
        match query {
            Query::Ping => self.read(Store::ping).await.map(|()| Outcome::Here),
            Query::Featured => self.read(Store::featured).await.map(Outcome::Products),
            Query::Products { from, to } => {
                self.read(|store| store.products(from, to)).await.map(Outcome::Products)
            }
            Query::Product { n } => {
                let product = self.read(|store| store.product(n)).await?;
                let products = product.map(|product| vec![product]);
                products.map(Outcome::Products).ok_or(StoreError::Refused("no such product"))
            }
            Query::Checkout { .. } if self.context.spec.role == Role::Replica => {
                Err(StoreError::Refused("a replica takes no orders"))
            }
            Query::Checkout { user, product, quantity } => {
                let at = self.context.clock.wall_millis();
                let commit = self
                    .write(CHECKOUT_STATEMENTS, move |store| {
                        store.checkout(user, product, quantity, at)
                    })
                    .await?;
                self.head.send_if_modified(|head| {
                    let newer = commit.seq > *head;
                    *head = commit.seq.max(*head);
                    newer
                });
                Ok(Outcome::Ordered { order: commit.order })
            }
            Query::Log { after } => self.log(after).await,
        }
    }

    async fn log(&self, after: i64) -> Result<Outcome, StoreError> {
        let before = self.acknowledged.swap(after, Ordering::Relaxed);
        if before / TRIM_EVERY != after / TRIM_EVERY {
            self.write(0, move |store| store.trim(after)).await?;
        }
        let mut head = self.head.subscribe();
        // Without news the answer comes all the same, so that the replica knows how far it is.
        let _ = tokio::time::timeout(LOG_WAIT, head.wait_for(|head| *head > after)).await;
        let head = *head.borrow();
        let commits = lock(&self.reader).commits(after)?;
        Ok(Outcome::Log { head, commits })
    }

    fn show_lag(&self, commits: i64, millis: i64) {
        self.lag_commits.set(commits);
        self.lag_millis.set(millis);
    }

    async fn replay(&self, commits: Vec<Commit>) -> Result<(), StoreError> {
        let Some(last) = commits.last().map(|last| last.seq) else { return Ok(()) };
        // A batch is one transaction with one round of statements.
        self.write(CHECKOUT_STATEMENTS, move |store| store.replay(&commits)).await?;
        self.head.send_replace(last);
        Ok(())
    }
}

impl Answerer for Database {
    fn answer(self: &Arc<Self>, question: Bytes) -> Later {
        let database = Arc::clone(self);
        Later::Soon(Box::pin(async move {
            let start = database.context.now();
            let (outcome, status) = match serde_json::from_slice(&question) {
                Err(error) => (Outcome::Refused { why: error.to_string() }, 400),
                Ok(query) => match database.answer_query(query).await {
                    Ok(outcome) => (outcome, 200),
                    Err(StoreError::Refused(why)) => {
                        (Outcome::Refused { why: why.to_owned() }, 422)
                    }
                    Err(StoreError::Failed(why)) => (Outcome::Failed { why }, 500),
                },
            };
            database.context.metrics.answered(status, database.context.now() - start);
            encode(&outcome)
        }))
    }
}

/// Where the pod's data is; it outlives the process, as a volume does.
fn file(context: &Context) -> PathBuf {
    context.spec.folder.join(format!("{}.db", context.spec.name))
}

/// Follows the primary for ever.
async fn replicate(database: Arc<Database>) {
    let mut endpoints = database.context.endpoints.subscribe();
    let mut line: Option<Arc<Line>> = None;
    loop {
        let told = Arc::clone(&endpoints.borrow_and_update());
        let primary = told.iter().find(|one| one.role == Role::Primary);
        if line.as_ref().map(|line| line.address) != primary.map(|one| one.address) {
            line = primary.map(|one| Line::new(&database.context, one));
        }
        let Some(open) = &line else {
            if endpoints.changed().await.is_err() {
                return;
            }
            continue;
        };
        let after = *database.head.borrow();
        let answer = open.ask(encode(&Query::Log { after }), LOG_LIMIT).await;
        let answer = answer.ok().and_then(|answer| serde_json::from_slice(&answer).ok());
        let replayed = match answer {
            Some(Outcome::Log { head, commits }) => {
                let oldest = commits.first().map(|first| first.at);
                let now = database.context.clock.wall_millis();
                database.show_lag((head - after).max(0), oldest.map_or(0, |at| (now - at).max(0)));
                database.replay(commits).await.is_ok()
            }
            _ => false,
        };
        if !replayed {
            // Not so often that a primary which is away costs anything.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        open.show();
    }
}

/// Shows how far the replica is behind, also when it does not ask any more.
async fn watch_lag(database: Arc<Database>) {
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tick.tick().await;
        let acknowledged = database.acknowledged.load(Ordering::Relaxed);
        let commits = (*database.head.borrow() - acknowledged).max(0);
        let oldest = if commits == 0 {
            None
        } else {
            let reader = lock(&database.reader);
            reader.first_after(acknowledged).ok().flatten()
        };
        let now = database.context.clock.wall_millis();
        database.show_lag(commits, oldest.map_or(0, |at| (now - at).max(0)));
    }
}
