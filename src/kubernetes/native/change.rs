//! One change of an object of somebody else, with its way back, as data: written down before it is made.

use serde::{Deserialize, Serialize};

/// A change, complete enough for any later process to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// For people: `scale Deployment shop/cart to 0`.
    pub what: String,
    /// Everything else, for those who make it.
    pub data: serde_json::Value,
}
