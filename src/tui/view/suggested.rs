//! That something asks for an incident, in as few words as the header has room for. Not what it is.

use super::key_of::key_of;
use crate::exercise::suggestion::suggestions;
use crate::tui::action::ActionId;
use crate::tui::scene::Scene;

/// How many there are, and the key that opens the first; `None`: there is none.
pub fn short(scene: &Scene<'_>) -> Option<String> {
    let count = suggestions(scene.state, scene.state.now).len();
    let key = key_of(scene, ActionId::OpenSuggested);
    let args = [("count", count.into()), ("key", (&*key).into())];
    (count > 0).then(|| format!("◇ {}", scene.tell("suggested-count", &args)))
}
