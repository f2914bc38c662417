//! What goes over a lab's socket: one line of JSON each way. Not the socket.

use crate::exercise::said::Said;
use serde::{Deserialize, Serialize};

/// What somebody wants, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Wish {
    /// The words of a lever.
    Lever(String),
    /// A line for the log of the exercise.
    Write(String),
    /// Everything that this audience may see, from the beginning and as it happens.
    Join(Audience),
}

/// Who looks on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Audience {
    /// The teams.
    Participants,
}

/// A wish, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    /// What.
    #[serde(flatten)]
    pub(super) wish: Wish,
    /// The team that acts; `None`: the first of the game day.
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
    pub(super) said: Said,
}

impl From<Result<Said, Said>> for Reply {
    fn from(outcome: Result<Said, Said>) -> Self {
        match outcome {
            Ok(said) => Self { ok: true, said },
            Err(said) => Self { ok: false, said },
        }
    }
}
