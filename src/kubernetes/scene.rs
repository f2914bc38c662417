//! What was seen of a cluster at one time: plain data on which pure functions decide. Not the seeing.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{
    ConfigMap, Node, PersistentVolume, PersistentVolumeClaim, Pod, Service, Volume,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;

use crate::exercise::said::Said;

/// Part of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Everything but the nodes is of this namespace.
    pub namespace: String,
    pub pods: Vec<Pod>,
    /// Of the whole cluster; empty where they may not be listed.
    pub nodes: Vec<Node>,
    pub services: Vec<Service>,
    pub slices: Vec<EndpointSlice>,
    pub budgets: Vec<PodDisruptionBudget>,
    pub deployments: Vec<Deployment>,
    pub replica_sets: Vec<ReplicaSet>,
    pub stateful_sets: Vec<StatefulSet>,
    pub daemon_sets: Vec<DaemonSet>,
    pub autoscalers: Vec<HorizontalPodAutoscaler>,
    pub config_maps: Vec<ConfigMap>,
    /// Looked at only where a fault is one of storage.
    pub claims: Vec<PersistentVolumeClaim>,
    /// The volumes of these claims.
    pub volumes: Vec<PersistentVolume>,
    /// What may not be looked at, and so is missing here.
    pub notes: Vec<Said>,
    /// Experiments, Schedules and Workflows of Chaos Mesh, of any namespace that may be looked into: ours and those of others.
    pub experiments: Vec<serde_json::Value>,
    /// The pods of chaos-daemon; `None`: they could not be looked at.
    pub daemons: Option<Vec<Pod>>,
}

/// The volumes of a pod.
pub fn volumes(pod: &Pod) -> impl Iterator<Item = &Volume> {
    pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten())
}

/// The claims of a pod that outlive it.
pub fn claims(pod: &Pod) -> impl Iterator<Item = &str> {
    volumes(pod).filter_map(|one| Some(one.persistent_volume_claim.as_ref()?.claim_name.as_str()))
}

impl Scene {
    /// The pod of this name.
    pub fn pod(&self, name: &str) -> Option<&Pod> {
        self.pods.iter().find(|pod| pod.metadata.name.as_deref() == Some(name))
    }
}
