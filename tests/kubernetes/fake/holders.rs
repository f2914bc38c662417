//! `managedFields`: who holds which field, and server-side apply that refuses to take what others hold.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::failure::Failure;
use super::fields::{self, Fields};
use super::kinds::Kind;
use super::lists::{List, Spot, key};
use super::time::now;

/// Somebody who holds fields.
#[derive(Clone, Debug)]
struct Holder {
    manager: String,
    operation: String,
    api_version: String,
    sub: String,
    time: String,
    fields: Fields,
}

/// Who changes an object.
#[derive(Clone, Debug)]
pub struct Hand<'a> {
    pub manager: &'a str,
    pub sub: &'a str,
}

impl Holder {
    fn read(entry: &Value) -> Self {
        let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        Self {
            manager: text("manager"),
            operation: text("operation"),
            api_version: text("apiVersion"),
            sub: text("subresource"),
            time: text("time"),
            fields: fields::read(&entry["fieldsV1"]),
        }
    }

    fn write(&self) -> Value {
        let mut entry = json!({
            "manager": self.manager, "operation": self.operation, "apiVersion": self.api_version,
            "time": self.time, "fieldsType": "FieldsV1", "fieldsV1": fields::write(&self.fields),
        });
        if !self.sub.is_empty() {
            entry["subresource"] = self.sub.clone().into();
        }
        entry
    }

    fn is(&self, hand: &Hand<'_>, operation: &str) -> bool {
        self.manager == hand.manager && self.operation == operation && self.sub == hand.sub
    }

    fn told(&self) -> String {
        let sub = if self.sub.is_empty() {
            String::new()
        } else {
            format!(" with subresource \"{}\"", self.sub)
        };
        format!("\"{}\"{sub} using {}", self.manager, self.api_version)
    }
}

fn read(object: &Value) -> Vec<Holder> {
    let entries = object["metadata"]["managedFields"].as_array();
    entries.into_iter().flatten().map(Holder::read).collect()
}

fn write(object: &mut Value, mut holders: Vec<Holder>) {
    holders.retain(|holder| !holder.fields.is_empty());
    holders.sort_by(|one, other| {
        let apply = |holder: &Holder| holder.operation != "Apply";
        match apply(one).cmp(&apply(other)) {
            Ordering::Equal => one.time.cmp(&other.time),
            order => order,
        }
    });
    object["metadata"]["managedFields"] = holders.iter().map(Holder::write).collect();
}

fn holder<'a>(
    holders: &'a mut Vec<Holder>,
    kind: &Kind,
    hand: &Hand<'_>,
    operation: &str,
) -> &'a mut Holder {
    let known = holders.iter().position(|holder| holder.is(hand, operation));
    let at = known.unwrap_or_else(|| {
        holders.push(Holder {
            manager: hand.manager.to_owned(),
            operation: operation.to_owned(),
            api_version: kind.api_version(),
            sub: hand.sub.to_owned(),
            time: now(),
            fields: Fields::new(),
        });
        holders.len() - 1
    });
    holders[at].time = now();
    &mut holders[at]
}

/// Notes a change by a write that is no apply: who changed a field holds it.
pub fn note(kind: &Kind, old: Option<&Value>, new: &mut Value, hand: &Hand<'_>) {
    let nothing = Value::Null;
    let old = old.unwrap_or(&nothing);
    let (before, after) = (fields::fields(kind, old), fields::fields(kind, new));
    let status = |path: &fields::Path| path[0] == "f:status";
    let others = kind.has("status") && hand.sub != "status";
    let is_item = |path: &fields::Path| path.last().is_some_and(|part| part.starts_with("k:"));
    let changed: Fields = after
        .iter()
        .filter(|path| !(others && status(path)))
        .filter(|path| {
            let was = fields::at(old, path);
            was.is_none() || (!is_item(path) && was != fields::at(new, path))
        })
        .cloned()
        .collect();
    let mut holders = read(old);
    for holder in &mut holders {
        holder.fields.retain(|path| !changed.contains(path) && fields::at(new, path).is_some());
    }
    let gone = before.iter().any(|path| !after.contains(path));
    if !changed.is_empty() || gone {
        holder(&mut holders, kind, hand, "Update").fields.extend(changed);
    }
    write(new, holders);
}

/// Server-side apply of `wanted` on what is there.
pub fn apply(
    kind: &Kind,
    live: &Value,
    wanted: &Value,
    hand: &Hand<'_>,
    force: bool,
) -> Result<Value, Failure> {
    let mut mine = fields::fields(kind, wanted);
    // The status is taken from its subresource only, and nothing else from there.
    if kind.has("status") {
        mine.retain(|path| (path[0] == "f:status") == (hand.sub == "status"));
    }
    let mut holders = read(live);
    let mut held = Vec::new();
    for other in holders.iter_mut().filter(|holder| !holder.is(hand, "Apply")) {
        let told = other.told();
        let taken: Vec<fields::Path> = other
            .fields
            .iter()
            .filter(|path| mine.contains(*path) && differs(live, wanted, path))
            .cloned()
            .collect();
        for path in taken {
            held.push((told.clone(), fields::told(&path)));
            other.fields.remove(&path);
        }
    }
    if !held.is_empty() && !force {
        return Err(Failure::held_by_others(&held));
    }
    let mut merged = live.clone();
    let before = holders.iter().find(|holder| holder.is(hand, "Apply"));
    let given_up: Vec<fields::Path> =
        before.map(|holder| holder.fields.difference(&mine).cloned().collect()).unwrap_or_default();
    for path in given_up.iter().rev() {
        let others = holders.iter().filter(|holder| !holder.is(hand, "Apply"));
        let held = |holder: &Holder| holder.fields.iter().any(|one| one.starts_with(path));
        if !others.into_iter().any(held) {
            fields::remove(&mut merged, path);
        }
    }
    merge(&mut merged, wanted, Spot::root(kind));
    let holder = holder(&mut holders, kind, hand, "Apply");
    holder.fields = mine;
    holder.api_version = kind.api_version();
    write(&mut merged, holders);
    Ok(merged)
}

fn differs(live: &Value, wanted: &Value, path: &fields::Path) -> bool {
    let item = path.last().is_some_and(|part| part.starts_with("k:") || part.starts_with("v:"));
    !item && fields::at(live, path) != fields::at(wanted, path)
}

fn merge(live: &mut Value, wanted: &Value, spot: Spot<'_>) {
    match (live, wanted) {
        (Value::Object(live), Value::Object(wanted)) if !spot.is_atomic() => {
            for (name, value) in wanted {
                if name == "managedFields" {
                    continue;
                }
                match live.get_mut(name) {
                    Some(here) => merge(here, value, spot.field(name)),
                    None => drop(live.insert(name.clone(), value.clone())),
                }
            }
        }
        (live @ Value::Array(_), Value::Array(wanted)) => merge_list(live, wanted, spot),
        (live, wanted) => *live = wanted.clone(),
    }
}

fn merge_list(live: &mut Value, wanted: &[Value], spot: Spot<'_>) {
    let Value::Array(items) = live else {
        return;
    };
    match spot.list() {
        List::Atomic => *items = wanted.to_vec(),
        List::Set => {
            for item in wanted {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
        }
        List::Map(keys) => {
            for item in wanted {
                let wanted_key = key(item, &keys);
                let same = |one: &&mut Value| key(one, &keys) == wanted_key;
                match items.iter_mut().find(same) {
                    Some(here) => merge(here, item, spot.item()),
                    None => items.push(item.clone()),
                }
            }
        }
    }
}
