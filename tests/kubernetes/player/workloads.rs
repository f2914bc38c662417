//! What a cluster's own controllers, scheduler and kubelets do, as far as anybody looks at it: see the parts. One pass over a
//! namespace makes what is missing; what that changes is seen by the next.

mod deployment;
mod kubelet;
mod pods;
mod serving;

use std::collections::BTreeMap;

use kube::ResourceExt as _;
use kube::api::DynamicObject;

use super::behaviour::Behaviour;
use super::cluster::*;
pub use kubelet::{NO_IMAGE, PAUSE_IMAGE, restart};

/// Which parts of a cluster are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Deployments, Jobs, endpoints and budgets.
    pub controllers: bool,
    /// The collection of garbage, and of namespaces.
    pub garbage: bool,
    /// Scheduler and kubelets.
    pub kubelets: bool,
}

/// The kinds at which the pass looks.
pub const WATCHED: &[Kind] =
    &[POD, NODE, SERVICE, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, SLICE, BUDGET];

/// Everything that is there at the beginning of a pass.
pub struct Seen {
    all: BTreeMap<Kind, Vec<DynamicObject>>,
}

impl Seen {
    async fn look(cluster: &Cluster) -> kube::Result<Self> {
        let mut all = BTreeMap::new();
        for kind in WATCHED {
            all.insert(*kind, cluster.list(*kind).await?);
        }
        Ok(Self { all })
    }

    fn of(&self, kind: Kind) -> &[DynamicObject] {
        self.all.get(&kind).map_or(&[], Vec::as_slice)
    }

    fn owned(&self, kind: Kind, owner: &DynamicObject) -> Vec<&DynamicObject> {
        let uid = owner.uid();
        self.of(kind).iter().filter(|one| owner_of(one) == uid.as_deref()).collect()
    }

    fn node(&self, name: &str) -> Option<&DynamicObject> {
        self.of(NODE).iter().find(|node| node.name_any() == name)
    }
}

/// One pass.
pub async fn pass(cluster: &Cluster, parts: Parts, behaviour: &Behaviour) -> kube::Result<()> {
    let seen = Seen::look(cluster).await?;
    if parts.controllers {
        deployment::pass(cluster, &seen).await?;
        pods::pass(cluster, &seen).await?;
        serving::pass(cluster, &seen).await?;
    }
    if parts.kubelets {
        kubelet::pass(cluster, &seen, behaviour).await?;
    }
    Ok(())
}

/// Whether a pod takes requests.
fn ready(pod: &DynamicObject) -> bool {
    condition(pod, "Ready")
}

/// Whether a pod counts for its controller.
fn active(pod: &DynamicObject) -> bool {
    !deleting(pod) && !matches!(pod.data["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}
