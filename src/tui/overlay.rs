//! Moving in what lies over the screen, and scoring objectives there. Not its drawing.

use super::action::ActionId;
use super::chooser::choices;
use super::choosing;
use super::people::items;
use super::question;
use super::ui::{Overlay, Ui};
use crate::exercise::state::State;
use crate::lang::Message;

/// How many lines a page is.
const PAGE: isize = 10;
/// No help and no handover is longer; the drawing stops at its end.
const MOST_LINES: usize = 2_000;

/// Does one of the actions of the layers that lie over the screen.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) {
    match id {
        ActionId::OverlayDown => go(1, state, ui),
        ActionId::OverlayUp => go(-1, state, ui),
        ActionId::OverlayPageDown => go(PAGE, state, ui),
        ActionId::OverlayPageUp => go(-PAGE, state, ui),
        ActionId::ScoreMet => score(true, state, ui),
        ActionId::ScoreNotMet => score(false, state, ui),
        _ if ui.chooser.is_some() => ui.chooser = None,
        _ => {
            choosing::back(ui);
            ui.overlay = None;
        }
    }
}

/// Moves on by `by`; never beyond either end.
pub fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

fn go(by: isize, state: &State, ui: &mut Ui) {
    if let Some(chooser) = &mut ui.chooser {
        let count = choices(state, chooser, &ui.by).len();
        chooser.selected = moved(chooser.selected, by, count);
        return;
    }
    let count = ui.overlay.map_or(0, |overlay| items::count(state, overlay));
    match &mut ui.overlay {
        None => {}
        Some(Overlay::Help { top } | Overlay::Handover { top }) => {
            *top = moved(*top, by, MOST_LINES);
        }
        Some(Overlay::Objectives { selected }) => {
            *selected = moved(*selected, by, state.plan().objectives.len());
        }
        Some(
            Overlay::Incidents { selected }
            | Overlay::Board { selected, .. }
            | Overlay::Deck { selected }
            | Overlay::Crew { selected }
            | Overlay::Moments { selected },
        ) => *selected = moved(*selected, by, count),
        Some(Overlay::Real) => {}
        Some(Overlay::Themes { .. }) => {
            ui.looks.wear(moved(ui.looks.chosen(), by, ui.looks.themes().len()));
        }
    }
}

/// Selects a line of what lies uppermost.
pub fn select(index: usize, ui: &mut Ui) {
    if let Some(chooser) = &mut ui.chooser {
        chooser.selected = index;
        return;
    }
    if let Some(
        Overlay::Incidents { selected }
        | Overlay::Board { selected, .. }
        | Overlay::Deck { selected }
        | Overlay::Crew { selected }
        | Overlay::Moments { selected },
    ) = &mut ui.overlay
    {
        *selected = index;
    }
}

fn score(met: bool, state: &State, ui: &mut Ui) {
    let Some(Overlay::Objectives { selected }) = ui.overlay else { return };
    ui.dialog = question::score(state, selected, met);
    if ui.dialog.is_none() {
        ui.complain(Message::plain("says-measured"));
    }
}
