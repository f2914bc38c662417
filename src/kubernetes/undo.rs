//! What the undo ledger keeps of a fault in a cluster. Not the undoing.

use serde::{Deserialize, Serialize};

use super::chaos::placed::Placed;
use super::native::change::Change;

/// The way back from one round of one injection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoData {
    /// The run that it belongs to (see `name::run_id`).
    pub run: String,
    /// The context by which the cluster was found.
    pub context: String,
    /// The address of its API server: a context of the same name may lead elsewhere later.
    pub server: String,
    /// Where the target's pods are.
    pub namespace: String,
    /// What may have to be undone, in the order in which it was to be done.
    pub parts: Vec<Part>,
}

/// One thing that may have to be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "a handful of them, written once and read once")]
pub enum Part {
    /// An object of Chaos Mesh.
    Chaos(Placed),
    /// A change of an object of somebody else.
    Native(Change),
}
