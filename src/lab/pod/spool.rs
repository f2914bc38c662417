//! The SQLite file of the message queue: what waits, who has it, what was dealt with. Knows no network.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::disk::Disk;
use super::message::Message;
use super::store::{StoreError, connect, limit, try_write};

/// Messages given at once.
const AT_ONCE: u32 = 100;

/// So many messages that were dealt with are remembered, so that they are not kept again.
const REMEMBERED: i64 = 50_000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS messages (
        place INTEGER PRIMARY KEY, topic TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        leased_until INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, id));
    CREATE TABLE IF NOT EXISTS handled (
        place INTEGER PRIMARY KEY, topic TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (topic, id));
";

/// One connection with the file.
pub(super) struct Spool {
    connection: Connection,
    disk: Arc<Disk>,
}

impl Spool {
    /// Opens the file; makes it if it is not there.
    pub(super) fn open(path: &Path, disk: &Arc<Disk>) -> Result<Self, StoreError> {
        let connection = connect(path, disk)?;
        connection.execute_batch(SCHEMA)?;
        // Whoever had taken something asks again: leases end with the queue's process.
        connection.execute("UPDATE messages SET leased_until = 0 WHERE leased_until > 0", [])?;
        Ok(Self { connection, disk: Arc::clone(disk) })
    }

    /// Keeps messages; how many of them were new.
    pub(super) fn put(&mut self, topic: &str, messages: &[Message]) -> Result<u32, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut new = 0;
        for one in messages {
            let sql = "INSERT INTO messages (topic, id, body) SELECT ?1, ?2, ?3
                WHERE NOT EXISTS (SELECT 1 FROM handled WHERE topic = ?1 AND id = ?2)
                ON CONFLICT (topic, id) DO NOTHING";
            let row = params![topic, one.id, one.body];
            new += u32::from(transaction.prepare_cached(sql)?.execute(row)? > 0);
        }
        transaction.commit()?;
        Ok(new)
    }

    /// Gives messages that nobody has at `now`, oldest first, and nobody else until `until`.
    pub(super) fn take(
        &mut self,
        topic: &str,
        now: i64,
        until: i64,
    ) -> Result<Vec<Message>, StoreError> {
        let transaction = self.connection.transaction()?;
        let sql = "SELECT place, id, body FROM messages
            WHERE topic = ?1 AND leased_until <= ?2 ORDER BY place LIMIT ?3";
        let mut places = Vec::new();
        let mut messages = Vec::new();
        {
            let mut statement = transaction.prepare_cached(sql)?;
            let mut rows = statement.query(params![topic, now, AT_ONCE])?;
            while let Some(row) = rows.next()? {
                places.push(row.get::<_, i64>(0)?);
                messages.push(Message { id: row.get(1)?, body: row.get(2)? });
            }
            let lease = "UPDATE messages SET leased_until = ?2 WHERE place = ?1";
            let mut lease = transaction.prepare_cached(lease)?;
            for place in places {
                lease.execute([place, until])?;
            }
        }
        transaction.commit()?;
        Ok(messages)
    }

    /// These were dealt with.
    pub(super) fn acknowledge(&mut self, topic: &str, ids: &[String]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for id in ids {
            transaction
                .prepare_cached("DELETE FROM messages WHERE topic = ?1 AND id = ?2")?
                .execute([topic, id])?;
            transaction
                .prepare_cached("INSERT OR IGNORE INTO handled (topic, id) VALUES (?1, ?2)")?
                .execute([topic, id])?;
        }
        transaction
            .prepare_cached(
                "DELETE FROM handled WHERE place <= (SELECT max(place) FROM handled) - ?1",
            )?
            .execute([REMEMBERED])?;
        transaction.commit()?;
        Ok(())
    }

    /// How many wait, taken ones included.
    pub(super) fn depth(&self) -> Result<u32, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM messages")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How many of one topic wait, taken ones included.
    pub(super) fn waiting(&self, topic: &str) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM messages WHERE topic = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([topic], |row| row.get(0))?)
    }

    /// Lets the folder of the file grow by so many bytes and no further; `None`: as far as it likes.
    pub(super) fn limit(&self, free: Option<u64>) -> Result<(), StoreError> {
        limit(&self.connection, &self.disk, free)
    }

    /// Whether so many bytes more can be written, and committed after them; leaves nothing behind.
    pub(super) fn try_write(&self, bytes: u64) -> Result<(), StoreError> {
        try_write(&self.connection, &self.disk, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str) -> Message {
        Message { id: id.to_owned(), body: format!("body of {id}") }
    }

    fn ids(messages: &[Message]) -> Vec<&str> {
        messages.iter().map(|one| one.id.as_str()).collect()
    }

    #[test]
    fn a_message_is_kept_once_given_to_one_and_forgotten_when_dealt_with() {
        let folder = tempfile::tempdir().unwrap();
        let disk = crate::lab::pod::disk::tests::disk(folder.path());
        let path = folder.path().join("queue.db");
        let mut spool = Spool::open(&path, &disk).unwrap();
        assert_eq!(spool.put("a", &[message("1"), message("2"), message("1")]).unwrap(), 2);
        assert_eq!(spool.put("b", &[message("1")]).unwrap(), 1, "another topic");
        assert_eq!(ids(&spool.take("a", 100, 200).unwrap()), ["1", "2"]);
        assert_eq!(ids(&spool.take("a", 199, 300).unwrap()), [""; 0], "nobody else gets them");
        assert_eq!(ids(&spool.take("a", 200, 300).unwrap()), ["1", "2"], "until the lease ends");
        spool.acknowledge("a", &["1".to_owned()]).unwrap();
        assert_eq!(spool.put("a", &[message("1")]).unwrap(), 0, "what was dealt with is done");
        assert_eq!((spool.depth().unwrap(), spool.waiting("a").unwrap()), (2, 1));
        drop(spool);
        let mut spool = Spool::open(&path, &disk).unwrap();
        assert_eq!(ids(&spool.take("a", 201, 300).unwrap()), ["2"], "leases end with the process");
        assert_eq!(ids(&spool.take("b", 201, 300).unwrap()), ["1"]);
    }
}
