//! Files that an option names: new ones, whole or not at all. Not what is written into them.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::gameday::text::plain;

/// A new file; nothing that is there already is overwritten.
///
/// # Errors
/// That there is one, or why there can be none, for people.
pub(super) fn fresh(option: &str, path: &Path) -> Result<File, String> {
    let shown = plain(&path.display().to_string());
    File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("{option}: {shown} is there already; move it away, or give another name")
        }
        _ => format!("{option}: {shown}: {error}"),
    })
}

/// A new file with a text in it.
///
/// # Errors
/// Those of [`fresh`], and that it cannot be written; then there is none.
pub(super) fn filled(option: &str, path: &Path, text: &str) -> Result<(), String> {
    let mut file = fresh(option, path)?;
    let written = file.write_all(text.as_bytes());
    written.map_err(|error| unfinished(option, path, &error.to_string()))
}

/// What was written so far is taken away again; says why, and whether that could be done.
pub(super) fn unfinished(option: &str, path: &Path, why: &str) -> String {
    let shown = plain(&path.display().to_string());
    let left = std::fs::remove_file(path).err();
    let left = left.map_or_else(String::new, |error| format!("; a part of it is left: {error}"));
    format!("{option}: {shown}: {why}{left}")
}
