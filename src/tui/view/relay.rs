//! What is passed on to others, as a page over the screen. Not what it says.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::footer;
use super::overlay::middle;
use crate::report::handover::{HOUR, render};
use crate::tui::scene::{Scene, cover, put};
use crate::tui::theme::Role;
use crate::tui::widget::markdown;

/// It is at most so wide.
const WIDE: u16 = 140;

/// Where the handover stands, and where its keys do.
pub fn places(screen: Rect) -> (Rect, Rect) {
    let area = middle(screen, WIDE, screen.height.saturating_sub(2));
    let keys = Rect {
        x: area.x + 1,
        y: area.bottom().saturating_sub(2),
        width: area.width.saturating_sub(2),
        height: 1,
    };
    (area, keys.intersection(area))
}

/// Draws the handover from line `top` on.
pub fn handover(scene: &Scene<'_>, top: usize, screen: Rect, buf: &mut Buffer) {
    let (area, keys) = places(screen);
    cover(area, buf);
    let inner = scene.panel(area, scene.title_of("action-handover", ""), true, buf);
    let body = Rect { height: inner.height.saturating_sub(1), ..inner };
    let text = render(scene.state, HOUR, scene.lang);
    let lines: Vec<Line<'_>> = markdown::lines(scene.theme, &text, body.width.saturating_sub(2));
    let height = usize::from(body.height);
    let top = top.min(lines.len().saturating_sub(height));
    for (line, row) in lines.iter().skip(top).take(height).zip(0..) {
        put(body, row, line, buf);
    }
    if let Some(x) = body.right().checked_sub(1).filter(|_| height > 1) {
        if top > 0 {
            buf.set_string(x, body.y, "↑", scene.style(Role::Next));
        }
        if top + height < lines.len() {
            buf.set_string(x, body.bottom() - 1, "↓", scene.style(Role::Next));
        }
    }
    put(keys, 0, &footer::line(scene, keys.width), buf);
}
