//! An incident and its life: open → acknowledged → investigating → mitigated → resolved, or false alarm, or duplicate.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{IncidentId, InjectionId};
use super::said::{Said, said};
use super::signal::Signal;
use super::stamp::Stamp;

/// How bad. Unsure: take the higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// Critical, public.
    Sev1,
    /// Critical, many customers.
    Sev2,
    /// Some customers.
    Sev3,
    /// Few customers.
    Sev4,
    /// A nuisance.
    Sev5,
}

impl Severity {
    /// From the digit 1 to 5.
    pub const fn from_digit(digit: u32) -> Option<Self> {
        match digit {
            1 => Some(Self::Sev1),
            2 => Some(Self::Sev2),
            3 => Some(Self::Sev3),
            4 => Some(Self::Sev4),
            5 => Some(Self::Sev5),
            _ => None,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SEV{}", *self as u8 + 1)
    }
}

/// Where an incident is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentStatus {
    /// Someone noticed.
    Open,
    /// Someone takes care.
    Acknowledged,
    /// The cause is looked for.
    Investigating,
    /// Customers no longer feel it.
    Mitigated,
    /// It is over.
    Resolved,
    /// There was nothing.
    FalseAlarm,
    /// Another incident is the same.
    Duplicate,
}

impl IncidentStatus {
    /// Whether nothing more is to be done.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Resolved | Self::FalseAlarm | Self::Duplicate)
    }
}

impl IncidentStatus {
    /// In words.
    pub fn said(self) -> Said {
        match self {
            Self::Open => said!("is-open", "open"),
            Self::Acknowledged => said!("is-acknowledged", "acknowledged"),
            Self::Investigating => said!("is-investigating", "investigating"),
            Self::Mitigated => said!("is-mitigated", "mitigated"),
            Self::Resolved => said!("is-resolved", "resolved"),
            Self::FalseAlarm => said!("is-false-alarm", "false alarm"),
            Self::Duplicate => said!("is-duplicate", "duplicate"),
        }
    }
}

impl fmt::Display for IncidentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().english())
    }
}

/// What is behind an incident, in the facilitator's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An injection.
    Injection(InjectionId),
    /// Something real that nobody injected: worth more than the exercise.
    Discovery,
    /// No injection, and nothing is known of it.
    Unknown,
}

/// What an incident was, until it was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentEdit {
    /// When it was edited.
    pub at: Stamp,
    /// Its title until then.
    pub title: String,
    /// Its severity until then.
    pub severity: Severity,
    /// Who edited it.
    pub author: String,
}

/// One incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Its number.
    pub id: IncidentId,
    /// The team that opened it.
    pub team: String,
    /// What is wrong, in their words. Text from outside: neutralise before showing.
    pub title: String,
    /// How bad.
    pub severity: Severity,
    /// Where it is.
    pub status: IncidentStatus,
    /// When it was opened, as its team says.
    pub opened: Stamp,
    /// When that was written down; later than `opened` where it was back-dated.
    pub recorded: Stamp,
    /// Who opened it.
    pub author: String,
    /// People who were called for it.
    pub people: Vec<String>,
    /// What it is about, in words behind `#`.
    pub tags: Vec<String>,
    /// What asked for it; `None`: a person noticed by themselves.
    pub signal: Option<Signal>,
    /// The facilitator's word on its cause; `None`: worked out by time and target.
    pub cause: Option<Cause>,
    /// The incident it is a duplicate of.
    pub duplicate_of: Option<IncidentId>,
    /// What it was before, the oldest first.
    pub edits: Vec<IncidentEdit>,
    /// Every later status with its time and team, in order.
    pub moves: Vec<(Stamp, IncidentStatus, String)>,
}

impl Incident {
    /// One that was just opened by a person who noticed something.
    pub fn new(id: IncidentId, team: &str, title: &str, severity: Severity, opened: Stamp) -> Self {
        Self {
            id,
            team: team.to_owned(),
            title: title.to_owned(),
            severity,
            status: IncidentStatus::Open,
            opened,
            recorded: opened,
            author: String::new(),
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
            cause: None,
            duplicate_of: None,
            edits: Vec::new(),
            moves: Vec::new(),
        }
    }

    /// When it first reached `status`.
    pub fn reached(&self, status: IncidentStatus) -> Option<Stamp> {
        self.moves.iter().find(|(_, to, _)| *to == status).map(|(stamp, _, _)| *stamp)
    }
}
