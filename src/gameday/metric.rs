//! The names of what is measured about the target, and their units. Not the measuring.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share from 0 to 1, shown in percent.
    Share,
    /// Milliseconds.
    Millis,
    /// Per second.
    PerSecond,
    /// A plain number.
    Count,
}

impl Metric {
    /// Every metric that may stand in a file, in the order the help shows them.
    pub const ALL: [Metric; 10] = [
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
    ];

    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Availability | Self::ErrorRate => Unit::Share,
            Self::Throughput | Self::Dropped => Unit::PerSecond,
            Self::LatencyMean | Self::Latency(_) => Unit::Millis,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Availability => f.write_str("availability"),
            Self::ErrorRate => f.write_str("error_rate"),
            Self::Throughput => f.write_str("throughput"),
            Self::Dropped => f.write_str("dropped"),
            Self::LatencyMean => f.write_str("latency_mean"),
            Self::Latency(q) if q % 10 == 0 => write!(f, "latency_p{}", q / 10),
            Self::Latency(q) => write!(f, "latency_p{q}"),
        }
    }
}

impl FromStr for Metric {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|metric| metric.to_string() == text)
            .ok_or_else(|| format!("unknown metric \"{text}\""))
    }
}

impl TryFrom<String> for Metric {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        metric.to_string()
    }
}

impl Unit {
    /// A value of this unit as people read it: `99.95%`, `182ms`, `1,204/s`, `3`.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Share => {
                let percent = value * 100.0;
                if (99.0..100.0).contains(&percent) {
                    format!("{percent:.3}%")
                } else {
                    format!("{percent:.1}%")
                }
            }
            Self::Millis if value >= 10_000.0 => format!("{:.1}s", value / 1_000.0),
            Self::Millis if value >= 100.0 => format!("{value:.0}ms"),
            Self::Millis if value >= 10.0 => format!("{value:.1}ms"),
            Self::Millis => format!("{value:.2}ms"),
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Count => grouped(value),
        }
    }
}

/// A number with thousands separated by commas; decimals only below ten.
pub fn grouped(value: f64) -> String {
    if value.abs() < 10.0 && value.fract() != 0.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("-{out}") } else { out }
}
