//! Which keys do what with the selected one of the debrief, in words. Not the doing.

use crate::tui::action::ActionId;
use crate::tui::debrief::{Item, selected};
use crate::tui::scene::Scene;
use crate::tui::view::key_of::tell;

/// What keys do with the selected one, in a line.
pub(super) fn keys(scene: &Scene<'_>, item: Item) -> Option<String> {
    let (text, keys): (_, &[(&'static str, ActionId)]) = match item {
        Item::Objective(_) | Item::Injection(_) => {
            ("debrief-to-score", &[("met", ActionId::Met), ("notMet", ActionId::NotMet)])
        }
        Item::Incident(_) => ("debrief-to-explain", &[("explain", ActionId::Classify)]),
        Item::Line(_) | Item::Proposed(_) => (
            "debrief-to-decide",
            &[("adopt", ActionId::Adopt), ("amend", ActionId::Amend), ("aside", ActionId::Aside)],
        ),
        Item::Improvement(_) => (
            "debrief-to-improve",
            &[
                ("category", ActionId::Classify),
                ("owner", ActionId::Owner),
                ("due", ActionId::Due),
                ("evidence", ActionId::Evidence),
                ("drop", ActionId::Aside),
            ],
        ),
        Item::Earlier(_) => ("debrief-to-settle", &[("settle", ActionId::Settle)]),
        Item::Written(_) => return None,
    };
    (selected(scene.state, scene.ui) == Some(item)).then(|| tell(scene, text, &[], keys))
}
