//! Silences over alerts that are to begin, to be made anew, or to be lifted.

use crate::exercise::event::Event;
use crate::exercise::quiet::{may_silence, name_of, order};
use crate::exercise::said::{Said, said};
use crate::exercise::schedule::{failed_at_the_end, last_attempt_is_due, patience, retry_is_due};
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
                if retry_is_due(run.last_failure, run.attempts, now)
                    || last_attempt_is_due(state, run.last_failure, now) =>
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

/// Whether any may silence alerts still.
pub(super) fn any_is_live(state: &State) -> bool {
    state.silencings.iter().any(|run| run.status.is_live())
}

/// Whether lifting one is to be tried once more before the exercise ends without it.
pub(super) fn any_lacks_its_last_attempt(state: &State) -> bool {
    let had = |run: &Silencing| {
        run.status == SilencingStatus::NotLifted && failed_at_the_end(state, run.last_failure)
    };
    state.silencings.iter().filter(|run| run.status.is_live()).any(|run| !had(run))
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
