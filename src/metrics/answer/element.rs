//! The series of an answer to a query: labels, values, histograms. Not what is around them.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed as _, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::bounds::Bounds;
use super::unusable::Unusable;
use crate::exercise::found::{Bucket, Distribution, Dot, Labels, Track, Value};

/// No instant is later: the end of the year 9999, in seconds since 1970.
const LATEST: f64 = 253_402_300_799.0;

/// A number, which stands in quotes so that it may also be `NaN` or `+Inf`.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor).map(Self)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        text.parse().map_err(|_| E::custom(format!("{text:?} is no number")))
    }

    fn visit_f64<E>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_i64<E>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_u64<E>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }
}

/// An instant, written in seconds since 1970, kept in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct At(i64);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secs = f64::deserialize(deserializer)?;
        if !(0.0..=LATEST).contains(&secs) {
            return Err(D::Error::custom(format!("{secs:e} s is no time")));
        }
        Ok(Self((secs * 1_000.0).round() as i64))
    }
}

/// Something at an instant: `[1435781430.781, "1"]`.
#[derive(Deserialize)]
#[serde(expecting = "a time and a value")]
pub(super) struct Stamped<T>(pub(super) At, pub(super) T);

pub(super) fn dot(At(at): At, number: f64) -> Dot {
    Dot { at, value: Value::from(number) }
}

/// A native histogram as it is written.
#[derive(Deserialize)]
#[serde(expecting = "a histogram")]
struct Histogram {
    count: Number,
    sum: Number,
    #[serde(default)]
    buckets: Option<Vec<Stretch>>,
}

/// A bucket: which of its ends belong to it, its ends, and how many lie in it.
#[derive(Deserialize)]
#[serde(expecting = "a bucket of four numbers")]
struct Stretch(IgnoredAny, Number, Number, Number);

fn spread(Stamped(At(at), histogram): Stamped<Histogram>) -> Dot {
    let buckets = histogram.buckets.unwrap_or_default().into_iter().map(
        |Stretch(_, Number(lower), Number(upper), Number(count))| Bucket { lower, upper, count },
    );
    let distribution =
        Distribution { count: histogram.count.0, sum: histogram.sum.0, buckets: buckets.collect() };
    Dot { at, value: Value::Histogram(Box::new(distribution)) }
}

/// Labels as they are written.
#[derive(Default)]
pub(in crate::metrics) struct Written(pub(in crate::metrics) Labels);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(WrittenVisitor)
    }
}

struct WrittenVisitor;

impl<'de> Visitor<'de> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
        let mut labels = Vec::new();
        while let Some(label) = map.next_entry::<String, String>()? {
            labels.push(label);
        }
        Ok(Written(Labels::new(labels)))
    }
}

/// One series as it is written: an instant query has one value or histogram of it, a range query many of both.
#[derive(Deserialize)]
#[serde(expecting = "a series")]
struct Element {
    #[serde(default)]
    metric: Written,
    #[serde(default)]
    value: Option<Stamped<Number>>,
    #[serde(default)]
    values: Option<Vec<Stamped<Number>>>,
    #[serde(default)]
    histogram: Option<Stamped<Histogram>>,
    #[serde(default)]
    histograms: Option<Vec<Stamped<Histogram>>>,
}

impl Element {
    fn track(self) -> Track {
        let numbers = self.value.into_iter().chain(self.values.unwrap_or_default());
        let histograms = self.histogram.into_iter().chain(self.histograms.unwrap_or_default());
        let numbers = numbers.map(|Stamped(at, Number(value))| dot(at, value));
        let mut dots: Vec<Dot> = numbers.chain(histograms.map(spread)).collect();
        dots.sort_by_key(|dot| dot.at);
        dots.dedup_by_key(|dot| dot.at);
        Track { labels: self.metric.0, dots }
    }
}

/// The series that are kept, and how many more there were.
#[derive(Default)]
pub(super) struct Tracks {
    pub(super) tracks: Vec<Track>,
    pub(super) left_off: usize,
}

/// Reads the list of series.
pub(super) fn tracks(text: &str, bounds: Bounds) -> Result<Tracks, Unusable> {
    let full = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = TracksSeed { bounds, full: &full };
    match seed.deserialize(&mut deserializer) {
        Err(_) if full.get() => Err(Unusable::TooMany(bounds.dots)),
        Err(error) => Err(error.into()),
        Ok(tracks) => Ok(tracks),
    }
}

struct TracksSeed<'a> {
    bounds: Bounds,
    full: &'a Cell<bool>,
}

impl<'de> serde::de::DeserializeSeed<'de> for TracksSeed<'_> {
    type Value = Tracks;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tracks, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TracksSeed<'_> {
    type Value = Tracks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of series")
    }

    /// Nothing was found: some write that so.
    fn visit_unit<E>(self) -> Result<Tracks, E> {
        Ok(Tracks::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tracks, A::Error> {
        let mut all = Tracks::default();
        let mut dots = 0_usize;
        while all.tracks.len() < self.bounds.tracks {
            let Some(element) = list.next_element::<Element>()? else { return Ok(all) };
            let track = element.track();
            dots = dots.saturating_add(track.dots.len());
            if dots > self.bounds.dots {
                self.full.set(true);
                return Err(A::Error::custom("too many values"));
            }
            all.tracks.push(track);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            all.left_off += 1;
        }
        Ok(all)
    }
}
