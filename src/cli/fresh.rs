//! Files that `--out` names: new ones. Not what is written into them.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use crate::gameday::text::plain;

/// A new file; nothing that is there already is overwritten.
///
/// # Errors
/// That there is one, or why there can be none, for people.
pub(super) fn fresh(path: &Path) -> Result<File, String> {
    let shown = plain(&path.display().to_string());
    File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("--out: {shown} is there already; move it away, or give another name")
        }
        _ => format!("--out: {shown}: {error}"),
    })
}
