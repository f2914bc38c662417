//! What the replica is known to have, and how long the primary waits for it before an order counts as taken. Moves no data.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// An order waits so long for the replica to have it; then none does until the replica has caught up.
const LIMIT: Duration = Duration::from_millis(300);

/// The agreement between a primary and its replica.
pub(super) struct Agreement {
    wanted: bool,
    stands: AtomicBool,
    has: watch::Sender<i64>,
}

impl Agreement {
    /// Nothing is known of the replica; `wanted`: orders wait for it.
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, stands: AtomicBool::new(wanted), has: watch::Sender::new(0) }
    }

    /// The newest commit that the replica has.
    pub(super) fn has(&self) -> i64 {
        *self.has.borrow()
    }

    /// The replica has everything up to `seq`, of `head` in all; what it had before.
    pub(super) fn replica_has(&self, seq: i64, head: i64) -> i64 {
        if seq >= head {
            self.stands.store(self.wanted, Ordering::Relaxed);
        }
        self.has.send_replace(seq)
    }

    /// Returns when the replica has `seq`, or need not have it.
    pub(super) async fn wait(&self, seq: i64) {
        if !self.stands.load(Ordering::Relaxed) {
            return;
        }
        let mut has = self.has.subscribe();
        if tokio::time::timeout(LIMIT, has.wait_for(|has| *has >= seq)).await.is_err() {
            // Without the replica the shop goes on; together again when it has caught up.
            self.stands.store(false, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "virtual time is read where it is made")]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_order_waits_for_the_replica_once_and_then_for_none_until_it_has_caught_up() {
        let agreement = Agreement::new(true);
        let waits = async |seq| {
            let start = tokio::time::Instant::now();
            agreement.wait(seq).await;
            start.elapsed()
        };
        assert_eq!(agreement.replica_has(3, 3), 0);
        assert_eq!(waits(3).await, Duration::ZERO, "it has it");
        let late = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            agreement.replica_has(4, 5);
        };
        assert_eq!(
            tokio::join!(waits(4), late).0,
            Duration::from_millis(20),
            "as long as it takes"
        );
        assert_eq!(waits(5).await, LIMIT);
        assert_eq!(waits(6).await, Duration::ZERO, "nobody else waits in vain");
        agreement.replica_has(5, 6);
        assert_eq!(waits(7).await, Duration::ZERO, "it is still behind");
        agreement.replica_has(7, 7);
        assert_eq!(waits(8).await, LIMIT, "together again");
        assert_eq!(agreement.has(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn without_the_defence_nobody_waits() {
        let agreement = Agreement::new(false);
        agreement.replica_has(1, 1);
        let start = tokio::time::Instant::now();
        agreement.wait(2).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
