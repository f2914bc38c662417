//! Faults in this pod that need more than its connections: they hold memory, keep the disk busy, or sit in its data. Each
//! may fail to begin, and is undone completely when it is lifted. Faults on connections and statements: see `faults`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::churn::{Churn, churn_in, clear};
use super::context::Context;
use super::database::Database;
use super::memory::Memory;
use super::roles::{Roles, why};
use super::store::Store;
use super::tamper;
use crate::gameday::fault::IoAction;
use crate::lab::channel::Effect;

/// A fault that stands, with whatever undoes it when it is dropped.
enum Standing {
    Memory(#[expect(dead_code, reason = "held until it is dropped")] Memory),
    Churn(#[expect(dead_code, reason = "held until it is dropped")] Churn),
    Files(IoAction),
    Quota(u64),
    Lag(Duration),
    Damage,
}

/// Where the files of a stress are. Where there is data the room is the same.
fn churn_of(context: &Context, roles: &Roles) -> PathBuf {
    let spec = &context.spec;
    let folder = roles.disk().map_or(spec.folder.as_path(), |disk| disk.folder());
    churn_in(folder, &spec.name)
}

/// The faults that stand.
pub(super) struct Harm {
    context: Arc<Context>,
    roles: Roles,
    standing: BTreeMap<String, Standing>,
    quota: Option<u64>,
}

impl Harm {
    /// None yet: what the last process of this pod has left of its own goes.
    pub(super) fn new(context: &Arc<Context>, roles: &Roles) -> Self {
        clear(&churn_of(context, roles));
        Self {
            context: Arc::clone(context),
            roles: roles.clone(),
            standing: BTreeMap::new(),
            quota: None,
        }
    }

    /// Begins a fault, if it is one of those that this file knows.
    ///
    /// # Errors
    /// Why it did not begin; nothing of it is there then.
    pub(super) async fn impose(&mut self, key: &str, effect: &Effect) -> Result<(), String> {
        self.lift(key).await?;
        let standing = match effect {
            Effect::Memory { bytes } => Standing::Memory(Memory::take(*bytes)?),
            Effect::Io { workers } => {
                let folder = churn_of(&self.context, &self.roles);
                Standing::Churn(Churn::start(*workers, folder, self.roles.disk())?)
            }
            Effect::Files(action) => {
                self.stores()?;
                Standing::Files(*action)
            }
            Effect::Quota { free } => {
                self.stores()?;
                Standing::Quota(*free)
            }
            Effect::Lag { lag } => {
                self.replica()?;
                Standing::Lag((*lag).into())
            }
            Effect::Corrupt { table, rows } => {
                let (key, table, rows) = (key.to_owned(), table.clone(), *rows);
                let cause =
                    move |store: &mut Store| tamper::cause(store.connection(), &key, &table, rows);
                self.replica()?.alter(cause).await.map_err(why)?;
                Standing::Damage
            }
            _ => return Ok(()),
        };
        self.standing.insert(key.to_owned(), standing);
        let settled = self.settle().await;
        if settled.is_err() {
            self.standing.remove(key);
            // The first error says more.
            let _ = self.settle().await;
        }
        settled
    }

    /// Ends a fault.
    ///
    /// # Errors
    /// Why it is still there.
    pub(super) async fn lift(&mut self, key: &str) -> Result<(), String> {
        let Some(standing) = self.standing.get(key) else { return Ok(()) };
        if let (Standing::Damage, Some(database)) = (standing, &self.roles.database) {
            let fault = key.to_owned();
            let undo = move |store: &mut Store| tamper::undo(store.connection(), Some(&fault));
            database.alter(undo).await.map_err(why)?;
        }
        if let Some(standing) = self.standing.remove(key) {
            // Waits for threads to end.
            let ended = tokio::task::spawn_blocking(move || drop(standing)).await;
            ended.map_err(|error| error.to_string())?;
        }
        self.settle().await
    }

    /// Works out what all faults together do to the data.
    async fn settle(&mut self) -> Result<(), String> {
        let (mut files, mut free, mut lag) = (Vec::new(), None::<u64>, Duration::ZERO);
        for one in self.standing.values() {
            match one {
                Standing::Files(action) => files.push(*action),
                Standing::Quota(more) => free = Some(free.map_or(*more, |free| free.min(*more))),
                Standing::Lag(more) => lag += *more,
                Standing::Memory(_) | Standing::Churn(_) | Standing::Damage => {}
            }
        }
        if let Some(database) = &self.roles.database {
            database.lag.send_replace(lag);
        }
        if let Some(disk) = self.roles.disk() {
            disk.set(files);
        }
        // Waits for what is being written, so only when there is something to do.
        if self.quota != free {
            if let Some(database) = &self.roles.database {
                database.alter(move |store| store.limit(free)).await.map_err(why)?;
            }
            if let Some(queue) = &self.roles.queue {
                queue.alter(move |spool| spool.limit(free)).await.map_err(why)?;
            }
            self.quota = free;
        }
        Ok(())
    }

    fn stores(&self) -> Result<(), String> {
        if self.roles.disk().is_some() {
            Ok(())
        } else {
            Err(format!("{} has no data", self.context.spec.name))
        }
    }

    fn replica(&self) -> Result<&Arc<Database>, String> {
        let database = self.roles.database.as_ref().filter(|one| !*one.is_primary().borrow());
        database.ok_or_else(|| format!("{} is no replica", self.context.spec.name))
    }
}
