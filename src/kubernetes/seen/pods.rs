//! Pods as an exercise knows them: how each is, where it runs, what keeps it alive. Pure.

use k8s_openapi::api::core::v1::{ContainerStatus, Node, Pod as Raw, PodStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;

use crate::exercise::said::{Said, said};
use crate::exercise::target::{Pod, PodHealth};
use crate::gameday::text::printable;
use crate::kubernetes::excluded;
use crate::kubernetes::scene::Scene;

/// Where a node says its zone; older clusters used the second.
const ZONE: [&str; 2] = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/// Where pods say what they are, if not by `app`.
const APP: [&str; 3] = ["app.kubernetes.io/name", "k8s-app", "app.kubernetes.io/component"];

/// So much of a reason is told.
const SHOWN: usize = 120;

/// Every pod that may be exercised, by app and name.
pub(super) fn pods(scene: &Scene) -> Vec<Pod> {
    let ours = |raw: &&Raw| excluded::is_ours(raw.metadata.labels.as_ref());
    let mut pods: Vec<Pod> =
        scene.pods.iter().filter(|raw| !ours(raw)).filter_map(|raw| pod(raw, scene)).collect();
    pods.sort_by(|a, b| (a.app(), &a.name).cmp(&(b.app(), &b.name)));
    pods
}

/// A pod; `None`: it is on its way out, or was not meant to stay.
fn pod(raw: &Raw, scene: &Scene) -> Option<Pod> {
    let name = raw.metadata.name.clone()?;
    let owner = owner(raw, scene);
    let (health, note) = health(raw, !owner.is_empty())?;
    let mut labels = raw.metadata.labels.clone().unwrap_or_default();
    if !labels.contains_key("app") {
        let said = APP.iter().find_map(|key| labels.get(*key).cloned());
        let kept = owner.split_once('/').map(|(_, name)| name.to_owned());
        labels.insert("app".into(), said.or(kept).unwrap_or_else(|| name.clone()));
    }
    if let Some(node) = raw.spec.as_ref().and_then(|spec| spec.node_name.clone()) {
        if let Some(zone) = said_by(&node, &scene.nodes, &ZONE) {
            labels.insert("zone".into(), zone);
        }
        // A node may be called otherwise than game days call it, and then says so.
        let called = said_by(&node, &scene.nodes, &["node"]);
        labels.insert("node".into(), called.unwrap_or(node));
    }
    let namespace = scene.namespace.clone();
    let restarts = raw.status.as_ref().map_or(0, restarts);
    Some(Pod { name, labels, namespace, owner, health, restarts, note })
}

/// The first of these labels that a node has.
fn said_by(node: &str, nodes: &[Node], keys: &[&str]) -> Option<String> {
    let node = nodes.iter().find(|one| one.metadata.name.as_deref() == Some(node))?;
    let labels = node.metadata.labels.as_ref()?;
    keys.iter().find_map(|key| labels.get(*key).cloned())
}

/// `Deployment/web-app`; empty: nothing keeps it alive.
fn owner(raw: &Raw, scene: &Scene) -> String {
    let Some(owner) = controller(raw.metadata.owner_references.as_deref()) else {
        return String::new();
    };
    if owner.kind == "ReplicaSet" {
        let set =
            scene.replica_sets.iter().find(|set| set.metadata.name.as_ref() == Some(&owner.name));
        let above = set.and_then(|set| controller(set.metadata.owner_references.as_deref()));
        if let Some(above) = above {
            return format!("{}/{}", above.kind, above.name);
        }
    }
    format!("{}/{}", owner.kind, owner.name)
}

fn controller(owners: Option<&[OwnerReference]>) -> Option<&OwnerReference> {
    owners?.iter().find(|owner| owner.controller == Some(true))
}

fn statuses(status: &PodStatus) -> impl Iterator<Item = &ContainerStatus> {
    status.container_statuses.iter().flatten()
}

fn restarts(status: &PodStatus) -> u32 {
    let sum: i32 = statuses(status).map(|one| one.restart_count.max(0)).sum();
    u32::try_from(sum).unwrap_or(0)
}

/// How it is, with what is wrong; `None`: it does not count any more.
fn health(raw: &Raw, kept: bool) -> Option<(PodHealth, Said)> {
    let empty = PodStatus::default();
    let status = raw.status.as_ref().unwrap_or(&empty);
    let phase = status.phase.as_deref().unwrap_or("Pending");
    let reason = |reason: &Option<String>| Said::from(shown(reason.as_deref().unwrap_or("")));
    let lost = status.reason.as_deref() == Some("NodeLost") || phase == "Unknown";
    if lost {
        let note = said!("pod-node-lost", "nobody hears from its node");
        return Some((PodHealth::Dead, note));
    }
    // What is being ended takes no traffic, and its successor stands beside it.
    if raw.metadata.deletion_timestamp.is_some() || phase == "Succeeded" {
        return None;
    }
    if phase == "Failed" {
        // Whatever keeps it alive has put another one in its place, and leaves this for people to look at.
        return (!kept).then(|| (PodHealth::Dead, reason(&status.reason)));
    }
    if is(status, "Ready") {
        return Some((PodHealth::Ready, Said::default()));
    }
    let waiting = waits(status);
    if waiting.as_deref().is_some_and(|why| why.starts_with("CrashLoopBackOff")) {
        return Some((PodHealth::Dead, reason(&waiting)));
    }
    let started = statuses(status).next().is_some()
        && statuses(status).all(|one| one.started.unwrap_or(false) || one.ready);
    if phase == "Running" && started {
        return Some((PodHealth::NotReady, reason(&waiting)));
    }
    let unscheduled = status
        .conditions
        .iter()
        .flatten()
        .find(|one| one.type_ == "PodScheduled" && one.status == "False");
    let why = waiting.or_else(|| unscheduled.and_then(|one| one.message.clone()));
    Some((PodHealth::Starting, reason(&why)))
}

fn is(status: &PodStatus, condition: &str) -> bool {
    let mut all = status.conditions.iter().flatten();
    all.any(|one| one.type_ == condition && one.status == "True")
}

/// Why a container does not run: `ImagePullBackOff`. What any container does while it begins is no reason.
fn waits(status: &PodStatus) -> Option<String> {
    let all = status.init_container_statuses.iter().flatten().chain(statuses(status));
    let reasons = all.filter_map(|one| one.state.as_ref()?.waiting.as_ref()?.reason.clone());
    let usual = ["ContainerCreating", "PodInitializing"];
    reasons.into_iter().find(|reason| !usual.contains(&reason.as_str()))
}

fn shown(text: &str) -> String {
    printable(text, SHOWN)
}
