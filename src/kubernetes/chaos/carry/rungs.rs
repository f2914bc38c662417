//! The rungs of the ladder, one by one: what is asked of the server for each.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Client;
use kube::api::{Api, DeleteParams, DynamicObject, Patch, PatchParams, Preconditions};
use serde_json::{Value, json};

use super::super::kinds::{ABORT, CLEAN_FINALIZER, PAUSE};
use super::super::ladder::Rung;
use super::super::placed::Placed;
use super::super::pod;
use super::ask::{self, Asked, Why};
use super::child::unlist;
use super::leftover::{replaceable, stuck_on};
use crate::kubernetes::name::FIELD_MANAGER;

/// Changes with every kick, so that Chaos Mesh looks again.
const KICK: &str = "gameday.internal/kick";
/// What Chaos Mesh holds its objects by.
const FINALIZER: &str = "chaos-mesh/records";
/// For one question.
const QUESTION: Duration = Duration::from_secs(6);

/// An object that is being let go.
pub(super) struct Held<'a> {
    pub(super) client: &'a Client,
    pub(super) api: &'a Api<DynamicObject>,
    pub(super) placed: &'a Placed,
    /// As it was looked at last.
    pub(super) object: &'a Value,
}

/// Climbs one rung; the names of the pods that were replaced.
pub(super) async fn climb(held: &Held<'_>, rung: Rung) -> Result<Vec<String>, Asked> {
    match rung {
        Rung::Pause => {
            let workflow = held.placed.kind == "Workflow";
            annotate(held, if workflow { ABORT } else { PAUSE }, "true").await?;
        }
        Rung::Kick => {
            let version = held.object["metadata"]["resourceVersion"].as_str().unwrap_or("again");
            annotate(held, KICK, version).await?;
        }
        Rung::Delete => delete(held).await?,
        Rung::ReplacePods => return replace(held).await,
        Rung::Unlist => {
            for pod in stuck_on(held.object, &held.placed.namespace) {
                unlist(held.client, held.placed, &pod).await?;
            }
        }
        Rung::Force => annotate(held, CLEAN_FINALIZER, "forced").await?,
        Rung::Strip => strip(held).await?,
    }
    Ok(Vec::new())
}

/// Metadata only, and never the whole object: a stale copy would make Chaos Mesh forget what it did.
async fn annotate(held: &Held<'_>, key: &str, value: &str) -> Result<(), Asked> {
    merge(held, &json!({"metadata": {"annotations": {key: value}}}), "annotate").await
}

async fn merge(held: &Held<'_>, patch: &Value, what: &str) -> Result<(), Asked> {
    let how =
        PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
    let doing = format!("{what} {}", held.placed.called());
    let patch = Patch::Merge(patch);
    let asked =
        ask::patiently(&doing, QUESTION, || held.api.patch(&held.placed.name, &how, &patch));
    asked.await.map(drop)
}

/// Only just this object: one of the same name that was made since is not ours to delete.
async fn delete(held: &Held<'_>) -> Result<(), Asked> {
    let uid = held.object["metadata"]["uid"].as_str().map(str::to_owned);
    let how = DeleteParams {
        preconditions: Some(Preconditions { uid, resource_version: None }),
        ..DeleteParams::background()
    };
    let doing = format!("delete {}", held.placed.called());
    ask::patiently(&doing, QUESTION, || held.api.delete(&held.placed.name, &how)).await.map(drop)
}

/// Only our finalizer of Chaos Mesh; and only of the object as it was looked at.
async fn strip(held: &Held<'_>) -> Result<(), Asked> {
    let metadata = &held.object["metadata"];
    let all = metadata["finalizers"].as_array().into_iter().flatten();
    let others: Vec<&Value> = all.filter(|one| **one != FINALIZER).collect();
    let finalizers = if others.is_empty() { Value::Null } else { json!(others) };
    let version = &metadata["resourceVersion"];
    let patch = json!({"metadata": {"finalizers": finalizers, "resourceVersion": version}});
    merge(held, &patch, "take the finalizer from").await
}

/// Deletes the pods that it is stuck on, where something makes new ones.
async fn replace(held: &Held<'_>) -> Result<Vec<String>, Asked> {
    let namespace = &held.placed.namespace;
    let api: Api<Pod> = Api::namespaced(held.client.clone(), namespace);
    let mut replaced = Vec::new();
    for name in replaceable(held.object, held.placed) {
        let doing = format!("look at pod {}", pod::shown(&name));
        let Some(found) = ask::patiently(&doing, QUESTION, || api.get_opt(&name)).await? else {
            continue;
        };
        if pod::owner(&found).is_none() || found.metadata.deletion_timestamp.is_some() {
            continue;
        }
        let how = DeleteParams {
            preconditions: Some(Preconditions {
                uid: found.metadata.uid.clone(),
                resource_version: None,
            }),
            ..DeleteParams::default()
        };
        let doing = format!("delete pod {}", pod::shown(&name));
        match ask::patiently(&doing, QUESTION, || api.delete(&name, &how)).await {
            Ok(_) => replaced.push(name),
            // Somebody else was faster.
            Err(Asked { why: Why::Gone | Why::Conflict, .. }) => {}
            Err(asked) => return Err(asked),
        }
    }
    Ok(replaced)
}
