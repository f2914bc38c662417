//! What a replica does by itself: follows whoever is the primary, does again what it commits, and takes a full copy when
//! the two have different pasts and its own is the one to give up. Ends with its promotion.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::database::Database;
use super::disk::Disk;
use super::frames::Line;
use super::journal::note;
use super::past;
use super::query::{Commit, Outcome, Past, Query, encode};
use super::store::Store;
use crate::gameday::instrument::Instrument;
use crate::lab::shop::Role;

/// How long the replica waits for the primary.
const LIMIT: Duration = Duration::from_secs(2);

/// Not so often that a primary which is away costs anything.
const AGAIN: Duration = Duration::from_millis(100);

/// Without lag the primary answers at least so often.
const FRESH_MILLIS: i64 = 1_000;

/// Follows the primary until this pod is to be one.
pub(super) async fn follow(database: Arc<Database>) {
    database.following.send_replace(true);
    tokio::spawn(show_lag(Arc::clone(&database)));
    replicate(&database).await;
    database.following.send_replace(false);
}

async fn replicate(database: &Arc<Database>) {
    let mut endpoints = database.context.endpoints.subscribe();
    let mut promoting = database.promoting.subscribe();
    let mut line: Option<Arc<Line>> = None;
    let mut bond = Bond::default();
    loop {
        let told = Arc::clone(&endpoints.borrow_and_update());
        let primary = told.iter().find(|one| one.role == Role::Primary);
        if line.as_ref().map(|line| line.address) != primary.map(|one| one.address) {
            line = primary.map(|one| Line::new(&database.context, one));
        }
        let asked = database.context.clock.wall_millis();
        let news = async {
            match &line {
                Some(line) => listen(database, line, &mut bond).await,
                None => News::None,
            }
        };
        let news = tokio::select! {
            _ = promoting.wait_for(|on| *on) => return,
            news = news => news,
        };
        // What arrived is brought in, also when the promotion comes meanwhile.
        let done = match news {
            News::Commits { head, relayed, commits } => {
                let whole =
                    commits.last().map_or(0, |last| last.seq).max(database.head().0) >= head;
                let done = apply(database, commits, head, relayed).await;
                if done && whole {
                    database.complete_at(asked);
                }
                done
            }
            News::Copy(path) => {
                let done = database.become_copy(path.clone()).await.is_ok();
                // A file that stays is overwritten by the next copy.
                let _ = fs::remove_file(&path);
                done
            }
            News::None => false,
        };
        if let Some(line) = &line {
            line.show();
        }
        if !done {
            tokio::select! {
                _ = promoting.wait_for(|on| *on) => return,
                _ = endpoints.changed() => {}
                () = tokio::time::sleep(AGAIN) => {}
            }
        }
    }
}

/// What the primary says.
enum News {
    /// These commits are new.
    Commits { head: i64, relayed: i64, commits: Vec<Commit> },
    /// The two have different pasts; this is everything it has.
    Copy(PathBuf),
    /// Nothing.
    None,
}

/// How this pod stands to its primary.
#[derive(Default)]
struct Bond {
    /// Whether it is written down that they have a past in common.
    follows: bool,
    /// Why the primary's past is not taken over.
    refused: Option<String>,
}

impl Bond {
    /// They have a past in common.
    async fn tie(&mut self, database: &Database) {
        self.refused = None;
        if !self.follows {
            self.follows = database.alter(|store| past::follows(store.connection())).await.is_ok();
        }
    }

    /// Whether the primary's past is taken over in place of one's own.
    async fn gives_up(&mut self, database: &Database, primary: Past) -> bool {
        self.follows = false;
        let standing = move |store: &mut Store| past::standing(store.connection(), primary);
        let Ok(standing) = database.alter(standing).await else { return false };
        let refused = standing.may_become(primary).err();
        if let (Some(why), None) = (&refused, &self.refused) {
            note(&database.context, why);
        }
        self.refused = refused;
        self.refused.is_none()
    }
}

async fn listen(database: &Database, line: &Line, bond: &mut Bond) -> News {
    let (after, term) = database.head();
    match ask(line, &Query::Log { after, term }).await {
        Some(Outcome::Log { head, relayed, commits }) => {
            bond.tie(database).await;
            News::Commits { head, relayed, commits }
        }
        Some(Outcome::Diverged(primary)) => {
            if !bond.gives_up(database, primary).await {
                return News::None;
            }
            let path = database.disk.folder().join("incoming");
            match fetch(line, &path, &database.disk).await {
                Ok(()) => News::Copy(path),
                Err(_) => News::None,
            }
        }
        _ => News::None,
    }
}

async fn ask(line: &Line, query: &Query) -> Option<Outcome> {
    let answer = line.ask(encode(query), LIMIT).await.ok()?;
    serde_json::from_slice(&answer).ok()
}

/// Does the commits again, each as late as the faults of this pod say.
async fn apply(database: &Database, commits: Vec<Commit>, head: i64, relayed: i64) -> bool {
    let mut waiting = commits;
    let mut lag = database.lag.subscribe();
    while !waiting.is_empty() {
        let late =
            if *database.promoting.borrow() { Duration::ZERO } else { *lag.borrow_and_update() };
        let now = database.context.clock.wall_millis();
        let late = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
        let due = waiting.iter().take_while(|one| one.at.saturating_add(late) <= now || late == 0);
        let rest = waiting.split_off(due.count());
        let due = std::mem::replace(&mut waiting, rest);
        if database.replay(due, relayed).await.is_err() {
            return false;
        }
        if let Some(first) = waiting.first() {
            let behind = now.saturating_sub(first.at).max(0);
            show(database, head - database.head().0, behind);
            // The next one is due, or the lag is another.
            let _ = tokio::time::timeout(AGAIN / 4, lag.changed()).await;
        }
    }
    show(database, head - database.head().0, 0);
    true
}

/// Brings everything the primary has, as it is now, into a file.
async fn fetch(line: &Line, path: &Path, disk: &Disk) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    let mut offset = 0;
    loop {
        let Some(Outcome::Copy { total, data }) = ask(line, &Query::Copy { offset }).await else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let data = BASE64_STANDARD.decode(data).map_err(io::Error::other)?;
        disk.grow(data.len() as u64, || file.write_all(&data))?;
        offset += data.len() as u64;
        if offset >= total {
            return Ok(());
        }
        if data.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn show(database: &Database, commits: i64, millis: i64) {
    database.show_lag(commits.max(0), millis);
    database.context.tally.gauge(Instrument::ReplicaLag, millis as f64);
}

/// A replica that hears nothing from the primary is as far behind as that lasts.
async fn show_lag(database: Arc<Database>) {
    let mut promoted = database.is_primary();
    let mut tick = tokio::time::interval(AGAIN);
    loop {
        tokio::select! {
            _ = promoted.wait_for(|primary| *primary) => {
                show(&database, 0, 0);
                return;
            }
            _ = tick.tick() => {}
        }
        let now = database.context.clock.wall_millis();
        let silent = now - database.complete();
        if database.complete() > 0 && silent > FRESH_MILLIS {
            database.context.tally.gauge(Instrument::ReplicaLag, silent as f64);
        }
    }
}
