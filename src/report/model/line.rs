//! What somebody wrote or said, with its time. Plain data.

use serde::Serialize;

use super::time::Moment;
use crate::exercise::log::EntryKind;

/// The facilitator's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    pub met: bool,
    pub by: String,
    pub reason: String,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub seq: u64,
    pub at: Moment,
    /// `None`: the exercise itself.
    pub team: Option<String>,
    pub author: String,
    pub text: String,
    /// `note`, `lesson`, `action`, `decision`, `fix`, `deploy`, `config-change`, `update`, `went-well`, `went-badly`,
    /// `lucky`.
    pub kind: &'static str,
    pub incident: Option<u32>,
    /// Written down so much later than it was.
    pub back_dated_ms: Option<u64>,
    /// What it said before, the oldest first.
    pub before: Vec<String>,
}

impl Line {
    /// Whether it says that something was deployed, or a configuration changed.
    pub fn is_change(&self) -> bool {
        [EntryKind::Deploy, EntryKind::ConfigChange].iter().any(|kind| kind.name() == self.kind)
    }

    /// Whether it is more than a note.
    pub fn is_marked(&self) -> bool {
        self.kind != EntryKind::Note.name()
    }
}
