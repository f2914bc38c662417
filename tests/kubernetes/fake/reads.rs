//! Getting one and listing many, in pages.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::change::existing;
use super::failure::Failure;
use super::select::Selector;
use super::state::{Key, State};

pub fn get(state: &State, call: &Call) -> Result<Reply, Failure> {
    let object = existing(state, call)?;
    Ok(Reply::ok(Value::clone(&object)))
}

/// The selector of a list or watch.
pub fn selector(call: &Call) -> Result<Selector, Failure> {
    let (labels, fields) = (call.query.get("labelSelector"), call.query.get("fieldSelector"));
    Selector::read(&call.kind, labels, fields)
}

/// The namespace that is looked at; none: all.
pub fn namespace(call: &Call) -> Option<&str> {
    (!call.namespace.is_empty()).then_some(call.namespace.as_str())
}

/// Lists what the selectors take.
pub fn list(state: &State, call: &Call) -> Result<Reply, Failure> {
    let selector = selector(call)?;
    if let Some(wanted) = call.query.get("resourceVersion") {
        let wanted: u64 = wanted.parse().map_err(|_| {
            Failure::bad_request(format!("resourceVersion: Invalid value: \"{wanted}\""))
        })?;
        let exact = call.query.get("resourceVersionMatch") == Some("Exact");
        if exact && wanted < state.forgotten {
            return Err(Failure::expired(
                "The provided resource version is too old: mvcc: required revision has been compacted",
            ));
        }
    }
    let (from, revision) = match call.query.get("continue") {
        Some(token) => page(state, token)?,
        None => (None, state.revision()),
    };
    let limit: usize = call.query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(0);
    let resource = call.kind.resource();
    let found: Vec<(&Key, &Value)> = state
        .all(&resource, namespace(call))
        .filter(|(key, _)| from.as_ref().is_none_or(|from| after(key, from)))
        .filter(|(_, object)| selector.takes(object))
        .map(|(key, object)| (key, &**object))
        .collect();
    let shown = if limit == 0 { found.len() } else { limit.min(found.len()) };
    let mut meta = json!({"resourceVersion": revision.to_string()});
    if shown < found.len() {
        let (last, _) = found[shown - 1];
        meta["continue"] = format!("{revision}|{}|{}", last.namespace, last.name).into();
        // A server counts the rest only when nothing is selected by.
        if call.query.get("labelSelector").or(call.query.get("fieldSelector")).is_none() {
            meta["remainingItemCount"] = (found.len() - shown).into();
        }
    }
    let items: Vec<Value> = found[..shown].iter().map(|(_, object)| bare(call, object)).collect();
    Ok(Reply::ok(json!({
        "apiVersion": call.kind.api_version(), "kind": format!("{}List", call.kind.kind),
        "metadata": meta, "items": items,
    })))
}

/// The items of a list of a built-in kind do not say what they are.
fn bare(call: &Call, object: &Value) -> Value {
    let mut object = object.clone();
    if !call.kind.is_custom()
        && let Some(fields) = object.as_object_mut()
    {
        fields.remove("kind");
        fields.remove("apiVersion");
    }
    object
}

fn after(key: &Key, from: &(String, String)) -> bool {
    (key.namespace.as_str(), key.name.as_str()) > (from.0.as_str(), from.1.as_str())
}

/// Where a page begins, and the revision of the first page.
fn page(state: &State, token: &str) -> Result<(Option<(String, String)>, u64), Failure> {
    let parts: Vec<&str> = token.split('|').collect();
    let [revision, namespace, name] = parts.as_slice() else {
        return Err(Failure::bad_request("continue key is not valid"));
    };
    let revision: u64 =
        revision.parse().map_err(|_| Failure::bad_request("continue key is not valid"))?;
    if revision < state.forgotten {
        return Err(Failure::expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.",
        ));
    }
    Ok((Some(((*namespace).to_owned(), (*name).to_owned())), revision))
}
