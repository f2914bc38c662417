//! SVG that is being written: escaped, with few decimals. Not what is drawn.

use std::fmt::Write as _;

use crate::report::markup::harmless;

/// Markup that grows at its end.
#[derive(Default)]
pub(super) struct Svg(String);

/// An attribute.
pub(super) type Attribute<'a> = (&'a str, Text<'a>);

/// The value of an attribute.
pub(super) enum Text<'a> {
    /// Words of this program or from outside; escaped.
    Words(&'a str),
    /// A coordinate, in hundredths.
    Number(f64),
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(words)
    }
}

impl<'a> From<&'a String> for Text<'a> {
    fn from(words: &'a String) -> Self {
        Self::Words(words)
    }
}

impl From<f64> for Text<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl Svg {
    /// Opens an element; what follows is within it until it is closed.
    pub(super) fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.begin(name, attributes);
        self.0.push('>');
    }

    /// Closes it.
    pub(super) fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>");
    }

    /// An element with nothing in it.
    pub(super) fn mark(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.begin(name, attributes);
        self.0.push_str("/>");
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.open(name, attributes);
        self.0.push_str(&harmless(text));
        self.close(name);
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn begin(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = match value {
                Text::Words(words) => write!(self.0, " {key}=\"{}\"", harmless(words)),
                Text::Number(number) => write!(self.0, " {key}=\"{}\"", rounded(*number)),
            };
        }
    }
}

/// A coordinate in at most hundredths; what is none is zero.
pub(super) fn rounded(number: f64) -> f64 {
    let number = if number.is_finite() { number } else { 0.0 };
    // No minus before nothing.
    (number * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_put_in_stays_text() {
        let mut svg = Svg::default();
        svg.open("g", &[("aria-label", "\"><script>".into()), ("x", f64::NAN.into())]);
        svg.text("text", &[("y", 1.006.into())], "a<b>\u{1b}\u{202e}");
        svg.mark("path", &[("d", "M0 0".into()), ("x", (-0.001).into())]);
        svg.close("g");
        assert_eq!(
            svg.finish(),
            "<g aria-label=\"&quot;&gt;&lt;script&gt;\" x=\"0\"><text y=\"1.01\">a&lt;b&gt;␛⟨U+202E⟩</text><path d=\"M0 0\" x=\"0\"/></g>"
        );
    }
}
