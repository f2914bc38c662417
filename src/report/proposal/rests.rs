//! What a proposal rests on: lines of the log by their events, and instants. Not what is proposed.

use crate::exercise::incident::Incident;
use crate::exercise::log::{EntryKind, LogEntry};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, State};
use crate::gameday::span::Span;
use crate::lang::Message;
use crate::report::words::length;

/// A line for the debrief, in no language yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Went well, went badly, or lucky.
    pub kind: EntryKind,
    /// What it says.
    pub says: Message,
    /// The events it rests on that the log has a line of, by their place in the recording.
    pub evidence: Vec<u64>,
    /// When what it rests on was.
    pub at: Stamp,
}

/// A line that is being made.
pub(super) fn line(kind: EntryKind, says: Message, evidence: Vec<Option<u64>>, at: Stamp) -> Line {
    let mut evidence: Vec<u64> = evidence.into_iter().flatten().collect();
    evidence.sort_unstable();
    evidence.dedup();
    Line { kind, says, evidence, at }
}

/// Injections that took effect, with T0 and their names.
pub(super) fn in_effect(state: &State) -> impl Iterator<Item = (&InjectionRun, Stamp, String)> {
    state.injections.iter().filter_map(|run| Some((run, run.t0?, state.name_of(run.id))))
}

/// The line in which the exercise itself says that an injection took effect.
pub(super) fn about(state: &State, name: &str, from: Stamp) -> Option<u64> {
    own_since(state, "log-took-effect", name, from)
}

/// The exercise's own first line since an instant that says this of the one with this name.
pub(super) fn own_since(state: &State, key: &str, name: &str, from: Stamp) -> Option<u64> {
    let own = |one: &&LogEntry| says(one, key, name) && one.recorded >= from;
    state.log.iter().find(own).map(|one| one.seq)
}

/// Whether it is a line of the exercise's own that says this of the one with this name.
fn says(entry: &LogEntry, key: &str, name: &str) -> bool {
    let part = entry.text.part(key).filter(|_| entry.team.is_none());
    part.is_some_and(|part| part.place("name") == Some(name))
}

/// The line with which an incident was opened.
pub(super) fn opening(state: &State, incident: &Incident) -> Option<u64> {
    let opens = |one: &&LogEntry| one.incident == Some(incident.id);
    state.log.iter().find(opens).map(|one| one.seq)
}

/// The exercise's own line of an instant that says this of the one with this name.
pub(super) fn own_line(state: &State, at: Stamp, key: &str, name: &str) -> Option<u64> {
    let own = |one: &&LogEntry| says(one, key, name) && one.recorded == at;
    state.log.iter().find(own).map(|one| one.seq)
}

/// The line of an instant at which a replica took over.
pub(super) fn failover_line(state: &State, at: Stamp) -> Option<u64> {
    let own = |one: &&LogEntry| one.text.key() == "log-failover" && one.recorded == at;
    state.log.iter().find(own).map(|one| one.seq)
}

/// The last line that says this; with a place `number`, of that number.
pub(super) fn last_line(state: &State, key: &str, number: Option<usize>) -> Option<u64> {
    let number = number.map(|number| number.to_string());
    let own = |one: &&LogEntry| {
        let part = one.text.part(key).filter(|_| one.team.is_none());
        part.is_some_and(|part| number.is_none() || part.place("number") == number.as_deref())
    };
    state.log.iter().rev().find(own).map(|one| one.seq)
}

pub(super) fn span(span: Span) -> String {
    length(span.as_millis())
}
