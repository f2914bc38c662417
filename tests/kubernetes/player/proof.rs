//! Whether the player does as what it plays: the shop, experiments from creation to the end, and the ways in which they hang.

mod experiments;
mod others;
mod workloads;

use kube::ResourceExt as _;
use kube::api::{DeleteParams, DynamicObject};
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::chaos::table::EXPERIMENTS;
use super::cluster::*;

fn kind(name: &str) -> Kind {
    *EXPERIMENTS.iter().find(|kind| kind.kind == name).unwrap()
}

async fn pods(stage: &Stage, app: &str) -> Vec<DynamicObject> {
    let mut pods = stage.cluster().list(POD).await.unwrap();
    pods.retain(|pod| pod.labels().get("app").is_some_and(|label| label == app));
    pods.sort_by_key(kube::ResourceExt::name_any);
    pods
}

async fn create(stage: &Stage, kind: Kind, name: &str, spec: Value) {
    let object = json!({"metadata": {"name": name}, "spec": spec});
    stage.cluster().create(kind, object).await.unwrap().unwrap();
}

/// Waits until the experiment is so.
async fn until(stage: &Stage, kind: Kind, name: &str, what: &str, is: impl Fn(&Value) -> bool) {
    let text = format!("{} {name}: {what}", kind.kind);
    stage
        .until(&text, async || {
            let object = stage.object(kind, name).await;
            object.is_some_and(|object| is(&object.data["status"]))
        })
        .await;
}

fn phases(status: &Value) -> Vec<&str> {
    let records = status["experiment"]["containerRecords"].as_array();
    records.into_iter().flatten().filter_map(|one| one["phase"].as_str()).collect()
}

fn all_in(status: &Value, desired: &str, phase: &str) -> bool {
    let phases = phases(status);
    let stands = phases.iter().all(|one| *one == phase) && !phases.is_empty();
    status["experiment"]["desiredPhase"] == desired && stands
}

fn last_event(status: &Value) -> String {
    let record = &status["experiment"]["containerRecords"][0];
    let last = record["events"].as_array().and_then(|all| all.last());
    last.map(|last| format!("{}/{}", last["type"], last["operation"]).replace('"', ""))
        .unwrap_or_default()
}

async fn annotate(stage: &Stage, kind: Kind, name: &str, key: &str, value: &str) {
    let patch = json!({"metadata": {"annotations": {key: value}}});
    stage.cluster().patch(kind, name, &patch).await.unwrap();
}

async fn delete(stage: &Stage, kind: Kind, name: &str) {
    let api = stage.cluster().api(kind);
    let _ = api.delete(name, &DeleteParams::default()).await.unwrap();
}

async fn until_gone(stage: &Stage, kind: Kind, name: &str) {
    let text = format!("{} {name} is gone", kind.kind);
    stage.until(&text, async || stage.object(kind, name).await.is_none()).await;
}

async fn reasons(stage: &Stage, name: &str) -> Vec<String> {
    let events = stage.cluster().list(EVENT).await.unwrap();
    let of = |event: &&DynamicObject| event.data["involvedObject"]["name"] == name;
    let reason =
        |event: &DynamicObject| event.data["reason"].as_str().unwrap_or_default().to_owned();
    events.iter().filter(of).map(reason).collect()
}

const PAUSE: &str = "experiment.chaos-mesh.org/pause";

fn all_of(stage: &Stage, names: &[String]) -> Value {
    json!({"pods": {&stage.namespace: names}})
}
