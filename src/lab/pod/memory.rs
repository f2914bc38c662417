//! Memory that is allocated, touched and held, bounded and only where the machine has enough. Nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

/// Never more, whatever is asked for.
pub(super) const AT_MOST: u64 = 2 * 1024 * 1024 * 1024;

/// So much is left to the rest of the machine.
const RESERVE: u64 = 512 * 1024 * 1024;

/// Allocated at once; the end is noticed between two of them.
const CHUNK: u64 = 16 * 1024 * 1024;

/// Memory that is held; when this is dropped it is given back.
pub(super) struct Memory {
    over: Arc<AtomicBool>,
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Memory {
    /// Begins to take `bytes`; the caller goes on meanwhile.
    ///
    /// # Errors
    /// When that is nothing, too much, or more than the machine can spare.
    pub(super) fn take(bytes: u64) -> Result<Self, String> {
        if bytes == 0 || bytes > AT_MOST {
            return Err(format!("memory must be 1 to {AT_MOST} bytes"));
        }
        if let Some(available) = available()
            && available < bytes.saturating_add(RESERVE)
        {
            return Err(format!("the machine has only {available} bytes of memory available"));
        }
        let over = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = channel();
        let is_over = Arc::clone(&over);
        let thread = thread::Builder::new().name("memory".to_owned()).spawn(move || {
            let held = fill(bytes, &is_over);
            // Ends when the other side is dropped.
            let _ = stopped.recv();
            drop(held);
        });
        let thread = thread.map_err(|error| error.to_string())?;
        Ok(Self { over, thread: Some((stop, thread)) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            // A thread that panicked holds nothing either.
            let _ = thread.join();
        }
    }
}

/// Chunks of memory in which every byte was written.
fn fill(bytes: u64, over: &AtomicBool) -> Vec<Vec<u8>> {
    let mut held = Vec::new();
    let mut left = bytes;
    while left > 0 && !over.load(Ordering::Relaxed) {
        let size = usize::try_from(left.min(CHUNK)).unwrap_or_default();
        held.push(std::hint::black_box(vec![0xA5_u8; size]));
        left -= left.min(CHUNK);
    }
    held
}

/// What the machine can spare, where it says so.
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilo| kilo * 1_024)
}
