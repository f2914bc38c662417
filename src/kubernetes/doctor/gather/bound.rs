//! How long the doctor waits for a server.

use std::time::Duration;

/// So long it may be away: who looks wants to know that it is.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
