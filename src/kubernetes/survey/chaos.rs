//! Looks at Chaos Mesh: the experiments that are at work, wherever that may be looked at, and its daemons. Where it may not be, or
//! is not installed, there is nothing.

use futures::stream::{self, StreamExt};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::ListParams;
use kube::core::DynamicObject;
use serde_json::Value;

use crate::kubernetes::chaos::kinds::{API_VERSION, KINDS, Kind, resource};
use crate::kubernetes::connect::Connection;
use crate::kubernetes::trouble::code;

/// So many kinds are listed at a time.
const AT_ONCE: usize = 4;

/// More of a kind is not looked at.
const MOST: u32 = 500;

/// The label of its daemons.
const DAEMON: &str = "app.kubernetes.io/component=chaos-daemon";

/// Experiments, Schedules and Workflows; and the daemons, where they may be looked at.
pub(super) async fn look(connection: &Connection) -> (Vec<Value>, Option<Vec<Pod>>) {
    let Ok(known) = connection.client.list_api_group_resources(API_VERSION).await else {
        return (Vec::new(), None);
    };
    let here = |kind: &&Kind| known.resources.iter().any(|one| one.name == kind.plural);
    let lists: Vec<_> = KINDS.iter().filter(here).map(|kind| list(connection, kind)).collect();
    let all: Vec<Vec<Value>> = stream::iter(lists).buffer_unordered(AT_ONCE).collect().await;
    (all.into_iter().flatten().collect(), daemons(connection).await)
}

/// In every namespace, or at least in that of the target.
async fn list(connection: &Connection, kind: &Kind) -> Vec<Value> {
    let client = || connection.client.clone();
    let resource = resource(kind.name, kind.plural);
    let params = ListParams::default().limit(MOST);
    let everywhere: Api<DynamicObject> = Api::all_with(client(), &resource);
    let found = match everywhere.list(&params).await {
        Err(error) if code(&error) == Some(403) => {
            let here: Api<DynamicObject> =
                Api::namespaced_with(client(), &connection.namespace, &resource);
            here.list(&params).await
        }
        found => found,
    };
    let items = found.map(|found| found.items).unwrap_or_default();
    let whole = |object: DynamicObject| {
        let mut value = serde_json::to_value(&object).ok()?;
        // Items of a list do not say what they are.
        value["apiVersion"] = API_VERSION.into();
        value["kind"] = kind.name.into();
        Some(value)
    };
    items.into_iter().filter_map(whole).collect()
}

async fn daemons(connection: &Connection) -> Option<Vec<Pod>> {
    let api: Api<Pod> = Api::all(connection.client.clone());
    let found = api.list(&ListParams::default().labels(DAEMON)).await;
    found.ok().map(|found| found.items)
}
