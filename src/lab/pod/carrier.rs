//! Who carries events to the message queue: one at a time, since two would carry everything twice. Carries nothing.

use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// Whoever has the task and does not ask any more loses it after so long.
const LIMIT: Duration = Duration::from_secs(1);

/// Who has the task, and until when.
#[derive(Default)]
pub(super) struct Carrier(Mutex<(String, Duration)>);

impl Carrier {
    /// Whether `asker` has the task at `now`; takes it if nobody has.
    pub(super) fn is(&self, asker: String, now: Duration) -> bool {
        let mut carrier = lock(&self.0);
        if carrier.0 != asker && carrier.1 > now {
            return false;
        }
        *carrier = (asker, now + LIMIT);
        true
    }
}
