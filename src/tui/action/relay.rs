//! What can be passed on to others in the middle of an incident. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, plain};
use crate::tui::place::Place;
use crate::tui::possible::always;

/// Where an exercise is.
const WAY: &[Place] = &[Place::Briefing, Place::Live, Place::Debrief, Place::Report];

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] =
    &[action(Id::Update, "status-update", &[plain('U')], always).only(WAY).at(10).asks()];
