//! What is changed of workloads: how many pods they have, and what these are like.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;

use super::super::resource::Object;
use super::act::{Act, Action};
use super::pods::{ready, workloads};
use crate::exercise::said::{Said, said};
use crate::kubernetes::scene::Scene;

/// Which version of a Deployment a ReplicaSet is.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// Variables of their containers change: their pods are replaced.
pub(super) fn environment(
    scene: &Scene,
    victims: &[&Pod],
    set: &BTreeMap<String, String>,
) -> Result<Vec<Action>, String> {
    let set = set.clone();
    changed(scene, victims, "the environment", |of| Act::Environment { of, set: set.clone() })
}

/// Images of their containers change: their pods are replaced.
pub(super) fn image(
    scene: &Scene,
    victims: &[&Pod],
    set: &BTreeMap<String, String>,
) -> Result<Vec<Action>, String> {
    let set = set.clone();
    changed(scene, victims, "the image", |of| Act::Image { of, set: set.clone() })
}

/// Their pods are replaced by others that are the same.
pub(super) fn restart(scene: &Scene, victims: &[&Pod]) -> Result<Vec<Action>, String> {
    changed(scene, victims, "the rollout", |of| Act::Restart { of })
}

/// They get so many pods.
pub(super) fn scale(scene: &Scene, victims: &[&Pod], replicas: i32) -> Result<Vec<Action>, String> {
    let mut all = Vec::new();
    for of in workloads(scene, victims, "the number of pods")? {
        if of.resource.kind == "DaemonSet" {
            return Err(format!("{of} has a pod on each node: their number cannot be changed"));
        }
        let back = vec![ready(scene, of.clone(), None)];
        let warnings = autoscaler(scene, &of).into_iter().collect();
        all.push(Action { act: Act::Scale { of, replicas }, back, warnings });
    }
    Ok(all)
}

fn changed(
    scene: &Scene,
    victims: &[&Pod],
    what: &str,
    act: impl Fn(Object) -> Act,
) -> Result<Vec<Action>, String> {
    let mut all = Vec::new();
    for of in workloads(scene, victims, what)? {
        if of.resource.kind == "ReplicaSet" {
            return Err(format!("{of} does not replace its pods when {what} of it changes"));
        }
        let back = ready(scene, of.clone(), hash(scene, &of));
        all.push(Action { act: act(of), back: vec![back], warnings: Vec::new() });
    }
    Ok(all)
}

/// What its pods are like now, in short.
fn hash(scene: &Scene, of: &Object) -> Option<String> {
    let named = |name: &Option<String>| name.as_deref() == Some(of.name.as_str());
    match of.resource.kind.as_str() {
        "Deployment" => {
            let one = scene.deployments.iter().find(|one| named(&one.metadata.name))?;
            let revision = one.metadata.annotations.as_ref()?.get(REVISION)?;
            let uid = one.metadata.uid.as_deref()?;
            let owned = |set: &&ReplicaSet| {
                let owners = set.metadata.owner_references.iter().flatten();
                owners.into_iter().any(|owner| owner.uid == uid)
                    && set.metadata.annotations.as_ref().and_then(|all| all.get(REVISION))
                        == Some(revision)
            };
            let set = scene.replica_sets.iter().find(owned)?;
            set.metadata.labels.as_ref()?.get("pod-template-hash").cloned()
        }
        "StatefulSet" => {
            let one = scene.stateful_sets.iter().find(|one| named(&one.metadata.name))?;
            one.status.as_ref()?.update_revision.clone()
        }
        _ => None,
    }
}

/// Who else decides how many pods there are.
fn autoscaler(scene: &Scene, of: &Object) -> Option<Said> {
    let theirs = scene.autoscalers.iter().find(|one| {
        one.spec.as_ref().is_some_and(|spec| {
            spec.scale_target_ref.kind == of.resource.kind && spec.scale_target_ref.name == of.name
        })
    })?;
    let name = theirs.metadata.name.as_deref().unwrap_or_default();
    let spec = theirs.spec.as_ref()?;
    Some(said!(
        "native-autoscaler",
        "HorizontalPodAutoscaler {name} (at least {least}, at most {most}) does nothing while there are no pods, and goes on from \
         the number that was there before",
        name = name,
        least = i64::from(spec.min_replicas.unwrap_or(1)),
        most = i64::from(spec.max_replicas)
    ))
}
