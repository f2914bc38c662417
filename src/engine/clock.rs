//! The machine's clock: the only place that reads it.

use std::time::{Duration, Instant, SystemTime};

use crate::port::clock::Clock;

/// What the clock shows when it begins: far from zero, so that a recording's time may have begun before.
const FIRST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// The machine's clock.
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time begins now, ten years after its zero.
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
        FIRST + Instant::now().duration_since(self.origin)
    }

    #[expect(clippy::disallowed_methods, reason = "the one implementation of the clock port")]
    fn wall_millis(&self) -> i64 {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
