//! Parts and lines of a page, from a line on. Not what they say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::key_of::tell;
use crate::tui::action::ActionId;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;

/// Whether parts stand side by side, in boxes.
pub fn is_wide(screen: Rect) -> bool {
    screen.width >= 110 && screen.height >= 34
}

/// A part of a page.
pub struct Part<'a> {
    /// Its name.
    pub name: std::borrow::Cow<'a, str>,
    /// What it says.
    pub lines: Vec<Line<'a>>,
}

/// The parts below each other, from line `top` on; what does not fit is said.
pub fn stack(scene: &Scene<'_>, parts: Vec<Part<'_>>, top: usize, area: Rect, buf: &mut Buffer) {
    let lines = stacked(scene, parts, area.width);
    scrolled(scene, &lines, top, area, buf);
}

/// The lines of parts below each other.
pub fn stacked<'a>(scene: &Scene<'a>, parts: Vec<Part<'a>>, width: u16) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    for part in parts {
        let rule = "─".repeat(usize::from(width));
        lines.push(Line::from(vec![
            scene.piece(Role::Rule, "── "),
            scene.piece(Role::Title, part.name.into_owned()),
            scene.piece(Role::Rule, format!(" {rule}")),
        ]));
        let last = lines.len() - 1;
        if let Some(head) = lines.get_mut(last) {
            cut(head, width);
        }
        lines.extend(part.lines);
    }
    lines
}

/// Cuts a line off without a sign.
fn cut(line: &mut Line<'_>, width: u16) {
    let wide = line.width();
    let over = wide.saturating_sub(usize::from(width));
    if let Some(rule) = line.spans.last_mut().filter(|_| over > 0) {
        let kept = rule.content.chars().count().saturating_sub(over);
        rule.content = rule.content.chars().take(kept).collect::<String>().into();
    }
}

/// Lines from `top` on; the last row says how many more there are.
pub fn scrolled(scene: &Scene<'_>, lines: &[Line<'_>], top: usize, area: Rect, buf: &mut Buffer) {
    let height = usize::from(area.height);
    let top = top.min(lines.len().saturating_sub(height));
    for (row, line) in lines.iter().skip(top).take(height).enumerate() {
        put(area, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
    let below = lines.len().saturating_sub(top + height);
    if below > 0 && height > 1 {
        // One is covered by these words.
        let says = tell(
            scene,
            "page-more",
            &[("count", (below + 1).into())],
            &[("down", ActionId::Down), ("up", ActionId::Up)],
        );
        let row = area.height - 1;
        buf.set_string(area.x, area.y + row, " ".repeat(area.width.into()), scene.style(Role::Dim));
        put(area, row, &Line::from(scene.piece(Role::Next, says)), buf);
    }
}
