//! The history of one promise as a chart: columns, scale, threshold line, and where faults were. Not its value in words.
//!
//! A scale is fixed for the run: it reaches beyond the threshold from the beginning, and grows in round steps when
//! something of the run is outside it; it never shrinks. A column shows the lowest and the highest second in it. Where
//! nothing was measured there is a gap.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use crate::exercise::figure::Figures;
use crate::exercise::slo::WINDOW;
use crate::exercise::state::State;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::plan::{Limit, Slo};
use crate::gameday::span::Span;
use crate::tui::scene::{Scene, put};
use crate::tui::stretch::Stretch;
use crate::tui::theme::Role;
use crate::tui::widget::bars::{self, Column, Reach};
use crate::tui::widget::scale::{Scale, power_below, round_up};
use crate::tui::words;

/// Cells left of the columns for the scale, where there is one.
const GUTTER: u16 = 9;

/// Beyond so many times its limit a latency is shown on a logarithmic scale: on another the limit would lie at the
/// bottom.
const FAR: f64 = 4.0;

/// The lowest and the highest value.
type Extremes = (f64, f64);

/// A chart before it is drawn.
pub(super) struct History {
    stretch: Option<Stretch>,
    values: Vec<Option<Extremes>>,
    scale: Scale,
    gutter: u16,
}

impl History {
    /// The chart of `slo`, `width` cells wide, whose values of the run so far lie between `extremes`. `scaled`: it has the
    /// two rows at least that a scale beside it takes.
    pub(super) fn of(
        scene: &Scene<'_>,
        slo: &Slo,
        extremes: Option<Extremes>,
        width: u16,
        scaled: bool,
    ) -> Self {
        let gutter = gutter(width, scaled);
        let stretch = Stretch::of(scene, width - gutter);
        let values = stretch.as_ref().map_or_else(Vec::new, |stretch| {
            values(scene.state.figures(), slo.limit.metric, stretch)
        });
        Self { stretch, values, scale: scale(&slo.limit, extremes), gutter }
    }

    /// The chart of a metric that stands on no promise, on a scale of its own.
    pub(super) fn alone(scene: &Scene<'_>, metric: Metric, width: u16) -> Self {
        let slo = unlimited(metric);
        let mut history = Self::of(scene, &slo, None, width, false);
        let known = history.values.iter().flatten().copied();
        let extremes = known.reduce(|(low, high), (a, b)| (low.min(a), high.max(b)));
        history.scale = scale(&slo.limit, extremes);
        history
    }

    /// Draws what [`History::alone`] made.
    pub(super) fn draw_alone(
        &self,
        scene: &Scene<'_>,
        metric: Metric,
        area: Rect,
        buf: &mut Buffer,
    ) {
        self.draw(scene, &unlimited(metric), area, buf);
    }

    /// Whether every step up multiplies.
    pub(super) const fn is_log(&self) -> bool {
        self.scale.log
    }

    /// Draws it.
    pub(super) fn draw(&self, scene: &Scene<'_>, slo: &Slo, area: Rect, buf: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let Some(stretch) = &self.stretch else {
            let says = if area.width >= 16 { scene.say("chart-no-data") } else { "–".into() };
            put(area, 0, &Line::from(scene.piece(Role::Dim, says)), buf);
            return;
        };
        let limit = floor(&slo.limit).or(slo.limit.max).or(slo.limit.min);
        let shade = scene.style(Role::Fault).remove_modifier(Modifier::UNDERLINED);
        let columns: Vec<_> = self
            .values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let bad = value
                    .is_some_and(|(low, high)| !slo.limit.holds(low) || !slo.limit.holds(high));
                let faulted = stretch.is_measured(index) && {
                    let (from, to) = stretch.column(index);
                    faulted(scene.state, from, to)
                };
                Column {
                    reach: value.map(|value| self.reach(&slo.limit, value, area.height)),
                    style: scene.style(if bad { Role::Bad } else { Role::History }),
                    shade: faulted.then_some(shade),
                }
            })
            .collect();
        let line = limit.filter(|_| area.height > 1);
        let line = line.map(|limit| (self.scale.height(limit), scene.style(Role::Threshold)));
        let plot = Rect { x: area.x + self.gutter, width: area.width - self.gutter, ..area };
        bars::draw(&columns, line, plot, buf);
        self.gaps(scene, stretch, plot, buf);
        if self.gutter > 0 {
            self.labels(scene, slo.limit.metric.unit(), limit, area, buf);
        }
    }

    /// How high a column is in `rows` rows. What is outside the limit is drawn outside it, however near it is.
    fn reach(&self, limit: &Limit, (low, high): Extremes, rows: u16) -> Reach {
        let eighth = 1.0 / (f64::from(rows) * 8.0);
        let place = |value: f64| {
            let height = self.scale.height(value);
            let over = limit.max.filter(|max| value > *max);
            let under = limit.min.filter(|min| value < *min);
            let height = match (over, under) {
                (Some(max), _) => height.max(self.scale.height(max) + eighth),
                (_, Some(min)) => height.min(self.scale.height(min) - eighth),
                _ => height,
            };
            // Nothing measured is a gap; the lowest value is not.
            height.max(eighth)
        };
        let reach = Reach { low: place(low), high: place(high), upper: floor(limit).is_none() };
        match (rows, reach.upper) {
            (1, true) => Reach::to(reach.high),
            (1, false) => Reach::to(reach.low),
            _ => reach,
        }
    }

    /// Points where something should have been measured and was not.
    fn gaps(&self, scene: &Scene<'_>, stretch: &Stretch, plot: Rect, buf: &mut Buffer) {
        for ((index, value), x) in self.values.iter().enumerate().zip(plot.left()..plot.right()) {
            if value.is_none() && stretch.is_measured(index) {
                buf[(x, plot.bottom() - 1)].set_symbol("·").set_style(scene.style(Role::Dim));
            }
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
        label(first, self.scale.top, scene.style(Role::Dim));
        label(last, self.scale.bottom, scene.style(Role::Dim));
        if let Some(limit) = limit {
            let row = last - bars::row_of(self.scale.height(limit), area.height);
            if row != first && row != last {
                label(row, limit, scene.style(Role::Threshold));
            }
        }
    }
}

/// How many cells of `width` a scale takes, where `scaled` says that there are rows for one.
pub(super) const fn gutter(width: u16, scaled: bool) -> u16 {
    if scaled && width >= GUTTER + 20 { GUTTER } else { 0 }
}

/// A metric that nobody promised anything about.
fn unlimited(metric: Metric) -> Slo {
    Slo { name: String::new(), limit: Limit { metric, min: None, max: None } }
}

/// What each column stands for: the lowest and the highest of its seconds. Of what is counted, the count over the window
/// the limit is for: a count grows with its time, and no second alone could be held against the limit.
fn values(figures: Figures<'_>, metric: Metric, stretch: &Stretch) -> Vec<Option<Extremes>> {
    let mut columns: Vec<Option<Extremes>> = vec![None; stretch.columns()];
    let mut take = |start: Span, value: Option<f64>| {
        let place = stretch.index(start).and_then(|index| columns.get_mut(index));
        if let (Some(value), Some(place)) = (value, place) {
            let (low, high) = place.unwrap_or((value, value));
            *place = Some((low.min(value), high.max(value)));
        }
    };
    let (from, to) = stretch.range();
    let shown = figures.between(from, to);
    let until = |end: Span| figures.between(end - WINDOW, end).value(metric);
    match (metric.is_inside(), metric.is_count()) {
        (true, true) => shown.readings.iter().for_each(|one| take(one.start, until(one.end()))),
        (true, false) => {
            for one in shown.readings {
                let value = one.value(metric);
                // One that was asked for afterwards stands for longer than a second.
                let bin = Span::from_secs(stretch.bin);
                let starts = std::iter::successors(Some(one.start), |start| Some(*start + bin));
                starts.take_while(|start| *start < one.end()).for_each(|start| take(start, value));
            }
        }
        (false, true) => {
            shown.points.iter().for_each(|one| take(one.sample.start, until(one.end())));
        }
        (false, false) => {
            shown.points.iter().for_each(|one| take(one.sample.start, one.value(metric)));
        }
    }
    columns
}

/// The limit where the lowest value is the worst.
fn floor(limit: &Limit) -> Option<f64> {
    limit.min.filter(|_| limit.max.is_none())
}

/// What bottom and top of a chart stand for, in a run whose values lie between `extremes`.
fn scale(limit: &Limit, extremes: Option<Extremes>) -> Scale {
    let (lowest, highest) = extremes.unwrap_or((f64::INFINITY, 0.0));
    match (limit.min, limit.max, limit.metric.unit()) {
        (Some(min), None, Unit::Share) => {
            let lost = ((1.0 - min) * 4.0).max(1.0 - lowest);
            Scale::linear(1.0 - round_up(lost.max(1e-5)).min(1.0), 1.0)
        }
        (_, Some(max), Unit::Millis) if max > 0.0 && highest > max * FAR => {
            Scale::log(power_below(max / 10.0), round_up(highest))
        }
        (_, Some(max), unit) => {
            let top = round_up((max * 1.25).max(highest));
            Scale::linear(0.0, if unit == Unit::Share { top.min(1.0) } else { top })
        }
        (Some(min), None, _) => Scale::linear(0.0, round_up((min * 1.25).max(highest))),
        (None, None, _) => Scale::linear(0.0, round_up(highest)),
    }
}

/// Whether a fault was in effect at some time from `from` to `to`.
fn faulted(state: &State, from: Span, to: Span) -> bool {
    state.injections.iter().any(|run| {
        run.t0.is_some_and(|t0| t0.elapsed < to)
            && run.reverted.is_none_or(|end| end.elapsed > from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::reading::Reading;
    use crate::gameday::instrument::Instrument;

    #[test]
    fn a_column_of_counts_is_held_against_the_limit_over_the_same_window() {
        // Three a second, for twenty seconds, in columns of one second.
        let readings: Vec<_> = (0..20)
            .map(|second| {
                let mut one = Reading { start: Span::from_secs(second), ..Reading::default() };
                one.length = Span::from_secs(1);
                one.values.insert(Instrument::Retries, 3.0);
                one.values.insert(Instrument::QueueDepth, 7.0);
                one
            })
            .collect();
        let figures = Figures { points: &[], readings: &readings };
        let stretch = |columns| Stretch::within((0, 20), (0, 20), columns);
        let of =
            |instrument, columns| values(figures, Metric::Inside(instrument), &stretch(columns));
        let retries = of(Instrument::Retries, 20);
        assert_eq!(retries[..3], [3.0, 6.0, 9.0].map(|value| Some((value, value))));
        assert_eq!(retries[18..], [Some((30.0, 30.0)); 2]);
        assert_eq!(of(Instrument::QueueDepth, 20), [Some((7.0, 7.0)); 20]);
        // Four columns of five seconds: the lowest and the highest of each.
        let wide = of(Instrument::Retries, 4);
        assert_eq!(wide[..2], [Some((3.0, 15.0)), Some((18.0, 30.0))]);
        // The last column says what the value beside it says.
        let now = figures.last(WINDOW).value(Metric::Inside(Instrument::Retries));
        assert_eq!(now, Some(30.0));
        assert_eq!(of(Instrument::Degraded, 4), [None; 4], "what nobody read is a gap");
    }

    #[test]
    fn a_scale_grows_in_steps_and_stays() {
        let p99 = Limit { metric: Metric::Latency(990), min: None, max: Some(200.0) };
        let at = |highest| scale(&p99, Some((5.0, highest)));
        for (highest, top) in [(0.1, 250.0), (250.0, 250.0), (251.0, 500.0), (500.0, 500.0)] {
            assert_eq!(at(highest), Scale::linear(0.0, top), "{highest}");
        }
        assert_eq!(scale(&p99, None), Scale::linear(0.0, 250.0), "before anything is measured");
        assert_eq!(at(501.0), Scale::linear(0.0, 1_000.0));
        // Far above the limit: both can still be told apart.
        assert_eq!(at(1_800.0), Scale::log(10.0, 2_000.0));
        assert_eq!(at(30_000.0), Scale::log(10.0, 50_000.0));
        assert!(at(30_000.0).height(200.0) > 0.3);
        let good = Limit { metric: Metric::Availability, min: Some(0.999), max: None };
        for (lowest, bottom) in [(1.0, 0.995), (0.996, 0.995), (0.97, 0.95), (0.3, 0.0), (0.0, 0.0)]
        {
            let found = scale(&good, Some((lowest, 1.0)));
            assert!((found.bottom - bottom).abs() < 1e-9 && found.top >= 1.0, "{found:?}");
        }
        let errors = Limit { metric: Metric::ErrorRate, min: None, max: Some(0.01) };
        assert_eq!(scale(&errors, Some((0.0, 0.9))), Scale::linear(0.0, 1.0));
    }

    #[test]
    fn what_is_outside_is_drawn_outside_however_near_it_is() {
        let good = Limit { metric: Metric::Availability, min: Some(0.999), max: None };
        let history = History {
            stretch: None,
            values: Vec::new(),
            scale: scale(&good, Some((0.0, 1.0))),
            gutter: 0,
        };
        for rows in [1, 2, 9] {
            let bad = history.reach(&good, (0.998, 1.0), rows);
            let full = history.reach(&good, (0.9995, 1.0), rows);
            assert!(bad.low < full.low - 0.5 / (f64::from(rows) * 8.0), "{bad:?} {full:?}");
        }
    }
}
