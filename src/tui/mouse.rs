//! The mouse as plain data: what it did where, and what stands there. Not where it comes from, and not the doing.

use ratatui::layout::{Position, Rect};

use super::action::id::ActionId;
use super::pane::Pane;
use crate::gameday::span::Span;

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// The first button went down.
    Press,
    /// It was moved with the button down.
    Drag,
    /// The button went up.
    Release,
    /// The wheel turned away from the person.
    WheelUp,
    /// The wheel turned towards the person.
    WheelDown,
}

/// What the mouse did where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub did: Did,
    /// On which cell.
    pub at: Position,
}

/// What stands in a part of the screen, for a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something to do.
    Action(ActionId),
    /// A pane, to be focused.
    Pane(Pane),
    /// An injection, to be selected.
    Fault(usize),
    /// An objective, to be selected.
    Objective(usize),
    /// A line of what lies over the screen, to be selected.
    Item(usize),
    /// An incident, or what asks for one, to be looked at.
    Incident(usize),
    /// A theme, to be tried on.
    Theme(usize),
    /// A part of the debrief, to be gone through.
    Part(usize),
    /// Something in the part of the debrief that is shown, to be selected.
    Learnt(usize),
    /// A line of the list that is picked from.
    Pick(usize),
    /// A row of the launcher, to be chosen.
    Row(usize),
    /// A line of the palette, to be taken.
    Choice(usize),
    /// A candidate for the word that is typed, to be taken.
    Offer(usize),
    /// A stretch of exercise time over the columns: a click selects the nearest fault, a drag zooms in.
    Moments {
        /// Where the first column begins.
        from: Span,
        /// Where the last one ends.
        to: Span,
    },
    /// The whole of a recording over the columns: a click or a drag goes there.
    Bar {
        /// Where the last column ends.
        to: Span,
    },
    /// Nothing, but what is below cannot be reached.
    Cover,
}

/// A part of the screen, what stands there and what the wheel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub area: Rect,
    /// For a click.
    pub target: Target,
    /// For the wheel: away from the person, and towards.
    pub wheel: Option<[ActionId; 2]>,
}

/// Everything on a screen that the mouse can reach; what comes later lies above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits(Vec<Hit>);

impl Hits {
    /// Adds what a click finds.
    pub fn click(&mut self, area: Rect, target: Target) {
        self.push(Hit { area, target, wheel: None });
    }

    /// Adds what a click and the wheel find.
    pub fn push(&mut self, hit: Hit) {
        if !hit.area.is_empty() {
            self.0.push(hit);
        }
    }

    /// What stands uppermost at a cell.
    pub fn at(&self, at: Position) -> Option<&Hit> {
        self.0.iter().rev().find(|hit| hit.area.contains(at))
    }

    /// What the wheel does at a cell.
    pub fn wheel(&self, at: Position) -> Option<[ActionId; 2]> {
        let mut under = self.0.iter().rev().filter(|hit| hit.area.contains(at));
        under
            .find_map(|hit| hit.wheel.map(Some).or((hit.target == Target::Cover).then_some(None)))?
    }

    /// Everything.
    pub fn iter(&self) -> std::slice::Iter<'_, Hit> {
        self.0.iter()
    }
}

/// The moment at the left of column `x` of a part of the screen that shows a stretch of time; columns outside are as
/// the nearest inside.
pub fn moment(area: Rect, x: u16, from: Span, to: Span) -> Span {
    let column = x.clamp(area.x, area.right()) - area.x;
    let length = (to - from).as_millis();
    from + Span::from_millis(length * u64::from(column) / u64::from(area.width.max(1)))
}
