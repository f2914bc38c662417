//! `gameday new NAME`: a commented game day to begin with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::gameday::text::printable;

/// Writes `folder/NAME.yaml` and returns its path.
///
/// # Errors
/// That the name cannot be used, that the file is there already, or why it cannot be written.
pub fn new(name: &str, folder: &Path) -> Result<PathBuf, String> {
    let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edges = name.starts_with('-') || name.ends_with('-') || name.contains("--");
    if name.is_empty() || name.len() > 63 || edges || !name.chars().all(right) {
        return Err(format!(
            "\"{}\" cannot be the name of a game day: lower-case letters, digits and single dashes, at most 63",
            printable(name, 80)
        ));
    }
    let path = folder.join(format!("{name}.yaml"));
    let shown = printable(&path.display().to_string(), 200);
    fs::create_dir_all(folder).map_err(|error| format!("{shown}: {error}"))?;
    let opened = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = opened.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!("{shown} is there already and is left as it is"),
        _ => format!("{shown}: {error}"),
    })?;
    file.write_all(template(name).as_bytes()).map_err(|error| format!("{shown}: {error}"))?;
    Ok(path)
}

/// The text of a new game day.
pub fn template(name: &str) -> String {
    include_str!("new.yaml").replace("NAME", name)
}
