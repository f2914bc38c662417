//! `gameday verify FILE`: is the recording as it was written?

use std::path::Path;

use super::said::Said;
use crate::gameday::text::plain;
use crate::recording::verify;

/// Checks the hash chain of a recording.
pub fn run(path: &Path) -> Said {
    let file = plain(&path.display().to_string());
    match verify::verify(path) {
        Ok(intact) => {
            let end = if intact.ended { "" } else { "; the exercise does not end in it" };
            let (events, hash) = (intact.events, &intact.last_hash);
            let text = format!("ok: {events} events, chain intact, last hash {hash}{end}\n");
            let warning = |warning: &String| format!("{file}: {}\n", plain(warning));
            Said { text, notes: intact.warnings.iter().map(warning).collect(), success: true }
        }
        Err(error) => {
            let notes = format!("{file}: {}\n", plain(&error.to_string()));
            Said { text: String::new(), notes, success: false }
        }
    }
}
