//! What was measured, second by second, and what it says over a window.

use super::histogram::{Counts, LatencyHistogram};
use super::history::History;
use super::sample::{ErrorCounts, Sample};
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// One second with the figures that screens ask for most.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// As it was recorded.
    pub sample: Sample,
    /// Median, p90, p95, p99, p99.9 and mean latency in milliseconds; `None`: nothing ended.
    quantiles: Option<[f64; 6]>,
    /// The latencies once more, for adding up.
    counts: Counts,
}

impl Point {
    /// Where it ends, since the recording began.
    pub fn end(&self) -> Span {
        self.sample.start + self.sample.length
    }

    /// How many answers took longer than `millis`, and how many ended.
    pub fn slower(&self, millis: f64) -> (u64, u64) {
        self.counts.above(millis)
    }

    /// The value of `metric` in this second; `None`: no data.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        let place = match metric {
            Metric::Latency(500) => 0,
            Metric::Latency(900) => 1,
            Metric::Latency(950) => 2,
            Metric::Latency(990) => 3,
            Metric::Latency(999) => 4,
            Metric::LatencyMean => 5,
            other => return self.sample.value(other),
        };
        self.quantiles.and_then(|values| values.get(place).copied())
    }
}

impl From<Sample> for Point {
    fn from(sample: Sample) -> Self {
        let (counts, found) = sample.latency.figures([500, 900, 950, 990, 999]);
        let quantiles =
            found.map(|([p50, p90, p95, p99, p999], mean)| [p50, p90, p95, p99, p999, mean]);
        Self { sample, quantiles, counts }
    }
}

/// Every second, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    points: History<Point>,
}

impl Series {
    /// Adds the next second.
    pub fn push(&mut self, sample: Sample) {
        self.points.push(Point::from(sample));
    }

    /// The same, where it may be known already what comes: see [`Series::first`].
    pub fn take(&mut self, sample: &Sample) {
        if !self.points.go_on(|next| next.sample == *sample) {
            self.push(sample.clone());
        }
    }

    /// The first `length` seconds of these, sharing them. What follows them here costs little to take again.
    pub fn first(&self, length: usize) -> Self {
        Self { points: self.points.first(length) }
    }

    /// The first `length` seconds of these and of what is known to follow them, sharing them: where one was before.
    pub fn again(&self, length: usize) -> Self {
        Self { points: self.points.again(length) }
    }

    /// Every second.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The seconds that begin within `from..to` (elapsed time).
    pub fn between(&self, from: Span, to: Span) -> &[Point] {
        let begin = self.points.partition_point(|point| point.sample.start < from);
        let end = self.points.partition_point(|point| point.sample.start < to);
        self.points.get(begin..end).unwrap_or_default()
    }

    /// The seconds that lie wholly within `from..=to` (elapsed time): none of them tells of what was before or after.
    pub fn within(&self, from: Span, to: Span) -> &[Point] {
        let begin = self.points.partition_point(|point| point.sample.start < from);
        let end = self.points.partition_point(|point| point.end() <= to);
        self.points.get(begin..end).unwrap_or_default()
    }

    /// The last `window` of what was measured.
    pub fn last(&self, window: Span) -> &[Point] {
        let Some(last) = self.points.last() else { return &[] };
        let end = last.end();
        self.between(end - window, end)
    }
}

/// The value of `metric` over all `points` together: counts are summed, histograms merged.
pub fn over(points: &[Point], metric: Metric) -> Option<f64> {
    let seconds: f64 = points.iter().map(|point| point.sample.length.as_secs_f64()).sum();
    let ok: u64 = points.iter().map(|point| point.sample.ok).sum();
    let settled: u64 = points.iter().map(|point| point.sample.settled()).sum();
    match metric {
        Metric::Availability => (settled > 0).then(|| ok as f64 / settled as f64),
        Metric::ErrorRate => (settled > 0).then(|| (settled - ok) as f64 / settled as f64),
        Metric::Throughput => (seconds > 0.0).then(|| ok as f64 / seconds),
        Metric::Dropped => {
            let dropped: u64 = points.iter().map(|point| point.sample.dropped).sum();
            (seconds > 0.0).then(|| dropped as f64 / seconds)
        }
        Metric::Failures => (!points.is_empty()).then(|| (settled - ok) as f64),
        // Not seen from outside.
        Metric::CacheHitRate | Metric::Inside(_) | Metric::Asked(_) => None,
        Metric::LatencyMean => merged(points).mean_millis(),
        Metric::Latency(thousandths) => merged(points).quantile_millis(thousandths),
    }
}

/// All latencies of `points` in one histogram.
pub fn merged(points: &[Point]) -> LatencyHistogram {
    let mut all = LatencyHistogram::new();
    for point in points {
        point.counts.add_to(&mut all);
    }
    all
}

/// All failures of `points` by kind.
pub fn errors(points: &[Point]) -> ErrorCounts {
    let mut sum = ErrorCounts::default();
    for point in points {
        sum.add(&point.sample.errors);
    }
    sum
}
