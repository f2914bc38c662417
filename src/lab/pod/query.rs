//! What is asked of a database pod and what it answers, as JSON inside frames. No SQL here.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(super) use crate::lab::channel::Purchase;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Query {
    /// Is anyone there?
    Ping,
    /// The products on the first page.
    Featured,
    /// One product.
    Product { n: u32 },
    /// Buy; what was bought already is not bought again.
    Checkout(Purchase),
    /// Commits after this one, which was made in this term; waits a moment if there are none. Says at once how far the
    /// asker is.
    Log { after: i64, term: i64 },
    /// All data as one file, from this byte on; from 0: as it is now.
    Copy { offset: u64 },
    /// Events that wait for the message queue, for whoever carries them there.
    Outbox { carrier: String },
    /// The events of commits up to this one are in the message queue.
    Relayed { through: i64 },
    /// The products from one number to another.
    Products { from: u32, to: u32 },
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// Somebody is.
    Here,
    /// Products.
    Products(Vec<Product>),
    /// An order was accepted and committed.
    Ordered { order: i64 },
    /// Commits in order, the newest there is, and the newest whose event needs no carrier any more.
    Log { head: i64, relayed: i64, commits: Vec<Commit> },
    /// The asker has commits that were never made here, or lacks some that are no longer in the log: it needs a copy, if
    /// this is the past it wants.
    Diverged(Past),
    /// A piece of the copy, in Base64, and how many bytes the whole has.
    Copy { total: u64, data: String },
    /// Commits whose events wait, by place in the log and identity of the order.
    Outbox { waiting: Vec<(i64, String)> },
    /// Done.
    Done,
    /// The question asks for something that is not there.
    Refused { why: String },
    /// The database could not do it.
    Failed { why: String },
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Product {
    pub n: u32,
    pub name: String,
    pub cents: i64,
}

/// Place and term of a commit; zeros: there is none.
pub(super) type Place = (i64, i64);

/// The two ends of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Past {
    /// The oldest commit that is still in the log.
    pub oldest: Place,
    /// The newest.
    pub newest: Place,
}

/// One commit, as it is replicated: the order that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Commit {
    /// Its place in the log, from 1, without gaps.
    pub seq: i64,
    /// The reign of the primary that made it: two commits with the same place and term are the same.
    pub term: i64,
    /// When it was committed, in milliseconds since 1970.
    pub at: i64,
    pub order: i64,
    pub cents: i64,
    pub purchase: Purchase,
}

/// As bytes; what cannot be encoded becomes an empty message, which nobody understands.
pub(super) fn encode<T: Serialize>(value: &T) -> Bytes {
    serde_json::to_vec(value).unwrap_or_default().into()
}
