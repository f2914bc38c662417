//! What a target says about its inside, and its data, as a port. Only looks.

use std::time::Duration;

use tokio::sync::mpsc;

use super::target::{Answer, TargetError};
use crate::exercise::reading::{Checkpoint, Failover, IntegrityCheck, Reading};

/// Something the target noticed.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// One second of its instruments.
    Reading(Reading),
    /// The replica took over.
    FailedOver(Failover),
}

/// Looks inside a target that can be looked into.
pub trait Instruments: Send + Sync {
    /// Everything from now on; a reading each full second since `origin` on the clock. Ends with the target.
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation>;

    /// Remembers the data as it is.
    fn checkpoint(&self) -> Answer<'_, Result<Checkpoint, TargetError>>;

    /// Compares the data with the last checkpoint and with what was acknowledged since.
    fn compare(&self) -> Answer<'_, Result<IntegrityCheck, TargetError>>;
}
