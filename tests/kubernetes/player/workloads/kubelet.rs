//! Nodes: pods are bound, run, restart, end, and go. What a pod's status is to be is worked out of the pod alone (`status`).

use kube::ResourceExt as _;
use kube::api::{DynamicObject, Patch};
use serde_json::{Value, json};

use super::super::behaviour::Behaviour;
use super::super::cluster::*;
use super::Seen;

/// What Chaos Mesh puts in the place of a failing pod's images.
pub const PAUSE_IMAGE: &str = "gcr.io/google-containers/pause:latest";
/// An image with this in its name can be had nowhere.
pub const NO_IMAGE: &str = "no-such";

pub(super) async fn pass(
    cluster: &Cluster,
    seen: &Seen,
    behaviour: &Behaviour,
) -> kube::Result<()> {
    for pod in seen.of(POD) {
        if deleting(pod) {
            if pod.finalizers().is_empty() {
                cluster.delete(POD, pod, true).await?;
            }
            continue;
        }
        let node = pod.data["spec"]["nodeName"].as_str();
        if node.is_none() && !seen.of(NODE).is_empty() {
            bind(cluster, seen, pod).await?;
            continue;
        }
        let node_ready =
            node.is_none_or(|node| seen.node(node).is_none_or(|node| condition(node, "Ready")));
        let ready = node_ready && behaviour.may_be_ready(&pod.name_any());
        let wanted = status(pod, ready, behaviour.exit_of(pod));
        cluster.say(POD, pod, wanted).await?;
    }
    Ok(())
}

/// A pod without a node gets one, if one is free.
async fn bind(cluster: &Cluster, seen: &Seen, pod: &DynamicObject) -> kube::Result<()> {
    let selector = json!({ "matchLabels": pod.data["spec"]["nodeSelector"] });
    let free = |node: &&DynamicObject| {
        node.data["spec"]["unschedulable"] != true
            && condition(node, "Ready")
            && selects(&selector, node)
    };
    let busy = |node: &&DynamicObject| {
        let name = node.name_any();
        seen.of(POD).iter().filter(|pod| pod.data["spec"]["nodeName"] == name.as_str()).count()
    };
    let Some(node) = seen.of(NODE).iter().filter(free).min_by_key(busy) else {
        let condition = json!({
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "no node is free",
        });
        return cluster.say(POD, pod, json!({"phase": "Pending", "conditions": [condition]})).await;
    };
    let name = pod.name_any();
    let binding = json!({
        "apiVersion": "v1", "kind": "Binding", "metadata": { "name": name },
        "target": { "apiVersion": "v1", "kind": "Node", "name": node.name_any() },
    });
    let path = format!("/api/v1/namespaces/{}/pods/{name}/binding", cluster.namespace);
    let request = http::Request::post(path)
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(binding.to_string().into_bytes())
        .unwrap();
    match cluster.client.request::<Value>(request).await {
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(()),
        result => result.map(drop),
    }
}

/// A container's restart from outside: the next status counts one more.
pub async fn restart(cluster: &Cluster, pod: &DynamicObject, container: &str) -> kube::Result<()> {
    let mut statuses = pod.data["status"]["containerStatuses"].clone();
    for one in statuses.as_array_mut().into_iter().flatten() {
        if one["name"] == container {
            one["restartCount"] = (one["restartCount"].as_i64().unwrap_or(0) + 1).into();
            one["lastState"] = json!({"terminated": {
                "exitCode": 137, "reason": "Error", "startedAt": now(), "finishedAt": now(),
            }});
        }
    }
    let patch = json!({"status": {"containerStatuses": statuses}});
    let api = cluster.api(POD);
    api.patch_status(&pod.name_any(), &Default::default(), &Patch::Merge(patch)).await.map(drop)
}

/// What the status of a pod on a node is to be.
fn status(pod: &DynamicObject, may_be_ready: bool, exit: Option<i32>) -> Value {
    let before = &pod.data["status"];
    let containers = pod.data["spec"]["containers"].as_array().cloned().unwrap_or_default();
    let statuses: Vec<Value> =
        containers.iter().map(|one| container(one, before, may_be_ready, exit)).collect();
    let ready = !statuses.is_empty() && statuses.iter().all(|one| one["ready"] == true);
    let ran = before["phase"] == "Running";
    let phase = match exit {
        Some(0) => "Succeeded",
        Some(_) => "Failed",
        None if ran || statuses.iter().all(|one| one["state"].get("running").is_some()) => {
            "Running"
        }
        None => "Pending",
    };
    let condition = |name: &str, yes: bool| {
        let old = before["conditions"].as_array().into_iter().flatten();
        let old = old.into_iter().find(|one| one["type"] == name);
        let said = if yes { "True" } else { "False" };
        let since = old.filter(|old| old["status"] == said).map(|old| &old["lastTransitionTime"]);
        let since = since.cloned().unwrap_or_else(|| now().into());
        json!({"type": name, "status": said, "lastTransitionTime": since})
    };
    let ip = gameday::kubernetes::name::digest(&pod.uid().unwrap_or_default()).to_be_bytes();
    let ip = format!("10.{}.{}.{}", ip[0], ip[1], ip[2]);
    let ip = before["podIP"].as_str().map_or(ip, str::to_owned);
    json!({
        "phase": phase, "podIP": ip, "podIPs": [{"ip": ip}],
        "startTime": before["startTime"].as_str().map_or_else(now, str::to_owned),
        "conditions": [
            condition("PodScheduled", true), condition("Initialized", true),
            condition("ContainersReady", ready), condition("Ready", ready),
        ],
        "containerStatuses": statuses,
    })
}

fn container(spec: &Value, before: &Value, may_be_ready: bool, exit: Option<i32>) -> Value {
    let image = spec["image"].as_str().unwrap_or_default();
    let all = before["containerStatuses"].as_array();
    let old = all.into_iter().flatten().find(|one| one["name"] == spec["name"]);
    let had = old.and_then(|old| old["image"].as_str());
    let swapped = had.is_some_and(|had| had != image);
    let restarts = old.and_then(|old| old["restartCount"].as_i64()).unwrap_or(0);
    let pulled = !image.contains(NO_IMAGE);
    let running = old.map(|old| &old["state"]["running"]).filter(|one| one.is_object() && !swapped);
    let state = match exit {
        _ if !pulled => json!({"waiting": {
            "reason": "ImagePullBackOff", "message": format!("Back-off pulling image \"{image}\""),
        }}),
        Some(code) => {
            let ended = old.map(|old| &old["state"]["terminated"]).filter(|one| one.is_object());
            ended.map_or_else(|| terminated(code), |ended| json!({"terminated": ended}))
        }
        None => json!({"running": running.cloned().unwrap_or_else(|| json!({"startedAt": now()}))}),
    };
    let ready = pulled && exit.is_none() && may_be_ready && image != PAUSE_IMAGE;
    let mut status = json!({
        "name": spec["name"], "image": image, "imageID": "", "ready": ready, "started": pulled,
        "restartCount": restarts + i64::from(swapped), "state": state,
    });
    if let Some(last) = old.map(|old| &old["lastState"]).filter(|one| one.is_object()) {
        status["lastState"] = last.clone();
    }
    status
}

fn terminated(code: i32) -> Value {
    let reason = if code == 0 { "Completed" } else { "Error" };
    json!({"terminated": {
        "exitCode": code, "reason": reason, "startedAt": now(), "finishedAt": now(),
    }})
}
