//! What can be done in the debrief, and in a list that is picked from there. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, key, plain};
use crate::tui::debrief::{
    is_settled, may_add, may_adopt, may_amend, may_change, may_classify, may_explain, may_mark,
    may_score, may_set_aside, may_settle,
};
use crate::tui::key::Code;
use crate::tui::layer::Layer;
use crate::tui::place::Place;
use crate::tui::possible::always;

/// Where people decide what was learned.
const LEARN: &[Place] = &[Place::Debrief];
/// The list that is picked from.
const PICKING: &[Layer] = &[Layer::Picking];

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] = &[
    action(Id::Met, "met", &[plain('m')], may_score).only(LEARN).at(3).asks(),
    action(Id::NotMet, "not-met", &[plain('n')], may_score).only(LEARN).at(3).asks(),
    action(Id::Adopt, "adopt", &[plain('a')], may_adopt).only(LEARN).at(2),
    action(Id::Amend, "amend", &[plain('e')], may_amend).only(LEARN).at(3).asks(),
    action(Id::Aside, "aside", &[plain('x')], may_set_aside)
        .only(LEARN)
        .at(3)
        .called("drop", may_change),
    action(Id::Add, "add", &[plain('+')], may_add).only(LEARN).at(4).asks(),
    action(Id::Classify, "classify", &[plain('c')], may_classify)
        .only(LEARN)
        .at(3)
        .called("explain", may_explain),
    action(Id::Owner, "owner", &[plain('@')], may_change).only(LEARN).at(4).asks(),
    action(Id::Due, "due", &[plain('d')], may_change).only(LEARN).at(4).asks(),
    action(Id::Evidence, "evidence", &[plain('v')], may_change).only(LEARN).at(4),
    action(Id::Settle, "settle", &[plain('t')], may_settle)
        .only(LEARN)
        .at(2)
        .called("reopen", is_settled),
    action(Id::Lesson, "lesson", &[plain('l')], always).only(LEARN).at(5),
    action(Id::NextPart, "next-part", &[key(Code::Tab)], always).only(LEARN).at(2),
    action(Id::PreviousPart, "previous-part", &[key(Code::BackTab)], always).only(LEARN),
];

/// Those of the list above it.
pub(super) static ABOVE: &[Action] = &[
    action(Id::Mark, "mark", &[plain(' ')], may_mark).on(PICKING).everywhere().at(1),
    action(Id::Pick, "pick", &[key(Code::Enter)], always).on(PICKING).everywhere().at(1).needed(),
    action(Id::ClosePicking, "close-picking", &[key(Code::Esc), plain('q')], always)
        .on(PICKING)
        .everywhere()
        .at(2)
        .needed(),
];
