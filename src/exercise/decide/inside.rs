//! What comes of news from inside the target, and of levers that teams pull.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::id::LeverId;
use crate::exercise::said::said;
use crate::exercise::state::{Stage, State};

/// Decides on a command about the inside of the target.
pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    // The target goes on talking for a moment after everything is over.
    if state.stage == Stage::Ended && !matches!(command, Command::PullLever { .. }) {
        return Ok(Vec::new());
    }
    Ok(vec![match command {
        Command::ReadingTaken(reading) => Event::Observed(reading),
        Command::HasFailedOver(failover) => Event::FailedOver(failover),
        Command::CheckpointIsTaken(checkpoint) => Event::CheckpointTaken(checkpoint),
        Command::DataCompared(check) => Event::IntegrityChecked(check),
        Command::DataCheckHasFailed { error } => Event::IntegrityFailed { error },
        Command::LeverIsDone { id, ok, said } => {
            let waits = state.levers.iter().any(|run| run.id == id && run.outcome.is_none());
            if !waits {
                return Ok(Vec::new());
            }
            Event::LeverDone { id, ok, said }
        }
        Command::PullLever { lever, team, author } => {
            if matches!(state.stage, Stage::Preparing | Stage::Ended) {
                return refuse(said!(
                    "refused-no-target",
                    "there is no target to repair at the moment"
                ));
            }
            if !state.plan().teams.contains(&team) {
                return refuse(said!(
                    "refused-unknown-team",
                    "there is no team {team}",
                    team = &team
                ));
            }
            let number = u32::try_from(state.levers.len()).unwrap_or(u32::MAX);
            Event::LeverPulled { id: LeverId(number.saturating_add(1)), lever, team, author }
        }
        _ => return Ok(Vec::new()),
    }])
}
