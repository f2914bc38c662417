//! The target as it was last seen: pods, services, who needs whom. Not the asking.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::said::Said;
use crate::gameday::fault::Selector;

/// Everything seen of the target at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topology {
    /// Pods in a stable order: by app, then name.
    pub pods: Vec<Pod>,
    /// Services in a stable order: customers' side first.
    pub services: Vec<Service>,
    /// Promises that so many pods stay; where the target has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
}

/// One pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    /// Its name, unique while it lives: `web-app-3`.
    pub name: String,
    /// `app`, `tier`, `zone`, `node`, and whatever else it carries.
    pub labels: BTreeMap<String, String>,
    /// The namespace it is in; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// What keeps it alive: `Deployment/web-app`; empty: nothing, or nobody knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// How it is.
    pub health: PodHealth,
    /// How often it was replaced or restarted.
    pub restarts: u32,
    /// What is wrong, or empty.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub note: Said,
}

/// How a pod is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PodHealth {
    /// Started, not ready yet.
    #[default]
    Starting,
    /// Takes traffic.
    Ready,
    /// Runs, but answers its readiness check badly.
    NotReady,
    /// Gone; waits to be replaced.
    Dead,
}

/// Something others call by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Names of the pods behind it, ready or not; `None`: those whose label `app` equals its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_by: Option<Vec<String>>,
    /// Names of the services it calls.
    pub depends_on: Vec<String>,
    /// Whether customers get nothing at all when it has no pod left.
    pub critical: bool,
}

/// A promise that so many pods stay, as a disruption budget of Kubernetes is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// Names of the pods that it is about.
    pub pods: Vec<String>,
    /// So many of them may go now.
    pub allowed: usize,
}

impl Service {
    /// Whether `pod` is behind it.
    pub fn is_backed_by(&self, pod: &Pod) -> bool {
        match &self.backed_by {
            Some(pods) => pods.contains(&pod.name),
            None => pod.app() == self.name,
        }
    }
}

impl Pod {
    /// The label `app`, or the name where there is none.
    pub fn app(&self) -> &str {
        self.labels.get("app").unwrap_or(&self.name)
    }

    /// The zone it is in, where that is known.
    pub fn zone(&self) -> Option<&str> {
        self.labels.get("zone").map(String::as_str)
    }

    /// Whether all labels of `selector` match.
    pub fn matches(&self, selector: &Selector) -> bool {
        selector.iter().all(|(key, value)| self.labels.get(key) == Some(value))
    }
}
