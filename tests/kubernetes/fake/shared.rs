//! What every connection of the server has in common: the state behind its lock, and the bells that wake watches.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::state::State;

pub struct Shared {
    state: Mutex<State>,
    /// Rings with the revision after every change.
    pub changed: watch::Sender<u64>,
    /// Rings when all watches shall end.
    pub cut: watch::Sender<()>,
    /// Whether lists may be streamed by a watch.
    pub streams: AtomicBool,
    /// Whether a watch from a forgotten version is refused, and not begun with an error.
    pub by_status: AtomicBool,
}

impl Shared {
    pub fn new(state: State) -> Self {
        let (changed, cut) = (watch::Sender::new(state.revision()), watch::Sender::new(()));
        Self {
            state: Mutex::new(state),
            changed,
            cut,
            streams: AtomicBool::new(false),
            by_status: AtomicBool::new(false),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and wakes who waits for that.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let before = state.revision();
        let made = change(&mut state);
        let after = state.revision();
        drop(state);
        if before != after {
            self.changed.send_replace(after);
        }
        made
    }

    pub fn expires_by_status(&self) -> bool {
        self.by_status.load(Ordering::Relaxed)
    }

    pub fn streams(&self) -> bool {
        self.streams.load(Ordering::Relaxed)
    }
}
