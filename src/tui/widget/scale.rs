//! From values to heights: what bottom and top of a chart stand for, linear or logarithmic. Not the choice of them.

/// A scale of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What the bottom stands for.
    pub bottom: f64,
    /// What the top stands for.
    pub top: f64,
    /// Every step up multiplies by the same.
    pub log: bool,
}

impl Scale {
    /// Every step up adds the same.
    pub const fn linear(bottom: f64, top: f64) -> Self {
        Self { bottom, top, log: false }
    }

    /// Every step up multiplies by the same. Both ends are above zero.
    pub const fn log(bottom: f64, top: f64) -> Self {
        Self { bottom, top, log: true }
    }

    /// How high a value stands: 0 at the bottom, 1 at the top.
    pub fn height(&self, value: f64) -> f64 {
        if self.log {
            let (bottom, top) = (self.bottom.log10(), self.top.log10());
            let value = value.max(self.bottom).log10();
            return (value - bottom) / (top - bottom).max(f64::MIN_POSITIVE);
        }
        (value - self.bottom) / (self.top - self.bottom).max(f64::MIN_POSITIVE)
    }
}

/// The next of 1, 2, 2.5, 5, 10… at or above a value: ends of scales move in few steps.
pub fn round_up(value: f64) -> f64 {
    let power = power_below(value);
    // What is a step but for floating point is that step.
    let reached = |step: &f64| *step * power * (1.0 + 1e-9) >= value;
    [1.0, 2.0, 2.5, 5.0].into_iter().find(reached).map_or(power * 10.0, |step| step * power)
}

/// The power of ten at or below a value above zero; of anything else, one.
pub fn power_below(value: f64) -> f64 {
    if value > 0.0 && value.is_finite() { 10_f64.powf(value.log10().floor()) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_rise_evenly_or_by_powers() {
        let linear = Scale::linear(0.0, 500.0);
        assert_eq!([0.0, 250.0, 500.0].map(|value| linear.height(value)), [0.0, 0.5, 1.0]);
        let log = Scale::log(10.0, 1_000.0);
        for (value, want) in [(10.0, 0.0), (100.0, 0.5), (1_000.0, 1.0), (0.0, 0.0)] {
            assert!((log.height(value) - want).abs() < 1e-9, "{value}");
        }
        assert_eq!(Scale::linear(1.0, 1.0).height(1.0), 0.0);
    }

    #[test]
    fn ends_are_round() {
        for (value, want) in [
            (250.0, 250.0),
            (251.0, 500.0),
            (200.0, 200.0),
            (201.0, 250.0),
            (501.0, 1_000.0),
            (0.004, 0.005),
            (0.002_499_999_999_999_999, 0.002_5),
            (1.0, 1.0),
            (0.0, 1.0),
        ] {
            let found = round_up(value);
            assert!((found - want).abs() < want * 1e-9, "{value}: {found}");
        }
        assert_eq!(power_below(2_400.0), 1_000.0);
    }
}
