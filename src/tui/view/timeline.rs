//! The timeline: phases, load as planned and as sent, faults and incidents where they were, and the present.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::marks::{self, Mark};
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::gameday::metric::grouped;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::widget::bars::{self, Column};
use crate::tui::{text, words};

/// Cells left of the picture, for the scale.
const GUTTER: u16 = 8;

/// Draws it.
pub fn draw(scene: &Scene<'_>, area: Rect, boxed: bool, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let state = scene.state;
    let now = state.exercise_time(scene.now);
    let end = state.foreseen_end();
    let says = format!("{} of {} · load/s █ sent ░ planned", words::clock(now), words::clock(end));
    let inner = scene.panel(area, scene.title("timeline", says), boxed, buf);
    if inner.height < 3 || inner.width <= GUTTER + 10 {
        return;
    }
    let plot = Rect { x: inner.x + GUTTER, width: inner.width - GUTTER, ..inner };
    let rows = if plot.height >= 7 { 2 } else { 1 };
    let chart = Rect { y: plot.y + 1, height: plot.height - 1 - rows, ..plot };
    let marks_area = Rect { y: chart.bottom(), height: rows, ..plot };
    let scale = Scale { end: end.as_millis().max(1), width: plot.width };
    phases(scene, &scale, Rect { height: 1, ..plot }, buf);
    load(scene, &scale, chart, inner.x, buf);
    marks::draw(&marks_of(scene, &scale), marks_area, buf);
    if matches!(state.stage, Stage::Running) {
        let x = plot.x + scale.column(now);
        for y in chart.top()..chart.bottom() {
            // Below the names of the phases: those stay readable.
            let symbol = if y == chart.top() { "▼" } else { "│" };
            buf[(x, y)].set_symbol(symbol).set_style(scene.style(Role::Now));
        }
    }
}

/// Exercise time to columns.
struct Scale {
    end: u64,
    width: u16,
}

impl Scale {
    fn column(&self, at: Span) -> u16 {
        let column = at.as_millis() * u64::from(self.width) / self.end;
        u16::try_from(column).unwrap_or(u16::MAX).min(self.width.saturating_sub(1))
    }

    /// The exercise time at which a column begins.
    fn time(&self, column: u16) -> Span {
        Span::from_millis(u64::from(column) * self.end / u64::from(self.width.max(1)))
    }
}

fn phases(scene: &Scene<'_>, scale: &Scale, area: Rect, buf: &mut Buffer) {
    let state = scene.state;
    let current = state.current_phase().map(|(index, ..)| index);
    for (index, phase) in state.plan().phases.iter().enumerate() {
        let from = scale.column(state.phase_start(index));
        let to = match index + 1 {
            next if next < state.phases.len() => scale.column(state.phase_start(next)),
            _ => scale.width,
        };
        let name = text::fit(&format!("▏{}", phase.name), usize::from(to.saturating_sub(from)));
        let role = if current == Some(index) { Role::Title } else { Role::Dim };
        buf.set_string(area.x + from, area.y, name, scene.style(role));
    }
}

fn load(scene: &Scene<'_>, scale: &Scale, chart: Rect, gutter: u16, buf: &mut Buffer) {
    let state = scene.state;
    let axis = Axis::new(state, scene.now);
    let now = state.exercise_time(scene.now);
    let begun = state.phases.first().is_some_and(|run| run.started.is_some());
    let starts: Vec<Span> = (0..state.phases.len()).map(|index| state.phase_start(index)).collect();
    let mut columns = Vec::with_capacity(usize::from(scale.width));
    let mut lines = Vec::with_capacity(usize::from(scale.width));
    let mut top = 1.0_f64;
    for column in 0..scale.width {
        let (from, to) = (scale.time(column), scale.time(column + 1));
        let past = begun && from <= now;
        let (sent, asked) = if past { measured(state, &axis, from, to) } else { (None, None) };
        let planned = asked.unwrap_or_else(|| planned(state, &starts, from));
        top = top.max(planned).max(sent.unwrap_or_default());
        columns.push((past, sent));
        lines.push(planned);
    }
    let drawn: Vec<Column> = columns
        .iter()
        .map(|(_, sent)| Column {
            height: sent.map(|sent| sent / top),
            style: scene.style(Role::Load),
            shade: None,
        })
        .collect();
    bars::draw(&drawn, None, chart, buf);
    for ((planned, (past, sent)), x) in lines.iter().zip(&columns).zip(chart.left()..) {
        // Where what was sent is what was planned, a line above it would only be noise.
        let kept = sent.is_some_and(|sent| sent >= planned * 0.98);
        if !kept {
            plan_line(scene, planned / top, *past, x, chart, buf);
        }
    }
    let label = |value: f64| format!("{:>7}", grouped(value));
    buf.set_stringn(gutter, chart.y, label(top), 7, scene.style(Role::Dim));
    if chart.height > 1 {
        buf.set_stringn(gutter, chart.bottom() - 1, label(0.0), 7, scene.style(Role::Dim));
    }
}

/// The plan: filled lightly in the future, a line above what was sent in the past.
fn plan_line(scene: &Scene<'_>, height: f64, past: bool, x: u16, chart: Rect, buf: &mut Buffer) {
    let top = bars::row_of(height, chart.height);
    let first = if past { top } else { 0 };
    if height <= 0.0 {
        return;
    }
    for row in first..=top {
        let cell = &mut buf[(x, chart.bottom() - 1 - row)];
        if cell.symbol() == " " {
            cell.set_symbol(if past { "╌" } else { "░" }).set_style(scene.style(Role::Plan));
        }
    }
}

/// What was sent and what was asked for, per second, between two exercise times.
fn measured(state: &State, axis: &Axis<'_>, from: Span, to: Span) -> (Option<f64>, Option<f64>) {
    let (Some(from), Some(to)) = (axis.elapsed_at(from), axis.elapsed_at(to)) else {
        return (None, None);
    };
    // A column narrower than a second shows the second it lies in.
    let points = state.series.between(from - Span::from_millis(999), to);
    let (mut seconds, mut sent, mut asked) = (0.0, 0.0, 0.0);
    for point in points {
        let sample = &point.sample;
        seconds += sample.length.as_secs_f64();
        sent += (sample.attempted - sample.dropped.min(sample.attempted)) as f64;
        asked += sample.planned;
    }
    if seconds > 0.0 { (Some(sent / seconds), Some(asked / seconds)) } else { (None, None) }
}

fn planned(state: &State, starts: &[Span], at: Span) -> f64 {
    let index = starts.iter().rposition(|start| *start <= at).unwrap_or(0);
    let (Some(phase), Some(start)) = (state.plan().phases.get(index), starts.get(index)) else {
        return 0.0;
    };
    phase.load.map_or(0.0, |load| load.rate_at(at - *start, phase.duration))
}

fn marks_of(scene: &Scene<'_>, scale: &Scale) -> Vec<Mark> {
    let state = scene.state;
    let axis = Axis::new(state, scene.now);
    let faults = state.injections.iter().map(|run| {
        let at = match (run.t0.or(run.armed), run.status) {
            (Some(stamp), _) => axis.exercise_at(stamp),
            (None, _) => state.injection_due(run),
        };
        let name = state.planned(run.id).map_or("", |planned| planned.name.as_str());
        let role = match run.status {
            InjectionStatus::Planned => Role::Next,
            InjectionStatus::Reverted => Role::Good,
            InjectionStatus::Skipped => Role::Dim,
            InjectionStatus::Reverting => Role::Warn,
            _ => Role::Bad,
        };
        Mark {
            column: scale.column(at),
            sign: words::sign(run.status),
            name: text::clean(name).into_owned(),
            style: scene.style(role),
        }
    });
    let incidents = state.incidents.iter().map(|incident| Mark {
        column: scale.column(axis.exercise_at(incident.opened)),
        sign: "!",
        name: incident.id.to_string(),
        style: scene.style(Role::Incident),
    });
    faults.chain(incidents).collect()
}
