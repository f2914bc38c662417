//! Charts of values over time: load, latency, availability, with what was going on drawn into them. Not the lanes.

use std::fmt::Write as _;

use super::axis::{Axis, RIGHT, Scale};
use super::drawn::Chart;
use super::frame::{
    BOTTOM, TOP, band, begins, begun, boxes, clock, column, hatch, incident, level, line, promise,
    times,
};
use super::svg::{Svg, rounded};
use crate::gameday::metric::Unit;
use crate::lang::Lang;
use crate::report::model::{Report, Stretch};

/// What of a stretch a line shows.
type Of = fn(&Stretch) -> Option<f64>;

/// A line of a chart.
struct Series {
    /// Key of its name.
    name: &'static str,
    /// How it looks: `main`, `plan`, `half`, `lost`.
    look: &'static str,
    value: Of,
    /// The least and the most of single seconds, drawn as a band.
    band: Option<(Of, Of)>,
}

impl Series {
    const fn line(name: &'static str, look: &'static str, value: Of) -> Self {
        Self { name, look, value, band: None }
    }
}

/// A chart before it is drawn.
struct Plot<'a> {
    report: &'a Report,
    lang: &'a Lang,
    axis: &'a Axis,
    /// Its name, and those of its texts.
    name: &'static str,
    unit: Unit,
    scale: Scale,
    series: Vec<Series>,
    /// The promise of an SLO, as a line across.
    promise: Option<f64>,
}

/// Requests a second: planned, sent, dropped.
pub(super) fn load(report: &Report, lang: &Lang, axis: &Axis) -> Chart {
    let dropped: Of = |one| {
        let seconds = one.to_ms.saturating_sub(one.from_ms) as f64 / 1_000.0;
        one.dropped.filter(|_| seconds > 0.0).map(|count| count as f64 / seconds)
    };
    let mut series = vec![
        Series::line("report-chart-planned", "plan", |one| one.planned_rps),
        Series {
            band: Some((|one| one.sent_rps_least, |one| one.sent_rps_most)),
            ..Series::line("report-chart-sent", "main", |one| one.sent_rps)
        },
    ];
    if report.series.iter().any(|one| one.dropped.unwrap_or_default() > 0) {
        series.push(Series::line("report-chart-dropped", "lost", dropped));
    }
    let most = extreme(report, &[|one| one.planned_rps, |one| one.sent_rps_most], f64::max);
    let scale = Scale::from_zero(most.unwrap_or(1.0));
    let unit = Unit::PerSecond;
    Plot { report, lang, axis, name: "load", unit, scale, series, promise: None }.draw()
}

/// Latency: the 99th percentile and the median.
pub(super) fn latency(report: &Report, lang: &Lang, axis: &Axis) -> Chart {
    let slo = report.slos.iter().find(|slo| slo.metric == "latency_p99");
    let promise = slo.and_then(|slo| slo.max);
    let late: &[Of] = &[|one| one.latency_p99_most, |one| one.latency_p99, |one| one.latency_p50];
    let most = extreme(report, late, f64::max);
    let most = most.into_iter().chain(promise).reduce(f64::max).unwrap_or(1.0);
    let least = extreme(report, late, f64::min).unwrap_or(1.0);
    let series = vec![
        Series::line("report-chart-p50", "half", |one| one.latency_p50),
        Series {
            band: Some((|one| one.latency_p99_least, |one| one.latency_p99_most)),
            ..Series::line("report-chart-p99", "main", |one| one.latency_p99)
        },
    ];
    let (unit, scale) = (Unit::Millis, Scale::wide(least, most));
    Plot { report, lang, axis, name: "latency", unit, scale, series, promise }.draw()
}

/// The share of requests that were answered well.
pub(super) fn availability(report: &Report, lang: &Lang, axis: &Axis) -> Chart {
    let slo = report.slos.iter().find(|slo| slo.metric == "availability");
    let promise = slo.and_then(|slo| slo.min);
    let least = extreme(report, &[|one| one.availability_least], f64::min).unwrap_or(1.0);
    let scale = Scale::share(promise.map_or(least, |promise| least.min(promise)));
    let series = vec![Series {
        band: Some((|one| one.availability_least, |one| one.availability_most)),
        ..Series::line("report-chart-availability", "main", |one| one.availability)
    }];
    let unit = Unit::Share;
    Plot { report, lang, axis, name: "availability", unit, scale, series, promise }.draw()
}

fn extreme(report: &Report, of: &[Of], which: fn(f64, f64) -> f64) -> Option<f64> {
    let each = report.series.iter().flat_map(|one| of.iter().filter_map(|of| of(one)));
    each.filter(|value| value.is_finite()).reduce(which)
}

impl Plot<'_> {
    fn draw(self) -> Chart {
        let summary = self.summary();
        let class = format!("chart plot {}", self.name);
        let mut svg = begun(&class, &summary);
        svg.open("defs", &[]);
        hatch(&mut svg, &format!("hatch-{}", self.name));
        svg.close("defs");
        self.going_on(&mut svg);
        self.axes(&mut svg);
        for one in &self.series {
            if let Some((least, most)) = one.band {
                svg.mark(
                    "path",
                    &[("class", "band".into()), ("d", (&self.area(least, most)).into())],
                );
            }
        }
        for one in &self.series {
            let class = format!("line {}", one.look);
            svg.mark("path", &[("class", (&class).into()), ("d", (&self.path(one.value)).into())]);
        }
        self.legend(&mut svg);
        self.columns(&mut svg);
        svg.close("svg");
        Chart { svg: svg.finish(), summary }
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - self.scale.up(value) * (BOTTOM - TOP)
    }

    /// Phases, holds, injections, violated SLOs and incidents, behind the lines.
    fn going_on(&self, svg: &mut Svg) {
        let axis = self.axis;
        let end = |to: Option<u64>| to.unwrap_or_else(|| axis.end());
        for pause in &self.report.pauses {
            let to = end(pause.to.map(|to| to.elapsed_ms));
            band(svg, axis, "held", (pause.from.elapsed_ms, to), None);
        }
        for one in &self.report.injections {
            let Some(t0) = one.t0 else { continue };
            let to = end(one.reverted.map(|at| at.elapsed_ms));
            band(svg, axis, "injected", (t0.elapsed_ms, to), None);
            let (x, y) = (axis.x(t0.elapsed_ms), TOP);
            let d = format!(
                "M{} {y}v{}M{} {}h8l-4 7z",
                rounded(x),
                BOTTOM - TOP,
                rounded(x - 4.0),
                y - 8.0
            );
            svg.mark("path", &[("class", "t0".into()), ("d", (&d).into())]);
        }
        let fill = format!("url(#hatch-{})", self.name);
        for one in self.report.slos.iter().flat_map(|slo| &slo.violations) {
            let to = end(one.to.map(|to| to.elapsed_ms));
            band(svg, axis, "violated", (one.from.elapsed_ms, to), Some(&fill));
        }
        for (index, phase) in self.report.phases.iter().enumerate() {
            let Some(started) = phase.started else { continue };
            let x = axis.x(started.elapsed_ms);
            begins(svg, x);
            let later = self.report.phases.iter().skip(index + 1);
            let next =
                later.filter_map(|phase| phase.started).map(|at| axis.x(at.elapsed_ms)).next();
            let room = next.unwrap_or(RIGHT) - x - 8.0;
            let name = super::lanes::fitted(&phase.name, room);
            svg.text(
                "text",
                &[("x", (x + 4.0).into()), ("y", 18.0.into()), ("class", "name".into())],
                &name,
            );
        }
        for one in &self.report.incidents {
            incident(svg, axis.x(one.opened.elapsed_ms));
        }
    }

    fn axes(&self, svg: &mut Svg) {
        for value in self.scale.ticks() {
            let y = self.y(value);
            let text = if value == 0.0 { "0".to_owned() } else { self.unit.show(value) };
            level(svg, y, &text);
        }
        times(svg, self.axis);
        let units = self.lang.say(match (self.unit, self.scale) {
            (Unit::PerSecond, _) => "report-axis-load",
            (Unit::Millis, Scale::Log { .. }) => "report-axis-latency-log",
            (Unit::Millis, Scale::Linear { .. }) => "report-axis-latency",
            _ => "report-axis-share",
        });
        let middle = (TOP + BOTTOM) / 2.0;
        let turned = format!("rotate(-90 14 {middle})");
        let place = [
            ("x", 14.0.into()),
            ("y", middle.into()),
            ("transform", (&turned).into()),
            ("class", "axis mid".into()),
        ];
        svg.text("text", &place, &units);
        clock(svg);
        if let Some(limit) = self.promise {
            promise(svg, self.y(limit), &self.unit.show(limit));
        }
    }

    /// What the lines are, in their own look.
    fn legend(&self, svg: &mut Svg) {
        let mut x = RIGHT;
        for one in self.series.iter().rev() {
            let name = self.lang.say(one.name);
            let place = [("x", x.into()), ("y", 8.0.into()), ("class", "key end".into())];
            svg.text("text", &place, &name);
            x -= super::lanes::width(&name) + 6.0;
            let d = format!("M{} 4.5h-22", rounded(x));
            let class = format!("line {}", one.look);
            svg.mark("path", &[("class", (&class).into()), ("d", (&d).into())]);
            x -= 40.0;
        }
    }

    /// Columns that say their values: without scripts as a tooltip, with them under a line across all charts.
    fn columns(&self, svg: &mut Svg) {
        for one in &self.report.series {
            let (x, to) = (self.axis.x(one.from_ms), self.axis.x(one.to_ms));
            let mut text = self.axis.day(one.from_ms);
            for series in &self.series {
                let value = (series.value)(one);
                let value = value.map_or_else(
                    || self.lang.say("report-no-data").into_owned(),
                    |it| self.unit.show(it),
                );
                let _ = write!(text, " · {} {value}", self.lang.say(series.name));
            }
            column(svg, (x, to), &text);
        }
    }

    /// A line with gaps where there is no data.
    fn path(&self, of: Of) -> String {
        let x = |at| self.axis.x(at);
        let each = self.report.series.iter();
        line(each.map(|one| (x(one.from_ms), x(one.to_ms), of(one).map(|value| self.y(value)))))
    }

    /// Between the least and the most, a box for each stretch.
    fn area(&self, least: Of, most: Of) -> String {
        let x = |at| self.axis.x(at);
        boxes(self.report.series.iter().filter_map(|one| {
            let ends = (self.y(most(one)?), self.y(least(one)?));
            Some((x(one.from_ms), x(one.to_ms), ends))
        }))
    }

    /// The chart in a sentence: the least and the most, and when.
    fn summary(&self) -> String {
        let main = self.series.iter().find(|one| one.look == "main");
        let values = main.into_iter().flat_map(|main| {
            let (least, most) = main.band.unwrap_or((main.value, main.value));
            self.report
                .series
                .iter()
                .filter_map(move |one| Some((one.from_ms, least(one)?, most(one)?)))
        });
        let values: Vec<(u64, f64, f64)> = values.collect();
        let least = values.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        let most = values.iter().copied().reduce(|a, b| if b.2 > a.2 { b } else { a });
        let title = self.lang.say(match self.name {
            "load" => "report-chart-load-title",
            "latency" => "report-chart-latency-title",
            _ => "report-chart-availability-title",
        });
        let (Some(least), Some(most)) = (least, most) else {
            return format!("{title}: {}", self.lang.say("report-no-data"));
        };
        let (low, high) = (self.unit.show(least.1), self.unit.show(most.2));
        let (then, when) = (self.axis.day(least.0), self.axis.day(most.0));
        let places = [
            ("title", (&*title).into()),
            ("low", (&*low).into()),
            ("then", (&*then).into()),
            ("high", (&*high).into()),
            ("when", (&*when).into()),
        ];
        self.lang.tell("report-chart-summary", &places).into_owned()
    }
}
