//! What the load should be now, and when something falls due next. Pure arithmetic on the state.

use super::event::{Event, PhaseEnd};
use super::said::Said;
use super::stamp::Stamp;
use super::state::{InjectionRun, InjectionStatus, Stage, State};
use crate::gameday::load::{LoadPattern, RateCurve};
use crate::gameday::plan::Target;
use crate::gameday::span::Span;

/// How long customers are watched before the first phase, and again after the last.
pub const CHECK: Span = Span::from_secs(5);

/// How long the load runs before the watching begins: connections open, caches fill.
pub const WARM_UP: Span = Span::from_secs(3);

/// How long undoing is tried before the exercise ends with a list of what is left.
const PATIENCE: Span = Span::from_secs(120);

/// The same in a cluster, where others must undo and may be slow.
const PATIENCE_IN_CLUSTER: Span = Span::from_secs(300);

/// The longest pause between two looks at the clock.
const LONGEST_PAUSE: Span = Span::from_secs(1);

/// How long undoing is tried before the exercise ends with a list of what is left.
pub fn patience(state: &State) -> Span {
    match state.plan().target {
        Target::Kubernetes(_) => PATIENCE_IN_CLUSTER,
        Target::Lab | Target::Url { .. } => PATIENCE,
    }
}

/// How long after the `attempts`-th failed undo it is tried again: 1, 2, 4 … at most 30 seconds.
pub fn retry_after(attempts: u32) -> Span {
    Span::from_secs(1_u64 << attempts.saturating_sub(1).min(5)).min(Span::from_secs(30))
}

/// Whether undoing that failed is tried again now.
pub fn retry_is_due(last_failure: Option<Stamp>, attempts: u32, now: Stamp) -> bool {
    last_failure.is_none_or(|failed| now.since(failed) >= retry_after(attempts))
}

/// Whether undoing that failed is tried once more now, whatever the pause between attempts: the exercise ends without it else.
pub fn last_attempt_is_due(state: &State, last_failure: Option<Stamp>, now: Stamp) -> bool {
    let over = state.stage == Stage::Closing && now.since(state.stage_since) >= patience(state);
    over && !failed_at_the_end(state, last_failure)
}

/// Whether undoing failed even when the time for it was up.
pub fn failed_at_the_end(state: &State, last_failure: Option<Stamp>) -> bool {
    last_failure.is_some_and(|at| at.since(state.stage_since) >= patience(state))
}

/// The curve the plan asks for at `now`: the running phase's from where it stands; before the first phase its
/// beginning. Where the exercise clock stands still (`clock_runs` is false) so does the rate.
pub fn planned_curve(state: &State, now: Stamp, clock_runs: bool) -> RateCurve {
    let time = state.exercise_time(now);
    let index =
        state.current_phase().map_or_else(|| first_open_phase(state), |(index, _, _)| index);
    let Some(phase) = state.plan().phases.get(index) else { return RateCurve::flat(0.0) };
    let running = state.current_phase().is_some();
    let position = if running { time - state.phase_start(index) } else { Span::ZERO };
    let pattern = phase.load.unwrap_or(LoadPattern::Constant { rps: 0.0 });
    let curve = RateCurve { pattern, duration: phase.duration, position };
    if running && clock_runs { curve } else { RateCurve::flat(curve.rate_after(Span::ZERO)) }
}

fn first_open_phase(state: &State) -> usize {
    state.phases.iter().position(|run| run.ended.is_none()).unwrap_or(0)
}

/// The load that should be followed from `now` on: set by hand, or the plan's.
pub fn load_now(state: &State, now: Stamp, clock_runs: bool) -> Event {
    let by_hand = state.load.by_hand.map(RateCurve::flat);
    let curve = by_hand.unwrap_or_else(|| planned_curve(state, now, clock_runs));
    Event::LoadFollowed { curve }
}

/// The name under which guardrails act.
pub const GUARDRAIL: &str = "guardrail";

/// A hold: the exercise clock stops and the load stays at its present rate.
pub fn held(state: &State, by: String, reason: Said, now: Stamp) -> Vec<Event> {
    let mut events = vec![Event::Held { by, reason }];
    if state.load.curve.is_some() {
        events.push(Event::LoadFollowed { curve: RateCurve::flat(state.load.rate(now)) });
    }
    events
}

/// The elapsed time at which the next round of a repeating fault may start.
pub fn next_round(state: &State, id: super::id::InjectionId) -> Option<Span> {
    let run = state.injections.get(id.0)?;
    let interval = state.planned(id)?.experiment.interval?;
    (run.status == InjectionStatus::Active)
        .then(|| run.armed.map_or(Span::ZERO, |armed| armed.elapsed) + interval)
}

/// How long to wait at `now` until something may fall due: never longer than a second.
pub fn pause(state: &State, now: Stamp) -> Span {
    let time = state.exercise_time(now);
    let mut next = LONGEST_PAUSE;
    let mut by = |due: Span, at: Span| next = next.min((due - at).max(Span::from_millis(1)));
    if state.clock.since.is_some() {
        if let Some((index, _, _)) = state.current_phase() {
            by(state.phase_start(index) + state.phase_length(index), time);
        }
        if let Some((_, due)) = state.next_injection() {
            by(due, time);
        }
        for due in cards_due(state).map(|(_, _, due)| due) {
            by(due, time);
        }
    }
    let active = |run: &&InjectionRun| run.status == InjectionStatus::Active;
    for run in state.injections.iter().filter(active) {
        let duration = state.planned(run.id).and_then(|planned| planned.experiment.duration);
        if let (Some(t0), Some(duration)) = (run.t0, duration) {
            by(t0.elapsed + duration, now.elapsed);
        }
        if let Some(at) = next_round(state, run.id)
            && state.clock.since.is_some()
        {
            by(at, now.elapsed);
        }
    }
    if matches!(state.stage, Stage::Preflight) {
        by(state.stage_since.elapsed + WARM_UP + CHECK, now.elapsed);
        if let (Some(holding), Some(countdown)) = (state.briefing.holding, state.header.briefing) {
            by(holding.elapsed + countdown, now.elapsed);
        }
    }
    next
}

/// Cards not shown yet of phases that began: phase, card, exercise time.
pub fn cards_due(state: &State) -> impl Iterator<Item = (usize, usize, Span)> {
    let begun = state
        .phases
        .iter()
        .enumerate()
        // What was skipped with its phase does not come later.
        .filter(|(_, run)| !matches!(run.ended, Some((_, _, PhaseEnd::Skipped))))
        .filter_map(|(index, run)| run.started.map(|(start, _)| (index, start)));
    begun.flat_map(move |(index, start)| {
        let cards = state.plan().phases.get(index).map_or(&[][..], |phase| &phase.cards);
        cards.iter().enumerate().filter_map(move |(card, planned)| {
            let shown = state.cards.iter().any(|shown| shown.planned == Some((index, card)));
            (!shown).then_some((index, card, start + planned.offset))
        })
    })
}
