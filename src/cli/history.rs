//! `gameday history NAME`: the recorded exercises of one game day over time. Not what becomes of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::compare::Format;
use super::said::Said;
use crate::exercise::fold::apply;
use crate::exercise::state::State;
use crate::gameday::problem::nearest;
use crate::gameday::text::{plain, printable};
use crate::lang::Lang;
use crate::recording::folder::Folder;
use crate::recording::input::Input;
use crate::recording::read::{ReadError, Reader, Trust};
use crate::report::history::{Past, history, html, markdown};
use crate::report::json;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Real incidents in place of drills.
    pub real: bool,
    /// How it is written.
    pub format: Format,
    /// Also recordings that were changed after they were written.
    pub anyway: bool,
}

/// What the folder has.
#[derive(Default)]
struct Found {
    past: Vec<Past>,
    /// What could not be read, a line each.
    problems: String,
    /// Other game days.
    names: BTreeSet<String>,
    /// Exercises of this game day that are not what is asked for: real incidents, or drills.
    others: usize,
}

/// The history of the game day `name`, from the folder of recordings.
pub fn run(name: &str, recordings: &Path, asked: Asked, lang: &Lang) -> Said {
    let folder = plain(&recordings.display().to_string());
    let paths = match Folder::at(recordings).list() {
        Ok(paths) => paths,
        Err(error) => {
            let notes = format!("{folder}: {error}\n");
            return Said { text: String::new(), notes, success: false };
        }
    };
    let mut found = Found::default();
    for path in paths {
        if let Err(error) = add(&mut found, &path, name, asked) {
            let file = printable(&path.display().to_string(), 300);
            found.problems += &format!("{file}: {}", plain(&error.to_string()));
            if matches!(error, ReadError::Changed(_)) {
                found.problems += "; to count it all the same, add --anyway";
            }
            found.problems += "\n";
        }
    }
    let mut notes = std::mem::take(&mut found.problems);
    if found.past.is_empty() {
        notes += &none(name, &folder, &found, asked.real);
        return Said { text: String::new(), notes, success: false };
    }
    if found.past.len() == 1 {
        notes += &format!(
            "there is one {} of {} so far: nothing to see it beside\n",
            if asked.real { "real incident" } else { "exercise" },
            printable(name, 100)
        );
    }
    let history = history(name, found.past, asked.real);
    let text = match asked.format {
        Format::Markdown => markdown::render(&history, lang),
        Format::Html => html::render(&history, lang),
        Format::Json => json::render(&history),
    };
    Said { text, notes, success: true }
}

/// Adds the exercise of a recording, if it is of this game day; of any other only the name is read.
fn add(found: &mut Found, path: &Path, name: &str, asked: Asked) -> Result<(), ReadError> {
    let trust = if asked.anyway { Trust::Anyway } else { Trust::Strict };
    let mut reader = Reader::new(Input::open(path)?, trust)?;
    let header = reader.header();
    if header.plan.name != name {
        found.names.insert(header.plan.name.clone());
        return Ok(());
    }
    // Nobody responded in a rehearsal.
    if header.rehearsal.is_some() {
        return Ok(());
    }
    if header.drill == asked.real {
        found.others += 1;
        return Ok(());
    }
    let mut state = State::new(Arc::new(header.clone()));
    while let Some(envelope) = reader.next_event()? {
        apply(&mut state, &envelope);
    }
    let file = printable(&path.display().to_string(), 300);
    found.past.push(Past::from_state(&state, file, reader.warnings()));
    Ok(())
}

fn none(name: &str, folder: &str, found: &Found, real: bool) -> String {
    let shown = printable(name, 100);
    let (what, others) =
        if real { ("real incident", "drills") } else { ("drill", "real incidents") };
    let mend = if found.others > 0 {
        let option = if real { "leave --real out" } else { "add --real" };
        format!("there are {} {others} of it: {option}", found.others)
    } else if let Some(near) = nearest(name, found.names.iter().map(String::as_str)) {
        format!("did you mean \"{}\"?", plain(near))
    } else {
        format!("recordings are in {folder}")
    };
    format!("there is no recording of a {what} of the game day \"{shown}\"; {mend}\n")
}
