//! Recordings that were put outside the data folder (`--out`): where they are is noted until their exercise has ended,
//! so that the next start finds one that died.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use crate::config::Folders;

/// A note of one recording outside; taken away when the exercise has ended.
#[derive(Debug)]
pub(super) struct Note {
    note: PathBuf,
}

impl Note {
    /// Writes down where the recording of `exercise` is.
    ///
    /// # Errors
    /// When it cannot be written; then nothing may start.
    pub(super) fn leave(folders: &Folders, exercise: &str, recording: &Path) -> io::Result<Self> {
        let folder = folder(folders);
        std::fs::create_dir_all(&folder)?;
        let note = folder.join(exercise);
        let place = std::path::absolute(recording)?;
        std::fs::write(&note, place.as_os_str().as_bytes())?;
        Ok(Self { note })
    }

    /// Takes the note away; one that cannot be is found and taken away by the next start.
    pub(super) fn clear(self) {
        drop(std::fs::remove_file(self.note));
    }
}

/// Every recording outside that is noted: its exercise's name, its place, and the note.
///
/// # Errors
/// When the notes cannot be looked at.
pub(super) fn noted(folders: &Folders) -> io::Result<Vec<(String, PathBuf, Note)>> {
    let entries = match std::fs::read_dir(folder(folders)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut notes = Vec::new();
    for entry in entries {
        let note = entry?.path();
        // A folder's name may be any bytes.
        let place = OsString::from_vec(std::fs::read(&note)?);
        let exercise = note.file_name().unwrap_or_default().to_string_lossy().into_owned();
        notes.push((exercise, PathBuf::from(place), Note { note }));
    }
    Ok(notes)
}

fn folder(folders: &Folders) -> PathBuf {
    folders.recordings().join("elsewhere")
}
