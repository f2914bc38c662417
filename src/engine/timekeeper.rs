//! Turns the clock into stamps of one exercise.

use std::sync::Arc;
use std::time::Duration;

use crate::exercise::stamp::Stamp;
use crate::gameday::span::Span;
use crate::port::clock::Clock;

/// Knows when the recording began. Wall time follows the monotonic clock from there, so that a step of the
/// machine's wall clock cannot reorder a recording.
#[derive(Clone)]
pub(super) struct Timekeeper {
    clock: Arc<dyn Clock>,
    origin: Duration,
    began: i64,
}

impl Timekeeper {
    /// Time counts from now on; `began` is what the wall clock says now.
    pub(super) fn begin(clock: Arc<dyn Clock>, began: i64) -> Self {
        let origin = clock.monotonic();
        Self { clock, origin, began }
    }

    /// Time goes on in a recording that began at `began` on the wall clock, and never before `least` of it.
    pub(super) fn go_on(clock: Arc<dyn Clock>, began: i64, least: Span) -> Self {
        let since = u64::try_from(clock.wall_millis().saturating_sub(began)).unwrap_or_default();
        let since = Span::from_millis(since).max(least);
        let origin = clock.monotonic().saturating_sub(since.into());
        Self { clock, origin, began }
    }

    /// Now.
    pub(super) fn now(&self) -> Stamp {
        let elapsed = Span::from(self.clock.monotonic().saturating_sub(self.origin));
        let wall = self.began.saturating_add_unsigned(elapsed.as_millis());
        Stamp::new(elapsed, wall)
    }

    /// Where the recording's time begins on the clock.
    pub(super) const fn origin(&self) -> Duration {
        self.origin
    }
}
