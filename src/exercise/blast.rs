//! Whom a fault hits, and how far that reaches. Pure: the same seed, experiment and topology give the same answer.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How far a fault reaches (design: pods hit, services they back, services that depend on those).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlastRadius {
    /// Pods that are hit.
    pub pods: usize,
    /// Services whose endpoints they back.
    pub services: Vec<String>,
    /// Services that depend on those, directly or not.
    pub dependents: Vec<String>,
    /// Critical services that keep no pod that is not hit.
    pub critical: Vec<String>,
    /// Share of the replicas of the hit services that is left untouched, 0 to 1.
    pub replicas_left: f64,
    /// What follows from it.
    pub risk: Risk,
}

/// How risky.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// At most five pods and no critical service left without a pod.
    #[default]
    Low,
    /// More than five pods.
    Medium,
    /// More than ten pods, or a critical service left without a pod.
    High,
}

/// What risk is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ceiling {
    /// Low.
    #[default]
    Controlled,
    /// Up to medium.
    Limited,
    /// Any.
    Wide,
}

impl Ceiling {
    /// Whether `risk` may be taken.
    pub const fn allows(self, risk: Risk) -> bool {
        (risk as u8) <= (self as u8)
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Controlled => "controlled",
            Self::Limited => "limited",
            Self::Wide => "wide",
        })
    }
}
