//! Counts what is under way. Not what it is.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Something under way: counted as long as this lives.
pub(super) struct Using<'a>(&'a AtomicUsize);

impl<'a> Using<'a> {
    /// Counts one more.
    pub(super) fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Using<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
