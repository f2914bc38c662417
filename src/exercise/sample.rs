//! What customers felt in one second. Not how it was measured.

use serde::{Deserialize, Serialize};

use super::histogram::PackedHistogram;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// One window of the load generator, normally one second.
///
/// `planned`, `attempted` and `dropped` count by intended send time. `ok`, `errors` and `latency` count
/// by the instant the outcome was known; latency is from the intended send time to the last byte.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Start of the window since the recording began.
    pub start: Span,
    /// Its length.
    pub length: Span,
    /// Requests the plan asked for.
    pub planned: f64,
    /// Requests that fell due: sent and dropped together.
    pub attempted: u64,
    /// Requests that fell due and could not be sent.
    pub dropped: u64,
    /// Successful responses (2xx, 3xx).
    pub ok: u64,
    /// Failures by kind.
    pub errors: ErrorCounts,
    /// Latencies of everything that ended in this window, failures included.
    pub latency: PackedHistogram,
    /// The generator's own lag behind the intended send time: median, in microseconds.
    pub lag_p50_us: u64,
    /// The same: 99th percentile.
    pub lag_p99_us: u64,
    /// Requests under way at the end of the window.
    pub in_flight: u64,
}

/// Failures by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorCounts {
    /// No connection: refused or unreachable.
    pub refused: u64,
    /// The connection broke.
    pub reset: u64,
    /// No answer in time.
    pub timeout: u64,
    /// TLS failed.
    pub tls: u64,
    /// The answer was not HTTP, or was cut off.
    pub protocol: u64,
    /// 4xx.
    pub client: u64,
    /// 5xx.
    pub server: u64,
}

impl ErrorCounts {
    /// All failures together.
    pub const fn total(&self) -> u64 {
        self.refused
            + self.reset
            + self.timeout
            + self.tls
            + self.protocol
            + self.client
            + self.server
    }

    /// Adds `other` to these.
    pub const fn add(&mut self, other: &ErrorCounts) {
        self.refused += other.refused;
        self.reset += other.reset;
        self.timeout += other.timeout;
        self.tls += other.tls;
        self.protocol += other.protocol;
        self.client += other.client;
        self.server += other.server;
    }

    /// Every kind with its name, in a fixed order.
    pub const fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("refused", self.refused),
            ("reset", self.reset),
            ("timeout", self.timeout),
            ("tls", self.tls),
            ("protocol", self.protocol),
            ("4xx", self.client),
            ("5xx", self.server),
        ]
    }
}

impl Sample {
    /// Attempts whose outcome became known in this window.
    pub const fn settled(&self) -> u64 {
        self.ok + self.errors.total() + self.dropped
    }

    /// The value of `metric` in this window; `None` where there was no traffic: no data is not zero.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        let seconds = self.length.as_secs_f64();
        match metric {
            Metric::Availability => ratio(self.ok, self.settled()),
            Metric::ErrorRate => ratio(self.settled() - self.ok, self.settled()),
            Metric::Throughput => (seconds > 0.0).then(|| self.ok as f64 / seconds),
            Metric::Dropped => (seconds > 0.0).then(|| self.dropped as f64 / seconds),
            Metric::Failures => Some((self.settled() - self.ok) as f64),
            // Not seen from outside.
            Metric::CacheHitRate | Metric::Inside(_) | Metric::Asked(_) => None,
            Metric::LatencyMean => self.latency.unpack().mean_millis(),
            Metric::Latency(thousandths) => self.latency.unpack().quantile_millis(thousandths),
        }
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
