//! `gameday pack FILE`: a recording in a tenth of the room, and back. Not how it is packed.

use std::path::Path;

use super::said::Said;
use crate::gameday::text::plain;
use crate::recording::pack::{PackError, Way, pack};
use crate::recording::read::ReadError;

/// Packs or unpacks a recording into a new file.
pub fn run(path: &Path, way: Way, out: Option<&Path>) -> Said {
    let shown = plain(&path.display().to_string());
    match pack(path, way, out) {
        Ok(made) => {
            let new = plain(&made.path.display().to_string());
            let word = if way == Way::Pack { "packed" } else { "unpacked" };
            let events = made.intact.events;
            let text = format!(
                "wrote {new}: {events} events {word}, {} of {}; {shown} is as it was\n",
                size(made.to),
                size(made.from)
            );
            let mut notes = String::new();
            for warning in &made.intact.warnings {
                notes += &format!("{shown}: {}\n", plain(warning));
            }
            if !made.intact.ended {
                notes += &format!("{shown}: the exercise does not end in it\n");
            }
            Said { text, notes, success: true }
        }
        Err(error) => {
            let mut notes = format!("{shown}: {}\n", plain(&error.to_string()));
            if matches!(error, PackError::Read(ReadError::Changed(_) | ReadError::Damaged { .. })) {
                notes += "Only recordings that are as they were written are packed.\n";
            }
            Said { text: String::new(), notes, success: false }
        }
    }
}

/// As people say it.
fn size(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB"];
    let place = (0..3).take_while(|place| bytes >= 1_000_u64.pow(place + 1)).count();
    let value = bytes as f64 / 1_000_f64.powi(place as i32);
    let unit = units.get(place).copied().unwrap_or_default();
    if place == 0 { format!("{bytes} {unit}") } else { format!("{value:.1} {unit}") }
}
