//! What can be done about people at the live screen: incidents, cards, hints, roles, a real incident. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, key, plain};
use crate::tui::key::{Code, Key};
use crate::tui::layer::Layer;
use crate::tui::people::can;
use crate::tui::place::{PLACES, Place};

/// Where it is before its end.
const BEFORE: &[Place] = &[Place::Briefing, Place::Live];
/// Where teams can still be shown something.
const BEFORE_END: &[Place] = &[Place::Live, Place::Debrief, Place::Report];
/// Where something has happened.
const AFTER: &[Place] = &[Place::Live, Place::Debrief, Place::Report];
/// The same, and where it is replayed.
const SHOWN: &[Place] = &[Place::Live, Place::Debrief, Place::Report, Place::Replay];
/// Where an exercise is, or is replayed.
const ALL: &[Place] = &[Place::Briefing, Place::Live, Place::Debrief, Place::Report, Place::Replay];

const fn within(
    id: Id,
    slug: &'static str,
    layers: &'static [Layer],
    keys: &'static [Key],
    when: fn(&crate::exercise::state::State, &crate::tui::ui::Ui) -> Result<(), &'static str>,
) -> Action {
    action(id, slug, keys, when).on(layers).only(&PLACES)
}

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] = &[
    action(Id::SeenCard, "seen-card", &[plain('a')], can::card_waits).at(9),
    action(Id::OpenSuggested, "open-suggested", &[plain('s')], can::has_suggestion)
        .at(5)
        .only(AFTER)
        .also(&[(&[Layer::Incidents], &[plain('s'), key(Code::Enter)])]),
    action(Id::SetAside, "set-aside", &[plain('S')], can::has_suggestion)
        .at(8)
        .only(AFTER)
        .also(&[(&[Layer::Incidents], &[plain('S')])]),
    action(Id::Incidents, "incidents", &[plain('I')], can::has_incidents).only(SHOWN).at(10),
    action(Id::Board, "board", &[plain('b')], can::board).only(SHOWN).at(10),
    action(Id::Deck, "deck", &[plain('C')], can::has_cards).at(9),
    action(Id::Crew, "crew", &[plain('w')], can::always).only(ALL).at(10),
    action(Id::DeclareReal, "declare-real", &[plain('!')], can::declare).only(BEFORE).at(10).asks(),
];

/// Those of the layers above.
pub(super) static ABOVE: &[Action] = &[
    within(Id::Link, "link", &[Layer::Incidents], &[plain('l')], can::link).at(2),
    action(Id::ShowBoard, "show-board", &[plain('t')], can::show_board)
        .on(&[Layer::Board])
        .only(BEFORE_END)
        .at(1),
    within(Id::NextKind, "next-kind", &[Layer::Board], &[key(Code::Tab)], can::always).at(2),
    within(Id::TeamsLeft, "teams-left", &[Layer::Board], &[key(Code::Left)], can::left).at(3),
    within(Id::TeamsRight, "teams-right", &[Layer::Board], &[key(Code::Right)], can::right).at(3),
    within(Id::Give, "give", &[Layer::Deck], &[key(Code::Enter)], can::give).at(2).asks(),
    within(Id::Assign, "assign", &[Layer::Crew], &[key(Code::Enter)], can::change).at(2),
    within(Id::AddPerson, "add-person", &[Layer::Crew], &[plain('n')], can::change).at(3),
    within(Id::AddTeam, "add-team", &[Layer::Crew], &[plain('t')], can::change).at(3),
    within(Id::Take, "take", &[Layer::Choosing], &[key(Code::Enter)], can::always).at(2).needed(),
    within(
        Id::ConfirmReal,
        "confirm-real",
        &[Layer::Declaring],
        &[plain('!'), key(Code::Enter)],
        can::declare,
    )
    .at(0)
    .needed(),
];
