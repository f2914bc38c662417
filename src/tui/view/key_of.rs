//! The key that does something, as people call it, for texts that say what to press. Not what it does.

use crate::tui::action::{self, ActionId};

/// The first key of an action; empty: it has none.
pub(super) fn key_of(id: ActionId) -> String {
    let keys = action::find(id).map_or(&[][..], |action| action.keys);
    keys.first().map(ToString::to_string).unwrap_or_default()
}
