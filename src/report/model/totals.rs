//! How many there were of everything, as plain data. Not what they were.

use serde::Serialize;

/// Counts over the whole exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub objectives: usize,
    /// Planned, and those of them that took effect, were noticed by a team, and were seen to be undone.
    pub injections: usize,
    pub in_effect: usize,
    pub detected: usize,
    pub reverted: usize,
    pub violations: usize,
    pub incidents: usize,
    pub false_alarms: usize,
    pub holds: usize,
    pub halts: usize,
}
