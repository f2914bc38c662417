//! A fault as data: what an experiment does to which part of the target. Not the doing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::span::Span;

/// Labels that all must match, for example `app: web-app`. Empty matches every pod.
pub type Selector = BTreeMap<String, String>;

/// One experiment: a fault, whom it hits, for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What is broken.
    #[serde(flatten)]
    pub fault: Fault,
    /// The pods that are hit (for network faults: the sending side).
    pub selector: Selector,
    /// For faults between two sides: the receiving side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Selector>,
    /// How many of the selected pods are hit.
    pub mode: Mode,
    /// How long the fault stays; `None`: to the end of its phase.
    pub duration: Option<Span>,
    /// For faults that repeat: how often, while the fault lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Span>,
}

/// How many of the selected pods a fault hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", content = "value", rename_all = "kebab-case")]
pub enum Mode {
    /// One, chosen by the exercise's seed.
    One,
    /// Every one.
    #[default]
    All,
    /// So many, at most as many as there are.
    Fixed(u32),
    /// So many percent, rounded up to whole pods.
    FixedPercent(u8),
    /// Between none and so many percent, chosen by the exercise's seed.
    RandomMaxPercent(u8),
}

/// Which way a network fault works, seen from the selected pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From the selected pods to the destination.
    To,
    /// From the destination to the selected pods.
    From,
    /// Both ways.
    #[default]
    Both,
}

/// What is done to packets between two sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum NetworkAction {
    /// Nothing passes.
    Partition,
    /// Everything is late by `latency` ± `jitter`.
    Delay { latency: Span, jitter: Span },
    /// A share (0 to 1) of packets is lost and sent again by TCP.
    Loss { share: f64 },
}

/// What eats a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Stress {
    /// So many `cores` kept busy `load` percent of the time.
    CpuStress { cores: u32, load: u8 },
}

/// A kind of fault with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Fault {
    /// Pods are killed without warning (SIGKILL).
    PodFailure,
    /// The network between two sides is damaged.
    NetworkChaos { network: NetworkAction, direction: Direction },
    /// Requests from one side to another are late.
    LatencyInjection { latency: Span, jitter: Span },
    /// Every statement of the database is late.
    DatabaseSlowdown { latency: Span, jitter: Span },
    /// A resource of the pods is eaten up.
    ResourceChaos { stress: Stress },
}

impl Fault {
    /// The type as written in a file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PodFailure => "pod-failure",
            Self::NetworkChaos { .. } => "network-chaos",
            Self::LatencyInjection { .. } => "latency-injection",
            Self::DatabaseSlowdown { .. } => "database-slowdown",
            Self::ResourceChaos { .. } => "resource-chaos",
        }
    }
}
