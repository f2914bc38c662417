//! New objects.

use serde_json::{Map, Value, json};

use super::call::{Call, Reply};
use super::failure::{Cause, Failure};
use super::holders::{self, Hand};
use super::kinds::Kind;
use super::state::{Key, State, stamp, suffix};
use super::{admission, crds, escalation, shape, time};

/// Reads and creates.
pub fn create(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let mut object = shape::read(&call.body, &call.media_type)?;
    shape::is_of(&call.kind, &mut object)?;
    let unknown = shape::known(&call.kind, &mut object)?;
    let warnings = shape::judge(&call.kind, &unknown, call.strictness()?, None)?;
    if !object["metadata"]["resourceVersion"].as_str().unwrap_or_default().is_empty() {
        return Err(Failure::bad_request(
            "resourceVersion should not be set on objects to be created",
        ));
    }
    if let Some(meta) = object["metadata"].as_object_mut() {
        meta.remove("managedFields");
    }
    let stored = store(state, call, object, true)?;
    Ok(Reply::created(stored).warn(warnings))
}

/// Puts the namespace of the path into an object, and finds its name.
fn place(call: &Call, object: &mut Value) -> Result<String, Failure> {
    let meta = &object["metadata"];
    let text = |field: &str| meta[field].as_str().unwrap_or_default().to_owned();
    let (name, generate, namespace) = (text("name"), text("generateName"), text("namespace"));
    if call.kind.namespaced && !namespace.is_empty() && namespace != call.namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    if name.is_empty() && generate.is_empty() {
        let cause = Cause::required("metadata.name", "name or generateName is required");
        return Err(Failure::invalid(&call.kind, "", &[cause]));
    }
    if object["metadata"].is_null() {
        object["metadata"] = json!({});
    }
    if call.kind.namespaced {
        object["metadata"]["namespace"] = call.namespace.clone().into();
    }
    let name = if name.is_empty() { format!("{generate}{}", suffix()) } else { name };
    object["metadata"]["name"] = name.clone().into();
    Ok(name)
}

/// Creates an object that is read and known; for apply, too.
pub fn store(
    state: &mut State,
    call: &Call,
    mut object: Value,
    note: bool,
) -> Result<Value, Failure> {
    let kind = &*call.kind;
    let name = place(call, &mut object)?;
    admission::namespace(state, kind, &call.namespace, &name)?;
    clean(kind, &mut object);
    stamp(&mut object, u64::from(generations(kind)));
    shape::fill(kind, &mut object);
    grow(kind, &mut object);
    state.rules.admit(kind, None, &mut object)?;
    shape::check(kind, &object)?;
    if kind.is("apiextensions.k8s.io", "customresourcedefinitions") {
        crds::check(kind, &object)?;
        crds::established(&mut object, &time::now());
    }
    escalation::check(state, &call.user, kind, &object)?;
    let key = Key::new(&kind.resource(), &call.namespace, &name);
    if state.get(&key).is_some() {
        return Err(Failure::already_exists(kind, &name));
    }
    if note {
        holders::note(kind, None, &mut object, &Hand { manager: call.manager(), sub: "" });
    }
    if call.query.dry()? {
        return Ok(object);
    }
    Ok(Value::clone(&*state.put(key, object)))
}

/// Takes away what only the server writes.
fn clean(kind: &Kind, object: &mut Value) {
    if let Some(meta) = object["metadata"].as_object_mut() {
        for field in [
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
        ] {
            meta.remove(field);
        }
    }
    if kind.has("status")
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("status");
    }
}

/// Whether a kind counts the generations of its objects.
pub fn generations(kind: &Kind) -> bool {
    let counted = [
        "deployments.apps",
        "statefulsets.apps",
        "replicasets.apps",
        "daemonsets.apps",
        "jobs.batch",
        "cronjobs.batch",
        "poddisruptionbudgets.policy",
        "networkpolicies.networking.k8s.io",
        "ingresses.networking.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "endpointslices.discovery.k8s.io",
    ];
    kind.is_custom() || counted.contains(&kind.resource().as_str())
}

/// What a built-in object gets when it is created.
fn grow(kind: &Kind, object: &mut Value) {
    match kind.resource().as_str() {
        "pods" => {
            let class = if has_resources(object) { "Burstable" } else { "BestEffort" };
            object["status"] = json!({"phase": "Pending", "qosClass": class});
            let spec = &mut object["spec"];
            if spec.is_object() && spec["serviceAccountName"].is_null() {
                spec["serviceAccountName"] = json!("default");
                spec["serviceAccount"] = json!("default");
            }
        }
        "namespaces" => {
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            object["status"] = json!({"phase": "Active"});
        }
        "persistentvolumeclaims" | "persistentvolumes" => {
            object["status"] = json!({"phase": "Pending"});
        }
        "services" if object["spec"]["type"] != "ExternalName" => {
            let spec = &mut object["spec"];
            if spec["clusterIP"].is_null() {
                let uid = object["metadata"]["uid"].as_str().unwrap_or_default();
                let part = |at| u8::from_str_radix(&uid[at..at + 2], 16).unwrap_or_default();
                let address = format!("10.96.{}.{}", part(0), part(2).clamp(2, 250));
                object["spec"]["clusterIP"] = address.into();
            }
            object["spec"]["clusterIPs"] = json!([object["spec"]["clusterIP"]]);
        }
        "jobs.batch" => job(object),
        _ => {}
    }
}

fn has_resources(pod: &Value) -> bool {
    let containers = pod["spec"]["containers"].as_array();
    containers.into_iter().flatten().any(|container| {
        container["resources"]
            .as_object()
            .is_some_and(|resources: &Map<String, Value>| !resources.is_empty())
    })
}

/// A job selects its pods by its own uid.
fn job(object: &mut Value) {
    if object["spec"]["manualSelector"] == true || !object["spec"]["template"].is_object() {
        return;
    }
    let (uid, name) = (object["metadata"]["uid"].clone(), object["metadata"]["name"].clone());
    object["spec"]["selector"] =
        json!({"matchLabels": {"batch.kubernetes.io/controller-uid": uid}});
    let template = &mut object["spec"]["template"];
    if template["metadata"].is_null() {
        template["metadata"] = json!({});
    }
    if template["metadata"]["labels"].is_null() {
        template["metadata"]["labels"] = json!({});
    }
    let labels = &mut template["metadata"]["labels"];
    for prefix in ["batch.kubernetes.io/", ""] {
        labels[format!("{prefix}controller-uid")] = uid.clone();
        labels[format!("{prefix}job-name")] = name.clone();
    }
}
