//! What one line will do, as data, and the commands that it gives. Not how it was written.

use crate::exercise::command::Command;
use crate::exercise::id::IncidentId;
use crate::exercise::improvement::Proposal;
use crate::exercise::incident::{Cause, IncidentStatus, Severity};
use crate::exercise::log::{EntryKind, FACILITATOR};
use crate::exercise::signal::Signal;
use crate::gameday::people::{Person, Role};
use crate::gameday::span::Span;

/// What one line will do. `ago`: so long before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// A line for the log; `evidence`: the events it rests on.
    Note {
        text: String,
        kind: EntryKind,
        incident: Option<IncidentId>,
        ago: Span,
        evidence: Vec<u64>,
    },
    /// Remembers this moment; the text may be empty.
    Pin { text: String },
    /// Writes the own last line anew.
    EditLast { text: String },
    /// Opens an incident.
    Open {
        severity: Severity,
        title: String,
        people: Vec<String>,
        tags: Vec<String>,
        ago: Span,
        signal: Option<Signal>,
    },
    /// Changes the status of an incident; `note` is what was written behind it.
    Move {
        id: IncidentId,
        to: IncidentStatus,
        of: Option<IncidentId>,
        note: Option<String>,
        ago: Span,
    },
    /// Gives an incident another title or severity.
    Edit { id: IncidentId, title: Option<String>, severity: Option<Severity> },
    /// Says what is behind an incident.
    Link { id: IncidentId, cause: Cause },
    /// Notes what should become better.
    Improve { says: Proposal },
    /// Gives somebody a role.
    Role { role: Role, person: String },
    /// Lets somebody take part.
    Join { person: Person },
    /// One more team.
    Team { team: String },
    /// A card was seen; they count from 0.
    Got { card: usize },
}

impl LogLine {
    /// What it asks of the exercise, in this order, in the name of who wrote it.
    pub fn commands(self, team: &str, author: &str) -> Vec<Command> {
        let (team, author) = (team.to_owned(), author.to_owned());
        vec![match self {
            Self::Note { text, kind, incident, ago, evidence } => {
                Command::Log { team, author, text, kind, incident, ago, evidence }
            }
            Self::Pin { text } => Command::PinMoment { team, author, text },
            Self::EditLast { text } => Command::EditLast { team, author, text },
            Self::Open { severity, title, people, tags, ago, signal } => {
                Command::OpenIncident { team, author, title, severity, ago, people, tags, signal }
            }
            Self::Move { id, to, of, note, ago } => {
                let entry = note.map(|text| Command::Log {
                    team: team.clone(),
                    author: author.clone(),
                    text,
                    kind: EntryKind::Note,
                    incident: Some(id),
                    ago,
                    evidence: Vec::new(),
                });
                let moved = Command::MoveIncident { id, to, team, author, ago, of };
                return std::iter::once(moved).chain(entry).collect();
            }
            Self::Edit { id, title, severity } => {
                Command::EditIncident { id, title, severity, team, author }
            }
            // Only the facilitator's line can be one, for whichever team it is typed.
            Self::Link { id, cause } => {
                Command::LinkIncident { id, cause, team: FACILITATOR.to_owned(), author }
            }
            Self::Improve { says } => Command::NoteImprovement { id: None, says, team, author },
            Self::Role { role, person } => Command::TakeRole { role, person, by: author },
            Self::Join { person } => Command::Join { person, by: author },
            Self::Team { team } => Command::AddTeam { team, by: author },
            Self::Got { card } => Command::AcknowledgeCard { card, team, author },
        }]
    }
}
