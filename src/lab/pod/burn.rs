//! Burns processor time on threads of its own, for a share of the time and never for longer than told. Nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::port::clock::Clock;

/// One turn of work and rest.
const TURN: Duration = Duration::from_millis(50);

/// Threads that burn; when this is dropped they end, and are gone.
pub(super) struct Burn {
    over: Arc<AtomicBool>,
    threads: Vec<(Sender<()>, JoinHandle<()>)>,
}

impl Burn {
    /// Starts `cores` threads, each busy `load` percent of the time, for at most `limit`.
    pub(super) fn start(cores: u32, load: u8, limit: Duration, clock: &Arc<dyn Clock>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let threads = (0..cores).filter_map(|index| {
            let (stop, stopped) = channel();
            let (clock, over) = (Arc::clone(clock), Arc::clone(&over));
            let thread = thread::Builder::new()
                .name(format!("burn-{index}"))
                .spawn(move || burn(load, limit, &stopped, &over, clock.as_ref()));
            thread.ok().map(|thread| (stop, thread))
        });
        Self { threads: threads.collect(), over }
    }
}

impl Drop for Burn {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for (stop, thread) in self.threads.drain(..) {
            drop(stop);
            // A thread that panicked burns no more either.
            let _ = thread.join();
        }
    }
}

fn burn(load: u8, limit: Duration, stopped: &Receiver<()>, over: &AtomicBool, clock: &dyn Clock) {
    let work = TURN * u32::from(load.min(100)) / 100;
    let start = clock.monotonic();
    loop {
        let turn = clock.monotonic();
        if turn.saturating_sub(start) >= limit {
            return;
        }
        while clock.monotonic().saturating_sub(turn) < work && !over.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
        // The rest of the turn is a wait for the order to stop, so that stopping is quick.
        if stopped.recv_timeout(TURN - work) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
