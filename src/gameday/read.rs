//! A game day file: text to [`GameDay`], or everything that is wrong with it at once. Reads no file itself.

use super::node;
use super::plan::GameDay;
use super::problem::{Place, Problems, Severity};
use super::watch::Inspected;
use findings::Findings;

mod address;
mod asked;
mod cluster;
mod expect;
mod experiment;
mod fields;
mod findings;
mod generator;
mod limits;
mod load;
mod meaning;
mod objectives;
mod people;
mod shop;
mod silence;
mod size;
mod timeline;
mod traffic;
mod value;
mod watch;
mod whole;

/// Reads a game day; `file_name` gives it a name where it has none of its own.
///
/// # Errors
/// Everything that is wrong with it, warnings included.
pub fn read(text: &str, file_name: &str) -> Result<GameDay, Problems> {
    match inspect(text, file_name) {
        (Some(plan), _) => Ok(plan),
        (None, problems) => Err(problems),
    }
}

/// Reads a game day and keeps the warnings of one that can be run. There is a game day exactly when no problem is an error.
pub fn inspect(text: &str, file_name: &str) -> (Option<GameDay>, Problems) {
    let root = match node::parse(text) {
        Ok(root) => root,
        Err(problem) => {
            let mut problems = Problems::default();
            problems.push(problem);
            return (None, problems);
        }
    };
    let mut findings = Findings::default();
    let plan = whole::read(&root, file_name, &mut findings);
    if plan.is_none() && !findings.is_fatal() {
        let start = Place { line: 1, column: 1, width: 1 };
        findings.error(
            start,
            "this is no game day",
            "",
            "`gameday new NAME` writes one to begin with",
        );
    }
    let problems = findings.into_problems();
    let plan = if problems.count(Severity::Error) == 0 { plan } else { None };
    (plan, problems)
}

/// Reads what is to be watched, in the form of this program, of OpenSLO or of Sloth; a game day is read as one. `source` is
/// the name of the file. There is something exactly when no problem is an error; what cannot be watched is left out with a
/// warning.
pub fn inspect_watch(source: &str, text: &str) -> (Option<Inspected>, Problems) {
    match watch::read(text) {
        watch::Read::Watch(found, problems) => (found.map(Inspected::Watch), problems),
        watch::Read::GameDay => {
            let (plan, problems) = inspect(text, source);
            (plan.map(|plan| Inspected::GameDay(Box::new(plan))), problems)
        }
    }
}
