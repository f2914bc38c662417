//! What was approved of one injection before it, as data. Not the comparing (see `approval`).

use serde::{Deserialize, Serialize};

use super::blast::BlastRadius;
use super::id::InjectionId;
use super::said::Said;

/// What was approved of one injection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approved {
    /// Which.
    pub id: InjectionId,
    /// Whom it would have hit then.
    pub victims: Vec<String>,
    /// How far that reached. Where chance chooses how many, this is the most.
    pub blast: BlastRadius,
    /// Services with a pod among which it chooses.
    pub services: Vec<String>,
    /// Zones with such a pod.
    pub zones: Vec<String>,
    /// Of all this, to be told apart at a glance.
    pub hash: String,
    /// Why there was nothing to approve; empty: there was.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub problem: Said,
}
