//! Subresources that are no part of their object: `scale`, `eviction`, `token`, `proxy`.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::change::{change, existing};
use super::failure::{Cause, Failure};
use super::remove::{How, remove};
use super::select::object_takes;
use super::state::{Key, State, suffix};
use super::users::User;
use super::{shape, strategic, time};

/// A workload's size as `autoscaling/v1` `Scale`.
pub fn scale(state: &mut State, call: &Call, verb: &str) -> Result<Reply, Failure> {
    let old = existing(state, call)?;
    let shown = scale_of(&old);
    let wanted = match verb {
        "get" => return Ok(Reply::ok(shown)),
        "update" => shape::read(&call.body, &call.media_type)?,
        "patch" => scale_patched(call, &shown)?,
        _ => return Err(Failure::no_such_method()),
    };
    let version = wanted["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if !version.is_empty() && old["metadata"]["resourceVersion"] != version {
        return Err(Failure::stale(&call.kind, &call.name));
    }
    let replicas = wanted["spec"]["replicas"].as_i64().unwrap_or_default();
    if replicas < 0 {
        let why = "must be greater than or equal to 0";
        let cause = Cause::invalid("spec.replicas", &json!(replicas), why);
        return Err(Failure::invalid_thing(
            "Scale.autoscaling",
            "Scale",
            "autoscaling",
            &call.name,
            &[cause],
        ));
    }
    let mut new = Value::clone(&old);
    new["spec"]["replicas"] = replicas.into();
    let stored = change(state, call, &old, new, true)?;
    Ok(Reply::ok(scale_of(&stored)))
}

fn scale_patched(call: &Call, shown: &Value) -> Result<Value, Failure> {
    let mut wanted = shown.clone();
    let patch: Value = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
    match call.media_type.split(';').next().unwrap_or_default() {
        "application/json-patch+json" => {
            let patch: json_patch::Patch = serde_json::from_value(patch)
                .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
            json_patch::patch(&mut wanted, &patch).map_err(|_| {
                let mut failure = Failure::invalid_thing("", "", "", "", &[]);
                "the server rejected our request due to an error in our request"
                    .clone_into(&mut failure.message);
                failure
            })?;
        }
        "application/strategic-merge-patch+json" => {
            strategic::merge(&call.kind, &mut wanted, &patch);
        }
        "application/merge-patch+json" => json_patch::merge(&mut wanted, &patch),
        _ => {
            return Err(Failure::media_type(
                "application/json-patch+json, application/merge-patch+json",
            ));
        }
    }
    Ok(wanted)
}

fn scale_of(object: &Value) -> Value {
    let meta = &object["metadata"];
    let labels = object["spec"]["selector"]["matchLabels"].as_object();
    let selector: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"],
            "resourceVersion": meta["resourceVersion"], "creationTimestamp": meta["creationTimestamp"],
        },
        "spec": {"replicas": object["spec"]["replicas"]},
        "status": {
            "replicas": object["status"]["replicas"].as_i64().unwrap_or_default(),
            "selector": selector.join(","),
        },
    })
}

/// Asks a pod to go, if the budgets allow it.
pub fn evict(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let body = shape::read(&call.body, &call.media_type)?;
    // What is left out is that of the path; kube leaves it out.
    let is = |field: &str, value: &str| body[field].is_null() || body[field] == value;
    if !is("kind", "Eviction") || !is("apiVersion", "policy/v1") {
        return Err(Failure::bad_request("the body is no policy/v1 Eviction"));
    }
    if body["metadata"]["name"].as_str().is_some_and(|name| name != call.name) {
        return Err(Failure::bad_request("name in URL does not match name in Eviction object"));
    }
    let pod = existing(state, call)?;
    let how = How::of(&body["deleteOptions"], call)?;
    let over = matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed" | "Pending"));
    if !over && pod["metadata"]["deletionTimestamp"].is_null() {
        spend(state, call, &pod)?;
    }
    remove(state, call, &pod, &how)?;
    Ok(Reply::created(json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201,
    })))
}

/// Takes one disruption from the budget of a pod.
fn spend(state: &mut State, call: &Call, pod: &Value) -> Result<(), Failure> {
    let budgets: Vec<(Key, Value)> = state
        .all("poddisruptionbudgets.policy", Some(&call.namespace))
        .filter(|(_, budget)| {
            let selector = &budget["spec"]["selector"];
            !selector.is_null() && object_takes(selector, &pod["metadata"]["labels"])
        })
        .map(|(key, budget)| (key.clone(), Value::clone(budget)))
        .collect();
    let [(key, budget)] = budgets.as_slice() else {
        return match budgets.len() {
            0 => Ok(()),
            _ => Err(Failure::internal(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            )),
        };
    };
    let status = &budget["status"];
    let number = |field: &str| status[field].as_i64().unwrap_or_default();
    let generation = budget["metadata"]["generation"].as_i64().unwrap_or_default();
    let refused = |message: String, retry: Option<u64>| {
        let what = "Cannot evict pod as it would violate the pod's disruption budget.";
        let cause = json!([{"reason": "DisruptionBudget", "message": message}]);
        Err(Failure::too_many(what, retry).with_causes(cause))
    };
    if number("observedGeneration") < generation {
        let name = &key.name;
        let message =
            format!("The disruption budget {name} is still being processed by the server.");
        return refused(message, Some(10));
    }
    if !is_ready(pod) && may_go_unready(budget) {
        return Ok(());
    }
    if number("disruptionsAllowed") <= 0 {
        let message = format!(
            "The disruption budget {} needs {} healthy pods and has {} currently",
            key.name,
            number("desiredHealthy"),
            number("currentHealthy")
        );
        return refused(message, None);
    }
    if call.query.dry()? {
        return Ok(());
    }
    let mut spent = budget.clone();
    spent["status"]["disruptionsAllowed"] = (number("disruptionsAllowed") - 1).into();
    if spent["status"]["disruptedPods"].is_null() {
        spent["status"]["disruptedPods"] = json!({});
    }
    spent["status"]["disruptedPods"][&call.name] = time::now().into();
    state.put(key.clone(), spent);
    Ok(())
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    conditions.into_iter().flatten().any(|one| one["type"] == "Ready" && one["status"] == "True")
}

/// Whether a pod that is not ready may go without costing a disruption.
fn may_go_unready(budget: &Value) -> bool {
    let number = |field: &str| budget["status"][field].as_i64().unwrap_or_default();
    let wanted = number("desiredHealthy");
    let healthy = wanted > 0 && number("currentHealthy") >= wanted;
    budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow" || healthy
}

/// A token for a service account.
pub fn token(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let mut request = shape::read(&call.body, &call.media_type)?;
    existing(state, call)?;
    let name = format!("system:serviceaccount:{}:{}", call.namespace, call.name);
    let token = format!("account-{}-{}-{}", call.name, suffix(), suffix());
    let seconds = request["spec"]["expirationSeconds"].as_i64().unwrap_or(3600);
    if !call.query.dry()? {
        state.users.add(&token, User::new(&name, &[]));
    }
    request["status"] = json!({"token": token, "expirationTimestamp": time::later(seconds)});
    Ok(Reply::created(request))
}

/// Puts a pod on a node, as a scheduler does.
pub fn bind(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let body = shape::read(&call.body, &call.media_type)?;
    let pod = existing(state, call)?;
    let node = body["target"]["name"].as_str().unwrap_or_default();
    if pod["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty()) {
        let why =
            format!("pod {} is already assigned to node {}", call.name, pod["spec"]["nodeName"]);
        return Err(Failure::conflict(&call.kind, &call.name, &why));
    }
    let mut bound = Value::clone(&pod);
    bound["spec"]["nodeName"] = node.into();
    if !call.query.dry()? {
        state.put(call.key(), bound);
    }
    Ok(Reply::created(json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201,
    })))
}

/// Where the pod is that `NAME:PORT` means.
pub fn behind(state: &State, call: &Call) -> Result<String, Failure> {
    let (name, port) = call.name.split_once(':').unwrap_or((&call.name, "80"));
    let key = Key::new("pods", &call.namespace, name);
    let Some(pod) = state.get(&key) else { return Err(Failure::not_found(&call.kind, name)) };
    match pod["status"]["podIP"].as_str() {
        Some(ip) => Ok(format!("{ip}:{port}")),
        None => Err(Failure::internal(format!("address not allowed: pod {name} has none"))),
    }
}
