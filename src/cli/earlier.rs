//! Reads what earlier exercises of a game day taught, from the folder of recordings. Not what follows from it.

use std::path::Path;
use std::sync::Arc;

use crate::exercise::fold::apply;
use crate::exercise::header::Header;
use crate::exercise::state::State;
use crate::gameday::text::printable;
use crate::recording::folder::Folder;
use crate::recording::input::Input;
use crate::recording::read::{ReadError, Reader, Trust};
use crate::report::earlier::{Exercise, matters};

/// So many exercises are looked back, and so many recordings looked into for them.
const MOST: usize = 20;
const MOST_LOOKED_INTO: usize = 500;
/// A recording of hours is a tenth of this, in bytes. A larger one is left out, with a word.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the exercises taught, the latest first.
    pub exercises: Vec<Exercise>,
    /// What could not be read, and why: a sentence each.
    pub problems: Vec<String>,
}

/// What the last exercises of the game day `name` before the one named `now` taught.
pub fn earlier(recordings: &Path, name: &str, now: &str) -> Found {
    let mut found = Found::default();
    let paths = match Folder::at(recordings).list() {
        Ok(paths) => paths,
        Err(error) => {
            found.problems.push(format!("{}: {error}", recordings.display()));
            return found;
        }
    };
    for path in paths.iter().take(MOST_LOOKED_INTO) {
        if found.exercises.len() >= MOST {
            break;
        }
        match exercise(path, name, now) {
            Ok(Some(exercise)) => found.exercises.push(exercise),
            Ok(None) => {}
            Err(why) => found.problems.push(format!("{}: {why}", file_name(path))),
        }
    }
    found
}

fn file_name(path: &Path) -> String {
    printable(&path.file_name().unwrap_or_default().to_string_lossy(), 100)
}

/// What a recording taught; `None`: it is of another game day, of this very exercise, or of a
/// rehearsal, in which nobody learnt anything.
fn exercise(path: &Path, name: &str, now: &str) -> Result<Option<Exercise>, String> {
    let mut reader = match Input::open(path).and_then(|input| Reader::new(input, Trust::Strict)) {
        Ok(reader) => reader,
        // Of whatever game day it was, it is not this one's where even its name says another.
        Err(_) if !file_name(path).contains(name) => return Ok(None),
        // An exercise that died before anything was written taught nothing.
        Err(ReadError::Empty | ReadError::Unfinished) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let header: &Header = reader.header();
    if header.plan.name != name || header.exercise == now || header.rehearsal.is_some() {
        return Ok(None);
    }
    let size = std::fs::metadata(path).map(|about| about.len()).unwrap_or_default();
    let larger = || Err(format!("it is larger than {} MB and was left out", LARGEST / 1024 / 1024));
    if size > LARGEST {
        return larger();
    }
    let mut state = State::new(Arc::new(header.clone()));
    while let Some(envelope) = reader.next_event().map_err(|error| error.to_string())? {
        if reader.whole_bytes() > LARGEST {
            return larger();
        }
        if matters(&envelope.event) {
            apply(&mut state, &envelope);
        }
    }
    Ok(Some(Exercise::from_state(&state)))
}
