//! Where each part of the screen goes, for any size. Not what stands there.

use ratatui::layout::{Constraint, Layout, Rect};

use super::pane::{PANES, Pane, Panes};

/// The least width that everything can be read in.
pub const LEAST_WIDTH: u16 = 60;
/// The least height.
pub const LEAST_HEIGHT: u16 = 16;

/// Where each part goes; a part without room has height zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// State, clocks, phase, what comes next, what is broken.
    pub header: Rect,
    /// The names of the panes, where not all of them are in sight.
    pub tabs: Rect,
    /// The panes, in the order of [`PANES`].
    panes: [Rect; PANES.len()],
    /// The line being typed.
    pub input: Rect,
    /// What the line will do; notices.
    pub hint: Rect,
    /// The keys that work now.
    pub footer: Rect,
    /// The result, once there is one; else of height zero.
    pub result: Rect,
    /// Whether panels are boxed.
    pub boxed: bool,
}

impl Areas {
    /// Where a pane goes.
    pub fn pane(&self, pane: Pane) -> Rect {
        self.panes.get(pane.index()).copied().unwrap_or_default()
    }

    /// The pane at a cell; `None`: there is none.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let position = ratatui::layout::Position::new(column, row);
        PANES.into_iter().find(|pane| self.pane(*pane).contains(position))
    }

    fn set(&mut self, pane: Pane, area: Rect) {
        if let Some(place) = self.panes.get_mut(pane.index()) {
            *place = area;
        }
    }
}

/// What the places depend on.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// How many lines are being typed.
    pub draft: usize,
    /// The result is to be shown in place of what is no longer needed.
    pub ended: bool,
    /// A line is being typed: the log matters more than the result where both do not fit.
    pub typing: bool,
    /// Which panes are shown, and how.
    pub panes: &'a Panes,
    /// How many rows the timeline can make use of, without its frame.
    pub timeline: u16,
}

/// So wide a screen has room for the instruments beside everything else.
const WIDE: u16 = 160;
/// Rows of the header: wherever one is, it says what comes next and what is broken.
pub const HEADER: u16 = 4;

/// The areas of a screen; `None`: too small.
pub fn areas(screen: Rect, wish: Wish<'_>) -> Option<Areas> {
    if screen.width < LEAST_WIDTH || screen.height < LEAST_HEIGHT {
        return None;
    }
    let boxed = screen.width >= 110 && screen.height >= 34;
    let most = match screen.height {
        0..=18 => 1,
        19..=22 => 2,
        _ => 4,
    };
    let typed = u16::try_from(wish.draft).unwrap_or(u16::MAX).clamp(1, most);
    let tabbed = !boxed || wish.panes.alone().is_some() || !wish.panes.hidden().is_empty();
    let [header, tabs, body, input, hint, footer] = screen.layout(&Layout::vertical([
        Constraint::Length(HEADER),
        Constraint::Length(u16::from(tabbed)),
        Constraint::Min(2),
        Constraint::Length(typed),
        Constraint::Length(u16::from(screen.height >= 18)),
        Constraint::Length(1),
    ]));
    let mut areas = Areas { header, tabs, input, hint, footer, boxed, ..Areas::default() };
    if let Some(pane) = wish.panes.alone() {
        areas.set(pane, body);
        return Some(areas);
    }
    let plan = if boxed { boxes(screen, body.height, wish) } else { strips(body.height, wish) };
    place(&plan, body, wish.panes, u16::from(!boxed), &mut areas);
    Some(areas)
}

/// A part of the plan of a screen.
enum Part {
    Pane(Constraint, Pane),
    Result(Constraint),
    Across(Constraint, Vec<Part>),
    Down(Constraint, Vec<Part>),
}

impl Part {
    const fn constraint(&self) -> Constraint {
        match self {
            Self::Pane(room, _)
            | Self::Result(room)
            | Self::Across(room, _)
            | Self::Down(room, _) => *room,
        }
    }

    fn is_shown(&self, panes: &Panes) -> bool {
        match self {
            Self::Pane(_, pane) => !panes.is_hidden(*pane),
            Self::Result(_) => true,
            Self::Across(_, parts) | Self::Down(_, parts) => {
                parts.iter().any(|part| part.is_shown(panes))
            }
        }
    }
}

/// Places a part and what is in it; what is hidden leaves its room to the others.
fn place(part: &Part, area: Rect, panes: &Panes, gap: u16, areas: &mut Areas) {
    let (parts, across) = match part {
        Part::Pane(_, pane) => return areas.set(*pane, area),
        Part::Result(_) => {
            areas.result = area;
            return;
        }
        Part::Across(_, parts) => (parts, true),
        Part::Down(_, parts) => (parts, false),
    };
    let shown: Vec<&Part> = parts.iter().filter(|part| part.is_shown(panes)).collect();
    let mut rooms: Vec<Constraint> = shown.iter().map(|part| part.constraint()).collect();
    let fills = |room: &Constraint| matches!(room, Constraint::Fill(_) | Constraint::Min(_));
    if !rooms.iter().any(fills)
        && let Some(last) = rooms.last_mut()
    {
        *last = Constraint::Fill(1);
    }
    let layout =
        if across { Layout::horizontal(rooms).spacing(gap) } else { Layout::vertical(rooms) };
    for (part, area) in shown.into_iter().zip(layout.split(area).iter()) {
        place(part, *area, panes, gap, areas);
    }
}

const fn fill(share: u16) -> Constraint {
    Constraint::Fill(share)
}

/// Everything that matters at once, in boxes.
fn boxes(screen: Rect, body: u16, wish: Wish<'_>) -> Part {
    use Part::{Across, Down, Pane as One};
    let timeline = (wish.timeline + 2).clamp(9, (body * 3 / 8).max(9));
    let wide = screen.width >= WIDE;
    let upper = Across(fill(10), vec![One(fill(1), Pane::Slos), One(fill(1), Pane::Faults)]);
    let people = Down(
        fill(if wide { 3 } else { 2 }),
        vec![One(fill(2), Pane::Incidents), One(fill(3), Pane::Pods)],
    );
    let lower = match (wide, wish.ended) {
        (true, true) => {
            vec![One(fill(3), Pane::Log), One(fill(3), Pane::Instruments), Part::Result(fill(4))]
        }
        (true, false) => {
            vec![people, One(fill(3), Pane::Instruments), One(fill(4), Pane::Log)]
        }
        (false, true) => vec![
            Down(
                fill(2),
                vec![One(fill(1), Pane::Log), One(Constraint::Length(5), Pane::Instruments)],
            ),
            Part::Result(fill(3)),
        ],
        (false, false) => vec![
            people,
            Down(
                fill(3),
                vec![One(fill(1), Pane::Log), One(Constraint::Length(5), Pane::Instruments)],
            ),
        ],
    };
    Down(
        fill(1),
        vec![One(Constraint::Length(timeline), Pane::Timeline), upper, Across(fill(11), lower)],
    )
}

/// What matters most, in strips; everything else is a tab away.
fn strips(body: u16, wish: Wish<'_>) -> Part {
    use Part::{Across, Down, Pane as One};
    let (timeline, middle) = match body {
        0..=9 => (3, 3),
        10..=13 => (5, 4),
        14..=17 => (7, 5),
        _ => (9, 6),
    };
    let lower = if wish.ended && !wish.typing {
        Part::Result(fill(1))
    } else {
        // In place of one that is hidden stands one that has no place of its own.
        let stand_in = [Pane::Log, Pane::Incidents, Pane::Pods, Pane::Instruments];
        let first = stand_in.into_iter().find(|pane| !wish.panes.is_hidden(*pane));
        One(fill(1), first.unwrap_or(Pane::Log))
    };
    Down(
        fill(1),
        vec![
            One(Constraint::Length(timeline), Pane::Timeline),
            Across(
                Constraint::Length(middle),
                vec![One(fill(1), Pane::Slos), One(fill(1), Pane::Faults)],
            ),
            lower,
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(u16, u16); 7] =
        [(60, 16), (80, 24), (100, 30), (120, 40), (160, 45), (200, 60), (300, 90)];

    const fn plain(panes: &Panes) -> Wish<'_> {
        Wish { draft: 1, ended: false, typing: false, panes, timeline: 9 }
    }

    fn check(size: (u16, u16), wish: Wish<'_>) -> Areas {
        let screen = Rect::new(0, 0, size.0, size.1);
        let areas = areas(screen, wish).unwrap();
        let all = PANES.into_iter().map(|pane| areas.pane(pane)).chain([
            areas.header,
            areas.tabs,
            areas.input,
            areas.hint,
            areas.footer,
            areas.result,
        ]);
        let shown: Vec<_> = all.filter(|area| !area.is_empty()).collect();
        for (index, area) in shown.iter().enumerate() {
            assert_eq!(screen.intersection(*area), *area);
            for other in &shown[index + 1..] {
                assert!(!area.intersects(*other), "{size:?}: {area:?} {other:?}");
            }
        }
        areas
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_screen() {
        let panes = Panes::default();
        for size in SIZES {
            for draft in [1, 3, 9] {
                for (ended, typing) in [(false, true), (true, false), (true, true)] {
                    let wish = Wish { draft, ended, typing, panes: &panes, timeline: 10 };
                    let areas = check(size, wish);
                    let height = |pane| areas.pane(pane).height;
                    assert!(height(Pane::Timeline) >= 3 && height(Pane::Slos) >= 3);
                    let result = ended && (areas.boxed || !typing);
                    assert_eq!(areas.result.height >= 2, result, "{size:?}");
                    assert_eq!(height(Pane::Log) >= 2, areas.boxed || !result, "{size:?}");
                }
            }
        }
        let wish = Wish { draft: 1, ended: false, typing: false, panes: &panes, timeline: 9 };
        assert_eq!(areas(Rect::new(0, 0, 59, 40), wish), None);
        assert_eq!(areas(Rect::new(0, 0, 80, 15), wish), None);
    }

    #[test]
    fn what_is_hidden_leaves_its_room_and_one_alone_has_it_all() {
        for size in SIZES {
            for pane in PANES {
                let mut panes = Panes::default();
                let room = |areas: &Areas| -> u32 {
                    PANES.iter().map(|pane| areas.pane(*pane).area()).sum()
                };
                let before = room(&check(size, plain(&panes)));
                panes.focus_on(pane);
                panes.hide();
                let without = check(size, plain(&panes));
                assert!(without.pane(pane).is_empty());
                // A row of the body goes to the tabs, and cells between two strips.
                let lost = before.saturating_sub(room(&without));
                assert!(lost <= u32::from(size.0) + u32::from(size.1), "{size:?} {pane:?} {lost}");
                panes.show(pane);
                let alone = check(size, plain(&panes));
                assert!(alone.pane(pane).height >= size.1 - 9 && !alone.tabs.is_empty());
                assert_eq!(alone.pane(pane).width, size.0);
                assert_eq!(alone.pane_at(0, alone.pane(pane).y), Some(pane));
                assert_eq!(alone.pane_at(0, 0), None);
            }
        }
    }
}
