//! Which objects of Chaos Mesh and of the k6 operator belong to runs of ours: by their labels, or because what has our labels
//! made them. Pure.

use std::collections::BTreeMap;

use kube::ResourceExt;
use kube::api::DynamicObject;
use kube::core::ApiResource;

use super::chaos::placed::Placed;
use super::kinds::{CHAOS, Part, part};
use super::name;

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    pub api: ApiResource,
    pub namespace: String,
    pub name: String,
    pub uid: String,
    /// The run that it belongs to, where it says so.
    pub run: Option<String>,
    /// Uids of what made it.
    pub owners: Vec<String>,
    pub deleting: bool,
    pub finalizers: Vec<String>,
    /// What can be told of it for letting go; `None`: no kind that is known here.
    pub known: Option<Placed>,
    /// Pods that it speaks of, by `spec.selector.pods` or its records: `namespace/name`.
    pub pods: Vec<String>,
    /// Experiments that a record of a pod has entries of: `namespace/name`.
    pub sources: Vec<String>,
    /// Whether it was seen to be stopped and everywhere recovered.
    pub recovered: bool,
}

impl Object {
    /// What is seen of one.
    pub fn of(api: &ApiResource, object: &DynamicObject) -> Self {
        let labels = object.labels();
        let is_ours = labels.get(name::MANAGED_BY.0).is_some_and(|by| by == name::MANAGED_BY.1);
        Self {
            api: api.clone(),
            namespace: object.namespace().unwrap_or_default(),
            name: object.name_any(),
            uid: object.uid().unwrap_or_default(),
            run: labels.get(name::RUN).filter(|_| is_ours).cloned(),
            owners: object.owner_references().iter().map(|owner| owner.uid.clone()).collect(),
            deleting: object.metadata.deletion_timestamp.is_some(),
            finalizers: object.finalizers().to_vec(),
            known: known(api, object),
            pods: pods(&object.data),
            sources: sources(&object.data),
            recovered: recovered(&object.data),
        }
    }

    /// What it is to us.
    pub fn part(&self) -> Part {
        part(&self.api.group, &self.api.kind)
    }

    /// For people: `PodChaos shop/gd-…`.
    pub fn shown(&self) -> String {
        format!("{} {}/{}", self.api.kind, self.namespace, self.name)
    }

    /// As those want it who let go of it.
    pub fn placed(&self) -> Placed {
        self.known.clone().unwrap_or_else(|| Placed {
            kind: self.api.kind.clone(),
            plural: self.api.plural.clone(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
            ..Placed::default()
        })
    }

    /// How somebody with `kubectl` ends it.
    pub fn by_hand(&self) -> String {
        let Self { namespace, name, .. } = self;
        let kind = format!("{}.{}", self.api.plural, self.api.group);
        let delete = format!("kubectl -n {namespace} delete {kind} {name}");
        match self.part() {
            Part::Experiment | Part::Schedule => format!(
                "kubectl -n {namespace} annotate --overwrite {kind} {name} experiment.chaos-mesh.org/pause=true; {delete}"
            ),
            Part::Workflow => format!(
                "kubectl -n {namespace} annotate --overwrite {kind} {name} workflow.chaos-mesh.org/abort=true; {delete}"
            ),
            Part::Child | Part::Other | Part::Load => delete,
        }
    }
}

fn known(api: &ApiResource, object: &DynamicObject) -> Option<Placed> {
    let mut whole = serde_json::to_value(object).ok()?;
    // Lists leave the kind of their items out.
    whole["kind"] = api.kind.clone().into();
    Placed::found(&whole).filter(|_| api.group == CHAOS)
}

fn pods(data: &serde_json::Value) -> Vec<String> {
    let mut pods = Vec::new();
    for side in ["/spec/selector/pods", "/spec/target/selector/pods"] {
        for (namespace, names) in
            data.pointer(side).and_then(|one| one.as_object()).into_iter().flatten()
        {
            let names = names.as_array().into_iter().flatten().filter_map(|name| name.as_str());
            pods.extend(names.map(|name| format!("{namespace}/{name}")));
        }
    }
    for record in records(data) {
        let id = record.get("id").and_then(|id| id.as_str()).unwrap_or_default();
        let mut parts = id.split('/');
        if let (Some(namespace), Some(name)) = (parts.next(), parts.next()) {
            pods.push(format!("{namespace}/{name}"));
        }
    }
    pods.sort();
    pods.dedup();
    pods
}

fn sources(data: &serde_json::Value) -> Vec<String> {
    let lists = data.get("spec").and_then(|spec| spec.as_object()).into_iter().flatten();
    let entries = lists.filter_map(|(_, list)| list.as_array()).flatten();
    let sources = entries.filter_map(|entry| entry.get("source")?.as_str().map(str::to_owned));
    let mut sources: Vec<String> = sources.collect();
    sources.sort();
    sources.dedup();
    sources
}

fn records(data: &serde_json::Value) -> impl Iterator<Item = &serde_json::Value> {
    let records = data.pointer("/status/experiment/containerRecords");
    records.and_then(|all| all.as_array()).into_iter().flatten()
}

fn recovered(data: &serde_json::Value) -> bool {
    let stopped = data.pointer("/status/experiment/desiredPhase").is_some_and(|one| one == "Stop");
    stopped
        && records(data).all(|one| one.get("phase").is_some_and(|phase| phase == "Not Injected"))
}

/// Runs by the uids of what is theirs.
pub type Theirs = BTreeMap<String, String>;

/// Those of `all` that belong to a run: labelled, or made by what is, however many steps away. Each says its run then.
/// `before` is what was theirs and may be gone.
pub fn belonging(all: Vec<Object>, run: Option<&str>, before: &Theirs) -> Vec<Object> {
    let mut runs = before.clone();
    for object in &all {
        if let Some(run) = &object.run {
            runs.insert(object.uid.clone(), run.clone());
        }
    }
    loop {
        let known = runs.len();
        for object in &all {
            let owner = object.owners.iter().find_map(|owner| runs.get(owner)).cloned();
            if let (Some(owner), false) = (owner, runs.contains_key(&object.uid)) {
                runs.insert(object.uid.clone(), owner);
            }
        }
        if runs.len() == known {
            break;
        }
    }
    let theirs = all.into_iter().filter_map(|mut object| {
        object.run = Some(runs.get(&object.uid)?.clone());
        Some(object)
    });
    theirs.filter(|object| run.is_none_or(|run| object.run.as_deref() == Some(run))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(kind: &str, uid: &str, run: Option<&str>, owner: Option<&str>) -> Object {
        let api = ApiResource {
            group: "chaos-mesh.org".into(),
            version: "v1alpha1".into(),
            api_version: "chaos-mesh.org/v1alpha1".into(),
            kind: kind.into(),
            plural: kind.to_lowercase(),
        };
        let mut object: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "chaos-mesh.org/v1alpha1", "kind": kind,
            "metadata": {"name": uid, "namespace": "shop", "uid": uid}
        }))
        .unwrap();
        if let Some(run) = run {
            object.metadata.labels = Some(name::labels(run, "experiment", None));
        }
        let owner =
            owner.map(|uid| json!({"apiVersion": "x/v1", "kind": "X", "name": "x", "uid": uid}));
        object.metadata.owner_references =
            owner.map(|one| vec![serde_json::from_value(one).unwrap()]);
        Object::of(&api, &object)
    }

    #[test]
    fn what_ours_made_is_ours_and_what_others_made_is_not() {
        let all = vec![
            object("PodChaos", "leaf", None, Some("node")),
            object("WorkflowNode", "node", None, Some("flow")),
            object("Workflow", "flow", Some("r-1"), None),
            object("PodChaos", "other run", Some("r-2"), None),
            object("PodChaos", "foreign", None, None),
            object("PodChaos", "of foreign", None, Some("unknown")),
            // A circle of owners ends, too.
            object("PodChaos", "a", None, Some("b")),
            object("PodChaos", "b", None, Some("a")),
        ];
        let names = |run| -> Vec<String> {
            belonging(all.clone(), run, &Theirs::new()).into_iter().map(|one| one.name).collect()
        };
        assert_eq!(names(Some("r-1")), ["leaf", "node", "flow"]);
        assert_eq!(names(None), ["leaf", "node", "flow", "other run"]);
        assert_eq!(names(Some("r-3")), [""; 0]);
    }

    #[test]
    fn the_bare_label_of_chaos_mesh_makes_nothing_ours() {
        let mut one = object("PodChaos", "x", None, None);
        one.run = None;
        assert!(belonging(vec![one], None, &Theirs::new()).is_empty());
    }

    #[test]
    fn pods_are_those_selected_and_those_hit() {
        let data = json!({
            "spec": {"selector": {"pods": {"shop": ["a", "b"]}}, "target": {"selector": {"pods": {"shop": ["c"]}}}},
            "status": {"experiment": {"desiredPhase": "Stop", "containerRecords": [
                {"id": "shop/a/app", "phase": "Not Injected"}, {"id": "bank/d", "phase": "Not Injected"}]}}
        });
        assert_eq!(pods(&data), ["bank/d", "shop/a", "shop/b", "shop/c"]);
        assert!(recovered(&data));
        assert!(!recovered(&json!({"status": {"experiment": {"desiredPhase": "Run"}}})));
    }
}
