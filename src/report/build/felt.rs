//! What customers felt over a stretch, and the curve of the whole exercise. Not who caused it.

use crate::exercise::figure::Figures;
use crate::exercise::series::{Point, errors, merged, over};
use crate::exercise::state::State;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;
use crate::report::model::{Bucket, Felt, Stretch};

/// So many stretches make a curve at most.
const BUCKETS: u64 = 60;
/// And so many a chart.
const STRETCHES: u64 = 160;

/// From the start of the first phase to the end of the last.
pub(super) fn whole(state: &State) -> Figures<'_> {
    let began = state.phases.iter().find_map(|run| run.started);
    let last = state.phases.iter().rev().find(|run| run.started.is_some());
    let ended = last.and_then(|run| run.ended).map_or(state.now, |(_, at, _)| at);
    began.map_or_else(Figures::default, |(_, began)| {
        state.figures().within(began.elapsed, ended.elapsed)
    })
}

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
    let buckets = stretches(state, BUCKETS).into_iter().map(|(from, _, here)| {
        let felt = felt(here);
        Bucket { from_ms: from, sent_rps: felt.sent_rps, latency_p99: felt.latency_p99 }
    });
    buckets.collect()
}

/// What charts show, from the first to the last sample, in equal stretches of whole seconds.
pub(super) fn series(state: &State) -> Vec<Stretch> {
    let each = stretches(state, STRETCHES).into_iter().map(|(from_ms, to_ms, here)| {
        let felt = felt(here);
        let extreme = |metric: fn(&Point) -> Option<f64>, which: fn(f64, f64) -> f64| {
            here.iter().filter_map(metric).reduce(which)
        };
        let sent = |point: &Point| {
            let seconds = point.sample.length.as_secs_f64();
            let count = point.sample.attempted.saturating_sub(point.sample.dropped);
            (seconds > 0.0).then(|| count as f64 / seconds)
        };
        let availability = |point: &Point| point.value(Metric::Availability);
        let late = |point: &Point| point.value(Metric::Latency(990));
        Stretch {
            from_ms,
            to_ms,
            planned_rps: felt.planned_rps,
            sent_rps: felt.sent_rps,
            sent_rps_least: extreme(sent, f64::min),
            sent_rps_most: extreme(sent, f64::max),
            dropped: (!here.is_empty()).then_some(felt.dropped),
            availability: felt.availability,
            availability_least: extreme(availability, f64::min),
            availability_most: extreme(availability, f64::max),
            latency_p50: felt.latency_p50,
            latency_p99: felt.latency_p99,
            latency_p99_least: extreme(late, f64::min),
            latency_p99_most: extreme(late, f64::max),
        }
    });
    each.collect()
}

/// From the first to the last sample in at most so many equal stretches of whole seconds: from, to, what lies in it.
fn stretches(state: &State, most: u64) -> Vec<(u64, u64, &[Point])> {
    let points = state.series.points();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let begin = first.sample.start.as_millis();
    let all = last.end().as_millis().saturating_sub(begin);
    let width = (all.div_ceil(most).div_ceil(1_000) * 1_000).max(1_000);
    (0..all.div_ceil(width))
        .map(|index| {
            let from = begin + index * width;
            let to = from.saturating_add(width);
            let here = state.series.between(Span::from_millis(from), Span::from_millis(to));
            (from, to, here)
        })
        .collect()
}
