//! Which requests the gateway turns away: those without a session beyond an allowance, and a share when told to. Pure:
//! time is passed in.

use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// What is not used is kept for so long. Not longer: a burst of what was saved up over a second would be a flood itself.
const KEPT: Duration = Duration::from_millis(250);

/// So long after the last one that was turned away more still ask than may.
const STRAIN: Duration = Duration::from_secs(1);

/// So many requests a second; what is not used is kept for a moment.
#[derive(Debug)]
pub(super) struct Allowance {
    per_second: f64,
    state: Mutex<Account>,
}

#[derive(Debug)]
struct Account {
    counted: Duration,
    left: f64,
    turned_away: Option<Duration>,
}

impl Allowance {
    /// A full one.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        let left = per_second * KEPT.as_secs_f64();
        let state = Mutex::new(Account { counted: Duration::ZERO, left, turned_away: None });
        Self { per_second, state }
    }

    /// Whether one more request may pass at `now`.
    pub(super) fn take(&self, now: Duration) -> bool {
        let account = &mut *lock(&self.state);
        let gained = now.saturating_sub(account.counted).as_secs_f64() * self.per_second;
        account.left = (account.left + gained).min(self.per_second * KEPT.as_secs_f64());
        account.counted = now.max(account.counted);
        let allowed = account.left >= 1.0;
        if allowed {
            account.left -= 1.0;
        } else {
            account.turned_away = Some(now);
        }
        allowed
    }

    /// Whether more ask than may, at `now`.
    pub(super) fn is_strained(&self, now: Duration) -> bool {
        lock(&self.state).turned_away.is_some_and(|last| now.saturating_sub(last) < STRAIN)
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
    fn what_is_not_used_is_kept_for_a_moment_and_no_longer() {
        let at = Duration::from_millis;
        let allowance = Allowance::new(20);
        let taken = |now| (0..100).filter(|_| allowance.take(at(now))).count();
        assert!(!allowance.is_strained(at(0)));
        assert_eq!(taken(0), 5);
        assert_eq!(taken(100), 2);
        assert_eq!(taken(90), 0, "a clock that stands still gives nothing");
        assert_eq!(taken(300), 4);
        assert!(allowance.is_strained(at(1_299)) && !allowance.is_strained(at(1_300)));
        assert_eq!(taken(60_000), 5);
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
