//! What is changed of workloads: how many pods they have, and what these are like.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::change::Back;
use super::super::resource::Object;
use super::act::{Act, Action};
use super::pods::{ready, workloads};
use crate::exercise::said::{Said, said};
use crate::gameday::replicas::Replicas;
use crate::gameday::text::printable;
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

/// The image of one of their containers changes: their pods are replaced.
pub(super) fn image(
    scene: &Scene,
    victims: &[&Pod],
    image: &str,
    container: Option<&str>,
) -> Result<Vec<Action>, String> {
    changed(scene, victims, "the image", |of| Act::Image {
        of,
        image: image.to_owned(),
        container: container.map(str::to_owned),
    })
}

/// Their pods are replaced by others that are the same.
pub(super) fn restart(scene: &Scene, victims: &[&Pod], at: i64) -> Result<Vec<Action>, String> {
    let mut all = changed(scene, victims, "the rollout", |of| Act::Restart { of, at })?;
    // They are the same, and called something else.
    for back in all.iter_mut().flat_map(|action| &mut action.back) {
        if let Back::Ready { hash, .. } = back {
            *hash = None;
        }
    }
    Ok(all)
}

/// They get another number of pods.
pub(super) fn scale(
    scene: &Scene,
    victims: &[&Pod],
    replicas: Replicas,
) -> Result<Vec<Action>, String> {
    let mut all = Vec::new();
    for of in workloads(scene, victims, "the number of pods")? {
        if of.resource.kind == "DaemonSet" {
            return Err(format!("{of} has a pod on each node: their number cannot be changed"));
        }
        let now = wanted(scene, &of)
            .ok_or_else(|| format!("{of} was not seen: nobody knows how many pods it wants"))?;
        let replicas = i32::try_from(replicas.of(now)).unwrap_or(i32::MAX);
        let back = vec![ready(scene, of.clone(), None)];
        let warnings = autoscaler(scene, &of, replicas)?.into_iter().collect();
        all.push(Action { act: Act::Scale { of, replicas }, back, warnings });
    }
    Ok(all)
}

/// How many pods it is to have now.
fn wanted(scene: &Scene, of: &Object) -> Option<u32> {
    fn spec<'s, K>(
        all: &'s [K],
        of: &Object,
        replicas: impl Fn(&'s K) -> Option<i32>,
    ) -> Option<i32>
    where
        K: k8s_openapi::Metadata<Ty = ObjectMeta>,
    {
        let one =
            all.iter().find(|one| one.metadata().name.as_deref() == Some(of.name.as_str()))?;
        Some(replicas(one).unwrap_or(1))
    }
    let found = match of.resource.kind.as_str() {
        "Deployment" => spec(&scene.deployments, of, |one| one.spec.as_ref()?.replicas),
        "StatefulSet" => spec(&scene.stateful_sets, of, |one| one.spec.as_ref()?.replicas),
        "ReplicaSet" => spec(&scene.replica_sets, of, |one| one.spec.as_ref()?.replicas),
        _ => None,
    };
    u32::try_from(found?).ok()
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

/// Who else decides how many pods there are. It does nothing while there are none, and undoes any other number.
fn autoscaler(scene: &Scene, of: &Object, replicas: i32) -> Result<Option<Said>, String> {
    let theirs = scene.autoscalers.iter().find_map(|one| {
        let spec = one.spec.as_ref()?;
        let target = &spec.scale_target_ref;
        let is_it = target.kind == of.resource.kind && target.name == of.name;
        is_it.then_some((one.metadata.name.as_deref().unwrap_or_default(), spec))
    });
    let Some((name, spec)) = theirs else { return Ok(None) };
    let (least, most) = (spec.min_replicas.unwrap_or(1), spec.max_replicas);
    if replicas != 0 {
        return Err(format!(
            "HorizontalPodAutoscaler {} (at least {least}, at most {most}) decides how many pods {of} has and would undo any \
             number but 0 within seconds: write replicas: 0, or take the autoscaler away for the exercise",
            printable(name, 80)
        ));
    }
    Ok(Some(said!(
        "native-autoscaler",
        "HorizontalPodAutoscaler {name} (at least {least}, at most {most}) does nothing while there are no pods, and goes on from \
         the number that was there before",
        name = name,
        least = i64::from(least),
        most = i64::from(most)
    )))
}
