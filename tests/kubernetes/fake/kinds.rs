//! What the server serves: a kind by its group, version and plural. Which ones there are, `builtin` and `crds` say.

use std::sync::Arc;

use serde_json::{Value, json};

/// A kind and how it is served.
#[derive(Clone, Debug)]
pub struct Kind {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub plural: String,
    pub singular: String,
    pub short: Vec<String>,
    pub namespaced: bool,
    /// Subresources: `status`, `scale`, …
    pub subs: Vec<String>,
    pub schema: Shape,
    /// Only `create`: a question to the server.
    pub question: bool,
}

/// How objects of a kind are checked.
#[derive(Clone, Debug)]
pub enum Shape {
    /// There and back through the type; what does not come back is unknown.
    Typed(fn(Value) -> Result<Value, String>),
    /// The structural schema of a custom resource.
    Structural(Arc<Value>),
}

impl Kind {
    /// `pods`, `deployments.apps`.
    pub fn resource(&self) -> String {
        resource(&self.plural, &self.group)
    }

    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            return self.version.clone();
        }
        format!("{}/{}", self.group, self.version)
    }

    pub fn has(&self, sub: &str) -> bool {
        self.subs.iter().any(|one| one == sub)
    }

    pub fn is_custom(&self) -> bool {
        matches!(self.schema, Shape::Structural(_))
    }

    pub fn structural(&self) -> Option<&Value> {
        match &self.schema {
            Shape::Structural(schema) => Some(schema),
            Shape::Typed(_) => None,
        }
    }

    /// The details of a `Status` about one of them.
    pub fn details(&self, name: &str) -> Value {
        let mut details = json!({"name": name, "kind": self.plural});
        if !self.group.is_empty() {
            details["group"] = self.group.clone().into();
        }
        details
    }

    /// Whether it is `kind` of `group`.
    pub fn is(&self, group: &str, plural: &str) -> bool {
        self.group == group && self.plural == plural
    }
}

/// `plural.group`, or `plural` in the core group.
pub fn resource(plural: &str, group: &str) -> String {
    if group.is_empty() { plural.to_owned() } else { format!("{plural}.{group}") }
}
