//! What a source of measurements found: series with their labels, and how far they can be trusted. Not how they were asked
//! for, and not what customers felt second by second (see `series`).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::gameday::text::printable;

/// The label that holds the name of what is measured.
pub const NAME: &str = "__name__";

/// No name of a label is longer, and no value; what is cut ends in an ellipsis.
const LONGEST_NAME: usize = 200;
const LONGEST_VALUE: usize = 1_000;

/// Beyond any rate, latency or share: no figure is larger.
pub const LARGEST: f64 = 1e15;

/// A series has no more labels than these.
const MOST_LABELS: usize = 60;

/// The labels of a series, in order of their names. Text from outside, made harmless.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub struct Labels(BTreeMap<String, String>);

impl From<BTreeMap<String, String>> for Labels {
    fn from(labels: BTreeMap<String, String>) -> Self {
        Self::new(labels)
    }
}

impl Labels {
    /// Takes labels in, as far as they are no more than a series may have.
    pub fn new<N: AsRef<str>, V: AsRef<str>>(labels: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut all = BTreeMap::new();
        for (name, value) in labels {
            if all.len() == MOST_LABELS {
                break;
            }
            let name = printable(name.as_ref(), LONGEST_NAME);
            all.insert(name, printable(value.as_ref(), LONGEST_VALUE));
        }
        Self(all)
    }

    /// The value of the label `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The name of what is measured, where the series still has one.
    pub fn name(&self) -> Option<&str> {
        self.get(NAME)
    }

    /// Every label but the name of what is measured.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        all.filter(|(name, _)| *name != NAME)
    }

    /// The same without some of them.
    pub fn without(&self, names: &[&str]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Self(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// As in a query: `up{instance="a:9090", job="shop"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or_default())?;
        let mut labels = self.iter().peekable();
        if labels.peek().is_none() && self.name().is_some() {
            return Ok(());
        }
        f.write_str("{")?;
        let mut between = "";
        for (name, value) in labels {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            write!(f, "{between}{name}=\"{value}\"")?;
            between = ", ";
        }
        f.write_str("}")
    }
}

/// How the observations of a stretch are spread: a native histogram. Its figures can be fractions, as those of a rate are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// How many there were.
    pub count: f64,
    /// What they add up to.
    pub sum: f64,
    /// Where they lie, from low to high; what has none is left out.
    pub buckets: Vec<Bucket>,
}

/// One stretch of values and how many lie in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// From here,
    pub lower: f64,
    /// to here.
    pub upper: f64,
    /// So many.
    pub count: f64,
}

impl Distribution {
    /// The mean; `None`: nothing was observed.
    pub fn mean(&self) -> Option<f64> {
        let mean = self.sum / self.count;
        (self.count > 0.0 && mean.is_finite()).then_some(mean)
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; it may be infinite.
    Number(f64),
    /// What a division by no traffic gives.
    NotANumber,
    /// A whole histogram.
    Histogram(Box<Distribution>),
}

impl Value {
    /// What a chart can draw and a limit can be held against; `None`: no data. The mean stands for a histogram. What is
    /// beyond [`LARGEST`] no recording takes.
    pub fn figure(&self) -> Option<f64> {
        let figure = match self {
            Self::Number(number) => Some(*number),
            Self::NotANumber => None,
            Self::Histogram(distribution) => distribution.mean(),
        };
        figure.filter(|figure| figure.abs() <= LARGEST)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        if number.is_nan() { Self::NotANumber } else { Self::Number(number) }
    }
}

/// A value at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Milliseconds since 1970-01-01 UTC, on the clock of the source.
    pub at: i64,
    /// What was there.
    pub value: Value,
}

/// One series: its labels, and its values in order of time, each instant once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// What it is of.
    pub labels: Labels,
    /// What was there, when.
    pub dots: Vec<Dot>,
}

impl Track {
    /// The last value.
    pub fn last(&self) -> Option<&Dot> {
        self.dots.last()
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The series, as the source had them.
    pub tracks: Vec<Track>,
    /// How many more series there were: they were too many.
    pub left_off: usize,
    /// A text, where the query asked for one.
    pub text: Option<String>,
    /// What the source warned of.
    pub warnings: Vec<String>,
    /// What the source only mentioned.
    pub infos: Vec<String>,
    /// Whether the source said that something is missing.
    pub partial: bool,
}

impl Found {
    /// Whether there is anything that a chart can draw.
    pub fn has_data(&self) -> bool {
        let mut dots = self.tracks.iter().flat_map(|track| &track.dots);
        dots.any(|dot| dot.value.figure().is_some())
    }

    /// The last figure of the only series; `None`: no data, or several series.
    pub fn figure(&self) -> Option<f64> {
        match self.tracks.as_slice() {
            [one] => one.last()?.value.figure(),
            _ => None,
        }
    }

    /// Only what lies within `from..=to`: whatever a source says of another time was not asked for.
    pub fn within(mut self, from: i64, to: i64) -> Self {
        for track in &mut self.tracks {
            track.dots.retain(|dot| (from..=to).contains(&dot.at));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_as_in_a_query_and_are_harmless() {
        let labels = Labels::new([("job", "shop"), ("__name__", "up"), ("a", "b\"c\u{1b}[2J\n")]);
        assert_eq!(labels.to_string(), "up{a=\"b\\\"c\u{fffd}[2J\u{fffd}\", job=\"shop\"}");
        assert_eq!(labels.without(&["a", "job"]).to_string(), "up");
        assert_eq!(labels.without(&["a", "__name__"]).to_string(), "{job=\"shop\"}");
        assert_eq!(Labels::default().to_string(), "{}");
        let long = Labels::new((0..100).map(|n| (format!("l{n:03}"), "x".repeat(3_000))));
        assert_eq!(long.iter().count(), MOST_LABELS);
        assert!(long.iter().all(|(_, value)| value.chars().count() == LONGEST_VALUE + 1));
    }

    #[test]
    fn what_is_no_figure_is_no_data() {
        let histogram = |count, sum| {
            Value::Histogram(Box::new(Distribution { count, sum, buckets: Vec::new() }))
        };
        for (value, figure) in [
            (Value::from(2.5), Some(2.5)),
            (Value::from(f64::NAN), None),
            (Value::from(f64::INFINITY), None),
            (histogram(4.0, 10.0), Some(2.5)),
            (histogram(0.0, 0.0), None),
        ] {
            assert_eq!(value.figure(), figure, "{value:?}");
            let dots = vec![Dot { at: 7, value }];
            let found = Found {
                tracks: vec![Track { labels: Labels::default(), dots }],
                ..Found::default()
            };
            assert_eq!(found.has_data(), figure.is_some());
            assert_eq!(found.figure(), figure);
            assert!(!found.within(8, 9).has_data());
        }
    }
}
