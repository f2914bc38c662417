//! A budget for second tries: a share of the requests of the last seconds, and a few besides. Pure: time is passed in.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// So many seconds back are counted.
const SECONDS: u64 = 5;

/// So many second tries are always allowed in that time.
const FLOOR: u64 = 10;

/// One in so many requests may be sent a second time.
const ONE_IN: u64 = 5;

/// Requests and second tries of one second.
#[derive(Debug)]
struct Second {
    index: u64,
    requests: u64,
    retries: u64,
}

/// The budget of one caller.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<VecDeque<Second>>);

impl Budget {
    /// A request was sent at `now`.
    pub(super) fn request(&self, now: Duration) {
        present(&mut lock(&self.0), now).requests += 1;
    }

    /// Whether a request may be sent a second time at `now`; if so it is counted.
    pub(super) fn retry(&self, now: Duration) -> bool {
        let mut seconds = lock(&self.0);
        present(&mut seconds, now);
        let total = |of: fn(&Second) -> u64| seconds.iter().map(of).sum::<u64>();
        let allowed = total(|one| one.retries) < FLOOR + total(|one| one.requests) / ONE_IN;
        if allowed {
            present(&mut seconds, now).retries += 1;
        }
        allowed
    }
}

fn present(seconds: &mut VecDeque<Second>, now: Duration) -> &mut Second {
    let index = now.as_secs();
    while seconds.front().is_some_and(|one| one.index + SECONDS <= index) {
        seconds.pop_front();
    }
    if seconds.back().is_none_or(|last| last.index < index) {
        seconds.push_back(Second { index, requests: 0, retries: 0 });
    }
    let last = seconds.len() - 1;
    &mut seconds[last]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_last_seconds_requests_and_a_few_besides() {
        let at = Duration::from_millis;
        let granted = |budget: &Budget, now| (0..1_000).filter(|_| budget.retry(at(now))).count();
        let budget = Budget::default();
        assert_eq!(granted(&budget, 0), 10, "without requests");
        for n in 0..100 {
            budget.request(at(1_000 + n * 10));
        }
        assert_eq!(granted(&budget, 2_000), 20, "the ten are used up");
        assert_eq!(granted(&budget, 5_100), 10, "what was five seconds ago is forgotten");
        assert_eq!(granted(&budget, 12_000), 10);
    }
}
