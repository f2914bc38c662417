//! An object of Chaos Mesh that somebody wrote, made ours: name, labels, namespaces, durations. What it does stays as it was
//! written. Pure.

use serde_json::Value;

use super::super::bound::bound_of;
use super::super::kinds::{self, API_VERSION, Kind};
use super::super::object::Manifest;
use super::super::pod;
use crate::gameday::go_duration;
use crate::kubernetes::step::Step;

/// The object as part `number` of a step, in `namespace`.
///
/// # Errors
/// When it is no object of Chaos Mesh, or one that is never placed; where, why, and what to do instead.
pub fn given(
    mut value: Value,
    namespace: &str,
    step: &Step,
    number: usize,
) -> Result<Manifest, String> {
    let kind = kind_of(&value)?;
    if let Some(other) = value["metadata"]["namespace"].as_str().filter(|one| *one != namespace) {
        return Err(format!(
            "{}, metadata.namespace: it is to be in {}, and the target is {}; write that, or leave it out",
            kind.name,
            pod::shown(other),
            pod::shown(namespace)
        ));
    }
    let mut spec = value["spec"].take();
    if !spec.is_object() {
        return Err(format!("{}: it has no spec; write what it does", kind.name));
    }
    stamp(kind, "spec", &mut spec, namespace, step)?;
    Ok(Manifest::new(kind, namespace, spec, step, number))
}

/// The kind of an object.
fn kind_of(value: &Value) -> Result<&'static Kind, String> {
    let version = value["apiVersion"].as_str().unwrap_or_default();
    let name = value["kind"].as_str().unwrap_or_default();
    if version != API_VERSION {
        return Err(format!(
            "apiVersion: \"{}\" is not Chaos Mesh; write {API_VERSION}",
            pod::shown(version)
        ));
    }
    if let Some(why) = kinds::refused(name) {
        return Err(format!("{name} {why}"));
    }
    kinds::of(name).ok_or_else(|| {
        let known = pod::list(kinds::KINDS.iter().map(|kind| kind.name));
        format!("kind: Chaos Mesh has no \"{}\"; it has {known}", pod::shown(name))
    })
}

/// Makes namespaces and durations explicit, in what is embedded as well.
fn stamp(
    kind: &Kind,
    place: &str,
    spec: &mut Value,
    namespace: &str,
    step: &Step,
) -> Result<(), String> {
    match kind.name {
        "Schedule" => {
            let inner = kinds::KINDS.iter().filter(|inner| inner.name != "Schedule");
            for inner in inner.filter(|inner| inner.name != "Workflow") {
                if let Some(block) = spec.get_mut(inner.block).filter(|block| block.is_object()) {
                    stamp(inner, &format!("{place}.{}", inner.block), block, namespace, step)?;
                }
            }
            if let Some(block) = spec.get_mut("workflow") {
                templates(block, namespace);
            }
            Ok(())
        }
        "Workflow" => {
            templates(spec, namespace);
            Ok(())
        }
        _ => {
            sides(kind, spec, namespace);
            if kind.is_one_shot(spec) {
                return Ok(());
            }
            let own = spec["duration"].as_str().map(go_duration::length).transpose();
            let own = own.map_err(|why| {
                format!("{}, {place}.duration: {why}; write one such as 5m", kind.name)
            })?;
            let bound = bound_of(own, step.lasts);
            let bound = bound.map_err(|why| format!("{}, {place}.duration: {why}", kind.name))?;
            spec["duration"] = bound.to_string().into();
            Ok(())
        }
    }
}

/// In a Workflow the deadline of a template bounds it; a duration would be refused.
fn templates(spec: &mut Value, namespace: &str) {
    let templates = spec.get_mut("templates").and_then(Value::as_array_mut);
    for template in templates.into_iter().flatten() {
        for kind in kinds::KINDS.iter().filter(|kind| kind.is_experiment()) {
            if let Some(block) = template.get_mut(kind.block).filter(|block| block.is_object()) {
                sides(kind, block, namespace);
            }
        }
    }
}

/// Without them, the webhook of Chaos Mesh asks for rights in all namespaces.
fn sides(kind: &Kind, spec: &mut Value, namespace: &str) {
    if matches!(kind.name, "AWSChaos" | "GCPChaos" | "AzureChaos") {
        return;
    }
    let physical_by_address = spec.get("address").is_some();
    let own = spec.get_mut("selector").filter(|_| !physical_by_address);
    explicit(own, namespace);
    if kind.name == "NetworkChaos" {
        explicit(spec.get_mut("target").and_then(|target| target.get_mut("selector")), namespace);
    }
}

fn explicit(selector: Option<&mut Value>, namespace: &str) {
    let Some(Value::Object(selector)) = selector else { return };
    let named = selector.get("namespaces").and_then(Value::as_array);
    if named.is_none_or(Vec::is_empty) {
        selector.insert("namespaces".to_owned(), Value::from(vec![namespace]));
    }
}
