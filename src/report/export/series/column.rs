//! What is exported of every second: names, units, and how to read it. Not how it is written.

use super::figure::figure;
use super::second::Second;
use crate::exercise::sample::Sample;
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::{Metric, Unit};

/// Where the value of a column comes from.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// A metric.
    Metric(Metric),
    /// What the load generator counted.
    Sample(fn(&Sample) -> f64),
    /// Failures of this kind, by its place in `ErrorCounts::named`.
    Failures(usize),
}

/// A column of the table, and a series of OpenMetrics.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the table, with its unit; of what was asked without it.
    pub name: &'static str,
    /// Its family of metrics, in base units.
    pub family: &'static str,
    /// What tells it from others of its family.
    pub label: Option<(&'static str, &'static str)>,
    /// What it is.
    pub help: &'static str,
    /// Where it comes from.
    pub from: From,
}

impl Column {
    /// The value in a second, in the unit of the table; `None`: no data.
    pub fn value(&self, second: &Second<'_>) -> Option<f64> {
        let value = match self.from {
            From::Metric(metric) => second.value(metric),
            From::Sample(of) => second.point.map(|point| of(&point.sample)),
            From::Failures(place) => second.point.and_then(|point| {
                point.sample.errors.named().get(place).map(|(_, count)| *count as f64)
            }),
        };
        value.filter(|value| value.is_finite())
    }

    /// The same in the base unit of its family: seconds for what the table has in milli- and microseconds.
    pub fn base(&self, second: &Second<'_>) -> Option<f64> {
        self.value(second).map(|value| value / self.divisor())
    }

    /// The value as it stands in the table.
    pub fn shown(&self, second: &Second<'_>) -> Option<String> {
        self.value(second).map(|value| figure(value, 1.0))
    }

    /// The same in the base unit.
    pub fn shown_in_base(&self, second: &Second<'_>) -> Option<String> {
        self.base(second).map(|value| figure(value, self.divisor()))
    }

    fn divisor(&self) -> f64 {
        match self.from {
            From::Metric(metric) if metric.unit() == Unit::Millis => 1_000.0,
            From::Sample(_) if self.name.ends_with("_us") => 1_000_000.0,
            _ => 1.0,
        }
    }
}

const fn metric(
    name: &'static str,
    family: &'static str,
    label: Option<(&'static str, &'static str)>,
    metric: Metric,
    help: &'static str,
) -> Column {
    Column { name, family, label, help, from: From::Metric(metric) }
}

const fn sample(
    name: &'static str,
    family: &'static str,
    label: Option<(&'static str, &'static str)>,
    of: fn(&Sample) -> f64,
    help: &'static str,
) -> Column {
    Column { name, family, label, help, from: From::Sample(of) }
}

const fn failures(name: &'static str, kind: &'static str, place: usize) -> Column {
    let help = "Requests that failed in the second, by kind";
    let label = Some(("kind", kind));
    Column { name, family: "gameday_failed_requests", label, help, from: From::Failures(place) }
}

const fn inside(
    name: &'static str,
    family: &'static str,
    instrument: Instrument,
    help: &'static str,
) -> Column {
    metric(name, family, None, Metric::Inside(instrument), help)
}

const LATENCY: &str = "Latency from the intended send time to the last byte, by percentile";
const LAG: &str = "How late the load generator itself was, by percentile";

/// Every column, those of a family beside each other.
pub const COLUMNS: [Column; 48] = [
    sample(
        "planned_requests",
        "gameday_planned_requests",
        None,
        |one| one.planned,
        "Requests that the plan asked for in the second",
    ),
    sample(
        "attempted_requests",
        "gameday_attempted_requests",
        None,
        |one| one.attempted as f64,
        "Requests that fell due in the second",
    ),
    sample(
        "dropped_requests",
        "gameday_dropped_requests",
        None,
        |one| one.dropped as f64,
        "Requests that fell due in the second and could not be sent",
    ),
    sample(
        "ok_requests",
        "gameday_ok_requests",
        None,
        |one| one.ok as f64,
        "Requests that were answered well in the second",
    ),
    failures("failed_requests_refused", "refused", 0),
    failures("failed_requests_reset", "reset", 1),
    failures("failed_requests_timeout", "timeout", 2),
    failures("failed_requests_tls", "tls", 3),
    failures("failed_requests_protocol", "protocol", 4),
    failures("failed_requests_4xx", "4xx", 5),
    failures("failed_requests_5xx", "5xx", 6),
    metric(
        "failures_requests",
        "gameday_failures_requests",
        None,
        Metric::Failures,
        "Requests that failed in the second or could not be sent",
    ),
    sample(
        "in_flight_requests",
        "gameday_in_flight_requests",
        None,
        |one| one.in_flight as f64,
        "Requests under way at the end of the second",
    ),
    metric(
        "availability_ratio",
        "gameday_availability_ratio",
        None,
        Metric::Availability,
        "Answered well of what was attempted",
    ),
    metric(
        "error_rate_ratio",
        "gameday_error_rate_ratio",
        None,
        Metric::ErrorRate,
        "Not answered well of what was attempted",
    ),
    metric(
        "throughput_per_second",
        "gameday_throughput_requests_per_second",
        None,
        Metric::Throughput,
        "Good answers a second",
    ),
    metric(
        "dropped_per_second",
        "gameday_dropped_requests_per_second",
        None,
        Metric::Dropped,
        "Requests a second that could not be sent",
    ),
    metric(
        "latency_mean_ms",
        "gameday_latency_mean_seconds",
        None,
        Metric::LatencyMean,
        "Mean latency from the intended send time to the last byte",
    ),
    metric(
        "latency_p50_ms",
        "gameday_latency_seconds",
        Some(("percentile", "50")),
        Metric::Latency(500),
        LATENCY,
    ),
    metric(
        "latency_p90_ms",
        "gameday_latency_seconds",
        Some(("percentile", "90")),
        Metric::Latency(900),
        LATENCY,
    ),
    metric(
        "latency_p95_ms",
        "gameday_latency_seconds",
        Some(("percentile", "95")),
        Metric::Latency(950),
        LATENCY,
    ),
    metric(
        "latency_p99_ms",
        "gameday_latency_seconds",
        Some(("percentile", "99")),
        Metric::Latency(990),
        LATENCY,
    ),
    metric(
        "latency_p999_ms",
        "gameday_latency_seconds",
        Some(("percentile", "99.9")),
        Metric::Latency(999),
        LATENCY,
    ),
    sample(
        "generator_lag_p50_us",
        "gameday_generator_lag_seconds",
        Some(("percentile", "50")),
        |one| one.lag_p50_us as f64,
        LAG,
    ),
    sample(
        "generator_lag_p99_us",
        "gameday_generator_lag_seconds",
        Some(("percentile", "99")),
        |one| one.lag_p99_us as f64,
        LAG,
    ),
    metric(
        "cache_hit_rate_ratio",
        "gameday_cache_hit_rate_ratio",
        None,
        Metric::CacheHitRate,
        "Found of what was asked of the cache",
    ),
    inside(
        "degraded_answers",
        "gameday_degraded_answers",
        Instrument::Degraded,
        "Answers without the full, fresh page in the second",
    ),
    inside(
        "cache_hits",
        "gameday_cache_hits",
        Instrument::CacheHits,
        "Questions to the cache that found something in the second",
    ),
    inside(
        "cache_misses",
        "gameday_cache_misses",
        Instrument::CacheMisses,
        "Questions to the cache that found nothing in the second",
    ),
    inside(
        "stand_in_answers",
        "gameday_stand_in_answers",
        Instrument::StandIns,
        "Calls answered by a stand-in in the second",
    ),
    inside(
        "retries",
        "gameday_retries",
        Instrument::Retries,
        "Requests sent a second time in the second",
    ),
    inside(
        "breakers_opened",
        "gameday_breakers_opened",
        Instrument::BreakersOpened,
        "Times a circuit breaker opened in the second",
    ),
    inside(
        "auth_failures",
        "gameday_auth_failures",
        Instrument::AuthFailures,
        "Requests refused because who asked could not be known, in the second",
    ),
    inside(
        "cached_auth_requests",
        "gameday_cached_auth_requests",
        Instrument::CachedAuth,
        "Requests let in by a kept token or key in the second",
    ),
    inside(
        "forbidden_requests",
        "gameday_forbidden_requests",
        Instrument::Forbidden,
        "Requests refused because who asked may not do it, in the second",
    ),
    inside(
        "escalations",
        "gameday_escalations",
        Instrument::Escalations,
        "Requests carried out although they were not permitted, in the second",
    ),
    inside(
        "tls_errors",
        "gameday_tls_errors",
        Instrument::TlsErrors,
        "TLS handshakes that failed in the second",
    ),
    inside(
        "renewal_attempts",
        "gameday_renewal_attempts",
        Instrument::RenewalAttempts,
        "Attempts to renew a certificate in the second",
    ),
    inside(
        "rate_limited_requests",
        "gameday_rate_limited_requests",
        Instrument::RateLimited,
        "Requests refused because too many came, in the second",
    ),
    inside(
        "shed_requests",
        "gameday_shed_requests",
        Instrument::Shed,
        "Requests refused to keep the rest alive, in the second",
    ),
    inside(
        "name_errors",
        "gameday_name_errors",
        Instrument::NameErrors,
        "Look-ups of names that failed in the second",
    ),
    inside(
        "failovers",
        "gameday_failovers",
        Instrument::Failovers,
        "Times the replica was promoted in the second",
    ),
    inside(
        "queue_accepted_events",
        "gameday_queue_accepted_events",
        Instrument::QueueAccepted,
        "Events the message queue accepted in the second",
    ),
    inside(
        "queue_handled_events",
        "gameday_queue_handled_events",
        Instrument::QueueHandled,
        "Events taken from the message queue and dealt with in the second",
    ),
    inside(
        "database_connections",
        "gameday_database_connections",
        Instrument::DatabaseConnections,
        "Connections to the databases that are open",
    ),
    inside(
        "queue_depth_events",
        "gameday_queue_depth_events",
        Instrument::QueueDepth,
        "Events waiting, in the queue and on the way to it",
    ),
    inside(
        "replica_lag_ms",
        "gameday_replica_lag_seconds",
        Instrument::ReplicaLag,
        "How far the replica is behind",
    ),
    inside(
        "open_breakers",
        "gameday_open_breakers",
        Instrument::OpenBreakers,
        "Circuit breakers that are open",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::exercise::sample::ErrorCounts;

    #[test]
    fn every_metric_and_every_kind_of_failure_is_a_column() {
        let found: BTreeSet<Metric> = COLUMNS
            .iter()
            .filter_map(|column| match column.from {
                From::Metric(metric) => Some(metric),
                _ => None,
            })
            .collect();
        assert_eq!(found, Metric::all().collect());
        for (place, (kind, _)) in ErrorCounts::default().named().into_iter().enumerate() {
            let column = COLUMNS.iter().find(|one| one.label == Some(("kind", kind))).unwrap();
            assert!(matches!(column.from, From::Failures(at) if at == place), "{kind}");
        }
        let names: BTreeSet<&str> = COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), COLUMNS.len(), "a name stands twice");
    }

    #[test]
    fn what_is_measured_in_milliseconds_is_a_family_of_seconds() {
        for column in COLUMNS {
            let time = column.name.ends_with("_ms") || column.name.ends_with("_us");
            assert_eq!(time, column.family.ends_with("_seconds"), "{}", column.name);
            let share = matches!(column.from, From::Metric(metric) if metric.unit() == Unit::Share);
            assert_eq!(share, column.name.ends_with("_ratio"), "{}", column.name);
            assert_eq!(share, column.family.ends_with("_ratio"), "{}", column.name);
        }
    }
}
