//! Which actions a screen of participants has. Not what they do.

use super::action::{Action, ActionId};
use super::pane::Pane;
use super::place::Place;
use super::relay;
use super::replay::{can, page};
use super::ui::Ui;
use super::watching::is_of_exercise;
use crate::exercise::state::State;

/// Whether an action can be done now, by whoever is before the screen; else why not, as a key of the catalogues.
///
/// # Errors
/// The reason.
pub fn possible(action: &Action, state: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.place == Place::Replay {
        if !can::is_replayed(action.id) {
            return Err("why-replay");
        }
        if page::is_read(ui) && page::needs_panes(action.id) {
            return Err("why-no-panes");
        }
        if state.participants && can::is_shared(action.id) {
            return (action.when)(state, ui);
        }
    }
    if state.is_watch() && is_of_exercise(action.id) {
        return Err("why-is-watch");
    }
    if state.participants {
        match action.id {
            // At the facilitator's own screen the way back and the emergency stop stay.
            ActionId::Halt | ActionId::Participants if ui.turned => {}
            ActionId::Halt => return Err("why-facilitator-halts"),
            ActionId::Suspend if ui.turned && ui.place == Place::Replay => {}
            ActionId::Suspend if ui.turned => return Err("why-participants-view"),
            ActionId::Confirm if relay::can::is_asked(ui) => {}
            // There are no faults in a watch.
            ActionId::Show(Pane::Faults) if state.is_watch() => {}
            id if is_shared(id) => {}
            _ => return Err("why-facilitator-only"),
        }
    }
    (action.when)(state, ui)
}

/// Whether participants have it.
pub const fn is_shared(id: ActionId) -> bool {
    match id {
        ActionId::Type
        | ActionId::Objectives
        | ActionId::LogBack
        | ActionId::LogForward
        | ActionId::Palette
        | ActionId::FocusNext
        | ActionId::FocusPrevious
        | ActionId::Zoom
        | ActionId::Together
        | ActionId::Hide
        | ActionId::ShowAll
        | ActionId::TimelineIn
        | ActionId::TimelineOut
        | ActionId::TimelineLeft
        | ActionId::TimelineRight
        | ActionId::TimelineNow
        | ActionId::Dismiss
        | ActionId::Copy
        | ActionId::Help
        | ActionId::Suspend
        | ActionId::Quit
        | ActionId::Write
        | ActionId::NextTeam
        | ActionId::PreviousTeam
        | ActionId::StopWriting
        | ActionId::TakeOffer
        | ActionId::OfferDown
        | ActionId::OfferUp
        | ActionId::CloseOffers
        | ActionId::Edit(_)
        | ActionId::Choose
        | ActionId::Complete
        | ActionId::ChoiceDown
        | ActionId::ChoiceUp
        | ActionId::ClosePalette
        | ActionId::OverlayDown
        | ActionId::OverlayUp
        | ActionId::OverlayPageDown
        | ActionId::OverlayPageUp
        | ActionId::Close
        | ActionId::Decline
        | ActionId::Incidents
        | ActionId::Board
        | ActionId::OpenSuggested
        | ActionId::SeenCard
        | ActionId::Crew
        | ActionId::Update
        | ActionId::Pin
        | ActionId::Moments
        | ActionId::GoToMoment
        | ActionId::Handover
        | ActionId::CopyHandover
        | ActionId::KeepHandover
        | ActionId::ConfirmHalt
        | ActionId::DeclineHalt => true,
        ActionId::Show(pane) => !matches!(pane, Pane::Faults),
        // What a later list of actions adds is the facilitator's until somebody thought about it.
        _ => false,
    }
}
