//! The pods of ReplicaSets, StatefulSets, DaemonSets and Jobs: as many as are asked for, where there is room. Not what they do.

use std::collections::BTreeMap;

use gameday::kubernetes::name::digest;
use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::cluster::*;
use super::{Seen, active, ready};

/// Zones where no node says which there are.
const ZONES: [&str; 3] = ["zone-a", "zone-b", "zone-c"];
const ZONE: &str = "topology.kubernetes.io/zone";
const HASH: &str = "controller-revision-hash";

pub(super) async fn pass(cluster: &Cluster, seen: &Seen) -> kube::Result<()> {
    let mut places = Places::of(seen);
    let alive = |kind| seen.of(kind).iter().filter(|one| !deleting(one));
    for set in alive(REPLICA_SET) {
        replicas(cluster, seen, &mut places, set).await?;
    }
    for set in alive(STATEFUL_SET) {
        ordinals(cluster, seen, &mut places, set).await?;
    }
    for set in alive(DAEMON_SET) {
        on_every_node(cluster, seen, set).await?;
    }
    for job in alive(JOB) {
        until_done(cluster, seen, &mut places, job).await?;
    }
    Ok(())
}

type Place = (Option<String>, Option<String>);

/// Where pods may go, and how many are there.
struct Places {
    nodes: BTreeMap<String, (String, usize)>,
    any: bool,
    turn: usize,
}

impl Places {
    fn of(seen: &Seen) -> Self {
        let free = |node: &&DynamicObject| {
            node.data["spec"]["unschedulable"] != true && condition(node, "Ready")
        };
        let on = |name: &str| {
            let here = |pod: &&DynamicObject| pod.data["spec"]["nodeName"] == name;
            seen.of(POD).iter().filter(here).count()
        };
        let nodes = seen.of(NODE).iter().filter(free).map(|node| {
            let zone = node.labels().get(ZONE).cloned().unwrap_or_default();
            (node.name_any(), (zone, on(&node.name_any())))
        });
        let any = !seen.of(NODE).is_empty();
        Self { nodes: nodes.collect(), any, turn: seen.of(POD).len() }
    }

    /// The node with the fewest pods of the same set, and its zone; nothing while no node is free. Where there are no nodes
    /// at all, a zone only.
    fn next(&mut self, siblings: &[&DynamicObject], more: usize) -> Place {
        let beside =
            |name: &str| siblings.iter().filter(|pod| pod.data["spec"]["nodeName"] == name).count();
        if !self.any {
            self.turn += 1;
            return (None, Some(ZONES[self.turn % ZONES.len()].to_owned()));
        }
        // Those made in this pass stand nowhere yet: they go round.
        let turn = more % self.nodes.len().max(1);
        let mut order: Vec<_> = self.nodes.iter_mut().collect();
        order.sort_by_key(|(name, (_, count))| (beside(name), *count, (*name).clone()));
        let Some((name, (zone, count))) = order.into_iter().nth(turn) else {
            return (None, None);
        };
        *count += 1;
        (Some(name.clone()), Some(zone.clone()))
    }
}

/// A pod of this template.
fn pod(kind: Kind, owner: &DynamicObject, name: String, place: Place) -> Value {
    let template = &owner.data["spec"]["template"];
    let mut metadata = json!({
        "name": name, "ownerReferences": owned_by(kind, owner),
        "labels": template["metadata"]["labels"],
        "annotations": template["metadata"]["annotations"],
    });
    let mut spec = template["spec"].clone();
    if let (node, Some(zone)) = place {
        // As `PodTopologyLabels` copies it, and as the lab calls it.
        metadata["labels"][ZONE] = zone.clone().into();
        metadata["labels"]["zone"] = zone.into();
        if let Some(node) = node {
            spec["nodeName"] = node.into();
        }
    }
    json!({ "metadata": metadata, "spec": spec })
}

async fn replicas(
    cluster: &Cluster,
    seen: &Seen,
    places: &mut Places,
    set: &DynamicObject,
) -> kube::Result<()> {
    let wanted = set.data["spec"]["replicas"].as_i64().unwrap_or(1);
    let mut pods: Vec<_> = seen.owned(POD, set).into_iter().filter(|pod| active(pod)).collect();
    let there = pods.len() as i64;
    for more in 0..(wanted - there).max(0) {
        let name = format!("{}-{}", set.name_any(), letters(chance(), 5));
        let place = places.next(&pods, more as usize);
        cluster.create(POD, pod(REPLICA_SET, set, name, place)).await?;
    }
    pods.sort_by_key(|pod| (ready(pod), std::cmp::Reverse(pod.creation_timestamp())));
    for pod in pods.iter().take((there - wanted).max(0) as usize) {
        cluster.delete(POD, pod, false).await?;
    }
    count(cluster, REPLICA_SET, set, &pods, json!({})).await
}

/// What sets say of their pods.
async fn count(
    cluster: &Cluster,
    kind: Kind,
    set: &DynamicObject,
    pods: &[&DynamicObject],
    more: Value,
) -> kube::Result<()> {
    let ready = pods.iter().filter(|pod| ready(pod)).count();
    let mut status = json!({
        "replicas": pods.len(), "readyReplicas": ready, "availableReplicas": ready,
        "observedGeneration": set.metadata.generation,
    });
    if let (Some(status), Some(more)) = (status.as_object_mut(), more.as_object()) {
        status.extend(more.clone());
    }
    cluster.say(kind, set, status).await
}

async fn ordinals(
    cluster: &Cluster,
    seen: &Seen,
    places: &mut Places,
    set: &DynamicObject,
) -> kube::Result<()> {
    let wanted = set.data["spec"]["replicas"].as_i64().unwrap_or(1);
    let all = seen.owned(POD, set);
    let revision = letters(digest(&set.data["spec"]["template"].to_string()), 10);
    let name = |number: i64| format!("{}-{number}", set.name_any());
    let there = |number: i64| all.iter().any(|pod| pod.name_any() == name(number));
    for number in (0..wanted).filter(|number| !there(*number)) {
        let place = places.next(&all, number as usize);
        let mut pod = pod(STATEFUL_SET, set, name(number), place);
        pod["metadata"]["labels"][HASH] = revision.clone().into();
        pod["metadata"]["labels"]["statefulset.kubernetes.io/pod-name"] = name(number).into();
        cluster.create(POD, pod).await?;
    }
    let mut alive: Vec<_> = all.iter().copied().filter(|pod| !deleting(pod)).collect();
    alive.sort_by_key(|pod| pod.name_any());
    let outdated = |pod: &&DynamicObject| pod.labels().get(HASH) != Some(&revision);
    let calm = alive.len() as i64 == wanted && alive.iter().all(|pod| ready(pod));
    let surplus = alive.last().copied().filter(|_| alive.len() as i64 > wanted);
    let replaced = alive.iter().copied().rev().find(outdated).filter(|_| calm);
    if let Some(pod) = surplus.or(replaced) {
        cluster.delete(POD, pod, false).await?;
    }
    let updated = alive.iter().copied().filter(|pod| !outdated(pod)).count();
    let more = json!({
        "updatedReplicas": updated, "updateRevision": revision,
        "currentReplicas": updated, "currentRevision": revision,
    });
    count(cluster, STATEFUL_SET, set, &alive, more).await
}

async fn on_every_node(cluster: &Cluster, seen: &Seen, set: &DynamicObject) -> kube::Result<()> {
    let pods = seen.owned(POD, set);
    let nodes = seen.of(NODE);
    for node in nodes {
        let name = node.name_any();
        if pods.iter().any(|pod| pod.data["spec"]["nodeName"] == name.as_str()) {
            continue;
        }
        let own = format!("{}-{}", set.name_any(), letters(chance(), 5));
        let place = (Some(name), node.labels().get(ZONE).cloned());
        cluster.create(POD, pod(DAEMON_SET, set, own, place)).await?;
    }
    let ready = pods.iter().filter(|pod| ready(pod)).count();
    let status = json!({
        "desiredNumberScheduled": nodes.len(), "currentNumberScheduled": pods.len(),
        "numberReady": ready, "numberAvailable": ready, "numberMisscheduled": 0,
        "updatedNumberScheduled": pods.len(), "observedGeneration": set.metadata.generation,
    });
    cluster.say(DAEMON_SET, set, status).await
}

async fn until_done(
    cluster: &Cluster,
    seen: &Seen,
    places: &mut Places,
    job: &DynamicObject,
) -> kube::Result<()> {
    if condition(job, "Complete") || condition(job, "Failed") {
        return Ok(());
    }
    let spec = &job.data["spec"];
    let pods = seen.owned(POD, job);
    let ended =
        |phase: &str| pods.iter().filter(|pod| pod.data["status"]["phase"] == phase).count();
    let (succeeded, failed) = (ended("Succeeded"), ended("Failed"));
    let running: Vec<_> = pods.iter().copied().filter(|pod| active(pod)).collect();
    let wanted = spec["completions"].as_u64().or(spec["parallelism"].as_u64()).unwrap_or(1);
    let given_up = failed as u64 > spec["backoffLimit"].as_u64().unwrap_or(6);
    let done = succeeded as u64 >= wanted;
    if !given_up && spec["suspend"] != true {
        for more in 0..(wanted as usize).saturating_sub(running.len() + succeeded) {
            let name = format!("{}-{}", job.name_any(), letters(chance(), 5));
            let mut pod = pod(JOB, job, name, places.next(&running, more));
            let labels = &mut pod["metadata"]["labels"];
            labels["job-name"] = job.name_any().into();
            labels["batch.kubernetes.io/job-name"] = job.name_any().into();
            cluster.create(POD, pod).await?;
        }
    }
    let started = job.data["status"]["startTime"].as_str().map_or_else(now, str::to_owned);
    let mut status = json!({
        "startTime": started, "active": running.len(), "succeeded": succeeded, "failed": failed,
        "ready": running.iter().filter(|pod| ready(pod)).count(), "uncountedTerminatedPods": {},
    });
    if done || given_up {
        let (first, last, reason) = if done {
            ("SuccessCriteriaMet", "Complete", "CompletionsReached")
        } else {
            ("FailureTarget", "Failed", "BackoffLimitExceeded")
        };
        let condition = |name: &str| {
            let when = now();
            json!({"type": name, "status": "True", "reason": reason, "lastTransitionTime": when})
        };
        status["conditions"] = json!([condition(first), condition(last)]);
        if done {
            status["completionTime"] = now().into();
        }
    }
    cluster.say(JOB, job, status).await
}
