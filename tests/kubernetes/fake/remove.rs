//! Deleting: preconditions, grace, finalizers, and what becomes of dependants.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::change::{existing, is_over};
use super::failure::Failure;
use super::select::Selector;
use super::state::{Key, State};
use super::{shape, time};

/// How something is deleted.
#[derive(Clone, Debug, Default)]
pub struct How {
    uid: Option<String>,
    version: Option<String>,
    grace: Option<u64>,
    policy: Option<String>,
    dry: bool,
}

impl How {
    pub fn read(call: &Call) -> Result<Self, Failure> {
        let body = if call.body.is_empty() {
            json!({})
        } else {
            shape::read(&call.body, &call.media_type)?
        };
        Self::of(&body, call)
    }

    /// From `DeleteOptions`, and the query where they are silent.
    pub fn of(options: &Value, call: &Call) -> Result<Self, Failure> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let grace = options["gracePeriodSeconds"].as_u64();
        let policy = text(&options["propagationPolicy"]);
        if let Some(policy) = policy.as_deref()
            && !matches!(policy, "Orphan" | "Background" | "Foreground")
        {
            return Err(Failure::bad_request(format!(
                "propagationPolicy: Unsupported value: \"{policy}\""
            )));
        }
        let asked = options["dryRun"].as_array().is_some_and(|list| !list.is_empty());
        Ok(Self {
            uid: text(&options["preconditions"]["uid"]),
            version: text(&options["preconditions"]["resourceVersion"]),
            grace: grace.or_else(|| call.query.get("gracePeriodSeconds")?.parse().ok()),
            policy: policy.or_else(|| call.query.get("propagationPolicy").map(str::to_owned)),
            dry: asked || call.query.dry()?,
        })
    }

    /// At once, as a controller does.
    pub fn background() -> Self {
        Self { policy: Some("Background".to_owned()), ..Self::default() }
    }
}

/// Deletes one.
pub fn delete(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let mut how = How::read(call)?;
    let old = existing(state, call)?;
    let mut warnings = Vec::new();
    if call.kind.is("batch", "jobs") && how.policy.is_none() {
        how.policy = Some("Orphan".to_owned());
        warnings.push("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning".to_owned());
    }
    let (object, gone) = remove(state, call, &old, &how)?;
    let whole = matches!(call.kind.resource().as_str(), "pods" | "services" | "serviceaccounts");
    if !gone || whole {
        return Ok(Reply::ok(object).warn(warnings));
    }
    let mut details = call.kind.details(&call.name);
    details["uid"] = object["metadata"]["uid"].clone();
    Ok(Reply::ok(json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details,
    }))
    .warn(warnings))
}

/// Deletes all that the selectors take.
pub fn delete_all(state: &mut State, call: &Call) -> Result<Reply, Failure> {
    let how = How::read(call)?;
    let selector = Selector::read(
        &call.kind,
        call.query.get("labelSelector"),
        call.query.get("fieldSelector"),
    )?;
    let namespace = call.kind.namespaced.then_some(call.namespace.as_str());
    let all: Vec<(Key, Arc<Value>)> = state
        .all(&call.kind.resource(), namespace)
        .filter(|(_, object)| selector.takes(object))
        .map(|(key, object)| (key.clone(), Arc::clone(object)))
        .collect();
    let mut items = Vec::new();
    for (key, object) in all {
        let one = Call { name: key.name.clone(), ..call.clone() };
        items.push(remove(state, &one, &object, &how)?.0);
    }
    Ok(Reply::ok(json!({
        "apiVersion": call.kind.api_version(), "kind": format!("{}List", call.kind.kind),
        "metadata": {"resourceVersion": state.revision().to_string()}, "items": items,
    })))
}

/// Deletes an object, or marks it for deletion: as it then is, and whether it is gone.
pub fn remove(
    state: &mut State,
    call: &Call,
    old: &Arc<Value>,
    how: &How,
) -> Result<(Value, bool), Failure> {
    preconditions(call, old, how)?;
    protected(call)?;
    let mut new = mark(call, old, how);
    if is_over(&new) {
        if how.dry {
            return Ok((new, true));
        }
        let last = state.take(&call.key()).unwrap_or_else(|| Arc::clone(old));
        return Ok((Value::clone(&last), true));
    }
    if how.dry || new == **old {
        return Ok((new, false));
    }
    if call.kind.is("", "namespaces") {
        new["status"]["phase"] = "Terminating".into();
    }
    Ok((Value::clone(&*state.put(call.key(), new)), false))
}

fn preconditions(call: &Call, old: &Value, how: &How) -> Result<(), Failure> {
    let meta = &old["metadata"];
    let wanted = [
        ("UID", "uid", &how.uid, "deleted and then recreated"),
        ("ResourceVersion", "resourceVersion", &how.version, "modified"),
    ];
    for (word, field, value, what) in wanted {
        let Some(value) = value else {
            continue;
        };
        if meta[field] != value.as_str() {
            let is = meta[field].as_str().unwrap_or_default();
            let why = format!(
                "the {word} in the precondition ({value}) does not match the {word} in record ({is}). The object might have been {what}"
            );
            return Err(Failure::conflict(&call.kind, &call.name, &why));
        }
    }
    Ok(())
}

fn protected(call: &Call) -> Result<(), Failure> {
    let kept = ["default", "kube-system", "kube-public"];
    if call.kind.is("", "namespaces") && kept.contains(&call.name.as_str()) {
        let why = "this namespace may not be deleted";
        return Err(Failure::forbidden("namespaces", &call.name, why));
    }
    Ok(())
}

/// The object with everything that a deletion writes into it.
fn mark(call: &Call, old: &Value, how: &How) -> Value {
    let mut new = old.clone();
    let grace = grace(call, old, how);
    let meta = &mut new["metadata"];
    let marked = !meta["deletionTimestamp"].is_null();
    let earlier = meta["deletionGracePeriodSeconds"].as_u64();
    if !marked || earlier.is_some_and(|earlier| grace < earlier) {
        meta["deletionTimestamp"] = time::later(i64::try_from(grace).unwrap_or_default()).into();
        meta["deletionGracePeriodSeconds"] = grace.into();
        if !marked && let Some(generation) = meta["generation"].as_u64() {
            meta["generation"] = (generation + 1).into();
        }
    }
    let mut finalizers = meta["finalizers"].as_array().cloned().unwrap_or_default();
    let by_policy = match how.policy.as_deref() {
        Some("Foreground") => Some("foregroundDeletion"),
        Some("Orphan") => Some("orphan"),
        _ => None,
    };
    if let Some(finalizer) = by_policy
        && !marked
        && !finalizers.iter().any(|one| one == finalizer)
    {
        finalizers.push(finalizer.into());
    }
    if !finalizers.is_empty() {
        meta["finalizers"] = finalizers.into();
    }
    new
}

/// How many seconds an object has left. Only pods that run somewhere have any.
fn grace(call: &Call, old: &Value, how: &How) -> u64 {
    if !call.kind.is("", "pods") {
        return 0;
    }
    let placed = old["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty());
    let over = matches!(old["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    if !placed || over {
        return 0;
    }
    let own = old["spec"]["terminationGracePeriodSeconds"].as_u64().unwrap_or(30);
    how.grace.unwrap_or(own)
}
