//! The fold's part for the inside of the target: instruments, failovers, data, and the levers of the teams.

use super::measured::watched;
use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::lever::LeverRun;
use crate::exercise::log::Audience;
use crate::exercise::reading::IntegrityCheck;
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, grouped};

/// `Data: nothing missing, extra or changed; 1,204 writes acknowledged, none lost`.
fn compared(check: &IntegrityCheck) -> String {
    let rows = check.discrepancies();
    let found = match rows {
        0 => "nothing missing, extra or changed".to_owned(),
        1 => "1 row missing, extra or changed".to_owned(),
        rows => format!("{} rows missing, extra or changed", grouped(rows as f64)),
    };
    let lost = if check.lost == 0 { "none".to_owned() } else { grouped(check.lost as f64) };
    let told = grouped(check.acknowledged as f64);
    format!("Data: {found}; {told} writes acknowledged, {lost} lost")
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
            let text = format!(
                "Failover by {}: {} took over from {} after {}",
                failover.by, failover.to, failover.from, failover.took
            );
            say(state, envelope, text, Audience::All);
            state.failovers.push((now, failover.clone()));
        }
        Event::CheckpointTaken(checkpoint) => state.checkpoint = Some(checkpoint.clone()),
        Event::ComparisonStarted => {
            state.comparing = Some(now);
            let text = "Comparing the data with its checkpoint".to_owned();
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::IntegrityChecked(check) => {
            say(state, envelope, compared(check), Audience::All);
            state.integrity = Some(Ok(check.clone()));
        }
        Event::IntegrityFailed { error } => {
            let text = format!("The data could not be compared: {error}");
            say(state, envelope, text, Audience::All);
            state.integrity = Some(Err(error.clone()));
        }
        Event::LeverPulled { id, lever, team, author } => {
            say(state, envelope, format!("{author} ({team}): {lever}"), Audience::All);
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
            let verdict = if *ok { "done" } else { "failed" };
            let text = format!("{} {verdict}: {said}", run.lever);
            say(state, envelope, text, Audience::All);
        }
        _ => {}
    }
}
