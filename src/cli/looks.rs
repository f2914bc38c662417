//! The themes that a screen is opened with: the user's own before those of the program. Not the meaning of a theme file.

use std::path::Path;

use super::args::Screen;
use super::library::{files, load_path};
use super::memory::recall;
use super::output::complain;
use crate::config::Folders;
use crate::gameday::problem::show::render;
use crate::gameday::problem::suggestion;
use crate::gameday::text::printable;
use crate::lang::{Lang, Language};
use crate::tui::ascii;
use crate::tui::choosing::THEME;
use crate::tui::looks::Looks;
use crate::tui::theme::read::{Shelf, read};
use crate::tui::theme::sheet::Sheet;
use crate::tui::theme::{Depth, NAMES, Theme, shelf};

/// Every theme there is, with the one in force that was asked for; else the one that was kept at the screen; else the
/// first of the program. What is wrong with other themes of the user is printed.
///
/// # Errors
/// That there is no such theme, or everything that is wrong with it, as text for people.
pub(super) fn load(screen: &Screen, folders: &Folders) -> Result<Looks, String> {
    let variable = |name: &str| std::env::var(name).ok();
    let ascii = screen.ascii || ascii::detect(variable);
    wear(screen.theme.as_deref(), Depth::detect(variable), ascii, folders)
}

/// The same for a terminal of this depth.
///
/// # Errors
/// The same.
pub(super) fn wear(
    asked: Option<&str>,
    depth: Depth,
    ascii: bool,
    folders: &Folders,
) -> Result<Looks, String> {
    let remembered = recall(THEME, folders);
    let wanted = asked.or(remembered.as_deref()).unwrap_or(NAMES[0]);
    let (sheets, chosen) = match choose(wanted, &folders.themes()) {
        Ok(found) => found,
        Err(why) if asked.is_some() => return Err(why),
        Err(why) => {
            complain(&format!("the theme that was kept cannot be used: {why}"));
            choose(NAMES[0], &folders.themes())?
        }
    };
    let themes = sheets.iter().map(|sheet| Theme::of(sheet, depth)).collect();
    Ok(Looks::new(themes, chosen, ascii))
}

/// The first theme of the program, as this terminal shows it: for where there is none to choose from.
///
/// # Errors
/// That it cannot be read, as text for people.
pub(super) fn plain_theme() -> Result<Theme, String> {
    let depth = Depth::detect(|name| std::env::var(name).ok());
    Theme::named(NAMES[0], depth).map_err(|error| error.to_string())
}

/// The language that was asked for or that the environment speaks.
pub(super) fn spoken(asked: Option<Language>) -> Language {
    asked.unwrap_or_else(|| Language::detect(|name| std::env::var(name).ok()))
}

/// The texts of the screen, in the language that was asked for or that the environment speaks.
pub(super) fn texts(asked: Option<Language>, looks: &Looks) -> Lang {
    Lang::new(match spoken(asked) {
        // No other language can be written in ASCII.
        _ if looks.ascii => Language::English,
        language => language,
    })
}

/// All themes that can be used, and the place of the wanted one among them.
fn choose(wanted: &str, folder: &Path) -> Result<(Vec<Sheet>, usize), String> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut unreadable = Vec::new();
    for (name, path) in files(folder) {
        match load_path(&path) {
            Ok((text, _)) => all.push((name, text)),
            Err(why) => unreadable.push(why),
        }
    }
    all.extend(shelf());
    let is_file =
        wanted.contains(['/', '\\']) || wanted.ends_with(".yaml") || wanted.ends_with(".yml");
    if is_file {
        let path = std::path::absolute(wanted).map_err(|error| format!("{wanted}: {error}"))?;
        let (text, name) = load_path(&path)?;
        all.push((name, text));
    }
    let wanted_name = if is_file {
        all.last().map(|(name, _)| name.clone()).unwrap_or_default()
    } else {
        wanted.to_owned()
    };
    let mut sheets: Vec<Sheet> = Vec::new();
    for (index, (name, text)) in all.iter().enumerate() {
        if all.iter().take(index).any(|(before, _)| before == name) {
            continue;
        }
        match usable(name, text, &all) {
            Ok(sheet) => sheets.push(sheet),
            Err(why) if *name == wanted_name => return Err(why),
            Err(why) => unreadable.push(why),
        }
    }
    let known: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let Some(chosen) = known.iter().position(|name| *name == wanted_name) else {
        let mend = suggestion(wanted, &known);
        return Err(format!("there is no theme \"{}\"; {mend}", printable(wanted, 80)));
    };
    for why in unreadable {
        complain(&why);
    }
    Ok((sheets, chosen))
}

/// A theme; what is wrong with it, shown in its text.
fn usable(name: &str, text: &str, all: &Shelf) -> Result<Sheet, String> {
    let (sheet, problems) = read(name, text, all);
    sheet.ok_or_else(|| render(&problems, text, name))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_users_own_themes_come_before_ours_and_say_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let themes = folder.path().join("themes");
        fs::create_dir(&themes).unwrap();
        let write = |name: &str, text: &str| fs::write(themes.join(name), text).unwrap();
        // One of ours by name builds on ours.
        write("dark.yaml", "theme: v1\nparent: dark\npalette: { good: \"#00ff00\" }\n");
        write("mine.yaml", "theme: v1\nparent: dark\nroles: { text: { bold: true } }\n");
        write("broken.yaml", "theme: v1\nparent: dark\nroles:\n  goood: red\n");
        let (sheets, chosen) = choose("mine", &themes).unwrap();
        assert_eq!(sheets[chosen].name, "mine");
        let names: Vec<_> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names[..2], ["dark", "mine"]);
        assert_eq!(sheets.len(), NAMES.len() + 1, "{names:?}");
        let good = crate::tui::theme::Role::Good;
        assert_eq!(sheets[chosen].look(good).ink, sheets[0].look(good).ink);

        let why = choose("broken", &themes).unwrap_err();
        assert!(why.contains("broken:4:3") && why.contains("did you mean \"good\"?"), "{why}");
        let why = choose("lihgt", &themes).unwrap_err();
        assert!(why.contains("did you mean \"light\"?"), "{why}");
        let path = themes.join("mine.yaml");
        let (sheets, chosen) = choose(&path.display().to_string(), &themes).unwrap();
        assert_eq!(sheets[chosen].name, path.display().to_string());
        assert!(choose("./none.yaml", &themes).unwrap_err().contains("none.yaml"));
    }
}
