//! The keys that work now, and no other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::tui::action::ActionId;
use crate::tui::keymap;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// One key of the footer: where it stands, and what it does.
pub struct Item {
    /// Columns from the left.
    pub from: u16,
    /// How many columns.
    pub width: u16,
    /// What it does.
    pub id: ActionId,
    key: String,
    name: String,
    weight: u8,
}

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    put(area, 0, &line(scene, area.width), buf);
}

/// The keys in one line of at most `width` columns.
pub fn line<'a>(scene: &Scene<'a>, width: u16) -> Line<'a> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for item in items(scene, width) {
        if !pieces.is_empty() {
            pieces.push(Piece::raw("  "));
        }
        let role = if item.weight == 0 { Role::Stopped } else { Role::Key };
        pieces.push(scene.piece(role, item.key));
        pieces.push(scene.piece(Role::Dim, format!(" {}", item.name)));
    }
    Line::from(pieces)
}

/// The keys that stand in a line of `width` columns.
pub fn items(scene: &Scene<'_>, width: u16) -> Vec<Item> {
    let room = usize::from(width);
    let keys = keymap::footer(scene.state, scene.ui);
    let mut used = 0;
    let mut chosen: Vec<Item> = Vec::new();
    // The way to the help, and out, are always there; the others by weight, as far as they fit.
    let always = |weight: u8| weight >= 11;
    let (first, rest): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|(weight, ..)| always(*weight));
    for (weight, key, action) in first.into_iter().chain(rest) {
        let name = scene.lang.say(&action.name_key(scene.state, scene.ui)).into_owned();
        let wide = text::width(&key) + text::width(&name) + 1;
        if used + wide <= room {
            used += wide + 2;
            let width = u16::try_from(wide).unwrap_or(u16::MAX);
            chosen.push(Item { from: 0, width, id: action.id, key, name, weight });
        }
    }
    chosen.sort_by_key(|item| item.weight);
    let mut from = 0;
    for item in &mut chosen {
        item.from = from;
        from += item.width + 2;
    }
    chosen
}
