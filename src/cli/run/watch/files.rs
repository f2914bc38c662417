//! Files that say what is to be watched: read, with every problem told. Not their meaning.

use super::what::What;
use crate::cli::find::text_of;
use crate::cli::output::complain;
use crate::config::Folders;
use crate::gameday::plan::Limit;
use crate::gameday::problem::Severity;
use crate::gameday::problem::show::render;
use crate::gameday::read::inspect_watch;
use crate::gameday::watch::Inspected;

/// Adds what a file says to `what`; the promises of a game day come back, for they are about what the metrics offer.
///
/// # Errors
/// Everything that is wrong with the file, for people.
pub(super) fn add(name: &str, folders: &Folders, what: &mut What) -> Result<Vec<Limit>, String> {
    let (text, file) = text_of(name, folders)?;
    let (found, problems) = inspect_watch(&file, &text);
    let shown = render(&problems, &text, &file);
    let Some(found) = found else { return Err(shown) };
    if problems.count(Severity::Warning) > 0 {
        complain(shown.trim_end());
    }
    match found {
        Inspected::Watch(watch) => what.add_file(watch).map(|()| Vec::new()),
        Inspected::GameDay(plan) => {
            what.title.get_or_insert(plan.title);
            Ok(plan.slos.into_iter().map(|slo| slo.limit).collect())
        }
    }
}
