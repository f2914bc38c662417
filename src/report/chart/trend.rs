//! How long people took, exercise after exercise, as a chart. Not whether that is a trend.

use std::fmt::Write as _;

use super::axis::{LEFT, RIGHT, Scale};
use super::drawn::Chart;
use super::frame::{BOTTOM, HEIGHT, TOP, begun, level};
use super::svg::{Svg, rounded};
use crate::lang::Lang;
use crate::report::compare::model::Figure;
use crate::report::history::model::{History, Measure};
use crate::report::words;

/// The measures that are drawn, what they are called, and how they look: in dashes as well as in colour.
const DRAWN: [(&str, &str, &str); 4] = [
    ("TTD-median", "TTD", "main"),
    ("TTA-median", "TTA", "half"),
    ("TTM-median", "TTM", "plan"),
    ("TTR-median", "TTR", "lost"),
];
/// At most so many exercises have a mark on the axis.
const MOST_TICKS: usize = 9;

struct Plot<'a> {
    history: &'a History,
    lang: &'a Lang,
    scale: Scale,
}

/// Draws the chart.
pub(super) fn draw(history: &History, lang: &Lang) -> Chart {
    let values = lines(history).flat_map(|(measure, _, _)| values(measure)).flatten();
    // In seconds, so that the scale has round ones.
    let scale = Scale::from_zero(values.fold(0.0, f64::max) / 1_000.0);
    Plot { history, lang, scale }.chart()
}

/// The measures that are drawn, with their names and looks.
fn lines(history: &History) -> impl Iterator<Item = (&Measure, &'static str, &'static str)> {
    DRAWN.into_iter().filter_map(|(what, name, look)| {
        let found = history.measures.iter().find(|measure| measure.what == what);
        found.map(|measure| (measure, name, look))
    })
}

fn values(measure: &Measure) -> impl Iterator<Item = Option<f64>> + '_ {
    measure.values.iter().map(|one| one.value.map(Figure::number))
}

impl Plot<'_> {
    fn chart(&self) -> Chart {
        let summary = self.summary();
        let mut svg = begun("chart plot", &summary);
        self.axes(&mut svg);
        let mut x = LEFT;
        for (measure, name, look) in lines(self.history) {
            let class = format!("line {look}");
            svg.mark("path", &[("class", (&class).into()), ("d", (&self.path(measure)).into())]);
            self.rings(&mut svg, measure, look);
            let d = format!("M{} 4.5h22", rounded(x));
            svg.mark("path", &[("class", (&class).into()), ("d", (&d).into())]);
            let place = [("x", (x + 28.0).into()), ("y", 8.0.into()), ("class", "key".into())];
            svg.text("text", &place, name);
            x += 28.0 + super::lanes::width(name) + 24.0;
        }
        svg.close("svg");
        Chart { svg: svg.finish(), summary }
    }

    fn x(&self, nth: usize) -> f64 {
        let last = self.history.exercises.len().saturating_sub(1).max(1) as f64;
        // A little off the edges, so that the marks of the first and the last have room.
        LEFT + 40.0 + nth as f64 / last * (RIGHT - LEFT - 80.0)
    }

    fn y(&self, millis: f64) -> f64 {
        BOTTOM - self.scale.up(millis / 1_000.0) * (BOTTOM - TOP)
    }

    fn axes(&self, svg: &mut Svg) {
        for seconds in self.scale.ticks() {
            let y = self.y(seconds * 1_000.0);
            let text = if seconds == 0.0 {
                "0".to_owned()
            } else {
                words::length((seconds * 1_000.0).round() as u64)
            };
            level(svg, y, &text);
        }
        let step = self.history.exercises.len().div_ceil(MOST_TICKS).max(1);
        for (nth, one) in self.history.exercises.iter().enumerate().step_by(step) {
            let date = words::date(one.began_ms);
            let day = date.get(..10).unwrap_or(&date);
            let text = format!("{}: {day}", nth + 1);
            let place = [
                ("x", self.x(nth).into()),
                ("y", (HEIGHT - 8.0).into()),
                ("class", "tick mid".into()),
            ];
            svg.text("text", &place, &text);
        }
    }

    /// A line through what trends count, broken where there is no data and where something else lies between.
    fn path(&self, measure: &Measure) -> String {
        let mut d = String::new();
        let mut down = false;
        for (nth, (value, one)) in values(measure).zip(&self.history.exercises).enumerate() {
            let Some(value) = value.filter(|_| one.counted) else {
                down = false;
                continue;
            };
            let sign = if down { 'L' } else { 'M' };
            let _ = write!(d, "{sign}{} {}", rounded(self.x(nth)), rounded(self.y(value)));
            down = true;
        }
        d
    }

    /// What trends count as filled marks, the rest as empty ones.
    fn rings(&self, svg: &mut Svg, measure: &Measure, look: &str) {
        for (nth, (value, one)) in values(measure).zip(&self.history.exercises).enumerate() {
            let Some(value) = value else { continue };
            let (x, y) = (rounded(self.x(nth)), rounded(self.y(value)));
            let size = if one.counted { 2.0 } else { 4.0 };
            let d = format!(
                "M{} {y}a{size} {size} 0 1 0 {} 0a{size} {size} 0 1 0 -{} 0z",
                x - size,
                size * 2.0,
                size * 2.0
            );
            let class = format!("line {look}");
            svg.mark("path", &[("class", (&class).into()), ("d", (&d).into())]);
        }
    }

    /// The chart in words: the first and the last value of each.
    fn summary(&self) -> String {
        let mut out = self.lang.say("history-chart").into_owned();
        for (measure, name, _) in lines(self.history) {
            let counted = values(measure).zip(&self.history.exercises);
            let found: Vec<f64> =
                counted.filter_map(|(value, one)| value.filter(|_| one.counted)).collect();
            let said = match (found.first(), found.last()) {
                (Some(first), Some(last)) => {
                    let (first, last) =
                        (words::length(first.round() as u64), words::length(last.round() as u64));
                    let places = [("first", (&*first).into()), ("last", (&*last).into())];
                    self.lang.tell("history-first-last", &places).into_owned()
                }
                _ => self.lang.say("report-no-data").into_owned(),
            };
            let _ = write!(out, "; {name}: {said}");
        }
        out
    }
}
