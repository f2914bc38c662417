//! Which phases ran and for how long, and what is said of that. Not their load and not what happened in them.

use super::went::Went;
use crate::exercise::event::PhaseEnd;
use crate::exercise::stamp::Stamp;
use crate::gameday::load::LoadPattern;
use crate::gameday::plan::{LONGEST, Phase};
use crate::gameday::span::Span;

/// A phase that ran.
pub(super) struct Ran {
    /// Its place in the plan.
    pub(super) index: usize,
    /// When it began on the exercise clock.
    pub(super) from: Span,
    /// How long it was, on the same clock.
    pub(super) length: Span,
    /// When it began and ended.
    pub(super) began: Stamp,
    pub(super) ended: Stamp,
}

/// Every phase that ran for long enough to be one, up to the longest game day.
pub(super) fn ran(went: &Went<'_>) -> Vec<Ran> {
    let state = went.state;
    let mut left = LONGEST.scaled(1.0 / went.speed);
    let mut all = Vec::new();
    for (index, run) in state.phases.iter().enumerate() {
        let Some((from, began)) = run.started else { continue };
        let length = match run.ended {
            Some((_, _, PhaseEnd::Completed)) => state.phase_length(index).max(went.grain()),
            Some((at, _, PhaseEnd::Skipped | PhaseEnd::Cut)) => went.up(at - from),
            None => went.up(state.exercise_time(state.now) - from),
        };
        let length = length.min(left);
        if length < went.grain() {
            continue;
        }
        left = left - length;
        let ended = run.ended.map_or(state.now, |(_, at, _)| at);
        all.push(Ran { index, from, length, began, ended });
    }
    all
}

/// Why a phase is none of them.
pub(super) fn why_not(went: &Went<'_>, index: usize) -> String {
    let started = went.state.phases.get(index).and_then(|run| run.started);
    match started {
        Some(_) => "left out: it was over at once, or the game day would last longer than 24h",
        None => "left out: it did not run",
    }
    .to_owned()
}

/// What was not as planned.
pub(super) fn notes(went: &Went<'_>, planned: &Phase, ran: &Ran) -> Vec<String> {
    let state = went.state;
    let mut notes = Vec::new();
    if ran.length != planned.duration {
        let run = state.phases.get(ran.index);
        let given = run.map_or(Span::ZERO, |run| run.extension);
        let why = match run.and_then(|run| run.ended) {
            Some((_, _, PhaseEnd::Skipped)) => "the rest was skipped".to_owned(),
            Some((_, _, PhaseEnd::Completed)) if !given.is_zero() => {
                format!("it was given {} more", went.shown(given))
            }
            Some((_, _, PhaseEnd::Completed)) => "the shortest that there is is 1s".to_owned(),
            Some((_, _, PhaseEnd::Cut)) | None => "the exercise ended in it".to_owned(),
        };
        notes.push(format!("planned for {}; {why}", went.shown(planned.duration)));
        if matches!(planned.load, Some(LoadPattern::Linear { .. } | LoadPattern::Step { .. })) {
            notes
                .push("its load was planned for that time, and is spread over this one".to_owned());
        }
    }
    let stood = state.stopped_between(ran.began, ran.ended);
    if !stood.is_zero() {
        notes.push(format!(
            "the exercise stood still for {} in it, which is not counted",
            went.shown(stood)
        ));
    }
    notes
}
