//! Whether something can be passed on now, and why not where it cannot. Not the doing.

use crate::exercise::state::State;
use crate::tui::dialog::Pending;
use crate::tui::ui::Ui;

/// Whether a handover can be written into a file.
pub fn keep(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.tongue.keeps { Ok(()) } else { Err("why-no-recording-here") }
}

/// Whether the open question is one that participants answer, too.
pub fn is_asked(ui: &Ui) -> bool {
    ui.dialog.as_ref().is_some_and(|dialog| matches!(dialog.pending, Pending::Update { .. }))
}
