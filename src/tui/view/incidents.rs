//! The incidents: number, severity, status, team, age. Open ones first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::incident::Incident;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let all = &scene.state.incidents;
    let open = all.iter().filter(|incident| !incident.status.is_closed()).count();
    let args = [("open", open.into()), ("count", all.len().into())];
    let title = scene.title_of("pane-incidents", scene.tell("incidents-summary", &args));
    let inner = scene.panel(area, title, boxed, buf);
    if all.is_empty() {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, scene.say("incidents-none"))), buf);
        return;
    }
    let mut order: Vec<&Incident> = all.iter().rev().collect();
    order.sort_by_key(|incident| incident.status.is_closed());
    for (row, incident) in order.into_iter().enumerate() {
        let row = u16::try_from(row).unwrap_or(u16::MAX);
        put(inner, row, &line(scene, incident, inner.width), buf);
    }
}

fn line<'a>(scene: &Scene<'a>, incident: &'a Incident, width: u16) -> Line<'a> {
    let closed = incident.status.is_closed();
    let until = incident.moves.last().filter(|_| closed).map_or(scene.now, |(stamp, ..)| *stamp);
    let age = words::span(until.since(incident.opened));
    let sign = if closed { "✓" } else { "▲" };
    let role = if closed { Role::Dim } else { Role::Incident };
    let mut pieces = vec![
        scene.piece(role, format!("{sign} {} {} ", incident.id, incident.severity)),
        scene.piece(
            if closed { Role::Good } else { Role::Warn },
            scene.say(words::incident(incident.status)),
        ),
        scene.piece(Role::Team, format!(" {}", text::fit(&incident.team, 12))),
        scene.piece(Role::Dim, format!(" {age} ")),
    ];
    let used: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
    let title = text::fit(&incident.title, usize::from(width).saturating_sub(used));
    pieces.push(scene.piece(if closed { Role::Dim } else { Role::Text }, title));
    Line::from(pieces)
}
