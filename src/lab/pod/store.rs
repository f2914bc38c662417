//! The SQLite file of a database pod: schema, transactions, the log that is replicated. Knows no network.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::query::{Commit, Product};
use crate::lab::shop::{PRODUCTS, USERS};

/// Commits kept in the log after the replica has them.
const KEEP_LOG: i64 = 10_000;

/// Statements of one checkout that a customer waits for.
pub(super) const CHECKOUT_STATEMENTS: u32 = 3;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, orders INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS products (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS orders (
        id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id),
        product_id INTEGER NOT NULL REFERENCES products(id), quantity INTEGER NOT NULL,
        cents INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS transactions (
        id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),
        cents INTEGER NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS replication_log (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, entry TEXT NOT NULL);
";

/// Why a checkout was not done.
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
}

impl Store {
    /// Opens the file; makes it, with users and products, if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A commit survives the death of the process; only a power cut could take the last ones.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(SCHEMA)?;
        let users: i64 =
            transaction.query_row("SELECT count(*) FROM users", [], |row| row.get(0))?;
        if users == 0 {
            fill(&transaction)?;
        }
        transaction.commit()?;
        Ok(Self { connection })
    }

    /// The newest commit.
    pub(super) fn head(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM replication_log";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// The smallest statement there is.
    pub(super) fn ping(&self) -> Result<(), StoreError> {
        self.connection.prepare_cached("SELECT 1")?.query_row([], |_| Ok(()))?;
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

    /// Takes an order, in one transaction with its payment and its place in the log.
    pub(super) fn checkout(
        &mut self,
        user: u32,
        product: u32,
        quantity: u32,
        at: i64,
    ) -> Result<Commit, StoreError> {
        let transaction = self.connection.transaction()?;
        let sql = "UPDATE users SET orders = orders + 1 WHERE id = ?1";
        if transaction.prepare_cached(sql)?.execute([user])? == 0 {
            return Err(StoreError::Refused("no such user"));
        }
        let sql = "INSERT INTO orders (user_id, product_id, quantity, cents, at)
            SELECT ?1, id, ?3, cents * ?3, ?4 FROM products WHERE id = ?2 RETURNING id, cents";
        let (order, cents) = transaction
            .prepare_cached(sql)?
            .query_row(params![user, product, quantity, at], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or(StoreError::Refused("no such product"))?;
        transaction
            .prepare_cached("INSERT INTO transactions (order_id, cents, at) VALUES (?1, ?2, ?3)")?
            .execute(params![order, cents, at])?;
        let sql = "SELECT coalesce(max(seq), 0) + 1 FROM replication_log";
        let seq = transaction.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let commit = Commit { seq, at, order, user, product, quantity, cents };
        log(&transaction, &commit)?;
        transaction.commit()?;
        Ok(commit)
    }

    /// Commits after `after`, in order.
    pub(super) fn commits(&self, after: i64) -> Result<Vec<Commit>, StoreError> {
        let sql = "SELECT entry FROM replication_log WHERE seq > ?1 ORDER BY seq LIMIT 500";
        let mut statement = self.connection.prepare_cached(sql)?;
        let entries = statement.query_map([after], |row| row.get::<_, String>(0))?;
        entries
            .map(|entry| {
                serde_json::from_str(&entry?).map_err(|error| StoreError::Failed(error.to_string()))
            })
            .collect()
    }

    /// When the first commit after `after` was made.
    pub(super) fn first_after(&self, after: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT at FROM replication_log WHERE seq > ?1 ORDER BY seq LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([after], |row| row.get(0)).optional()?)
    }

    /// Does again what the primary committed, in one transaction.
    pub(super) fn replay(&mut self, commits: &[Commit]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for one in commits {
            transaction
                .prepare_cached("UPDATE users SET orders = orders + 1 WHERE id = ?1")?
                .execute([one.user])?;
            let sql = "INSERT INTO orders (id, user_id, product_id, quantity, cents, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let row = params![one.order, one.user, one.product, one.quantity, one.cents, one.at];
            transaction.prepare_cached(sql)?.execute(row)?;
            transaction
                .prepare_cached(
                    "INSERT INTO transactions (order_id, cents, at) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![one.order, one.cents, one.at])?;
            log(&transaction, one)?;
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
}

fn product(row: &rusqlite::Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product { n: row.get(0)?, name: row.get(1)?, cents: row.get(2)? })
}

fn log(connection: &Connection, commit: &Commit) -> Result<(), StoreError> {
    let entry =
        serde_json::to_string(commit).map_err(|error| StoreError::Failed(error.to_string()))?;
    connection
        .prepare_cached("INSERT INTO replication_log (seq, at, entry) VALUES (?1, ?2, ?3)")?
        .execute(params![commit.seq, commit.at, entry])?;
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
    use super::*;

    #[test]
    fn what_the_primary_commits_the_replica_does_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut primary = Store::open(&folder.path().join("primary.db")).unwrap();
        let mut replica = Store::open(&folder.path().join("replica.db")).unwrap();
        for n in 1..=3 {
            let commit = primary.checkout(n, n, 2, 1_000).unwrap();
            assert_eq!((commit.seq, commit.order), (i64::from(n), i64::from(n)));
        }
        assert!(matches!(primary.checkout(USERS + 1, 1, 1, 0), Err(StoreError::Refused(_))));
        assert!(matches!(primary.checkout(1, PRODUCTS + 1, 1, 0), Err(StoreError::Refused(_))));
        let commits = primary.commits(0).unwrap();
        replica.replay(&commits[..1]).unwrap();
        assert!(replica.replay(&commits).is_err(), "nothing is done twice");
        assert_eq!(replica.head().unwrap(), 1, "and a failed batch leaves nothing behind");
        replica.replay(&commits[1..]).unwrap();
        for table in ["users", "orders", "transactions", "replication_log"] {
            let dump = |store: &Store| -> Vec<String> {
                let sql = format!("SELECT * FROM {table} ORDER BY 1");
                let mut statement = store.connection.prepare(&sql).unwrap();
                let columns = statement.column_count();
                let rows = statement.query_map([], |row| {
                    (0..columns).map(|index| row.get::<_, rusqlite::types::Value>(index)).collect()
                });
                rows.unwrap()
                    .map(|row: rusqlite::Result<Vec<_>>| format!("{:?}", row.unwrap()))
                    .collect()
            };
            assert_eq!(dump(&primary), dump(&replica), "{table}");
        }
    }
}
