//! What goes over a lab's socket: one line of JSON each way. Not the socket.

use serde::{Deserialize, Serialize};

/// A lever, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The words of the lever.
    pub(super) lever: String,
    /// The team that pulls it; `None`: the first of the game day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) team: Option<String>,
    /// Who.
    #[serde(default)]
    pub(super) author: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// Whether it worked.
    pub(super) ok: bool,
    /// What was seen, or why it did not work.
    pub(super) said: String,
}

impl From<Result<String, String>> for Reply {
    fn from(outcome: Result<String, String>) -> Self {
        match outcome {
            Ok(said) => Self { ok: true, said },
            Err(said) => Self { ok: false, said },
        }
    }
}
