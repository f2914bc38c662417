//! Takes a lock that a panicking holder did not leave in a state worse than it found it. Not for what must not be seen
//! half changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The lock, whether or not some holder of it panicked.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
