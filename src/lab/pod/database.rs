//! A database pod: answers queries from its file, every statement through a door where it can be late. The primary
//! acknowledges orders, with the replica or without; what a replica does by itself is `replication`'s.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::watch;

use super::agreement::Agreement;
use super::carrier::Carrier;
use super::context::Context;
use super::disk::{Disk, past};
use super::frames::{Answerer, Later};
use super::past;
use super::piece::read_piece;
use super::query::{Commit, Outcome, Purchase, Query, encode};
use super::store::{CHECKOUT_STATEMENTS, Store, StoreError};
use super::writer::Writer;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::shop::Role;
use crate::lab::snapshot::{data_of, database_of};

/// A question for new commits is answered after so long, also without any.
const LOG_WAIT: Duration = Duration::from_millis(250);

/// The log is trimmed every so many commits.
const TRIM_EVERY: i64 = 1_000;

/// A replica that becomes the primary has so long to bring in what it got.
const FOLLOWER_LIMIT: Duration = Duration::from_secs(1);

/// A database pod.
pub(super) struct Database {
    /// What every pod has.
    pub context: Arc<Context>,
    /// What file operations meet.
    pub disk: Arc<Disk>,
    /// So late the replica does what it was told.
    pub lag: watch::Sender<Duration>,
    /// Whether it has been told to become the primary.
    pub promoting: watch::Sender<bool>,
    /// Whether somebody brings in what the primary commits.
    pub following: watch::Sender<bool>,
    primary: watch::Sender<bool>,
    store: Writer<Store>,
    /// The newest commit, and its term.
    head: watch::Sender<(i64, i64)>,
    agreement: Agreement,
    outbox: bool,
    carrier: Carrier,
    /// Up to this time, in milliseconds since 1970, the replica has everything.
    complete: AtomicI64,
    connections: AtomicUsize,
    statement_time: Histogram,
    lag_commits: Gauge,
    lag_millis: Gauge,
}

impl Database {
    /// Opens the pod's file and starts what a primary does by itself.
    pub(super) fn open(context: &Arc<Context>) -> Result<Arc<Self>, StoreError> {
        let spec = &context.spec;
        let system = |error: std::io::Error| StoreError::Failed(error.to_string());
        let disk = Disk::open(data_of(&spec.folder, &spec.name), spec.seed, &context.metrics);
        let disk = Arc::new(disk.map_err(system)?);
        let mut store = Store::open(&database_of(&spec.folder, &spec.name), &disk)?;
        // Damage belongs to the process that was told to do it.
        super::tamper::undo(store.connection(), None)?;
        let is_primary = spec.role == Role::Primary;
        if is_primary {
            store.reign(context.clock.wall_millis())?;
            past::reigns(store.connection())?;
        }
        let head = store.head()?;
        let metrics = &context.metrics;
        let database = Arc::new(Self {
            disk,
            lag: watch::Sender::default(),
            promoting: watch::Sender::new(false),
            following: watch::Sender::new(false),
            primary: watch::Sender::new(is_primary),
            store: Writer::start(store).map_err(system)?,
            head: watch::Sender::new(head),
            agreement: Agreement::new(context.spec.defences.has(Defence::SynchronousReplication)),
            outbox: context.spec.defences.has(Defence::Outbox),
            carrier: Carrier::default(),
            complete: AtomicI64::new(0),
            connections: AtomicUsize::new(0),
            statement_time: metrics.histogram("statement_seconds", "Time of one statement"),
            lag_commits: metrics.gauge(
                "replication_lag_commits",
                "Commits that the replica does not have yet, as this pod knows",
            ),
            lag_millis: metrics.gauge(
                "replication_lag_milliseconds",
                "Age of the oldest commit that the replica does not have yet, as this pod knows",
            ),
            context: Arc::clone(context),
        });
        tokio::spawn(watch_over(Arc::clone(&database)));
        Ok(database)
    }

    /// Whether it takes orders, now and after every change.
    pub(super) fn is_primary(&self) -> watch::Receiver<bool> {
        self.primary.subscribe()
    }

    /// The newest commit, and its term.
    pub(super) fn head(&self) -> (i64, i64) {
        *self.head.borrow()
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
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let start = self.context.now();
        self.statements(1).await;
        let result = self.look(work).await;
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
        let result = self.store.work(work).await;
        let each = (self.context.now() - start).as_secs_f64() / f64::from(count.max(1));
        for _ in 0..count {
            self.statement_time.observe(each);
        }
        result
    }

    /// Executes `work` that reads, before everything that writes and has not begun.
    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.work_first(|store| work(store)).await
    }

    /// Executes `work` of the lab itself, which no fault stops, before everything that has not begun.
    pub(super) async fn alter<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.work_first(|store| past(|| work(store))).await
    }

    /// Whether so many bytes can be written now.
    pub(super) async fn try_write(&self, bytes: u64) -> Result<(), StoreError> {
        self.write(1, move |store| store.try_write(bytes)).await
    }

    /// Becomes the primary; the time up to which it has everything that was committed before.
    pub(super) async fn promote(&self) -> Result<i64, StoreError> {
        if *self.primary.borrow() {
            return Err(StoreError::Refused("it is the primary already"));
        }
        // From here on the follower brings in what it has, without lag, and follows no longer.
        self.promoting.send_replace(true);
        let mut following = self.following.subscribe();
        // One that hangs has nothing more to bring in.
        let _ = tokio::time::timeout(FOLLOWER_LIMIT, following.wait_for(|on| !on)).await;
        let now = self.context.clock.wall_millis();
        let work = move |store: &mut Store| {
            store.reign(now)?;
            past::reigns(store.connection())?;
            let head = store.head()?;
            Ok((head, store.first_after(head.0 - 1)?))
        };
        let (head, last) = self.store.work(work).await?;
        self.head.send_replace(head);
        self.primary.send_replace(true);
        Ok(self.complete().max(last.unwrap_or_default()))
    }

    async fn answer_query(&self, query: Query) -> Result<Outcome, StoreError> {
        match query {
            Query::Ping => self.read(Store::ping).await.map(|()| Outcome::Here),
            Query::Featured => self.read(Store::featured).await.map(Outcome::Products),
            Query::Products { from, to } => {
                self.read(move |store| store.products(from, to)).await.map(Outcome::Products)
            }
            Query::Product { n } => {
                let product = self.read(move |store| store.product(n)).await?;
                let products = product.map(|product| vec![product]);
                products.map(Outcome::Products).ok_or(StoreError::Refused("no such product"))
            }
            _ if !*self.primary.borrow() => {
                // Not the order is wrong, but whom it was sent to.
                Err(StoreError::Failed("this is a replica".to_owned()))
            }
            Query::Checkout(purchase) => self.buy(purchase).await,
            Query::Log { after, term } => self.log(after, term).await,
            Query::Copy { offset } => self.piece(offset).await,
            Query::Outbox { carrier } => self.outbox(carrier).await,
            Query::Relayed { through } => {
                self.write(0, move |store| store.relayed(through)).await?;
                Ok(Outcome::Done)
            }
        }
    }

    /// Takes an order.
    pub(super) async fn buy(&self, purchase: Purchase) -> Result<Outcome, StoreError> {
        let (at, outbox) = (self.context.clock.wall_millis(), self.outbox);
        let work = move |store: &mut Store| {
            let (order, seq) = store.checkout(&purchase, at, outbox)?;
            Ok((order, seq, store.head()?))
        };
        let (order, seq, head) = self.write(CHECKOUT_STATEMENTS, work).await?;
        self.show_head(head);
        self.agreement.wait(seq).await;
        Ok(Outcome::Ordered { order })
    }

    fn show_head(&self, newest: (i64, i64)) {
        self.head.send_if_modified(|head| {
            let newer = newest.0 > head.0;
            if newer {
                *head = newest;
            }
            newer
        });
    }

    async fn log(&self, after: i64, term: i64) -> Result<Outcome, StoreError> {
        if self.look(move |store| store.commits(after, term)).await?.is_none() {
            return self.diverged().await;
        }
        let before = self.agreement.replica_has(after, self.head().0);
        if before / TRIM_EVERY != after / TRIM_EVERY {
            self.write(0, move |store| store.trim(after)).await?;
        }
        let mut head = self.head.subscribe();
        // Without news the answer comes all the same, so that the replica knows how far it is.
        let _ = tokio::time::timeout(LOG_WAIT, head.wait_for(|head| head.0 > after)).await;
        let head = head.borrow().0;
        let news = move |store: &Store| Ok((store.outbox_depth()?.1, store.commits(after, term)?));
        let (relayed, commits) = self.look(news).await?;
        match commits {
            Some(commits) => Ok(Outcome::Log { head, relayed, commits }),
            None => self.diverged().await,
        }
    }

    async fn diverged(&self) -> Result<Outcome, StoreError> {
        let work = |store: &mut Store| past::past(store.connection());
        self.store.work_first(work).await.map(Outcome::Diverged)
    }

    async fn piece(&self, offset: u64) -> Result<Outcome, StoreError> {
        let path = self.disk.folder().join("copy");
        if offset == 0 {
            let path = path.clone();
            self.store.work(move |store| store.copy_to(&path)).await?;
        }
        let piece = tokio::task::spawn_blocking(move || read_piece(Path::new(&path), offset)).await;
        let (total, data) = piece
            .map_err(|error| StoreError::Failed(error.to_string()))?
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Outcome::Copy { total, data: BASE64_STANDARD.encode(data) })
    }

    /// Events for whoever carries them.
    async fn outbox(&self, asker: String) -> Result<Outcome, StoreError> {
        if !self.carrier.is(asker, self.context.now()) {
            return Ok(Outcome::Outbox { waiting: Vec::new() });
        }
        Ok(Outcome::Outbox { waiting: self.look(Store::outbox).await? })
    }

    /// Does again what the primary committed, and knows which of its events wait no longer.
    pub(super) async fn replay(
        &self,
        commits: Vec<Commit>,
        relayed: i64,
    ) -> Result<(), StoreError> {
        if commits.is_empty() {
            return Ok(());
        }
        let outbox = self.outbox;
        // A batch is one transaction with one round of statements.
        let work = move |store: &mut Store| {
            store.replay(&commits, outbox)?;
            if outbox {
                store.relayed(relayed)?;
            }
            store.head()
        };
        let head = self.write(CHECKOUT_STATEMENTS, work).await?;
        self.head.send_replace(head);
        Ok(())
    }

    /// Becomes what the copy is.
    pub(super) async fn become_copy(&self, path: PathBuf) -> Result<(), StoreError> {
        let work = move |store: &mut Store| store.become_copy(&path).and_then(|()| store.head());
        let head = self.write(CHECKOUT_STATEMENTS, work).await?;
        self.head.send_replace(head);
        Ok(())
    }

    /// It has everything that was committed up to this time.
    pub(super) fn complete_at(&self, wall: i64) {
        self.complete.fetch_max(wall, Ordering::Relaxed);
    }

    /// Up to which time it has everything; 0: never knew.
    pub(super) fn complete(&self) -> i64 {
        self.complete.load(Ordering::Relaxed)
    }

    /// Shows how far the replica is behind.
    pub(super) fn show_lag(&self, commits: i64, millis: i64) {
        self.lag_commits.set(commits);
        self.lag_millis.set(millis);
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

    fn connected(&self, opened: bool) {
        let open = &self.connections;
        let now = if opened {
            open.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            open.fetch_sub(1, Ordering::Relaxed) - 1
        };
        self.context.tally.gauge(Instrument::DatabaseConnections, now as f64);
    }
}

/// Shows how far the replica is behind, also when it does not ask any more, and how many events wait.
async fn watch_over(database: Arc<Database>) {
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tick.tick().await;
        if !*database.primary.borrow() {
            continue;
        }
        let acknowledged = database.agreement.has();
        let commits = (database.head().0 - acknowledged).max(0);
        let look = move |store: &Store| {
            let oldest = if commits == 0 { Ok(None) } else { store.first_after(acknowledged) };
            Ok((oldest.ok().flatten(), store.outbox_depth().ok()))
        };
        let Ok((oldest, depth)) = database.look(look).await else { continue };
        let now = database.context.clock.wall_millis();
        database.show_lag(commits, oldest.map_or(0, |at| (now - at).max(0)));
        if let Some((depth, _)) = depth {
            database.context.tally.gauge(Instrument::QueueDepth, f64::from(depth));
        }
    }
}
