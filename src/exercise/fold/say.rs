//! Adds a line of the exercise's own to the log. What people type is `people`'s.

use crate::exercise::event::{Envelope, When};
use crate::exercise::log::{Audience, EntryKind, LogEntry};
use crate::exercise::said::{Place, Said, said};
use crate::exercise::state::State;
use crate::gameday::metric::grouped;

/// Adds a line of the exercise's own to the log.
pub(super) fn say(state: &mut State, envelope: &Envelope, text: Said, audience: Audience) {
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
        evidence: Vec::new(),
        before: Vec::new(),
    });
}

/// With the reason, where there is one.
pub(super) fn because(what: Said, reason: impl Into<Place>) -> Said {
    let reason = reason.into();
    if reason.english().is_empty() {
        return what;
    }
    said!("log-because", "{what}: {reason}", what = what, reason = reason)
}

/// What a look at the steady state found.
pub(super) fn steady(when: When, holds: bool) -> Said {
    match (when, holds) {
        (When::Before, true) => said!("log-steady-before", "Steady state before: holds"),
        (When::Before, false) => said!("log-unsteady-before", "Steady state before: does not hold"),
        (When::After, true) => said!("log-steady-after", "Steady state after: holds"),
        (When::After, false) => said!("log-unsteady-after", "Steady state after: does not hold"),
    }
}

/// A rate as it stands in the log.
pub(super) fn rate(rps: f64) -> String {
    format!("{} rps", grouped(rps))
}
