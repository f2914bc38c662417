//! The frame that charts of values have in common: the drawing itself, hatching, and the levels across. Not the values.

use super::axis::{LEFT, RIGHT, WIDTH};
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
