//! Which part of a Kubernetes cluster is exercised, and how customers reach it. Not the asking of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Part of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// A context of the kubeconfig; `None`: the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Where its pods are, and nothing beyond is touched but what a fault of nodes needs; `None`: that of the context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Where customers go, as seen from this machine; `None`: nobody sends load from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is the shop that comes with this program: customers ask it for what they ask the lab's for, its services are
    /// known, and the instruments of its pods are read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shop: bool,
    /// What is known of services beside what the cluster says of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<String, Declared>,
}

/// What people know of a service. One that has no object in the cluster (a database elsewhere) may be declared, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Names of the services it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Whether customers get nothing at all when it has no pod left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
}
