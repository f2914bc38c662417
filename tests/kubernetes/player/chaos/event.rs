//! Events, as the manager tells of what it does.

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::json;

use super::super::cluster::*;
use super::Manager;

/// What is told: the step that tells, its type in the annotation, the reason and the message.
pub struct Told<'a> {
    pub step: &'a str,
    pub type_: &'a str,
    pub reason: &'a str,
    pub message: String,
}

impl Manager<'_> {
    /// One event about an object. Events are best effort: one that cannot be stored is nobody's failure.
    pub(super) async fn tell(&self, kind: Kind, object: &DynamicObject, told: Told<'_>) {
        let now = now();
        let namespace = object.namespace();
        let event = json!({
            "metadata": {
                "name": format!("{}.{:x}", object.name_any(), chance()), "namespace": namespace,
                "annotations": {"chaos-mesh.org/type": told.type_},
            },
            "involvedObject": {
                "apiVersion": kind.api_version(), "kind": kind.kind, "namespace": namespace,
                "name": object.name_any(), "uid": object.uid(),
                "resourceVersion": object.resource_version(),
            },
            "reason": told.reason, "message": told.message, "count": 1,
            "type": if told.reason == "Failed" { "Warning" } else { "Normal" },
            "source": {"component": told.step}, "firstTimestamp": now, "lastTimestamp": now,
        });
        if let Err(error) = self.cluster.create(EVENT, event).await {
            tracing::debug!(%error, "an event is lost");
        }
    }
}
