//! The message queue: keeps messages durably until somebody has dealt with them. Does not know what they say.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::context::Context;
use super::disk::Disk;
use super::frames::{Answerer, Later};
use super::message::{Ask, Told};
use super::query::encode;
use super::spool::Spool;
use super::store::StoreError;
use super::writer::Writer;
use crate::gameday::instrument::Instrument;

/// How often the depth is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The message queue.
pub(super) struct Queue {
    context: Arc<Context>,
    /// What file operations meet.
    pub disk: Arc<Disk>,
    writer: Writer<Spool>,
}

impl Queue {
    /// Opens the pod's file.
    pub(super) fn open(context: &Arc<Context>) -> Result<Arc<Self>, StoreError> {
        let path = context.spec.folder.join(format!("{}.db", context.spec.name));
        let system = |error: std::io::Error| StoreError::Failed(error.to_string());
        let queue = Arc::new(Self {
            disk: Arc::new(Disk::new(context.spec.seed, &context.metrics)),
            writer: Writer::start(Spool::open(&path)?).map_err(system)?,
            context: Arc::clone(context),
        });
        tokio::spawn(show_depth(Arc::clone(&queue)));
        Ok(queue)
    }

    /// Executes `work` after everything that was begun before, past the door of file operations.
    pub(super) async fn alter<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Spool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.work(work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Spool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let disk = Arc::clone(&self.disk);
        self.alter(move |spool| disk.write().and_then(|()| work(spool))).await
    }

    /// Whether so many bytes can be written now.
    pub(super) async fn try_write(&self, bytes: u64) -> Result<(), StoreError> {
        self.write(move |spool| spool.try_write(bytes)).await
    }

    /// Writes all messages to a file.
    pub(super) async fn copy(&self, path: PathBuf) -> Result<(), StoreError> {
        self.alter(move |spool| spool.copy_to(&path)).await
    }

    async fn answer_ask(&self, ask: Ask) -> Result<Told, StoreError> {
        Ok(match ask {
            Ask::Ping => {
                self.disk.read().await?;
                Told::Here
            }
            Ask::Put { topic, messages } => {
                let new = self.write(move |spool| spool.put(&topic, &messages)).await?;
                self.context.tally.count_many(Instrument::QueueAccepted, u64::from(new));
                Told::Kept { new }
            }
            Ask::Take { topic, lease_millis } => {
                let now = self.context.clock.wall_millis();
                let until = now.saturating_add(lease_millis);
                let take = move |spool: &mut Spool| spool.take(&topic, now, until);
                Told::Taken { messages: self.write(take).await? }
            }
            Ask::Acknowledge { topic, ids } => {
                self.write(move |spool| spool.acknowledge(&topic, &ids)).await?;
                Told::Acknowledged
            }
            Ask::Depth => Told::Depth { waiting: self.alter(|spool| spool.depth()).await? },
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
        if let Ok(depth) = queue.alter(|spool| spool.depth()).await {
            waiting.set(i64::from(depth));
            queue.context.tally.gauge(Instrument::QueueDepth, f64::from(depth));
        }
    }
}
