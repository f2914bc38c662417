//! Which pods serve: EndpointSlices of Services, and what disruption budgets still allow.

use gameday::kubernetes::name::digest;
use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::cluster::*;
use super::{Seen, active, ready};

pub(super) async fn pass(cluster: &Cluster, seen: &Seen) -> kube::Result<()> {
    for service in seen.of(SERVICE).iter().filter(|one| !deleting(one)) {
        if service.data["spec"]["selector"].is_object() {
            slice(cluster, seen, service).await?;
        }
    }
    for budget in seen.of(BUDGET).iter().filter(|one| !deleting(one)) {
        allowance(cluster, seen, budget).await?;
    }
    Ok(())
}

async fn slice(cluster: &Cluster, seen: &Seen, service: &DynamicObject) -> kube::Result<()> {
    let selector = json!({ "matchLabels": service.data["spec"]["selector"] });
    let chosen = |pod: &&DynamicObject| {
        selects(&selector, pod) && pod.data["status"]["podIP"].is_string() && active(pod)
    };
    let mut pods: Vec<_> = seen.of(POD).iter().filter(chosen).collect();
    pods.sort_by_key(|pod| pod.name_any());
    let endpoints: Vec<Value> = pods.iter().map(|pod| endpoint(seen, pod)).collect();
    let empty = Vec::new();
    let ports = service.data["spec"]["ports"].as_array().unwrap_or(&empty);
    let ports: Vec<Value> =
        ports.iter().map(|port| resolved(port, pods.first().copied())).collect();
    let name = service.name_any();
    let own = format!("{name}-{}", letters(digest(&service.uid().unwrap_or_default()), 5));
    let Some(there) = seen.of(SLICE).iter().find(|slice| slice.name_any() == own) else {
        let slice = json!({
            "metadata": {
                "name": own, "ownerReferences": owned_by(SERVICE, service),
                "labels": {
                    "kubernetes.io/service-name": name,
                    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
                },
            },
            "addressType": "IPv4", "endpoints": endpoints, "ports": ports,
        });
        return cluster.create(SLICE, slice).await.map(drop);
    };
    let wanted = json!({ "endpoints": endpoints, "ports": ports });
    if covers(&there.data, &wanted) {
        return Ok(());
    }
    cluster.patch(SLICE, &own, &wanted).await
}

fn endpoint(seen: &Seen, pod: &DynamicObject) -> Value {
    let node = pod.data["spec"]["nodeName"].as_str();
    let zone = node.and_then(|node| seen.node(node)?.labels().get("topology.kubernetes.io/zone"));
    let mut endpoint = json!({
        "addresses": [pod.data["status"]["podIP"]],
        "conditions": { "ready": ready(pod), "serving": ready(pod), "terminating": false },
        "targetRef": {
            "kind": "Pod", "name": pod.name_any(), "namespace": pod.namespace(), "uid": pod.uid(),
        },
    });
    if let Some(node) = node {
        endpoint["nodeName"] = node.into();
    }
    if let Some(zone) = zone {
        endpoint["zone"] = zone.clone().into();
    }
    endpoint
}

/// A port of a service with the number that it has in the pod.
fn resolved(port: &Value, pod: Option<&DynamicObject>) -> Value {
    let number = match &port["targetPort"] {
        Value::String(name) => {
            let containers = pod.and_then(|pod| pod.data["spec"]["containers"].as_array());
            let mut all = containers.into_iter().flatten().flat_map(|one| one["ports"].as_array());
            let find = |ports: &Vec<Value>| {
                ports
                    .iter()
                    .find(|one| one["name"] == name.as_str())
                    .map(|one| one["containerPort"].clone())
            };
            all.find_map(find).unwrap_or_else(|| port["port"].clone())
        }
        Value::Null => port["port"].clone(),
        number => number.clone(),
    };
    let protocol = port["protocol"].as_str().unwrap_or("TCP");
    json!({
        "name": port["name"].as_str().unwrap_or_default(), "port": number, "protocol": protocol,
    })
}

async fn allowance(cluster: &Cluster, seen: &Seen, budget: &DynamicObject) -> kube::Result<()> {
    let spec = &budget.data["spec"];
    let chosen = |pod: &&DynamicObject| selects(&spec["selector"], pod);
    let pods: Vec<_> = seen.of(POD).iter().filter(chosen).filter(|pod| active(pod)).collect();
    let owners: std::collections::BTreeSet<&str> =
        seen.of(POD).iter().filter(chosen).filter_map(owner_of).collect();
    let sets = seen.of(REPLICA_SET).iter().chain(seen.of(STATEFUL_SET));
    let owned = sets.filter(|set| set.uid().is_some_and(|uid| owners.contains(uid.as_str())));
    let asked: i64 = owned.filter_map(|set| set.data["spec"]["replicas"].as_i64()).sum();
    let expected = asked.max(pods.iter().filter(|pod| owner_of(pod).is_none()).count() as i64);
    let healthy = pods.iter().filter(|pod| ready(pod)).count() as i64;
    let desired = match (&spec["minAvailable"], &spec["maxUnavailable"]) {
        (Value::Null, Value::Null) => expected,
        (Value::Null, most) => expected - of_total(most, expected),
        (least, _) => of_total(least, expected),
    };
    let desired = desired.max(0);
    let allowed = if expected > 0 { (healthy - desired).max(0) } else { 0 };
    let disrupted = &budget.data["status"]["disruptedPods"];
    let mut status = json!({
        "currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected,
        "disruptionsAllowed": allowed, "observedGeneration": budget.metadata.generation,
    });
    // Evicted pods are counted until they are gone.
    let gone = disrupted
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| !pods.iter().any(|pod| pod.name_any() == **name));
    let gone: serde_json::Map<String, Value> =
        gone.map(|(name, _)| (name.clone(), Value::Null)).collect();
    if !gone.is_empty() {
        status["disruptedPods"] = gone.into();
    }
    cluster.say(BUDGET, budget, status).await
}

/// A number, or a share of the total, rounded up.
fn of_total(value: &Value, total: i64) -> i64 {
    match value.as_str().and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok()) {
        Some(percent) => (total * percent + 99) / 100,
        None => value.as_i64().unwrap_or(0),
    }
}
