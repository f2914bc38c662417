//! A moment that somebody pinned, with what stood then. Plain data.

use serde::Serialize;

use super::time::Moment;

/// A moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pin {
    pub seq: u64,
    pub at: Moment,
    pub team: String,
    pub author: String,
    /// What was said of it; empty: nothing.
    pub text: String,
    /// Every promise, in the plan's order.
    pub slos: Vec<PinnedSlo>,
    /// Incidents that were open.
    pub incidents: Vec<PinnedIncident>,
    /// Faults in the target that whoever pinned it could see.
    pub faults: Vec<String>,
}

/// A promise as it stood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PinnedSlo {
    pub name: String,
    /// `None`: no data.
    pub value: Option<f64>,
    pub value_words: String,
    /// Broken since then; `None`: it was not.
    pub broken_since: Option<Moment>,
}

/// An incident as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PinnedIncident {
    pub id: u32,
    pub severity: String,
    pub status: String,
}
