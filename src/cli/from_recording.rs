//! `gameday from-recording FILE`: a game day file of what was recorded, to be run again. Not what is taken over.

use std::path::Path;

use super::fresh::filled;
use super::recorded::{noted, recorded};
use super::said::Said;
use crate::exercise::fold::folded;
use crate::gameday::text::plain;
use crate::gameday::write::write;
use crate::report::again::again;

/// Writes the game day of the recording at `path`, to standard output or into a new file.
pub fn run(path: &Path, out: Option<&Path>, anyway: bool) -> Said {
    let recorded = match recorded(path, anyway, "make a game day of it all the same") {
        Ok(recorded) => recorded,
        Err(said) => return said,
    };
    if recorded.header.watch.is_some() {
        let notes = format!(
            "{}: this is a watch over a real system: nothing was planned or injected in it that could be run again; \
             gameday new writes a game day to begin with, gameday report the report of the incident\n",
            plain(&path.display().to_string())
        );
        return Said { text: String::new(), notes, success: false };
    }
    let warnings = recorded.warnings;
    let notes: String = warnings.iter().map(|one| noted(path, one)).collect();
    let state = folded(recorded.header, &recorded.envelopes);
    let again = again(&state, &recorded.envelopes, &warnings);
    let text = write(&again.plan, &again.remarks);
    let Some(out) = out else { return Said { text, notes, success: true } };
    match filled("--out", out, &text) {
        Ok(()) => {
            let name = plain(&out.display().to_string());
            let text = format!("wrote {name}; try: gameday check {name}\n");
            Said { text, notes, success: true }
        }
        Err(why) => Said { text: String::new(), notes: format!("{notes}{why}\n"), success: false },
    }
}
