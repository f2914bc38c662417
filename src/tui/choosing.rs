//! Choosing a theme while the screen shows it: in, back, and kept. Not the drawing.

use super::answer::Outcome;
use super::ui::{Overlay, Ui};
use crate::lang::Message;

/// What the chosen theme is remembered as.
pub const THEME: &str = "theme";

/// Shows the themes to choose from.
pub fn open(ui: &mut Ui) {
    ui.overlay = Some(Overlay::Themes { before: ui.looks.chosen() });
}

/// Goes back to the theme that was in force before the choice.
pub fn back(ui: &mut Ui) {
    if let Some(Overlay::Themes { before }) = ui.overlay {
        ui.looks.wear(before);
    }
}

/// Keeps the theme that is shown, now and for later.
pub fn keep(ui: &mut Ui) -> Vec<Outcome> {
    ui.overlay = None;
    let Some(name) = ui.looks.theme().map(|theme| theme.name.clone()) else { return Vec::new() };
    ui.say(Message::plain("says-theme-kept").with("name", name.clone()));
    vec![Outcome::Remember(THEME, name)]
}
