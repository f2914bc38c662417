//! What the actions on panes and on the timeline's stretch do to the screen. Nothing of the exercise.

use super::action::ActionId;
use super::ui::Ui;
use crate::exercise::state::State;
use crate::lang::Message;

/// Does `id` if it is about the arrangement of the screen; gives whether it was.
pub(super) fn act(id: ActionId, state: &State, ui: &mut Ui) -> bool {
    let (end, now) = (state.foreseen_end(), state.exercise_time(state.now));
    match id {
        ActionId::FocusNext => ui.panes.step(1),
        ActionId::FocusPrevious => ui.panes.step(-1),
        ActionId::Zoom => ui.panes.zoom(),
        ActionId::Together => ui.panes.together(),
        ActionId::Show(pane) => ui.panes.show(pane),
        ActionId::ShowAll => ui.panes.show_all(),
        ActionId::Hide => {
            let hidden = ui.panes.focus();
            ui.panes.hide();
            ui.say(Message::plain("says-hidden").naming("pane", hidden.name_key(state.is_watch())));
        }
        ActionId::TimelineIn => ui.window.zoom_in(end, now),
        ActionId::TimelineOut => ui.window.zoom_out(end, now),
        ActionId::TimelineLeft => ui.window.pan(false, end, now),
        ActionId::TimelineRight => ui.window.pan(true, end, now),
        ActionId::TimelineNow => ui.window.follow(),
        _ => return false,
    }
    true
}
