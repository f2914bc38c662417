//! What keys do on the way from the briefing to the report. Not the exercise itself.

use super::action::ActionId;
use super::answer::Outcome;
use super::layer::Layer;
use super::place::Place;
use super::ui::Ui;
pub use super::ways::begin;
use super::{debrief, keymap, possible, question, ways};
use crate::exercise::command::Command;
use crate::exercise::go;
use crate::exercise::state::{Stage, State};
use crate::lang::Message;

/// How many lines a page is.
const PAGE: isize = 10;

/// Goes where it happens: called after the state changed from `before`.
pub fn follow(before: Stage, state: &State, ui: &mut Ui) {
    let moved =
        before != state.stage && !matches!(state.stage, Stage::Preparing | Stage::Preflight);
    if moved && ui.place == Place::Briefing {
        ui.place = Place::Live;
    }
}

/// Whether a key shows that someone is there: a countdown runs, and this screen has not stopped it yet.
pub fn counts(state: &State, ui: &Ui) -> bool {
    ui.place == Place::Briefing && !ui.stopped && go::goes_at(state).is_some()
}

/// Stops the countdown unless `outcomes` end the briefing anyway.
pub fn stop(ui: &mut Ui, outcomes: &mut Vec<Outcome>) {
    let ends = |outcome: &Outcome| {
        // What can be typed into the log's line, and what else teams do, goes on beside it.
        matches!(outcome, Outcome::Send(command) if matches!(**command,
            Command::Go { .. }
                | Command::OverrideNoGo { .. }
                | Command::HoldBriefing { .. }
                | Command::Halt { .. }
                | Command::DeclareReal { .. }
                | Command::End { .. }
        ))
    };
    if !outcomes.iter().any(ends) {
        ui.stopped = true;
        let go = keymap::all_shown(ActionId::Go, Layer::Screen, ui).into_iter().next();
        let go = go.unwrap_or_default();
        ui.say(Message::plain("says-briefing-held").with("go", go));
        let by = ui.by.clone();
        outcomes.push(Outcome::Send(Box::new(Command::HoldBriefing { by })));
    }
}

/// Does it; `None`: this is not about the way.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    let by = ui.by.clone();
    let command = match id {
        id if is_the_launchers(id, ui) => return Some(vec![Outcome::Launcher(id)]),
        ActionId::Go if ways::may_override(state, ui).is_ok() => {
            ui.dialog = question::about(id, state, ui);
            return Some(Vec::new());
        }
        ActionId::Go => Command::Go { by },
        // Asked for already; its event is on the way.
        ActionId::HoldBriefing if ui.stopped => return Some(Vec::new()),
        ActionId::HoldBriefing => {
            ui.stopped = true;
            Command::HoldBriefing { by }
        }
        ActionId::Silence if possible::silenced(state, ui).is_ok() => Command::LiftSilences { by },
        ActionId::Silence => {
            ui.dialog = question::about(id, state, ui);
            return Some(Vec::new());
        }
        ActionId::Forward => return go_to(ways::next(state, ui), ui),
        ActionId::Back => return go_to(ways::previous(state, ui), ui),
        ActionId::Down => return scroll(1, state, ui),
        ActionId::Up => return scroll(-1, state, ui),
        ActionId::PageDown => return scroll(PAGE, state, ui),
        ActionId::PageUp => return scroll(-PAGE, state, ui),
        other => return debrief::act::act(other, state, ui),
    };
    Some(vec![Outcome::Send(Box::new(command))])
}

/// Whether it is about the launcher's list, its filter, or what it has laid over.
fn is_the_launchers(id: ActionId, ui: &Ui) -> bool {
    match id {
        ActionId::Launch
        | ActionId::Plan
        | ActionId::Report
        | ActionId::MarkRecording
        | ActionId::Compare
        | ActionId::Filter
        | ActionId::ClearFilter
        | ActionId::LeaveFilter => true,
        ActionId::Down | ActionId::Up | ActionId::PageDown | ActionId::PageUp => {
            ui.place == Place::Launcher
        }
        ActionId::OverlayDown
        | ActionId::OverlayUp
        | ActionId::OverlayPageDown
        | ActionId::OverlayPageUp
        | ActionId::Close => ui.layer() == Layer::Reading,
        ActionId::Confirm | ActionId::Decline => ui.asks_reach(),
        _ => false,
    }
}

fn go_to(place: Result<Place, &'static str>, ui: &mut Ui) -> Option<Vec<Outcome>> {
    match place {
        Ok(place) => match &mut ui.replay {
            Some(replay) if ui.place == Place::Replay => replay.page = place,
            _ => ui.place = place,
        },
        Err(why) => ui.complain(Message::plain(why)),
    }
    Some(Vec::new())
}

fn scroll(by: isize, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    let moved = |at: usize, most: usize| at.saturating_add_signed(by).min(most);
    let page = ui.page();
    if page == Place::Debrief {
        debrief::act::go(by, state, ui);
    } else if let Some(top) = ui.tops.get_mut(page as usize) {
        *top = moved(*top, usize::MAX);
    }
    Some(Vec::new())
}
