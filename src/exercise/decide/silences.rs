//! Silences over alerts: that people want them or no more, and what became of them.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::said::said;
use crate::exercise::silencing::{Silencing, SilencingStatus, time_of_day};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::exercise::who::who;

pub(super) fn decide(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::SilenceAlerts { which, by } => return agreed(state, &which, &by),
        Command::LiftSilences { by } => return lifted(state, &by),
        Command::SilenceIsMade { silence, round, until, evidence }
            if is_being_made(state, silence, round) =>
        {
            Event::SilenceActive { silence, round, until, evidence }
        }
        Command::SilenceHasFailed { silence, round, error, nothing }
            if is_being_made(state, silence, round) =>
        {
            Event::SilenceFailed { silence, round, error, nothing }
        }
        Command::SilenceIsLifted { silence, attempt, evidence }
            if awaited(state, silence, attempt).is_some() =>
        {
            Event::Lifted { silence, evidence }
        }
        Command::LiftHasFailed { silence, attempt, error } => {
            let Some(run) = awaited(state, silence, attempt) else { return Ok(Vec::new()) };
            if run.is_surely_over(now.wall) {
                let evidence = said!(
                    "silence-over-by-itself",
                    "it was to end by itself at {time}, and that is over: {why}",
                    time = time_of_day(run.longest),
                    why = error
                );
                Event::Lifted { silence, evidence }
            } else {
                Event::LiftFailed { silence, attempt, error }
            }
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![event])
}

fn agreed(state: &State, which: &[usize], by: &str) -> Result<Vec<Event>, Refusal> {
    if matches!(state.stage, Stage::Closing | Stage::Ended) {
        return refuse(said!("refused-over", "the exercise is over"));
    }
    if state.silencings.is_empty() {
        return refuse(said!("refused-no-silence", "no silence over alerts is offered here"));
    }
    if state.halted.is_some() || state.real.is_some() {
        let why = said!("refused-silence-now", "something is wrong: every alert is to be heard");
        return refuse(why);
    }
    let all = state.silencings.iter().enumerate();
    let meant = all.filter(|(silence, _)| which.is_empty() || which.contains(silence));
    let offered = meant.filter(|(_, run)| run.status.is_offered());
    let events: Vec<Event> =
        offered.map(|(silence, _)| Event::SilenceAgreed { silence, by: by.to_owned() }).collect();
    if events.is_empty() {
        return refuse(said!("refused-silence-already", "that is agreed already"));
    }
    Ok(events)
}

fn lifted(state: &State, by: &str) -> Result<Vec<Event>, Refusal> {
    let why = said!("why-asked", "{by} asked for it", by = who(by));
    let runs = state.silencings.iter().enumerate();
    let events: Vec<Event> = runs
        .filter(|(_, run)| run.status.may_be_lifted())
        .map(|(silence, run)| match run.status {
            SilencingStatus::Agreed => Event::Lifted { silence, evidence: why.clone() },
            _ => Event::LiftStarted { silence, attempt: run.attempts + 1, why: why.clone() },
        })
        .collect();
    if events.is_empty() {
        return refuse(said!("refused-nothing-silenced", "no alert is silenced by this exercise"));
    }
    Ok(events)
}

/// Once lifting has begun, how the making ended no longer matters: the lifting waits for it.
fn is_being_made(state: &State, silence: usize, round: u32) -> bool {
    use SilencingStatus::{Active, Making};
    let run = state.silencings.get(silence);
    run.is_some_and(|run| matches!(run.status, Making | Active) && run.round == round)
}

/// The silence, if this is the answer to the lifting that is under way, not to an earlier one.
fn awaited(state: &State, silence: usize, attempt: u32) -> Option<&Silencing> {
    let run = state.silencings.get(silence)?;
    (run.status == SilencingStatus::Lifting && run.attempts == attempt).then_some(run)
}
