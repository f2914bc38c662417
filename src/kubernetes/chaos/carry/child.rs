//! The children in which Chaos Mesh keeps what it did to a pod: looked at, and our entries taken out.

use std::time::Duration;

use kube::Client;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::{Value, json};

use super::super::placed::Placed;
use super::super::pod;
use super::ask::{self, Asked, Why};
use super::leftover::{children, lists, without};
use crate::kubernetes::name::FIELD_MANAGER;

const QUESTION: Duration = Duration::from_secs(4);
/// Somebody else may write at the same time.
const TRIES: usize = 4;

/// Takes the entries of an experiment, and no others, out of the child of a pod; Chaos Mesh then undoes what they stood for.
pub(super) async fn unlist(client: &Client, placed: &Placed, name: &str) -> Result<(), Asked> {
    let Some((plural, kind, fields)) = children(&placed.kind) else { return Ok(()) };
    let api = ask::of_kind(client, kind, plural, &placed.namespace);
    let doing = format!("take our entries out of {plural} {}", pod::shown(name));
    let mut tries = 0;
    loop {
        let found = ask::patiently(&doing, QUESTION, || api.get_opt(name)).await;
        let found = match found {
            Ok(Some(found)) => serde_json::to_value(found).unwrap_or_default(),
            Ok(None) | Err(Asked { why: Why::Gone, .. }) => return Ok(()),
            Err(asked) => return Err(asked),
        };
        let Some(spec) = without(&found, fields, &placed.source()) else { return Ok(()) };
        let version = &found["metadata"]["resourceVersion"];
        let patch = Patch::Merge(json!({"metadata": {"resourceVersion": version}, "spec": spec}));
        let how =
            PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        match ask::patiently(&doing, QUESTION, || api.patch(name, &how, &patch)).await {
            Ok(_) | Err(Asked { why: Why::Gone, .. }) => return Ok(()),
            Err(asked) if asked.why == Why::Conflict && tries < TRIES => tries += 1,
            Err(asked) => return Err(asked),
        }
    }
}

/// The pods whose children still have entries of an experiment.
pub(super) async fn listed(client: &Client, placed: &Placed) -> Result<Vec<String>, Asked> {
    let Some((plural, kind, fields)) = children(&placed.kind) else { return Ok(Vec::new()) };
    let api = ask::of_kind(client, kind, plural, &placed.namespace);
    let how = ListParams::default();
    let found = ask::patiently(&format!("list {plural}"), QUESTION, || api.list(&how)).await;
    let found = match found {
        Ok(list) => list.items,
        // Without the kind there is nothing of it.
        Err(Asked { why: Why::Gone, .. }) => return Ok(Vec::new()),
        Err(asked) => return Err(asked),
    };
    let found = found.into_iter().map(|one| serde_json::to_value(one).unwrap_or_default());
    let source = placed.source();
    let theirs = found.filter(|child: &Value| lists(child, fields, &source));
    Ok(theirs.filter_map(|child| child["metadata"]["name"].as_str().map(str::to_owned)).collect())
}
