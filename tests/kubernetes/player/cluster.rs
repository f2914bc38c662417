//! The few calls that the played controllers make, each in a way that fits an object that went away meanwhile. Not the controllers.

use kube::api::{Api, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use kube::core::{ApiResource, GroupVersionKind};
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};

/// A kind with the plural that no rule guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind {
    pub group: &'static str,
    pub version: &'static str,
    pub kind: &'static str,
    pub plural: &'static str,
}

const fn kind(
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
) -> Kind {
    Kind { group, version, kind, plural }
}

pub const POD: Kind = kind("", "v1", "Pod", "pods");
pub const NODE: Kind = kind("", "v1", "Node", "nodes");
pub const SERVICE: Kind = kind("", "v1", "Service", "services");
pub const EVENT: Kind = kind("", "v1", "Event", "events");
pub const ACCOUNT: Kind = kind("", "v1", "ServiceAccount", "serviceaccounts");
pub const CONFIG_MAP: Kind = kind("", "v1", "ConfigMap", "configmaps");
pub const SECRET: Kind = kind("", "v1", "Secret", "secrets");
pub const LEASE: Kind = kind("coordination.k8s.io", "v1", "Lease", "leases");
pub const ROLE: Kind = kind("rbac.authorization.k8s.io", "v1", "Role", "roles");
pub const BINDING: Kind = kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings");
pub const DEPLOYMENT: Kind = kind("apps", "v1", "Deployment", "deployments");
pub const REPLICA_SET: Kind = kind("apps", "v1", "ReplicaSet", "replicasets");
pub const STATEFUL_SET: Kind = kind("apps", "v1", "StatefulSet", "statefulsets");
pub const DAEMON_SET: Kind = kind("apps", "v1", "DaemonSet", "daemonsets");
pub const JOB: Kind = kind("batch", "v1", "Job", "jobs");
pub const SLICE: Kind = kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");
pub const BUDGET: Kind = kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets");

impl Kind {
    pub fn api_version(self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    pub fn resource(self) -> ApiResource {
        let gvk = GroupVersionKind::gvk(self.group, self.version, self.kind);
        ApiResource::from_gvk_with_plural(&gvk, self.plural)
    }

    pub fn api(self, client: &Client, namespace: &str) -> Api<DynamicObject> {
        if self == NODE {
            Api::all_with(client.clone(), &self.resource())
        } else {
            Api::namespaced_with(client.clone(), namespace, &self.resource())
        }
    }
}

/// One namespace of an API server.
#[derive(Clone)]
pub struct Cluster {
    pub client: Client,
    pub namespace: String,
}

/// `None` where the object is gone, changed, or there already: a later event tells.
fn calm<T>(result: kube::Result<T>) -> kube::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Cluster {
    pub fn api(&self, kind: Kind) -> Api<DynamicObject> {
        kind.api(&self.client, &self.namespace)
    }

    /// All of a kind; none where the server has no such kind.
    pub async fn list(&self, kind: Kind) -> kube::Result<Vec<DynamicObject>> {
        let list = calm(self.api(kind).list(&ListParams::default()).await)?;
        Ok(list.map(|list| list.items).unwrap_or_default())
    }

    pub async fn get(&self, kind: Kind, name: &str) -> kube::Result<Option<DynamicObject>> {
        self.api(kind).get_opt(name).await
    }

    pub async fn create(&self, kind: Kind, object: Value) -> kube::Result<Option<DynamicObject>> {
        let object = with_types(kind, object);
        calm(self.api(kind).create(&PostParams::default(), &object).await)
    }

    /// A merge patch.
    pub async fn patch(&self, kind: Kind, name: &str, patch: &Value) -> kube::Result<()> {
        let params = PatchParams::default();
        calm(self.api(kind).patch(name, &params, &Patch::Merge(patch)).await).map(drop)
    }

    /// Makes the status say what it does not say yet.
    pub async fn say(&self, kind: Kind, object: &DynamicObject, status: Value) -> kube::Result<()> {
        if covers(&object.data["status"], &status) {
            return Ok(());
        }
        let patch = json!({ "metadata": { "uid": object.uid() }, "status": status });
        let params = PatchParams::default();
        calm(self.api(kind).patch_status(&object.name_any(), &params, &Patch::Merge(patch)).await)
            .map(drop)
    }

    /// Deletes this very object.
    pub async fn delete(&self, kind: Kind, object: &DynamicObject, now: bool) -> kube::Result<()> {
        let params = DeleteParams::background()
            .preconditions(kube::api::Preconditions { uid: object.uid(), resource_version: None });
        let params = if now { params.grace_period(0) } else { params };
        calm(self.api(kind).delete(&object.name_any(), &params).await).map(drop)
    }
}

/// As an object of this kind.
pub fn with_types(kind: Kind, mut object: Value) -> DynamicObject {
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.into();
    serde_json::from_value(object).unwrap()
}

/// Whether everything wanted is there. Lists are compared whole.
pub fn covers(there: &Value, wanted: &Value) -> bool {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| covers(there.get(key).unwrap_or(&Value::Null), value))
        }
        (Value::Array(there), Value::Array(wanted)) => {
            there.len() == wanted.len() && there.iter().zip(wanted).all(|(a, b)| covers(a, b))
        }
        // A server leaves out zeros and empty things.
        (Value::Null, Value::Number(number)) => number.as_i64() == Some(0),
        (Value::Null, Value::Array(list)) => list.is_empty(),
        (Value::Null, Value::Object(wanted)) => wanted.is_empty(),
        (Value::Null, Value::Bool(false)) => true,
        (there, wanted) => there == wanted,
    }
}

/// The controller that owns this.
pub fn owner_of(object: &DynamicObject) -> Option<&str> {
    let owners = object.metadata.owner_references.as_ref()?;
    owners.iter().find(|owner| owner.controller == Some(true)).map(|owner| owner.uid.as_str())
}

/// A reference to the controller.
pub fn owned_by(kind: Kind, owner: &DynamicObject) -> Value {
    json!([{
        "apiVersion": kind.api_version(), "kind": kind.kind, "name": owner.name_any(), "uid": owner.uid(),
        "controller": true, "blockOwnerDeletion": true,
    }])
}

pub fn deleting(object: &DynamicObject) -> bool {
    object.metadata.deletion_timestamp.is_some()
}

/// Whether a condition of this type is `True`.
pub fn condition(object: &DynamicObject, name: &str) -> bool {
    let conditions = object.data["status"]["conditions"].as_array();
    conditions
        .is_some_and(|all| all.iter().any(|one| one["type"] == name && one["status"] == "True"))
}

/// Whether the labels fit a selector: `matchLabels` and `matchExpressions`.
pub fn selects(selector: &Value, object: &DynamicObject) -> bool {
    let labels = object.labels();
    let equal = selector["matchLabels"].as_object();
    let equal = equal.is_none_or(|wanted| {
        wanted.iter().all(|(key, value)| labels.get(key).map(String::as_str) == value.as_str())
    });
    let expressions = selector["matchExpressions"].as_array();
    equal && expressions.is_none_or(|all| all.iter().all(|one| expression(one, labels)))
}

/// Whether the labels fit one expression.
pub fn expression(one: &Value, labels: &std::collections::BTreeMap<String, String>) -> bool {
    let found = labels.get(one["key"].as_str().unwrap_or_default());
    let within = found.is_some_and(|found| {
        one["values"].as_array().is_some_and(|all| all.iter().any(|value| value == found))
    });
    match one["operator"].as_str() {
        Some("In") => within,
        Some("NotIn") => !within,
        Some("Exists") => found.is_some(),
        Some("DoesNotExist") => found.is_none(),
        _ => false,
    }
}

/// Now, as the API writes it.
pub fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// A few letters as Kubernetes adds them to names: of a seed, or of chance.
pub fn letters(seed: u64, count: usize) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut left = seed;
    let next = |_| {
        let letter = LETTERS[(left % LETTERS.len() as u64) as usize];
        left /= LETTERS.len() as u64;
        char::from(letter)
    };
    (0..count).map(next).collect()
}

pub fn chance() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
