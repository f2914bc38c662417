//! Silences over alerts that are to begin, to be made anew, or to be lifted.

use crate::exercise::event::Event;
use crate::exercise::quiet::{may_silence, name_of, order};
use crate::exercise::said::{Said, said};
use crate::exercise::schedule::{patience, retry_after};
use crate::exercise::silencing::{Silencing, SilencingStatus, time_of_day};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};

/// What is due of them at `now`.
pub(super) fn due(state: &State, now: Stamp) -> Vec<Event> {
    let stop = stop(state, now);
    let runs = state.silencings.iter().enumerate();
    runs.filter_map(|(silence, run)| {
        let lift = |why| Event::LiftStarted { silence, attempt: run.attempts + 1, why };
        match run.status {
            SilencingStatus::Agreed if may_silence(state) => started(state, silence, now),
            SilencingStatus::Making if stop.is_some() || run.problem.is_some() => {
                let half = || said!("why-half-way", "it failed half-way");
                Some(lift(stop.clone().unwrap_or_else(half)))
            }
            SilencingStatus::Active => match &stop {
                Some(stop) => Some(lift(stop.clone())),
                None if run.is_to_be_renewed(now) => started(state, silence, now),
                None => None,
            },
            SilencingStatus::NotLifted
                if retry_is_due(run, now) || last_attempt_is_due(state, run, now) =>
            {
                Some(lift(said!("why-again", "trying again")))
            }
            _ => None,
        }
    })
    .collect()
}

fn started(state: &State, silence: usize, now: Stamp) -> Option<Event> {
    let (order, undo) = order(state, silence, now)?;
    let round = state.silencings.get(silence)?.round + 1;
    Some(Event::SilenceStarted { silence, round, order, undo })
}

/// Why silences are over: at once where something is wrong; at the end as soon as no fault is left that would call people.
fn stop(state: &State, now: Stamp) -> Option<Said> {
    if state.halted.is_some() {
        return Some(said!("why-halted", "halted"));
    }
    if state.real.is_some() {
        return Some(said!("why-real", "a real incident"));
    }
    let patient =
        now.since(state.stage_since) < patience(state) && state.live_injections().next().is_some();
    (state.stage == Stage::Closing && !patient).then(|| said!("why-over", "the exercise is over"))
}

fn retry_is_due(run: &Silencing, now: Stamp) -> bool {
    run.last_failure.is_none_or(|failed| now.since(failed) >= retry_after(run.attempts))
}

fn last_attempt_is_due(state: &State, run: &Silencing, now: Stamp) -> bool {
    let over = state.stage == Stage::Closing && now.since(state.stage_since) >= patience(state);
    over && !has_had_its_last_attempt(state, run)
}

fn has_had_its_last_attempt(state: &State, run: &Silencing) -> bool {
    let failed = run.last_failure.is_some_and(|at| at.since(state.stage_since) >= patience(state));
    failed && run.status == SilencingStatus::NotLifted
}

/// Whether lifting one is to be tried once more before the exercise ends without it.
pub(super) fn any_lacks_its_last_attempt(state: &State) -> bool {
    let mut live = state.silencings.iter().filter(|run| run.status.is_live());
    live.any(|run| !has_had_its_last_attempt(state, run))
}

/// Those that may silence alerts still, and when they end by themselves.
pub(super) fn left(state: &State) -> impl Iterator<Item = Said> {
    let runs = state.silencings.iter().enumerate();
    runs.filter(|(_, run)| run.status.is_live()).map(|(silence, run)| {
        said!(
            "silence-left",
            "{silence}, which ends by itself at {time}",
            silence = name_of(state, silence),
            time = time_of_day(run.longest)
        )
    })
}
