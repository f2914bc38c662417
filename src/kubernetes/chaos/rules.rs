//! What Chaos Mesh takes and should not: checks of an object before it is placed. Its webhooks miss these, and what they miss starts at
//! once, hits everybody, never ends, or cannot be deleted any more. Pure. Each reason says where, why, and how to mend it.

mod clock;
mod cron;
mod elsewhere;
mod files;
mod look;
mod memory;
mod names;
mod neighbours;
mod network;
mod pods;
mod repeated;
mod shared;
mod stress;
mod web;

use serde_json::Value;

use self::look::Look;
use super::kinds::{self, API_VERSION, Hits, Kind};
use super::object::Manifest;
use super::pod;
use crate::kubernetes::scene::Scene;

/// Every reason why `manifest` must not be placed in `scene`; none: it may.
pub fn check(manifest: &Manifest, scene: &Scene) -> Vec<String> {
    let body = &manifest.body;
    if body["apiVersion"].as_str() != Some(API_VERSION) {
        return vec![format!("apiVersion: this is not Chaos Mesh; write {API_VERSION}")];
    }
    let name = body["kind"].as_str().unwrap_or_default();
    if let Some(why) = kinds::refused(name) {
        return vec![format!("{name} {why}")];
    }
    let Some(kind) = kinds::of(name) else {
        let known = pod::list(kinds::KINDS.iter().map(|kind| kind.name));
        return vec![format!("kind: Chaos Mesh has no \"{}\"; it has {known}", pod::shown(name))];
    };
    let mut look = Look::new(kind, body, scene);
    envelope(&mut look);
    match kind.name {
        "Schedule" => repeated::schedule(&mut look, embedded),
        "Workflow" => repeated::workflow(&mut look, embedded),
        _ => experiment(&mut look),
    }
    look.reasons
}

/// What stands around the spec.
fn envelope(look: &mut Look<'_>) {
    let metadata = &look.body["metadata"];
    if let Some(namespace) = metadata["namespace"].as_str()
        && namespace != look.scene.namespace
    {
        let why = format!("it would be in {}, outside the target", pod::shown(namespace));
        let mend = format!("write {}", pod::shown(&look.scene.namespace));
        look.reasons.push(format!("{}, metadata.namespace: {why}; {mend}", look.kind.name));
    }
    if metadata["labels"]["managed-by"].is_string() {
        let why = "Chaos Mesh takes it for a child of a Schedule and may delete it";
        look.reasons.push(format!(
            "{}, metadata.labels.managed-by: {why}; remove the label",
            look.kind.name
        ));
    }
}

/// An experiment that stands for itself.
fn experiment(look: &mut Look<'_>) {
    shared::duration(look);
    spec(look);
}

/// An experiment inside a Schedule or Workflow.
fn embedded(look: &mut Look<'_>) {
    spec(look);
}

fn spec(look: &mut Look<'_>) {
    shared::traps(look);
    if look.kind.hits != Hits::Elsewhere {
        shared::mode(look, look.spec, "");
        let struck = shared::selector(look, &look.spec["selector"], "selector");
        if look.kind.hits == Hits::Containers {
            pods::containers(look, &struck);
        }
        neighbours::check(look, &struck);
        of_pods(look.kind, look, &struck);
        return;
    }
    elsewhere::check(look);
}

fn of_pods(kind: &Kind, look: &mut Look<'_>, struck: &[&k8s_openapi::api::core::v1::Pod]) {
    match kind.name {
        "PodChaos" => pods::check(look, struck),
        "NetworkChaos" => network::check(look, struck),
        "StressChaos" => stress::check(look, struck),
        "TimeChaos" => clock::check(look),
        "IOChaos" => files::check(look, struck),
        "DNSChaos" => names::check(look),
        "HTTPChaos" => web::check(look, struck),
        "BlockChaos" => elsewhere::block(look),
        _ => {}
    }
}

/// A manifest of an object that is checked as it stands, without anything of ours on it.
pub fn as_it_stands(body: Value) -> Manifest {
    Manifest { placed: super::placed::Placed::found(&body).unwrap_or_default(), body }
}
