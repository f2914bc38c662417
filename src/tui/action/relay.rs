//! What can be passed on to others, or remembered, in the middle of an incident. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, key, plain};
use crate::tui::key::Code;
use crate::tui::layer::Layer;
use crate::tui::place::Place;
use crate::tui::possible::always;
use crate::tui::relay::can;

/// Where an exercise is.
const WAY: &[Place] = &[Place::Briefing, Place::Live, Place::Debrief, Place::Report];
/// The same, and where it is replayed.
const ALONG: &[Place] =
    &[Place::Briefing, Place::Live, Place::Debrief, Place::Report, Place::Replay];
/// The handover.
const HANDOVER: &[Layer] = &[Layer::Handover];

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] = &[
    action(Id::Update, "status-update", &[plain('U')], always).only(WAY).at(10).asks(),
    action(Id::Pin, "pin", &[plain('P')], always).only(WAY).at(10),
    action(Id::Moments, "moments", &[plain('M')], can::moments).only(ALONG).at(10),
    action(Id::Handover, "handover", &[plain('W')], always).only(ALONG).at(10),
];

/// Those of the layers above.
pub(super) static ABOVE: &[Action] = &[
    action(Id::GoToMoment, "go-to-moment", &[key(Code::Enter)], can::go_to)
        .on(&[Layer::Moments])
        .everywhere()
        .at(2),
    action(Id::CopyHandover, "copy-handover", &[plain('y')], always)
        .on(HANDOVER)
        .everywhere()
        .at(2),
    action(Id::KeepHandover, "keep-handover", &[plain('s')], can::keep)
        .on(HANDOVER)
        .everywhere()
        .at(3),
];
