//! What can be done with a comparison. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, key, plain};
use crate::tui::compare::can::compares;
use crate::tui::compare::section::Section;
use crate::tui::key::{Code, Key};
use crate::tui::place::Place;

/// Where exercises are compared.
const COMPARE: &[Place] = &[Place::Compare];

const fn here(id: Id, slug: &'static str, keys: &'static [Key]) -> Action {
    action(id, slug, keys, compares).only(COMPARE)
}

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] = &[
    here(Id::NextSection, "next-section", &[key(Code::Tab), plain('>'), key(Code::Right)]).at(1),
    here(
        Id::PreviousSection,
        "previous-section",
        &[key(Code::BackTab), plain('<'), key(Code::Left)],
    ),
    here(Id::Section(Section::Overview), "section-overview", &[plain('1')]),
    here(Id::Section(Section::Faults), "section-faults", &[plain('2')]),
    here(Id::Section(Section::Teams), "section-teams", &[plain('3')]),
    here(Id::Section(Section::Slos), "section-slos", &[plain('4')]),
    here(Id::Section(Section::Load), "section-load", &[plain('5')]),
    here(Id::Section(Section::Time), "section-time", &[plain('6')]),
    here(Id::Section(Section::Notes), "section-notes", &[plain('7')]),
    here(Id::Align, "align", &[plain('a')]).at(2),
    here(Id::LeaveComparison, "leave-comparison", &[key(Code::Esc)]),
];
