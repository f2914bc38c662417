//! Samples of what the runners wrote to Prometheus: counters asked for again and again, and what they grew by. Pure but for the asking.
//!
//! k6 counts a request when its answer is known, so what is attempted here is what was settled. Latencies come from native histograms;
//! from the gauges that k6 writes without them no percentile of several runners can be made, so there the sample has none: `queries:`
//! of the game day show such gauges.

use std::collections::BTreeMap;
use std::time::Duration;

use super::course::Course;
use crate::exercise::found::{Distribution, Found, Labels, Value};
use crate::exercise::histogram::{LatencyHistogram, PackedHistogram};
use crate::exercise::sample::{ErrorCounts, Sample};
use crate::gameday::span::Span;
use crate::port::source::{Ask, Over, Source};
use crate::port::trouble::SourceError;

/// What the counters say at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// Requests, by labels.
    requests: BTreeMap<Labels, f64>,
    /// What could not be sent.
    dropped: BTreeMap<Labels, f64>,
    /// How long they took, in seconds, by bucket.
    took: BTreeMap<Labels, Distribution>,
}

/// Three questions about the runs whose names fit `testid`.
pub fn questions(testid: &str) -> [String; 3] {
    let of = |metric: &str, by: &str| format!("sum by ({by}) ({metric}{{testid=~\"{testid}\"}})");
    [
        of("k6_http_reqs_total", "testid, status, error_code, expected_response"),
        of("k6_dropped_iterations_total", "testid"),
        of("k6_http_req_duration_seconds", "testid"),
    ]
}

/// Asks all three.
///
/// # Errors
/// When the server does not answer.
pub async fn counted(source: &dyn Source, testid: &str, now: i64) -> Result<Counted, SourceError> {
    let [requests, dropped, took] = questions(testid);
    let ask = |query: String| Ask { query, over: Over::At(now) };
    let requests = source.ask(&ask(requests)).await?;
    let dropped = source.ask(&ask(dropped)).await?;
    let took = source.ask(&ask(took)).await?;
    Ok(Counted {
        requests: numbers(&requests),
        dropped: numbers(&dropped),
        took: distributions(&took),
    })
}

fn numbers(found: &Found) -> BTreeMap<Labels, f64> {
    let each = found.tracks.iter().filter_map(|track| match track.last()?.value {
        Value::Number(number) if number.is_finite() && number >= 0.0 => {
            Some((track.labels.clone(), number))
        }
        _ => None,
    });
    each.collect()
}

fn distributions(found: &Found) -> BTreeMap<Labels, Distribution> {
    let each = found.tracks.iter().filter_map(|track| match &track.last()?.value {
        Value::Histogram(spread) => Some((track.labels.clone(), (**spread).clone())),
        _ => None,
    });
    each.collect()
}

impl Counted {
    /// What was counted since `before`, as a sample of the window from `from` to `to`, both since the exercise's origin.
    pub fn since(
        &self,
        before: &Counted,
        course: &Course,
        (origin, from, to): (Duration, Duration, Duration),
    ) -> Sample {
        let mut errors = ErrorCounts::default();
        let mut ok = 0;
        for (labels, grown) in grown(&self.requests, &before.requests) {
            match labels.get("expected_response") {
                Some("true") => ok += grown,
                _ => failed(labels, grown, &mut errors),
            }
        }
        let dropped = grown(&self.dropped, &before.dropped).map(|(_, grown)| grown).sum();
        Sample {
            start: Span::from(from.saturating_sub(origin)),
            length: Span::from(to.saturating_sub(from)),
            planned: course.planned(from, to),
            attempted: ok + errors.total() + dropped,
            dropped,
            ok,
            errors,
            latency: latencies(&self.took, &before.took),
            ..Sample::default()
        }
    }

    /// Nothing gets lost when series vanish: they are kept as they were last.
    pub fn keep(&mut self, before: Counted) {
        for (labels, value) in before.requests {
            self.requests.entry(labels).or_insert(value);
        }
        for (labels, value) in before.dropped {
            self.dropped.entry(labels).or_insert(value);
        }
        for (labels, value) in before.took {
            self.took.entry(labels).or_insert(value);
        }
    }
}

/// By how much each counter grew; one that is smaller than before began anew.
fn grown<'a>(
    now: &'a BTreeMap<Labels, f64>,
    before: &'a BTreeMap<Labels, f64>,
) -> impl Iterator<Item = (&'a Labels, u64)> {
    now.iter().map(|(labels, value)| {
        let was = before.get(labels).copied().unwrap_or(0.0);
        let grown = if *value >= was { value.round() - was.round() } else { value.round() };
        (labels, grown as u64)
    })
}

/// Failures by what k6 says of them: a status, or the code of its error.
fn failed(labels: &Labels, count: u64, errors: &mut ErrorCounts) {
    let number = |name| labels.get(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let kind = match (number("status"), number("error_code")) {
        (500.., _) => &mut errors.server,
        (400.., _) => &mut errors.client,
        (_, 1050 | 1211) => &mut errors.timeout,
        (_, 1100..=1119 | 1200 | 1202 | 1203 | 1210 | 1212 | 1213) => &mut errors.refused,
        (_, 1201 | 1220 | 1221) => &mut errors.reset,
        (_, 1300..=1399) => &mut errors.tls,
        _ => &mut errors.protocol,
    };
    *kind += count;
}

/// How long the requests since `before` took. A bucket counts with its middle.
fn latencies(
    now: &BTreeMap<Labels, Distribution>,
    before: &BTreeMap<Labels, Distribution>,
) -> PackedHistogram {
    let mut histogram = LatencyHistogram::new();
    for (labels, spread) in now {
        let was = before.get(labels);
        for bucket in &spread.buckets {
            let counted = was.and_then(|was| {
                let same = |one: &&crate::exercise::found::Bucket| {
                    (one.lower - bucket.lower).abs() < f64::EPSILON
                        && (one.upper - bucket.upper).abs() < f64::EPSILON
                };
                was.buckets.iter().find(same).map(|one| one.count)
            });
            let grown = (bucket.count - counted.unwrap_or(0.0)).round();
            let micros = (bucket.lower.max(0.0) + bucket.upper.max(0.0)) / 2.0 * 1e6;
            if micros.is_finite() && grown >= 1.0 {
                histogram.record_many(micros as u64, grown as u64);
            }
        }
    }
    PackedHistogram::pack(&histogram)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::found::{Bucket, Dot, Track};
    use crate::gameday::load::RateCurve;

    fn found(of: &[(&[(&str, &str)], Value)]) -> Found {
        let tracks = of.iter().map(|(labels, value)| Track {
            labels: Labels::new(labels.iter().copied()),
            dots: vec![Dot { at: 0, value: value.clone() }],
        });
        Found { tracks: tracks.collect(), ..Found::default() }
    }

    fn state(good: f64, refused: f64, dropped: f64, slow: f64) -> Counted {
        let requests = found(&[
            (&[("testid", "a"), ("status", "200"), ("expected_response", "true")], good.into()),
            (
                &[
                    ("testid", "a"),
                    ("status", "0"),
                    ("error_code", "1212"),
                    ("expected_response", "false"),
                ],
                refused.into(),
            ),
            (
                &[
                    ("testid", "a"),
                    ("status", "503"),
                    ("error_code", "1503"),
                    ("expected_response", "false"),
                ],
                Value::from(2.0),
            ),
        ]);
        let buckets = vec![Bucket { lower: 0.09, upper: 0.11, count: slow }];
        let spread = Distribution { count: slow, sum: slow * 0.1, buckets };
        Counted {
            requests: numbers(&requests),
            dropped: numbers(&found(&[(&[("testid", "a")], dropped.into())])),
            took: distributions(&found(&[(
                &[("testid", "a")],
                Value::Histogram(Box::new(spread)),
            )])),
        }
    }

    #[test]
    fn a_sample_is_what_the_counters_grew_by() {
        let mut course = Course::new(Vec::new());
        course.want(RateCurve::flat(20.0), Duration::ZERO);
        let (first, mut second) = (state(10.0, 0.0, 0.0, 4.0), state(40.0, 3.0, 5.0, 34.0));
        let at = (Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(7));
        let sample = second.since(&first, &course, at);
        assert_eq!((sample.start, sample.length), (Span::from_secs(4), Span::from_secs(2)));
        assert_eq!((sample.ok, sample.errors.refused, sample.errors.server), (30, 3, 0));
        assert_eq!((sample.dropped, sample.attempted, sample.planned), (5, 38, 40.0));
        let latency = sample.latency.unpack();
        assert_eq!(latency.count(), 30);
        assert!((latency.quantile_millis(990).unwrap() - 100.0).abs() < 2.0);
        // A run has ended, and its series with it.
        second.keep(first.clone());
        let mut none = Counted::default();
        none.keep(second.clone());
        let quiet = none.since(&second, &course, at);
        assert_eq!((quiet.attempted, quiet.latency.unpack().count()), (0, 0));
        // The first look counts from nothing.
        assert_eq!(first.since(&Counted::default(), &course, at).ok, 10);
    }

    #[test]
    fn what_is_asked_names_only_the_runs_of_this_exercise() {
        let [requests, ..] = questions("gd-x-load-.*");
        assert_eq!(
            requests,
            "sum by (testid, status, error_code, expected_response) (k6_http_reqs_total{testid=~\"gd-x-load-.*\"})"
        );
    }
}
