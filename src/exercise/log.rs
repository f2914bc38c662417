//! The incident log: what people typed and what the exercise itself has to say, in one order.

use serde::{Deserialize, Serialize};

use super::id::IncidentId;
use super::stamp::Stamp;
use crate::gameday::span::Span;

/// The name under which the facilitator writes, in place of a team. What is written under it is for the facilitator alone.
pub const FACILITATOR: &str = "facilitator";

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// Anything worth remembering.
    #[default]
    Note,
    /// Something learned; stands in the report.
    Lesson,
}

/// Who may see a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everyone.
    All,
    /// Only the facilitator: it tells of injections.
    Facilitator,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEntry {
    /// The event it came with.
    pub seq: u64,
    /// When.
    pub stamp: Stamp,
    /// When on the exercise clock.
    pub exercise_time: Span,
    /// The team that typed it; `None`: the exercise itself.
    pub team: Option<String>,
    /// Who in the team, where known.
    pub author: String,
    /// What it says. Text from outside: neutralise before showing.
    pub text: String,
    /// What it is.
    pub kind: EntryKind,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// Who may see it.
    pub audience: Audience,
}
