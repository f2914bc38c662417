//! `gameday import FILE|FOLDER…`: a game day made of what others wrote. Not what becomes of what.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::args::Import;
use super::fresh::filled;
use super::library::{files, load_path};
use super::said::Said;
use crate::gameday::import::{Source, Wishes, import};
use crate::gameday::node::MOST_BYTES;
use crate::gameday::span::Span;
use crate::gameday::text::{plain, printable};

/// A folder with more is not what was meant.
const MOST: usize = 500;
/// Time to recover is no longer.
const LONGEST: Span = Span::from_secs(3_600);

/// Reads everything and writes the game day, to standard output or into a new file.
pub(super) fn run(args: &Import) -> Said {
    match made(args) {
        Ok(said) => said,
        Err(why) => Said { text: String::new(), notes: format!("{why}\n"), success: false },
    }
}

fn made(args: &Import) -> Result<Said, String> {
    let recovery = Span::from(args.recovery);
    if recovery > LONGEST {
        return Err(format!("--recovery {recovery}: it is at most {LONGEST}"));
    }
    let mut sources = Vec::new();
    for path in &args.files {
        sources.extend(sources_of(path)?);
    }
    if sources.len() > MOST {
        return Err(format!("{} files are too many for one game day", sources.len()));
    }
    let wishes = Wishes {
        title: args.title.clone(),
        namespace: args.namespace.clone(),
        url: args.url.clone(),
        prometheus: args.prometheus.clone(),
        recovery,
    };
    let made = import(&sources, &wishes)?;
    let notes: String = made.notes.iter().map(|note| format!("note: {}\n", plain(note))).collect();
    let Some(out) = &args.out else {
        return Ok(Said { text: made.text, notes, success: true });
    };
    filled("--out", out, &made.text)?;
    let name = plain(&out.display().to_string());
    Ok(Said { text: format!("wrote {name}; try: gameday check {name}\n"), notes, success: true })
}

/// A file, or those of a folder by name.
fn sources_of(path: &Path) -> Result<Vec<Source>, String> {
    if path == Path::new("-") {
        let mut text = String::new();
        let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let read = std::io::stdin().take(most).read_to_string(&mut text);
        read.map_err(|error| format!("standard input: {error}"))?;
        return Ok(vec![Source { name: "standard-input.yaml".to_owned(), text }]);
    }
    if !path.is_dir() {
        let (text, name) = load_path(path)?;
        return Ok(vec![Source { name, text }]);
    }
    let mut paths: Vec<PathBuf> = files(path).into_iter().map(|(_, path)| path).collect();
    paths.extend(json_files(path));
    paths.sort();
    if paths.is_empty() {
        let shown = printable(&path.display().to_string(), 200);
        return Err(format!("{shown}: there is no .yaml, .yml or .json file in this folder"));
    }
    let read = |path: &PathBuf| {
        let (text, name) = load_path(path)?;
        Ok(Source { name, text })
    };
    paths.iter().map(read).collect()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}
