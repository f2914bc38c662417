//! How long to wait before a dead pod is started again. Pure.

use std::time::Duration;

/// The first wait; doubles with every death.
const FIRST: Duration = Duration::from_secs(1);

/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(10);

/// A pod that lived so long starts with the first wait again.
const FORGIVEN_AFTER: Duration = Duration::from_secs(20);

/// The waits of one pod.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    deaths: u32,
}

impl Backoff {
    /// The wait after a death that followed a life of so long.
    pub(super) fn after(&mut self, lived: Duration) -> Duration {
        if lived >= FORGIVEN_AFTER {
            self.deaths = 0;
        }
        let wait = FIRST * 2_u32.pow(self.deaths.min(8));
        self.deaths += 1;
        wait.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_a_long_life_forgives() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = [1, 1, 1, 1, 1, 1, 20, 19, 19]
            .map(|lived| backoff.after(Duration::from_secs(lived)).as_secs())
            .into();
        assert_eq!(waits, [1, 2, 4, 8, 10, 10, 1, 2, 4]);
    }
}
