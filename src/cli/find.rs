//! From a name or path and a duration, as typed, to a plan that can be run.

use std::path::Path;

use super::library::resolve;
use super::manifests::fill;
use super::output::complain;
use crate::config::Folders;
use crate::gameday::defence::Defences;
use crate::gameday::plan::{GameDay, Target};
use crate::gameday::problem::show::render;
use crate::gameday::read::inspect;
use crate::gameday::span::Span;

/// The shortest whole exercise: a second for each of a few phases is the least that can be measured.
pub(super) const SHORTEST: Span = Span::from_secs(4);

/// Finds, reads and scales a game day; `lab` says which defences the lab has, whatever the file says. Warnings are
/// printed.
///
/// # Errors
/// Everything that keeps it from being run, as text for people.
pub(super) fn find(
    name: &str,
    duration: Option<&str>,
    lab: Option<Defences>,
    folders: &Folders,
) -> Result<GameDay, String> {
    let (text, file) = text_of(name, folders)?;
    let (plan, problems) = inspect(&text, &file);
    let shown = render(&problems, &text, &file);
    let Some(mut plan) = plan else { return Err(shown) };
    if !problems.is_empty() {
        complain(&shown);
    }
    fill(&mut plan, &file)?;
    if let Some(defences) = lab {
        if plan.target != Target::Lab {
            return Err(format!("--lab {defences}: the target of {name} is not the lab"));
        }
        plan.defences = defences;
    }
    match duration {
        None => Ok(plan),
        Some(typed) => Ok(plan.scaled_to(length(typed)?)),
    }
}

/// The text behind a name or a path, with the name of its file.
///
/// # Errors
/// That there is none, or why it cannot be read; for people.
pub(super) fn text_of(name: &str, folders: &Folders) -> Result<(String, String), String> {
    resolve(name, Path::new("gamedays"), Some(&folders.gamedays()))
}

fn length(typed: &str) -> Result<Span, String> {
    let wrong = |why: &str| format!("--duration {typed:?}: {why}; write it like 4m, 90s or 1h30m");
    let length = humantime::parse_duration(typed).map_err(|error| wrong(&error.to_string()))?;
    let length = Span::from(length);
    if length < SHORTEST || length > Span::from_secs(24 * 3_600) {
        return Err(wrong("a game day lasts from 4s to 24h"));
    }
    Ok(length)
}
