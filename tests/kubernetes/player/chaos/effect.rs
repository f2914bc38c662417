//! What an operation does to its target, as far as it can be seen in the API: pods killed, images swapped, restarts, children; a mark
//! for the rest. And how it goes wrong, if the test wants it so.

use std::time::{Duration, Instant};

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::behaviour::Mood;
use super::super::cluster::*;
use super::super::workloads::{PAUSE_IMAGE, restart};
use super::record::{
    INJECTED, INJECTED_WAIT, NOT_INJECTED, NOT_INJECTED_WAIT, Operation, Outcome, Record,
};
use super::{Manager, child, table};

/// Does it, or not.
pub async fn carry(
    manager: &mut Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
    record: &Record,
    operation: Operation,
) -> kube::Result<Outcome> {
    let Some((namespace, name)) = record.pod().filter(|_| !record.id.starts_with('{')) else {
        let phase = if operation == Operation::Apply { INJECTED } else { NOT_INJECTED };
        return Ok(Outcome::now(phase));
    };
    let there = Cluster { client: manager.cluster.client.clone(), namespace: namespace.to_owned() };
    let pod = there.get(POD, name).await?;
    let mood = manager.behaviour.mood_of(kind.kind, &object.name_any());
    if let Some(outcome) = goes_wrong(manager, object, record, operation, mood, pod.as_ref()) {
        return Ok(outcome);
    }
    match (pod, table::child(kind.kind), operation) {
        (pod, Some(child), Operation::Apply) => {
            child::apply(&there, child, object, record, pod.as_ref()).await
        }
        (Some(pod), Some(child), Operation::Recover) => {
            child::recover(&there, child, object, record, &pod).await
        }
        (Some(pod), None, Operation::Apply) => {
            apply(&there, kind, object, record, &pod).await?;
            Ok(Outcome::now(INJECTED))
        }
        (Some(pod), None, Operation::Recover) => {
            recover(&there, kind, object, &pod).await?;
            Ok(Outcome::now(NOT_INJECTED))
        }
        (None, None, Operation::Apply) => {
            Ok(Outcome::failed(NOT_INJECTED, format!("Pod \"{name}\" not found")))
        }
        // What was in the pod went with it.
        (None, _, Operation::Recover) => Ok(Outcome::now(NOT_INJECTED)),
    }
}

/// The outcome where the test wants another than the good one.
fn goes_wrong(
    manager: &mut Manager<'_>,
    object: &DynamicObject,
    record: &Record,
    operation: Operation,
    mood: Option<Mood>,
    pod: Option<&DynamicObject>,
) -> Option<Outcome> {
    let stay = match record.phase.as_str() {
        INJECTED => INJECTED,
        INJECTED_WAIT => INJECTED_WAIT,
        NOT_INJECTED_WAIT => NOT_INJECTED_WAIT,
        _ => NOT_INJECTED,
    };
    match (mood?, operation) {
        (Mood::ApplyFails(why), Operation::Apply) => Some(Outcome::failed(stay, why)),
        (Mood::RecoverFails(why), Operation::Recover) => Some(Outcome::failed(stay, why)),
        (Mood::RecoverFailsUntilGone(why), Operation::Recover) if pod.is_some() => {
            Some(Outcome::failed(stay, why))
        }
        (Mood::RecoverHangs, Operation::Recover) => Some(Outcome::now(stay)),
        (Mood::SlowRecovery(time), Operation::Recover)
        | (Mood::SlowApply(time), Operation::Apply) => {
            let left = still(manager, object, record, operation, time)?;
            manager.wake_in(left);
            Some(Outcome::now(stay))
        }
        _ => None,
    }
}

/// How much of its time an operation still needs.
fn still(
    manager: &mut Manager<'_>,
    object: &DynamicObject,
    record: &Record,
    operation: Operation,
    time: Duration,
) -> Option<Duration> {
    let round = record.injected_count + record.recovered_count;
    let key = format!("{}/{}/{operation:?}/{round}", object.uid().unwrap_or_default(), record.id);
    let begun = *manager.memory.begun.entry(key).or_insert_with(Instant::now);
    time.checked_sub(begun.elapsed()).filter(|left| !left.is_zero())
}

/// The annotation that keeps a container's image while another stands in its place.
fn kept(chaos: &str, container: &str) -> String {
    let whole = format!("chaos-mesh-{chaos}-pod-failure-{container}-normal-image");
    if whole.len() > 63 { format!("{container}-normal") } else { whole }
}

/// What nobody sees but by this.
fn mark(kind: Kind, object: &DynamicObject) -> String {
    format!("{}.played.test/{}", kind.plural, object.name_any())
}

async fn apply(
    there: &Cluster,
    kind: Kind,
    object: &DynamicObject,
    record: &Record,
    pod: &DynamicObject,
) -> kube::Result<()> {
    let spec = &object.data["spec"];
    let action = spec["action"].as_str().unwrap_or("on");
    match (kind.kind, action) {
        ("PodChaos", "pod-kill") => {
            let now = spec["gracePeriod"].as_i64().unwrap_or(0) == 0;
            there.delete(POD, pod, now).await
        }
        ("PodChaos", "container-kill") => {
            restart(there, pod, record.container().unwrap_or_default()).await
        }
        ("PodChaos", _) => swap_images(there, &object.name_any(), pod, true).await,
        _ => annotate(there, pod, &mark(kind, object), Some(action)).await,
    }
}

async fn recover(
    there: &Cluster,
    kind: Kind,
    object: &DynamicObject,
    pod: &DynamicObject,
) -> kube::Result<()> {
    match (kind.kind, object.data["spec"]["action"].as_str()) {
        ("PodChaos", Some("pod-failure")) => {
            swap_images(there, &object.name_any(), pod, false).await
        }
        ("PodChaos", _) => Ok(()),
        _ => annotate(there, pod, &mark(kind, object), None).await,
    }
}

async fn annotate(
    there: &Cluster,
    pod: &DynamicObject,
    key: &str,
    value: Option<&str>,
) -> kube::Result<()> {
    let patch = json!({"metadata": {"uid": pod.uid(), "annotations": {key: value}}});
    there.patch(POD, &pod.name_any(), &patch).await
}

/// Puts the pause image in the place of every image, or the images back.
async fn swap_images(
    there: &Cluster,
    chaos: &str,
    pod: &DynamicObject,
    fail: bool,
) -> kube::Result<()> {
    let mut containers = pod.data["spec"]["containers"].clone();
    let mut annotations = json!({});
    for container in containers.as_array_mut().into_iter().flatten() {
        let key = kept(chaos, container["name"].as_str().unwrap_or_default());
        if fail {
            if container["image"] != PAUSE_IMAGE {
                annotations[&key] = container["image"].clone();
            }
            container["image"] = PAUSE_IMAGE.into();
        } else if let Some(image) = pod.annotations().get(&key) {
            container["image"] = image.clone().into();
            annotations[&key] = Value::Null;
        }
    }
    let patch = json!({
        "metadata": {"uid": pod.uid(), "annotations": annotations},
        "spec": {"containers": containers},
    });
    there.patch(POD, &pod.name_any(), &patch).await
}
