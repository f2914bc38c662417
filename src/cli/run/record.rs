//! The recording of an exercise or a watch: its name, its file, and room for the reports beside it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};

use chrono::DateTime;

use crate::cli::report;
use crate::config::Folders;
use crate::exercise::header::Header;
use crate::recording::file::FileRecording;
use crate::recording::folder::Folder;

/// A seed, where nobody gave one.
pub(super) fn random_seed() -> u64 {
    // The standard library's hasher is seeded by the system; a seed people can type has few digits.
    RandomState::new().build_hasher().finish() % 1_000_000_000
}

/// Names an exercise of the game day `name` that begins at `began`.
pub(super) fn named(name: &str, began: i64) -> String {
    let stamp = DateTime::from_timestamp_millis(began).unwrap_or_default().format("%Y%m%dT%H%M%SZ");
    format!("{stamp}-{name}-{:04x}", random_seed() & 0xffff)
}

/// Begins the recording, in the user's data folder or where it is wanted.
pub(super) fn create(
    header: &Header,
    out: Option<&Path>,
    folders: &Folders,
) -> Result<(FileRecording, PathBuf), String> {
    let recording = match out {
        Some(path) => {
            reports_fit_beside(path)?;
            FileRecording::create(path, header)
        }
        None => Folder::at(&folders.recordings()).create(header),
    };
    let recording = recording.map_err(|error| error.to_string())?;
    let path = recording.path().to_owned();
    Ok((recording, path))
}

/// The reports get the recording's name with other endings: they must overwrite neither it nor anything else.
fn reports_fit_beside(path: &Path) -> Result<(), String> {
    if path.to_str().is_none() {
        return Err(format!(
            "--out {}: this name is not valid UTF-8, so that no message could name the file; give it another",
            path.display()
        ));
    }
    for (report, _) in report::paths(path) {
        if report == path {
            let ending = path.extension().unwrap_or_default().display();
            return Err(format!(
                "--out {}: .{ending} is for the report; give the recording another ending, for example .jsonl",
                path.display()
            ));
        }
        if report.exists() {
            return Err(format!(
                "--out {}: its report would overwrite {}",
                path.display(),
                report.display()
            ));
        }
    }
    Ok(())
}
