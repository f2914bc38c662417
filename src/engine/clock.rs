//! The machine's clock: the only place that reads it.

use std::time::{Duration, Instant, SystemTime};

use crate::port::clock::Clock;

/// The machine's clock.
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time begins now.
    #[expect(clippy::disallowed_methods, reason = "the one implementation of the clock port")]
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one implementation of the clock port")]
    fn monotonic(&self) -> Duration {
        Instant::now().duration_since(self.origin)
    }

    #[expect(clippy::disallowed_methods, reason = "the one implementation of the clock port")]
    fn wall_millis(&self) -> i64 {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
