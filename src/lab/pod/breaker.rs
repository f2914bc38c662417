//! A circuit breaker: after failures in a row nothing is sent for a while, then one trial. Pure: time is passed in.

use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// How many failures in a row open it.
const THRESHOLD: u32 = 5;

/// How long it stays open before a trial.
const OPEN_FOR: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { since: Duration },
    HalfOpen { trial: Duration },
}

/// What became visible by asking or telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// 0 closed, 1 half-open, 2 open.
    pub state: i64,
    /// How often it opened.
    pub opened: u64,
}

/// A circuit breaker for one upstream.
#[derive(Debug)]
pub(super) struct Breaker {
    inner: Mutex<(State, u64)>,
}

impl Breaker {
    /// Closed.
    pub(super) const fn new() -> Self {
        Self { inner: Mutex::new((State::Closed { failures: 0 }, 0)) }
    }

    fn with<T>(&self, f: impl FnOnce(&mut State, &mut u64) -> T) -> T {
        let mut inner = lock(&self.inner);
        let (state, opened) = &mut *inner;
        f(state, opened)
    }

    /// Whether a request may be sent at `now`. A `true` out of the open state is the one trial.
    pub(super) fn allow(&self, now: Duration) -> bool {
        self.with(|state, _| match *state {
            State::Closed { .. } => true,
            State::Open { since } | State::HalfOpen { trial: since } => {
                // A trial whose outcome was never told (its caller went away) does not block for ever.
                let free = now >= since + OPEN_FOR;
                if free {
                    *state = State::HalfOpen { trial: now };
                }
                free
            }
        })
    }

    /// Whether [`Breaker::allow`] would say yes, without taking the trial.
    pub(super) fn would_allow(&self, now: Duration) -> bool {
        self.with(|state, _| match *state {
            State::Closed { .. } => true,
            State::Open { since } | State::HalfOpen { trial: since } => now >= since + OPEN_FOR,
        })
    }

    /// A request went well.
    pub(super) fn success(&self) {
        self.with(|state, _| *state = State::Closed { failures: 0 });
    }

    /// A request failed.
    pub(super) fn failure(&self, now: Duration) {
        self.with(|state, opened| match *state {
            State::Closed { failures } if failures + 1 < THRESHOLD => {
                *state = State::Closed { failures: failures + 1 };
            }
            State::Closed { .. } | State::HalfOpen { .. } => {
                *state = State::Open { since: now };
                *opened += 1;
            }
            State::Open { .. } => {}
        });
    }

    /// For metrics.
    pub(super) fn view(&self) -> View {
        self.with(|state, opened| View {
            state: match state {
                State::Closed { .. } => 0,
                State::HalfOpen { .. } => 1,
                State::Open { .. } => 2,
            },
            opened: *opened,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_failures_in_a_row_lets_one_trial_through_and_closes() {
        let at = Duration::from_millis;
        let breaker = Breaker::new();
        for _ in 0..THRESHOLD - 1 {
            breaker.failure(at(0));
        }
        breaker.success();
        for _ in 0..THRESHOLD - 1 {
            breaker.failure(at(0));
        }
        assert!(breaker.allow(at(0)), "a success in between starts the count again");
        breaker.failure(at(0));
        assert_eq!(breaker.view(), View { state: 2, opened: 1 });
        assert!(!breaker.allow(at(999)));
        assert!(breaker.would_allow(at(1_000)), "looking takes no trial");
        assert!(breaker.allow(at(1_000)));
        assert!(!breaker.allow(at(1_001)), "one trial only");
        breaker.failure(at(1_100));
        assert_eq!(breaker.view(), View { state: 2, opened: 2 });
        assert!(breaker.allow(at(2_100)));
        breaker.success();
        assert_eq!(breaker.view(), View { state: 0, opened: 2 });
    }
}
