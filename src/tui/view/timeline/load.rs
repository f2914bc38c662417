//! The load over time: what was sent, between its least and its most in each column, against what was planned. A gap is
//! where nothing was measured. Not the other lanes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scale::Scale;
use crate::exercise::series::Point;
use crate::exercise::state::State;
use crate::gameday::metric::grouped;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::widget::bars::{self, Column, Reach};

/// What a column has.
struct Load {
    /// Whether the exercise was there already.
    past: bool,
    /// The least and the most that was sent in a second; `None`: nothing was measured.
    sent: Option<(f64, f64)>,
    /// What was planned, at most.
    planned: f64,
    /// What was sent fell short of it in some second.
    short: bool,
}

/// Draws it in `chart`, with its scale in `gutter`.
pub(super) fn draw(
    scene: &Scene<'_>,
    axis: &Axis<'_>,
    scale: &Scale,
    chart: Rect,
    gutter: Rect,
    buf: &mut Buffer,
) {
    if chart.is_empty() {
        return;
    }
    let top = ceiling(scene.state);
    let loads = loads(scene, axis, scale);
    let drawn: Vec<Column> = loads
        .iter()
        .map(|load| Column {
            reach: load.sent.map(|(least, _)| Reach::to(least / top)),
            style: scene.style(Role::Load),
            shade: None,
        })
        .collect();
    bars::draw(&drawn, None, chart, buf);
    for (load, x) in loads.iter().zip(chart.left()..) {
        if let Some((least, most)) = load.sent {
            spread(scene, (least / top, most / top), x, chart, buf);
        }
        // Where what was sent is what was planned, a line above it would only be noise.
        if load.sent.is_none() || load.short {
            plan_line(scene, load.planned / top, load.past, x, chart, buf);
        }
    }
    let label = |value: f64| format!("{:>7}", grouped(value));
    let (x, dim) = (gutter.right().saturating_sub(8), scene.style(Role::Dim));
    buf.set_stringn(x, chart.y, label(top), 7, dim);
    if chart.height > 1 {
        buf.set_stringn(x, chart.bottom() - 1, label(0.0), 7, dim);
    }
    if chart.height > 2 {
        buf.set_stringn(x, chart.y + 1, format!("{:>7}", scene.say("lane-load")), 7, dim);
    }
}

/// The top of the scale: the same for the whole exercise, unless more is sent than was ever planned.
fn ceiling(state: &State) -> f64 {
    let planned = state.plan().phases.iter().filter_map(|phase| phase.load).map(|load| load.peak());
    let planned = planned.fold(1.0, f64::max);
    let sent = state.series.points().iter().map(sent).fold(0.0, f64::max);
    // A second that catches up does not stretch the scale.
    if sent > planned * 1.05 { rounded_up(sent) } else { planned }
}

/// The next figure that reads well.
fn rounded_up(value: f64) -> f64 {
    let unit = 10_f64.powf(value.max(1.0).log10().floor());
    let steps = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * unit).find(|top| *top >= value).unwrap_or(value)
}

/// What was sent in a second.
fn sent(point: &Point) -> f64 {
    let sample = &point.sample;
    let count = sample.attempted - sample.dropped.min(sample.attempted);
    count as f64 / sample.length.as_secs_f64().max(0.001)
}

fn loads(scene: &Scene<'_>, axis: &Axis<'_>, scale: &Scale) -> Vec<Load> {
    let state = scene.state;
    let now = state.exercise_time(scene.now);
    let begun = state.phases.first().is_some_and(|run| run.started.is_some());
    let starts: Vec<Span> = (0..state.phases.len()).map(|index| state.phase_start(index)).collect();
    (0..scale.width)
        .map(|column| {
            let (from, to) = (scale.time(column), scale.time(column + 1));
            let past = begun && from <= now;
            let points = if past { points(state, axis, from, to) } else { &[] };
            let mut load =
                Load { past, sent: None, planned: planned(state, &starts, from), short: false };
            if !points.is_empty() {
                load.planned = points.iter().map(|one| one.sample.planned).fold(0.0, f64::max);
            }
            for point in points {
                let now = sent(point);
                load.short |= now < point.sample.planned * 0.98;
                load.sent = Some(match load.sent {
                    Some((least, most)) => (least.min(now), most.max(now)),
                    None => (now, now),
                });
            }
            load
        })
        .collect()
}

/// The seconds of a column; of one narrower than a second, the second it lies in.
fn points<'a>(state: &'a State, axis: &Axis<'_>, from: Span, to: Span) -> &'a [Point] {
    let (Some(from), Some(to)) = (axis.elapsed_at(from), axis.elapsed_at(to)) else { return &[] };
    let begins = state.series.between(from, to);
    if begins.is_empty() { state.figures().touching(from, to).points } else { begins }
}

/// What the plan says for a moment.
fn planned(state: &State, starts: &[Span], at: Span) -> f64 {
    let index = starts.iter().rposition(|start| *start <= at).unwrap_or(0);
    let (Some(phase), Some(start)) = (state.plan().phases.get(index), starts.get(index)) else {
        return 0.0;
    };
    phase.load.map_or(0.0, |load| load.rate_at(at - *start, phase.duration))
}

/// From the least to the most that was sent within a column.
fn spread(scene: &Scene<'_>, (least, most): (f64, f64), x: u16, chart: Rect, buf: &mut Buffer) {
    // A row counts as reached when the most fills half of it.
    let top = (most.clamp(0.0, 1.0) * f64::from(chart.height)).round() as u16;
    for row in bars::row_of(least, chart.height) + 1..top {
        let cell = &mut buf[(x, chart.bottom() - 1 - row)];
        cell.set_symbol("▒").set_style(scene.style(Role::Load));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_figures_that_read_well() {
        for (value, want) in
            [(0.2, 1.0), (1_050.0, 1_200.0), (10_000.0, 10_000.0), (61_000.0, 80_000.0)]
        {
            assert!((rounded_up(value) - want).abs() < 1e-6, "{value}");
        }
    }
}
