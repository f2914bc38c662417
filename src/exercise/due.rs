//! What has fallen due: what follows from the state and the time alone, without anyone asking.
//!
//! Called again and again until nothing more is due; every answer changes the state so that it is not due twice.

mod closing;
mod rules;
mod silences;

use super::approval;
use super::event::{Event, Outcome, PhaseEnd, When};
use super::go::{self, COUNTDOWN};
use super::id::InjectionId;
use super::log::FACILITATOR;
use super::said::{Said, said};
use super::schedule::{
    self, CHECK, GUARDRAIL, WARM_UP, cards_due, last_attempt_is_due, load_now, retry_is_due,
};
use super::stamp::Stamp;
use super::standings;
use super::state::{InjectionRun, InjectionStatus, Stage, State, Stop};
use super::steady;
use crate::gameday::catalog::lingers;

/// What is due at `now`; empty when nothing is.
pub fn due(state: &State, now: Stamp) -> Vec<Event> {
    let mut events = match state.stage {
        Stage::Preparing => preparing(state),
        Stage::Preflight => preflight(state, now),
        Stage::NoGo => no_go(state),
        Stage::Running => running(state, now),
        Stage::Closing => closing::closing(state, now),
        Stage::Ended => Vec::new(),
    };
    // Whatever is tried comes before the end, or not at all.
    let ends = events.iter().any(|event| matches!(event, Event::Ended { .. }));
    if state.stage != Stage::Ended && !ends {
        events.extend(undoing(state, now));
        events.extend(silences::due(state, now));
        events.extend(standings::due(state));
    }
    events
}

fn preparing(state: &State) -> Vec<Event> {
    if state.is_watch() {
        return vec![Event::WatchStarted];
    }
    if state.base_url.is_none() {
        return Vec::new();
    }
    // The load of the first phase begins here, so that the steady state is one under load.
    vec![Event::PreflightStarted]
}

fn preflight(state: &State, now: Stamp) -> Vec<Event> {
    if state.load.curve.is_none() && state.load.problem.is_none() {
        return vec![load_now(state, now, state.clock.since.is_some())];
    }
    if go::is_open(state) {
        return go::goes_at(state)
            .filter(|at| now.elapsed >= *at)
            .and_then(|_| go::given(state, COUNTDOWN, now).ok())
            .unwrap_or_default();
    }
    if state.steady.is_empty() && state.briefing.go.is_none() {
        if state.plan().steady_state.is_empty() {
            return start_phase(state, 0);
        }
        if now.since(state.stage_since) < WARM_UP + CHECK {
            return Vec::new();
        }
        let from = state.stage_since.elapsed + WARM_UP;
        let findings =
            steady::check(&state.plan().steady_state, &state.figures().between(from, now.elapsed));
        let holds = findings.iter().all(|finding| finding.holds);
        return vec![Event::SteadyStateChecked { when: When::Before, findings, holds }];
    }
    start_phase(state, 0)
}

fn no_go(state: &State) -> Vec<Event> {
    if state.overridden.is_some() {
        return start_phase(state, 0);
    }
    if state.header.headless {
        let why =
            said!("why-unsteady", "no-go: the steady state does not hold before the first phase");
        return vec![Event::ClosingStarted { outcome: Outcome::NotStarted, why }];
    }
    Vec::new()
}

/// A phase begins, and with it its load, unless the load is held or set by hand.
pub(super) fn start_phase(state: &State, phase: usize) -> Vec<Event> {
    if phase < state.phases.len() {
        // Before the first one, whatever it was that began it.
        let approved = (phase == 0).then(|| approval::whole(state, approver(state))).flatten();
        return approved.into_iter().chain([Event::PhaseStarted { phase }]).collect();
    }
    let early = said!("why-early", "the exercise ended before its time");
    let mut events = skipped(state, |_| true, &early);
    let why = said!("why-completed", "every phase is over");
    events.push(Event::ClosingStarted { outcome: Outcome::Completed, why });
    events
}

/// Who said go. Where nobody was asked, whoever started the program did.
fn approver(state: &State) -> &str {
    let go = state.briefing.go.as_ref().map(|(_, by)| by);
    let overrider = state.overridden.as_ref().map(|(by, _)| by);
    go.or(overrider).map_or(FACILITATOR, String::as_str)
}

/// Injections that still wait for their time and will not run, with the reason.
pub(super) fn skipped(
    state: &State,
    which: impl Fn(&InjectionRun) -> bool,
    why: &Said,
) -> Vec<Event> {
    let waiting = state.injections.iter().filter(|run| run.status == InjectionStatus::Planned);
    waiting
        .filter(|run| which(run))
        .map(|run| Event::InjectionSkipped { id: run.id, why: why.clone() })
        .collect()
}

fn running(state: &State, now: Stamp) -> Vec<Event> {
    let mut events = rules::slos(state);
    events.extend(rules::guardrails(state, now));
    if let Some(stop) = nobody_releases(state)
        && events.is_empty()
    {
        return vec![Event::ClosingStarted { outcome: Outcome::Halted, why: stop.reason.clone() }];
    }
    if !events.is_empty() || state.clock.since.is_none() || state.is_watch() {
        return events;
    }
    if load_is_stale(state) {
        return vec![load_now(state, now, true)];
    }
    let time = state.exercise_time(now);
    events.extend(state.injections.iter().filter_map(|run| {
        let due = run.status == InjectionStatus::Planned && state.injection_due(run) <= time;
        let begun = state.phases.get(run.phase).is_some_and(|phase| phase.started.is_some());
        (due && begun).then(|| Event::InjectionArmed { id: run.id, round: 0, by: "plan".into() })
    }));
    events.extend(rounds(state, now));
    events.extend(
        cards_due(state)
            .filter(|(_, _, due)| *due <= time)
            .map(|(phase, card, _)| Event::CardShown { phase, card }),
    );
    if !events.is_empty() {
        return events;
    }
    phase_change(state, now)
}

/// A halt, or a guardrail's hold, that nobody is there to release.
fn nobody_releases(state: &State) -> Option<&Stop> {
    let held = state.held.as_ref().filter(|stop| stop.by == GUARDRAIL);
    state.halted.as_ref().or(held).filter(|_| state.header.headless)
}

/// The phase changed since the load was last told what to follow.
fn load_is_stale(state: &State) -> bool {
    let Some((_, _, run)) = state.current_phase() else { return false };
    state.load.by_hand.is_none()
        && state.load.problem.is_none()
        && state.load.curve_seq < run.started_seq
}

fn phase_change(state: &State, now: Stamp) -> Vec<Event> {
    match state.current_phase() {
        Some((index, _, _)) => {
            let end = state.phase_start(index) + state.phase_length(index);
            if state.exercise_time(now) < end {
                return Vec::new();
            }
            let mut events = vec![Event::PhaseEnded { phase: index, why: PhaseEnd::Completed }];
            events.extend(start_phase(state, index + 1));
            events
        }
        None => {
            let next = state.phases.iter().position(|run| run.started.is_none());
            start_phase(state, next.unwrap_or(state.phases.len()))
        }
    }
}

/// Further rounds of faults that repeat. After a pause there is one round, not all that were missed.
fn rounds(state: &State, now: Stamp) -> impl Iterator<Item = Event> {
    state.injections.iter().filter_map(move |run| {
        let at = schedule::next_round(state, run.id)?;
        (at <= now.elapsed && !is_over(state, run, now)).then(|| Event::InjectionArmed {
            id: run.id,
            round: run.round + 1,
            by: "plan".into(),
        })
    })
}

/// Faults whose time is over, and undoing that failed and is tried again.
fn undoing(state: &State, now: Stamp) -> Vec<Event> {
    let stop = if state.halted.is_some() {
        Some(said!("why-halted", "halted"))
    } else if state.stage == Stage::Closing {
        Some(said!("why-over", "the exercise is over"))
    } else {
        None
    };
    state
        .injections
        .iter()
        .filter_map(|run| {
            let why = match run.status {
                InjectionStatus::Injecting if stop.is_some() || run.problem.is_some() => {
                    stop.clone().unwrap_or_else(|| said!("why-half-way", "it failed half-way"))
                }
                InjectionStatus::Active => match &stop {
                    Some(stop) => stop.clone(),
                    None => over(state, run, now)?,
                },
                InjectionStatus::NotReverted
                    if retry_is_due(run.last_failure, run.attempts, now)
                        || last_attempt_is_due(state, run.last_failure, now) =>
                {
                    said!("why-again", "trying again")
                }
                _ => return None,
            };
            Some(Event::RevertStarted { id: run.id, attempt: run.attempts + 1, why })
        })
        .collect()
}

fn is_over(state: &State, run: &InjectionRun, now: Stamp) -> bool {
    over(state, run, now).is_some()
}

/// Why an active fault is over, if it is. Its duration runs on through a hold.
fn over(state: &State, run: &InjectionRun, now: Stamp) -> Option<Said> {
    let experiment = &state.planned(InjectionId(run.id.0))?.experiment;
    if !lingers(experiment) {
        return Some(said!("why-instant", "done in an instant; waiting until it is mended"));
    }
    match experiment.duration {
        Some(duration) => {
            (now.since(run.t0?) >= duration).then(|| said!("why-time-over", "its time is over"))
        }
        None => {
            state.phases.get(run.phase)?.ended.map(|_| said!("why-phase-over", "its phase is over"))
        }
    }
}
