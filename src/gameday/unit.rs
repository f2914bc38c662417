//! Units of what is measured, and values in them as people read them. Not what is measured.

use serde::{Deserialize, Serialize};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
