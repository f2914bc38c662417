//! What a line can be about: everything with a name or a number that whoever types may know. Not the understanding.

use chrono::{DateTime, NaiveDate};

use crate::exercise::incident::Incident;
use crate::exercise::log::LogEntry;
use crate::exercise::people::{People, ShownCard};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;

/// What is known to whoever types.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// The incidents.
    pub incidents: &'a [Incident],
    /// The names of the injections, by their place; nobody but the facilitator knows them.
    pub injections: Vec<&'a str>,
    /// Whether the facilitator types.
    pub facilitates: bool,
    /// Who takes part, in which role.
    pub people: &'a People,
    /// The teams.
    pub teams: &'a [String],
    /// The cards that were shown.
    pub cards: &'a [ShownCard],
    /// The log so far.
    pub log: &'a [LogEntry],
    /// The day of the exercise, in UTC.
    pub today: NaiveDate,
    /// Now.
    pub now: Stamp,
}

impl<'a> Known<'a> {
    /// What `state` knows, told to the facilitator or to somebody else.
    pub fn of(state: &'a State, facilitates: bool) -> Self {
        let injections = state.plan().injections().map(|(_, planned)| planned.name.as_str());
        Self {
            incidents: &state.incidents,
            injections: if facilitates { injections.collect() } else { Vec::new() },
            facilitates,
            people: &state.people,
            teams: &state.plan().teams,
            cards: &state.cards,
            log: &state.log,
            today: DateTime::from_timestamp_millis(state.now.wall).unwrap_or_default().date_naive(),
            now: state.now,
        }
    }

    /// The incidents that are not closed.
    pub fn open(&self) -> impl Iterator<Item = &'a Incident> {
        self.incidents.iter().filter(|incident| !incident.status.is_closed())
    }

    /// The last line that somebody wrote for a team.
    pub fn last_line(&self, team: &str, author: &str) -> Option<&'a LogEntry> {
        let own = |one: &&LogEntry| one.team.as_deref() == Some(team) && one.author == author;
        self.log.iter().rev().find(own)
    }
}
