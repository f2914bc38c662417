//! The beat in which something is looked at again.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

/// Between two looks.
const PULSE: Duration = Duration::from_millis(300);

/// Beats while something is waited for.
pub(super) fn pulse() -> Interval {
    let mut pulse = interval(PULSE);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pulse
}
