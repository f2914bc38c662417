//! The recording as a port: append-only and durable.

use crate::exercise::event::Envelope;

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// No room left; nothing of the batch is in the file, and it may be tried again.
    #[error("no room left on the disk that holds the recording")]
    Full,
    /// Anything else; nothing of the batch is in the file.
    #[error("the recording cannot be written: {0}")]
    Broken(String),
}

/// Where events are kept.
pub trait Recording: Send {
    /// Writes all of them or none; when it returns `Ok`, they survive a power cut.
    ///
    /// # Errors
    /// When nothing was written.
    fn append(&mut self, envelopes: &[Envelope]) -> Result<(), RecordingError>;
}
