//! Which requests the gateway turns away: those without a session beyond an allowance, and a share when told to. Pure:
//! time is passed in.

use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// So many requests a second; what is not used is kept for a second.
#[derive(Debug)]
pub(super) struct Allowance {
    per_second: f64,
    left: Mutex<(Duration, f64)>,
}

impl Allowance {
    /// A full one.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, left: Mutex::new((Duration::ZERO, per_second)) }
    }

    /// Whether one more request may pass at `now`.
    pub(super) fn take(&self, now: Duration) -> bool {
        let (last, left) = &mut *lock(&self.left);
        let gained = now.saturating_sub(*last).as_secs_f64() * self.per_second;
        *left = (*left + gained).min(self.per_second);
        *last = now.max(*last);
        let allowed = *left >= 1.0;
        if allowed {
            *left -= 1.0;
        }
        allowed
    }
}

/// Picks a share of requests, evenly.
#[derive(Debug, Default)]
pub(super) struct Shedding(Mutex<(f64, f64)>);

impl Shedding {
    /// Picks this share from now on, 0 to 1.
    pub(super) fn set(&self, share: f64) {
        *lock(&self.0) = (share.clamp(0.0, 1.0), 0.0);
    }

    /// Whether the next request is one of them.
    pub(super) fn picks(&self) -> bool {
        let (share, owed) = &mut *lock(&self.0);
        *owed += *share;
        let picked = *owed >= 1.0 - 1e-9;
        if picked {
            *owed -= 1.0;
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_used_is_kept_for_a_second_and_no_longer() {
        let at = Duration::from_millis;
        let allowance = Allowance::new(20);
        let taken = |now| (0..100).filter(|_| allowance.take(at(now))).count();
        assert_eq!(taken(0), 20);
        assert_eq!(taken(100), 2);
        assert_eq!(taken(90), 0, "a clock that stands still gives nothing");
        assert_eq!(taken(600), 10);
        assert_eq!(taken(60_000), 20);
    }

    #[test]
    fn a_share_is_picked_evenly() {
        for (share, expected) in [(0.0, 0), (0.25, 250), (0.3, 300), (1.0, 1_000), (7.0, 1_000)] {
            let shedding = Shedding::default();
            shedding.set(share);
            let picks: Vec<bool> = (0..1_000).map(|_| shedding.picks()).collect();
            assert_eq!(picks.iter().filter(|one| **one).count(), expected, "{share}");
            let first = picks.iter().take(100).filter(|one| **one).count();
            assert_eq!(first, expected / 10, "{share}");
        }
    }
}
