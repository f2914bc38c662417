//! The fold's part for the inside of the target: instruments, failovers, data, and the levers of the teams.

use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::lever::LeverRun;
use crate::exercise::log::Audience;
use crate::exercise::state::State;

/// Takes one event about the inside of the target in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::Observed(reading) => state.readings.push(reading.clone()),
        Event::FailedOver(failover) => {
            let text = format!(
                "Failover by {}: {} took over from {} after {}",
                failover.by, failover.to, failover.from, failover.took
            );
            say(state, envelope, text, Audience::All);
            state.failovers.push((now, failover.clone()));
        }
        Event::CheckpointTaken(checkpoint) => state.checkpoint = Some(checkpoint.clone()),
        Event::IntegrityChecked(check) => state.integrity = Some(Ok(check.clone())),
        Event::IntegrityFailed { error } => state.integrity = Some(Err(error.clone())),
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
