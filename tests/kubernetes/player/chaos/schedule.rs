//! Schedules: an experiment at each tick. Only `@every`; no cron.

use std::time::Duration;

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::super::cluster::*;
use super::event::Told;
use super::{Manager, PAUSE, age, paused, table, timing};

/// What Chaos Mesh finds its children by, and nothing of ours may carry.
const LABEL: &str = "managed-by";

pub async fn pass(manager: &mut Manager<'_>, mut object: DynamicObject) -> kube::Result<()> {
    if deleting(&object) {
        return Ok(());
    }
    let type_ = object.data["spec"]["type"].as_str().unwrap_or_default().to_owned();
    let Some(kind) = table::EXPERIMENTS.iter().find(|kind| kind.kind == type_).copied() else {
        return Ok(());
    };
    let name = object.name_any();
    let children = manager.cluster.list(kind).await?;
    let mut own: Vec<_> = children
        .into_iter()
        .filter(|one| one.labels().get(LABEL) == Some(&name))
        .filter(|one| !deleting(one))
        .collect();
    own.sort_by_key(|one| one.creation_timestamp());
    let (done, active): (Vec<_>, Vec<_>) = own.into_iter().partition(|one| finished(kind, one));
    let keep = object.data["spec"]["historyLimit"].as_u64().unwrap_or(0) as usize;
    for old in done.iter().take(done.len().saturating_sub(keep)) {
        manager.cluster.delete(kind, old, false).await?;
    }
    if let Some(value) = object.annotations().get(PAUSE).cloned() {
        for child in active.iter().filter(|one| one.annotations().get(PAUSE) != Some(&value)) {
            let patch = json!({"metadata": {"annotations": {PAUSE: value}}});
            manager.cluster.patch(kind, &child.name_any(), &patch).await?;
        }
    }
    tick(manager, kind, &mut object, &active).await
}

fn finished(kind: Kind, child: &DynamicObject) -> bool {
    if table::one_shot(kind.kind, &child.data["spec"]) {
        return condition(child, "AllInjected");
    }
    // A paused one goes on later.
    let stopped = child.data["status"]["experiment"]["desiredPhase"] == "Stop";
    stopped && condition(child, "AllRecovered") && !paused(child)
}

async fn tick(
    manager: &mut Manager<'_>,
    kind: Kind,
    object: &mut DynamicObject,
    active: &[DynamicObject],
) -> kube::Result<()> {
    let spec = &object.data["spec"];
    let text = spec["schedule"].as_str().unwrap_or_default();
    let every = text.strip_prefix("@every ").and_then(timing::go).filter(|every| *every > 0.0);
    let references: Vec<Value> = active.iter().map(|one| reference(kind, one)).collect();
    let mut status = json!({"active": references});
    let due = match every {
        None => {
            eprintln!("LOUD: the played Chaos Mesh knows no schedule but @every: {text}");
            None
        }
        Some(_) if paused(object) => None,
        Some(every) => {
            let last = object.data["status"]["time"].as_str();
            let last = last.and_then(|time| chrono::DateTime::parse_from_rfc3339(time).ok());
            let since = match last {
                Some(last) => (chrono::Utc::now() - last.to_utc()).num_milliseconds() as f64 / 1e3,
                None => age(object).as_secs_f64(),
            };
            if since < every {
                manager.wake_in(Duration::from_secs_f64(every - since) + Duration::from_millis(5));
            }
            (since >= every).then_some(every)
        }
    };
    if let Some(every) = due {
        manager.wake_in(Duration::from_secs_f64(every));
        let forbid = spec["concurrencyPolicy"].as_str().unwrap_or("Forbid") == "Forbid";
        if forbid && !active.is_empty() {
            let message = "Forbid spawning new job because a job is still running".to_owned();
            let told = Told { step: "cron", type_: "schedule-forbid", reason: "Forbid", message };
            manager.tell(table::SCHEDULE, object, told).await;
        } else if let Some(child) = spawn(manager, kind, object).await? {
            let message = format!("Create new object: {}", child.name_any());
            let told = Told { step: "cron", type_: "schedule-spawn", reason: "Spawned", message };
            manager.tell(table::SCHEDULE, object, told).await;
            if let Some(all) = status["active"].as_array_mut() {
                all.push(reference(kind, &child));
            }
        }
        status["time"] = now().into();
    }
    if covers(&object.data["status"], &status) {
        return Ok(());
    }
    for (key, value) in status.as_object().into_iter().flatten() {
        object.data["status"][key] = value.clone();
    }
    manager.update(table::SCHEDULE, object).await.map(drop)
}

fn reference(kind: Kind, child: &DynamicObject) -> Value {
    json!({
        "apiVersion": kind.api_version(), "kind": kind.kind, "name": child.name_any(),
        "namespace": child.namespace(), "uid": child.uid(),
    })
}

async fn spawn(
    manager: &Manager<'_>,
    kind: Kind,
    object: &DynamicObject,
) -> kube::Result<Option<DynamicObject>> {
    let name = object.name_any();
    let child = json!({
        "metadata": {
            "name": format!("{name}-{}", letters(chance(), 5)), "labels": {LABEL: name},
            "ownerReferences": owned_by(table::SCHEDULE, object),
        },
        "spec": object.data["spec"][table::block(kind.kind)],
    });
    manager.cluster.create(kind, child).await
}
