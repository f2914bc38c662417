//! The names of the panes in one row, with a sign where something is wrong. Not the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::wrong;
use crate::tui::pane::{PANES, Pane};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// One tab: the pane it leads to (`None`: all of them), its number, its name, its sign.
struct Tab {
    pane: Option<Pane>,
    name: String,
    sign: &'static str,
}

/// Draws them.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let alone = scene.ui.panes.alone();
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    // Between two tabs is one cell: what closes the one, or opens the other.
    let mut closes = " ";
    for tab in &tabs(scene, area.width) {
        let number = tab.pane.map_or(0, |pane| pane.index() + 1).to_string();
        let current = tab.pane == alone;
        let hidden = tab.pane.is_some_and(|pane| scene.ui.panes.is_hidden(pane));
        let role = match (current, hidden) {
            (true, _) => Role::Selected,
            (_, true) => Role::Dim,
            _ => Role::Text,
        };
        let between = if current { "[" } else { closes };
        pieces.push(scene.piece(Role::Text, between));
        pieces.push(scene.piece(if current { role } else { Role::Key }, number));
        pieces.push(scene.piece(role, format!(" {}", tab.name)));
        pieces.push(scene.piece(Role::Bad, tab.sign));
        closes = if current { "]" } else { " " };
    }
    pieces.push(scene.piece(Role::Text, closes));
    put(area, 0, &Line::from(pieces), buf);
}

/// The tabs, with names as long as the row has room for.
fn tabs(scene: &Scene<'_>, width: u16) -> Vec<Tab> {
    let make = |most: usize| -> Vec<Tab> {
        std::iter::once(None)
            .chain(PANES.into_iter().filter(|pane| scene.ui.panes.has(*pane)).map(Some))
            .map(|pane| {
                let name = scene
                    .say(pane.map_or("pane-all", |pane| pane.name_key(scene.state.is_watch())))
                    .into_owned();
                let mut name = text::fit(&name, most);
                if pane.is_some_and(|pane| scene.ui.panes.is_hidden(pane)) {
                    name = format!("({name})");
                }
                Tab { pane, name, sign: pane.map_or("", |pane| wrong::sign(scene, pane)) }
            })
            .collect()
    };
    (4..=12)
        .rev()
        .map(make)
        .find(|tabs| tabs.iter().map(wide).sum::<usize>() < usize::from(width))
        .unwrap_or_else(|| make(3))
}

fn wide(tab: &Tab) -> usize {
    3 + text::width(&tab.name) + text::width(tab.sign)
}

/// The tab at a column of the row: the pane it leads to, `Some(None)` for all of them.
pub fn at(scene: &Scene<'_>, area: Rect, column: u16) -> Option<Option<Pane>> {
    let mut left = usize::from(area.x);
    for tab in tabs(scene, area.width) {
        let right = left + wide(&tab);
        if (left..right).contains(&usize::from(column)) {
            return Some(tab.pane);
        }
        left = right;
    }
    None
}
