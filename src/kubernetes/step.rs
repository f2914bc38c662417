//! One round of one injection, as the cluster is told of it. Pure.

use super::name;
use crate::gameday::span::Span;

/// A fault must be over so long after its time at the latest, whatever happens to this program.
pub const MARGIN: Span = Span::from_secs(120);

/// One round of one injection of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The run (see `name::run_id`).
    pub run: String,
    /// The game day's name.
    pub game_day: String,
    /// The injection and its round: `pod-failure-0`.
    pub name: String,
    /// Unique over the exercise.
    pub key: String,
    /// How long the fault is planned to stay.
    pub lasts: Span,
    /// When it must be over whatever happens, milliseconds since 1970-01-01 UTC.
    pub deadline: i64,
}

impl Step {
    /// About when it is begun, milliseconds since 1970-01-01 UTC.
    pub fn began(&self) -> i64 {
        let planned = i64::try_from((self.lasts + MARGIN).as_millis()).unwrap_or(i64::MAX);
        self.deadline.saturating_sub(planned)
    }

    /// What its part `number` is called in the cluster.
    pub fn object(&self, number: usize) -> String {
        name::object(&self.run, &self.name, &format!("{}/{number}", self.key))
    }
}
