//! What metrics a server has, as far as that is known: names, kinds, labels. Not how it was asked (see `explore`), and not
//! what is made of it (see `offer`).

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Kind;
use crate::exercise::found::{Found, Labels};
use crate::gameday::span::Span;

/// Of a label no more values are kept.
const MOST_VALUES: usize = 50;

/// What metrics there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    names: BTreeSet<String>,
    kinds: BTreeMap<String, Kind>,
    labels: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Catalogue {
    /// Knows of names, and of nothing else yet.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), ..Self::default() }
    }

    /// Learns what kind a metric is.
    pub fn learn_kind(&mut self, name: &str, kind: Kind) {
        self.kinds.insert(name.to_owned(), kind);
    }

    /// Learns the names of the labels of a metric.
    pub fn learn_labels<'a>(&mut self, name: &str, labels: impl IntoIterator<Item = &'a str>) {
        let known = self.labels.entry(name.to_owned()).or_default();
        for label in labels.into_iter().filter(|label| *label != crate::exercise::found::NAME) {
            known.entry(label.to_owned()).or_default();
        }
    }

    /// Learns from a series of a metric.
    pub fn learn_series(&mut self, name: &str, series: &Labels) {
        let known = self.labels.entry(name.to_owned()).or_default();
        for (label, value) in series.iter() {
            let values = known.entry(label.to_owned()).or_default();
            if values.len() < MOST_VALUES {
                values.insert(value.to_owned());
            }
        }
    }

    /// Whether there is such a metric.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// What kind a metric is; `None`: nobody said.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds.get(name).copied()
    }

    /// Whether a metric has a label; `None`: nobody knows its labels.
    pub fn has_label(&self, name: &str, label: &str) -> Option<bool> {
        self.labels.get(name).map(|labels| labels.contains_key(label))
    }

    /// The values that are known of a label of a metric.
    pub fn values(&self, name: &str, label: &str) -> impl Iterator<Item = &str> {
        let values = self.labels.get(name).and_then(|labels| labels.get(label));
        values.into_iter().flatten().map(String::as_str)
    }
}

/// How often a server looks at its targets, from a few minutes of `up`: the middle of the middles; `None`: it cannot be seen.
pub fn interval(up: &Found) -> Option<Span> {
    let middles = up.tracks.iter().filter_map(|track| {
        middle(track.dots.windows(2).filter_map(|pair| match pair {
            [one, next] => u64::try_from(next.at - one.at).ok(),
            _ => None,
        }))
    });
    middle(middles).filter(|millis| *millis > 0).map(Span::from_millis)
}

fn middle(values: impl Iterator<Item = u64>) -> Option<u64> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Over how much time a rate is taken: at least four looks at a target, so that one may be missed; two minutes where nobody
/// knows how often that is.
pub fn window(interval: Option<Span>) -> Span {
    let Some(interval) = interval else { return Span::from_secs(120) };
    let secs = (interval.as_millis() * 4).div_ceil(1_000).max(10);
    // As people write it.
    let nice = [10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600];
    Span::from_secs(nice.into_iter().find(|nice| *nice >= secs).unwrap_or(secs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::found::{Dot, Track, Value};

    #[test]
    fn how_often_targets_are_looked_at_is_seen_and_windows_hold_four_looks() {
        let track = |at: &[i64]| Track {
            labels: Labels::default(),
            dots: at.iter().map(|at| Dot { at: *at, value: Value::Number(1.0) }).collect(),
        };
        let found = |tracks: &[&[i64]]| Found {
            tracks: tracks.iter().map(|at| track(at)).collect(),
            ..Found::default()
        };
        for (tracks, looks, nice) in [
            (&[&[0_i64, 15_000, 30_010, 45_000] as &[i64]] as &[&[i64]], Some(15_000), 60),
            (&[&[0, 1_000, 2_000]], Some(1_000), 10),
            // One was missed.
            (&[&[0, 5_000, 15_000, 20_000, 25_000]], Some(5_000), 20),
            (&[&[0, 15_000, 30_000], &[5], &[], &[0, 60_000], &[0, 15_000]], Some(15_000), 60),
            (&[&[7]], None, 120),
            (&[], None, 120),
            (&[&[0, 400_000]], Some(400_000), 1_600),
        ] {
            let interval = interval(&found(tracks));
            assert_eq!(interval, looks.map(Span::from_millis), "{tracks:?}");
            assert_eq!(window(interval), Span::from_secs(nice), "{tracks:?}");
        }
    }
}
