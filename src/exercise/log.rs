//! The incident log: what people typed and what the exercise itself has to say, in one order.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::id::IncidentId;
use super::said::Said;
use super::stamp::Stamp;
use crate::gameday::span::Span;

/// The name under which the facilitator writes, in place of a team. What is written under it is for the facilitator alone.
pub const FACILITATOR: &str = "facilitator";

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// Anything worth remembering.
    #[default]
    Note,
    /// Something learned; stands in the report.
    Lesson,
    /// Something that was done.
    Action,
    /// Something that was decided.
    Decision,
    /// A fix that was deployed.
    Fix,
    /// Anything else that was deployed, by whomever: what may have caused it, or mended it.
    Deploy,
    /// A configuration that was changed.
    ConfigChange,
    /// What customers or colleagues were told.
    Update,
    /// What went well; for the debrief.
    WentWell,
    /// What went badly; for the debrief.
    WentBadly,
    /// Where we were lucky; for the debrief.
    Lucky,
}

impl EntryKind {
    /// Its name, as a recording has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Lesson => "lesson",
            Self::Action => "action",
            Self::Decision => "decision",
            Self::Fix => "fix",
            Self::Deploy => "deploy",
            Self::ConfigChange => "config-change",
            Self::Update => "update",
            Self::WentWell => "went-well",
            Self::WentBadly => "went-badly",
            Self::Lucky => "lucky",
        }
    }
}

impl<'de> Deserialize<'de> for EntryKind {
    /// What a later version of the program calls otherwise is read as a note: the line itself is kept.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(from)?;
        Ok(KINDS.into_iter().find(|kind| kind.name() == name).unwrap_or_default())
    }
}

/// Every kind.
pub const KINDS: [EntryKind; 11] = [
    EntryKind::Note,
    EntryKind::Lesson,
    EntryKind::Action,
    EntryKind::Decision,
    EntryKind::Fix,
    EntryKind::Deploy,
    EntryKind::ConfigChange,
    EntryKind::Update,
    EntryKind::WentWell,
    EntryKind::WentBadly,
    EntryKind::Lucky,
];

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
    /// When it was, as whoever wrote it says.
    pub stamp: Stamp,
    /// When it was written down; later than `stamp` where it was back-dated.
    pub recorded: Stamp,
    /// When on the exercise clock.
    pub exercise_time: Span,
    /// The team that typed it; `None`: the exercise itself.
    pub team: Option<String>,
    /// Who in the team, where known.
    pub author: String,
    /// What it says. Text from outside: neutralise before showing.
    pub text: Said,
    /// What it is.
    pub kind: EntryKind,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// The events it rests on.
    pub evidence: Vec<u64>,
    /// Who may see it.
    pub audience: Audience,
    /// What it said before, and until when.
    pub before: Vec<(Stamp, Said)>,
}
