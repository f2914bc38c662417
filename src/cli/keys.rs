//! `gameday keys`, and the keymap that a screen is opened with. Not the meaning of a keymap file.

use std::path::Path;
use std::sync::Arc;

use super::library::load_path;
use super::output::complain;
use crate::config::Folders;
use crate::gameday::problem::show::render;
use crate::lang::Lang;
use crate::tui::bindings::Bindings;
use crate::tui::keyfile::{preset, read};
use crate::tui::keymap::BUILT_IN;
use crate::tui::keytable::markdown;

/// The keys that were asked for by the name of a preset or as a file; else those of the user's file, if there is one.
/// `None`: those of the program. Warnings are printed.
///
/// # Errors
/// Everything that is wrong with the file, as text for people.
pub(super) fn load(
    asked: Option<&str>,
    folders: &Folders,
) -> Result<Option<Arc<Bindings>>, String> {
    if let Some(preset) = asked.and_then(preset) {
        return Ok(Some(Arc::new(preset)));
    }
    let own = folders.keymap();
    let path = match asked {
        Some(path) => Path::new(path),
        None if own.exists() => &own,
        None => return Ok(None),
    };
    let (text, name) = load_path(path)?;
    let (bindings, problems) = read(&text);
    let shown = render(&problems, &text, &name);
    let Some(bindings) = bindings else { return Err(shown) };
    if !problems.is_empty() {
        complain(&shown);
    }
    Ok(Some(Arc::new(bindings)))
}

/// The table of all keys, for documents.
///
/// # Errors
/// As [`load`].
pub(super) fn table(asked: Option<&str>, folders: &Folders, lang: &Lang) -> Result<String, String> {
    let bindings = load(asked, folders)?;
    Ok(markdown(bindings.as_deref().unwrap_or(&BUILT_IN), lang))
}
