//! The history of one promise as a chart: bars, scale, threshold line, and where faults were. Not its value in words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::exercise::figure::Figures;
use crate::exercise::slo::WINDOW;
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::plan::{Limit, Slo};
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::theme::Role;
use crate::tui::widget::bars::{self, Column};
use crate::tui::words;

/// At most so much history is shown.
const HISTORY: u64 = 600;

/// Cells left of the bars for the scale, where there is one.
const GUTTER: u16 = 9;

/// A chart before it is drawn.
pub(super) struct History {
    window: Option<Window>,
    values: Vec<Option<f64>>,
    bottom: f64,
    top: f64,
    gutter: u16,
}

impl History {
    /// The chart of `slo`, `width` cells wide. `scaled`: it has the two rows at least that a scale beside it takes.
    pub(super) fn of(scene: &Scene<'_>, slo: &Slo, width: u16, scaled: bool) -> Self {
        let scaled = scaled && width >= GUTTER + 20;
        let gutter = if scaled { GUTTER } else { 0 };
        let window = Window::of(scene.state, width - gutter);
        let worst = if floor(&slo.limit).is_some() { f64::min } else { f64::max };
        let values: Vec<_> = window
            .iter()
            .flat_map(Window::columns)
            .map(|(from, to)| {
                values(scene.state.figures(), slo.limit.metric, from, to).into_iter().reduce(worst)
            })
            .collect();
        let (bottom, top) = scale(&slo.limit, &values, scaled);
        Self { window, values, bottom, top, gutter }
    }

    /// Whether the limit lies above what the chart shows.
    pub(super) fn is_below(&self, limit: &Limit) -> bool {
        limit.max.is_some_and(|max| max > self.top) && self.values.iter().any(Option::is_some)
    }

    fn height(&self, value: f64) -> f64 {
        (value - self.bottom) / (self.top - self.bottom).max(f64::MIN_POSITIVE)
    }

    /// Draws it.
    pub(super) fn draw(&self, scene: &Scene<'_>, slo: &Slo, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let Some(window) = &self.window else {
            let says = if area.width >= 16 { "no data yet" } else { "–" };
            put(area, 0, &Line::from(scene.piece(Role::Dim, says)), buf);
            return;
        };
        let columns: Vec<_> = self
            .values
            .iter()
            .zip(window.columns())
            .map(|(value, (from, to))| {
                let bad = value.is_some_and(|value| !slo.limit.holds(value));
                Column {
                    height: value.map(|value| self.height(value).max(0.01)),
                    style: scene.style(if bad { Role::Bad } else { Role::History }),
                    shade: faulted(scene.state, from, to).then(|| scene.style(Role::Fault)),
                }
            })
            .collect();
        let limit = floor(&slo.limit).or(slo.limit.max).or(slo.limit.min);
        let limit = limit.filter(|limit| area.height > 1 && *limit <= self.top);
        let line = limit.map(|limit| (self.height(limit), scene.style(Role::Threshold)));
        let plot = Rect { x: area.x + self.gutter, width: area.width - self.gutter, ..area };
        bars::draw(&columns, line, plot, buf);
        if self.gutter > 0 {
            self.labels(scene, slo.limit.metric.unit(), limit, area, buf);
        }
    }

    /// What top, bottom and threshold stand for.
    fn labels(
        &self,
        scene: &Scene<'_>,
        unit: Unit,
        limit: Option<f64>,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let mut label = |row: u16, value: f64, style: Style| {
            let says = format!("{:>8}", words::short(unit, value));
            buf.set_stringn(area.x, row, says, usize::from(GUTTER), style);
        };
        let (first, last) = (area.top(), area.bottom() - 1);
        label(first, self.top, scene.style(Role::Dim));
        label(last, self.bottom, scene.style(Role::Dim));
        if let Some(limit) = limit {
            let row = last - bars::row_of(self.height(limit), area.height);
            if row != first && row != last {
                label(row, limit, scene.style(Role::Threshold));
            }
        }
    }
}

/// What a column from `from` to `to` stands for: the value of each of its seconds. Of what is counted, the count over
/// the window the limit is for: a count grows with its time, and no second alone could be held against the limit.
fn values(figures: Figures<'_>, metric: Metric, from: Span, to: Span) -> Vec<f64> {
    if !metric.is_count() {
        return figures.between(from, to).seconds(metric);
    }
    figures.rolling(metric, WINDOW, from, to)
}

/// The limit where the lowest value is the worst.
fn floor(limit: &Limit) -> Option<f64> {
    limit.min.filter(|_| limit.max.is_none())
}

/// What bottom and top of a chart stand for. A chart with a scale beside it need not reach up to a limit that is far
/// away; one without is read against its limit alone.
fn scale(limit: &Limit, values: &[Option<f64>], scaled: bool) -> (f64, f64) {
    let known = || values.iter().flatten().copied();
    match (limit.min, limit.max, limit.metric.unit()) {
        (Some(min), _, Unit::Share) => {
            let floor = known().fold((1.0 - (1.0 - min) * 4.0).max(0.0), f64::min);
            ((floor - (1.0 - floor) * 0.1).max(0.0), 1.0)
        }
        (_, Some(max), _) => {
            let highest = known().fold(0.0, f64::max);
            if scaled && highest > 0.0 && highest < max / 2.0 {
                return (0.0, round_up(highest));
            }
            // A spike far outside is cut off, or else the rest would be a flat line.
            (0.0, round_up((max * 1.25).max(highest)).min(max * 4.0).max(f64::MIN_POSITIVE))
        }
        (Some(min), None, _) => (0.0, known().fold(min * 1.25, f64::max).max(f64::MIN_POSITIVE)),
        (None, None, _) => (0.0, known().fold(1.0, f64::max)),
    }
}

/// The next round number: the top of a scale should not move with every value.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0];
    steps.into_iter().map(|step| step * power).find(|top| *top >= value).unwrap_or(power * 10.0)
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
        let Figures { points, readings } = state.figures();
        let felt = points.first().zip(points.last()).map(|(a, b)| (a.sample.start, b.end()));
        let read = readings.first().zip(readings.last()).map(|(a, b)| (a.start, b.end()));
        let (first, last) =
            felt.into_iter().chain(read).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        let begin = first.as_millis() / 1_000;
        let end = last.as_millis().div_ceil(1_000);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_counts_is_held_against_the_limit_over_the_same_window() {
        use crate::exercise::reading::Reading;
        use crate::gameday::instrument::Instrument;
        // Three a second, for twenty seconds.
        let mut readings = Vec::new();
        for second in 0..20 {
            let mut one = Reading { start: Span::from_secs(second), ..Reading::default() };
            one.length = Span::from_secs(1);
            one.values.insert(Instrument::Retries, 3.0);
            one.values.insert(Instrument::QueueDepth, 7.0);
            readings.push(one);
        }
        let figures = Figures { points: &[], readings: &readings };
        let seconds = Span::from_secs;
        for (metric, from, to, want) in [
            (Instrument::Retries, 0, 3, vec![3.0, 6.0, 9.0]),
            (Instrument::Retries, 18, 20, vec![30.0, 30.0]),
            (Instrument::Retries, 20, 30, vec![]),
            (Instrument::QueueDepth, 18, 20, vec![7.0, 7.0]),
        ] {
            let got = values(figures, Metric::Inside(metric), seconds(from), seconds(to));
            assert_eq!(got, want, "{metric:?}");
        }
        // The last column says what the value beside it says.
        let now = figures.last(WINDOW).value(Metric::Inside(Instrument::Retries));
        assert_eq!(now, Some(30.0));
    }

    #[test]
    fn the_scale_follows_what_was_seen_and_reaches_the_limit_only_when_near() {
        let limit = |min, max| Limit { metric: Metric::Latency(990), min, max };
        let most = limit(None, Some(200.0));
        for (limit, seen, scaled, want) in [
            (&most, 37.4, true, (0.0, 40.0)),
            (&most, 1.5, true, (0.0, 1.5)),
            (&most, 99.0, true, (0.0, 100.0)),
            (&most, 100.0, true, (0.0, 300.0)),
            (&most, 412.0, true, (0.0, 500.0)),
            (&most, 5_000.0, true, (0.0, 800.0)),
            (&most, 37.4, false, (0.0, 300.0)),
            (&limit(Some(10.0), None), 3.0, true, (0.0, 12.5)),
        ] {
            assert_eq!(scale(limit, &[None, Some(seen)], scaled), want, "{seen} {scaled}");
        }
        assert_eq!(scale(&most, &[None], true), (0.0, 300.0));
        let share = Limit { metric: Metric::Availability, min: Some(0.99), max: None };
        let (bottom, top) = scale(&share, &[Some(0.0)], true);
        assert_eq!((bottom, top), (0.0, 1.0));
    }
}
