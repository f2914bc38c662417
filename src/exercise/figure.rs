//! The value of a metric over a stretch of time, whether customers felt it or an instrument inside the target read it.
//! The one place where both are put together; not the judging.
//!
//! Over a stretch, counts are summed, shares come from summed counts, percentiles from merged histograms, and a state
//! (a queue's depth) is the last one that was read. What nobody read has no value: no data is not zero.

use super::reading::Reading;
use super::series::{Point, Series, over};
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// Everything measured in a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures<'a> {
    /// What customers felt, second by second.
    pub points: &'a [Point],
    /// What the instruments said, second by second.
    pub readings: &'a [Reading],
}

impl<'a> Figures<'a> {
    /// Everything measured so far.
    pub fn all(series: &'a Series, readings: &'a [Reading]) -> Self {
        Self { points: series.points(), readings }
    }

    /// What of it lies wholly within `from..=to` (elapsed time).
    pub fn within(self, from: Span, to: Span) -> Self {
        self.cut(|one| one.start() < from, |one| one.end() <= to)
    }

    /// What of it begins within `from..to` (elapsed time).
    pub fn between(self, from: Span, to: Span) -> Self {
        self.cut(|one| one.start() < from, |one| one.start() < to)
    }

    /// What of it touches `from..to` (elapsed time): also the seconds in which that begins and ends.
    pub fn touching(self, from: Span, to: Span) -> Self {
        self.cut(|one| one.end() <= from, |one| one.start() < to)
    }

    /// The last `window` of it, each side by itself.
    pub fn last(self, window: Span) -> Self {
        let (felt, read) = (self.points.last().map(Point::end), self.readings.last());
        let felt = felt.map(|end| self.between(end - window, end).points);
        let read = read.map(Reading::end).map(|end| self.between(end - window, end).readings);
        Self { points: felt.unwrap_or_default(), readings: read.unwrap_or_default() }
    }

    /// From the first second that is not `before` to the last that is `until`.
    fn cut(
        self,
        before: impl Fn(&dyn Second) -> bool,
        until: impl Fn(&dyn Second) -> bool,
    ) -> Self {
        let begin = self.points.partition_point(|one| before(one));
        let end = self.points.partition_point(|one| until(one));
        let points = self.points.get(begin..end).unwrap_or_default();
        let begin = self.readings.partition_point(|one| before(one));
        let end = self.readings.partition_point(|one| until(one));
        Self { points, readings: self.readings.get(begin..end).unwrap_or_default() }
    }

    /// The value of `metric` over all of it; `None`: no data.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::CacheHitRate => {
                let hits = self.sum(Instrument::CacheHits);
                let misses = self.sum(Instrument::CacheMisses);
                if hits.is_none() && misses.is_none() {
                    return None;
                }
                let (hits, misses) = (hits.unwrap_or_default(), misses.unwrap_or_default());
                let asked = hits + misses;
                (asked > 0.0).then(|| hits / asked)
            }
            Metric::Inside(_) | Metric::Asked(_) if metric.is_state() => {
                self.readings.iter().rev().find_map(|one| one.value(metric))
            }
            Metric::Inside(instrument) => self.sum(instrument),
            felt => over(self.points, felt),
        }
    }

    /// The value of `metric` in each second that has one.
    pub fn seconds(&self, metric: Metric) -> Vec<f64> {
        if metric.is_inside() {
            self.readings.iter().filter_map(|one| one.value(metric)).collect()
        } else {
            self.points.iter().filter_map(|one| one.value(metric)).collect()
        }
    }

    /// The value of `metric` over the `window` that ends with each second that begins within `from..to` (elapsed time),
    /// where it has one.
    pub fn rolling(self, metric: Metric, window: Span, from: Span, to: Span) -> Vec<f64> {
        let seconds = self.between(from, to);
        let ends: Vec<Span> = if metric.is_inside() {
            seconds.readings.iter().map(Reading::end).collect()
        } else {
            seconds.points.iter().map(Point::end).collect()
        };
        let over = |end| self.between(end - window, end).value(metric);
        ends.into_iter().filter_map(over).collect()
    }

    /// How much of it `metric` was measured in.
    pub fn measured(&self, metric: Metric) -> Span {
        let sum =
            |spans: &mut dyn Iterator<Item = Span>| spans.fold(Span::ZERO, |sum, one| sum + one);
        if metric.is_inside() {
            let read = self.readings.iter().filter(|one| one.value(metric).is_some());
            sum(&mut read.map(|one| one.length))
        } else {
            let settled = self.points.iter().filter(|one| one.sample.settled() > 0);
            sum(&mut settled.map(|one| one.sample.length))
        }
    }

    /// The largest value over any `seconds` in a row: of counts their mean, else the value over all of them.
    pub fn peak(&self, metric: Metric, seconds: usize) -> Option<f64> {
        let each = if metric.is_count() { 1.0 / seconds as f64 } else { 1.0 };
        let rows: Vec<Figures<'_>> = if metric.is_inside() {
            let together = |row: &&[Reading]| {
                row.windows(2).all(|pair| matches!(pair, [a, b] if b.start <= a.end()))
            };
            let rows = self.readings.windows(seconds).filter(together);
            rows.map(|readings| Figures { points: &[], readings }).collect()
        } else {
            let together = |row: &&[Point]| {
                row.windows(2).all(|pair| matches!(pair, [a, b] if b.sample.start <= a.end()))
            };
            let rows = self.points.windows(seconds).filter(together);
            rows.map(|points| Figures { points, readings: &[] }).collect()
        };
        let of = |row: &Figures<'_>| {
            if metric.is_state() {
                let values = row.seconds(metric);
                (values.len() == seconds).then(|| values.iter().sum::<f64>() / seconds as f64)
            } else {
                row.value(metric).map(|value| value * each)
            }
        };
        rows.iter().filter_map(of).reduce(f64::max)
    }

    /// The last second of `metric`: where it begins and ends, and its value; `None`: nothing was measured at all.
    pub fn last_second(&self, metric: Metric) -> Option<(Span, Span, Option<f64>)> {
        if metric.is_inside() {
            self.readings.last().map(|one| (one.start, one.end(), one.value(metric)))
        } else {
            let last = self.points.last();
            last.map(|one| (one.sample.start, one.end(), one.value(metric)))
        }
    }

    fn sum(&self, instrument: Instrument) -> Option<f64> {
        self.readings
            .iter()
            .filter_map(|one| one.values.get(&instrument).copied())
            .reduce(|sum, value| sum + value)
    }
}

/// A second in which something was measured.
trait Second {
    fn start(&self) -> Span;
    fn end(&self) -> Span;
}

impl Second for Point {
    fn start(&self) -> Span {
        self.sample.start
    }
    fn end(&self) -> Span {
        Point::end(self)
    }
}

impl Second for Reading {
    fn start(&self) -> Span {
        self.start
    }
    fn end(&self) -> Span {
        Reading::end(self)
    }
}
