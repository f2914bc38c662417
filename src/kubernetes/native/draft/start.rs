//! What every change begins with: the mark it leaves on an object, who else looks after it, and whether it may be touched at all.

use serde_json::{Value, json};

use super::super::change::{Change, Deed};
use super::super::edit::{Edit, key};
use super::super::owner::keepers;
use super::super::resource::Object;
use crate::exercise::said::{Said, said};
use crate::gameday::text::printable;
use crate::kubernetes::name::{self, FAULT, MANAGED_BY, PART_OF};
use crate::kubernetes::step::Step;

/// Nothing in them is ever changed.
const FENCED: [&str; 5] =
    ["kube-system", "kube-public", "kube-node-lease", "chaos-mesh", "chaos-testing"];

/// Whose a change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Mark {
    /// The run.
    pub(in super::super) run: String,
    /// The step within it.
    pub(in super::super) step: String,
}

impl Mark {
    /// That of a step.
    pub(in super::super) fn of(step: &Step) -> Self {
        Self { run: step.run.clone(), step: step.name.clone() }
    }

    /// From how a change names it.
    pub(in super::super) fn read(fault: &str) -> Self {
        let (run, step) = fault.split_once('/').unwrap_or((fault, ""));
        Self { run: run.to_owned(), step: step.to_owned() }
    }
}

/// As a change names it.
impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.run, self.step)
    }
}

/// A change of fields of `object`, with the mark.
pub(super) fn patch(
    of: Object,
    object: &Value,
    mut edits: Vec<Edit>,
    mark: &Mark,
    what: Said,
) -> Result<Change, String> {
    may_be_touched(&of, object)?;
    edits.retain(|edit| edit.before != edit.after);
    if edits.is_empty() {
        return Err(format!("{of} is like that already: nothing would change"));
    }
    edits.push(marked(object, mark));
    start(of, object, Deed::Patch { edits, brief: false }, mark, what)
}

/// The label by which people and sweeps find what was changed.
pub(super) fn marked(object: &Value, mark: &Mark) -> Edit {
    let at = vec![key("metadata"), key("labels"), key(FAULT)];
    Edit::new(object, at, Some(json!(name::mark(&mark.to_string()))))
}

/// A change of `object`, if it may be touched.
pub(super) fn start(
    of: Object,
    object: &Value,
    deed: Deed,
    mark: &Mark,
    what: Said,
) -> Result<Change, String> {
    may_be_touched(&of, object)?;
    let uid = object.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default();
    let warnings = keepers(object).into_iter().map(|who| {
        said!(
            "native-looked-after",
            "{who} looks after {object} and may take the change back, or fight the way back",
            who = who,
            object = of.to_string()
        )
    });
    Ok(Change {
        what,
        uid: uid.to_owned(),
        fault: mark.to_string(),
        deed,
        effect: Vec::new(),
        back: Vec::new(),
        warnings: warnings.collect(),
        resource: of.resource,
        namespace: of.namespace,
        name: of.name,
    })
}

fn may_be_touched(of: &Object, object: &Value) -> Result<(), String> {
    if of.namespace.as_deref().is_some_and(|space| FENCED.contains(&space)) {
        return Err(format!("{of} is in a namespace that nothing is changed in"));
    }
    let text = |at: &str, key: &str| object.get("metadata")?.get(at)?.get(key)?.as_str();
    if text("labels", MANAGED_BY.0) == Some(MANAGED_BY.1)
        || text("labels", PART_OF.0) == Some(PART_OF.1)
    {
        return Err(format!("{of} is our own"));
    }
    if let Some(other) = text("labels", FAULT) {
        return Err(format!(
            "{of} is already changed by {}: undo that first (gameday halt), or remove the label {FAULT} if nothing of it is left",
            printable(other, 120)
        ));
    }
    if object.get("immutable") == Some(&Value::Bool(true)) {
        return Err(format!("{of} is immutable: nobody can change it, only make another one"));
    }
    if object.pointer("/metadata/deletionTimestamp").is_some() {
        return Err(format!("{of} is being deleted"));
    }
    Ok(())
}
