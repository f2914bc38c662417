//! The key that does something, as people call it, for texts that say what to press. Not what it does.

use crate::lang::Arg;
use crate::tui::action::{self, ActionId};
use crate::tui::keymap;
use crate::tui::layer::Layer;
use crate::tui::scene::Scene;

/// The foremost key of an action on the screen where one is, else what it is elsewhere; empty: it has none.
pub(super) fn key_of(scene: &Scene<'_>, id: ActionId) -> String {
    // A recording shows the texts of the live screen as they were.
    let mut chords = keymap::bindings(scene.ui).chords(Layer::Screen, scene.ui.page(), id);
    if let Some(key) = chords.next() {
        return key.to_string();
    }
    let keys = action::find(id).map_or(&[][..], |action| action.keys);
    keys.first().map(ToString::to_string).unwrap_or_default()
}

/// A text with keys in its places, besides what else stands there.
pub(super) fn tell(
    scene: &Scene<'_>,
    text: &str,
    args: &[(&'static str, Arg<'_>)],
    keys: &[(&'static str, ActionId)],
) -> String {
    let keys: Vec<_> = keys.iter().map(|(place, id)| (*place, key_of(scene, *id))).collect();
    let keys = keys.iter().map(|(place, key)| (*place, key.as_str().into()));
    let all: Vec<(&'static str, Arg<'_>)> = args.iter().copied().chain(keys).collect();
    scene.tell(text, &all)
}
