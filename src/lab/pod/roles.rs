//! What this pod is, beyond what every pod is, for orders that mean only some roles; none of them: it cannot do it.

use std::sync::Arc;

use super::cache::Cache;
use super::database::Database;
use super::disk::Disk;
use super::message::ORDERS;
use super::queue::Queue;
use super::store::StoreError;
use crate::exercise::said::said;
use crate::lab::channel::{Answer, Purchase};

/// What this pod is.
#[derive(Clone, Default)]
pub(super) struct Roles {
    pub database: Option<Arc<Database>>,
    pub queue: Option<Arc<Queue>>,
    pub cache: Option<Arc<Cache>>,
}

impl Roles {
    /// Turns a replica into the primary.
    pub(super) async fn promote(&self) -> Option<Answer> {
        let database = self.database.as_ref()?;
        Some(match database.promote().await {
            Ok(last_commit_wall) => Answer::Promoted { last_commit_wall },
            Err(error) => failed(error),
        })
    }

    /// How far it is.
    pub(super) async fn position(&self) -> Option<Answer> {
        let position = match (&self.database, &self.queue) {
            (Some(database), _) => {
                let head = database.alter(|store| store.head()).await;
                head.map(|(commit, term)| Answer::Position { commit, term, waiting: 0 })
            }
            (None, Some(queue)) => {
                let waiting = queue.alter(|spool| spool.waiting(ORDERS)).await;
                waiting.map(|waiting| Answer::Position { commit: 0, term: 0, waiting })
            }
            (None, None) => return None,
        };
        Some(position.unwrap_or_else(failed))
    }

    /// Takes an order, where orders are taken.
    pub(super) async fn buy(&self, purchase: Purchase) -> Option<Answer> {
        let database = self.database.as_ref()?;
        let takes_orders = *database.is_primary().borrow();
        if !takes_orders {
            return None;
        }
        Some(database.buy(purchase).await.map_or_else(failed, |_| Answer::Done))
    }

    /// Forgets everything that is kept.
    pub(super) fn flush(&self) -> Option<Answer> {
        let forgotten = self.cache.as_ref()?.flush();
        let what = said!("lab-forgotten", "{count} entries forgotten", count = forgotten);
        Some(Answer::Said { what })
    }

    /// The disk with its data.
    pub(super) fn disk(&self) -> Option<&Arc<Disk>> {
        let database = self.database.as_ref().map(|database| &database.disk);
        database.or_else(|| self.queue.as_ref().map(|queue| &queue.disk))
    }

    /// Writes so many bytes and takes them back: do they fit?
    pub(super) async fn try_write(&self, bytes: u64) -> Option<Result<(), StoreError>> {
        Some(match (&self.database, &self.queue) {
            (Some(database), _) => database.try_write(bytes).await,
            (None, Some(queue)) => queue.try_write(bytes).await,
            (None, None) => return None,
        })
    }
}

/// In words.
pub(super) fn why(error: StoreError) -> String {
    match error {
        StoreError::Refused(why) => why.to_owned(),
        StoreError::Failed(why) => why,
    }
}

fn failed(error: StoreError) -> Answer {
    Answer::Failed { why: why(error) }
}
