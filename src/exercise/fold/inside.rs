//! The fold's part for the inside of the target: instruments, failovers, data, and the levers of the teams.

use super::measured::watched;
use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::lever::LeverRun;
use crate::exercise::log::Audience;
use crate::exercise::reading::IntegrityCheck;
use crate::exercise::said::{Said, said};
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, grouped};

/// `Data: nothing missing, extra or changed; 1,204 writes acknowledged, none lost`.
fn compared(check: &IntegrityCheck) -> Said {
    let found = match check.discrepancies() {
        0 => said!("data-sound", "nothing missing, extra or changed"),
        1 => said!("data-one-row", "1 row missing, extra or changed"),
        rows => {
            let rows = grouped(rows as f64);
            said!("data-rows", "{rows} rows missing, extra or changed", rows = rows)
        }
    };
    let lost = match check.lost {
        0 => said!("data-none", "none"),
        lost => grouped(lost as f64).into(),
    };
    let told = grouped(check.acknowledged as f64);
    said!(
        "log-data",
        "Data: {found}; {told} writes acknowledged, {lost} lost",
        found = found,
        told = told,
        lost = lost
    )
}

/// Takes one event about the inside of the target in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::Observed(reading) => {
            if !state.readings.go_on(|next| next == reading) {
                state.readings.push(reading.clone());
            }
            watched(state, now, Metric::is_inside);
        }
        Event::FailedOver(failover) => {
            let text = said!(
                "log-failover",
                "Failover by {by}: {to} took over from {from} after {took}",
                by = &failover.by,
                to = &failover.to,
                from = &failover.from,
                took = failover.took
            );
            say(state, envelope, text, Audience::All);
            state.failovers.push((now, failover.clone()));
        }
        Event::CheckpointTaken(checkpoint) => state.checkpoint = Some(checkpoint.clone()),
        Event::ComparisonStarted => {
            state.comparing = Some(now);
            let text = said!("log-comparing", "Comparing the data with its checkpoint");
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::IntegrityChecked(check) => {
            say(state, envelope, compared(check), Audience::All);
            state.integrity = Some(Ok(check.clone()));
        }
        Event::IntegrityFailed { error } => {
            let text =
                said!("log-not-compared", "The data could not be compared: {why}", why = error);
            say(state, envelope, text, Audience::All);
            state.integrity = Some(Err(error.clone()));
        }
        Event::LeverPulled { id, lever, team, author } => {
            let words = lever.to_string();
            let text = said!(
                "log-lever",
                "{author} ({team}): {lever}",
                author = author,
                team = team,
                lever = words
            );
            say(state, envelope, text, Audience::All);
            state.levers.push(LeverRun {
                id: *id,
                lever: lever.clone(),
                team: team.clone(),
                author: author.clone(),
                at: now,
                outcome: None,
            });
        }
        Event::LeverDone { id, ok, said } => {
            let Some(run) = state.levers.iter_mut().find(|run| run.id == *id) else { return };
            run.outcome = Some((now, if *ok { Ok(said.clone()) } else { Err(said.clone()) }));
            let lever = run.lever.to_string();
            let text = if *ok {
                said!("log-lever-done", "{lever} done: {what}", lever = lever, what = said)
            } else {
                said!("log-lever-failed", "{lever} failed: {what}", lever = lever, what = said)
            };
            say(state, envelope, text, Audience::All);
        }
        _ => {}
    }
}
