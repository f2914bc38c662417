//! Changes of workloads: how many pods, and what these are like.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::change::{Change, Effect};
use super::super::edit::{Edit, Step, find, key, named};
use super::super::resource::Object;
use super::start::{Mark, patch};
use crate::exercise::said::said;
use crate::gameday::text::printable;

/// What makes pods another kind without changing what they do.
const RESTARTED: &str = "gameday.internal/restarted";

/// It gets so many pods.
pub(in super::super) fn scale(
    of: Object,
    object: &Value,
    replicas: i32,
    mark: &Mark,
) -> Result<Change, String> {
    let edit = Edit::new(object, vec![key("spec"), key("replicas")], Some(json!(replicas)));
    let before = edit.before.as_ref().and_then(Value::as_i64).unwrap_or(1);
    let what = said!(
        "native-scale",
        "scale {object} from {before} to {replicas}",
        object = of.to_string(),
        before = before,
        replicas = i64::from(replicas)
    );
    let mut change = patch(of, object, vec![edit], mark, what)?;
    if replicas == 0 {
        change.effect.push(Effect::NoPods);
    }
    Ok(change)
}

/// Variables of its containers change. Who means one of several containers writes `container/NAME`.
pub(in super::super) fn environment(
    of: Object,
    object: &Value,
    set: &BTreeMap<String, String>,
    mark: &Mark,
) -> Result<Change, String> {
    let mut edits = Vec::new();
    for (name, value) in set {
        let (container, name) = container(&of, object, name)?;
        // A server leaves an empty value out.
        let after = match value.is_empty() {
            true => json!({ "name": name }),
            false => json!({ "name": name, "value": value }),
        };
        let at = [containers(), vec![named(container), key("env"), named(name)]].concat();
        edits.push(Edit::new(object, at, Some(after)));
    }
    let what = said!(
        "native-environment",
        "set {set} in the environment of {object}",
        set = settings(set),
        object = of.to_string()
    );
    rolled(patch(of, object, edits, mark, what)?)
}

/// Images of its containers change.
pub(in super::super) fn image(
    of: Object,
    object: &Value,
    set: &BTreeMap<String, String>,
    mark: &Mark,
) -> Result<Change, String> {
    let mut edits = Vec::new();
    for (container, image) in set {
        let at = [containers(), vec![named(container)]].concat();
        if find(object, &at).is_none() {
            return Err(unknown(&of, object, container));
        }
        let at = [at, vec![key("image")]].concat();
        edits.push(Edit::new(object, at, Some(json!(image))));
    }
    let what = said!(
        "native-image",
        "run {set} in {object}",
        set = settings(set),
        object = of.to_string()
    );
    rolled(patch(of, object, edits, mark, what)?)
}

/// Its pods are replaced.
pub(in super::super) fn restart(of: Object, object: &Value, mark: &Mark) -> Result<Change, String> {
    let path = ["spec", "template", "metadata", "annotations", RESTARTED];
    let edit = Edit::new(object, path.map(key).to_vec(), Some(json!(mark.to_string())));
    let what = said!("native-restart", "restart the pods of {object}", object = of.to_string());
    rolled(patch(of, object, vec![edit], mark, what)?)
}

fn rolled(mut change: Change) -> Result<Change, String> {
    change.effect.push(Effect::RollsOut);
    Ok(change)
}

fn containers() -> Vec<Step> {
    ["spec", "template", "spec", "containers"].map(key).to_vec()
}

/// Which container a variable is of: the named one, the one that has it, or the only one.
fn container<'t>(
    of: &Object,
    object: &'t Value,
    name: &'t str,
) -> Result<(&'t str, &'t str), String> {
    let all: Vec<&str> = titles(object);
    if let Some((container, name)) = name.split_once('/') {
        return match all.contains(&container) {
            true => Ok((container, name)),
            false => Err(unknown(of, object, container)),
        };
    }
    let has = |container: &&&str| {
        let at = [containers(), vec![named(container), key("env"), named(name)]].concat();
        find(object, &at).is_some()
    };
    let having: Vec<&str> = all.iter().filter(has).copied().collect();
    match (&having[..], &all[..]) {
        ([one], _) | ([], [one]) => Ok((one, name)),
        _ => Err(format!(
            "which container of {of} is {} of? Write it as one of: {}",
            printable(name, 80),
            all.iter()
                .map(|one| printable(&format!("{one}/{name}"), 120))
                .collect::<Vec<_>>()
                .join(", ")
        )),
    }
}

fn titles(object: &Value) -> Vec<&str> {
    let all = find(object, &containers()).and_then(Value::as_array);
    all.into_iter().flatten().filter_map(|one| one.get("name")?.as_str()).collect()
}

fn unknown(of: &Object, object: &Value, container: &str) -> String {
    let all: Vec<String> = titles(object).into_iter().map(|one| printable(one, 80)).collect();
    format!("{of} has no container {}; it has {}", printable(container, 80), all.join(", "))
}

/// `A=1, B=2`, cut.
pub(super) fn settings(set: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = set.iter().map(|(key, value)| format!("{key}={value}")).collect();
    printable(&all.join(", "), 160)
}
