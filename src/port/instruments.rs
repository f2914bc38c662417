//! What a target says about its inside, and its data, as a port. Only looks.

use std::time::Duration;

use tokio::sync::mpsc;

use super::target::{Answer, TargetError};
use crate::exercise::alert::Alerts;
use crate::exercise::cluster::ClusterNews;
use crate::exercise::reading::{Checkpoint, Failover, IntegrityCheck, Reading};
use crate::exercise::said::Said;
use crate::exercise::service::Over;
use crate::exercise::watch::Asking;

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
