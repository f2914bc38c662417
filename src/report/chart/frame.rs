//! What charts of values have in common: the drawing itself, hatching, levels across, time below, what went on behind, and
//! how values become lines. Not the values.

use std::fmt::Write as _;

use super::axis::{Axis, LEFT, RIGHT, WIDTH};
use super::svg::{Svg, rounded};

/// The upper and the lower end of the values, and of the whole chart.
pub(super) const TOP: f64 = 34.0;
pub(super) const BOTTOM: f64 = 184.0;
pub(super) const HEIGHT: f64 = 210.0;

/// A drawing that has just begun; `summary` is what it says to those who do not see it.
pub(super) fn begun(class: &str, summary: &str) -> Svg {
    let mut svg = Svg::default();
    let size = format!("0 0 {WIDTH} {HEIGHT}");
    svg.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg".into()),
            ("viewBox", (&size).into()),
            ("class", class.into()),
            ("role", "img".into()),
            ("aria-label", summary.into()),
        ],
    );
    svg
}

/// A line across at the height `y`, with what it stands for at its left.
pub(super) fn level(svg: &mut Svg, y: f64, text: &str) {
    let d = format!("M{LEFT} {}H{RIGHT}", rounded(y));
    svg.mark("path", &[("class", "grid".into()), ("d", (&d).into())]);
    let place = [("x", (LEFT - 8.0).into()), ("y", (y + 4.0).into()), ("class", "tick end".into())];
    svg.text("text", &place, text);
}

/// The times below.
pub(super) fn times(svg: &mut Svg, axis: &Axis) {
    for (x, text) in axis.ticks() {
        let d = format!("M{} {BOTTOM}v5", rounded(x));
        svg.mark("path", &[("class", "grid".into()), ("d", (&d).into())]);
        let place = [("x", x.into()), ("y", (HEIGHT - 8.0).into()), ("class", "tick mid".into())];
        svg.text("text", &place, &text);
    }
}

/// What clock the times are of.
pub(super) fn clock(svg: &mut Svg) {
    let place =
        [("x", (LEFT - 8.0).into()), ("y", (HEIGHT - 8.0).into()), ("class", "axis end".into())];
    svg.text("text", &place, "UTC");
}

/// A promise across at the height `y`, and what it is.
pub(super) fn promise(svg: &mut Svg, y: f64, value: &str) {
    let d = format!("M{LEFT} {}H{RIGHT}", rounded(y));
    svg.mark("path", &[("class", "promise".into()), ("d", (&d).into())]);
    let above = if y - TOP < 14.0 { 12.0 } else { -4.0 };
    let place =
        [("x", (RIGHT - 4.0).into()), ("y", (y + above).into()), ("class", "promised end".into())];
    svg.text("text", &place, &format!("SLO {value}"));
}

/// A time behind the lines, from when to when in milliseconds.
pub(super) fn band(
    svg: &mut Svg,
    axis: &Axis,
    class: &str,
    (from, to): (u64, u64),
    fill: Option<&str>,
) {
    let (x, width) = (axis.x(from), (axis.x(to) - axis.x(from)).max(1.5));
    let mut all = vec![
        ("class", class.into()),
        ("x", x.into()),
        ("y", TOP.into()),
        ("width", width.into()),
        ("height", (BOTTOM - TOP).into()),
    ];
    all.extend(fill.map(|fill| ("fill", fill.into())));
    svg.mark("rect", &all);
}

/// Where something begins.
pub(super) fn begins(svg: &mut Svg, x: f64) {
    let d = format!("M{} 18V{BOTTOM}", rounded(x));
    svg.mark("path", &[("class", "phase".into()), ("d", (&d).into())]);
}

/// Where an incident was opened.
pub(super) fn incident(svg: &mut Svg, x: f64) {
    let d = format!("M{} {BOTTOM}l5 -5l5 5l-5 5z", rounded(x - 5.0));
    svg.mark("path", &[("class", "incident".into()), ("d", (&d).into())]);
}

/// A column that says what was there, from where to where.
pub(super) fn column(svg: &mut Svg, (x, to): (f64, f64), says: &str) {
    svg.open(
        "rect",
        &[
            ("class", "column".into()),
            ("x", x.into()),
            ("y", TOP.into()),
            ("width", (to - x).into()),
            ("height", (BOTTOM - TOP).into()),
        ],
    );
    svg.text("title", &[], says);
    svg.close("rect");
}

/// A line through stretches from where to where at a height, with gaps where there is none.
pub(super) fn line(stretches: impl Iterator<Item = (f64, f64, Option<f64>)>) -> String {
    let mut d = String::new();
    let mut down = false;
    for (from, to, y) in stretches {
        let Some(y) = y.map(rounded) else {
            down = false;
            continue;
        };
        let x = rounded((from + to) / 2.0);
        // One alone shows as a short dash.
        let _ = if down { write!(d, "L{x} {y}") } else { write!(d, "M{} {y}H{x}", rounded(from)) };
        down = true;
    }
    d
}

/// A box for each stretch from where to where between its upper and lower end.
pub(super) fn boxes(stretches: impl Iterator<Item = (f64, f64, (f64, f64))>) -> String {
    let mut d = String::new();
    for (from, to, (top, bottom)) in stretches {
        let (from, to) = (rounded(from), rounded(to));
        let (top, bottom) = (rounded(top), rounded(bottom));
        if bottom - top > 0.5 {
            let _ = write!(d, "M{from} {top}H{to}V{bottom}H{from}z");
        }
    }
    d
}

/// Hatching to be filled with, by its name; it stands within `defs`.
pub(super) fn hatch(svg: &mut Svg, name: &str) {
    svg.open(
        "pattern",
        &[
            ("id", name.into()),
            ("width", 6.0.into()),
            ("height", 6.0.into()),
            ("patternUnits", "userSpaceOnUse".into()),
            ("patternTransform", "rotate(45)".into()),
        ],
    );
    svg.mark("path", &[("class", "hatching".into()), ("d", "M0 0V6".into())]);
    svg.close("pattern");
}
