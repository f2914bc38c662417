//! Deployments: one ReplicaSet for each template, and the change from one to the next. Not the pods.

use gameday::kubernetes::name::digest;
use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::cluster::*;
use super::Seen;

const HASH: &str = "pod-template-hash";
const REVISION: &str = "deployment.kubernetes.io/revision";

pub(super) async fn pass(cluster: &Cluster, seen: &Seen) -> kube::Result<()> {
    for deployment in seen.of(DEPLOYMENT).iter().filter(|one| !deleting(one)) {
        roll(cluster, seen, deployment).await?;
    }
    Ok(())
}

async fn roll(cluster: &Cluster, seen: &Seen, deployment: &DynamicObject) -> kube::Result<()> {
    let spec = &deployment.data["spec"];
    let wanted = spec["replicas"].as_i64().unwrap_or(1);
    let sets = seen.owned(REPLICA_SET, deployment);
    let current = sets.iter().copied().find(|set| same_template(set, &spec["template"]));
    let revision = sets.iter().map(|set| revision_of(set)).max().unwrap_or(0);
    let uid = current.and_then(kube::ResourceExt::uid);
    let old: Vec<_> = sets.iter().copied().filter(|set| set.uid() != uid).collect();
    let old_pods: i64 = old.iter().map(|set| number(set, "replicas")).sum();
    let paused = spec["paused"] == true;
    let old_first = spec["strategy"]["type"] == "Recreate";
    let target = if old_first && old_pods > 0 { 0 } else { wanted };
    match current {
        None if paused => {}
        None => create(cluster, deployment, target, revision + 1).await?,
        Some(set) => {
            scale(cluster, set, target).await?;
            if revision_of(set) < revision {
                let newer = (revision + 1).to_string();
                let newer = json!({"metadata": {"annotations": {REVISION: newer}}});
                cluster.patch(REPLICA_SET, &set.name_any(), &newer).await?;
            }
        }
    }
    let there = current.map_or(0, |set| number(set, "readyReplicas"));
    let done = current.is_some() && there >= wanted;
    if !paused && (done || old_first) {
        for set in &old {
            scale(cluster, set, 0).await?;
        }
    }
    status(cluster, deployment, &sets, current, wanted).await
}

fn number(set: &DynamicObject, field: &str) -> i64 {
    set.data["status"][field].as_i64().unwrap_or(0)
}

fn revision_of(set: &DynamicObject) -> i64 {
    set.annotations().get(REVISION).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The same, but for the label that the set adds.
fn same_template(set: &DynamicObject, template: &Value) -> bool {
    let mut own = set.data["spec"]["template"].clone();
    if let Some(labels) = own["metadata"]["labels"].as_object_mut() {
        labels.remove(HASH);
    }
    own == *template
}

async fn create(
    cluster: &Cluster,
    deployment: &DynamicObject,
    replicas: i64,
    revision: i64,
) -> kube::Result<()> {
    let mut template = deployment.data["spec"]["template"].clone();
    let hash = letters(digest(&template.to_string()), 10);
    template["metadata"]["labels"][HASH] = hash.clone().into();
    let mut selector = deployment.data["spec"]["selector"].clone();
    selector["matchLabels"][HASH] = hash.clone().into();
    let set = json!({
        "metadata": {
            "name": format!("{}-{hash}", deployment.name_any()),
            "labels": template["metadata"]["labels"],
            "annotations": { REVISION: revision.to_string() },
            "ownerReferences": owned_by(DEPLOYMENT, deployment),
        },
        "spec": { "replicas": replicas, "selector": selector, "template": template },
    });
    cluster.create(REPLICA_SET, set).await.map(drop)
}

async fn scale(cluster: &Cluster, set: &DynamicObject, replicas: i64) -> kube::Result<()> {
    if set.data["spec"]["replicas"] == replicas {
        return Ok(());
    }
    cluster.patch(REPLICA_SET, &set.name_any(), &json!({"spec": {"replicas": replicas}})).await
}

async fn status(
    cluster: &Cluster,
    deployment: &DynamicObject,
    sets: &[&DynamicObject],
    current: Option<&DynamicObject>,
    wanted: i64,
) -> kube::Result<()> {
    let sum = |field: &str| sets.iter().map(|set| number(set, field)).sum::<i64>();
    let (replicas, ready) = (sum("replicas"), sum("readyReplicas"));
    let updated = current.map_or(0, |set| number(set, "replicas"));
    let fresh = current.map_or(0, |set| number(set, "readyReplicas"));
    let done = current.is_some() && fresh >= wanted && replicas == updated && updated == wanted;
    let enough = ready >= (wanted * 3 + 3) / 4;
    let condition = |name: &str, yes: bool, reason: &str| json!({"type": name, "status": if yes { "True" } else { "False" }, "reason": reason});
    let available = if enough { "MinimumReplicasAvailable" } else { "MinimumReplicasUnavailable" };
    let progress = if done { "NewReplicaSetAvailable" } else { "ReplicaSetUpdated" };
    let mut status = json!({
        "replicas": replicas, "updatedReplicas": updated, "readyReplicas": ready,
        "availableReplicas": ready, "unavailableReplicas": (wanted - ready).max(0),
        "conditions": [
            condition("Available", enough, available), condition("Progressing", true, progress),
        ],
    });
    // A change that no set has been told of is not observed.
    if current.is_some_and(|set| set.data["spec"]["replicas"] == wanted) {
        status["observedGeneration"] = deployment.metadata.generation.into();
    }
    cluster.say(DEPLOYMENT, deployment, status).await?;
    let revision = current.map(|set| revision_of(set).to_string());
    if revision.is_some() && deployment.annotations().get(REVISION) != revision.as_ref() {
        let patch = json!({"metadata": {"annotations": {REVISION: revision}}});
        cluster.patch(DEPLOYMENT, &deployment.name_any(), &patch).await?;
    }
    Ok(())
}
