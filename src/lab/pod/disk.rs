//! The door in front of every file operation of a store: here they are late, or fail. The level is that of the store,
//! not of the kernel: one read for each statement that reads, and for each transaction its writes and the sync of its
//! commit. What is refused here never reaches the file; what is late holds up everything behind it, as a slow disk does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;

use super::faults::Dice;
use super::store::StoreError;
use crate::gameday::fault::IoAction;
use crate::lab::lock::lock;
use crate::lab::pod::metrics::Metrics;

/// What a transaction does to its file: it writes a page or more, and then its commit.
const OPERATIONS: u32 = 2;

/// The door.
pub(super) struct Disk {
    harmed: AtomicBool,
    actions: Mutex<Vec<IoAction>>,
    changed: Condvar,
    news: watch::Sender<()>,
    dice: Dice,
    late: Counter,
    failed: Counter,
}

impl Disk {
    /// Nothing is late and nothing fails.
    pub(super) fn new(seed: u64, metrics: &Metrics) -> Self {
        Self {
            harmed: AtomicBool::new(false),
            actions: Mutex::default(),
            changed: Condvar::new(),
            news: watch::Sender::new(()),
            dice: Dice::new(seed),
            late: metrics.counter("file_operations_late", "File operations held up by a fault"),
            failed: metrics.counter("file_operations_failed", "File operations failed by a fault"),
        }
    }

    /// From now on this is done to file operations; whoever waits does not wait any longer.
    pub(super) fn set(&self, actions: Vec<IoAction>) {
        self.harmed.store(!actions.is_empty(), Ordering::Relaxed);
        *lock(&self.actions) = actions;
        self.changed.notify_all();
        self.news.send_replace(());
    }

    /// One read; waits without holding up others.
    pub(super) async fn read(&self) -> Result<(), StoreError> {
        if !self.harmed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut news = self.news.subscribe();
        let late = self.roll(&lock(&self.actions))?;
        // Whichever comes first: the time, or the end of the fault.
        let _ = tokio::time::timeout(late, news.changed()).await;
        Ok(())
    }

    /// The writes and the sync of one transaction; holds up the thread.
    pub(super) fn write(&self) -> Result<(), StoreError> {
        for _ in 0..OPERATIONS {
            if !self.harmed.load(Ordering::Relaxed) {
                return Ok(());
            }
            let actions = lock(&self.actions);
            let late = self.roll(&actions)?;
            let before = actions.clone();
            // Woken by the end of the fault or by nothing: both go on.
            let _ = self
                .changed
                .wait_timeout_while(actions, late, |now| *now == before)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    fn roll(&self, actions: &[IoAction]) -> Result<Duration, StoreError> {
        let mut late = Duration::ZERO;
        for action in actions {
            match *action {
                IoAction::Latency { latency, share } if self.dice.roll() < share => {
                    late += Duration::from(latency);
                }
                IoAction::Fault { share } if self.dice.roll() < share => {
                    self.failed.inc();
                    return Err(StoreError::Failed("disk I/O error".to_owned()));
                }
                _ => {}
            }
        }
        if !late.is_zero() {
            self.late.inc();
        }
        Ok(late)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::gameday::defence::Defences;
    use crate::gameday::span::Span;
    use crate::lab::channel::PodSpec;
    use crate::lab::shop::Role;

    fn disk() -> Arc<Disk> {
        let spec = PodSpec {
            lab_id: "lab".to_owned(),
            name: "database-primary".to_owned(),
            role: Role::Primary,
            parent_pid: 1,
            folder: "/".into(),
            port: 0,
            secure_port: 0,
            seed: 1,
            defences: Defences::resilient(),
        };
        Arc::new(Disk::new(1, &Metrics::new(&spec)))
    }

    #[tokio::test]
    async fn whoever_is_held_up_goes_on_when_the_fault_ends() {
        let disk = disk();
        let latency = Span::from_secs(3_600);
        disk.set(vec![IoAction::Latency { latency, share: 1.0 }]);
        let held = Arc::clone(&disk);
        let writer = tokio::task::spawn_blocking(move || held.write());
        let held = Arc::clone(&disk);
        let reader = tokio::spawn(async move { held.read().await });
        while disk.late.get() < 2 {
            tokio::task::yield_now().await;
        }
        assert!(!writer.is_finished() && !reader.is_finished());
        disk.set(Vec::new());
        writer.await.unwrap().unwrap();
        reader.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_share_of_operations_fails() {
        let disk = disk();
        disk.set(vec![IoAction::Fault { share: 0.5 }]);
        let mut failed = 0;
        for _ in 0..1_000 {
            failed += u32::from(disk.read().await.is_err());
        }
        assert!((400..600).contains(&failed), "{failed}");
        assert_eq!(disk.failed.get(), u64::from(failed));
        disk.set(vec![IoAction::Fault { share: 1.0 }]);
        assert!(disk.write().is_err());
        disk.set(Vec::new());
        disk.write().unwrap();
    }
}
