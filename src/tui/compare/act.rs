//! What keys do with a comparison. Not which keys.

use crate::tui::action::ActionId as Id;
use crate::tui::answer::Outcome;
use crate::tui::compare::section::SECTIONS;
use crate::tui::place::Place;
use crate::tui::ui::Ui;

/// How many lines a page is.
const PAGE: isize = 10;

/// Does it; `None`: this is not about a comparison.
pub fn act(id: Id, ui: &mut Ui) -> Option<Vec<Outcome>> {
    if ui.place != Place::Compare {
        return None;
    }
    match id {
        Id::Quit | Id::LeaveComparison => return Some(vec![Outcome::Leave]),
        Id::Suspend => return Some(vec![Outcome::Suspend]),
        _ => {}
    }
    let compare = ui.compare.as_mut()?;
    match id {
        Id::NextSection => compare.section = compare.section.beside(1),
        Id::PreviousSection => compare.section = compare.section.beside(SECTIONS.len() - 1),
        Id::Section(section) => compare.section = section,
        Id::Align => compare.align = compare.next_align(),
        Id::Down => compare.scroll(1),
        Id::Up => compare.scroll(-1),
        Id::PageDown => compare.scroll(PAGE),
        Id::PageUp => compare.scroll(-PAGE),
        _ => return None,
    }
    Some(Vec::new())
}
