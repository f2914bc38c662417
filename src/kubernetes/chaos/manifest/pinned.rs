//! Faults of pods and of what runs in their containers.

use k8s_openapi::api::core::v1::Pod;
use serde_json::{Value, json};

use super::super::pod;
use super::assigned::{Assigned, SHARD, grouped};
use crate::kubernetes::scene::claims;

/// Kills pods at once, and once.
pub(super) fn kill(work: &mut Assigned<'_>) -> Result<(), String> {
    whole(work, &json!({"action": "pod-kill", "gracePeriod": 0}));
    Ok(())
}

/// Lets caches lose what they hold: those of a pod that is made anew are empty, unless they are kept in a volume.
pub(super) fn flush(work: &mut Assigned<'_>) -> Result<(), String> {
    let keeps = |one: &&&Pod| claims(one).next().is_some();
    if let Some(one) = work.victims.iter().find(keeps) {
        return Err(format!(
            "{} keeps its entries in a volume, and would have them again: nothing in this cluster empties it",
            pod::shown(pod::name(one))
        ));
    }
    kill(work)
}

/// Lets pods be there without doing anything, until it is undone.
pub(super) fn fail(work: &mut Assigned<'_>) -> Result<(), String> {
    whole(work, &json!({"action": "pod-failure"}));
    Ok(())
}

fn whole(work: &mut Assigned<'_>, spec: &Value) {
    for shard in work.victims.clone().chunks(SHARD) {
        work.write("PodChaos", spec.clone(), shard, &[]);
    }
}

/// A fault of the container that does the pod's work.
pub(super) fn in_containers(
    work: &mut Assigned<'_>,
    kind: &str,
    spec: Value,
) -> Result<(), String> {
    let groups = grouped(&work.victims, |one| {
        pod::main_container(one).map(|container| container.name.clone())
    })?;
    for (container, pods) in groups {
        let mut spec = spec.clone();
        spec["containerNames"] = json!([container]);
        work.write(kind, spec, &pods, &[]);
    }
    Ok(())
}

/// An amount of memory as Chaos Mesh reads it.
pub(super) fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes.is_multiple_of(MIB) { format!("{}MiB", bytes / MIB) } else { format!("{bytes}B") }
}
