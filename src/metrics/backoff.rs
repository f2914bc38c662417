//! How long to leave somebody alone who is in trouble: longer each time, and never two alike. Pure; chance is passed in.

use oorandom::Rand32;

use crate::gameday::span::Span;

/// Between which bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// The first wait; doubles each time.
    pub first: Span,
    /// No wait is longer.
    pub longest: Span,
}

impl Waits {
    /// The wait after so many failures in a row: between half of it and the whole, so that many who failed together do not
    /// come back together.
    pub(super) fn after(self, failures: u32, chance: &mut Rand32) -> Span {
        let doubled = 2_f64.powi(i32::try_from(failures.saturating_sub(1).min(40)).unwrap_or(40));
        let whole = self.first.scaled(doubled).min(self.longest);
        whole.scaled(0.5 + f64::from(chance.rand_float()) / 2.0)
    }

    /// A wait that somebody asked for, and a little more.
    pub(super) fn granted(wait: Span, chance: &mut Rand32) -> Span {
        wait.scaled(1.0 + f64::from(chance.rand_float()) / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_bounds_and_differ() {
        let waits = Waits { first: Span::from_secs(1), longest: Span::from_secs(60) };
        let mut chance = Rand32::new(7);
        for (failures, whole) in
            [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (u32::MAX, 60)]
        {
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..50 {
                let wait = waits.after(failures, &mut chance);
                assert!(wait >= Span::from_millis(whole * 500), "{failures}: {wait}");
                assert!(wait <= Span::from_secs(whole), "{failures}: {wait}");
                seen.insert(wait);
            }
            assert!(seen.len() > 30);
        }
        let granted = Waits::granted(Span::from_secs(10), &mut chance);
        assert!((Span::from_secs(10)..=Span::from_secs(11)).contains(&granted), "{granted}");
        let same = [Rand32::new(3), Rand32::new(3)].map(|mut chance| waits.after(3, &mut chance));
        assert_eq!(same[0], same[1]);
    }
}
