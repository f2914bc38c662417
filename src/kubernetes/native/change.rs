//! One change of an object of somebody else, with its way back, as data: written down before it is made. Complete enough for any
//! later process to take it back. Not the making, and nothing secret: of a Secret only fingerprints stand here.

use serde::{Deserialize, Serialize};

use super::edit::Edit;
use super::resource::{Object, Resource};
use crate::exercise::said::Said;
use crate::gameday::span::Span;

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// For people: `scale Deployment shop/cart to 0`.
    pub what: Said,
    /// What kind of object it is about.
    pub resource: Resource,
    /// Where it is; `None`: it is of the whole cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What it is called; empty where it is about several pods, which the deed names.
    pub name: String,
    /// Which one of all that ever had this name.
    pub uid: String,
    /// Whose it is: `run/step`. The object carries it as a label ([`crate::kubernetes::name::mark`]).
    pub fault: String,
    /// What is done.
    pub deed: Deed,
    /// What is looked for before it counts as done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effect: Vec<Effect>,
    /// What must come back before it counts as undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<Back>,
    /// What people should know of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Said>,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Fields are changed.
    Patch {
        /// Which, with what stood there.
        edits: Vec<Edit>,
        /// Whether it is taken back as soon as everything else is done.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        brief: bool,
    },
    /// Pods are asked to leave, as disruption budgets allow.
    Evict {
        /// Which.
        pods: Vec<PodRef>,
        /// How long is asked, and the most that a pod may take to end.
        grace: Span,
    },
    /// Pods are deleted, and end at once.
    Delete {
        /// Which.
        pods: Vec<PodRef>,
    },
    /// Fields are changed that stay: nothing is taken back.
    Restart {
        /// Which, with what stood there.
        edits: Vec<Edit>,
    },
    /// The certificate in a Secret is exchanged for one that has expired.
    SecretSwap {
        /// The Secret beside it that keeps what stood in it and what is put there; made just before the exchange.
        kept: String,
        /// SHA-256 of what stood in it.
        before: String,
        /// Whom the certificate is for.
        names: Vec<String>,
        /// When it expired, milliseconds since 1970-01-01 UTC.
        expired: i64,
        /// The label on the Secret.
        mark: Vec<Edit>,
    },
}

/// A pod, and which one of that name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PodRef {
    /// Where it is.
    pub namespace: String,
    /// What it is called.
    pub name: String,
    /// Another pod of this name has another one.
    pub uid: String,
}

/// What is looked for before a change counts as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// A first pod of the new kind was made.
    RollsOut,
    /// There are so many pods, where there were others.
    Pods {
        /// So many it wanted.
        before: i64,
        /// So many it is to have.
        after: i64,
    },
    /// The account is told no, where it was told yes.
    Denied(Allowed),
}

/// What must come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Back {
    /// The pods of a workload are ready, in its newest shape.
    Ready {
        /// The workload.
        of: Object,
        /// So many were ready before: more is not waited for. `None`: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        least: Option<i64>,
        /// The hash of what its pods were like, where that is changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<String>,
    },
    /// The account is told yes.
    Allowed(Allowed),
}

/// What an account may do in a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Where.
    pub namespace: String,
    /// The service account.
    pub account: String,
    /// What it was seen to be allowed.
    pub asks: Vec<Ask>,
}

/// One thing that may be allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ask {
    /// `get`, `create`, …
    pub verb: String,
    /// Empty for the core.
    pub group: String,
    /// `pods`, or `pods/log`.
    pub resource: String,
}

/// In words: `get pods`.
impl std::fmt::Display for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.verb, self.resource)
    }
}

impl Change {
    /// The object it is about.
    pub fn object(&self) -> Object {
        Object {
            resource: self.resource.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }

    /// The fields it changes and that are no secret.
    pub fn edits(&self) -> &[Edit] {
        match &self.deed {
            Deed::Patch { edits, .. } | Deed::Restart { edits } => edits,
            Deed::SecretSwap { mark, .. } => mark,
            Deed::Evict { .. } | Deed::Delete { .. } => &[],
        }
    }

    /// Whether it stays if nobody takes it back, and is to be taken back.
    pub const fn stays(&self) -> bool {
        matches!(self.deed, Deed::Patch { .. } | Deed::SecretSwap { .. })
    }

    /// How early it is taken back: permissions first, as everything else may need them; then what lets pods run.
    pub fn turn(&self) -> u8 {
        match self.resource.kind.as_str() {
            "RoleBinding" => 0,
            "Secret" | "ConfigMap" => 1,
            "Node" => 2,
            _ => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Node;
    use serde_json::json;

    use super::super::edit::{Edit, key};
    use super::*;

    #[test]
    fn a_later_process_reads_what_was_written() {
        let node = json!({ "metadata": { "uid": "u" }, "spec": {} });
        let edit = Edit::new(&node, vec![key("spec"), key("unschedulable")], Some(json!(true)));
        let change = Change {
            what: "cordon".into(),
            resource: Resource::whole::<Node>(),
            namespace: None,
            name: "n1".to_owned(),
            uid: "u".to_owned(),
            fault: "run/step".to_owned(),
            deed: Deed::Patch { edits: vec![edit], brief: false },
            effect: vec![],
            back: vec![Back::Ready { of: Object::whole::<Node>("n1"), least: Some(1), hash: None }],
            warnings: vec![],
        };
        let text = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change);
        assert_eq!(change.object().to_string(), "Node n1");
    }
}
