//! What a panel of the watch shows: a query, what it is called, in which unit, and which way is bad. Not its values.

use serde::{Deserialize, Serialize};

use super::said::Said;
use crate::gameday::metric::{Metric, Unit};

/// Which way is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worse {
    /// Failures, latencies, what is used up.
    Higher,
    /// Availability.
    Lower,
}

/// One panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Its name, by which it is told from others: lower-case letters, digits, dashes.
    pub name: String,
    /// Where it is from: `ingress-nginx`, `gRPC`.
    pub group: String,
    /// What people call it.
    pub title: Said,
    /// What is asked; one series is expected.
    pub query: String,
    /// The unit of what comes.
    pub unit: Unit,
    /// Which way is bad; `None`: neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worse: Option<Worse>,
    /// What it is of what customers feel, where it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
}
