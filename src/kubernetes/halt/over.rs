//! One step of a run of which somebody else changed something since: what that is, and the way back all the same, once a person
//! has seen it and says so. Not the asking.

use std::time::Duration;

use super::super::connect::Connection;
use super::super::journal;
use super::super::journal::page::{Entry, Page};
use super::super::lease;
use super::super::name::mark;
use super::super::native::carry::{self, Over};
use super::super::native::change::Change;
use super::super::reach::Reach;
use super::super::undo::Part;
use super::order::at;
use super::outcome::Report;
use super::undo;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::target::TargetError;

/// A step with its way back.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    page: Page,
    entries: Vec<Entry>,
    /// What would be overwritten that somebody else put there, each with the object.
    pub overwritten: Vec<String>,
    /// The program of its run lives.
    pub alive: bool,
}

/// Looks what would be overwritten; `fault` is `run/step`, or the label on the objects. Changes nothing.
///
/// # Errors
/// When no journal knows the step, or the server does not say what is there.
pub async fn look(
    connection: &Connection,
    reach: &Reach,
    fault: &str,
    clock: &dyn Clock,
) -> Result<Due, TargetError> {
    let pages = journal::pages(connection, reach).await?;
    let known: Vec<String> =
        pages.iter().flat_map(|page| page.entries.iter().map(|one| page.fault(one))).collect();
    let found = pages.into_iter().find_map(|page| {
        let theirs = page.entries.iter().filter(|one| mark(&page.fault(one)) == mark(fault));
        let entries: Vec<Entry> = theirs.cloned().collect();
        (!entries.is_empty()).then_some((page, entries))
    });
    let Some((page, entries)) = found else { return Err(unknown(fault, reach, &known)) };
    let mut overwritten = Vec::new();
    for change in entries.iter().flat_map(changes) {
        if let Some(how) = carry::others(connection, change).await? {
            overwritten.push(format!("{}: {how}", change.object()));
        }
    }
    let leases = lease::all(&connection.client, reach).await.unwrap_or_default();
    let now = clock.wall_millis();
    let alive = leases.iter().any(|one| one.run == page.run && !lease::is_stale(one, now));
    Ok(Due { page, entries, overwritten, alive })
}

/// Puts what stood there before in the place of what stands there now, and strikes it out.
pub async fn take_back(connection: &Connection, due: &Due, bound: Duration) -> Report {
    let over = match due.overwritten.is_empty() {
        true => Over::Nothing,
        false => Over::Others,
    };
    let Due { page, entries, .. } = due;
    let there = at(connection, &page.namespace);
    let lines = undo(&there, &page.run, entries, over, bound).await;
    let mut report = Report { runs: vec![page.run.clone()], lines, notes: Vec::new() };
    if due.alive {
        report.notes.push("the program that runs it lives, and goes on".to_owned());
    } else if report.is_clean() {
        report.notes.push(format!(
            "gameday halt -n {} --run {} undoes the rest of the run, and takes its journal away",
            page.namespace, page.run
        ));
    }
    report
}

fn changes(entry: &Entry) -> impl Iterator<Item = &Change> {
    entry.undo.parts.iter().filter_map(|part| match part {
        Part::Native(change) => Some(change),
        Part::Chaos(_) => None,
    })
}

fn unknown(fault: &str, reach: &Reach, known: &[String]) -> TargetError {
    let known = match known.is_empty() {
        true => "there is nothing to take back".to_owned(),
        false => format!("there are {}", printable(&known.join(", "), 400)),
    };
    TargetError(format!("no journal in {reach} knows {}: {known}", printable(fault, 120)))
}
