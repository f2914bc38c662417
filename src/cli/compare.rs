//! `gameday compare A B …`: recordings side by side. Not what is compared.

pub(super) mod screen;

use std::path::{Path, PathBuf};

use super::said::Said;
use crate::exercise::fold::folded;
use crate::gameday::problem::nearest;
use crate::gameday::text::{plain, printable};
use crate::lang::Lang;
use crate::recording::folder::Folder;
use crate::recording::read::{ReadError, read, read_anyway};
use crate::report::compare::model::{Align, Comparison};
use crate::report::compare::side::Side;
use crate::report::compare::{MOST, compare, html, markdown};
use crate::report::json;

/// How a comparison or a history is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Markdown,
    /// For people, as a page to send.
    Html,
    /// For programs.
    Json,
}

/// Compares recordings, each named by its file or by its exercise in the folder of recordings. One that was changed after
/// it was written is refused unless `anyway`; then the comparison says so.
pub fn run(
    names: &[String],
    recordings: &Path,
    align: Align,
    format: Format,
    lang: &Lang,
    anyway: bool,
) -> Said {
    match sides(names, recordings, anyway) {
        Ok(sides) => {
            let text = written(&compare(&sides, align), format, lang);
            Said { text, notes: String::new(), success: true }
        }
        Err(notes) => Said { text: String::new(), notes, success: false },
    }
}

fn written(comparison: &Comparison, format: Format, lang: &Lang) -> String {
    match format {
        Format::Markdown => markdown::render(comparison, lang),
        Format::Html => html::render(comparison, lang),
        Format::Json => json::render(comparison),
    }
}

/// Every exercise, or everything that is wrong, a line each.
pub(super) fn sides(
    names: &[String],
    recordings: &Path,
    anyway: bool,
) -> Result<Vec<Side>, String> {
    if names.len() < 2 {
        return Err("name two recordings or more to compare\n".to_owned());
    }
    if names.len() > MOST {
        return Err(format!(
            "{} recordings do not fit beside each other, at most {MOST} do\n",
            names.len()
        ));
    }
    let (mut sides, mut problems) = (Vec::new(), String::new());
    for name in names {
        match find(name, recordings).and_then(|path| side(&path, anyway)) {
            Ok(side) => sides.push(side),
            Err(why) => problems += &format!("{why}\n"),
        }
    }
    if problems.is_empty() { Ok(sides) } else { Err(problems) }
}

/// The exercise in the recording at `path`.
pub(super) fn side(path: &Path, anyway: bool) -> Result<Side, String> {
    let shown = printable(&path.display().to_string(), 300);
    let recorded = if anyway { read_anyway(path) } else { read(path) };
    let recorded = recorded.map_err(|error| {
        let mend = match error {
            ReadError::Changed(_) => {
                "; to compare it all the same, which then says so, add --anyway"
            }
            _ => "",
        };
        format!("{shown}: {}{mend}", plain(&error.to_string()))
    })?;
    let state = folded(recorded.header, &recorded.envelopes);
    Ok(Side::from_state(&state, shown, recorded.warnings))
}

/// The recording that is named: a file, or an exercise in the folder, whole or by a part that only one has.
fn find(name: &str, recordings: &Path) -> Result<PathBuf, String> {
    let path = Path::new(name);
    if path.exists() || name.contains(['/', '\\']) {
        return Ok(path.to_owned());
    }
    let paths = Folder::at(recordings)
        .list()
        .map_err(|error| format!("{}: {error}", recordings.display()))?;
    let stem = |path: &PathBuf| {
        path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    };
    if let Some(path) = paths.iter().find(|path| stem(path) == name) {
        return Ok(path.clone());
    }
    let parts: Vec<&PathBuf> = paths.iter().filter(|path| stem(path).contains(name)).collect();
    let shown = printable(name, 100);
    match parts[..] {
        [only] => Ok(only.clone()),
        [] => {
            let stems: Vec<String> = paths.iter().map(stem).collect();
            let near = nearest(name, stems.iter().map(String::as_str));
            let mend = near.map_or_else(
                || format!("recordings are in {}", recordings.display()),
                |near| format!("did you mean \"{near}\"?"),
            );
            Err(format!("there is no recording \"{shown}\"; {mend}"))
        }
        _ => {
            let some: Vec<String> = parts.iter().take(5).map(|path| stem(path)).collect();
            Err(format!("\"{shown}\" is a part of several: {}", plain(&some.join(", "))))
        }
    }
}
