//! The answers to one query of a watch over time, with the limits of the SLOs that go by it. Not the charts of an exercise.

use super::axis::{Axis, RIGHT, Scale};
use super::drawn::Chart;
use super::frame::{
    BOTTOM, TOP, band, begins, begun, boxes, clock, column, hatch, incident, level, line, promise,
    times,
};
use super::svg::{Svg, rounded};
use crate::gameday::metric::Unit;
use crate::lang::Lang;
use crate::report::model::{Asked, AskedStretch, Report, Slo};
use crate::report::seen::seen;

/// A chart before it is drawn.
struct Plot<'a> {
    report: &'a Report,
    lang: &'a Lang,
    axis: &'a Axis,
    asked: &'a Asked,
    /// The SLOs that go by it.
    slos: Vec<&'a Slo>,
    unit: Unit,
    scale: Scale,
    hatching: String,
}

/// Draws the answers to the query at this place.
pub(super) fn draw(report: &Report, lang: &Lang, axis: &Axis, nth: usize) -> Option<Chart> {
    let asked = report.watch.as_ref()?.queries.get(nth)?;
    let slos: Vec<&Slo> = report.slos.iter().filter(|slo| asked.slos.contains(&slo.name)).collect();
    let limits = slos.iter().flat_map(|slo| [slo.min, slo.max]).flatten();
    let values = asked.series.iter().flat_map(|one| [one.least, one.most]).flatten();
    let all = values.chain(limits).filter(|value| value.is_finite());
    let (least, most) = (all.clone().reduce(f64::min), all.reduce(f64::max));
    let unit = match asked.unit {
        "share" => Unit::Share,
        "ms" => Unit::Millis,
        "rate" => Unit::PerSecond,
        _ => Unit::Count,
    };
    let scale = match unit {
        // Only what is nearly all is worth a look from near.
        Unit::Share if least.is_some_and(|least| least >= 0.5) => {
            Scale::share(least.unwrap_or(0.0))
        }
        _ => Scale::from_zero(most.unwrap_or(1.0)),
    };
    let hatching = format!("hatch-asked-{nth}");
    Some(Plot { report, lang, axis, asked, slos, unit, scale, hatching }.chart())
}

impl Plot<'_> {
    fn chart(&self) -> Chart {
        let summary = self.summary();
        let mut svg = begun("chart plot asked", &summary);
        svg.open("defs", &[]);
        hatch(&mut svg, &self.hatching);
        svg.close("defs");
        self.going_on(&mut svg);
        self.axes(&mut svg);
        let (band, line) = (self.area(), self.path());
        svg.mark("path", &[("class", "band".into()), ("d", (&band).into())]);
        svg.mark("path", &[("class", "line main".into()), ("d", (&line).into())]);
        self.columns(&mut svg);
        svg.close("svg");
        Chart { svg: svg.finish(), summary }
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - self.scale.up(value) * (BOTTOM - TOP)
    }

    /// Times in which nobody watched, violations, alerts and incidents, behind the line.
    fn going_on(&self, svg: &mut Svg) {
        let axis = self.axis;
        let watch = self.report.watch.as_ref();
        for one in watch.into_iter().flat_map(|watch| &watch.away) {
            band(svg, axis, "held", (one.from.elapsed_ms, one.to.elapsed_ms), None);
        }
        let fill = format!("url(#{})", self.hatching);
        for one in self.slos.iter().flat_map(|slo| &slo.violations) {
            let to = one.to.map_or_else(|| axis.end(), |to| to.elapsed_ms);
            band(svg, axis, "violated", (one.from.elapsed_ms, to), Some(&fill));
        }
        if let Some(since) = watch.and_then(|watch| watch.since) {
            let x = axis.x(since.elapsed_ms);
            begins(svg, x);
            let name = self.lang.say("report-watch-chart-begins");
            // Where there is room for it: mostly nobody looks before something is wrong.
            let (at, class) = match x + super::lanes::width(&name) + 8.0 < RIGHT {
                true => (x + 4.0, "name"),
                false => (x - 4.0, "name end"),
            };
            svg.text(
                "text",
                &[("x", at.into()), ("y", 18.0.into()), ("class", class.into())],
                &name,
            );
        }
        for one in watch.into_iter().flat_map(|watch| &watch.alerts) {
            let x = axis.x(one.from.elapsed_ms);
            let d = format!("M{} {TOP}h10l-5 -8z", rounded(x - 5.0));
            svg.mark("path", &[("class", "alert".into()), ("d", (&d).into())]);
        }
        for one in &self.report.incidents {
            incident(svg, axis.x(one.opened.elapsed_ms));
        }
    }

    fn axes(&self, svg: &mut Svg) {
        for value in self.scale.ticks() {
            let text = if value == 0.0 { "0".to_owned() } else { self.unit.show(value) };
            level(svg, self.y(value), &text);
        }
        times(svg, self.axis);
        clock(svg);
        for limit in self.slos.iter().flat_map(|slo| [slo.min, slo.max]).flatten() {
            promise(svg, self.y(limit), &self.unit.show(limit));
        }
    }

    /// Columns that say their values.
    fn columns(&self, svg: &mut Svg) {
        for one in &self.asked.series {
            let (x, to) = (self.axis.x(one.from_ms), self.axis.x(one.to_ms));
            let value = one.value.map(|value| self.unit.show(value));
            let value = value.unwrap_or_else(|| self.lang.say("report-no-data").into_owned());
            column(svg, (x, to), &format!("{} · {value}", self.axis.day(one.from_ms)));
        }
    }

    /// A line with gaps where there is no data.
    fn path(&self) -> String {
        let x = |at| self.axis.x(at);
        let each = self.asked.series.iter();
        line(each.map(|one| (x(one.from_ms), x(one.to_ms), one.value.map(|value| self.y(value)))))
    }

    /// Between the least and the most, a box for each stretch.
    fn area(&self) -> String {
        let x = |at| self.axis.x(at);
        boxes(self.asked.series.iter().filter_map(|one| {
            let ends = (self.y(one.most?), self.y(one.least?));
            Some((x(one.from_ms), x(one.to_ms), ends))
        }))
    }

    /// The chart in a sentence: the least and the most, and when.
    fn summary(&self) -> String {
        let title = seen(&self.asked.title);
        let values = self.asked.series.iter();
        let values: Vec<(&AskedStretch, f64, f64)> =
            values.filter_map(|one| Some((one, one.least?, one.most?))).collect();
        let least = values.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        let most = values.iter().copied().reduce(|a, b| if b.2 > a.2 { b } else { a });
        let (Some(least), Some(most)) = (least, most) else {
            return format!("{title}: {}", self.lang.say("report-no-data"));
        };
        let (low, high) = (self.unit.show(least.1), self.unit.show(most.2));
        let (then, when) = (self.axis.day(least.0.from_ms), self.axis.day(most.0.from_ms));
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
