//! What is asked of a database pod and what it answers, as JSON inside frames. No SQL here.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

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
    /// The products from one number to another.
    Products { from: u32, to: u32 },
    /// Buy.
    Checkout { user: u32, product: u32, quantity: u32 },
    /// Commits after this one; waits a moment if there are none. Says at once how far the asker is.
    Log { after: i64 },
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
    /// Commits in order, and the newest there is.
    Log { head: i64, commits: Vec<Commit> },
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

/// One commit, as it is replicated: the order that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Commit {
    /// Its place in the log, from 1, without gaps.
    pub seq: i64,
    /// When it was committed, in milliseconds since 1970.
    pub at: i64,
    pub order: i64,
    pub user: u32,
    pub product: u32,
    pub quantity: u32,
    pub cents: i64,
}

/// As bytes; what cannot be encoded becomes an empty message, which nobody understands.
pub(super) fn encode<T: Serialize>(value: &T) -> Bytes {
    serde_json::to_vec(value).unwrap_or_default().into()
}
