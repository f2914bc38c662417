//! An object of Chaos Mesh that may be in the cluster, as data: written down before it is placed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kinds;

/// Finds it again. Placing it may have failed: then there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// `PodChaos`, `NetworkChaos`, …, or `Schedule`.
    pub kind: String,
    /// As it stands in addresses: `podchaos`.
    pub plural: String,
    /// Where it is.
    pub namespace: String,
    /// What it is called.
    pub name: String,
    /// Whether it strikes once, so that there is nothing to recover.
    pub one_shot: bool,
    /// The pods that it acts on, as they were before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<Hit>,
    /// What controls these pods, as it was before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
}

/// A pod before the fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its name.
    pub pod: String,
    /// Tells it from its successor of the same name.
    pub uid: String,
    /// Whether it was ready.
    pub ready: bool,
    /// How often its containers had been restarted.
    pub restarts: i32,
    /// Whether the fault is meant to take it down: it is no mere other side of a network fault.
    pub struck: bool,
}

/// What controls pods, before the fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// `ReplicaSet`, `StatefulSet`, …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Tells it from another of the same name.
    pub uid: String,
    /// How many of its pods were ready.
    pub ready: usize,
}

impl Placed {
    /// An object that was found in a cluster, without any ledger: what can be told from itself. `None`: no object of a known kind.
    pub fn found(object: &Value) -> Option<Self> {
        let kind = kinds::of(object["kind"].as_str()?)?;
        Some(Self {
            kind: kind.name.to_owned(),
            plural: kind.plural.to_owned(),
            namespace: object["metadata"]["namespace"].as_str()?.to_owned(),
            name: object["metadata"]["name"].as_str()?.to_owned(),
            one_shot: kind.is_one_shot(&object["spec"]),
            hits: recorded(object).into_iter().map(Hit::unknown).collect(),
            owners: Vec::new(),
        })
    }

    /// For people: `podchaos shop/gd-…`.
    pub fn called(&self) -> String {
        format!("{} {}/{}", self.plural, self.namespace, self.name)
    }

    /// How its children name it.
    pub fn source(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

impl Hit {
    /// A pod of which nothing is known but its name.
    fn unknown(pod: String) -> Self {
        Self { pod, uid: String::new(), ready: false, restarts: 0, struck: true }
    }
}

/// The names of the pods in an experiment's records.
fn recorded(object: &Value) -> Vec<String> {
    let hits = kinds::of(object["kind"].as_str().unwrap_or_default()).map(|kind| kind.hits);
    if matches!(hits, None | Some(kinds::Hits::Elsewhere)) {
        return Vec::new();
    }
    let records = object["status"]["experiment"]["containerRecords"].as_array();
    let ids = records.into_iter().flatten().filter_map(|record| record["id"].as_str());
    let mut pods: Vec<String> =
        ids.filter_map(|id| id.split('/').nth(1).map(str::to_owned)).collect();
    pods.sort();
    pods.dedup();
    pods
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_found_in_a_cluster_can_be_let_go_without_a_ledger() {
        let object = json!({
            "kind": "StressChaos", "metadata": {"namespace": "shop", "name": "gd-x"}, "spec": {},
            "status": {"experiment": {"containerRecords": [
                {"id": "shop/cart-1/app"}, {"id": "shop/cart-2/app"}, {"id": "shop/cart-1/app"}]}},
        });
        let placed = Placed::found(&object).unwrap();
        assert_eq!(placed.called(), "stresschaos shop/gd-x");
        let pods: Vec<_> = placed.hits.iter().map(|hit| hit.pod.as_str()).collect();
        assert_eq!(pods, ["cart-1", "cart-2"]);
        assert_eq!(Placed::found(&json!({"kind": "Pod", "metadata": {}})), None);
    }

    #[test]
    fn a_ledger_without_the_newer_fields_is_read() {
        let old =
            r#"{"kind":"PodChaos","plural":"podchaos","namespace":"a","name":"b","one_shot":true}"#;
        let placed: Placed = serde_json::from_str(old).unwrap();
        assert!(placed.one_shot && placed.hits.is_empty());
    }
}
