//! Changes of objects that are there: replacing them whole, and what every change must hold to.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::create::generations;
use super::failure::{Cause, Failure};
use super::holders::{self, Hand};
use super::kinds::Kind;
use super::state::State;
use super::{escalation, rules, shape};

/// Fields of metadata that stay what the server made them.
const KEPT: &[&str] = &[
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName",
    "selfLink",
];

/// Replaces an object, or its status.
pub fn replace(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let mut object = shape::read(&call.body, &call.media_type)?;
    shape::is_of(&call.kind, &mut object)?;
    let unknown = shape::known(&call.kind, &mut object)?;
    let warnings = shape::judge(&call.kind, &unknown, call.strictness()?, None)?;
    let old = existing(state, call)?;
    let version = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    if version.is_empty() && must_say_version(&call.kind) {
        let why = "must be specified for an update";
        let cause = Cause::invalid("metadata.resourceVersion", &json!(0), why);
        return Err(Failure::invalid(&call.kind, &call.name, &[cause]));
    }
    let stored = change(state, call, &old, object, true)?;
    Ok(Reply::ok(stored).warn(warnings))
}

/// Whether a kind is not replaced blindly.
fn must_say_version(kind: &Kind) -> bool {
    let others = ["leases.coordination.k8s.io", "poddisruptionbudgets.policy"];
    kind.is_custom() || others.contains(&kind.resource().as_str())
}

/// What is asked for, when it is there.
pub fn existing(state: &State, call: &Call) -> Result<Arc<Value>, Failure> {
    state.get(&call.key()).cloned().ok_or_else(|| Failure::not_found(&call.kind, &call.name))
}

/// Stores `new` in the place of `old`, if it may be. `note`: fields go to who asks; apply has done so.
pub fn change(
    state: &mut State,
    call: &Call,
    old: &Arc<Value>,
    mut new: Value,
    note: bool,
) -> Result<Value, Failure> {
    let kind = &*call.kind;
    same_object(call, old, &new)?;
    let managed = new["metadata"]["managedFields"].take();
    keep(kind, &call.sub, old, &mut new);
    shape::fill(kind, &mut new);
    state.rules.admit(kind, Some(old), &mut new)?;
    shape::check(kind, &new)?;
    check_change(kind, old, &new)?;
    if new["rules"] != old["rules"] || new["subjects"] != old["subjects"] {
        escalation::check(state, &call.user, kind, &new)?;
    }
    if same_but_for_fields(old, &new) && (note || same_holders(old, &managed)) {
        return Ok(Value::clone(old));
    }
    count(kind, old, &mut new);
    if note {
        let hand = Hand { manager: call.manager(), sub: &call.sub };
        holders::note(kind, Some(old), &mut new, &hand);
    } else {
        new["metadata"]["managedFields"] = managed;
    }
    if call.query.dry()? {
        return Ok(new);
    }
    let stored = Value::clone(&*state.put(call.key(), new));
    if is_over(&stored) {
        state.take(&call.key());
    }
    Ok(stored)
}

/// Whether a change is of the object that is there, in the state that it is in.
fn same_object(call: &Call, old: &Value, new: &Value) -> Result<(), Failure> {
    let meta = &new["metadata"];
    let text = |field: &str| meta[field].as_str().unwrap_or_default();
    let name = text("name");
    if name != call.name {
        return Err(Failure::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )));
    }
    let namespace = text("namespace");
    if !namespace.is_empty() && namespace != call.namespace {
        return Err(Failure::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    let uid = text("uid");
    if !uid.is_empty() && old["metadata"]["uid"] != uid {
        let why = format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            old["metadata"]["uid"].as_str().unwrap_or_default()
        );
        return Err(Failure::conflict(&call.kind, &call.name, &why));
    }
    let version = text("resourceVersion");
    if !version.is_empty() && old["metadata"]["resourceVersion"] != version {
        return Err(Failure::stale(&call.kind, &call.name));
    }
    Ok(())
}

/// Takes from the old object what this request may not change.
fn keep(kind: &Kind, sub: &str, old: &Value, new: &mut Value) {
    if sub == "status" {
        let status = new["status"].take();
        *new = old.clone();
        new["status"] = status;
        return;
    }
    if kind.has("status") {
        new["status"] = old["status"].clone();
        if new["status"].is_null()
            && let Some(fields) = new.as_object_mut()
        {
            fields.remove("status");
        }
    }
    for field in KEPT {
        match old["metadata"].get(field) {
            Some(value) => new["metadata"][*field] = value.clone(),
            None => drop(new["metadata"].as_object_mut().map(|meta| meta.remove(*field))),
        }
    }
    if kind.namespaced {
        new["metadata"]["namespace"] = old["metadata"]["namespace"].clone();
    }
    new["metadata"]["resourceVersion"] = old["metadata"]["resourceVersion"].clone();
    // What a server gave may be left out by who replaces.
    let given: &[&str] = match kind.resource().as_str() {
        "services" => &["clusterIP", "clusterIPs"],
        "jobs.batch" => &["selector"],
        "namespaces" => &["finalizers"],
        "pods" => &["nodeName", "serviceAccount", "serviceAccountName"],
        _ => &[],
    };
    for field in given {
        if new["spec"].get(field).is_none_or(Value::is_null) && !old["spec"][*field].is_null() {
            new["spec"][*field] = old["spec"][*field].clone();
        }
    }
}

fn check_change(kind: &Kind, old: &Value, new: &Value) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    if !kind.is_custom() {
        rules::check_change(kind, old, new, &mut wrong);
    }
    if !old["metadata"]["deletionTimestamp"].is_null() {
        let list = |object: &Value| {
            object["metadata"]["finalizers"].as_array().cloned().unwrap_or_default()
        };
        let were = list(old);
        let added: Vec<String> =
            list(new).iter().filter(|one| !were.contains(one)).map(Value::to_string).collect();
        if !added.is_empty() {
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
                added.join(", ")
            );
            wrong.push(Cause::forbidden("metadata.finalizers", &why));
        }
    }
    let name = new["metadata"]["name"].as_str().unwrap_or_default();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::invalid(kind, name, &wrong)) }
}

fn same_but_for_fields(old: &Value, new: &Value) -> bool {
    let plain = |object: &Value| {
        let mut object = object.clone();
        if let Some(meta) = object["metadata"].as_object_mut() {
            meta.remove("managedFields");
            meta.retain(|_, value| *value != json!({}) && *value != json!([]) && !value.is_null());
        }
        object
    };
    plain(old) == plain(new)
}

/// Whether the same hold the same, whenever that was noted.
fn same_holders(old: &Value, managed: &Value) -> bool {
    let plain = |managed: &Value| {
        let mut entries = managed.as_array().cloned().unwrap_or_default();
        entries.iter_mut().for_each(|entry| entry["time"] = Value::Null);
        entries
    };
    plain(&old["metadata"]["managedFields"]) == plain(managed)
}

/// Counts the generation up when what is wanted has changed.
fn count(kind: &Kind, old: &Value, new: &mut Value) {
    if !generations(kind) {
        return;
    }
    let wanted = |object: &Value| {
        let mut object = object.clone();
        if let Some(fields) = object.as_object_mut() {
            fields.remove("metadata");
            if kind.has("status") {
                fields.remove("status");
            }
        }
        object
    };
    if wanted(old) != wanted(new) {
        let generation = old["metadata"]["generation"].as_u64().unwrap_or_default();
        new["metadata"]["generation"] = (generation + 1).into();
    }
}

/// Whether an object is deleted and nothing holds it any more.
pub fn is_over(object: &Value) -> bool {
    let meta = &object["metadata"];
    let held = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    let namespace = object["kind"] == "Namespace" && held(&object["spec"]["finalizers"]);
    !meta["deletionTimestamp"].is_null()
        && !held(&meta["finalizers"])
        && !namespace
        && meta["deletionGracePeriodSeconds"].as_u64().unwrap_or_default() == 0
}
