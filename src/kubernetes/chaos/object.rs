//! An object of Chaos Mesh that is to be placed, with everything on it that finds it again. Not what stands in its spec.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::kinds::{API_VERSION, Kind};
use super::placed::{Hit, Owner, Placed};
use super::pod;
use crate::kubernetes::name;
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// How it is found again, and what it hits.
    pub placed: Placed,
    /// The whole object.
    pub body: Value,
}

impl Manifest {
    /// The object of this kind and spec as part `number` of a step.
    pub fn new(kind: &Kind, namespace: &str, spec: Value, step: &Step, number: usize) -> Self {
        let name = step.object(number);
        let placed = Placed {
            kind: kind.name.to_owned(),
            plural: kind.plural.to_owned(),
            namespace: namespace.to_owned(),
            name: name.clone(),
            one_shot: kind.is_one_shot(&spec),
            ..Placed::default()
        };
        let mut labels = name::labels(&step.run, "experiment", Some(&step.name));
        labels.insert(name::GAME_DAY.to_owned(), name::label(&step.game_day));
        let body = json!({
            "apiVersion": API_VERSION,
            "kind": kind.name,
            "metadata": {
                "name": name,
                "namespace": namespace,
                "labels": labels,
                "annotations": annotations(step),
            },
            "spec": spec,
        });
        Self { placed, body }
    }

    /// The same, with the pods that it strikes and those on its other side, as they are in `scene`.
    pub fn hitting(mut self, scene: &Scene, struck: &[&str], beside: &[&str]) -> Self {
        let all = struck.iter().map(|name| (name, true));
        let all = all.chain(beside.iter().map(|name| (name, false)));
        for (name, struck) in all {
            let Some(found) = scene.pod(name) else { continue };
            let known = |hit: &Hit| hit.pod == *name;
            if self.placed.hits.iter().any(known) {
                continue;
            }
            self.placed.hits.push(Hit {
                pod: (*name).to_owned(),
                uid: found.metadata.uid.clone().unwrap_or_default(),
                ready: pod::is_ready(found),
                restarts: pod::restarts(found),
                struck,
            });
            // Only what is struck can be gone and come back under another name.
            if struck {
                self.own(scene, name);
            }
        }
        self
    }

    fn own(&mut self, scene: &Scene, name: &str) {
        let Some(owner) = scene.pod(name).and_then(pod::owner) else { return };
        if self.placed.owners.iter().any(|one| one.uid == owner.uid) {
            return;
        }
        let theirs = scene.pods.iter().filter(|one| pod::is_owned_by(one, &owner.uid));
        self.placed.owners.push(Owner {
            kind: owner.kind.clone(),
            name: owner.name.clone(),
            uid: owner.uid.clone(),
            ready: theirs.filter(|one| pod::is_ready(one)).count(),
        });
    }

    /// What it does, as its spec says.
    pub fn spec(&self) -> &Value {
        &self.body["spec"]
    }
}

fn annotations(step: &Step) -> Value {
    let mut annotations = json!({ name::VERSION: env!("CARGO_PKG_VERSION") });
    if let Some(deadline) = DateTime::from_timestamp_millis(step.deadline) {
        annotations[name::DEADLINE] = deadline.to_rfc3339_opts(SecondsFormat::Secs, true).into();
    }
    annotations
}
