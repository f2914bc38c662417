//! Where a database file comes from: its oldest and newest commit, and whether it took orders itself; and whether it may
//! be given up for a copy of another. Moves no data.

use rusqlite::{Connection, OptionalExtension};

use super::query::{Past, Place};
use super::store::StoreError;

/// What a file knows of itself and of a primary with another past.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    past: Past,
    /// Whether it was a primary's since it last followed one: another took its place, and with it the truth.
    reigned: bool,
    /// Whether it has the primary's oldest commit.
    related: bool,
}

/// The ends of the log of this file.
pub(super) fn past(file: &Connection) -> Result<Past, StoreError> {
    let end = |order: &str| -> Result<Place, StoreError> {
        let sql = format!("SELECT seq, term FROM replication_log ORDER BY seq {order} LIMIT 1");
        let place = file.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(place.unwrap_or_default())
    };
    Ok(Past { oldest: end("ASC")?, newest: end("DESC")? })
}

/// Writes down that this file is a primary's.
pub(super) fn reigns(file: &Connection) -> Result<(), StoreError> {
    file.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('reigned', 1)", [])?;
    Ok(())
}

/// Writes down that this file follows a primary, with whom it has a past in common.
pub(super) fn follows(file: &Connection) -> Result<(), StoreError> {
    file.execute("DELETE FROM state WHERE name = 'reigned'", [])?;
    Ok(())
}

/// How this file stands to a primary with that past.
pub(super) fn standing(file: &Connection, primary: Past) -> Result<Standing, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM state WHERE name = 'reigned'),
        EXISTS (SELECT 1 FROM replication_log WHERE seq = ?1 AND term = ?2)";
    let (reigned, related) = file.query_row(sql, [primary.oldest.0, primary.oldest.1], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(Standing { past: past(file)?, reigned, related })
}

impl Standing {
    /// Whether a copy of that primary may take the place of everything in this file; else why not. A primary that lost
    /// its data must not take it from the one who still has it.
    pub(super) fn may_become(&self, primary: Past) -> Result<(), String> {
        let (own, other) = (self.past.newest.0, primary.newest.0);
        // A log that begins after everything here cannot tell; who is that far behind loses least by catching up.
        let common = self.related || primary.oldest.0 > own;
        if own == 0 || self.reigned || (common && other >= own) {
            return Ok(());
        }
        Err(format!(
            "does not give up its {own} commits for the primary's {other}, which {}; promote this one to keep them",
            if self.related { "are fewer" } else { "begin anew" }
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::query::Purchase;
    use super::super::store::Store;
    use super::*;

    struct Files(tempfile::TempDir);

    impl Files {
        fn open(&self, name: &str) -> Store {
            let disk = crate::lab::pod::disk::tests::disk(&self.0.path().join(name));
            Store::open(&disk.folder().join("data.db"), &disk).unwrap()
        }

        /// A primary's file with so many orders.
        fn primary(&self, name: &str, now: i64, orders: u32) -> Store {
            let mut store = self.open(name);
            store.reign(now).unwrap();
            reigns(store.connection()).unwrap();
            more(&mut store, name, orders);
            store
        }
    }

    fn more(store: &mut Store, name: &str, orders: u32) {
        for n in 0..orders {
            let id = format!("{name} {n}");
            let purchase = Purchase { id, user: 1, product: 1, quantity: 1 };
            store.checkout(&purchase, 0, false).unwrap();
        }
    }

    fn follow(replica: &mut Store, primary: &Store) {
        let (seq, term) = replica.head().unwrap();
        replica.replay(&primary.commits(seq, term).unwrap().unwrap(), false).unwrap();
        follows(replica.connection()).unwrap();
    }

    fn takes(store: &mut Store, primary: &mut Store) -> bool {
        let primary = past(primary.connection()).unwrap();
        standing(store.connection(), primary).unwrap().may_become(primary).is_ok()
    }

    #[test]
    fn a_primary_that_lost_everything_takes_nothing_from_its_replica() {
        let files = Files(tempfile::tempdir().unwrap());
        let primary = files.primary("primary", 10, 5);
        let mut replica = files.open("replica");
        follow(&mut replica, &primary);
        let mut wiped = files.primary("wiped", 20, 0);
        assert!(!takes(&mut replica, &mut wiped), "it is empty");
        more(&mut wiped, "anew", 9);
        assert!(!takes(&mut replica, &mut wiped), "nor when it has taken more orders since");
        reigns(replica.connection()).unwrap();
        assert!(takes(&mut wiped, &mut replica), "promoted, the replica is the truth");
        let mut empty = files.open("empty");
        assert!(takes(&mut empty, &mut wiped), "who has nothing loses nothing");
    }

    #[test]
    fn a_primary_whose_place_was_taken_gives_up_what_nobody_else_has() {
        let files = Files(tempfile::tempdir().unwrap());
        let mut old = files.primary("old", 10, 3);
        let mut new = files.open("new");
        follow(&mut new, &old);
        more(&mut old, "only here", 2);
        new.reign(20).unwrap();
        reigns(new.connection()).unwrap();
        assert!(takes(&mut old, &mut new), "it is told to follow");
        let path = files.0.path().join("copy");
        new.copy_to(&path).unwrap();
        old.become_copy(&path).unwrap();
        follow(&mut old, &new);
        more(&mut new, "later", 4);
        follow(&mut old, &new);
        let mut wiped = files.primary("wiped", 30, 20);
        assert!(!takes(&mut old, &mut wiped), "now it is a replica like any other");
    }

    #[test]
    fn a_replica_that_a_log_does_not_go_back_to_takes_a_copy() {
        let files = Files(tempfile::tempdir().unwrap());
        let mut primary = files.primary("primary", 10, 2);
        let mut replica = files.open("replica");
        follow(&mut replica, &primary);
        more(&mut primary, "more", 5);
        assert!(takes(&mut replica, &mut primary));
        let sql = "DELETE FROM replication_log WHERE seq < 5";
        primary.connection().execute(sql, []).unwrap();
        assert!(takes(&mut replica, &mut primary));
    }
}
