//! The fields of an object as sets of paths, in the notation of `managedFields`. Who holds them is not known here.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kinds::Kind;
use super::lists::{List, Spot, key};

/// A path of parts: `f:name` a field, `k:{…}` an item of a list by its key, `v:…` an item of a set.
pub type Path = Vec<String>;
pub type Fields = BTreeSet<Path>;

/// What nobody holds: the server's own.
const NOBODYS: &[&str] = &[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName",
];

/// Every field of an object that somebody may hold.
pub fn fields(kind: &Kind, object: &Value) -> Fields {
    let mut found = Fields::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        if name == "apiVersion" || name == "kind" {
            continue;
        }
        let spot = Spot::root(kind).field(name);
        if name != "metadata" {
            walk(value, spot, vec![format!("f:{name}")], &mut found);
            continue;
        }
        for (name, value) in value.as_object().into_iter().flatten() {
            if !NOBODYS.contains(&name.as_str()) {
                let path = vec!["f:metadata".to_owned(), format!("f:{name}")];
                walk(value, spot.field(name), path, &mut found);
            }
        }
    }
    found
}

fn walk(value: &Value, spot: Spot<'_>, path: Path, found: &mut Fields) {
    let deeper = |part: String| path.iter().cloned().chain([part]).collect::<Path>();
    match value {
        Value::Object(inner) if !inner.is_empty() && !spot.is_atomic() => {
            for (name, value) in inner {
                walk(value, spot.field(name), deeper(format!("f:{name}")), found);
            }
        }
        Value::Array(items) if !items.is_empty() => match spot.list() {
            List::Atomic => drop(found.insert(path)),
            List::Set => found.extend(items.iter().map(|item| deeper(format!("v:{item}")))),
            List::Map(keys) => {
                for item in items {
                    let Some(key) = key(item, &keys) else {
                        continue;
                    };
                    let path = deeper(format!("k:{key}"));
                    found.insert(path.clone());
                    walk(item, spot.item(), path, found);
                }
            }
        },
        _ => drop(found.insert(path)),
    }
}

/// What is at a path.
pub fn at<'a>(object: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, part| match part.split_at(2) {
        ("f:", name) => value.get(name),
        ("v:", item) => {
            let item: Value = serde_json::from_str(item).ok()?;
            value.as_array()?.iter().find(|one| **one == item)
        }
        (_, wanted) => find(value.as_array()?, wanted).map(|at| &value[at]),
    })
}

fn find(items: &[Value], wanted: &str) -> Option<usize> {
    let wanted: Value = serde_json::from_str(wanted).ok()?;
    let keys: Vec<String> = wanted.as_object()?.keys().cloned().collect();
    items.iter().position(|item| key(item, &keys).as_ref() == Some(&wanted))
}

/// Takes away what is at a path.
pub fn remove(object: &mut Value, path: &[String]) {
    let [part] = path else {
        let inner = match path[0].split_at(2) {
            ("f:", name) => object.get_mut(name),
            ("k:", wanted) => {
                object.as_array_mut().and_then(|items| find(items, wanted).map(|at| &mut items[at]))
            }
            _ => None,
        };
        if let Some(inner) = inner {
            remove(inner, &path[1..]);
        }
        return;
    };
    match (part.split_at(2), object) {
        (("f:", name), Value::Object(fields)) => drop(fields.remove(name)),
        (("v:", item), Value::Array(items)) => {
            let item: Value = serde_json::from_str(item).unwrap_or_default();
            items.retain(|one| *one != item);
        }
        (("k:", wanted), Value::Array(items)) => {
            if let Some(at) = find(items, wanted) {
                items.remove(at);
            }
        }
        _ => {}
    }
}

/// A path as people read it: `.spec.template.spec.containers[name="app"].image`.
pub fn told(path: &[String]) -> String {
    path.iter()
        .map(|part| match part.split_at(2) {
            ("f:", name) => format!(".{name}"),
            ("v:", item) => format!("[={item}]"),
            (_, key) => {
                let key: Value = serde_json::from_str(key).unwrap_or_default();
                let keys = key.as_object().into_iter().flatten();
                let keys: Vec<String> =
                    keys.map(|(name, value)| format!("{name}={value}")).collect();
                format!("[{}]", keys.join(","))
            }
        })
        .collect()
}

/// As `fieldsV1`.
pub fn write(fields: &Fields) -> Value {
    let mut root = json!({});
    for path in fields {
        let mut here = &mut root;
        for part in path {
            if here.get(part).is_none() {
                here[part] = json!({});
            }
            here = &mut here[part];
        }
        if path.last().is_some_and(|part| part.starts_with("k:")) {
            here["."] = json!({});
        }
    }
    root
}

/// From `fieldsV1`.
pub fn read(written: &Value) -> Fields {
    let mut found = Fields::new();
    read_into(written, &mut Vec::new(), &mut found);
    found
}

fn read_into(written: &Value, path: &mut Path, found: &mut Fields) {
    let Some(parts) = written.as_object().filter(|parts| !parts.is_empty()) else {
        found.insert(path.clone());
        return;
    };
    for (part, inner) in parts {
        if part == "." {
            found.insert(path.clone());
            continue;
        }
        path.push(part.clone());
        read_into(inner, path, found);
        path.pop();
    }
}
