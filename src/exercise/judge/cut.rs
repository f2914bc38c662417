//! Whether what is judged was seen to its end before something real cut the exercise short. Not the judging.
//!
//! From a real incident on people and target are busy with something else: a phase, an injection or the whole exercise
//! that was not over by then has no figure that says anything, neither a good nor a bad one.

use super::window::run_of;
use crate::exercise::said::{Said, said};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::{self, Detection, IN_A_ROW, Recovery};
use crate::gameday::measure::{Aggregate, Expr, InjectionFact};
use crate::gameday::span::Span;

/// What a figure is about: `in PHASE`, `during INJECTION`, or the whole exercise.
pub(super) type About<'a> = (Option<&'a str>, Option<&'a str>);

/// Why there is no data.
pub(crate) fn cut_short() -> Said {
    said!("evidence-cut-short", "cut short by a real incident")
}

/// Whether something real came before the injection was undone. One that never took effect was not cut short.
pub(crate) fn cut(state: &State, run: &InjectionRun) -> bool {
    before_end(state, |real| run.t0.is_some() && run.reverted.is_none_or(|at| at >= real))
}

/// Whether that was before anything real happened.
pub(crate) fn in_time(state: &State, at: Stamp) -> bool {
    !before_end(state, |real| at >= real)
}

/// Whether the incident that detected something was opened when something real had happened already: for that, as far as
/// anyone knows.
pub(crate) fn detected_since(state: &State, detection: &Detection) -> bool {
    let Detection::Detected { incident, .. } = detection else { return false };
    let opened = state.incidents.iter().find(|one| one.id == *incident).map(|one| one.opened);
    opened.is_some_and(|at| !in_time(state, at))
}

/// Whether something real came before a side of a measure was seen to its end.
pub(super) fn side(state: &State, expr: &Expr, about: About<'_>) -> bool {
    match expr {
        Expr::Number { .. } => false,
        Expr::Metric { aggregate: Aggregate::Baseline, .. } => phase(state, 0),
        Expr::Metric { .. } | Expr::Breaker { .. } => window(state, about),
        Expr::Injection { fact, name } => {
            run_of(state, name).is_ok_and(|run| time(state, run, *fact))
        }
        Expr::Incidents(_) | Expr::Fact(_) | Expr::Time { .. } => whole(state),
        Expr::Arithmetic { left, right, .. } => {
            side(state, left, about) || side(state, right, about)
        }
    }
}

fn window(state: &State, (in_phase, during): About<'_>) -> bool {
    if let Some(name) = during {
        return run_of(state, name).is_ok_and(|run| cut(state, run));
    }
    let Some(name) = in_phase else { return whole(state) };
    let index = state.plan().phases.iter().position(|phase| phase.name == name);
    index.is_some_and(|index| phase(state, index))
}

fn whole(state: &State) -> bool {
    (0..state.phases.len()).any(|index| phase(state, index))
}

fn phase(state: &State, index: usize) -> bool {
    let Some(run) = state.phases.get(index).filter(|run| run.started.is_some()) else {
        return false;
    };
    let ended = run.ended.map(|(_, at, _)| at);
    before_end(state, |real| ended.is_none_or(|at| at >= real))
}

fn time(state: &State, run: &InjectionRun, fact: InjectionFact) -> bool {
    match fact {
        InjectionFact::RecoveryTime => match times::recovery(state, run) {
            Recovery::Recovered { left, took } => {
                let sure = left + took + Span::from_secs(IN_A_ROW as u64);
                before_end(state, |real| sure > real.elapsed)
            }
            Recovery::NotRecovered { .. } => state.real.is_some(),
            _ => cut(state, run),
        },
        InjectionFact::TimeToDetect => match times::detection(state, run) {
            found @ Detection::Detected { .. } => detected_since(state, &found),
            _ => cut(state, run),
        },
        InjectionFact::FailoverTime | InjectionFact::Rto | InjectionFact::Rpo => cut(state, run),
    }
}

fn before_end(state: &State, is_later: impl FnOnce(Stamp) -> bool) -> bool {
    state.real.as_ref().is_some_and(|real| is_later(real.since))
}
