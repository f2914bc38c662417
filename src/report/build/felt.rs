//! What customers felt over a stretch, and the curve of the whole exercise. Not who caused it.

use crate::exercise::series::{Point, errors, merged, over};
use crate::exercise::state::State;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;
use crate::report::model::{Bucket, Felt};

/// So many stretches make a curve at most.
const BUCKETS: u64 = 60;

/// All of `points` together.
pub(super) fn felt(points: &[Point]) -> Felt {
    let seconds: f64 = points.iter().map(|point| point.sample.length.as_secs_f64()).sum();
    let attempted: u64 = points.iter().map(|point| point.sample.attempted).sum();
    let dropped: u64 = points.iter().map(|point| point.sample.dropped).sum();
    let planned: f64 = points.iter().map(|point| point.sample.planned).sum();
    let latency = merged(points);
    let per_second = |count: f64| (seconds > 0.0).then(|| count / seconds);
    Felt {
        measured_ms: points
            .iter()
            .fold(Span::ZERO, |sum, point| sum + point.sample.length)
            .as_millis(),
        planned_requests: planned,
        attempted,
        dropped,
        ok: points.iter().map(|point| point.sample.ok).sum(),
        errors: errors(points),
        planned_rps: per_second(planned),
        sent_rps: per_second(attempted.saturating_sub(dropped) as f64),
        availability: over(points, Metric::Availability),
        latency_p50: latency.quantile_millis(500),
        latency_p99: latency.quantile_millis(990),
        worst_lag_p99_us: points.iter().map(|point| point.sample.lag_p99_us).max(),
    }
}

/// Load and p99 from the first to the last sample, in equal stretches of whole seconds.
pub(super) fn curve(state: &State) -> Vec<Bucket> {
    let points = state.series.points();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let begin = first.sample.start.as_millis();
    let all = last.end().as_millis().saturating_sub(begin);
    let width = (all.div_ceil(BUCKETS).div_ceil(1_000) * 1_000).max(1_000);
    (0..all.div_ceil(width))
        .map(|index| {
            let from = begin + index * width;
            let here = state
                .series
                .between(Span::from_millis(from), Span::from_millis(from.saturating_add(width)));
            let felt = felt(here);
            Bucket { from_ms: from, sent_rps: felt.sent_rps, latency_p99: felt.latency_p99 }
        })
        .collect()
}
