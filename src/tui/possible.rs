//! What can be done now, and why not where it cannot, as a key of the catalogues. Not the doing.

use super::place::Place;
use super::replay::page;
use super::ui::Ui;
use crate::exercise::state::{InjectionRun, InjectionStatus, Stage, State};

/// The injection that keys act on.
pub fn selected<'a>(state: &'a State, ui: &Ui) -> Option<&'a InjectionRun> {
    state.injections.get(ui.selected.min(state.injections.len().saturating_sub(1)))
}

/// Whether phases run, held or halted or not.
fn running(state: &State) -> Result<(), &'static str> {
    no_exercise(state)?;
    match state.stage {
        Stage::Running => Ok(()),
        Stage::Preparing | Stage::Preflight | Stage::NoGo => Err("why-not-begun"),
        Stage::Closing | Stage::Ended => Err("why-phases-over"),
    }
}

/// What belongs to an exercise is over when something real happened.
fn no_exercise(state: &State) -> Result<(), &'static str> {
    if state.real.is_some() { Err("why-is-real") } else { Ok(()) }
}

pub(super) fn always(_: &State, _: &Ui) -> Result<(), &'static str> {
    Ok(())
}

pub(super) fn turned(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.turned { Ok(()) } else { Err("why-whole-view") }
}

fn not_halted(state: &State) -> Result<(), &'static str> {
    if state.halted.is_some() { Err("why-is-halted") } else { Ok(()) }
}

pub(super) fn may_halt(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if matches!(ui.place, Place::Launcher | Place::Compare) {
        return Err("why-nothing-runs");
    }
    if state.stage == Stage::Ended {
        return Err("why-has-ended");
    }
    if state.halted.is_some() { Err("why-already-halted") } else { Ok(()) }
}

pub(super) fn halted(state: &State, _: &Ui) -> Result<(), &'static str> {
    no_exercise(state)?;
    if matches!(state.stage, Stage::Closing | Stage::Ended) {
        return Err("why-nothing-to-go-on");
    }
    if state.halted.is_none() {
        return Err("why-not-halted");
    }
    if state.live_injections().next().is_some() {
        return Err("why-not-all-reverted");
    }
    Ok(())
}

pub(super) fn may_toggle(state: &State, _: &Ui) -> Result<(), &'static str> {
    running(state)?;
    not_halted(state)
}

/// Whether a silence over alerts is agreed to, or there: then it can be lifted.
pub(super) fn silenced(state: &State, _: &Ui) -> Result<(), &'static str> {
    let any = state.silencings.iter().any(|run| run.status.may_be_lifted());
    if any { Ok(()) } else { Err("why-not-silenced") }
}

/// Silencing alerts that are offered to be, or lifting that.
pub(super) fn may_silence(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if state.silencings.is_empty() {
        return Err("why-no-silence");
    }
    if silenced(state, ui).is_ok() {
        return Ok(());
    }
    no_exercise(state)?;
    not_halted(state)?;
    match state.stage {
        Stage::Closing | Stage::Ended => Err("why-phases-over"),
        _ if state.silencings.iter().any(|run| run.status.is_offered()) => Ok(()),
        _ => Err("why-silence-lifting"),
    }
}

/// A watch that goes on can be left open.
pub(super) fn may_leave_watch(state: &State, _: &Ui) -> Result<(), &'static str> {
    match (state.is_watch(), state.stage) {
        (false, _) => Err("why-no-watch"),
        (true, Stage::Ended) => Err("why-has-ended"),
        (true, _) => Ok(()),
    }
}

pub(super) fn held(state: &State, _: &Ui) -> Result<(), &'static str> {
    running(state)?;
    not_halted(state)?;
    if state.held.is_some() { Ok(()) } else { Err("why-clock-runs") }
}

pub(super) fn phase_runs(state: &State, _: &Ui) -> Result<(), &'static str> {
    running(state)?;
    not_halted(state)?;
    if state.current_phase().is_some() { Ok(()) } else { Err("why-no-phase") }
}

pub(super) fn load_runs(state: &State, ui: &Ui) -> Result<(), &'static str> {
    phase_runs(state, ui)?;
    if state.load.curve.is_some() { Ok(()) } else { Err("why-no-load") }
}

pub(super) fn load_by_hand(state: &State, ui: &Ui) -> Result<(), &'static str> {
    phase_runs(state, ui)?;
    if state.load.by_hand.is_some() { Ok(()) } else { Err("why-load-as-planned") }
}

/// Up and down: among faults, or on a page of a recording.
pub(super) fn may_select(state: &State, ui: &Ui) -> Result<(), &'static str> {
    let none = state.injections.is_empty() && !page::is_read(ui);
    if none { Err("why-no-faults") } else { Ok(()) }
}

pub(super) fn has_objectives(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.plan().objectives.is_empty() { Err("why-no-objectives") } else { Ok(()) }
}

pub(super) fn has_themes(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.looks.themes().len() > 1 { Ok(()) } else { Err("why-one-theme") }
}

pub(super) fn may_pull(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if state.is_watch() {
        return Err("why-is-watch");
    }
    match ui.place {
        Place::Replay => return Err("why-replay"),
        Place::Compare => return Err("why-nothing-runs"),
        _ => {}
    }
    match state.stage {
        Stage::Preparing => Err("why-target-not-ready"),
        Stage::Ended => Err("why-has-ended"),
        _ => Ok(()),
    }
}

/// The same by pages, in the log.
pub(super) fn may_turn_pages(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if state.log.is_empty() && !page::is_read(ui) { Err("why-log-empty") } else { Ok(()) }
}

pub(super) fn planned(state: &State, ui: &Ui) -> Result<(), &'static str> {
    no_exercise(state)?;
    if matches!(state.stage, Stage::Closing | Stage::Ended) {
        return Err("why-phases-over");
    }
    match selected(state, ui) {
        None => Err("why-no-faults"),
        Some(run) if run.status == InjectionStatus::Planned => Ok(()),
        Some(_) => Err("why-no-longer-planned"),
    }
}

pub(super) fn may_inject(state: &State, ui: &Ui) -> Result<(), &'static str> {
    running(state)?;
    not_halted(state)?;
    planned(state, ui)
}

pub(super) fn may_revert(state: &State, ui: &Ui) -> Result<(), &'static str> {
    match selected(state, ui) {
        None => Err("why-no-faults"),
        Some(run) if run.status.is_live() => Ok(()),
        Some(run) if run.status == InjectionStatus::Armed => Ok(()),
        Some(_) => Err("why-nothing-active"),
    }
}

pub(super) fn zoomed(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.panes.alone().is_some() { Ok(()) } else { Err("why-not-zoomed") }
}

pub(super) fn filtered(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.filter.is_empty() { Err("why-not-filtered") } else { Ok(()) }
}

pub(super) fn has_toasts(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.toasts.is_empty() { Err("why-no-toasts") } else { Ok(()) }
}

pub(super) fn may_hide(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.panes.shown().nth(1).is_some() { Ok(()) } else { Err("why-last-pane") }
}

pub(super) fn has_hidden(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.panes.hidden().is_empty() { Err("why-none-hidden") } else { Ok(()) }
}

pub(super) fn may_zoom_in(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.window.may_zoom_in(state.foreseen_end()) { Ok(()) } else { Err("why-no-closer") }
}

pub(super) fn zoomed_in(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.window.factor() > 1 { Ok(()) } else { Err("why-all-in-sight") }
}

pub(super) fn pinned(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.window.is_pinned() { Ok(()) } else { Err("why-follows-already") }
}
