//! The SQLite file of a database pod, on the pod's disk: schema, transactions, the log that is replicated, the outbox. Knows no network.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use super::disk::{Disk, past};
use super::query::{Commit, Product, Purchase};
use super::vfs;
use crate::lab::shop::{PRODUCTS, USERS};

/// Commits kept in the log after the replica has them.
const KEEP_LOG: i64 = 10_000;

/// Statements of one checkout that a customer waits for.
pub(super) const CHECKOUT_STATEMENTS: u32 = 3;

/// Events handed to a carrier at once.
const OUTBOX_AT_ONCE: u32 = 200;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, orders INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS products (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS orders (
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
        user_id INTEGER NOT NULL REFERENCES users(id),
        product_id INTEGER NOT NULL REFERENCES products(id), quantity INTEGER NOT NULL,
        cents INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS transactions (
        id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),
        cents INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS replication_log (
        seq INTEGER PRIMARY KEY, term INTEGER NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, uid TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS damage (
        fault TEXT NOT NULL, place TEXT NOT NULL, id INTEGER NOT NULL, cell TEXT NOT NULL,
        was, PRIMARY KEY (place, id));
";

/// What a full copy brings: everything but the damage, which is not data. What refers to others comes before them.
const COPIED: [&str; 7] =
    ["transactions", "orders", "products", "users", "replication_log", "outbox", "state"];

/// Why something was not done.
#[derive(Debug)]
pub(super) enum StoreError {
    /// It asks for something that is not there.
    Refused(&'static str),
    /// SQLite said no.
    Failed(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// One connection with the file.
pub(super) struct Store {
    connection: Connection,
    disk: Arc<Disk>,
}

impl Store {
    /// Opens the file; makes it, with users and products, if it is not there.
    pub(super) fn open(path: &Path, disk: &Arc<Disk>) -> Result<Self, StoreError> {
        let mut connection = connect(path, disk)?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(SCHEMA)?;
        let users: i64 =
            transaction.query_row("SELECT count(*) FROM users", [], |row| row.get(0))?;
        if users == 0 {
            fill(&transaction)?;
        }
        transaction.commit()?;
        Ok(Self { connection, disk: Arc::clone(disk) })
    }

    /// The newest commit, and its term; 0 and 0 before the first.
    pub(super) fn head(&self) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT seq, term FROM replication_log ORDER BY seq DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let head = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(head.unwrap_or_default())
    }

    /// Begins the reign of this file: a term that no other file ever had, and never goes back.
    pub(super) fn reign(&mut self, now: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO state (name, value) VALUES ('term', max(?1, 1 +
            (SELECT coalesce(max(term), 0) FROM replication_log)))
            ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value)";
        self.connection.prepare_cached(sql)?.execute([now])?;
        Ok(())
    }

    /// The smallest statement that reads the file.
    pub(super) fn ping(&self) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("SELECT id FROM users LIMIT 1")?
            .query_row([], |_| Ok(()))?;
        Ok(())
    }

    /// The products on the first page.
    pub(super) fn featured(&self) -> Result<Vec<Product>, StoreError> {
        let sql = "SELECT id, name, cents FROM products ORDER BY id LIMIT 8";
        let mut statement = self.connection.prepare_cached(sql)?;
        let products = statement.query_map([], product)?.collect::<Result<_, _>>()?;
        Ok(products)
    }

    /// One product.
    pub(super) fn product(&self, n: u32) -> Result<Option<Product>, StoreError> {
        let sql = "SELECT id, name, cents FROM products WHERE id = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([n], product).optional()?)
    }

    /// The products from one number to another.
    pub(super) fn products(&self, from: u32, to: u32) -> Result<Vec<Product>, StoreError> {
        let sql = "SELECT id, name, cents FROM products WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let products = statement.query_map([from, to], product)?.collect::<Result<_, _>>()?;
        Ok(products)
    }

    /// Takes an order, in one transaction with its payment, its place in the log and, if asked for, its event. What was
    /// taken before is answered with the order it became. The order, and the place in the log that holds it.
    pub(super) fn checkout(
        &mut self,
        purchase: &Purchase,
        at: i64,
        outbox: bool,
    ) -> Result<(i64, i64), StoreError> {
        let transaction = self.connection.transaction()?;
        let last = "SELECT coalesce(max(seq), 0) FROM replication_log";
        let last: i64 = transaction.prepare_cached(last)?.query_row([], |row| row.get(0))?;
        let known = transaction
            .prepare_cached("SELECT id FROM orders WHERE uid = ?1")?
            .query_row([&purchase.id], |row| row.get(0))
            .optional()?;
        if let Some(order) = known {
            return Ok((order, last));
        }
        let cents = transaction
            .prepare_cached("SELECT cents * ?2 FROM products WHERE id = ?1")?
            .query_row([purchase.product, purchase.quantity], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::Refused("no such product"))?;
        let order = "SELECT coalesce(max(id), 0) + 1 FROM orders";
        let order = transaction.prepare_cached(order)?.query_row([], |row| row.get(0))?;
        let term = "SELECT coalesce(max(value), 0) FROM state WHERE name = 'term'";
        let term = transaction.prepare_cached(term)?.query_row([], |row| row.get(0))?;
        let purchase = purchase.clone();
        let commit = Commit { seq: last + 1, term, at, order, cents, purchase };
        write(&transaction, &commit, outbox)?;
        transaction.commit()?;
        Ok((commit.order, commit.seq))
    }

    /// Commits after `after`, in order; `None` when the one at `after` was not made in `term`, or the log does not go
    /// back so far.
    pub(super) fn commits(&self, after: i64, term: i64) -> Result<Option<Vec<Commit>>, StoreError> {
        let sql = "SELECT (SELECT term FROM replication_log WHERE seq = ?1),
            (SELECT coalesce(min(seq), 1) FROM replication_log)";
        let (there, first): (Option<i64>, i64) = self
            .connection
            .prepare_cached(sql)?
            .query_row([after], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let same = if after == 0 { first <= 1 } else { there == Some(term) };
        if !same {
            return Ok(None);
        }
        let sql = "SELECT entry FROM replication_log WHERE seq > ?1 ORDER BY seq LIMIT 500";
        let mut statement = self.connection.prepare_cached(sql)?;
        let entries = statement.query_map([after], |row| row.get::<_, String>(0))?;
        let commits = entries.map(|entry| {
            serde_json::from_str(&entry?).map_err(|error| StoreError::Failed(error.to_string()))
        });
        commits.collect::<Result<_, _>>().map(Some)
    }

    /// When the first commit after `after` was made.
    pub(super) fn first_after(&self, after: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT at FROM replication_log WHERE seq > ?1 ORDER BY seq LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([after], |row| row.get(0)).optional()?)
    }

    /// Does again what the primary committed, in one transaction.
    pub(super) fn replay(&mut self, commits: &[Commit], outbox: bool) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for one in commits {
            write(&transaction, one, outbox)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Forgets the part of the log that everyone has, but for the last stretch.
    pub(super) fn trim(&mut self, everyone_has: i64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM replication_log WHERE seq <= ?1")?
            .execute([everyone_has - KEEP_LOG])?;
        Ok(())
    }

    /// Events that wait for a carrier, oldest first.
    pub(super) fn outbox(&self) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT seq, uid FROM outbox ORDER BY seq LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let waiting =
            statement.query_map([OUTBOX_AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(waiting.collect::<Result<_, _>>()?)
    }

    /// How many events wait, and the newest commit before which none does.
    pub(super) fn outbox_depth(&self) -> Result<(u32, i64), StoreError> {
        let sql = "SELECT count(*), coalesce(min(seq) - 1,
            (SELECT coalesce(max(seq), 0) FROM replication_log)) FROM outbox";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// The events of commits up to `through` wait no longer.
    pub(super) fn relayed(&mut self, through: i64) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM outbox WHERE seq <= ?1")?.execute([through])?;
        Ok(())
    }

    /// Writes everything, as it is now, to a new file.
    pub(super) fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        copy(&self.connection, path)
    }

    /// Becomes what the copy is, in one transaction.
    pub(super) fn become_copy(&mut self, path: &Path) -> Result<(), StoreError> {
        let path = path.to_string_lossy();
        self.connection.execute("ATTACH DATABASE ?1 AS copy", [&path])?;
        let become_it = |connection: &mut Connection| -> Result<(), StoreError> {
            let transaction = connection.transaction()?;
            transaction.execute_batch("DELETE FROM damage")?;
            for table in COPIED {
                transaction.execute_batch(&format!("DELETE FROM main.{table};"))?;
            }
            for table in COPIED.iter().rev() {
                transaction.execute_batch(&format!(
                    "INSERT INTO main.{table} SELECT * FROM copy.{table};"
                ))?;
            }
            transaction.commit()?;
            Ok(())
        };
        let done = become_it(&mut self.connection);
        self.connection.execute_batch("DETACH DATABASE copy")?;
        done
    }

    /// Lets the folder of the file grow by so many bytes and no further; `None`: as far as it likes.
    pub(super) fn limit(&self, free: Option<u64>) -> Result<(), StoreError> {
        limit(&self.connection, &self.disk, free)
    }

    /// Whether so many bytes more can be written, and committed after them; leaves nothing behind.
    pub(super) fn try_write(&self, bytes: u64) -> Result<(), StoreError> {
        try_write(&self.connection, &self.disk, bytes)
    }

    /// The connection, for what is done to the data from outside.
    pub(super) const fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// The only connection with a file on this disk; it keeps what was committed when the process dies.
pub(super) fn connect(path: &Path, disk: &Arc<Disk>) -> Result<Connection, StoreError> {
    let files = vfs::register(disk).map_err(system)?;
    let how = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = Connection::open_with_flags_and_vfs(path, how, files.as_str())?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // Before anything is read: then the log needs no memory that is shared.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit survives the death of the process; only a power cut could take the last ones.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // The log takes no more room than it needs.
    connection.pragma_update(None, "journal_size_limit", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

fn system(error: std::io::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}

/// Writes everything in the file of the connection to a new file.
pub(super) fn copy(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::Failed(error.to_string()));
        }
        _ => {}
    }
    connection.execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
    Ok(())
}

/// Lets the folder of the connection's file grow by so many bytes and no further; `None`: as far as it likes.
pub(super) fn limit(
    connection: &Connection,
    disk: &Disk,
    free: Option<u64>,
) -> Result<(), StoreError> {
    if free.is_some() {
        // Into a log that is long already much could be written without the folder growing.
        past(|| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))?;
    }
    disk.limit(free).map_err(system)
}

/// Whether so many bytes more can be written into the folder of the connection's file, and a page of the file itself be
/// committed after them; leaves nothing behind.
pub(super) fn try_write(
    connection: &Connection,
    disk: &Disk,
    bytes: u64,
) -> Result<(), StoreError> {
    disk.try_write(bytes).map_err(system)?;
    // A number in the head of the file that means nothing to SQLite.
    let number: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(None, "user_version", number.wrapping_add(1))?;
    Ok(())
}

fn product(row: &rusqlite::Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product { n: row.get(0)?, name: row.get(1)?, cents: row.get(2)? })
}

/// The rows of one commit.
fn write(transaction: &Transaction<'_>, one: &Commit, outbox: bool) -> Result<(), StoreError> {
    let bought = &one.purchase;
    let sql = "UPDATE users SET orders = orders + 1 WHERE id = ?1";
    if transaction.prepare_cached(sql)?.execute([bought.user])? == 0 {
        return Err(StoreError::Refused("no such user"));
    }
    let sql = "INSERT INTO orders (id, uid, user_id, product_id, quantity, cents, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![
        one.order,
        bought.id,
        bought.user,
        bought.product,
        bought.quantity,
        one.cents,
        one.at
    ];
    transaction.prepare_cached(sql)?.execute(row)?;
    transaction
        .prepare_cached("INSERT INTO transactions (order_id, cents, at) VALUES (?1, ?2, ?3)")?
        .execute(params![one.order, one.cents, one.at])?;
    let entry =
        serde_json::to_string(one).map_err(|error| StoreError::Failed(error.to_string()))?;
    transaction
        .prepare_cached(
            "INSERT INTO replication_log (seq, term, at, entry) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![one.seq, one.term, one.at, entry])?;
    if outbox {
        transaction
            .prepare_cached("INSERT INTO outbox (seq, uid) VALUES (?1, ?2)")?
            .execute(params![one.seq, bought.id])?;
    }
    Ok(())
}

/// The same users and products in every file, as from one backup.
fn fill(connection: &Connection) -> Result<(), StoreError> {
    let mut user = connection.prepare("INSERT INTO users (id, name) VALUES (?1, ?2)")?;
    for id in 1..=USERS {
        user.execute(params![id, format!("customer {id}")])?;
    }
    let mut product =
        connection.prepare("INSERT INTO products (id, name, cents) VALUES (?1, ?2, ?3)")?;
    for id in 1..=PRODUCTS {
        product.execute(params![
            id,
            format!("product {id}"),
            500 + (i64::from(id) * 7_919) % 20_000
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::*;
    use crate::gameday::fault::IoAction;

    fn purchase(id: &str, user: u32, product: u32) -> Purchase {
        Purchase { id: id.to_owned(), user, product, quantity: 2 }
    }

    fn open(folder: &tempfile::TempDir, name: &str) -> Store {
        let disk = crate::lab::pod::disk::tests::disk(&folder.path().join(name));
        Store::open(&disk.folder().join("file"), &disk).unwrap()
    }

    /// Every row of what is replicated or copied.
    fn rows(store: &Store) -> Vec<String> {
        let dump = |table: &str| {
            let sql = format!("SELECT * FROM {table} ORDER BY 1");
            let mut statement = store.connection.prepare(&sql).unwrap();
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns).map(|index| row.get(index)).collect::<rusqlite::Result<Vec<Value>>>()
            });
            rows.unwrap().map(|row| format!("{table} {:?}", row.unwrap())).collect::<Vec<_>>()
        };
        ["users", "products", "orders", "transactions", "replication_log", "outbox"]
            .map(dump)
            .concat()
    }

    #[test]
    fn what_the_primary_commits_the_replica_does_again() {
        let folder = tempfile::tempdir().unwrap();
        let (mut primary, mut replica) = (open(&folder, "primary"), open(&folder, "replica"));
        primary.reign(7).unwrap();
        for n in 1..=3 {
            let order = primary.checkout(&purchase(&n.to_string(), n, n), 1_000, true).unwrap();
            assert_eq!(order, (i64::from(n), i64::from(n)));
        }
        let again = primary.checkout(&purchase("2", 2, 2), 2_000, true).unwrap();
        assert_eq!(again, (2, 3), "an order that is asked for twice is placed once");
        for wrong in [purchase("x", USERS + 1, 1), purchase("x", 1, PRODUCTS + 1)] {
            assert!(matches!(primary.checkout(&wrong, 0, true), Err(StoreError::Refused(_))));
        }
        let commits = primary.commits(0, 0).unwrap().unwrap();
        replica.replay(&commits[..1], true).unwrap();
        assert!(replica.replay(&commits, true).is_err(), "nothing is done twice");
        assert_eq!(replica.head().unwrap(), (1, 7), "and a failed batch leaves nothing behind");
        replica.replay(&commits[1..], true).unwrap();
        assert_eq!(rows(&primary), rows(&replica));
        assert_eq!(primary.outbox_depth().unwrap(), (3, 0));
        primary.relayed(2).unwrap();
        assert_eq!(primary.outbox_depth().unwrap(), (1, 2));
    }

    #[test]
    fn files_with_different_pasts_know_it_and_a_copy_makes_them_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (mut old, mut new) = (open(&folder, "old"), open(&folder, "new"));
        old.reign(10).unwrap();
        for n in 1..=3 {
            old.checkout(&purchase(&format!("old {n}"), 1, 1), 0, true).unwrap();
        }
        new.replay(&old.commits(0, 0).unwrap().unwrap()[..2], true).unwrap();
        new.reign(10).unwrap();
        let (seq, term) = old.head().unwrap();
        assert!(new.commits(seq, term).unwrap().is_none(), "it has what was never made here");
        new.checkout(&purchase("new 3", 1, 1), 0, true).unwrap();
        assert!(new.commits(seq, term).unwrap().is_none(), "also when both go as far");
        assert_ne!(rows(&old), rows(&new));
        let copy = folder.path().join("copy");
        new.copy_to(&copy).unwrap();
        new.copy_to(&copy).unwrap();
        old.become_copy(&copy).unwrap();
        assert_eq!(rows(&old), rows(&new));
        let (seq, term) = old.head().unwrap();
        assert_eq!(new.commits(seq, term).unwrap().unwrap(), []);
        new.checkout(&purchase("new 4", 1, 1), 0, true).unwrap();
        old.replay(&new.commits(seq, term).unwrap().unwrap(), true).unwrap();
        assert_eq!(rows(&old), rows(&new), "and goes on from there");
    }

    /// How many bytes the files of the folder have.
    fn size(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    }

    fn count(connection: &Connection) -> i64 {
        let whole: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        let sql = "SELECT count(*) FROM orders JOIN transactions ON order_id = orders.id
            JOIN replication_log ON seq = orders.id";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_full_folder_takes_no_more_until_it_may_grow_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder, "full");
        let here = store.disk.folder().to_owned();
        store.try_write(1_000_000).unwrap();
        store.limit(Some(100_000)).unwrap();
        let limit = size(&here) + 100_000;
        store.try_write(50_000).unwrap();
        assert!(store.try_write(100_001).is_err());
        let mut taken = 0;
        let error = loop {
            match store.checkout(&purchase(&format!("full {taken}"), 1, 1), 0, true) {
                Ok((order, _)) => taken = order,
                Err(error) => break error,
            }
            assert!(size(&here) <= limit, "{} of {limit}", size(&here));
        };
        assert!(matches!(&error, StoreError::Failed(why) if why.contains("full")), "{error:?}");
        assert!((1..100).contains(&taken), "{taken}");
        for n in 0..20 {
            assert!(store.checkout(&purchase(&format!("no {n}"), 1, 1), 0, true).is_err());
        }
        assert!(store.copy_to(&here.join("copy")).is_err(), "nor anything else");
        assert!(size(&here) <= limit);
        assert_eq!(store.head().unwrap().0, taken, "reading goes on");
        store.limit(None).unwrap();
        store.try_write(1_000_000).unwrap();
        assert_eq!(store.checkout(&purchase("room", 1, 1), 0, true).unwrap().0, taken + 1);
        assert_eq!(count(&store.connection), taken + 1);
    }

    #[test]
    fn what_fails_in_the_middle_is_rolled_back_and_what_was_taken_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder, "broken");
        let here = store.disk.folder().to_owned();
        // So little is kept in memory that transactions are written while they go on.
        store.connection.pragma_update(None, "cache_size", 2).unwrap();
        store.connection.pragma_update(None, "wal_autocheckpoint", 20).unwrap();
        store.disk.set(vec![IoAction::Fault { share: 0.05 }]);
        let mut taken = Vec::new();
        let mut failed = 0;
        for n in 0..2_000_u32 {
            let id = n.to_string();
            match store.checkout(&purchase(&id, n % USERS + 1, n % PRODUCTS + 1), 0, true) {
                Ok(_) => taken.push(id),
                Err(StoreError::Failed(why)) => {
                    assert!(why.contains("I/O"), "{why}");
                    failed += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(failed > 100 && taken.len() > 100, "{failed} failed, {} taken", taken.len());
        // What the next process would find, were this one killed now.
        let copy = folder.path().join("copy");
        crate::lab::snapshot::snapshot(&here.join("file"), &copy).unwrap();
        store.disk.set(Vec::new());
        assert_eq!(store.checkout(&purchase("sound", 1, 1), 0, true).unwrap().1, {
            count(&store.connection)
        });
        let copy = Connection::open(&copy).unwrap();
        let there = count(&copy);
        for connection in [&copy, &store.connection] {
            let mut find = connection.prepare("SELECT 1 FROM orders WHERE uid = ?1").unwrap();
            for id in &taken {
                assert!(find.exists([id]).unwrap(), "{id} was taken");
            }
        }
        // One that failed while it was committed may be there.
        assert!((taken.len() as i64..=taken.len() as i64 + 1).contains(&there), "{there}");
        assert_eq!(count(&store.connection), taken.len() as i64 + 1);
    }

    #[test]
    fn a_copy_from_outside_is_whole_while_orders_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder, "busy");
        let here = store.disk.folder().to_owned();
        let copies = std::thread::scope(|scope| {
            let orders = scope.spawn(move || {
                for n in 0..3_000_u32 {
                    let one = purchase(&n.to_string(), n % USERS + 1, n % PRODUCTS + 1);
                    store.checkout(&one, 0, true).unwrap();
                }
                store
            });
            let (mut copies, mut before) = (0, 0);
            while !orders.is_finished() {
                let copy = folder.path().join("copy");
                crate::lab::snapshot::snapshot(&here.join("file"), &copy).unwrap();
                let now = count(&Connection::open(&copy).unwrap());
                assert!(now >= before, "{now} after {before}");
                (copies, before) = (copies + 1, now);
            }
            drop(orders.join().unwrap());
            copies
        });
        assert!(copies > 0);
    }

    #[test]
    fn damage_is_undone_exactly_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder, "damaged");
        for n in 1..=3 {
            store.checkout(&purchase(&n.to_string(), n, n), 0, false).unwrap();
        }
        let before = rows(&store);
        let cause = |store: &mut Store, fault: &str, table: &str, rows| {
            super::super::tamper::cause(store.connection(), fault, table, rows)
        };
        for (fault, table, asked, expected) in [
            ("a", "users", 5, 5),
            ("b", "orders", 2, 2),
            ("c", "orders", 9, 1),
            ("d", "transactions", 1, 1),
        ] {
            assert_eq!(cause(&mut store, fault, table, asked).unwrap(), expected, "{fault}");
        }
        assert!(matches!(cause(&mut store, "e", "orders", 1), Err(StoreError::Refused(_))));
        assert!(matches!(cause(&mut store, "e", "sessions", 1), Err(StoreError::Refused(_))));
        let differ = |store: &Store| {
            rows(store).iter().zip(&before).filter(|(now, then)| now != then).count()
        };
        assert_eq!(differ(&store), 9);
        super::super::tamper::undo(store.connection(), Some("a")).unwrap();
        assert_eq!(differ(&store), 4);
        drop(store);
        let mut store = open(&folder, "damaged");
        super::super::tamper::undo(store.connection(), None).unwrap();
        assert_eq!(rows(&store), before);
    }
}
