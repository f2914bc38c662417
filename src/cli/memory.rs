//! What was chosen at the screen, kept for the next start: one small JSON file of names and values. Not what they mean.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::config::Folders;
use crate::tui::shell::Keep;

/// No choices take more.
const MOST_BYTES: u64 = 1 << 20;

/// What was kept under `name`; `None`: nothing that can be read.
pub(super) fn recall(name: &str, folders: &Folders) -> Option<String> {
    all(&folders.memory()).get(name)?.as_str().map(str::to_owned)
}

/// Keeps values for the next start.
pub(super) fn keeper(folders: &Folders) -> Arc<Keep> {
    let path = folders.memory();
    Arc::new(move |name: &str, value: &str| {
        keep(&path, name, value)
            .map_err(|error| format!("cannot remember it: {}: {error}", path.display()))
    })
}

fn keep(path: &Path, name: &str, value: &str) -> std::io::Result<()> {
    let mut all = all(path);
    all.insert(name.to_owned(), value.into());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Another start may read it at any time: it is there whole, or not at all.
    let beside = path.with_extension(format!("json.{}", std::process::id()));
    fs::write(&beside, format!("{:#}\n", Value::Object(all)))?;
    fs::rename(&beside, path)
}

/// Everything that is kept; a file that is not there, or is none of ours, keeps nothing.
fn all(path: &Path) -> Map<String, Value> {
    let small = fs::metadata(path).is_ok_and(|about| about.len() <= MOST_BYTES);
    let text = if small { fs::read_to_string(path).unwrap_or_default() } else { String::new() };
    serde_json::from_str(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::below(&folder.path().join("not-there-yet"));
        assert_eq!(recall("theme", &folders), None);
        let keep = keeper(&folders);
        keep("theme", "light").unwrap();
        keep("panes", "7").unwrap();
        keep("theme", "mono").unwrap();
        assert_eq!(recall("theme", &folders).as_deref(), Some("mono"));
        assert_eq!(recall("panes", &folders).as_deref(), Some("7"));
        fs::write(folders.memory(), "[ no").unwrap();
        assert_eq!(recall("theme", &folders), None);
    }
}
