//! The names of what is measured about the target, and their units. Not the measuring.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::instrument::{Instrument, Kind};
use super::query::Query;

pub use super::unit::{Unit, grouped};

/// A series that customers feel, one value a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Metric {
    /// Successful ÷ attempted requests (dropped ones are attempted), 0 to 1.
    Availability,
    /// 1 − availability.
    ErrorRate,
    /// Successful responses per second.
    Throughput,
    /// Requests per second that could not be sent.
    Dropped,
    /// Mean latency from the intended send time, in milliseconds.
    LatencyMean,
    /// A latency quantile in thousandths (990 is p99, 999 is p99.9), in milliseconds.
    Latency(u16),
    /// Failed answers and what could not be sent.
    Failures,
    /// Found ÷ asked of the cache, 0 to 1.
    CacheHitRate,
    /// What an instrument inside the target says.
    Inside(Instrument),
    /// What a source of metrics answers to a query.
    Asked(Query),
}

impl Metric {
    /// Those that customers feel, and the share of the cache.
    pub const BASE: [Metric; 12] = [
        Metric::Availability,
        Metric::ErrorRate,
        Metric::Throughput,
        Metric::Dropped,
        Metric::LatencyMean,
        Metric::Latency(500),
        Metric::Latency(900),
        Metric::Latency(950),
        Metric::Latency(990),
        Metric::Latency(999),
        Metric::Failures,
        Metric::CacheHitRate,
    ];

    /// Every metric that may stand in a file, in the order the help shows them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::BASE.into_iter().chain(Instrument::ALL.into_iter().map(Self::Inside))
    }

    /// Whether it is read, from inside the target or from a source of metrics, and not felt by our own customers.
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::CacheHitRate | Self::Inside(_) | Self::Asked(_))
    }

    /// Whether it is a state of each second, which has no sum.
    pub const fn is_state(self) -> bool {
        match self {
            Self::Inside(instrument) => matches!(instrument.kind(), Kind::Gauge),
            Self::Asked(_) => true,
            _ => false,
        }
    }

    /// Whether its values are counted and add up.
    pub const fn is_count(self) -> bool {
        match self {
            Self::Failures => true,
            Self::Inside(instrument) => matches!(instrument.kind(), Kind::Counter),
            _ => false,
        }
    }

    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Availability | Self::ErrorRate | Self::CacheHitRate => Unit::Share,
            Self::Throughput | Self::Dropped => Unit::PerSecond,
            Self::LatencyMean | Self::Latency(_) => Unit::Millis,
            Self::Failures => Unit::Count,
            Self::Inside(instrument) => instrument.unit(),
            Self::Asked(query) => query.unit(),
        }
    }
}

/// How a query begins where a metric is written down, which has no other way to say its unit.
const ASKED: &str = "asked:";

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Availability => f.write_str("availability"),
            Self::ErrorRate => f.write_str("error_rate"),
            Self::Throughput => f.write_str("throughput"),
            Self::Dropped => f.write_str("dropped"),
            Self::LatencyMean => f.write_str("latency_mean"),
            Self::Failures => f.write_str("failures"),
            Self::CacheHitRate => f.write_str("cache_hit_rate"),
            Self::Inside(instrument) => f.write_str(instrument.name()),
            Self::Asked(query) => f.write_str(query.name()),
            Self::Latency(q) if q % 10 == 0 => write!(f, "latency_p{}", q / 10),
            Self::Latency(q) => write!(f, "latency_p{q}"),
        }
    }
}

impl FromStr for Metric {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::all()
            .find(|metric| metric.to_string() == text)
            .ok_or_else(|| format!("unknown metric \"{text}\""))
    }
}

impl TryFrom<String> for Metric {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.strip_prefix(ASKED) {
            Some(query) => query.parse().map(Self::Asked),
            None => text.parse(),
        }
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::Asked(query) => format!("{ASKED}{query}"),
            other => other.to_string(),
        }
    }
}
