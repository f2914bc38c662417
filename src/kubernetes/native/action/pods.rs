//! Pods and their workloads, as decisions about them need them.

use k8s_openapi::api::core::v1::Pod;

use super::super::change::{Back, PodRef};
use super::super::owner::{Owner, owner, pods_of};
use super::super::resource::Object;
use crate::gameday::text::printable;
use crate::kubernetes::scene::Scene;

/// What a pod is called.
pub(super) fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

/// Names of pods in words.
pub(super) fn list<'p>(pods: impl IntoIterator<Item = &'p Pod>) -> String {
    let names: Vec<String> = pods.into_iter().map(|pod| printable(name(pod), 80)).collect();
    names.join(", ")
}

/// The workloads of the victims, each with all of its pods hit: what is changed for one pod is changed for all.
pub(super) fn workloads(
    scene: &Scene,
    victims: &[&Pod],
    what: &str,
) -> Result<Vec<Object>, String> {
    let mut found: Vec<Object> = Vec::new();
    for pod in victims {
        match owner(scene, pod) {
            Owner::Workload(one) | Owner::Daemon(one) if found.contains(&one) => {}
            Owner::Workload(one) | Owner::Daemon(one) => found.push(one),
            _ => {
                return Err(format!(
                    "{} is made by no workload that {what} could be changed of",
                    name(pod)
                ));
            }
        }
    }
    for one in &found {
        let others = pods_of(scene, one);
        only(victims, others, &format!("{what} of {one}"))?;
    }
    Ok(found)
}

/// Refuses what would reach pods that were not chosen.
pub(super) fn only<'s>(
    victims: &[&Pod],
    reached: impl IntoIterator<Item = &'s Pod>,
    what: &str,
) -> Result<(), String> {
    let chosen = |pod: &&Pod| victims.iter().any(|one| one.metadata.name == pod.metadata.name);
    let others: Vec<&Pod> = reached.into_iter().filter(|pod| !chosen(pod)).collect();
    if others.is_empty() {
        return Ok(());
    }
    let others = list(others);
    Err(format!(
        "{what} is also that of {others}: choose all of them with mode: all and a selector that has them all"
    ))
}

/// What must be ready again when the victims have been hit.
pub(super) fn ready_again(scene: &Scene, victims: &[&Pod]) -> Vec<Back> {
    let mut all: Vec<Object> = Vec::new();
    for pod in victims {
        if let Owner::Workload(one) | Owner::Daemon(one) = owner(scene, pod)
            && !all.contains(&one)
        {
            all.push(one);
        }
    }
    all.into_iter().map(|of| ready(scene, of, None)).collect()
}

/// That as many pods of a workload are ready as are now.
pub(super) fn ready(scene: &Scene, of: Object, hash: Option<String>) -> Back {
    let pods = pods_of(scene, &of);
    let least = pods.into_iter().filter(|pod| is_ready(pod)).count();
    Back::Ready { of, least: i64::try_from(least).ok(), hash }
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|one| one.type_ == "Ready" && one.status == "True"))
}

/// A pod, and which one of that name.
pub(super) fn reference(scene: &Scene, pod: &Pod) -> PodRef {
    PodRef {
        namespace: pod.metadata.namespace.clone().unwrap_or_else(|| scene.namespace.clone()),
        name: name(pod).to_owned(),
        uid: pod.metadata.uid.clone().unwrap_or_default(),
    }
}
