//! Changes of workloads: how many pods, and what these are like.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::change::{Change, Deed, Effect};
use super::super::edit::{Edit, Step, find, key, named};
use super::super::resource::Object;
use super::start::{Mark, patch, start};
use crate::exercise::said::said;
use crate::gameday::text::printable;
use crate::kubernetes::moment::rfc3339;

/// What makes pods another kind without changing what they do, as kubectl has it.
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

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
    change.effect.push(Effect::Pods { before, after: i64::from(replicas) });
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
    rolled(patch(of, object, edits, mark, what)?, object)
}

/// The image of one of its containers changes.
pub(in super::super) fn image(
    of: Object,
    object: &Value,
    image: &str,
    container: Option<&str>,
    mark: &Mark,
) -> Result<Change, String> {
    let all = titles(object);
    let container = match (container, &all[..]) {
        (Some(container), _) if all.contains(&container) => container,
        (Some(container), _) => return Err(unknown(&of, object, container)),
        (None, [one]) => one,
        (None, _) => {
            let choices = all.iter().map(|one| printable(one, 80)).collect::<Vec<_>>().join(", ");
            return Err(format!("{of} has several containers: write container: one of {choices}"));
        }
    };
    let at = [containers(), vec![named(container), key("image")]].concat();
    let edit = Edit::new(object, at, Some(json!(image)));
    let set = [(container.to_owned(), image.to_owned())].into();
    let what = said!(
        "native-image",
        "run {set} in {object}",
        set = settings(&set),
        object = of.to_string()
    );
    rolled(patch(of, object, vec![edit], mark, what)?, object)
}

/// Its pods are replaced by others that are the same; `at`: milliseconds since 1970-01-01 UTC.
pub(in super::super) fn restart(
    of: Object,
    object: &Value,
    at: i64,
    mark: &Mark,
) -> Result<Change, String> {
    let path = ["spec", "template", "metadata", "annotations", RESTARTED];
    let edit = Edit::new(object, path.map(key).to_vec(), Some(json!(rfc3339(at))));
    let what = said!("native-restart", "restart the pods of {object}", object = of.to_string());
    rolled(start(of, object, Deed::Restart { edits: vec![edit] }, mark, what)?, object)
}

/// Its pods are replaced, if its controller does so by itself.
fn rolled(mut change: Change, object: &Value) -> Result<Change, String> {
    let of = change.object();
    if object.pointer("/spec/paused") == Some(&Value::Bool(true)) {
        return Err(format!("{of} is paused: it would replace no pod (kubectl rollout resume)"));
    }
    let strategy = object.pointer("/spec/updateStrategy/type").and_then(Value::as_str);
    if strategy == Some("OnDelete") {
        return Err(format!("{of} has the update strategy OnDelete: it would replace no pod"));
    }
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
