//! The names of what is measured about the target, and their units. Not the measuring.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::instrument::Instrument;

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

    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Availability | Self::ErrorRate | Self::CacheHitRate => Unit::Share,
            Self::Throughput | Self::Dropped => Unit::PerSecond,
            Self::LatencyMean | Self::Latency(_) => Unit::Millis,
            Self::Failures => Unit::Count,
            Self::Inside(instrument) => instrument.unit(),
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
            Self::Failures => f.write_str("failures"),
            Self::CacheHitRate => f.write_str("cache_hit_rate"),
            Self::Inside(instrument) => f.write_str(instrument.name()),
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
        text.parse()
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        metric.to_string()
    }
}

impl Unit {
    /// A value of this unit as people read it: `99.95%`, `182ms`, `1,204/s`, `3`. A share is never rounded up to
    /// all nor down to nothing: `100%` and `0%` are exactly that.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Share => percent(value * 100.0),
            Self::Millis if value >= 10_000.0 => format!("{:.1}s", value / 1_000.0),
            Self::Millis if value >= 100.0 => format!("{value:.0}ms"),
            Self::Millis if value >= 10.0 => format!("{value:.1}ms"),
            Self::Millis => format!("{value:.2}ms"),
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Count => grouped(value),
        }
    }
}

/// At most three decimals, and none that say nothing; one decimal where the share is neither nearly all nor nearly
/// nothing and needs more than three.
fn percent(percent: f64) -> String {
    let thousandths = percent * 1_000.0;
    // A share that is written with so many decimals, but for what floating point makes of it.
    let exact = (thousandths - thousandths.round()).abs() < 1e-6;
    let shown = match percent.abs() {
        _ if exact => thousandths.round() / 1_000.0,
        size if size < 0.001 => return format!("{}<0.001%", if percent < 0.0 { "-" } else { "" }),
        size if size < 1.0 => thousandths.round() / 1_000.0,
        size if (99.0..100.0).contains(&size) => thousandths.trunc() / 1_000.0,
        _ => (percent * 10.0).round() / 10.0,
    };
    // No minus before nothing.
    format!("{}%", shown + 0.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_decimals_that_say_something() {
        for (share, shown) in [
            (1.0, "100%"),
            (0.999, "99.9%"),
            (0.9995, "99.95%"),
            (0.999_97, "99.997%"),
            (0.999_996, "99.999%"),
            (0.999_999_999, "99.999%"),
            (146_500.0 / 147_000.0, "99.659%"),
            (0.99, "99%"),
            (0.5, "50%"),
            (2.0 / 3.0, "66.7%"),
            (0.281_25, "28.125%"),
            (0.001, "0.1%"),
            (1.0 / 1_500.0, "0.067%"),
            (1.0 / 3_000_000.0, "<0.001%"),
            (0.0, "0%"),
            (-0.0, "0%"),
            (-0.001, "-0.1%"),
            (1.998, "199.8%"),
        ] {
            assert_eq!(Unit::Share.show(share), shown, "{share}");
        }
        // What a file can say with three decimals is shown as it was written, whatever floating point makes of it.
        for thousandths in 0..=100_000_u32 {
            let share = f64::from(thousandths) / 100_000.0;
            let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
            let wanted = format!("{}%", text.trim_end_matches('0').trim_end_matches('.'));
            assert_eq!(Unit::Share.show(share), wanted);
        }
    }

    #[test]
    fn times_and_rates_read_well() {
        for (unit, value, shown) in [
            (Unit::Millis, 0.83, "0.83ms"),
            (Unit::Millis, 10.0, "10.0ms"),
            (Unit::Millis, 182.4, "182ms"),
            (Unit::Millis, 12_345.0, "12.3s"),
            (Unit::PerSecond, 10_004.4, "10,004/s"),
            (Unit::PerSecond, 0.5, "0.5/s"),
            (Unit::Count, 3.0, "3"),
        ] {
            assert_eq!(unit.show(value), shown);
        }
    }
}
