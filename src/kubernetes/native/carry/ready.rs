//! Whether a workload is as it should be again, from what the server says of it. Pure.

use serde_json::Value;

use crate::gameday::text::printable;

/// What a workload still lacks before `least` of its pods (all, where none is given) are ready in its newest shape; `None`:
/// nothing.
pub(super) fn lacks(kind: &str, object: &Value, least: Option<i64>) -> Option<String> {
    let status = |key: &str| number(object, "status", key);
    if let (Some(seen), Some(wanted)) =
        (status("observedGeneration"), number(object, "metadata", "generation"))
        && seen < wanted
    {
        return Some("its controller has not seen the change yet".to_owned());
    }
    let (all, updated, ready) = match kind {
        "DaemonSet" => (
            status("desiredNumberScheduled").unwrap_or(0),
            status("updatedNumberScheduled"),
            status("numberReady").unwrap_or(0),
        ),
        "Deployment" => (
            number(object, "spec", "replicas").unwrap_or(1),
            Some(status("updatedReplicas").unwrap_or(0)),
            status("readyReplicas").unwrap_or(0),
        ),
        _ => (
            number(object, "spec", "replicas").unwrap_or(1),
            None,
            status("readyReplicas").unwrap_or(0),
        ),
    };
    if let Some(updated) = updated.filter(|updated| *updated < all) {
        return Some(format!("{updated} of {all} pods are of the newest shape"));
    }
    let shape = |key: &str| object.pointer(&format!("/status/{key}")).and_then(Value::as_str);
    if kind == "StatefulSet" && shape("currentRevision") != shape("updateRevision") {
        return Some("its rollout is not over".to_owned());
    }
    let there = status("replicas").unwrap_or(ready);
    if kind == "Deployment" && there > all {
        return Some(format!("{there} pods are there, and {all} are wanted"));
    }
    let wanted = least.map_or(all, |least| least.min(all));
    (ready < wanted).then(|| format!("{ready} of {wanted} pods are ready"))
}

/// How many pods of the newest shape there are.
pub(super) fn updated(kind: &str, object: &Value) -> Option<i64> {
    if !is_seen(object) {
        return None;
    }
    let key = if kind == "DaemonSet" { "updatedNumberScheduled" } else { "updatedReplicas" };
    Some(number(object, "status", key).unwrap_or(0))
}

/// How many pods there are; `None`: the controller has not looked since the last change.
pub(super) fn pods(object: &Value) -> Option<i64> {
    is_seen(object).then(|| number(object, "status", "replicas").unwrap_or(0))
}

/// How many pods are ready.
pub(super) fn are_ready(object: &Value) -> i64 {
    number(object, "status", "readyReplicas").unwrap_or(0)
}

fn is_seen(object: &Value) -> bool {
    let seen = number(object, "status", "observedGeneration");
    seen.is_some_and(|seen| seen >= number(object, "metadata", "generation").unwrap_or(seen))
}

/// The hash of what a workload's pods are to be like; `sets` are the ReplicaSets of the namespace.
pub(super) fn hash<'v>(kind: &str, object: &'v Value, sets: &'v [Value]) -> Option<&'v str> {
    let text = |value: &'v Value, at: &str| value.pointer(at).and_then(Value::as_str);
    if kind != "Deployment" {
        return text(object, "/status/updateRevision");
    }
    let revision = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let (uid, current) = (text(object, "/metadata/uid")?, text(object, revision)?);
    let set = sets.iter().find(|set| {
        let owners = set.pointer("/metadata/ownerReferences").and_then(Value::as_array);
        owners.into_iter().flatten().any(|one| one.get("uid").and_then(Value::as_str) == Some(uid))
            && text(set, revision) == Some(current)
    })?;
    text(set, "/metadata/labels/pod-template-hash")
}

/// The last reason of a rollout that does not go on, for people.
pub(super) fn stuck(object: &Value) -> Option<String> {
    let all = object.pointer("/status/conditions").and_then(Value::as_array)?;
    let bad = all.iter().find(|one| {
        let is = |key: &str, value: &str| one.get(key).and_then(Value::as_str) == Some(value);
        is("type", "Progressing") && is("status", "False")
            || is("type", "ReplicaFailure") && is("status", "True")
    })?;
    bad.get("message").and_then(Value::as_str).map(|text| printable(text, 200))
}

fn number(object: &Value, at: &str, key: &str) -> Option<i64> {
    object.get(at)?.get(key)?.as_i64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_workload_lacks_is_said() {
        let cart = |status: Value| json!({ "metadata": { "generation": 4 }, "spec": { "replicas": 3 }, "status": status });
        let full = json!({ "observedGeneration": 4, "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3 });
        let lacking = |change: Value, least| {
            let mut status = full.clone();
            json_patch::merge(&mut status, &change);
            lacks("Deployment", &cart(status), least)
        };
        assert_eq!(lacking(json!({}), None), None);
        assert!(lacking(json!({ "observedGeneration": 3 }), None).unwrap().contains("not seen"));
        assert_eq!(
            lacking(json!({ "updatedReplicas": 1 }), None).unwrap(),
            "1 of 3 pods are of the newest shape"
        );
        assert_eq!(lacking(json!({ "readyReplicas": 2 }), None).unwrap(), "2 of 3 pods are ready");
        assert_eq!(lacking(json!({ "readyReplicas": 2 }), Some(2)), None);
        assert_eq!(
            lacking(json!({ "replicas": 4 }), None).unwrap(),
            "4 pods are there, and 3 are wanted"
        );
        let db = json!({ "spec": { "replicas": 1 }, "status": { "readyReplicas": 1, "currentRevision": "a", "updateRevision": "b" } });
        assert!(lacks("StatefulSet", &db, None).is_some());
        let log = json!({ "status": { "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberReady": 1 } });
        assert_eq!(lacks("DaemonSet", &log, None).unwrap(), "1 of 2 pods are ready");
    }

    #[test]
    fn the_shape_of_pods_has_a_hash() {
        let cart = json!({ "metadata": { "uid": "u", "annotations": { "deployment.kubernetes.io/revision": "3" } } });
        let set = |revision: &str, hash: &str| {
            json!({ "metadata": {
                "annotations": { "deployment.kubernetes.io/revision": revision },
                "labels": { "pod-template-hash": hash },
                "ownerReferences": [{ "uid": "u" }]
            } })
        };
        let sets = [set("2", "old"), set("3", "new")];
        assert_eq!(hash("Deployment", &cart, &sets), Some("new"));
        assert_eq!(
            hash("StatefulSet", &json!({ "status": { "updateRevision": "r" } }), &[]),
            Some("r")
        );
    }
}
