//! The steady state: limits that must hold before, and again after.

use serde::{Deserialize, Serialize};

use super::figure::Figures;
use crate::gameday::plan::Limit;

/// One limit compared with what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The limit.
    pub limit: Limit,
    /// What was measured over the whole check; `None`: no data, which does not hold.
    pub value: Option<f64>,
    /// Whether it holds.
    pub holds: bool,
}

/// Compares each limit with what was measured over the whole stretch.
pub fn check(limits: &[Limit], figures: &Figures<'_>) -> Vec<Finding> {
    limits
        .iter()
        .map(|limit| {
            let value = figures.value(limit.metric);
            Finding {
                limit: limit.clone(),
                value,
                holds: value.is_some_and(|value| limit.holds(value)),
            }
        })
        .collect()
}
