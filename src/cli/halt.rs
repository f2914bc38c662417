//! `gameday halt`, and the reaper that does the same when nobody can: lets go of what runs have in a cluster.

use std::io::{IsTerminal as _, stdin};

use super::args::{Halt, Reap};
use super::output::{complain, print};
use super::said::Said;
use super::typed::typed_line;
use crate::gameday::text::{plain, plain_lines, printable};
use crate::kubernetes::connect::{Connection, connect};
use crate::kubernetes::halt::{self, Order, over};
use crate::kubernetes::journal::{self, RunFound};
use crate::kubernetes::reach::Reach;
use crate::kubernetes::reaper::{Pace, watch_over};
use crate::port::clock::Clock;

/// Stops what is meant, and says what became of each thing.
///
/// # Errors
/// When there is no way to a cluster; for people.
pub(super) async fn halt(asked: Halt, clock: &dyn Clock) -> Result<Said, String> {
    let place = &asked.place;
    let connection = connect(place.context.as_deref(), place.namespace.as_deref())
        .await
        .map_err(|error| plain(&error.0))?;
    let reach = match asked.all_namespaces {
        true => Reach::Everywhere,
        false => Reach::Namespace(connection.namespace.clone()),
    };
    if let Some(fault) = &asked.take_back {
        return take_back(&connection, &reach, fault, &asked, clock).await;
    }
    let order = Order {
        force: asked.reason.filter(|_| asked.force_finalizers),
        bound: asked.timeout,
        ..Order::of(asked.run.as_deref(), reach.clone(), &who())
    };
    let report = halt::halt(&connection, &order, clock).await;
    let mut text = report.text();
    if report.runs.is_empty() {
        text.push_str(&format!(
            "looked in {reach} of {}, by context {}\n",
            connection.server, connection.context
        ));
        if !asked.all_namespaces {
            text.push_str("gameday halt --all-namespaces looks everywhere\n");
            text.push_str(&others(&connection, asked.run.as_deref()).await);
        }
    }
    Ok(Said { text: plain_lines(&text) + "\n", notes: String::new(), success: report.is_clean() })
}

/// The runs of other namespaces, for who looked in the wrong one; nothing where they may not be looked at.
async fn others(connection: &Connection, run: Option<&str>) -> String {
    let found = journal::runs(connection, &Reach::Everywhere).await.unwrap_or_default();
    let meant = found.iter().filter(|one| run.is_none_or(|run| run == one.run));
    let line = |one: &RunFound| {
        let (run, namespace) = (printable(&one.run, 80), printable(&one.namespace, 80));
        format!(
            "NOT HALTED run {run} in namespace {namespace}: gameday halt --namespace {namespace}\n"
        )
    };
    meant.map(line).collect()
}

/// Undoes one step, whatever somebody else changed of it since, once a person has seen that and says so.
async fn take_back(
    connection: &Connection,
    reach: &Reach,
    fault: &str,
    asked: &Halt,
    clock: &dyn Clock,
) -> Result<Said, String> {
    let due = over::look(connection, reach, fault, clock).await.map_err(|error| plain(&error.0))?;
    if !due.overwritten.is_empty() {
        complain(&plain_lines(&format!(
            "somebody else changed what {fault} is about; this would be overwritten with what stood there before:\n  {}",
            due.overwritten.join("\n  ")
        )));
        agreed(fault, asked.yes).await?;
    }
    let report = over::take_back(connection, &due, asked.timeout).await;
    let text = plain_lines(&report.text()) + "\n";
    Ok(Said { text, notes: String::new(), success: report.is_clean() })
}

/// Whether a person agrees, beforehand or now.
async fn agreed(fault: &str, yes: bool) -> Result<(), String> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        return Err("nothing was changed: say with --yes that it may be overwritten".to_owned());
    }
    complain(&plain(&format!("Type {fault} to overwrite it, or anything else to leave:")));
    if typed_line().await? == fault {
        return Ok(());
    }
    Err("nothing was changed: what was typed is something else".to_owned())
}

/// Who stops it, for those who read of it: a name and a machine.
fn who() -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    let user = user.unwrap_or_else(|_| "somebody".to_owned());
    format!("{} with gameday halt", plain(&user))
}

/// Watches over a run.
///
/// # Errors
/// When there is no way to a cluster; for people.
pub(super) async fn reap(asked: Reap, clock: &dyn Clock) -> Result<Said, String> {
    let connection = connect(asked.context.as_deref(), Some(&asked.namespace))
        .await
        .map_err(|error| plain(&error.0))?;
    let pace = Pace { every: asked.every, stale: asked.stale_after, ..Pace::default() };
    // The log of a pod; when nobody takes it, that is no reason to let nobody go.
    let tell = |text: &str| drop(print(&plain_lines(text)));
    tell(&format!("watching over run {} in {}", asked.run, asked.namespace));
    watch_over(&connection, &asked.run, pace, clock, &tell).await;
    Ok(Said { text: String::new(), notes: String::new(), success: true })
}
