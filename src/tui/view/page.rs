//! The places that are read: the header, a page of text, and the lines below it. Not the live screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use super::scroll::is_wide;
use super::{briefing, debrief, footer, header, input, replay, report};
use crate::tui::layout::HEADER;
use crate::tui::place::Place;
use crate::tui::scene::Scene;

/// Where the parts of a page go.
pub(super) struct Areas {
    header: Rect,
    pub(super) body: Rect,
    pub(super) input: Rect,
    pub(super) hint: Rect,
    pub(super) footer: Rect,
}

pub(super) fn areas(scene: &Scene<'_>, screen: Rect) -> Areas {
    let draft = scene.ui.draft.lines().len();
    let most = if screen.height < 23 { 1 } else { 4 };
    let typed = u16::try_from(draft).unwrap_or(u16::MAX).clamp(1, most);
    let [header, body, input, hint, footer] = screen.layout(&Layout::vertical([
        Constraint::Length(HEADER),
        Constraint::Min(2),
        Constraint::Length(typed),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    Areas { header, body, input, hint, footer }
}

/// Draws the place, where it is one that is read; tells where the cursor belongs.
pub fn draw(scene: &Scene<'_>, screen: Rect, buf: &mut Buffer) -> Option<Option<Position>> {
    let body = match scene.ui.page() {
        Place::Briefing => briefing::draw,
        Place::Debrief => debrief::draw,
        Place::Report => report::draw,
        Place::Launcher | Place::Live | Place::Replay | Place::Compare => return None,
    };
    let areas = areas(scene, screen);
    header::draw(scene, areas.header, buf);
    body(scene, areas.body, is_wide(screen), buf);
    if let Some(replay) = &scene.ui.replay {
        replay::draw(scene, replay, areas.input, areas.hint, buf);
        footer::draw(scene, areas.footer, buf);
        return Some(None);
    }
    let cursor = input::draw(scene, areas.input, buf);
    input::draw_hint(scene, areas.hint, buf);
    footer::draw(scene, areas.footer, buf);
    input::draw_offers(scene, areas.input, screen, buf);
    Some(cursor)
}
