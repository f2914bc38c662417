//! A recording as a command wants it, and what is said where it cannot be had. Not what becomes of it.

use std::path::Path;

use super::said::Said;
use crate::gameday::text::plain;
use crate::recording::read::{ReadError, Recorded, read, read_anyway};

/// Everything that was recorded; of one that was changed afterwards only if `anyway`. `wish` is what is wanted of it, in the
/// words behind `To`.
///
/// # Errors
/// What is said where it cannot be read.
pub(super) fn recorded(path: &Path, anyway: bool, wish: &str) -> Result<Recorded, Said> {
    let recorded = if anyway { read_anyway(path) } else { read(path) };
    recorded.map_err(|error| {
        let mut notes = noted(path, &error.to_string());
        if matches!(error, ReadError::Changed(_)) {
            notes += &format!("To {wish}, add --anyway.\n");
        }
        Said { text: String::new(), notes, success: false }
    })
}

/// Something that is to be known of a recording, as a line.
pub(super) fn noted(path: &Path, what: &str) -> String {
    format!("{}: {}\n", plain(&path.display().to_string()), plain(what))
}
