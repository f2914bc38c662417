//! Instants and lengths of time of a report. Not what happened then.

use serde::Serialize;

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Since the recording began.
    pub elapsed_ms: u64,
    /// On the exercise clock; `None`: before the first phase.
    pub clock_ms: Option<u64>,
    /// Since 1970-01-01 UTC.
    pub wall_ms: i64,
    /// Of a watch, where everybody goes by the time of day: whether the date stands with it, because the watch had more
    /// than one day; absent: an exercise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<bool>,
}

/// A length of time by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Length {
    /// Without holds and halts.
    pub running_ms: u64,
    /// With them.
    pub total_ms: u64,
}
