//! An object of Chaos Mesh that may be in the cluster, as data: written down before it is placed.

use serde::{Deserialize, Serialize};

/// Finds it again. Placing it may have failed: then there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// `PodChaos`, `NetworkChaos`, …, or `Schedule`.
    pub kind: String,
    /// As it stands in addresses: `podchaos`.
    pub plural: String,
    /// Where it is.
    pub namespace: String,
    /// What it is called.
    pub name: String,
    /// Whether it strikes once, so that there is nothing to recover.
    pub one_shot: bool,
}
