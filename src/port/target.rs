//! The target as a port: looking at it, and breaking it in a way that can be undone.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::exercise::said::Said;
use crate::exercise::target::Topology;
use crate::exercise::undo::Undo;
use crate::gameday::fault::{Experiment, Fault};
use crate::gameday::span::Span;

/// A boxed future, so that ports can be trait objects.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One round of one injection, with its victims chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultOrder {
    /// Names the fault on the target: unique over the exercise, safe in a path.
    pub key: String,
    /// 0, 1, 2, … for faults that repeat.
    pub round: u32,
    /// What to do.
    pub experiment: Experiment,
    /// Names of the pods that are hit.
    pub victims: Vec<String>,
    /// Names of the pods on the other side, for faults between two sides.
    pub peers: Vec<String>,
    /// How long the fault is planned to stay.
    pub lasts: Span,
}

/// Why a fault could not be done or undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(pub String);

/// Sees the target. Watching needs only this.
pub trait TargetObserver: Send + Sync {
    /// The target as it is, now and after every change.
    fn watch(&self) -> watch::Receiver<Topology>;

    /// Looks afresh.
    fn survey(&self) -> Answer<'_, Result<Topology, TargetError>>;
}

/// Breaks the target and mends it. Only a running exercise holds one.
pub trait FaultInjector: Send + Sync {
    /// Whether this target can do the fault at all; the reason where it cannot.
    ///
    /// # Errors
    /// The reason, as a sentence for people.
    fn supports(&self, fault: &Fault) -> Result<(), TargetError>;

    /// Says how the fault will be undone, without doing anything.
    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>>;

    /// Does it. Returns, with a line of evidence, as soon as it has taken effect, which is looked at and not assumed.
    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>>;

    /// Undoes it and looks that it is gone; returns a line of evidence. May be asked again, also for a fault that
    /// never took effect, and by a later process for an exercise that died.
    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>>;
}
