//! Whether values over time go anywhere. Not where they come from.
//!
//! How much: the median of the slopes between every two values (Theil–Sen). One odd exercise hardly moves it.
//!
//! Whether at all: Kendall's S counts, over every two values, how often the later is larger less how often it is smaller
//! (the Mann–Kendall test). By chance S lies around 0 with the variance `(n(n−1)(2n+5) − Σ t(t−1)(2t+5)) ÷ 18`, `t` being the
//! size of each group of equal values. `z = (|S| − 1) ÷ √variance` of [`BEYOND_CHANCE`] or more happens by chance in one
//! case of ten. With three values nothing can reach that: fewer than [`FEWEST`] have no trend.

use super::model::Trend;
use crate::report::compare::change::Noise;
use crate::report::compare::model::{Cell, Figure};

/// Fewer values show nothing.
pub const FEWEST: usize = 4;
/// From here on it is no chance: two-sided, one of ten.
pub const BEYOND_CHANCE: f64 = 1.645;

/// Where `values`, in order of time, go.
pub(super) fn trend(values: &[f64], noise: Noise, better: &'static str) -> Trend {
    let few = Trend {
        exercises: values.len(),
        slope: None,
        by: None,
        z: None,
        answer: "too few",
        why: None,
    };
    if values.len() < FEWEST {
        return few;
    }
    let Some(slope) = slope(values) else { return few };
    let by = slope * (values.len() - 1) as f64;
    let z = beyond_chance(values);
    let (answer, why) = if within_noise(values, by, noise) {
        ("no trend", Some("noise"))
    } else if z < BEYOND_CHANCE {
        ("no trend", Some("chance"))
    } else if (by > 0.0) == (better == "higher") {
        ("better", None)
    } else {
        ("worse", None)
    };
    Trend { slope: Some(slope), by: Some(by), z: Some(z), answer, why, ..few }
}

/// Every two values, the earlier first, with their distance.
fn pairs(values: &[f64]) -> impl Iterator<Item = (f64, f64, usize)> + '_ {
    values.iter().enumerate().flat_map(move |(at, early)| {
        values.iter().enumerate().skip(at + 1).map(move |(then, late)| (*early, *late, then - at))
    })
}

fn slope(values: &[f64]) -> Option<f64> {
    median(pairs(values).map(|(early, late, apart)| (late - early) / apart as f64).collect())
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some((upper + values.get(middle.checked_sub(1)?)?) / 2.0)
}

fn beyond_chance(values: &[f64]) -> f64 {
    let s: f64 = pairs(values)
        .map(|(early, late, _)| match late.total_cmp(&early) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Less => -1.0,
        })
        .sum();
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let ties: f64 = sorted.chunk_by(|a, b| a == b).map(|same| term(same.len() as f64)).sum();
    let variance = (term(values.len() as f64) - ties) / 18.0;
    if variance > 0.0 { (s.abs() - 1.0).max(0.0) / variance.sqrt() } else { 0.0 }
}

/// Whether the line through the middle of the values rises or falls by no more than noise.
fn within_noise(values: &[f64], by: f64, noise: Noise) -> bool {
    let Some(middle) = median(values.to_vec()) else { return true };
    let cell = |value: f64| Cell { value: Some(Figure::Real(value)), ..Cell::default() };
    let (first, last) = (cell(middle - by / 2.0), cell(middle + by / 2.0));
    by.abs() <= noise.within(&first, &last) * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_worked_out_by_hand() {
        // Slopes −20, −15, −20, −10, −20, −30: the median of them is −20. S is −6 of 6, its variance 4 × 3 × 13 ÷ 18.
        let found = trend(&[90e3, 70e3, 60e3, 30e3], Noise::Length, "lower");
        assert_eq!((found.slope, found.by), (Some(-20e3), Some(-60e3)));
        assert!((found.z.unwrap() - 5.0 / (156.0_f64 / 18.0).sqrt()).abs() < 1e-12);
        assert_eq!((found.answer, found.why), ("better", None));
        // One pair is equal: 2 × 1 × 9 less.
        let found = trend(&[0.0, 1.0, 1.0, 2.0], Noise::Count, "lower");
        assert!((found.z.unwrap() - 4.0 / (138.0_f64 / 18.0).sqrt()).abs() < 1e-12);
        assert_eq!((found.answer, found.why), ("no trend", Some("chance")));
    }

    #[test]
    fn only_what_is_beyond_noise_and_chance_is_a_trend() {
        for (values, noise, better, answer, why) in [
            (&[][..], Noise::Length, "lower", "too few", None),
            (&[90e3, 60e3, 30e3], Noise::Length, "lower", "too few", None),
            // By 4.5 s in all.
            (&[24.5e3, 23e3, 21.5e3, 20e3], Noise::Length, "lower", "no trend", Some("noise")),
            (&[90e3, 30e3, 95e3, 20e3], Noise::Length, "lower", "no trend", Some("chance")),
            (&[30e3, 60e3, 70e3, 95e3], Noise::Length, "lower", "worse", None),
            // One odd value among many does not hide where they go.
            (&[90e3, 80e3, 300e3, 60e3, 50e3, 40e3, 30e3], Noise::Length, "lower", "better", None),
            (&[0.0, 0.0, 0.0, 0.0], Noise::Count, "lower", "no trend", Some("noise")),
            (&[0.25, 0.5, 0.75, 1.0], Noise::Budget, "higher", "better", None),
        ] {
            let found = trend(values, noise, better);
            assert_eq!((found.answer, found.why), (answer, why), "{values:?}: {found:?}");
            assert_eq!(found.exercises, values.len());
        }
    }
}
