//! The time as this pod sees it: the machine's, moved by the faults that stand. Not the clock that durations are measured
//! with: that one goes right.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lab::channel::Effect;
use crate::lab::handshake::Now;
use crate::lab::lock::lock;
use crate::port::clock::Clock;

/// One fault of the clock.
struct Shift {
    key: String,
    since: Duration,
    offset_millis: i64,
    drift: f64,
}

/// The pod's own clock.
pub(super) struct Wall {
    clock: Arc<dyn Clock>,
    wrong: AtomicBool,
    shifts: Mutex<Vec<Shift>>,
}

impl Wall {
    /// It goes right.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, wrong: AtomicBool::new(false), shifts: Mutex::default() }
    }

    /// Milliseconds since 1970, as the pod believes.
    pub(super) fn now(&self) -> i64 {
        let right = self.clock.wall_millis();
        if !self.wrong.load(Ordering::Relaxed) {
            return right;
        }
        let now = self.clock.monotonic();
        let shift = |shift: &Shift| {
            let passed = now.saturating_sub(shift.since).as_secs_f64();
            shift.offset_millis.saturating_add((passed * shift.drift * 1_000.0) as i64)
        };
        lock(&self.shifts).iter().map(shift).fold(right, i64::saturating_add)
    }

    /// Exactly these faults stand from now on; those that stood before go on.
    pub(super) fn settle(&self, standing: &[(String, Effect)]) {
        let mut shifts = lock(&self.shifts);
        shifts.retain(|shift| standing.iter().any(|(key, _)| *key == shift.key));
        for (key, effect) in standing {
            if let Effect::Clock { offset_millis, drift } = *effect
                && !shifts.iter().any(|shift| shift.key == *key)
            {
                let since = self.clock.monotonic();
                shifts.push(Shift { key: key.clone(), since, offset_millis, drift });
            }
        }
        self.wrong.store(!shifts.is_empty(), Ordering::Relaxed);
    }
}

impl Now for Wall {
    fn wall_millis(&self) -> i64 {
        self.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Set(Mutex<(u64, i64)>);

    impl Clock for Set {
        fn monotonic(&self) -> Duration {
            Duration::from_secs(lock(&self.0).0)
        }

        fn wall_millis(&self) -> i64 {
            lock(&self.0).1
        }
    }

    #[test]
    fn the_clock_jumps_drifts_and_is_right_again() {
        let set = Arc::new(Set(Mutex::new((10, 1_000_000))));
        let wall = Wall::new(set.clone());
        assert_eq!(wall.now(), 1_000_000);
        let effect = |offset_millis, drift| Effect::Clock { offset_millis, drift };
        let jump = ("jump".to_owned(), effect(-60_000, 0.0));
        let drift = ("drift".to_owned(), effect(0, 0.5));
        wall.settle(std::slice::from_ref(&jump));
        assert_eq!(wall.now(), 940_000);
        wall.settle(&[jump, drift.clone()]);
        *lock(&set.0) = (14, 1_004_000);
        assert_eq!(wall.now(), 1_004_000 - 60_000 + 2_000);
        wall.settle(&[drift]);
        assert_eq!(wall.now(), 1_006_000, "the drift goes on from where it began");
        wall.settle(&[]);
        assert_eq!(wall.now(), 1_004_000);
    }
}
