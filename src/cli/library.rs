//! Where game days are found: `./gamedays`, then the user's folder, then those inside the program. Not their meaning.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::gameday::node::MOST_BYTES;
use crate::gameday::problem::nearest;
use crate::gameday::text::printable;

/// The game days inside the program: name and text.
pub const BUILT_IN: [(&str, &str); 16] = [
    ("black-friday", include_str!("../../gamedays/black-friday.yaml")),
    ("cache-failure", include_str!("../../gamedays/cache-failure.yaml")),
    ("cascading-failure", include_str!("../../gamedays/cascading-failure.yaml")),
    ("clock-skew", include_str!("../../gamedays/clock-skew.yaml")),
    ("configuration-change", include_str!("../../gamedays/configuration-change.yaml")),
    ("data-corruption", include_str!("../../gamedays/data-corruption.yaml")),
    ("database-failure", include_str!("../../gamedays/database-failure.yaml")),
    ("dependency-failure", include_str!("../../gamedays/dependency-failure.yaml")),
    ("disaster-recovery", include_str!("../../gamedays/disaster-recovery.yaml")),
    ("network-partition", include_str!("../../gamedays/network-partition.yaml")),
    ("node-failure", include_str!("../../gamedays/node-failure.yaml")),
    ("queue-failure", include_str!("../../gamedays/queue-failure.yaml")),
    ("random-pod-failures", include_str!("../../gamedays/random-pod-failures.yaml")),
    ("resource-exhaustion", include_str!("../../gamedays/resource-exhaustion.yaml")),
    ("security", include_str!("../../gamedays/security.yaml")),
    ("traffic-flood", include_str!("../../gamedays/traffic-flood.yaml")),
];

/// Where a game day comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `./gamedays`
    Here,
    /// The user's data folder.
    User,
    /// Inside the program.
    BuiltIn,
}

/// One game day that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name: that of its file without the ending.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its file; `None`: it is inside the program.
    pub path: Option<PathBuf>,
}

/// Every game day that can be asked for by name; of equal names only the one that would be taken.
pub fn entries(here: &Path, user: Option<&Path>) -> Vec<Entry> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let folders = [Some((here, Origin::Here)), user.map(|user| (user, Origin::User))];
    for (folder, origin) in folders.into_iter().flatten() {
        for (name, path) in files(folder) {
            if seen.insert(name.clone()) {
                found.push(Entry { name, origin, path: Some(path) });
            }
        }
    }
    for (name, _) in BUILT_IN {
        if seen.insert(name.to_owned()) {
            found.push(Entry { name: name.to_owned(), origin: Origin::BuiltIn, path: None });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// The YAML files of a folder by name; a folder that is not there has none.
pub fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<(String, PathBuf)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
        .collect();
    files.sort();
    files
}

/// The text of an entry with the name of its file for messages.
///
/// # Errors
/// Why the file cannot be read, as a sentence.
pub fn load(entry: &Entry) -> Result<(String, String), String> {
    match &entry.path {
        Some(path) => load_path(path),
        None => BUILT_IN
            .iter()
            .find(|(name, _)| *name == entry.name)
            .map(|(name, text)| ((*text).to_owned(), format!("{name}.yaml")))
            .ok_or_else(|| format!("there is no built-in game day \"{}\"", entry.name)),
    }
}

/// The text of a file with its name for messages. Of a file that is too large only the beginning is read, enough for the
/// reader of game days to refuse it.
///
/// # Errors
/// Why the file cannot be read, as a sentence.
pub fn load_path(path: &Path) -> Result<(String, String), String> {
    let name = path.display().to_string();
    let shown = printable(&name, 200);
    let file = File::open(path).map_err(|error| format!("{shown}: {error}"))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(4);
    file.take(most).read_to_end(&mut bytes).map_err(|error| format!("{shown}: {error}"))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, name)),
        // A cut in the middle of a character is no fault of the file.
        Err(error) if error.as_bytes().len() > MOST_BYTES => {
            Ok((String::from_utf8_lossy(error.as_bytes()).into_owned(), name))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(format!("{shown}: this is no UTF-8 text (byte {at})"))
        }
    }
}

/// The text of a game day by name or path, with the name of its file for messages.
///
/// # Errors
/// That there is none, with the nearest name, or why it cannot be read.
pub fn resolve(
    name_or_path: &str,
    here: &Path,
    user: Option<&Path>,
) -> Result<(String, String), String> {
    let is_path = name_or_path.contains(['/', '\\'])
        || name_or_path.ends_with(".yaml")
        || name_or_path.ends_with(".yml");
    if is_path {
        return load_path(Path::new(name_or_path));
    }
    let entries = entries(here, user);
    if let Some(entry) = entries.iter().find(|entry| entry.name == name_or_path) {
        return load(entry);
    }
    let names = entries.iter().map(|entry| entry.name.as_str());
    let mend = match nearest(name_or_path, names) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "`gameday list` shows those that there are".to_owned(),
    };
    Err(format!("there is no game day \"{}\"; {mend}", printable(name_or_path, 80)))
}
