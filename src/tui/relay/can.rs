//! Whether something can be passed on now, and why not where it cannot. Not the doing.

use crate::exercise::state::State;
use crate::tui::dialog::Pending;
use crate::tui::ui::Ui;

/// Whether any moment was pinned.
pub fn moments(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.pins.is_empty() { Err("why-no-moments") } else { Ok(()) }
}

/// Whether one can go to a moment.
pub fn go_to(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.replay.is_none() { Err("why-no-replay") } else { moments(state, ui) }
}

/// Whether a handover can be written into a file.
pub fn keep(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.tongue.keeps { Ok(()) } else { Err("why-no-recording-here") }
}

/// Whether the open question is one that participants answer, too.
pub fn is_asked(ui: &Ui) -> bool {
    ui.dialog.as_ref().is_some_and(|dialog| matches!(dialog.pending, Pending::Update { .. }))
}
