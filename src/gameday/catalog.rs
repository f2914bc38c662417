//! The vocabulary of faults: every type with its parameters and bounds, and the figures of a fault. The one place where it
//! is written down; not the reading and not the doing.

pub mod figures;
mod form;
mod lab;
mod types;
mod words;

use super::fault::{CacheAction, Experiment, Fault};

pub use form::{FaultType, Parameter, Seat};
pub use lab::{LAB_APPS, LAB_NODES, LAB_TABLES, LAB_ZONES, lab_lacks};
pub use types::TYPES;
pub use words::{how, labels, undo_text};

/// The type with this name.
pub fn find(name: &str) -> Option<&'static FaultType> {
    TYPES.iter().find(|one| one.name == name)
}

/// Whether a fault strikes and is over, and needs only to be seen mended.
pub const fn is_instant(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::PodFailure
            | Fault::NodeRestart
            | Fault::RolloutRestart
            | Fault::CacheFailure { action: CacheAction::Flush }
    )
}

/// Whether the fault is there for a while, and not over as soon as it has struck.
pub fn lingers(experiment: &Experiment) -> bool {
    !is_instant(&experiment.fault) || experiment.interval.is_some()
}
