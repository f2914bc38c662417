//! One side of a measure with its words, or why there is none. Not where it comes from.

use crate::exercise::said::{Said, said};
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;

/// A value that is there.
pub(super) struct Known {
    pub(super) value: f64,
    pub(super) unit: Unit,
    /// `availability 99.970% over the whole exercise (1,402,113 of 1,402,530)`.
    pub(super) words: Said,
}

impl Known {
    /// Whether it is so many per second.
    pub(super) fn is_rate(&self) -> bool {
        self.unit == Unit::PerSecond
    }

    /// The bare figure.
    pub(super) fn shown(&self) -> String {
        self.unit.show(self.value)
    }
}

/// What can be said of one side.
pub(super) enum Reading {
    /// A value.
    Known(Known),
    /// A time that never came to an end, in words: not detected, not recovered.
    Never(Said),
    /// Nothing, and why.
    Missing(Said),
}

/// A value, if it is a number at all.
pub(super) fn known(value: f64, unit: Unit, words: Said) -> Reading {
    if value.is_finite() {
        Reading::Known(Known { value, unit, words })
    } else {
        Reading::Missing(said!("evidence-no-number", "{what} is no number", what = words))
    }
}

/// A length of time.
pub(super) fn time(span: Span, words: Said) -> Reading {
    known(span.as_millis() as f64, Unit::Millis, words)
}

/// A plain number.
pub(super) fn count(value: u64, words: Said) -> Reading {
    known(value as f64, Unit::Count, words)
}
