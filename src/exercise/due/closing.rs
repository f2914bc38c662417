//! The end of an exercise: everything undone, one more look at the steady state, then over.

use super::silences;
use crate::exercise::event::{Event, Outcome, When};
use crate::exercise::said::{Between, Said, said};
use crate::exercise::schedule::{CHECK, failed_at_the_end, patience};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, InjectionStatus, State};
use crate::exercise::steady;
use crate::gameday::plan::Target;
use crate::gameday::span::Span;

/// How long the last attempt, at the end of that time, may take.
const LAST_ATTEMPT: Span = Span::from_secs(10);

/// The same in a cluster: as long as any attempt there.
const LAST_ATTEMPT_IN_CLUSTER: Span = Span::from_secs(120);

fn last_attempt(state: &State) -> Span {
    match state.plan().target {
        Target::Kubernetes(_) => LAST_ATTEMPT_IN_CLUSTER,
        Target::Lab | Target::Url { .. } => LAST_ATTEMPT,
    }
}

/// How long requests that were under way when the load stopped may take before the data is compared.
const SETTLING: Span = Span::from_secs(2);

/// How long comparing may take: longer than whoever does it gives itself.
const COMPARING: Span = Span::from_secs(20);

/// What is due while closing.
pub(super) fn closing(state: &State, now: Stamp) -> Vec<Event> {
    let Some((outcome, why)) = state.ending.clone() else { return Vec::new() };
    // Whoever stops everything in the last seconds has halted the exercise all the same.
    let (outcome, why) = match &state.halted {
        Some(halt) if outcome != Outcome::NotStarted => (Outcome::Halted, halt.reason.clone()),
        _ => (outcome, why),
    };
    let waiting = now.since(state.stage_since);
    let faults = || state.live_injections().filter(|run| state.planned(run.id).is_some());
    if faults().next().is_some() || silences::any_is_live(state) {
        let last = state.live_injections().any(|run| !has_had_its_last_attempt(state, run))
            || silences::any_lacks_its_last_attempt(state);
        let (patience, attempt) = (patience(state), last_attempt(state));
        if waiting < patience || (last && waiting < patience + attempt) {
            return Vec::new();
        }
        let live = faults().map(|run| state.name_of(run.id).into());
        let left = Said::all(live.chain(silences::left(state)), Between::Comma);
        let why = said!("why-left", "{why}; NOT undone: {left}", why = why, left = left);
        return vec![Event::LoadStopped, Event::Ended { outcome, why }];
    }
    let checked = state.steady.iter().any(|check| check.when == When::After);
    let looks = outcome == Outcome::Completed
        && state.load.curve.is_some()
        && !state.plan().steady_state.is_empty();
    if looks && !checked {
        return look_again(state, now);
    }
    if state.load.curve.is_some() {
        return vec![Event::LoadStopped];
    }
    comparison(state, now).unwrap_or_else(|| vec![Event::Ended { outcome, why }])
}

fn has_had_its_last_attempt(state: &State, run: &InjectionRun) -> bool {
    run.status == InjectionStatus::NotReverted && failed_at_the_end(state, run.last_failure)
}

/// The data is compared when everything is undone and what was under way has come to an end; only where a checkpoint
/// was taken. `None`: that is over; an empty list: it is under way.
fn comparison(state: &State, now: Stamp) -> Option<Vec<Event>> {
    if state.checkpoint.is_none() || state.integrity.is_some() {
        return None;
    }
    match state.comparing {
        Some(since) if now.since(since) < COMPARING => Some(Vec::new()),
        Some(_) => {
            let error = said!("why-no-answer", "no answer within {limit}", limit = COMPARING);
            Some(vec![Event::IntegrityFailed { error }])
        }
        None => {
            let stopped = state.load.stopped.map_or(Span::ZERO, |stopped| now.since(stopped));
            let settled = state.load.stopped.is_none() || stopped >= SETTLING;
            Some(if settled { vec![Event::ComparisonStarted] } else { Vec::new() })
        }
    }
}

/// The steady state after: over [`CHECK`] since the last fault was undone, at the load of the last phase.
fn look_again(state: &State, now: Stamp) -> Vec<Event> {
    let undone = state.injections.iter().filter_map(|run| run.reverted).max();
    let from = undone.map_or(state.stage_since, |undone| undone.max(state.stage_since)).elapsed;
    if now.elapsed - from < CHECK {
        return Vec::new();
    }
    let figures = state.figures().between(from, now.elapsed);
    let findings = steady::check(&state.plan().steady_state, &figures);
    let holds = findings.iter().all(|finding| finding.holds);
    vec![Event::SteadyStateChecked { when: When::After, findings, holds }]
}
