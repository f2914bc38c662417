//! Strategic merge patches: merge patches that know the keys of lists, and their directives.

use serde_json::{Map, Value};

use super::kinds::Kind;
use super::lists::Spot;

/// Merges a patch into an object of a built-in kind.
pub fn merge(kind: &Kind, object: &mut Value, patch: &Value) {
    into(object, patch, Spot::root(kind));
}

fn into(live: &mut Value, patch: &Value, spot: Spot<'_>) {
    let (Value::Object(fields), true) = (patch, live.is_object()) else {
        *live = bare(patch);
        return;
    };
    if fields.get("$patch").is_some_and(|directive| directive == "replace") {
        *live = bare(patch);
        return;
    }
    let Value::Object(live) = live else {
        return;
    };
    if let Some(Value::Array(kept)) = fields.get("$retainKeys") {
        live.retain(|name, _| kept.iter().any(|one| one == name));
    }
    for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with('$')) {
        field(live, name, value, spot.field(name));
    }
    for (name, value) in fields {
        if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
            let gone = value.as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(Value::Array(items)) = live.get_mut(list) {
                items.retain(|item| !gone.contains(item));
            }
        }
        if let Some(list) = name.strip_prefix("$setElementOrder/")
            && let Some(Value::Array(items)) = live.get_mut(list)
        {
            order(items, value, spot.field(list));
        }
    }
}

fn field(live: &mut Map<String, Value>, name: &str, value: &Value, spot: Spot<'_>) {
    let deleted = value.get("$patch").is_some_and(|directive| directive == "delete");
    if value.is_null() || deleted {
        live.remove(name);
        return;
    }
    let here = live.entry(name.to_owned()).or_insert(Value::Null);
    let Value::Array(patch) = value else {
        return into(here, value, spot);
    };
    let Value::Array(items) = here else {
        *here = bare(value);
        return;
    };
    match spot.strategic() {
        Some(key) => list(items, patch, key, spot),
        None if name == "finalizers" => {
            for item in patch {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
        }
        None => *here = bare(value),
    }
}

fn list(items: &mut Vec<Value>, patch: &[Value], key: &str, spot: Spot<'_>) {
    if patch.iter().any(|item| item["$patch"] == "replace") {
        items.clear();
    }
    for item in patch.iter().filter(|item| item["$patch"] != "replace") {
        if item["$patch"] == "delete" {
            items.retain(|one| one[key] != item[key]);
            continue;
        }
        match items.iter_mut().find(|one| one[key] == item[key]) {
            Some(here) => into(here, item, spot.item()),
            None => items.push(bare(item)),
        }
    }
}

/// What the patch names comes in its order, at the places of the first of them; the rest stays.
fn order(items: &mut [Value], order: &Value, spot: Spot<'_>) {
    let wanted = order.as_array().map(Vec::as_slice).unwrap_or_default();
    let rank = |item: &Value| {
        wanted.iter().position(|one| match spot.strategic() {
            Some(key) => one[key] == item[key],
            None => one == item,
        })
    };
    let places: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| rank(item).is_some())
        .map(|(at, _)| at)
        .collect();
    let mut named: Vec<Value> = places.iter().map(|at| items[*at].clone()).collect();
    named.sort_by_key(|item| rank(item));
    for (at, item) in places.into_iter().zip(named) {
        items[at] = item;
    }
}

/// A patch without its directives and nulls: what is stored where nothing was.
fn bare(patch: &Value) -> Value {
    match patch {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, value)| !name.starts_with('$') && !value.is_null())
            .map(|(name, value)| (name.clone(), bare(value)))
            .collect(),
        Value::Array(items) => {
            let kept = items
                .iter()
                .filter(|item| !matches!(item["$patch"].as_str(), Some("delete" | "replace")));
            kept.map(bare).collect()
        }
        other => other.clone(),
    }
}
