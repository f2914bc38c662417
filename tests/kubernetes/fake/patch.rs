//! Patches in their four forms.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::change::{change, existing};
use super::failure::{Cause, Failure};
use super::holders::{self, Hand};
use super::state::State;
use super::{create, shape, strategic};

const JSON: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
pub const APPLY: &str = "application/apply-patch+yaml";

/// Patches an object, or its status.
pub fn patch(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let form = call.media_type.split(';').next().unwrap_or_default().trim();
    if form == APPLY {
        return apply(state, call);
    }
    let forms: &[&str] = if call.kind.is_custom() {
        &[JSON, MERGE, APPLY]
    } else {
        &[JSON, MERGE, STRATEGIC, APPLY]
    };
    if !forms.contains(&form) {
        return Err(Failure::media_type(&forms.join(", ")));
    }
    if call.query.get("force").is_some() {
        let cause = Cause::forbidden("force", "may not be specified for non-apply patch");
        return Err(options(&cause));
    }
    let patch: Value = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
    let old = existing(state, call)?;
    let mut new = Value::clone(&old);
    match form {
        JSON => by_operations(&mut new, &patch)?,
        MERGE => {
            if !patch.is_object() {
                return Err(Failure::bad_request("error decoding patch: no object"));
            }
            json_patch::merge(&mut new, &patch);
        }
        _ => strategic::merge(&call.kind, &mut new, &patch),
    }
    if new["kind"] != old["kind"] || new["apiVersion"] != old["apiVersion"] {
        return Err(Failure::bad_request(
            "the kind or API version of an object cannot be changed by a patch",
        ));
    }
    let unknown = shape::known(&call.kind, &mut new)?;
    let warnings = shape::judge(&call.kind, &unknown, call.strictness()?, Some(&patch))?;
    let stored = change(state, call, &old, new, true)?;
    Ok(Reply::ok(stored).warn(warnings))
}

fn by_operations(object: &mut Value, patch: &Value) -> Result<(), Failure> {
    let operations: json_patch::Patch = serde_json::from_value(patch.clone())
        .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
    // A server takes a field that is absent for null in a test.
    let operations: Vec<json_patch::PatchOperation> = operations
        .0
        .into_iter()
        .filter(|operation| match operation {
            json_patch::PatchOperation::Test(test) => {
                !(test.value.is_null() && object.pointer(test.path.as_str()).is_none())
            }
            _ => true,
        })
        .collect();
    json_patch::patch(object, &operations).map_err(|_| {
        let mut failure = Failure::invalid_thing("", "", "", "", &[]);
        "the server rejected our request due to an error in our request"
            .clone_into(&mut failure.message);
        failure.details = json!({});
        failure
    })
}

fn options(cause: &Cause) -> Failure {
    let causes = std::slice::from_ref(cause);
    Failure::invalid_thing("PatchOptions.meta.k8s.io", "PatchOptions", "meta.k8s.io", "", causes)
}

/// Server-side apply: creates or merges.
fn apply(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let Some(manager) = call.query.get("fieldManager") else {
        return Err(options(&Cause::required("fieldManager", "is required for apply patch")));
    };
    let mut wanted = shape::read(&call.body, APPLY)?;
    shape::is_of(&call.kind, &mut wanted)?;
    if !wanted["metadata"]["managedFields"].is_null() {
        return Err(Failure::bad_request("metadata.managedFields must be nil"));
    }
    if wanted["metadata"]["name"].is_null() {
        if wanted["metadata"].is_null() {
            wanted["metadata"] = json!({});
        }
        wanted["metadata"]["name"] = call.name.clone().into();
    }
    known(call, &mut wanted)?;
    let hand = Hand { manager, sub: &call.sub };
    let force = call.query.is("force");
    let Some(old) = state.get(&call.key()).cloned() else {
        if !call.sub.is_empty() {
            return Err(Failure::not_found(&call.kind, &call.name));
        }
        let object = holders::apply(&call.kind, &Value::Null, &wanted, &hand, force)?;
        return Ok(Reply::created(create::store(state, call, object, false)?));
    };
    let new = holders::apply(&call.kind, &old, &wanted, &hand, force)?;
    Ok(Reply::ok(change(state, call, &old, new, false)?))
}

/// An applied object is typed before it is merged: an unknown field is always an error, however strict one asks to be.
fn known(call: &Call, wanted: &mut Value) -> Result<(), Failure> {
    let unknown = shape::known(&call.kind, wanted)?;
    if unknown.is_empty() {
        return Ok(());
    }
    let told: Vec<String> =
        unknown.iter().map(|path| format!(".{path}: field not declared in schema")).collect();
    let told =
        if told.len() == 1 { told[0].clone() } else { format!("errors:\n  {}", told.join("\n  ")) };
    let place = if call.namespace.is_empty() {
        format!("/{}", call.name)
    } else {
        format!("{}/{}", call.namespace, call.name)
    };
    Err(Failure::unknown(format!(
        "failed to create typed patch object ({place}; {}, Kind={}): {told}",
        call.kind.api_version(),
        call.kind.kind
    )))
}
