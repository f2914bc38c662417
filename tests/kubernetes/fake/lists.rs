//! Which lists are merged by a key, which are sets, and which are one value: by the schema of a custom resource, or by what
//! built-in kinds are known to do.

use serde_json::{Value, json};

use super::kinds::{Kind, Shape};

/// How the items of a list are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// One value.
    Atomic,
    Set,
    /// By these keys.
    Map(Vec<String>),
}

/// Where in an object one is, for those who must know what is there.
#[derive(Clone, Copy, Debug)]
pub enum Spot<'a> {
    /// By the names of the field and of the one around it.
    BuiltIn {
        around: &'a str,
        field: &'a str,
    },
    Schema(&'a Value),
}

impl<'a> Spot<'a> {
    pub fn root(kind: &'a Kind) -> Self {
        match &kind.schema {
            Shape::Typed(_) => Self::BuiltIn { around: "", field: "" },
            Shape::Structural(schema) => Self::Schema(schema),
        }
    }

    pub fn field(self, name: &'a str) -> Self {
        match self {
            Self::BuiltIn { field, .. } => Self::BuiltIn { around: field, field: name },
            // Metadata of custom resources is as that of all; their schema says nothing of it.
            Self::Schema(schema)
                if name == "metadata" && schema["properties"][name]["properties"].is_null() =>
            {
                Self::BuiltIn { around: "", field: name }
            }
            Self::Schema(schema) => match schema["properties"].get(name) {
                Some(property) => Self::Schema(property),
                None => Self::Schema(&schema["additionalProperties"]),
            },
        }
    }

    pub fn item(self) -> Self {
        match self {
            Self::BuiltIn { .. } => self,
            Self::Schema(schema) => Self::Schema(&schema["items"]),
        }
    }

    /// The list that is here.
    pub fn list(self) -> List {
        match self {
            Self::BuiltIn { around, field } => built_in(around, field),
            Self::Schema(schema) => match schema["x-kubernetes-list-type"].as_str() {
                Some("set") => List::Set,
                Some("map") => List::Map(
                    schema["x-kubernetes-list-map-keys"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .map(str::to_owned)
                        .collect(),
                ),
                _ => List::Atomic,
            },
        }
    }

    /// Whether the map that is here is one value.
    pub fn is_atomic(self) -> bool {
        match self {
            Self::BuiltIn { around, field } => {
                matches!(
                    field,
                    "nodeSelector"
                        | "roleRef"
                        | "involvedObject"
                        | "configMapKeyRef"
                        | "secretKeyRef"
                        | "fieldRef"
                        | "resourceFieldRef"
                        | "labelSelector"
                ) || (field == "selector" && around == "spec")
            }
            Self::Schema(schema) => schema["x-kubernetes-map-type"] == "atomic",
        }
    }

    /// The key that a strategic merge goes by.
    pub fn strategic(self) -> Option<&'static str> {
        let Self::BuiltIn { around, field } = self else {
            return None;
        };
        match (around, field) {
            (_, "containers" | "initContainers" | "ephemeralContainers" | "volumes" | "env")
            | (_, "imagePullSecrets")
            | ("", "secrets") => Some("name"),
            (_, "volumeMounts") => Some("mountPath"),
            (_, "volumeDevices") => Some("devicePath"),
            (_, "hostAliases") => Some("ip"),
            (_, "topologySpreadConstraints") => Some("topologyKey"),
            ("containers" | "initContainers", "ports") => Some("containerPort"),
            ("spec", "ports") => Some("port"),
            ("status", "conditions" | "addresses") => Some("type"),
            ("metadata", "ownerReferences") => Some("uid"),
            ("spec", "taints") => Some("key"),
            _ => None,
        }
    }
}

fn built_in(around: &str, field: &str) -> List {
    let map = |keys: &[&str]| List::Map(keys.iter().map(|key| (*key).to_owned()).collect());
    match (around, field) {
        ("metadata", "finalizers") => List::Set,
        ("metadata", "ownerReferences") => map(&["uid"]),
        (_, "containers" | "initContainers" | "ephemeralContainers" | "volumes" | "env")
        | (_, "imagePullSecrets")
        | ("", "secrets") => map(&["name"]),
        (_, "volumeMounts") => map(&["mountPath"]),
        (_, "volumeDevices") => map(&["devicePath"]),
        (_, "hostAliases") => map(&["ip"]),
        (_, "topologySpreadConstraints") => map(&["topologyKey", "whenUnsatisfiable"]),
        ("containers" | "initContainers", "ports") => map(&["containerPort", "protocol"]),
        ("spec", "ports") => map(&["port", "protocol"]),
        ("status", "conditions" | "addresses") => map(&["type"]),
        ("status", "podIPs") => map(&["ip"]),
        _ => List::Atomic,
    }
}

/// The key of an item, as a canonical object; none when it has none.
pub fn key(item: &Value, keys: &[String]) -> Option<Value> {
    let mut found = json!({});
    for key in keys {
        let value = match item.get(key) {
            Some(value) if !value.is_null() => value.clone(),
            _ if key == "protocol" => json!("TCP"),
            _ => return None,
        };
        found[key] = value;
    }
    Some(found)
}
