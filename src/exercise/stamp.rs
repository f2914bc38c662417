//! Instants as plain values. Nobody here reads a clock: whoever acts passes the instant in.

use serde::{Deserialize, Serialize};

use crate::gameday::span::Span;

/// An instant of an exercise.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Stamp {
    /// Since the recording began, holds included; never goes back.
    #[serde(rename = "t")]
    pub elapsed: Span,
    /// Milliseconds since 1970-01-01 UTC.
    #[serde(rename = "at")]
    pub wall: i64,
}

impl Stamp {
    /// An instant so long after the recording began, at this wall time.
    pub const fn new(elapsed: Span, wall: i64) -> Self {
        Self { elapsed, wall }
    }

    /// The earlier instant at this wall time; what was before the recording began was at its beginning.
    pub fn back_at(self, wall: i64) -> Self {
        let ago = u64::try_from(self.wall.saturating_sub(wall)).unwrap_or_default();
        Self { elapsed: self.elapsed - Span::from_millis(ago), wall: wall.min(self.wall) }
    }

    /// How long ago `earlier` was, at least zero.
    pub fn since(self, earlier: Stamp) -> Span {
        self.elapsed - earlier.elapsed
    }
}
