//! The promises: value, target, what is left of it, and history with threshold line and fault windows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use crate::exercise::series::over;
use crate::exercise::slo::WINDOW;
use crate::exercise::state::{SloRun, State};
use crate::gameday::metric::Unit;
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::widget::bars::{self, Column};
use crate::tui::{text, words};

/// At most so much history is shown.
const HISTORY: u64 = 600;

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
        scene.piece(Role::Title, text::pad(&slo.name, 12)),
        scene.piece(role, format!(" {value:>7} ")),
        scene.piece(Role::Dim, words::limit(&slo.limit)),
    ]);
    put(area, 0, &line, buf);
    let used = u16::try_from(line.width()).unwrap_or(u16::MAX);
    if area.height == 1 {
        let room = area.width.saturating_sub(used + 1);
        if room >= 4 {
            let at = Rect { x: area.x + used + 1, width: room, ..area };
            history(scene, slo, at, buf);
        }
        return;
    }
    let margin = margin(scene, slo, run);
    let wide = u16::try_from(margin.width()).unwrap_or(u16::MAX);
    let below = area.height >= 3 && used.saturating_add(wide) + 2 > area.width;
    if below {
        put(area, 1, &margin, buf);
    } else if used + 2 < area.width {
        let x = area.x + used + 2;
        buf.set_line(x, area.y, &margin, area.right() - x);
    }
    let top = if below { 2 } else { 1 };
    history(scene, slo, Rect { y: area.y + top, height: area.height - top, ..area }, buf);
}

/// What is left of the promise, and how long it was broken.
fn margin<'a>(scene: &Scene<'a>, slo: &Slo, run: &SloRun) -> Line<'a> {
    let limit = &slo.limit;
    let unit = limit.metric.unit();
    let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(2);
    if let (Unit::Share, Some(min)) = (unit, limit.min)
        && let Some(whole) = over(scene.state.series.points(), limit.metric)
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

/// The scale of a chart: what its bottom and its top stand for.
fn scale(slo: &Slo, values: &[Option<f64>]) -> (f64, f64) {
    let known = values.iter().flatten().copied();
    match (slo.limit.min, slo.limit.max, slo.limit.metric.unit()) {
        (Some(min), _, Unit::Share) => {
            let floor = known.fold((1.0 - (1.0 - min) * 4.0).max(0.0), f64::min);
            (floor - (1.0 - floor) * 0.1, 1.0)
        }
        (_, Some(max), _) => {
            // A spike far outside is cut off, or else the rest would be a flat line.
            (0.0, known.fold(max * 1.25, f64::max).min(max * 4.0).max(f64::MIN_POSITIVE))
        }
        (Some(min), None, _) => (0.0, known.fold(min * 1.25, f64::max).max(f64::MIN_POSITIVE)),
        (None, None, _) => (0.0, known.fold(1.0, f64::max)),
    }
}

fn history(scene: &Scene<'_>, slo: &Slo, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let state = scene.state;
    let Some(window) = Window::of(state, area.width) else {
        let says = if area.width >= 16 { "no data yet" } else { "–" };
        put(area, 0, &Line::from(scene.piece(Role::Dim, says)), buf);
        return;
    };
    let lowest_is_worst = slo.limit.min.is_some() && slo.limit.max.is_none();
    let values: Vec<_> = window
        .columns()
        .map(|(from, to)| {
            let worst = if lowest_is_worst { f64::min } else { f64::max };
            let points = state.series.between(from, to);
            points.iter().filter_map(|point| point.value(slo.limit.metric)).reduce(worst)
        })
        .collect();
    let (bottom, top) = scale(slo, &values);
    let height = |value: f64| (value - bottom) / (top - bottom).max(f64::MIN_POSITIVE);
    let columns: Vec<_> = values
        .iter()
        .zip(window.columns())
        .map(|(value, (from, to))| {
            let bad = value.is_some_and(|value| !slo.limit.holds(value));
            Column {
                height: value.map(|value| height(value).max(0.01)),
                style: scene.style(if bad { Role::Bad } else { Role::History }),
                shade: faulted(state, from, to).then(|| scene.style(Role::Fault)),
            }
        })
        .collect();
    let limit = slo.limit.min.filter(|_| lowest_is_worst).or(slo.limit.max).or(slo.limit.min);
    let line = limit.map(|limit| (height(limit), scene.style(Role::Threshold)));
    bars::draw(&columns, line.filter(|_| area.height > 1), area, buf);
}

/// Whether a fault was in effect at some time from `from` to `to`.
fn faulted(state: &State, from: Span, to: Span) -> bool {
    state.injections.iter().any(|run| {
        run.t0.is_some_and(|t0| t0.elapsed < to)
            && run.reverted.is_none_or(|end| end.elapsed > from)
    })
}

/// The stretch of time a chart shows, in columns whose borders never move.
struct Window {
    first: u64,
    bin: u64,
    columns: u16,
}

impl Window {
    fn of(state: &State, columns: u16) -> Option<Self> {
        let points = state.series.points();
        let (first, last) = (points.first()?, points.last()?);
        let begin = first.sample.start.as_millis() / 1_000;
        let end = (last.sample.start + last.sample.length).as_millis().div_ceil(1_000);
        let wanted = (end - begin).min(HISTORY);
        let bin = [1, 2, 3, 5, 10, 15, 30, 60]
            .into_iter()
            .find(|bin| bin * u64::from(columns) >= wanted)
            .unwrap_or(60);
        let last_bin = end.div_ceil(bin);
        Some(Self { first: last_bin.saturating_sub(u64::from(columns)), bin, columns })
    }

    fn columns(&self) -> impl Iterator<Item = (Span, Span)> + '_ {
        (0..u64::from(self.columns)).map(|column| {
            let from = (self.first + column) * self.bin;
            (Span::from_secs(from), Span::from_secs(from + self.bin))
        })
    }
}
