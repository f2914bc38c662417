//! Nodes that take no pods any more, and pods that leave or end.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Node, Pod};

use super::super::owner::{Owner, owner};
use super::act::{Act, Action};
use super::pods::{list, name, ready_again, reference};
use super::volumes::out_of_reach;
use crate::exercise::said::{Said, said};
use crate::gameday::fault::Fault;
use crate::gameday::span::Span;
use crate::kubernetes::scene::{Scene, volumes};

/// Where a node is.
const ZONE: &str = "topology.kubernetes.io/zone";

/// How a node goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    /// Its pods end, and it stays empty.
    Fails,
    /// Its pods end, and it takes new ones at once.
    Restarts,
    /// Its pods leave within a time.
    Drains(Span),
}

/// The nodes of the victims fail, restart, or are emptied.
pub(super) fn of_nodes(
    fault: &Fault,
    scene: &Scene,
    victims: &[&Pod],
) -> Result<Vec<Action>, String> {
    let going = match fault {
        Fault::NodeRestart => Going::Restarts,
        Fault::NodeDrain { grace } => Going::Drains(*grace),
        _ => Going::Fails,
    };
    let nodes = of_pods(scene, victims)?;
    go(scene, &nodes, victims, going)
}

/// Every node of the victims' zones fails; `storage`: and the volumes there.
pub(super) fn of_zone(
    scene: &Scene,
    victims: &[&Pod],
    storage: bool,
) -> Result<Vec<Action>, String> {
    let theirs = of_pods(scene, victims)?;
    let mut zones = BTreeSet::new();
    for node in theirs {
        let zone = zone(node).ok_or_else(|| {
            format!("node {} has no label {ZONE}: nobody knows its zone", title(node))
        })?;
        zones.insert(zone);
    }
    let nodes: Vec<&Node> = scene
        .nodes
        .iter()
        .filter(|node| zone(node).is_some_and(|zone| zones.contains(zone)))
        .collect();
    let mut all = go(scene, &nodes, victims, Going::Fails)?;
    if storage && let Some(last) = all.last_mut() {
        last.warnings.push(out_of_reach(scene, &nodes, victims)?);
    }
    Ok(all)
}

fn go(
    scene: &Scene,
    nodes: &[&Node],
    victims: &[&Pod],
    going: Going,
) -> Result<Vec<Action>, String> {
    let (hit, stay) = movable(scene, victims)?;
    let elsewhere = scene.nodes.iter().any(|node| {
        takes_pods(node) && !nodes.iter().any(|one| one.metadata.name == node.metadata.name)
    });
    if let Going::Drains(_) = going {
        if !elsewhere {
            return Err("no other node takes pods: those that leave would run nowhere".to_owned());
        }
        keeps_nothing(&hit)?;
    }
    let mut warnings = staying(&stay);
    if !elsewhere && going == Going::Fails {
        warnings.push(said!(
            "native-no-other-node",
            "no other node takes pods: they wait until it is undone"
        ));
    }
    let names = nodes.iter().map(|node| title(node)).collect::<Vec<_>>().join(", ");
    warnings.push(match going {
        Going::Drains(_) => said!("native-pods-stay-away", "pods do not move back by themselves"),
        _ => said!(
            "native-machine-runs",
            "the machine of {nodes} keeps running: only pods of this namespace end, and those of others stay",
            nodes = names
        ),
    });
    let mut all: Vec<Action> = nodes
        .iter()
        .map(|node| Action {
            act: Act::Cordon { node: title(node).to_owned(), brief: going == Going::Restarts },
            back: Vec::new(),
            warnings: Vec::new(),
        })
        .collect();
    if !hit.is_empty() {
        let pods = hit.iter().map(|pod| reference(scene, pod)).collect();
        let act = match going {
            Going::Drains(grace) => Act::Evict { pods, grace },
            _ => Act::Delete { pods },
        };
        all.push(Action { act, back: ready_again(scene, &hit), warnings: Vec::new() });
    }
    if let Some(last) = all.last_mut() {
        last.warnings = warnings;
    }
    Ok(all)
}

/// The nodes that these pods are on.
fn of_pods<'s>(scene: &'s Scene, pods: &[&Pod]) -> Result<Vec<&'s Node>, String> {
    let mut found: Vec<&Node> = Vec::new();
    for pod in pods {
        let Some(at) = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) else {
            return Err(format!("{} is on no node", name(pod)));
        };
        let node = scene.nodes.iter().find(|node| node.metadata.name.as_deref() == Some(at));
        let node = node.ok_or_else(|| {
            format!("node {at} cannot be seen: listing nodes may not be allowed; gameday rbac prints the Role that is needed")
        })?;
        if !found.iter().any(|one| one.metadata.name == node.metadata.name) {
            found.push(node);
        }
    }
    Ok(found)
}

/// Those that can go and those that stay where they are.
fn movable<'s>(scene: &Scene, victims: &[&'s Pod]) -> Result<(Vec<&'s Pod>, Vec<&'s Pod>), String> {
    let (mut hit, mut stay, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for pod in victims.iter().copied().filter(|pod| !is_over(pod)) {
        match owner(scene, pod) {
            Owner::Daemon(_) | Owner::Mirror => stay.push(pod),
            Owner::Nobody => lost.push(pod),
            _ => hit.push(pod),
        }
    }
    if lost.is_empty() {
        return Ok((hit, stay));
    }
    Err(format!("nobody makes {} again: a pod without an owner would be lost for good", list(lost)))
}

fn is_over(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// Names the emptyDirs of a pod that may be lost, as autoscalers of clusters read it.
const SAFE: &str = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/// Refuses to lose what pods keep in an emptyDir, unless they say that it may be.
fn keeps_nothing(pods: &[&Pod]) -> Result<(), String> {
    let keeps = |pod: &&&Pod| {
        let annotations = pod.metadata.annotations.as_ref();
        let safe = annotations.and_then(|all| all.get(SAFE)).map_or("", String::as_str);
        let is_safe = |name: &str| safe.split(',').any(|one| one.trim() == name);
        volumes(pod).any(|one| one.empty_dir.is_some() && !is_safe(&one.name))
    };
    let keeping: Vec<&Pod> = pods.iter().filter(keeps).copied().collect();
    if keeping.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} keep data in an emptyDir, which a drain would lose for good; where it may be lost, the annotation {SAFE} of their pods names it",
        list(keeping)
    ))
}

fn staying(stay: &[&Pod]) -> Vec<Said> {
    if stay.is_empty() {
        return Vec::new();
    }
    let pods = list(stay.iter().copied());
    vec![said!(
        "native-pods-of-node",
        "{pods} belong to their node (DaemonSet or the node's own) and stay",
        pods = pods
    )]
}

fn takes_pods(node: &Node) -> bool {
    let spec = node.spec.as_ref();
    let closed = spec.is_some_and(|spec| {
        let taints = spec.taints.iter().flatten();
        spec.unschedulable == Some(true)
            || taints
                .into_iter()
                .any(|taint| matches!(taint.effect.as_str(), "NoSchedule" | "NoExecute"))
    });
    let conditions = node.status.as_ref().and_then(|status| status.conditions.as_ref());
    let ready = conditions.is_none_or(|all| {
        all.iter().filter(|one| one.type_ == "Ready").all(|one| one.status == "True")
    });
    !closed && ready
}

fn zone(node: &Node) -> Option<&str> {
    node.metadata.labels.as_ref()?.get(ZONE).map(String::as_str)
}

fn title(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}
