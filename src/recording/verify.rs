//! Says whether a recording is as it was written. Not what it means.

use std::path::Path;

use super::input::Input;
use super::read::{ReadError, Reader, Trust};
use crate::exercise::event::Event;

/// A recording whose every line is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intact {
    /// How many events it holds.
    pub events: u64,
    /// The hash of its last line: kept elsewhere, it proves that nothing was cut off or made again.
    pub last_hash: String,
    /// Whether the exercise came to its end in it.
    pub ended: bool,
    /// A torn last line.
    pub warnings: Vec<String>,
}

/// Checks every line, holding one at a time in memory.
///
/// # Errors
/// [`ReadError::Changed`] names the first line that is not as it was written; others say why it cannot be read.
pub fn verify(path: &Path) -> Result<Intact, ReadError> {
    let mut reader = Reader::new(Input::open(path)?, Trust::Strict)?;
    let mut ended = false;
    while let Some(envelope) = reader.next_event()? {
        ended |= matches!(envelope.event, Event::Ended { .. });
    }
    Ok(Intact {
        events: reader.events(),
        last_hash: reader.chain().last().to_owned(),
        ended,
        warnings: reader.warnings(),
    })
}
