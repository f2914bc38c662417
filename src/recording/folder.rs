//! Where recordings live: a file an exercise, in one folder. Not their content.

use std::collections::BTreeSet;
use std::fs::DirBuilder;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::file::{FileRecording, is_live};
use super::input::Input;
use super::pack::shorter;
use super::read::{Reader, Trust};
use crate::exercise::event::Event;
use crate::exercise::header::Header;
use crate::exercise::wire::decode;
use crate::port::recording::RecordingError;

/// What the name of a recording ends in.
const ENDING: &str = "jsonl";
/// So much of a file's end normally holds its `ended` event.
const TAIL: u64 = 256 * 1024;
/// How an `ended` event shows in a line; within a JSON text the quotes would be escaped.
const ENDED: &str = r#""type":"ended""#;

/// A folder of recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder `recordings` of the user's data folder; made when the first recording is.
    pub fn of_data(data: &Path) -> Self {
        Self(data.join("recordings"))
    }

    /// This very folder (`--out`).
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file of an exercise.
    ///
    /// # Errors
    /// When the name of the exercise is none for a file.
    pub fn path_of(&self, exercise: &str) -> Result<PathBuf, RecordingError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if exercise.is_empty() || exercise.len() > 200 || !exercise.chars().all(plain) {
            let why = format!("{exercise:?} cannot name a file: letters, digits, - and _ only");
            return Err(RecordingError::Broken(why));
        }
        Ok(self.0.join(format!("{exercise}.{ENDING}")))
    }

    /// Begins the recording of `header.exercise`, making the folder where needed (for its owner only).
    ///
    /// # Errors
    /// When it is there already or cannot be written.
    pub fn create(&self, header: &Header) -> Result<FileRecording, RecordingError> {
        let path = self.path_of(&header.exercise)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
            .map_err(|error| RecordingError::Broken(format!("{}: {error}", self.0.display())))?;
        FileRecording::create(&path, header)
    }

    /// Every recording, packed or not, newest first (names begin with the time); of one that is there in both forms the one
    /// that is not packed. No folder: no recordings.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let plain = shorter(&path).unwrap_or_else(|| path.clone());
            if plain.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
                paths.push(path);
            }
        }
        let both: BTreeSet<PathBuf> = paths.iter().cloned().collect();
        paths.retain(|path| shorter(path).is_none_or(|plain| !both.contains(&plain)));
        paths.sort_by(|a, b| b.cmp(a));
        Ok(paths)
    }

    /// Recordings of exercises that died: no program writes them, and they never came to their end. Newest first.
    /// One that cannot be read counts too: going on with it says what is wrong.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn died(&self) -> io::Result<Vec<PathBuf>> {
        // One that is packed was put away by someone; it cannot be gone on with.
        let died = |path: &PathBuf| {
            shorter(path).is_none() && !is_live(path).unwrap_or(false) && !has_ended(path)
        };
        Ok(self.list()?.into_iter().filter(died).collect())
    }
}

/// Whether the exercise came to its end in this recording.
pub fn has_ended(path: &Path) -> bool {
    ended_in_tail(path).unwrap_or(false) || ended_anywhere(path)
}

fn ended_in_tail(path: &Path) -> io::Result<bool> {
    let mut file = std::fs::File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes)?;
    // What stands behind the last line's end was never finished.
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let tail = String::from_utf8_lossy(bytes.get(..whole).unwrap_or_default()).into_owned();
    Ok(tail.lines().filter(|line| line.contains(ENDED)).any(is_end))
}

fn ended_anywhere(path: &Path) -> bool {
    let Ok(mut reader) = Input::open(path).and_then(|input| Reader::new(input, Trust::Anyway))
    else {
        return false;
    };
    while let Ok(Some(envelope)) = reader.next_event() {
        if matches!(envelope.event, Event::Ended { .. }) {
            return true;
        }
    }
    false
}

fn is_end(line: &str) -> bool {
    decode(line).is_ok_and(|envelope| matches!(envelope.event, Event::Ended { .. }))
}
