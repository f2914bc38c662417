//! The promises: value, target, what is left of it, and history with threshold line and fault windows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::history::History;
use crate::exercise::slo::WINDOW;
use crate::exercise::state::SloRun;
use crate::gameday::metric::Unit;
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::{text, words};

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let plan = scene.state.plan();
    let firing: Vec<_> = scene
        .state
        .guardrails
        .iter()
        .zip(&plan.guardrails)
        .filter(|(run, _)| run.firing)
        .map(|(_, rule)| rule.when.source.as_str())
        .collect();
    let mut title = scene.title("SLOs", format!("over {}", words::span(WINDOW)));
    if !firing.is_empty() {
        let says = format!("▲ GUARDRAIL {} ", text::clean(&firing.join(", ")));
        title.spans.push(scene.piece(Role::Bad, says));
    }
    let inner = scene.panel(area, title, boxed, buf);
    let count = u16::try_from(plan.slos.len()).unwrap_or(u16::MAX);
    if count == 0 {
        put(inner, 0, &Line::from(scene.piece(Role::Dim, "the game day promises nothing")), buf);
        return;
    }
    let each = (inner.height / count).max(1);
    for (index, (slo, run)) in plan.slos.iter().zip(&scene.state.slos).enumerate() {
        let top = u16::try_from(index).unwrap_or(u16::MAX).saturating_mul(each);
        if top >= inner.height {
            break;
        }
        let room = Rect { y: inner.y + top, height: each.min(inner.height - top), ..inner };
        one(scene, slo, run, room, buf);
    }
}

fn one(scene: &Scene<'_>, slo: &Slo, run: &SloRun, area: Rect, buf: &mut Buffer) {
    let unit = slo.limit.metric.unit();
    let (role, word) = match (run.value, run.breached()) {
        (_, Some(_)) => (Role::Bad, "✗ BREACHED"),
        (None, None) => (Role::Warn, "– no data"),
        (Some(_), None) => (Role::Good, "✓ kept"),
    };
    let value = run.value.map_or_else(|| "no data".to_owned(), |value| unit.show(value));
    let line = Line::from(vec![
        scene.piece(role, text::pad(word, 11)),
        scene.piece(Role::Title, text::pad(&slo.name, names(scene, area.width))),
        scene.piece(role, format!(" {value:>7} ")),
        scene.piece(Role::Dim, words::limit(&slo.limit)),
    ]);
    put(area, 0, &line, buf);
    let used = u16::try_from(line.width()).unwrap_or(u16::MAX);
    if area.height == 1 {
        let room = area.width.saturating_sub(used + 1);
        if room >= 4 {
            let at = Rect { x: area.x + used + 1, width: room, ..area };
            History::of(scene, slo, at.width, false).draw(scene, slo, at, buf);
        }
        return;
    }
    let history = History::of(scene, slo, area.width, area.height >= 4);
    let margin = margin(scene, slo, run, &history);
    let wide = u16::try_from(margin.width()).unwrap_or(u16::MAX);
    let below = area.height >= 3 && used.saturating_add(wide) + 2 > area.width;
    if below {
        put(area, 1, &margin, buf);
    } else if used + 2 < area.width {
        let x = area.x + used + 2;
        buf.set_line(x, area.y, &margin, area.right() - x);
    }
    let top = if below { 2 } else { 1 };
    let chart = Rect { y: area.y + top, height: area.height - top, ..area };
    history.draw(scene, slo, chart, buf);
}

/// How wide names are: as the longest of them, where there is room.
fn names(scene: &Scene<'_>, width: u16) -> usize {
    let longest = scene.state.plan().slos.iter().map(|slo| text::width(&slo.name)).max();
    let most = if width >= 48 { 20 } else { 12 };
    longest.unwrap_or_default().clamp(12, most)
}

/// What is left of the promise, and how long it was broken.
fn margin<'a>(scene: &Scene<'a>, slo: &Slo, run: &SloRun, history: &History) -> Line<'a> {
    let limit = &slo.limit;
    let unit = limit.metric.unit();
    let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(2);
    if let (Unit::Share, Some(min)) = (unit, limit.min)
        && let Some(whole) = scene.state.figures().value(limit.metric)
        && min < 1.0
    {
        let spent = (1.0 - whole) / (1.0 - min) * 100.0;
        let (role, says) = if spent <= 100.0 {
            (Role::Dim, format!("budget {:.0}% left", 100.0 - spent))
        } else {
            (Role::Bad, format!("budget SPENT {:.1}×", spent / 100.0))
        };
        pieces.push(scene.piece(role, says));
    } else if let (Some(max), Some(value)) = (limit.max, run.value)
        && max > 0.0
    {
        let (role, says) = if value <= max {
            (Role::Dim, format!("{} below", unit.show(max - value)))
        } else {
            (Role::Bad, format!("{} OVER", unit.show(value - max)))
        };
        pieces.push(scene.piece(role, says));
    }
    if let Some(max) = limit.max.filter(|_| history.is_below(limit)) {
        let says = format!("  ┄ threshold {} above", words::short(unit, max));
        pieces.push(scene.piece(Role::Threshold, says));
    }
    if !run.violations.is_empty() {
        let outside = run
            .violations
            .iter()
            .fold(Span::ZERO, |sum, one| sum + one.to.unwrap_or(scene.now).since(one.from));
        let says = format!("  outside {}×, {}", run.violations.len(), words::span(outside));
        pieces.push(scene.piece(Role::Warn, says));
    }
    Line::from(pieces)
}
