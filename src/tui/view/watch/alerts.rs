//! The alerts of the system that is watched, the gravest first. Not what becomes of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::exercise::alert::{Alert, AlertState};
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws them.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let title = scene.title_of("pane-alerts", summary(scene));
    let inner = scene.panel(area, title, boxed, buf);
    for (row, line) in lines(scene, usize::from(inner.width)).iter().enumerate() {
        put(inner, u16::try_from(row).unwrap_or(u16::MAX), line, buf);
    }
}

fn summary(scene: &Scene<'_>) -> String {
    let Some(alerts) = &scene.state.watching.alerts.now else { return String::new() };
    let count = |state| alerts.all.iter().filter(|alert| alert.state == state).count();
    let args = [
        ("firing", count(AlertState::Firing).into()),
        ("pending", count(AlertState::Pending).into()),
        ("silenced", count(AlertState::Suppressed).into()),
    ];
    scene.tell("alerts-summary", &args)
}

fn lines<'a>(scene: &Scene<'a>, width: usize) -> Vec<Line<'a>> {
    let board = &scene.state.watching.alerts;
    let mut lines = Vec::new();
    if let Some((since, why)) = &board.unknown {
        let since = words::span(scene.now.since(*since));
        let why = scene.told(why);
        let why = text::clean(&why);
        let args = [("since", (&*since).into()), ("why", (&*why).into())];
        let says = format!("– {}", scene.tell("alerts-unknown", &args));
        lines.extend(
            text::wrap(&says, width).into_iter().map(|row| scene.piece(Role::Warn, row).into()),
        );
    }
    match &board.now {
        None if board.unknown.is_none() => {
            let watch = scene.state.header.watch.as_ref();
            let asked = watch.is_some_and(|watch| watch.alerts.is_some());
            let says = scene.say(if asked { "alerts-asking" } else { "alerts-of-nobody" });
            let rows = text::wrap(&says, width).into_iter();
            lines.extend(rows.map(|row| scene.piece(Role::Dim, row).into()));
        }
        Some(alerts) if alerts.all.is_empty() && board.unknown.is_none() => {
            let says = format!("✓ {}", scene.say("alerts-none"));
            lines.push(scene.piece(Role::Good, says).into());
        }
        _ => {}
    }
    for alert in board.now.iter().flat_map(|alerts| &alerts.all) {
        lines.push(line(scene, alert));
    }
    if let Some(more) = board.now.as_ref().map(|alerts| alerts.left_off).filter(|more| *more > 0) {
        let says = scene.tell("alerts-more", &[("count", more.into())]);
        lines.push(scene.piece(Role::Dim, says).into());
    }
    lines
}

fn line<'a>(scene: &Scene<'a>, alert: &Alert) -> Line<'a> {
    let (role, sign, word) = match alert.state {
        AlertState::Firing => (Role::Bad, "▲", "alert-firing"),
        AlertState::Pending => (Role::Warn, "◔", "alert-pending"),
        AlertState::Suppressed => (Role::Dim, "◌", "alert-silenced"),
    };
    let severity = alert.labels.get("severity").unwrap_or_default();
    let mut pieces = vec![
        scene.piece(role, format!("{sign} {} ", scene.say(word))),
        scene.piece(Role::Title, text::clean(&alert.name).into_owned()),
    ];
    if !severity.is_empty() {
        pieces.push(scene.piece(role, format!(" {}", text::clean(severity))));
    }
    if let Some(since) = alert.since {
        let age = u64::try_from(scene.now.wall - since).unwrap_or_default();
        pieces.push(scene.piece(Role::Dim, format!(" {}", words::span(Span::from_millis(age)))));
    }
    let about = match &alert.summary {
        Some(summary) => text::clean(summary).into_owned(),
        None => text::clean(&alert.labels.without(&["severity"]).to_string()).into_owned(),
    };
    pieces.push(scene.piece(Role::Text, format!("  {about}")));
    Line::from(pieces)
}
