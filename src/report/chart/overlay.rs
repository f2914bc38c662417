//! What several exercises measured, as lines over each other on one time. Not how their times are aligned.

use std::fmt::Write as _;

use super::axis::{LEFT, RIGHT, Scale};
use super::drawn::Chart;
use super::frame::{BOTTOM, HEIGHT, TOP, begun, level};
use super::svg::{Svg, rounded};
use crate::gameday::metric::Unit;
use crate::lang::Lang;
use crate::report::compare::model::{Line, Lines, Point};
use crate::report::words::clock_words;

/// The look of each exercise's line: they differ in dashes as well as in colour.
const LOOKS: [&str; 4] = ["main", "half", "plan", "lost"];
/// Marks on the time axis, in seconds.
const STEPS: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];

/// What of a stretch a line shows.
type Of = fn(&Point) -> Option<f64>;

/// What a chart shows of every exercise.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Its title, as a key of the catalogues.
    pub title: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// From the least to the most of all exercises.
    pub scale: Scale,
    /// The value of a stretch; `None`: no data.
    pub of: Of,
}

/// What the chart with this name shows.
pub(super) fn measured(lines: &Lines, name: &str) -> Option<Measured> {
    let (of, unit, title): (Of, Unit, &str) = match name {
        "load" => (|one| one.sent_rps, Unit::PerSecond, "compare-chart-load"),
        "latency" => (|one| one.latency_p99, Unit::Millis, "compare-chart-latency"),
        "availability" => (|one| one.availability, Unit::Share, "compare-chart-availability"),
        _ => return None,
    };
    let points = lines.lines.iter().flat_map(|line| &line.points);
    let values: Vec<f64> = points.filter_map(of).filter(|value| value.is_finite()).collect();
    let least = values.iter().copied().reduce(f64::min).unwrap_or(1.0);
    let most = values.iter().copied().reduce(f64::max).unwrap_or(1.0);
    let scale = match unit {
        Unit::Share => Scale::share(least),
        Unit::Millis => Scale::wide(least, most),
        _ => Scale::from_zero(most),
    };
    Some(Measured { title, unit, scale, of })
}

/// Instants worth a mark on the time axis, at most `most` behind the first.
pub(super) fn ticks(to_ms: u64, most: u64) -> Vec<u64> {
    let (seconds, most) = (to_ms / 1_000, most.max(1));
    let step = STEPS.into_iter().find(|step| seconds / step <= most);
    let step = step.unwrap_or((seconds / most).max(1)).saturating_mul(1_000);
    let instants = (0..=most).map(|nth| nth.saturating_mul(step));
    instants.take_while(|at| *at <= to_ms).collect()
}

struct Overlay<'a> {
    lines: &'a Lines,
    lang: &'a Lang,
    measured: Measured,
}

/// Draws the chart with this name.
pub(super) fn draw(lines: &Lines, lang: &Lang, name: &str) -> Option<Chart> {
    let measured = measured(lines, name)?;
    Some(Overlay { lines, lang, measured }.chart())
}

impl Overlay<'_> {
    fn chart(&self) -> Chart {
        let summary = self.summary();
        let mut svg = begun("chart plot", &summary);
        self.axes(&mut svg);
        self.marks(&mut svg);
        for (line, look) in self.lines.lines.iter().zip(LOOKS) {
            let class = format!("line {look}");
            svg.mark("path", &[("class", (&class).into()), ("d", (&self.path(line)).into())]);
        }
        self.legend(&mut svg);
        svg.close("svg");
        Chart { svg: svg.finish(), summary }
    }

    fn x(&self, at: i64) -> f64 {
        let all = self.lines.to_ms.max(1) as f64;
        LEFT + (at as f64 / all).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - self.measured.scale.up(value) * (BOTTOM - TOP)
    }

    fn axes(&self, svg: &mut Svg) {
        for value in self.measured.scale.ticks() {
            let y = self.y(value);
            let text = if value == 0.0 { "0".to_owned() } else { self.measured.unit.show(value) };
            level(svg, y, &text);
        }
        for at in ticks(self.lines.to_ms, 8) {
            let x = self.x(i64::try_from(at).unwrap_or(i64::MAX));
            let d = format!("M{} {BOTTOM}v5", rounded(x));
            svg.mark("path", &[("class", "grid".into()), ("d", (&d).into())]);
            let place =
                [("x", x.into()), ("y", (HEIGHT - 8.0).into()), ("class", "tick mid".into())];
            svg.text("text", &place, &clock_words(at));
        }
    }

    /// Phases as lines with their names, T0 of injections as triangles: one each, or one of every exercise.
    fn marks(&self, svg: &mut Svg) {
        let mut until = 0.0;
        for mark in &self.lines.marks {
            let mut seen: Vec<i64> = Vec::new();
            for (nth, at) in mark.at_ms.iter().enumerate() {
                let Some(at) = at.filter(|at| !seen.contains(at)) else { continue };
                seen.push(at);
                let x = self.x(at);
                let phase = mark.kind == "phase";
                let d = if phase {
                    format!("M{} 18V{BOTTOM}", rounded(x))
                } else {
                    let from = rounded(x - 4.0);
                    format!("M{} {TOP}V{BOTTOM}M{from} {}h8l-4 7z", rounded(x), TOP - 8.0)
                };
                let class = if phase { "phase" } else { "t0" };
                svg.open("path", &[("class", class.into()), ("d", (&d).into())]);
                let line = self.lines.lines.get(nth).map_or("", |line| line.letter);
                svg.text("title", &[], &format!("{line}: {}", mark.name));
                svg.close("path");
                if phase && nth == 0 && x >= until {
                    let name = super::lanes::fitted(&mark.name, (RIGHT - x - 8.0).min(140.0));
                    until = x + super::lanes::width(&name) + 12.0;
                    let place =
                        [("x", (x + 4.0).into()), ("y", 18.0.into()), ("class", "name".into())];
                    svg.text("text", &place, &name);
                }
            }
        }
    }

    /// A line with gaps where there is no data.
    fn path(&self, line: &Line) -> String {
        let mut d = String::new();
        let mut down = false;
        for point in &line.points {
            let Some(value) = (self.measured.of)(point) else {
                down = false;
                continue;
            };
            let (from, to) = (self.x(point.from_ms), self.x(point.to_ms));
            let (x, y) = (rounded((from + to) / 2.0), rounded(self.y(value)));
            let _ =
                if down { write!(d, "L{x} {y}") } else { write!(d, "M{} {y}H{x}", rounded(from)) };
            down = true;
        }
        d
    }

    fn legend(&self, svg: &mut Svg) {
        let mut x = RIGHT;
        for (line, look) in self.lines.lines.iter().zip(LOOKS).rev() {
            let place = [("x", x.into()), ("y", 8.0.into()), ("class", "key end".into())];
            svg.text("text", &place, line.letter);
            x -= super::lanes::width(line.letter) + 6.0;
            let d = format!("M{} 4.5h-22", rounded(x));
            let class = format!("line {look}");
            svg.mark("path", &[("class", (&class).into()), ("d", (&d).into())]);
            x -= 40.0;
        }
    }

    /// The chart in words: least and most of every exercise.
    fn summary(&self) -> String {
        let mut out = self.lang.say(self.measured.title).into_owned();
        for line in &self.lines.lines {
            let values = || line.points.iter().filter_map(self.measured.of);
            let said = match (values().reduce(f64::min), values().reduce(f64::max)) {
                (Some(low), Some(high)) => {
                    let (low, high) = (self.measured.unit.show(low), self.measured.unit.show(high));
                    let places = [("from", (&*low).into()), ("to", (&*high).into())];
                    self.lang.tell("report-range", &places).into_owned()
                }
                _ => self.lang.say("report-no-data").into_owned(),
            };
            let _ = write!(out, "; {}: {said}", line.letter);
        }
        out
    }
}
