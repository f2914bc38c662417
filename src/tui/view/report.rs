//! The report on the screen, as it stands in its file, with the files' paths above it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::scroll::scrolled;
use crate::tui::scene::Scene;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widget::markdown;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    let name = scene.say("report-title");
    let title = Line::from(scene.piece(Role::Title, format!(" {name} ")));
    let inner = scene.panel(area, title, boxed, buf);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for path in &scene.ui.report {
        let says = scene.tell("report-file", &[("path", (&*text::clean(path)).into())]);
        lines.push(Line::from(scene.piece(Role::Next, text::fit(&says, inner.width.into()))));
    }
    // What is replayed is written by nobody; this is what it says.
    if scene.ui.report.is_empty() && scene.ui.replay.is_none() {
        lines.push(Line::from(scene.piece(Role::Dim, scene.say("report-being-written"))));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(markdown::lines(scene.theme, &scene.ui.learnt.markdown, inner.width));
    let top = scene.ui.tops.get(scene.ui.page() as usize).copied().unwrap_or_default();
    scrolled(scene, &lines, top, inner, buf);
}
