//! The data of the shop against its checkpoint and against what customers were told: gathers both. What follows from them
//! is `compare`'s; nothing of the shop is changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde::Deserialize;

use super::channel::{Answer, What};
use super::compare::{Data, Evidence, Order, compare as compare_data};
use super::line::Line;
use super::running::Lab;
use super::snapshot::{database_of, snapshot};
use crate::exercise::reading::{Checkpoint, IntegrityCheck};
use crate::port::target::TargetError;

/// So long the queue may take to empty, and the replica to catch up.
const SETTLE_LIMIT: Duration = Duration::from_secs(5);

/// How often it is looked whether they have.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A pod that does not say within so long how far it is counts as away.
const POSITION_LIMIT: Duration = Duration::from_secs(1);

/// A copy may take so long.
const COPY_LIMIT: Duration = Duration::from_secs(10);

/// The file that holds the data of the checkpoint, in the lab's folder.
const CHECKPOINT: &str = "checkpoint.db";

/// Remembers the data as it is; what was remembered before is forgotten.
///
/// # Errors
/// When there is no primary, or it cannot copy its data.
pub(super) async fn checkpoint(lab: &Lab) -> Result<Checkpoint, TargetError> {
    let primary = database(lab, "primary").ok_or_else(no_primary)?;
    copy(&primary, CHECKPOINT).await?;
    let path = lab.folder().join(CHECKPOINT);
    let data = apart(move || read_data(&path)).await?;
    let tables = [
        ("users", data.users.len()),
        ("orders", data.orders.len()),
        ("transactions", data.payments.len()),
        ("products", data.products.len()),
    ];
    let tables = tables.map(|(table, rows)| (table.to_owned(), rows as u64));
    Ok(Checkpoint { tables: tables.into() })
}

/// Compares the data with the checkpoint, with what customers were told since, and the replica with the primary; waits a
/// while before for what is on its way. Everything is copied once.
///
/// # Errors
/// When there is no checkpoint, or no primary to be looked at.
pub(super) async fn compare(lab: &Lab) -> Result<IntegrityCheck, TargetError> {
    let before = lab.folder().join(CHECKPOINT);
    if !before.exists() {
        return Err(TargetError("there is no checkpoint to compare with".to_owned()));
    }
    let until = lab.clock().monotonic() + SETTLE_LIMIT;
    settle(lab, true, until).await;
    let evidence = gather(lab, before, until).await?;
    apart(move || Ok(compare_data(&evidence))).await
}

/// Waits until the replica has what the primary has, and, where `empty`, no order waits in the queue; but not longer than
/// until then, on the lab's clock.
async fn settle(lab: &Lab, empty: bool, until: Duration) {
    while !(level(lab).await && (!empty || nothing_waits(lab).await))
        && lab.clock().monotonic() < until
    {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// How far a pod is: its newest commit, that one's term, and how many orders wait in it; `None`: it does not answer.
async fn position(line: Option<Arc<Line>>) -> Option<(i64, i64, u32)> {
    match line?.call_for(What::Position, POSITION_LIMIT).await {
        Ok(Answer::Position { commit, term, waiting }) => Some((commit, term, waiting)),
        _ => None,
    }
}

/// Whether no order waits in the queue; one that is down lets nothing out in any case.
async fn nothing_waits(lab: &Lab) -> bool {
    position(queue(lab)).await.is_none_or(|(_, _, waiting)| waiting == 0)
}

/// Whether the replica has what the primary has; one that is away does not get it in any case.
async fn level(lab: &Lab) -> bool {
    let primary = position(database(lab, "primary")).await;
    let replica = position(database(lab, "replica")).await;
    let (Some(primary), Some(replica)) = (primary, replica) else { return true };
    replica.0 >= primary.0 && replica.1 >= primary.1
}

/// Everything there is to compare. The order of looking matters, since the shop goes on meanwhile: what was acknowledged
/// before what waits, that before what is done, that before the replica, and what was asked for last. The replica is
/// copied when it has what was copied of the primary, or at `until`, on the lab's clock.
async fn gather(lab: &Lab, before: PathBuf, until: Duration) -> Result<Evidence, TargetError> {
    let folder = lab.folder().to_owned();
    let list = folder.clone();
    let acknowledged = apart(move || read_ledgers(&list, "acknowledged-")).await?;
    let queued = match queue(lab) {
        Some(queue) if copy(&queue, "queue.copy.db").await.is_ok() => {
            let path = folder.join("queue.copy.db");
            apart(move || read_queue(&path)).await?
        }
        // A queue that is down still has what it kept.
        _ => {
            let path = database_of(&folder, "message-queue-1");
            let copy = folder.join("queue.copy.db");
            let read = move || {
                snapshot(&path, &copy).map_err(|error| TargetError(error.to_string()))?;
                read_queue(&copy)
            };
            let there = database_of(&folder, "message-queue-1").exists();
            if there { apart(read).await? } else { Vec::new() }
        }
    };
    let primary = database(lab, "primary").ok_or_else(no_primary)?;
    copy(&primary, "primary.copy.db").await?;
    settle(lab, false, until).await;
    let replica = match database(lab, "replica") {
        // One that does not answer cannot be compared; that it is away is told elsewhere.
        Some(replica) => copy(&replica, "replica.copy.db").await.is_ok(),
        None => false,
    };
    apart(move || {
        Ok(Evidence {
            before: read_data(&before)?,
            now: read_data(&folder.join("primary.copy.db"))?,
            replica: if replica { Some(read_data(&folder.join("replica.copy.db"))?) } else { None },
            acknowledged,
            queued,
            asked: read_ledgers(&folder, "asked-")?,
        })
    })
    .await
}

fn no_primary() -> TargetError {
    TargetError("no primary database runs".to_owned())
}

fn queue(lab: &Lab) -> Option<Arc<Line>> {
    pod(lab, |labels| labels.get("app").is_some_and(|app| app == "message-queue"))
}

fn database(lab: &Lab, role: &str) -> Option<Arc<Line>> {
    pod(lab, |labels| {
        labels.get("app").is_some_and(|app| app == "database")
            && labels.get("role").is_some_and(|is| is == role)
    })
}

type Labels = std::collections::BTreeMap<String, String>;

fn pod(lab: &Lab, is_it: impl Fn(&Labels) -> bool) -> Option<Arc<Line>> {
    let pods = lab.crew().topology_now().pods;
    pods.iter().filter(|pod| is_it(&pod.labels)).find_map(|pod| lab.crew().line(&pod.name))
}

async fn copy(line: &Line, file: &str) -> Result<(), TargetError> {
    match line.call_for(What::CopyData { file: file.to_owned() }, COPY_LIMIT).await? {
        Answer::Done => Ok(()),
        other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
    }
}

/// Off the runtime: files and SQLite make whoever uses them wait.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TargetError> + Send + 'static,
) -> Result<T, TargetError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| TargetError(error.to_string()))?
}

fn sql(error: rusqlite::Error) -> TargetError {
    TargetError(format!("the copied data cannot be read: {error}"))
}

fn rows<T>(
    connection: &Connection,
    text: &str,
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, TargetError> {
    let mut statement = connection.prepare(text).map_err(sql)?;
    let rows = statement.query_map([], row).map_err(sql)?;
    rows.collect::<Result<_, _>>().map_err(sql)
}

fn open(path: &Path) -> Result<Connection, TargetError> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sql)
}

fn read_data(path: &Path) -> Result<Data, TargetError> {
    let data = open(path)?;
    let users = rows(&data, "SELECT id, name, orders FROM users", |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    })?;
    let products = rows(&data, "SELECT id, name, cents FROM products", |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    })?;
    let text = "SELECT uid, id, user_id, product_id, quantity, cents FROM orders";
    let orders = rows(&data, text, |row| {
        let order = Order {
            user: row.get(2)?,
            product: row.get(3)?,
            quantity: row.get(4)?,
            place: row.get(1)?,
            cents: row.get(5)?,
        };
        Ok((row.get(0)?, order))
    })?;
    let text = "SELECT transactions.id, uid, transactions.cents FROM transactions
        JOIN orders ON orders.id = order_id";
    let payments = rows(&data, text, |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(Data {
        users: users.into_iter().collect(),
        products: products.into_iter().collect(),
        orders: orders.into_iter().collect(),
        payments: payments.into_iter().collect(),
    })
}

fn read_queue(path: &Path) -> Result<Vec<String>, TargetError> {
    rows(&open(path)?, "SELECT id FROM messages WHERE topic = 'orders'", |row| row.get(0))
}

/// One line of a ledger.
#[derive(Deserialize)]
struct Entry {
    id: String,
    user: u32,
    product: u32,
    quantity: u32,
}

fn read_ledgers(folder: &Path, list: &str) -> Result<Vec<(String, Order)>, TargetError> {
    let system = |error: std::io::Error| TargetError(format!("{}: {error}", folder.display()));
    let mut orders = Vec::new();
    for entry in fs::read_dir(folder).map_err(system)? {
        let path = entry.map_err(system)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with(list) || !name.ends_with(".jsonl") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(system)?;
        // A torn last line belongs to a pod that died before it could tell anyone.
        let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        orders.extend(entries.map(|Entry { id, user, product, quantity }| {
            (id, Order { user, product, quantity, place: 0, cents: 0 })
        }));
    }
    Ok(orders)
}
