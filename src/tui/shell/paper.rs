//! What is written for a terminal, kept until somebody takes it. Not the drawing.

use std::io::{self, Write as _, stdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};

/// What is written for a frame, kept until the frame is whole. Nothing half-drawn reaches the terminal, and nothing
/// at all after it was given back.
#[derive(Clone, Default)]
pub(super) struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was written off it.
    pub(super) fn taken(&self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes())
    }

    /// Hands over what was written, as one update where the terminal knows how.
    pub(super) fn hand_over(&self) -> io::Result<()> {
        let mut bytes = self.bytes();
        if bytes.is_empty() {
            return Ok(());
        }
        let mut out = stdout().lock();
        queue!(out, BeginSynchronizedUpdate)?;
        out.write_all(&bytes)?;
        queue!(out, EndSynchronizedUpdate)?;
        bytes.clear();
        out.flush()
    }
}

impl io::Write for Paper {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
