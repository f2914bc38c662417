//! No load at all, where nobody says where customers go: nothing is sent, and nothing is measured.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::exercise::sample::Sample;
use crate::gameday::load::RateCurve;
use crate::port::load::{LoadError, LoadGenerator, LoadOrder};

/// Sends nothing.
#[derive(Debug, Default)]
pub struct Idle(Mutex<Option<mpsc::UnboundedSender<Sample>>>);

impl LoadGenerator for Idle {
    /// Never a sample: what nobody measures has no figure.
    fn start(&self, _: LoadOrder) -> Result<mpsc::UnboundedReceiver<Sample>, LoadError> {
        let (samples, taker) = mpsc::unbounded_channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(samples);
        Ok(taker)
    }

    fn follow(&self, _: RateCurve) {}

    fn stop(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
