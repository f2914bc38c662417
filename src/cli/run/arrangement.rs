//! How the panes of the screen are arranged, kept in a file from one run to the next. Not what can be arranged.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::tui::pane::Panes;

/// What was kept; without a file, what is so by default.
///
/// # Errors
/// When there is a file that cannot be read or is broken: a word to the person. The exercise goes on without it.
pub(in crate::cli) fn read(path: &Path) -> Result<Panes, String> {
    match fs::read_to_string(path) {
        Ok(text) => Panes::from_yaml(&text)
            .map_err(|why| format!("{} is left aside: {why}", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Panes::default()),
        Err(error) => Err(format!("{} is left aside: {error}", path.display())),
    }
}

/// Keeps `panes` for the next run: wholly, or what was there stays.
///
/// # Errors
/// When it cannot be written, with the reason.
pub(in crate::cli) fn write(path: &Path, panes: &Panes) -> Result<(), String> {
    let cannot = |why: &dyn std::fmt::Display| {
        format!("the arrangement of the panes cannot be kept in {}: {why}", path.display())
    };
    let text = panes.to_yaml().map_err(|why| cannot(&why))?;
    let beside = path.with_extension("yaml.new");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    }
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| cannot(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_a_broken_file_is_left_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/panes.yaml");
        assert_eq!(read(&path), Ok(Panes::default()), "no file is no trouble");
        let mut panes = Panes::default();
        panes.hide();
        write(&path, &panes).unwrap();
        assert_eq!(read(&path), Ok(panes));
        fs::write(&path, "focus: nowhere").unwrap();
        let why = read(&path).unwrap_err();
        assert!(why.contains("panes.yaml is left aside") && why.contains("nowhere"), "{why}");
    }
}
