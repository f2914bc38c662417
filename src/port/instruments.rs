//! What a target says about its inside, and its data, as a port. Only looks.

use std::time::Duration;

use tokio::sync::mpsc;

use super::clock::Clock;
use super::target::{Answer, TargetError};
use crate::exercise::alert::Alerts;
use crate::exercise::cluster::ClusterNews;
use crate::exercise::reading::{Checkpoint, Failover, IntegrityCheck, Reading};
use crate::exercise::said::Said;
use crate::exercise::service::Over;
use crate::exercise::watch::Asking;
use crate::gameday::span::Span;

/// Something the target noticed.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// One second of its instruments.
    Reading(Reading),
    /// The replica took over.
    FailedOver(Failover),
    /// What is known of the time before anybody looked, in order of time.
    Then(Vec<Reading>),
    /// How far the answers to a query can be trusted.
    Asking { query: usize, asking: Asking },
    /// The bad share of what a service did; `None`: no data.
    Share { service: usize, over: Over, share: Option<f64> },
    /// What a cluster says of itself beside its pods.
    Cluster(ClusterNews),
    /// The alerts there are.
    Alerts(Alerts),
    /// Why nobody knows what alerts there are.
    AlertsUnknown(Said),
}

/// A window of readings.
pub const WINDOW: Duration = Duration::from_secs(1);

/// Tells what `read` says at the end of each window, which it is given the start of, until nobody listens any more. Windows
/// count from `origin` on the clock.
pub async fn each_second<F: Future<Output = Reading>>(
    clock: &dyn Clock,
    origin: Duration,
    tell: &mpsc::UnboundedSender<Observation>,
    read: impl Fn(Span) -> F,
) {
    loop {
        let window = window(clock.monotonic().saturating_sub(origin));
        let end = origin + WINDOW * (window + 1);
        tokio::time::sleep(end.saturating_sub(clock.monotonic())).await;
        let reading = read(Span::from(WINDOW * window)).await;
        if tell.send(Observation::Reading(reading)).is_err() {
            return;
        }
    }
}

/// The number of the window that is open at `since` after the origin.
fn window(since: Duration) -> u32 {
    u32::try_from(since.as_millis() / WINDOW.as_millis()).unwrap_or(u32::MAX)
}

/// Looks inside a target that can be looked into.
pub trait Instruments: Send + Sync {
    /// Everything from now on; a reading each full second since `origin` on the clock. Ends with the target.
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation>;
}

/// Knows whether the target's data is what it was.
pub trait DataKeeper: Send + Sync {
    /// Remembers the data as it is.
    fn checkpoint(&self) -> Answer<'_, Result<Checkpoint, TargetError>>;

    /// Compares the data with the last checkpoint and with what was acknowledged since.
    fn compare(&self) -> Answer<'_, Result<IntegrityCheck, TargetError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_count_from_the_origin() {
        let at = |millis| window(Duration::from_millis(millis));
        assert_eq!([at(0), at(999), at(1_000), at(59_999)], [0, 0, 1, 59]);
    }
}
