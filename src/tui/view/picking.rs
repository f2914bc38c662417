//! A list that is picked from, in a box in the middle. Not the picking.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::footer;
use super::overlay::middle;
use crate::tui::picking::{Choice, Picking, Picks, choices};
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// It is at most so wide.
const WIDE: u16 = 110;

/// Where it stands.
pub(super) fn area(scene: &Scene<'_>, picking: &Picking, screen: Rect) -> Rect {
    let lines = choices(picking.picks, scene.state).len();
    // The frame, a blank line and the keys.
    let height = u16::try_from(lines.max(1) + 4).unwrap_or(u16::MAX);
    let width = if picking.is_several() { WIDE } else { 60 };
    middle(screen, screen.width.saturating_sub(4).min(width), height.min(screen.height))
}

/// Where the lines stand, the first that is shown, and how many there are.
fn shown(scene: &Scene<'_>, picking: &Picking, screen: Rect) -> (Rect, usize, Vec<Choice>) {
    let inner = area(scene, picking, screen).inner(Margin::new(1, 1));
    let inner = Rect { height: inner.height.saturating_sub(2), ..inner };
    let all = choices(picking.picks, scene.state);
    let top = (picking.at + 1).saturating_sub(inner.height.into());
    (inner, top, all)
}

/// The row of each line that is shown, with its place in the list.
pub(super) fn rows(scene: &Scene<'_>, picking: &Picking, screen: Rect) -> Vec<(Rect, usize)> {
    let (inner, top, all) = shown(scene, picking, screen);
    let rows = (inner.y..inner.bottom()).map(|y| Rect { y, height: 1, ..inner });
    rows.zip(top..all.len()).collect()
}

/// Draws it.
pub(super) fn draw(scene: &Scene<'_>, picking: &Picking, screen: Rect, buf: &mut Buffer) {
    let area = area(scene, picking, screen);
    Clear.render(area, buf);
    let key = match picking.picks {
        Picks::Category(_) => "picking-category",
        Picks::Cause(_) => "picking-cause",
        Picks::Evidence(_) => "picking-evidence",
    };
    let count = if picking.is_several() {
        scene.tell("picking-marked", &[("count", picking.marked.len().into())])
    } else {
        String::new()
    };
    scene.panel(area, scene.title_of(key, count), true, buf);
    let (inner, top, all) = shown(scene, picking, screen);
    let each = all.iter().enumerate().skip(top).take(inner.height.into());
    for ((index, choice), row) in each.zip(0..) {
        put(inner, row, &line(scene, picking, index, *choice, inner.width), buf);
    }
    let keys = Rect {
        y: area.bottom().saturating_sub(2),
        height: 1,
        x: area.x + 2,
        width: area.width.saturating_sub(4),
    };
    put(keys.intersection(area), 0, &footer::line(scene, keys.width), buf);
}

fn line<'a>(
    scene: &Scene<'a>,
    picking: &Picking,
    index: usize,
    choice: Choice,
    width: u16,
) -> Line<'a> {
    let selected = index == picking.at;
    let sign = if selected { "› " } else { "  " };
    let role = if selected { Role::Selected } else { Role::Text };
    let mut pieces = vec![scene.piece(Role::Selected, sign)];
    if picking.is_several() {
        let (mark, role) = match picking.is_marked(choice) {
            true => ("[x] ", Role::Good),
            false => ("[ ] ", Role::Dim),
        };
        pieces.push(scene.piece(role, mark));
    }
    let used: usize = pieces.iter().map(ratatui::text::Span::width).sum();
    let says = text::fit(&says(scene, choice), usize::from(width).saturating_sub(used));
    pieces.push(scene.piece(role, says));
    Line::from(pieces)
}

fn says(scene: &Scene<'_>, choice: Choice) -> String {
    let key = match choice {
        Choice::Injection(id) => {
            let name = scene.state.planned(id).map_or_else(String::new, |one| one.name.clone());
            return format!("◆ {name}");
        }
        Choice::Entry(index, _) => {
            let Some(entry) = scene.state.log.get(index) else { return String::new() };
            let team = entry.team.as_deref().map_or_else(String::new, |team| format!("{team}: "));
            return format!(
                "{} {team}{}",
                words::time_of(scene.state, entry),
                scene.told(&entry.text)
            );
        }
        Choice::Category(category) => words::category(category),
        Choice::Discovery => "picking-discovery",
        Choice::Unknown => "picking-unknown",
        Choice::FalseAlarm => "picking-false-alarm",
    };
    scene.lang.say(key).into_owned()
}
