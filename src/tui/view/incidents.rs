//! The incidents and what asks for one: number, severity, status, team, age. What asks first, then open ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::key_of::key_of;
use super::people::lines;
use crate::tui::action::ActionId;
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
    for (index, item) in items.iter().enumerate() {
        let line = match item {
            Item::Suggestion(one) if index == 0 => {
                let key = format!("{} ", key_of(scene, ActionId::OpenSuggested));
                let left = width.saturating_sub(text::width(&key));
                let mut line = lines::suggestion(scene, one, left);
                line.spans.insert(0, scene.piece(Role::Key, key));
                line
            }
            Item::Suggestion(one) => lines::suggestion(scene, one, width),
            Item::Incident(id) => match scene.state.incident(*id) {
                Some(one) => lines::incident(scene, one, width),
                None => Line::default(),
            },
        };
        put(inner, u16::try_from(index).unwrap_or(u16::MAX), &line, buf);
    }
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
    let rows = (inner.top()..inner.bottom()).zip(0..items::incidents(scene.state).len());
    rows.map(|(y, index)| (Rect { y, height: 1, ..inner }, index)).collect()
}
