//! One thing to do by the cluster's own API, as data. Not the deciding, and not the doing.

use std::collections::BTreeMap;

use super::super::change::{Back, PodRef};
use super::super::resource::Object;
use crate::exercise::said::Said;
use crate::gameday::span::Span;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What.
    pub act: Act,
    /// What must come back when it is undone.
    pub back: Vec<Back>,
    /// What people should know of it.
    pub warnings: Vec<Said>,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A node takes no new pods; `brief`: only until the rest is done.
    Cordon { node: String, brief: bool },
    /// Pods are asked to leave within `grace`.
    Evict { pods: Vec<PodRef>, grace: Span },
    /// Pods are deleted and end at once.
    Delete { pods: Vec<PodRef> },
    /// A workload gets so many pods.
    Scale { of: Object, replicas: i32 },
    /// Keys of one of these ConfigMaps, each with whether pods see it without a restart.
    Settings { maps: BTreeMap<String, bool>, set: BTreeMap<String, String> },
    /// Variables of a workload's containers.
    Environment { of: Object, set: BTreeMap<String, String> },
    /// The image of a workload's container; `None`: of the only one.
    Image { of: Object, image: String, container: Option<String> },
    /// The pods of a workload are replaced by others that are the same, begun at this time (milliseconds since 1970-01-01 UTC).
    Restart { of: Object, at: i64 },
    /// One of these Secrets gets a certificate that has expired.
    Certificate { secrets: Vec<String>, expired: i64 },
    /// An account is taken out of its RoleBindings, or out of the named ones.
    Unbind { account: String, permissions: Vec<String> },
}
