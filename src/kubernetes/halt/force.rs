//! The last resort: finalizers taken away from what does not let go, by consent and with a reason; and then what Chaos Mesh
//! left behind in pods, as far as its own records say where. Nothing else ever takes finalizers away.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{DynamicObject, ListParams, Patch, PatchParams};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::super::connect::Connection;
use super::super::kinds::{self, CHAOS, Part, part};
use super::super::ours::Object;
use super::super::patience::patiently;
use super::super::reach::Reach;
use super::super::trouble::{code, trouble};
use super::outcome::{Line, Outcome};

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked whether Chaos Mesh lets go by itself when it is asked to.
const LOOK: Duration = Duration::from_millis(500);

/// Takes the finalizers of one object that is being deleted away: first asks Chaos Mesh to do it for so long as `asks`, then does it.
pub async fn force(connection: &Connection, object: &Object, asks: Duration) -> Vec<Line> {
    let reach = Reach::Namespace(object.namespace.clone());
    let api = reach.of(&connection.client, &object.api);
    if is_gone_when_asked(&api, object, asks).await {
        let mut lines = vec![Line::recovered(
            object.shown(),
            "gone: Chaos Mesh took its finalizer away when asked by force",
        )];
        lines.extend(residue(connection, object).await);
        return lines;
    }
    // Only this very object, and only while it is being deleted.
    let patch: json_patch::Patch = match serde_json::from_value(json!([
        {"op": "test", "path": "/metadata/uid", "value": object.uid},
        {"op": "remove", "path": "/metadata/finalizers"}
    ])) {
        Ok(patch) => patch,
        Err(error) => return vec![stays(object, &error.to_string())],
    };
    let patch: Patch<()> = Patch::Json(patch);
    let params = PatchParams::default();
    match patiently(PATIENCE, || api.patch(&object.name, &params, &patch)).await {
        Ok(_) => {}
        Err(error) if code(&error) == Some(404) => {}
        Err(error) => return vec![stays(object, &trouble("take finalizers away", &error).0)],
    }
    let mut lines = vec![Line::recovered(
        object.shown(),
        "gone by force: its finalizers were taken away; what it did in pods is seen to next",
    )];
    lines.extend(residue(connection, object).await);
    lines
}

fn stays(object: &Object, why: &str) -> Line {
    let Object { namespace, name, .. } = object;
    let kind = format!("{}.{}", object.api.plural, object.api.group);
    let patch = r#"--type=merge -p '{"metadata":{"finalizers":null}}'"#;
    let by_hand = format!("kubectl -n {namespace} patch {kind} {name} {patch}");
    Line::left(Outcome::Failed, &object.shown(), why, &by_hand)
}

async fn is_gone_when_asked(api: &Api<DynamicObject>, object: &Object, asks: Duration) -> bool {
    let forced = json!({"chaos-mesh.chaos-mesh.org/cleanFinalizer": "forced"});
    let patch = Patch::Merge(json!({"metadata": {"annotations": forced}}));
    if api.patch(&object.name, &PatchParams::default(), &patch).await.is_err() {
        return false;
    }
    let mut waited = Duration::ZERO;
    while waited < asks {
        if matches!(api.get_opt(&object.name).await, Ok(None)) {
            return true;
        }
        sleep(LOOK).await;
        waited += LOOK;
    }
    false
}

/// What may be left of an experiment that was not recovered: takes its entries out of the records that Chaos Mesh keeps of
/// pods, which mends the network and files of those, and says what nobody can mend from here.
async fn residue(connection: &Connection, object: &Object) -> Vec<Line> {
    let source = format!("{}/{}", object.namespace, object.name);
    let mut lines = Vec::new();
    match kinds::served(&connection.client, CHAOS).await {
        Ok(served) => {
            for kind in served.iter().filter(|kind| part(CHAOS, &kind.kind) == Part::Child) {
                let api = Reach::Namespace(object.namespace.clone()).of(&connection.client, kind);
                let list = ListParams::default();
                let Ok(children) = patiently(PATIENCE, || api.list(&list)).await else { continue };
                for child in &children.items {
                    lines.extend(without(&api, kind.kind.as_str(), child, &source).await);
                }
            }
        }
        Err(error) => {
            let why = trouble("find the records of pods", &error).0;
            let what = format!("records of {source}");
            lines.push(Line::left(Outcome::Unknown, &what, &why, &by_pods(object)));
        }
    }
    lines.extend(images(connection, object).await);
    if let Some(left) = in_pods(&object.api.kind) {
        let what = format!("pods of {}", object.shown());
        lines.push(Line::left(Outcome::Unknown, &what, left, &by_pods(object)));
    }
    lines
}

/// What stays in pods where nobody can see it from outside.
fn in_pods(kind: &str) -> Option<&'static str> {
    match kind {
        "StressChaos" => Some("what eats their processor or memory may still run"),
        "TimeChaos" => Some("their clocks may still be wrong"),
        "DNSChaos" => Some("names may still not resolve there"),
        "JVMChaos" | "BlockChaos" => Some("what was done to them may still be there"),
        "AWSChaos" | "GCPChaos" | "AzureChaos" | "PhysicalMachineChaos" => Some(
            "a machine may still be stopped, or its disk away: look at the cloud or the machine itself",
        ),
        _ => None,
    }
}

fn by_pods(object: &Object) -> String {
    if object.pods.is_empty() {
        return format!(
            "kubectl -n {} delete pod of what it hit; its controller makes a new one",
            object.namespace
        );
    }
    let delete = |pod: &String| {
        let (namespace, name) = pod.split_once('/').unwrap_or((&object.namespace, pod));
        format!("kubectl -n {namespace} delete pod {name}")
    };
    object.pods.iter().map(delete).collect::<Vec<_>>().join("; ")
}

/// Takes the entries of `source` out of one record.
async fn without(
    api: &Api<DynamicObject>,
    kind: &str,
    child: &DynamicObject,
    source: &str,
) -> Option<Line> {
    let operations = removals(&child.data, source);
    if operations.is_empty() {
        return None;
    }
    let name = child.metadata.name.clone()?;
    let namespace = child.metadata.namespace.clone().unwrap_or_default();
    let what = format!("{kind} {namespace}/{name}");
    let by_hand = format!("kubectl -n {namespace} delete pod {name}");
    let patch = match serde_json::from_value(Value::Array(operations)) {
        Ok(patch) => Patch::<()>::Json(patch),
        Err(error) => {
            return Some(Line::left(Outcome::Failed, &what, &error.to_string(), &by_hand));
        }
    };
    let params = PatchParams::default();
    Some(match patiently(PATIENCE, || api.patch(&name, &params, &patch)).await {
        Ok(_) => Line::recovered(what, format!("the entries of {source} are taken out")),
        Err(error) => {
            let why = trouble("take entries out", &error).0;
            Line::left(Outcome::Failed, &what, &why, &by_hand)
        }
    })
}

/// A JSON patch that takes every entry of `source` out of the lists of a record, and nothing else.
pub fn removals(child: &Value, source: &str) -> Vec<Value> {
    let mut operations = Vec::new();
    let lists = child.get("spec").and_then(Value::as_object);
    for (list, items) in lists.into_iter().flatten() {
        let items = items.as_array().into_iter().flatten().enumerate();
        let theirs: Vec<usize> = items
            .filter(|(_, item)| item.get("source").is_some_and(|one| one == source))
            .map(|(place, _)| place)
            .collect();
        // From the end, so that the places of the others stay as they are.
        for place in theirs.into_iter().rev() {
            let path = format!("/spec/{list}/{place}");
            operations
                .push(json!({"op": "test", "path": format!("{path}/source"), "value": source}));
            operations.push(json!({"op": "remove", "path": path}));
        }
    }
    operations
}

/// Pods whose images the experiment replaced: Chaos Mesh writes the old ones into annotations.
async fn images(connection: &Connection, object: &Object) -> Option<Line> {
    if object.api.kind != "PodChaos" || object.action != "pod-failure" {
        return None;
    }
    let api: Api<Pod> = Api::namespaced(connection.client.clone(), &object.namespace);
    let list = ListParams::default();
    let pods = patiently(PATIENCE, || api.list_metadata(&list)).await.ok()?;
    let prefix = format!("chaos-mesh-{}-pod-failure", object.name);
    let hit = pods.items.iter().filter(|pod| {
        let annotations = pod.metadata.annotations.iter().flatten();
        annotations.into_iter().any(|(key, _)| key.starts_with(&prefix))
    });
    let names: Vec<String> = hit.filter_map(|pod| pod.metadata.name.clone()).collect();
    if names.is_empty() {
        return None;
    }
    let by_hand = format!("kubectl -n {} delete pod {}", object.namespace, names.join(" "));
    let what = format!("pods of {}", object.shown());
    Some(Line::left(Outcome::Failed, &what, "they still run another image", &by_hand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_entries_of_the_experiment_are_taken_out_from_the_end() {
        let child = json!({"spec": {
            "ipsets": [{"source": "shop/a"}, {"source": "shop/b"}, {"source": "shop/a"}],
            "tcs": [{"source": "shop/b"}], "container": "x"
        }});
        let operations = removals(&child, "shop/a");
        let paths: Vec<&str> = operations
            .iter()
            .filter(|one| one["op"] == "remove")
            .filter_map(|one| one["path"].as_str())
            .collect();
        assert_eq!(paths, ["/spec/ipsets/2", "/spec/ipsets/0"]);
        assert_eq!(operations.len(), 4);
        let mut after = child;
        let patch: json_patch::Patch = serde_json::from_value(Value::Array(operations)).unwrap();
        json_patch::patch(&mut after, &patch).unwrap();
        assert_eq!(after["spec"]["ipsets"], json!([{"source": "shop/b"}]));
        assert!(removals(&after, "shop/c").is_empty());
    }
}
