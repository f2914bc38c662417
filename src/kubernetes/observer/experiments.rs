//! Watches the experiments of Chaos Mesh in the namespace, ours and those of others. Not the placing of them.

use kube::Api;
use kube::core::{ApiResource, DynamicObject};
use serde_json::Value;

use super::eye::{At, Eye};
use crate::exercise::cluster::Placed;
use crate::gameday::text::printable;
use crate::kubernetes::connect::Connection;
use crate::kubernetes::excluded::is_ours;

/// Where its kinds are.
const VERSION: &str = "chaos-mesh.org/v1alpha1";

/// Kinds that are watched, where the cluster has them.
const KINDS: [&str; 8] = [
    "PodChaos",
    "NetworkChaos",
    "StressChaos",
    "TimeChaos",
    "IOChaos",
    "DNSChaos",
    "HTTPChaos",
    "Schedule",
];

/// Every kind that the cluster has.
pub(super) struct Experiments(Vec<(&'static str, Eye<DynamicObject>)>);

impl Experiments {
    /// Asks what kinds there are and watches them; without Chaos Mesh there is nothing to watch.
    pub(super) async fn open(connection: &Connection, at: At<'_>) -> Self {
        let Ok(known) = connection.client.list_api_group_resources(VERSION).await else {
            return Self(Vec::new());
        };
        let eyes = KINDS.into_iter().filter_map(|kind| {
            let resource = known.resources.iter().find(|one| one.kind == kind)?;
            let resource = ApiResource {
                group: "chaos-mesh.org".into(),
                version: "v1alpha1".into(),
                api_version: VERSION.into(),
                kind: kind.into(),
                plural: resource.name.clone(),
            };
            let (client, namespace) = (connection.client.clone(), &connection.namespace);
            let api = Api::namespaced_with(client, namespace, &resource);
            Some((kind, Eye::of(kind, api, resource, at)))
        });
        Self(eyes.collect())
    }

    /// Every experiment that is there, by kind and name.
    pub(super) fn placed(&self) -> Vec<Placed> {
        let all = self.0.iter().flat_map(|(kind, eye)| eye.all().map(|one| placed(kind, &one)));
        all.collect()
    }
}

fn placed(kind: &str, object: &DynamicObject) -> Placed {
    let name = printable(object.metadata.name.as_deref().unwrap_or("?"), 80);
    let status = object.data.get("status");
    let phase = status.and_then(|status| status.pointer("/experiment/desiredPhase"));
    let conditions = status.and_then(|status| status.get("conditions")).and_then(Value::as_array);
    let is_true = |one: &&Value| one.get("status").and_then(Value::as_str) == Some("True");
    let named =
        |one: &Value| one.get("type").and_then(Value::as_str).map(|text| printable(text, 40));
    let mut conditions: Vec<String> =
        conditions.into_iter().flatten().filter(is_true).filter_map(named).collect();
    conditions.sort();
    Placed {
        name: format!("{kind}/{name}"),
        ours: is_ours(object.metadata.labels.as_ref()),
        phase: printable(phase.and_then(Value::as_str).unwrap_or_default(), 20),
        conditions,
    }
}
