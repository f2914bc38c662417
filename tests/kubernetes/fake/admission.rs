//! What is refused or filled in by rules from outside the server: webhooks that a test sets up, those of Chaos Mesh that a client
//! must reckon with, and namespaces.

use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::kinds::Kind;
use super::state::{Key, State};

/// A webhook of a test: sees `CREATE` or `UPDATE` and the object, may change it, and may refuse it in its words.
pub type Hook = Arc<dyn Fn(&str, &mut Value) -> Result<(), String> + Send + Sync>;

/// The rules of tests.
#[derive(Clone, Default)]
pub struct Rules {
    refusals: Vec<(String, String)>,
    hooks: Vec<Hook>,
    broken: Vec<String>,
}

impl Rules {
    /// Refuses every create and update of a kind (`PodChaos`).
    pub fn refuse(&mut self, kind: &str, message: &str) {
        self.refusals.push((kind.to_owned(), message.to_owned()));
    }

    pub fn allow(&mut self, kind: &str) {
        self.refusals.retain(|(one, _)| one != kind);
    }

    pub fn hook(&mut self, hook: Hook) {
        self.hooks.push(hook);
    }

    /// The webhooks of a group cannot be reached, or can again.
    pub fn broken(&mut self, group: &str, broken: bool) {
        self.broken.retain(|one| one != group);
        if broken {
            self.broken.push(group.to_owned());
        }
    }

    /// What webhooks make of a new or changed object.
    pub fn admit(
        &self,
        kind: &Kind,
        old: Option<&Value>,
        object: &mut Value,
    ) -> Result<(), Failure> {
        let webhook = format!("v{}.kb.io", kind.kind.to_lowercase());
        if self.broken.contains(&kind.group) {
            return Err(Failure::internal(format!(
                "failed calling webhook \"m{}.kb.io\": failed to call webhook: Post \"https://webhook.{}.svc:443/mutate?timeout=5s\": dial tcp 10.96.0.9:443: connect: connection refused",
                kind.kind.to_lowercase(),
                kind.group
            )));
        }
        let operation = if old.is_some() { "UPDATE" } else { "CREATE" };
        for hook in &self.hooks {
            hook(operation, object).map_err(|why| Failure::webhook(&webhook, &why))?;
        }
        if let Some((_, why)) = self.refusals.iter().find(|(one, _)| *one == kind.kind) {
            return Err(Failure::webhook(&webhook, why));
        }
        if let Some(old) = old
            && keeps_its_spec(kind)
            && old["spec"] != object["spec"]
        {
            return Err(Failure::webhook(&webhook, "Cannot update chaos spec"));
        }
        Ok(())
    }
}

/// Whether the webhooks of Chaos Mesh refuse every change of the spec.
fn keeps_its_spec(kind: &Kind) -> bool {
    const CHILDREN: [&str; 3] = ["PodNetworkChaos", "PodIOChaos", "PodHttpChaos"];
    let experiment = kind.kind.ends_with("Chaos") && !CHILDREN.contains(&kind.kind.as_str());
    let other = matches!(kind.kind.as_str(), "PhysicalMachine" | "StatusCheck");
    kind.group == "chaos-mesh.org" && (experiment || other)
}

/// Whether something may be created in a namespace.
pub fn namespace(state: &State, kind: &Kind, namespace: &str, name: &str) -> Result<(), Failure> {
    if !kind.namespaced {
        return Ok(());
    }
    let Some(found) = state.get(&Key::new("namespaces", "", namespace)) else {
        let namespaces = state.kind_of("namespaces").ok_or_else(Failure::no_such_resource)?;
        return Err(Failure::not_found(&namespaces, namespace));
    };
    if found["metadata"]["deletionTimestamp"].is_null() {
        return Ok(());
    }
    let why = format!(
        "unable to create new content in namespace {namespace} because it is being terminated"
    );
    Err(Failure::forbidden(&kind.resource(), name, &why).with_causes(json!([{
        "reason": "NamespaceTerminating",
        "message": format!("namespace {namespace} is being terminated"),
        "field": "metadata.namespace",
    }])))
}
