//! How a fault is undone, as data: written down before the fault is done. Not the undoing.

use serde::{Deserialize, Serialize};

use super::said::Said;

/// The way back from one round of one injection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Names the fault on the target.
    pub key: String,
    /// For people: `remove the 200 ms delay from database-primary-1`.
    pub what: Said,
    /// For the adapter that wrote it.
    pub data: serde_json::Value,
}
