//! Looks whether a replica is late, and whether it has caught up: places an order of its own at the primary, and reads in
//! both files, from outside, how far they are. The order stands in the list of what was asked for, like a customer's.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use super::channel::{Answer, Purchase, What};
use super::crew::Crew;
use super::datafile::{folder, read};
use super::line::Line;
use super::shop::Role;
use super::witness::Witness;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::gameday::span::Span;
use crate::port::target::TargetError;

/// However late the replica is, it is watched for so long at most before that is believed.
const WATCH_AT_MOST: i64 = 1_000;

/// How often the replica's file is read.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Without lag the replica catches up within so long.
const LEVEL_LIMIT: i64 = 2_000;

/// A commit: its place in the log, and its term.
type Place = (i64, i64);

/// Looks whether an order that the primary has is in the replica only `lag` later; the evidence.
///
/// # Errors
/// When it is there too early, or the replica does not have the fault.
pub(super) async fn felt(
    crew: &Crew,
    replica: &Line,
    key: &str,
    lag: Span,
) -> Result<Said, TargetError> {
    let placed = match (crew.witness.get(), primary(crew)) {
        (Some(witness), Some(primary)) => {
            place(witness, &primary, key).await.map(|(id, at)| (witness, primary, id, at))
        }
        _ => Err(TargetError("no primary takes orders".to_owned())),
    };
    let pod = replica.pod;
    let (witness, primary, id, at) = match placed {
        Ok(placed) => placed,
        Err(why) => {
            return match replica.call(What::Inspect).await? {
                Answer::Faults { keys, .. } if keys.iter().any(|one| one == key) => Ok(said!(
                    "lab-waits-unseen",
                    "{pod} waits {lag} before it does what it is told; no order could be placed to see it: {why}",
                    pod = pod,
                    lag = lag,
                    why = why.0
                )),
                _ => Err(TargetError(format!("{pod} does not have the fault"))),
            };
        }
    };
    // A grain of timers is allowed.
    let least = i64::try_from(lag.as_millis()).unwrap_or(i64::MAX) / 10 * 9;
    let first = primary.pod;
    loop {
        let before = witness.wall_millis() - at;
        if has_order(replica, &id).await? {
            let age = witness.wall_millis() - at;
            return if age < least {
                Err(TargetError(format!("an order is in {pod} {age} ms after {first} had it")))
            } else {
                Ok(said!(
                    "lab-order-late",
                    "an order is in {pod} only {age} ms after {first} had it",
                    pod = pod,
                    age = age,
                    first = first
                ))
            };
        }
        if before >= least.min(WATCH_AT_MOST) {
            return Ok(said!(
                "lab-order-not-there",
                "an order is not in {pod} {before} ms after {first} had it",
                pod = pod,
                before = before,
                first = first
            ));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Looks whether the replica has everything that the primary has by now; what is told.
///
/// # Errors
/// When it has not, although nothing else keeps it from that.
pub(super) async fn level(crew: &Crew, replica: &Line) -> Result<Said, TargetError> {
    let pod = replica.pod;
    let (Some(witness), Some(primary)) = (crew.witness.get(), primary(crew)) else {
        return Ok(said!(
            "lab-no-primary",
            "{pod} waits no longer; there is no primary to follow",
            pod = pod
        ));
    };
    let goal = newest(&primary).await?;
    let start = witness.wall_millis();
    loop {
        let now = newest(replica).await?;
        let (seq, head) = (now.0, goal.0);
        if head == 0 || has_commit(replica, goal).await? {
            return Ok(said!(
                "lab-level",
                "{pod} has everything {primary} has, up to commit {head}",
                pod = pod,
                primary = primary.pod,
                head = head
            ));
        }
        if witness.wall_millis() - start >= LEVEL_LIMIT {
            let told = said!(
                "lab-behind",
                "{pod} is at commit {seq}, {primary} at {head}",
                pod = pod,
                seq = seq,
                primary = primary.pod,
                head = head
            );
            let own = [pod, primary.pod];
            let disturbed = crew.standing().iter().any(|part| own.contains(&part.pod));
            // Who has commits that the primary never made does not follow it, and that is no lag.
            return if disturbed || !has_commit(&primary, now).await? {
                let waits_not = said!("lab-waits-not", "{pod} waits no longer", pod = pod);
                Ok(Said::all([waits_not, told], Between::Then))
            } else {
                Err(TargetError(told.into()))
            };
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The line to the primary, while it takes traffic.
fn primary(crew: &Crew) -> Option<Arc<Line>> {
    let ready = crew.present().filter(|(_, state)| state.health == PodHealth::Ready);
    ready.filter(|(_, state)| state.role == Role::Primary).find_map(|(_, state)| state.line)
}

/// Places an order; its identity, and when the primary committed it, in milliseconds since 1970.
async fn place(witness: &Witness, primary: &Line, key: &str) -> Result<(String, i64), TargetError> {
    let id = format!("lab-{key}-{}", witness.wall_millis());
    let purchase = Purchase { id: id.clone(), user: 1, product: 1, quantity: 1 };
    let list = folder(primary)?.join("asked-lab.jsonl");
    let entry = purchase.clone();
    let written = tokio::task::spawn_blocking(move || write_down(&list, &entry)).await;
    written
        .map_err(|error| error.to_string())
        .and_then(|written| written.map_err(|error| error.to_string()))
        .map_err(TargetError)?;
    primary.call(What::Buy(purchase)).await?;
    let order = id.clone();
    let at = read(primary, move |file| {
        file.query_row("SELECT at FROM orders WHERE uid = ?1", [order], |row| row.get(0))
    });
    Ok((id, at.await?))
}

/// Adds an order to the list of what was asked for.
fn write_down(list: &Path, purchase: &Purchase) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(purchase)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).open(list)?.write_all(&line)
}

async fn has_order(line: &Line, id: &str) -> Result<bool, TargetError> {
    let id = id.to_owned();
    let sql = "SELECT EXISTS (SELECT 1 FROM orders WHERE uid = ?1)";
    read(line, move |file| file.query_row(sql, [id], |row| row.get(0))).await
}

async fn has_commit(line: &Line, (seq, term): Place) -> Result<bool, TargetError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM replication_log WHERE seq = ?1 AND term = ?2)";
    read(line, move |file| file.query_row(sql, [seq, term], |row| row.get(0))).await
}

/// The newest commit; zeros: there is none.
async fn newest(line: &Line) -> Result<Place, TargetError> {
    let work = |file: &Connection| {
        let sql = "SELECT coalesce(max(seq), 0), coalesce(max(term), 0) FROM replication_log
            WHERE seq = (SELECT max(seq) FROM replication_log)";
        file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    read(line, work).await
}
