//! Why a line would do nothing, as data: whoever shows it finds the words. Nothing is lost, the line stays where it was typed.

use crate::exercise::id::IncidentId;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing is written.
    Nothing,
    /// A severity beyond those there are.
    Severity,
    /// An incident without a title; how the line began.
    Title { start: String },
    /// Nothing is said about an incident.
    About { id: IncidentId },
    /// Nothing is said behind this.
    Say { form: String },
    /// No incident is open.
    NoneOpen,
    /// Several are.
    Which { open: Vec<IncidentId> },
    /// There is no such incident.
    NoIncident { number: u32 },
    /// There is no such command; what was probably meant.
    NoCommand { name: String, near: Option<&'static str> },
    /// A severity is missing.
    NewSeverity { id: IncidentId },
    /// A title is missing.
    NewTitle { id: IncidentId },
    /// Only the facilitator says what is behind an incident.
    NotFacilitator,
    /// It is not said what is behind the incident.
    NewCause { id: IncidentId },
    /// There is no such injection; what was probably meant.
    NoInjection { name: String, near: Option<String> },
    /// There is no such category; what was probably meant.
    NoCategory { name: String, near: Option<&'static str> },
    /// No date can be read there.
    Due { text: String },
    /// There is no such role; what was probably meant.
    NoRole { name: String, near: Option<&'static str> },
    /// A name is missing, behind this.
    Name { form: &'static str },
    /// There is no such team; what was probably meant.
    NoTeam { name: String, near: Option<String> },
    /// The number of a card is missing.
    Card,
    /// There is no such card.
    NoCard { number: u32 },
}
