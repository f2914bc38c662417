//! What holds for all experiments: duration, selector, mode, and the fields that newer versions drop without a word.

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;

use super::super::bound::CAP;
use super::super::choose::{self, CHOOSING, words};
use super::super::pod;
use super::look::Look;
use crate::gameday::go_duration;

/// A bound on how long it stays.
pub(super) fn duration(look: &mut Look<'_>) {
    if look.kind.is_one_shot(look.spec) {
        return;
    }
    let mend = "write one such as 5m";
    let Some(text) = look.get("duration").as_str() else {
        let why =
            "without one it stays until somebody deletes it, whatever becomes of this program";
        return look.no("duration", why, mend);
    };
    match go_duration::length(text) {
        Err(why) => look.no("duration", why, mend),
        Ok(length) if length > CAP => {
            let why = format!("{length} is longer than {CAP}");
            look.no(
                "duration",
                why,
                "shorten it: when this program dies it is all that ends the fault",
            );
        }
        Ok(_) => {}
    }
}

/// Fields that look right and are dropped without a word.
pub(super) fn traps(look: &mut Look<'_>) {
    if look.has("scheduler") {
        let why = "Chaos Mesh 2 drops it without a word, and the fault would start at once";
        look.no("scheduler", why, "write interval: in the game day, or an object of kind Schedule");
    }
    if look.kind.name == "NetworkChaos" && look.has("partition") {
        let why = "there is no such block; it is dropped without a word, and without a target all traffic would be cut";
        look.no("partition", why, "write action: partition, with direction and target beside it");
    }
    if look.has("remoteCluster") && !look.text("remoteCluster").is_empty() {
        let why = "it would be injected in another cluster, which nobody here looks at";
        look.no("remoteCluster", why, "remove it, and name that cluster as the target");
    }
}

/// How many of those who are meant.
pub(super) fn mode(look: &mut Look<'_>, side: &Value, prefix: &str) {
    let field = |name: &str| format!("{prefix}{name}");
    let value = match &side["value"] {
        Value::String(text) => text.trim().parse::<i64>().ok(),
        _ => None,
    };
    match side["mode"].as_str() {
        Some("one" | "all") => {}
        Some("fixed") if value.is_some_and(|value| value > 0) => {}
        Some("fixed") => {
            let why = "fixed needs a whole number above 0, as a text";
            look.no(&field("value"), why, "write value: \"2\"");
        }
        Some("fixed-percent") if value.is_some_and(|value| (1..=100).contains(&value)) => {}
        Some("fixed-percent") => {
            let why = "fixed-percent needs a whole number from 1 to 100, as a text";
            look.no(&field("value"), why, "write value: \"50\"");
        }
        Some("random-max-percent") => {
            let why = "Chaos Mesh may choose nobody, and then never chooses again";
            look.no(&field("mode"), why, "write mode: fixed-percent");
        }
        _ => look.no(&field("mode"), "nothing says how many are hit", "write mode: one, or all"),
    }
}

/// Whom it means; and all of them, where they may be hit.
pub(super) fn selector<'a>(look: &mut Look<'a>, selector: &Value, field: &str) -> Vec<&'a Pod> {
    if !selector.is_object() {
        look.no(field, "nothing says whom it hits", "write labelSelectors: { app: … }");
        return Vec::new();
    }
    let says = |key: &&str| match &selector[*key] {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    let chosen: Vec<&str> = CHOOSING.into_iter().filter(says).collect();
    if chosen.is_empty() {
        let why = "it means every pod of the namespace";
        look.no(field, why, "write labelSelectors: { app: … }, or name the pods");
        return Vec::new();
    }
    if let (true, Some(other)) =
        (chosen.contains(&"pods"), chosen.iter().find(|one| **one != "pods"))
    {
        let why = format!("beside pods, {other} is ignored without a word");
        look.no(field, why, "keep one of them");
    }
    let mut wrong = fence(look, selector, field);
    wrong |= unknown_nodes(look, selector, field);
    if wrong {
        return Vec::new();
    }
    let found = choose::pods(selector, look.scene);
    allowed(look, &found, field);
    found
}

/// Nobody outside the target is meant.
fn fence(look: &mut Look<'_>, selector: &Value, field: &str) -> bool {
    let home = look.scene.namespace.clone();
    let before = look.reasons.len();
    let named = words(&selector["namespaces"]);
    if named.is_empty() {
        let why = "without it Chaos Mesh fills one in, or asks for rights in all of them";
        let mend = format!("write [{}]", pod::shown(&home));
        look.no(&format!("{field}.namespaces"), why, mend);
    }
    let pods = selector["pods"].as_object();
    let keys = pods.into_iter().flat_map(|pods| pods.keys().map(String::as_str));
    let mut beyond: Vec<&str> = named.into_iter().chain(keys).filter(|one| *one != home).collect();
    beyond.sort_unstable();
    beyond.dedup();
    if !beyond.is_empty() {
        let why = format!(
            "{} is outside the target, whose namespace is {}",
            pod::list(beyond),
            pod::shown(&home)
        );
        look.no(field, why, "stay within it");
    }
    let here = pods.and_then(|pods| pods.get(&home)).map(words).unwrap_or_default();
    let gone: Vec<&str> = here.into_iter().filter(|name| look.scene.pod(name).is_none()).collect();
    if !gone.is_empty() {
        let why =
            format!("{} is not there, and would be passed over without a word", pod::list(gone));
        look.no(&format!("{field}.pods"), why, "choose again");
    }
    look.reasons.len() > before
}

fn unknown_nodes(look: &mut Look<'_>, selector: &Value, field: &str) -> bool {
    // Nodes may not be listed by everybody; then nothing is known of them.
    if look.scene.nodes.is_empty() {
        return false;
    }
    let known = |name: &&str| {
        look.scene.nodes.iter().any(|node| node.metadata.name.as_deref() == Some(*name))
    };
    let unknown: Vec<&str> =
        words(&selector["nodes"]).into_iter().filter(|name| !known(name)).collect();
    if unknown.is_empty() {
        return false;
    }
    let why =
        format!("there is no node {}, and Chaos Mesh would choose nobody", pod::list(unknown));
    look.no(&format!("{field}.nodes"), why, "name a node that is there");
    true
}

fn allowed(look: &mut Look<'_>, found: &[&Pod], field: &str) {
    if found.is_empty() {
        let why = "it means no pod, and Chaos Mesh would not look again";
        return look.no(field, why, "look at the labels: kubectl get pods --show-labels");
    }
    let tools: Vec<&str> =
        found.iter().filter(|one| pod::is_tool(one)).map(|one| pod::name(one)).collect();
    if !tools.is_empty() {
        let why = format!("{} belongs to the exercise itself, or to Chaos Mesh", pod::list(tools));
        look.no(field, why, "choose others");
    }
}
