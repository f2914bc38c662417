//! The themes to choose from, each with a taste of it, beside the screen that wears the chosen one. Not the choosing.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span as Piece};

use crate::tui::action::ActionId;
use crate::tui::keymap;
use crate::tui::scene::{Scene, cover, put};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};

/// What each theme shows of itself.
const TASTE: [(&str, Role); 4] =
    [("✓ ", Role::Good), ("▲ ", Role::Warn), ("✗ ", Role::Bad), ("▄▆█", Role::Load)];

/// Where they stand.
pub fn area(scene: &Scene<'_>, screen: Rect) -> Rect {
    let wanted = u16::try_from(scene.ui.looks.themes().len() + 3).unwrap_or(u16::MAX);
    let (width, height) = (46.min(screen.width), wanted.min(screen.height));
    Rect { x: screen.right() - width, y: screen.y, width, height }
}

/// The first theme that is shown, and how many there is room for.
fn shown(scene: &Scene<'_>, height: u16) -> (usize, usize) {
    let rows = usize::from(height.saturating_sub(1));
    ((scene.ui.looks.chosen() + 1).saturating_sub(rows.max(1)), rows)
}

/// The row of each theme that is shown, with its place in the list.
pub fn rows(scene: &Scene<'_>, screen: Rect) -> impl Iterator<Item = (Rect, usize)> {
    let inner = area(scene, screen).inner(Margin::new(1, 1));
    let (first, rows) = shown(scene, inner.height);
    let last = (first + rows).min(scene.ui.looks.themes().len());
    (first..last).zip(inner.y..).map(move |(index, y)| (Rect { y, height: 1, ..inner }, index))
}

/// Draws them in the upper right corner, where the least is hidden.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) {
    let themes = scene.ui.looks.themes();
    let chosen = scene.ui.looks.chosen();
    let area = area(scene, screen);
    cover(area, buf);
    let inner = scene.panel(area, scene.title_of("themes-title", ""), true, buf);
    let (first, rows) = shown(scene, inner.height);
    for ((index, theme), row) in themes.iter().enumerate().skip(first).take(rows).zip(0..) {
        put(inner, row, &line(scene, theme, index == chosen, inner.width), buf);
    }
    put(inner, inner.height.saturating_sub(1), &ways_out(scene), buf);
}

/// The keys that keep the choice, and that take it back: each with its name.
fn exits(scene: &Scene<'_>) -> [(ActionId, String, String); 2] {
    let exits = [(ActionId::KeepTheme, "action-keep-theme"), (ActionId::Close, "themes-back")];
    exits.map(|(id, name)| {
        let key = keymap::shown(id, scene.ui).unwrap_or_default();
        (id, key, scene.lang.say(name).into_owned())
    })
}

fn ways_out<'a>(scene: &Scene<'a>) -> Line<'a> {
    let pieces = exits(scene).into_iter().flat_map(|(_, key, name)| {
        [scene.piece(Role::Key, key), scene.piece(Role::Dim, format!(" {name}  "))]
    });
    pieces.collect()
}

/// Where these keys stand.
pub fn ways_out_at(scene: &Scene<'_>, screen: Rect) -> Vec<(Rect, ActionId)> {
    let inner = area(scene, screen).inner(Margin::new(1, 1));
    let row = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    let mut x = row.x;
    let place = |(id, key, name): (ActionId, String, String)| {
        let wide = text::width(&key) + text::width(&name) + 1;
        let width = u16::try_from(wide).unwrap_or(row.width);
        let place = Rect { x, width, ..row }.intersection(row);
        x = x.saturating_add(width + 2);
        (place, id)
    };
    exits(scene).map(place).to_vec()
}

fn line<'a>(scene: &Scene<'a>, theme: &'a Theme, chosen: bool, width: u16) -> Line<'a> {
    let taste = TASTE.map(|(shown, role)| Piece::styled(shown, theme.style(role)));
    let taken: usize = TASTE.iter().map(|(shown, _)| text::width(shown)).sum();
    let room = usize::from(width).saturating_sub(taken + 3);
    let (sign, role) = if chosen { ("› ", Role::Selected) } else { ("  ", Role::Text) };
    let name = text::pad(&theme.name, room);
    let mut pieces = vec![scene.piece(Role::Selected, sign), scene.piece(role, name)];
    pieces.push(scene.piece(Role::Text, " "));
    pieces.extend(taste);
    Line::from(pieces)
}
