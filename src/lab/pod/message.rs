//! What is asked of the message queue and what it answers, as JSON inside frames. No SQL here.

use serde::{Deserialize, Serialize};

/// Orders that the database could not take; each is a [`Purchase`](super::query::Purchase).
pub(super) const ORDERS: &str = "orders";

/// Orders that were placed, for whoever sends the goods.
pub(super) const PLACED: &str = "placed";

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Ask {
    /// Is anyone there?
    Ping,
    /// Keep these; what is kept or was dealt with already is not kept again. Answered when it is durable.
    Put { topic: String, messages: Vec<Message> },
    /// Give me some; nobody else gets them for so long.
    Take { topic: String, lease_millis: i64 },
    /// These were dealt with.
    Acknowledge { topic: String, ids: Vec<String> },
    /// How many wait?
    Depth,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    /// Somebody is here.
    Here,
    /// Kept; so many of them were new.
    Kept { new: u32 },
    /// These are yours for now.
    Taken { messages: Vec<Message> },
    /// Not to be given to anyone any more.
    Acknowledged,
    /// So many wait, taken ones included.
    Depth { waiting: u32 },
    /// It could not be done.
    Failed { why: String },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// Its identity within its topic.
    pub id: String,
    /// What it says.
    pub body: String,
}
