//! What comes of a command: events, or a refusal that says why. Pure: the same state, command and instant give the same answer.

mod conduct;
mod crew;
mod inside;
mod outcomes;
mod people;
mod silences;
mod watch;

use super::command::{Command, Refusal};
use super::due::due;
use super::event::{Envelope, Event};
use super::fold::apply;
use super::stamp::Stamp;
use super::state::State;

/// Any exercise settles in far fewer rounds; the bound keeps a mistake in the rules from hanging the program.
const MOST_ROUNDS: usize = 10_000;

/// What comes of `command` at `now`, without what falls due anyway.
///
/// # Errors
/// When the command cannot be followed; the sentence is for the person who asked.
pub fn decide(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    watch::touches_nothing(state, &command)?;
    match command {
        Command::Tick => Ok(Vec::new()),
        Command::Go { .. }
        | Command::HoldBriefing { .. }
        | Command::OverrideNoGo { .. }
        | Command::Hold { .. }
        | Command::Resume { .. }
        | Command::SkipPhase { .. }
        | Command::ExtendPhase { .. }
        | Command::InjectNow { .. }
        | Command::CancelInjection { .. }
        | Command::DelayInjection { .. }
        | Command::Revert { .. }
        | Command::Halt { .. }
        | Command::Release { .. }
        | Command::ChangeLoad { .. }
        | Command::End { .. } => conduct::decide(state, command, now),
        Command::SilenceAlerts { .. }
        | Command::LiftSilences { .. }
        | Command::SilenceIsMade { .. }
        | Command::SilenceHasFailed { .. }
        | Command::SilenceIsLifted { .. }
        | Command::LiftHasFailed { .. } => silences::decide(state, command, now),
        Command::Log { .. }
        | Command::EditLast { .. }
        | Command::PinMoment { .. }
        | Command::OpenIncident { .. }
        | Command::MoveIncident { .. }
        | Command::EditIncident { .. }
        | Command::LinkIncident { .. } => people::decide(state, command, now),
        Command::SetAside { .. }
        | Command::DeclareReal { .. }
        | Command::AddTeam { .. }
        | Command::Join { .. }
        | Command::TakeRole { .. }
        | Command::DrawCard { .. }
        | Command::AcknowledgeCard { .. }
        | Command::GiveHint { .. }
        | Command::ShowBoard { .. }
        | Command::ScoreObjective { .. }
        | Command::JudgeExpectation { .. }
        | Command::NoteImprovement { .. }
        | Command::DropImprovement { .. }
        | Command::SettleEarlier { .. } => crew::decide(state, command),
        Command::WatchIsTakenUp
        | Command::ThenIsKnown(_)
        | Command::AskingStands { .. }
        | Command::ShareIs { .. }
        | Command::AlertsAre(_)
        | Command::AlertsAreUnknown { .. } => Ok(watch::decide(state, command, now)),
        Command::PullLever { .. }
        | Command::ReadingTaken(_)
        | Command::HasFailedOver(_)
        | Command::CheckpointIsTaken(_)
        | Command::DataCompared(_)
        | Command::DataCheckHasFailed { .. }
        | Command::LeverIsDone { .. } => inside::decide(state, command),
        Command::TargetIsReady { .. }
        | Command::TargetHasFailed { .. }
        | Command::TargetLooks(_)
        | Command::ClusterSays(_)
        | Command::SampleTaken(_)
        | Command::LoadHasFailed { .. }
        | Command::FaultPrepared { .. }
        | Command::FaultTookEffect { .. }
        | Command::FaultHasFailed { .. }
        | Command::FaultReverted { .. }
        | Command::RevertHasFailed { .. } => outcomes::decide(state, command),
    }
}

/// Decides, folds the events into `state`, and goes on until nothing more is due. Returns every event with its place.
///
/// # Errors
/// When the command is refused; then `state` is unchanged.
pub fn advance(state: &mut State, command: Command, now: Stamp) -> Result<Vec<Envelope>, Refusal> {
    let mut happened = Vec::new();
    let mut events = decide(state, command, now)?;
    for _ in 0..MOST_ROUNDS {
        for event in events {
            let envelope = Envelope { seq: state.seq + 1, stamp: now, event };
            apply(state, &envelope);
            happened.push(envelope);
        }
        events = due(state, now);
        if events.is_empty() {
            break;
        }
    }
    Ok(happened)
}
