//! StressChaos.

use k8s_openapi::api::core::v1::{Container, Pod};
use serde_json::Value;

use super::super::choose::words;
use super::super::pod;
use super::look::Look;
use super::memory;

pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    if look.has("stressngStressors") {
        let why = "it crashes the controller of Chaos Mesh 2.8, and never reaches the daemon";
        look.no("stressngStressors", why, "write stressors: with cpu: or memory:");
    }
    let stressors = look.get("stressors");
    let (cpu, eater) = (&stressors["cpu"], &stressors["memory"]);
    if !cpu.is_object() && !eater.is_object() {
        let why = "nothing says what is eaten up";
        return look.no(
            "stressors",
            why,
            "add cpu: { workers: 2, load: 80 } or memory: { workers: 1, size: 256MB }",
        );
    }
    for (name, stressor) in [("cpu", cpu), ("memory", eater)] {
        if !stressor.is_object() {
            continue;
        }
        let workers = stressor["workers"].as_i64().unwrap_or_default();
        if !(1..=8192).contains(&workers) {
            let why = "without workers nothing happens, although it says that it is injected";
            look.no(&format!("stressors.{name}.workers"), why, "write 1 to 8192");
        }
    }
    if let Some(load) = cpu["load"].as_i64()
        && !(1..=100).contains(&load)
    {
        look.no(
            "stressors.cpu.load",
            "it is no load from 1 to 100 percent",
            "write one such as 80",
        );
    }
    if eater.is_object() {
        size(look, eater, struck);
    }
}

fn size(look: &mut Look<'_>, eater: &Value, struck: &[&Pod]) {
    const FIELD: &str = "stressors.memory.size";
    let mend = "write one such as 256MB";
    let Some(text) = eater["size"].as_str() else {
        let why = "without it all memory that there is would be taken";
        return look.no(FIELD, why, mend);
    };
    let percent = text.strip_suffix('%').map(|number| number.trim().parse::<u8>().unwrap_or(0));
    if let Some(percent) = percent {
        if !(1..100).contains(&percent) {
            look.no(FIELD, "it is no percentage from 1 to 99", mend);
        }
        return;
    }
    let Some(bytes) = memory::human(text) else {
        return look.no(FIELD, format!("\"{}\" is no size", pod::shown(text)), mend);
    };
    for one in struck {
        for container in stressed(look, one) {
            let Some(limit) = limit(container).filter(|limit| bytes >= *limit) else { continue };
            let why = format!(
                "container {} of pod {} may have {limit} bytes and would be killed for taking {bytes}, which cannot be undone",
                pod::shown(&container.name),
                pod::shown(pod::name(one)),
            );
            return look.no(FIELD, why, "take less than its limit");
        }
    }
}

/// The containers that are hit: the first one where none is named.
fn stressed<'a>(look: &Look<'_>, one: &'a Pod) -> Vec<&'a Container> {
    let named = words(look.get("containerNames"));
    if named.is_empty() {
        return pod::containers(one).first().into_iter().collect();
    }
    named.into_iter().filter_map(|name| pod::container(one, name)).collect()
}

fn limit(container: &Container) -> Option<u64> {
    let limits = container.resources.as_ref()?.limits.as_ref()?;
    memory::quantity(&limits.get("memory")?.0)
}
