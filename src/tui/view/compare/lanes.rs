//! The time below charts: a row for each exercise with its phases and faults, and the time itself. Not the charts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::report::chart::ticks;
use crate::report::compare::model::Lines;
use crate::report::words::clock_words;
use crate::tui::scene::Scene;
use crate::tui::text;
use crate::tui::theme::Role;

/// A phase begins.
const PHASE: &str = "▏";
/// A fault took effect.
const FAULT: &str = "✗";
/// Columns between two instants of the time.
const APART: u16 = 12;

/// The looks of the letters; they differ as letters, too.
const LOOKS: [Role; 4] = [Role::Load, Role::Next, Role::Title, Role::Dim];

/// Rows that it takes.
pub(super) fn height(exercises: usize) -> u16 {
    u16::try_from(exercises + 1).unwrap_or(u16::MAX)
}

/// The stretch that a column of `width` stands for.
pub(super) fn stretch(lines: &Lines, x: u16, width: u16) -> (i64, i64) {
    let all = i128::from(lines.to_ms.max(1));
    let at = |x: i128| i64::try_from(x * all / i128::from(width.max(1))).unwrap_or(i64::MAX);
    let (from, to) = (at(i128::from(x)), at(i128::from(x) + 1));
    (from, to.max(from.saturating_add(1)))
}

/// The column of an instant; `None`: it lies outside.
pub(super) fn column(lines: &Lines, at: i64, width: u16) -> Option<u16> {
    let at = u64::try_from(at).ok().filter(|at| *at <= lines.to_ms)?;
    let column = u128::from(at) * u128::from(width) / u128::from(lines.to_ms.max(1));
    u16::try_from(column.min(u128::from(width.saturating_sub(1)))).ok()
}

/// Draws it; letters stand left of `area`.
pub(super) fn draw(scene: &Scene<'_>, lines: &Lines, area: Rect, buf: &mut Buffer) {
    for ((nth, line), y) in lines.lines.iter().enumerate().zip(area.top()..area.bottom()) {
        let x = area.x.saturating_sub(2);
        buf.set_string(x, y, line.letter, scene.style(look(nth)));
        lane(scene, lines, nth, Rect { y, height: 1, ..area }, buf);
    }
    let most = u64::from(area.width / APART).max(1);
    let y = area.bottom().saturating_sub(1);
    for at in ticks(lines.to_ms, most) {
        let at_ms = i64::try_from(at).unwrap_or(i64::MAX);
        let Some(x) = column(lines, at_ms, area.width) else { continue };
        let says = clock_words(at);
        if text::width(&says) <= usize::from(area.width - x) {
            buf.set_string(area.x + x, y, says, scene.style(Role::Dim));
        }
    }
}

/// The phases and faults of one exercise, with names as far as there is room; a fault is drawn over a phase.
fn lane(scene: &Scene<'_>, lines: &Lines, nth: usize, area: Rect, buf: &mut Buffer) {
    let marks = lines.marks.iter().filter_map(|mark| {
        let at = mark.at_ms.get(nth).copied().flatten()?;
        let sign = if mark.kind == "phase" { (PHASE, Role::Title) } else { (FAULT, Role::Fault) };
        Some((column(lines, at, area.width)?, sign, &mark.name))
    });
    let mut marks: Vec<_> = marks.collect();
    marks.sort_by_key(|(column, (sign, _), _)| (*column, *sign == FAULT));
    for (place, (column, (sign, role), name)) in marks.iter().enumerate() {
        let next = marks.get(place + 1).map_or(area.width, |(next, ..)| *next);
        let room = usize::from(next.saturating_sub(column + 1));
        let x = area.x + column;
        buf.set_string(x, area.y, sign, scene.style(*role));
        // A blank lies between two names; two letters say nothing.
        let room = if next == area.width { room } else { room.saturating_sub(1) };
        if room > 2 {
            let dim = if *sign == FAULT { Role::Text } else { Role::Dim };
            buf.set_string(x + 1, area.y, text::fit(name, room), scene.style(dim));
        }
    }
}

/// The look of an exercise's letter.
pub(super) fn look(nth: usize) -> Role {
    LOOKS.get(nth).copied().unwrap_or(Role::Text)
}
