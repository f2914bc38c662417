//! The incidents and what asks for one: number, severity, status, team, age. What asks first, then open ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::people::lines;
use crate::tui::people::items::{self, Item};
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let all = &scene.state.incidents;
    let open = all.iter().filter(|incident| !incident.status.is_closed()).count();
    let args = [("open", open.into()), ("count", all.len().into())];
    let mut says = scene.tell("incidents-summary", &args);
    if let Some(commander) = lines::commander(scene) {
        says = format!("{says} · {commander}");
    }
    let room =
        usize::from(area.width).saturating_sub(text::width(&scene.say("pane-incidents")) + 10);
    let inner =
        scene.panel(area, scene.title_of("pane-incidents", text::fit(&says, room)), boxed, buf);
    let items = items::incidents(scene.state);
    if items.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("incidents-none"))), buf);
        return;
    }
    let width = usize::from(inner.width);
    let shown = shown(&items, usize::from(inner.height));
    for (item, row) in shown.into_iter().filter_map(|index| items.get(index)).zip(0..) {
        let line = match item {
            Item::Suggestion(one) => lines::suggestion(scene, one, width),
            Item::Incident(id) => match scene.state.incident(*id) {
                Some(one) => lines::incident(scene, one, width),
                None => Line::default(),
            },
        };
        put(inner, row, &line, buf);
    }
}

/// The places of the lines that are shown in `height` rows: what asks for an incident hides no more than half of those
/// that there are.
fn shown(items: &[Item], height: usize) -> Vec<usize> {
    let asking = items.iter().filter(|item| matches!(item, Item::Suggestion(_))).count();
    let there = items.len() - asking;
    let most = height.saturating_sub(there).max(height.div_ceil(2)).min(asking);
    (0..most).chain(asking..items.len()).take(height).collect()
}

/// Where each line stands, with its number.
pub fn rows(scene: &Scene<'_>, area: Rect, boxed: bool) -> Vec<(Rect, usize)> {
    let side = u16::from(boxed);
    let inner = Rect {
        x: area.x + side,
        y: area.y + 1,
        width: area.width.saturating_sub(2 * side),
        height: area.height.saturating_sub(1 + side),
    };
    let shown = shown(&items::incidents(scene.state), usize::from(inner.height));
    let rows = (inner.top()..inner.bottom()).zip(shown);
    rows.map(|(y, index)| (Rect { y, height: 1, ..inner }, index)).collect()
}
