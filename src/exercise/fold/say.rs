//! Adds a line of the exercise's own to the log. What people type is `people`'s.

use crate::exercise::event::Envelope;
use crate::exercise::log::{Audience, EntryKind, LogEntry};
use crate::exercise::state::State;
use crate::gameday::metric::grouped;

/// Adds a line of the exercise's own to the log.
pub(super) fn say(state: &mut State, envelope: &Envelope, text: String, audience: Audience) {
    let exercise_time = state.exercise_time(envelope.stamp);
    state.log.push(LogEntry {
        seq: envelope.seq,
        stamp: envelope.stamp,
        recorded: envelope.stamp,
        exercise_time,
        team: None,
        author: String::new(),
        text,
        kind: EntryKind::Note,
        incident: None,
        audience,
        before: Vec::new(),
    });
}

/// A rate as it stands in the log.
pub(super) fn rate(rps: f64) -> String {
    format!("{} rps", grouped(rps))
}
