//! What can be done with a comparison, and why not where it cannot. Not the doing.

use crate::exercise::state::State;
use crate::tui::ui::Ui;

/// A comparison is shown.
pub(in crate::tui) fn compares(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if ui.compare.is_some() { Ok(()) } else { Err("why-no-comparison") }
}
