//! The clock as a port. The one implementation that reads the machine's clock is `engine::clock`.

use std::time::Duration;

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Time since a fixed origin; never goes back.
    fn monotonic(&self) -> Duration;

    /// Milliseconds since 1970-01-01 UTC.
    fn wall_millis(&self) -> i64;
}
