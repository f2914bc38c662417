//! Burns processor time on threads of its own, for a share of the time and never for longer than told. Nothing else.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::port::clock::Clock;

/// One turn of work and rest.
const TURN: Duration = Duration::from_millis(50);

/// Threads that burn; they end when this is dropped.
pub(super) struct Burn {
    _stop: Vec<Sender<()>>,
}

impl Burn {
    /// Starts `cores` threads, each busy `load` percent of the time, for at most `limit`.
    pub(super) fn start(cores: u32, load: u8, limit: Duration, clock: &Arc<dyn Clock>) -> Self {
        let stop = (0..cores)
            .filter_map(|index| {
                let (stop, stopped) = channel();
                let clock = Arc::clone(clock);
                thread::Builder::new()
                    .name(format!("burn-{index}"))
                    .spawn(move || burn(load, limit, &stopped, clock.as_ref()))
                    .ok()
                    .map(|_| stop)
            })
            .collect();
        Self { _stop: stop }
    }
}

fn burn(load: u8, limit: Duration, stopped: &Receiver<()>, clock: &dyn Clock) {
    let work = TURN * u32::from(load.min(100)) / 100;
    let start = clock.monotonic();
    loop {
        let turn = clock.monotonic();
        if turn.saturating_sub(start) >= limit {
            return;
        }
        while clock.monotonic().saturating_sub(turn) < work {
            std::hint::spin_loop();
        }
        // The rest of the turn is a wait for the order to stop, so that stopping is quick.
        if stopped.recv_timeout(TURN - work) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
