//! That something asks for an incident, in as few words as the header has room for. Not what it is.

use super::key_of::key_of;
use crate::exercise::suggestion::suggestions;
use crate::tui::action::ActionId;
use crate::tui::scene::Scene;

/// How many there are, and the key that opens the first, in words and in signs; `None`: there is none.
pub fn says(scene: &Scene<'_>) -> Option<(String, String)> {
    let count = suggestions(scene.state, scene.state.now).len();
    if count == 0 {
        return None;
    }
    let key = key_of(scene, ActionId::OpenSuggested);
    let args = [("count", count.into()), ("key", (&*key).into())];
    Some((format!("◇ {}", scene.tell("suggested-count", &args)), format!("◇{count} {key}")))
}
