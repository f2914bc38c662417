//! What can be done on the way through an exercise, from place to place, and why not where it cannot, as a key of the
//! catalogues. Not the doing.

use super::place::{Chosen, Place};
use super::ui::Ui;
use crate::exercise::go::{self, NotYet};
use crate::exercise::state::{Stage, State};

fn may_go(state: &State, _: &Ui) -> Result<(), &'static str> {
    if !go::is_open(state) {
        return Err(not_open(state));
    }
    match go::given(state, "", state.now) {
        Ok(_) => Ok(()),
        Err(NotYet::Measuring) => Err("why-measuring"),
        Err(NotYet::NoGo) => Err("why-no-go"),
    }
}

/// Going although the steady state does not hold.
pub(super) fn may_override(state: &State, _: &Ui) -> Result<(), &'static str> {
    let open = go::is_open(state) && go::given(state, "", state.now) == Err(NotYet::NoGo);
    if open || state.stage == Stage::NoGo { Ok(()) } else { Err("why-no-no-go") }
}

/// Going, or going anyway.
pub(super) fn may_begin(state: &State, ui: &Ui) -> Result<(), &'static str> {
    may_override(state, ui).or_else(|_| may_go(state, ui))
}

pub(super) fn may_hold_briefing(state: &State, _: &Ui) -> Result<(), &'static str> {
    if !go::is_open(state) {
        return Err(not_open(state));
    }
    if state.briefing.held.is_some() { Err("why-briefing-held") } else { Ok(()) }
}

fn not_open(state: &State) -> &'static str {
    if state.stage == Stage::Preparing { "why-target-not-ready" } else { "why-briefing-over" }
}

/// Where the screen begins.
pub fn begin(state: &State) -> Place {
    let before = matches!(state.stage, Stage::Preparing | Stage::Preflight);
    if before && state.header.briefing.is_some() && !state.participants {
        Place::Briefing
    } else {
        Place::Live
    }
}

/// The place after this one.
pub fn next(state: &State, ui: &Ui) -> Result<Place, &'static str> {
    match ui.page() {
        Place::Briefing => Ok(Place::Live),
        Place::Live if matches!(state.stage, Stage::Closing | Stage::Ended) => Ok(Place::Debrief),
        Place::Live => Err("why-not-over"),
        Place::Debrief if state.stage == Stage::Ended => Ok(Place::Report),
        Place::Debrief => Err("why-not-over"),
        Place::Launcher | Place::Report | Place::Replay | Place::Compare => Err("why-no-further"),
    }
}

/// The place before this one.
pub fn previous(state: &State, ui: &Ui) -> Result<Place, &'static str> {
    match ui.page() {
        Place::Live if state.header.briefing.is_some() => Ok(Place::Briefing),
        Place::Debrief => Ok(Place::Live),
        Place::Report => Ok(Place::Debrief),
        Place::Launcher | Place::Briefing | Place::Live | Place::Replay | Place::Compare => {
            Err("why-no-further-back")
        }
    }
}

pub(super) fn may_forward(state: &State, ui: &Ui) -> Result<(), &'static str> {
    next(state, ui).map(drop)
}

pub(super) fn may_back(state: &State, ui: &Ui) -> Result<(), &'static str> {
    previous(state, ui).map(drop)
}

pub(super) fn may_launch(_: &State, ui: &Ui) -> Result<(), &'static str> {
    match ui.chosen {
        Chosen::GameDay | Chosen::Recording => Ok(()),
        Chosen::Broken => Err("why-broken"),
        Chosen::Nothing => Err("why-nothing-chosen"),
    }
}

pub(super) fn may_plan(_: &State, ui: &Ui) -> Result<(), &'static str> {
    match ui.chosen {
        Chosen::GameDay => Ok(()),
        Chosen::Broken => Err("why-broken"),
        Chosen::Recording | Chosen::Nothing => Err("why-no-game-day"),
    }
}

pub(super) fn may_mark(_: &State, ui: &Ui) -> Result<(), &'static str> {
    match ui.chosen {
        Chosen::Recording if ui.marks.is_full() && !ui.marks.is_here() => Err("why-marks-full"),
        Chosen::Recording => Ok(()),
        _ => Err("why-no-recording"),
    }
}

/// Taking the mark away.
pub(super) fn marked(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.marks.is_here() { Ok(()) } else { Err("why-not-marked") }
}

pub(super) fn may_compare(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.marks.is_enough() { Ok(()) } else { Err("why-few-marks") }
}

pub(super) fn may_report(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.chosen == Chosen::Recording { Ok(()) } else { Err("why-no-recording") }
}
