//! A list laid over the screen, with more about the chosen line below it and its keys in the last row. Not what it
//! lists.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::footer;
use super::overlay::middle;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// What is laid over.
pub struct Sheet<'a> {
    /// Its title.
    pub title: Line<'a>,
    /// How wide it may be.
    pub width: u16,
    /// What stands above the list, and stays there.
    pub head: Vec<Line<'a>>,
    /// The list: each line with its number, where it can be chosen.
    pub rows: Vec<(Option<usize>, Line<'a>)>,
    /// The number of the chosen line.
    pub selected: usize,
    /// More about it.
    pub details: Vec<Line<'a>>,
}

/// Where its parts stand.
struct Places {
    area: Rect,
    rows: Rect,
    /// The first line of the list that is shown.
    first: usize,
    details: Rect,
    keys: Rect,
}

/// The room that a sheet's lines have.
pub fn room(width: u16, screen: Rect) -> usize {
    usize::from(width.min(screen.width).saturating_sub(4))
}

fn places(sheet: &Sheet<'_>, screen: Rect) -> Places {
    // The frame, and the row of the keys.
    let most = usize::from(screen.height.saturating_sub(2)).saturating_sub(3);
    let head = sheet.head.len().min(most);
    let room = most - head;
    let more = if sheet.details.is_empty() { 0 } else { sheet.details.len() + 1 };
    let (mut rows, mut more) = (sheet.rows.len(), more);
    if rows + more > room {
        rows = rows.min((room / 2).max(room.saturating_sub(more)));
        more = more.min(room - rows);
    }
    let at = sheet.rows.iter().position(|(index, _)| *index == Some(sheet.selected));
    let first = (at.unwrap_or_default() + 1).saturating_sub(rows);
    let number = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
    let area = middle(screen, sheet.width, number(head + rows + more + 3));
    let line = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    let row = |after: usize, height: usize| {
        Rect { y: area.y + 1 + number(after), height: number(height), ..line }.intersection(area)
    };
    Places {
        area,
        rows: row(head, rows),
        first,
        details: row(head + rows, more),
        keys: Rect { y: area.bottom().saturating_sub(2), ..line },
    }
}

/// Makes room; a wide character that is cut by the left edge gives way.
pub fn clear(area: Rect, buf: &mut Buffer) {
    Clear.render(area, buf);
    let edge = area.x.checked_sub(1).filter(|_| !area.is_empty());
    for (x, y) in edge.into_iter().flat_map(|x| (area.top()..area.bottom()).map(move |y| (x, y))) {
        if text::width(buf[(x, y)].symbol()) > 1 {
            buf[(x, y)].set_symbol(" ");
        }
    }
}

/// Draws it.
pub fn draw(scene: &Scene<'_>, sheet: &Sheet<'_>, screen: Rect, buf: &mut Buffer) {
    let places = places(sheet, screen);
    clear(places.area, buf);
    let inner = scene.panel(places.area, sheet.title.clone(), true, buf);
    for (row, line) in sheet.head.iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
    let shown = sheet.rows.iter().skip(places.first).take(usize::from(places.rows.height));
    for ((_, line), row) in shown.zip(0..) {
        put(places.rows, row, line, buf);
    }
    let last = places.first + usize::from(places.rows.height);
    if let Some(x) = places.rows.right().checked_sub(1).filter(|_| places.rows.height > 1) {
        if places.first > 0 {
            buf.set_string(x, places.rows.y, "↑", scene.style(Role::Next));
        }
        if last < sheet.rows.len() {
            buf.set_string(x, places.rows.bottom() - 1, "↓", scene.style(Role::Next));
        }
    }
    let room = usize::from(places.details.height).saturating_sub(1);
    for (line, row) in sheet.details.iter().take(room).zip(1..) {
        put(places.details, row, line, buf);
    }
    put(places.keys, 0, &footer::line(scene, places.keys.width), buf);
}

/// Where it stands, where its keys do, and which line is where.
pub fn reached(sheet: &Sheet<'_>, screen: Rect) -> (Rect, Rect, Vec<(Rect, usize)>) {
    let places = places(sheet, screen);
    let shown = sheet.rows.iter().skip(places.first);
    let rows = shown.zip(places.rows.top()..places.rows.bottom());
    let rows = rows.filter_map(|((index, _), y)| {
        index.map(|index| (Rect { y, height: 1, ..places.rows }, index))
    });
    (places.area, places.keys, rows.collect())
}
