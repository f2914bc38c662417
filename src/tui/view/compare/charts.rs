//! What exercises measured, over each other on one time, each as its letter. Not how their times are aligned.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lanes::{self, look};
use crate::gameday::metric::Unit;
use crate::report::chart::{Measured, OVERLAID, measured};
use crate::report::compare::model::{Line as Measurements, Lines};
use crate::tui::compare::Compare;
use crate::tui::scene::{Scene, put};
use crate::tui::text;
use crate::tui::theme::Role;

/// The least rows of a chart, with its title.
const LEAST: u16 = 7;
/// Where several are in the same place.
const SAME: &str = "=";

/// How many charts fit above each other.
pub(super) fn fitting(area: Rect, exercises: usize) -> usize {
    let below = lanes::height(exercises);
    let room = area.height.saturating_sub(below) / LEAST;
    usize::from(room).clamp(1, OVERLAID.len())
}

/// Draws the charts of these names above each other, and their time below them.
pub(super) fn draw(
    scene: &Scene<'_>,
    compare: &Compare,
    names: &[&str],
    area: Rect,
    buf: &mut Buffer,
) {
    let lines = compare.of.lines(compare.align);
    let below = lanes::height(lines.lines.len());
    let charts: Vec<Measured> = names.iter().filter_map(|name| measured(lines, name)).collect();
    let Ok(count) = u16::try_from(charts.len()) else { return };
    if count == 0 || area.height <= below + count {
        return;
    }
    let gutter = charts.iter().map(gutter).max().unwrap_or_default();
    if area.width <= gutter + 10 {
        return;
    }
    let room = area.height - below;
    let (each, over) = (room / count, room % count);
    let mut y = area.y;
    for (chart, nth) in charts.iter().zip(0..) {
        let height = each + u16::from(nth < over);
        let whole = Rect { y, height, ..area };
        title(scene, lines, chart, whole, buf);
        let plot = Rect {
            x: area.x + gutter,
            y: y + 1,
            width: area.width - gutter,
            height: height.saturating_sub(1),
        };
        Plot { scene, lines, chart, area: plot }.draw(buf);
        y += height;
    }
    let time = Rect { x: area.x + gutter, y, width: area.width - gutter, height: below };
    lanes::draw(scene, lines, time, buf);
}

/// Values as they stand at the left.
fn label(unit: Unit, value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { unit.show(value) }
}

/// Columns at the left: the widest value, and the line.
fn gutter(chart: &Measured) -> u16 {
    let ticks = chart.scale.ticks().into_iter();
    let widest = ticks.map(|value| text::width(&label(chart.unit, value))).max();
    u16::try_from(widest.unwrap_or_default() + 1).unwrap_or(u16::MAX)
}

/// What is measured, and least and most of every exercise.
fn title(scene: &Scene<'_>, lines: &Lines, chart: &Measured, area: Rect, buf: &mut Buffer) {
    let mut pieces =
        vec![scene.piece(Role::Rule, "── "), scene.piece(Role::Title, scene.say(chart.title))];
    for line in &lines.lines {
        let values = || line.points.iter().filter_map(chart.of).filter(|value| value.is_finite());
        let says = match (values().reduce(f64::min), values().reduce(f64::max)) {
            (Some(low), Some(high)) => {
                let (low, high) = (chart.unit.show(low), chart.unit.show(high));
                scene.tell("report-range", &[("from", (&*low).into()), ("to", (&*high).into())])
            }
            _ => scene.say("report-no-data").into_owned(),
        };
        pieces.push(scene.piece(Role::Title, format!("  {} ", line.letter)));
        pieces.push(scene.piece(Role::Dim, says));
    }
    let mut line = Line::from(pieces);
    let rest = usize::from(area.width).saturating_sub(line.width() + 1);
    line.push_span(scene.piece(Role::Rule, format!(" {}", "─".repeat(rest))));
    if rest == 0 {
        line.spans.pop();
    }
    put(area, 0, &line, buf);
}

struct Plot<'s, 'a> {
    scene: &'s Scene<'a>,
    lines: &'s Lines,
    chart: &'s Measured,
    area: Rect,
}

impl Plot<'_, '_> {
    fn draw(&self, buf: &mut Buffer) {
        if self.area.is_empty() {
            return;
        }
        self.levels(buf);
        self.instants(buf);
        for x in 0..self.area.width {
            let mut taken: Vec<u16> = Vec::new();
            for (nth, line) in self.lines.lines.iter().enumerate() {
                let Some(row) = self.value(line, x).map(|value| self.row(value)) else { continue };
                let same = taken.contains(&row);
                taken.push(row);
                let role = if same { Role::Text } else { look(nth) };
                let symbol = if same { SAME } else { line.letter };
                let cell = &mut buf[(self.area.x + x, row)];
                // Nothing of what lies below shines through.
                cell.reset();
                cell.set_symbol(symbol).set_style(self.scene.style(role));
            }
        }
    }

    /// The row of a value on the screen.
    fn row(&self, value: f64) -> u16 {
        let last = self.area.height.saturating_sub(1);
        let up = (self.chart.scale.up(value) * f64::from(last)).round() as u16;
        self.area.bottom() - 1 - up.min(last)
    }

    /// What stands for a column: the worst of its stretches.
    fn value(&self, line: &Measurements, x: u16) -> Option<f64> {
        let (from, to) = lanes::stretch(self.lines, x, self.area.width);
        let here = line.points.iter().filter(|one| one.from_ms < to && one.to_ms > from);
        let values = here.filter_map(self.chart.of).filter(|value| value.is_finite());
        values.reduce(if self.chart.unit == Unit::Share { f64::min } else { f64::max })
    }

    /// The values at the left, each with a line across.
    fn levels(&self, buf: &mut Buffer) {
        let rule = self.scene.style(Role::Rule);
        let mut taken: Vec<u16> = Vec::new();
        let ticks = self.chart.scale.ticks();
        // The ends first: what is between gives way.
        let last = ticks.len().saturating_sub(1);
        let ends = ticks.first().into_iter().chain(ticks.get(last));
        for value in ends.chain(ticks.get(1..last).unwrap_or_default()) {
            let row = self.row(*value);
            if taken.iter().any(|other| other.abs_diff(row) < 2) {
                continue;
            }
            taken.push(row);
            let says = label(self.chart.unit, *value);
            let width = u16::try_from(text::width(&says)).unwrap_or(u16::MAX);
            let x = self.area.x.saturating_sub(width + 1);
            buf.set_string(x, row, says, self.scene.style(Role::Dim));
            for x in self.area.left()..self.area.right() {
                buf[(x, row)].set_symbol("┈").set_style(rule);
            }
        }
    }

    /// Where every exercise has the same at the same time, a line upwards.
    fn instants(&self, buf: &mut Buffer) {
        for mark in &self.lines.marks {
            let mut columns =
                mark.at_ms.iter().map(|at| lanes::column(self.lines, (*at)?, self.area.width));
            let Some(Some(first)) = columns.next() else { continue };
            if !columns.all(|other| other == Some(first)) {
                continue;
            }
            let role = if mark.kind == "phase" { Role::Rule } else { Role::Dim };
            for y in self.area.top()..self.area.bottom() {
                let cell = &mut buf[(self.area.x + first, y)];
                cell.set_symbol("┊").set_style(self.scene.style(role));
            }
        }
    }
}
