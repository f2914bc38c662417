//! The message queue: keeps messages durably until somebody has dealt with them. Does not know what they say.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::context::Context;
use super::disk::{Disk, past};
use super::frames::{Answerer, Later};
use super::message::{Ask, Told};
use super::query::encode;
use super::spool::Spool;
use super::store::StoreError;
use super::writer::Writer;
use crate::gameday::instrument::Instrument;
use crate::lab::snapshot::{data_of, database_of};

/// How often the depth is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The message queue.
pub(super) struct Queue {
    context: Arc<Context>,
    /// What file operations meet.
    pub disk: Arc<Disk>,
    spool: Writer<Spool>,
}

impl Queue {
    /// Opens the pod's file.
    pub(super) fn open(context: &Arc<Context>) -> Result<Arc<Self>, StoreError> {
        let spec = &context.spec;
        let system = |error: std::io::Error| StoreError::Failed(error.to_string());
        let disk = Disk::open(data_of(&spec.folder, &spec.name), spec.seed, &context.metrics);
        let disk = Arc::new(disk.map_err(system)?);
        let spool = Spool::open(&database_of(&spec.folder, &spec.name), &disk)?;
        let queue = Arc::new(Self {
            disk,
            spool: Writer::start(spool).map_err(system)?,
            context: Arc::clone(context),
        });
        tokio::spawn(show_depth(Arc::clone(&queue)));
        Ok(queue)
    }

    /// Executes `work` of the lab itself, which no fault stops, before everything that has not begun.
    pub(super) async fn alter<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Spool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.spool.work_first(|spool| past(|| work(spool))).await
    }

    /// Whether so many bytes can be written now.
    pub(super) async fn try_write(&self, bytes: u64) -> Result<(), StoreError> {
        self.spool.work(move |spool| spool.try_write(bytes)).await
    }

    async fn answer_ask(&self, ask: Ask) -> Result<Told, StoreError> {
        Ok(match ask {
            Ask::Ping => Told::Here,
            Ask::Put { topic, messages } => {
                let new = self.spool.work(move |spool| spool.put(&topic, &messages)).await?;
                self.context.tally.count_many(Instrument::QueueAccepted, u64::from(new));
                Told::Kept { new }
            }
            Ask::Take { topic, lease_millis } => {
                let now = self.context.clock.wall_millis();
                let until = now.saturating_add(lease_millis);
                let take = move |spool: &mut Spool| spool.take(&topic, now, until);
                Told::Taken { messages: self.spool.work(take).await? }
            }
            Ask::Acknowledge { topic, ids } => {
                self.spool.work(move |spool| spool.acknowledge(&topic, &ids)).await?;
                Told::Acknowledged
            }
            Ask::Depth => {
                Told::Depth { waiting: self.spool.work_first(|spool| spool.depth()).await? }
            }
        })
    }
}

impl Answerer for Queue {
    fn answer(self: &Arc<Self>, question: Bytes) -> Later {
        let queue = Arc::clone(self);
        Later::Soon(Box::pin(async move {
            let start = queue.context.now();
            let (told, status) = match serde_json::from_slice(&question) {
                Err(error) => (Told::Failed { why: error.to_string() }, 400),
                Ok(ask) => match queue.answer_ask(ask).await {
                    Ok(told) => (told, 200),
                    Err(StoreError::Refused(why)) => (Told::Failed { why: why.to_owned() }, 422),
                    Err(StoreError::Failed(why)) => (Told::Failed { why }, 500),
                },
            };
            queue.context.metrics.answered(status, queue.context.now() - start);
            encode(&told)
        }))
    }
}

/// Shows how many messages wait.
async fn show_depth(queue: Arc<Queue>) {
    let waiting = queue.context.metrics.gauge("queue_depth", "Messages that wait");
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        if let Ok(depth) = queue.spool.work_first(|spool| spool.depth()).await {
            waiting.set(i64::from(depth));
            queue.context.tally.gauge(Instrument::QueueDepth, f64::from(depth));
        }
    }
}
