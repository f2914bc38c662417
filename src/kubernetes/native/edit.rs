//! One field of an object with what stood there and what is to stand there, and the JSON patches that follow from it, there and
//! back. Items of lists are found by what they are called and not by their place, so that the way back is found when others
//! added or removed items meanwhile. Pure.

use std::collections::BTreeMap;

use json_patch::jsonptr::PointerBuf;
use json_patch::{
    AddOperation, Patch, PatchOperation, RemoveOperation, ReplaceOperation, TestOperation,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One step into an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A field, or a key of a map.
    Key(String),
    /// The item of a list whose fields are these: `{ name: app }`.
    Item(BTreeMap<String, String>),
}

/// A step to a field.
pub fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

/// A step to the item of a list of this name.
pub fn named(name: &str) -> Step {
    item([("name", name)])
}

/// A step to the item of a list with these fields.
pub fn item<const N: usize>(fields: [(&str, &str); N]) -> Step {
    Step::Item(fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

/// One field, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Where.
    pub at: Vec<Step>,
    /// What stood there; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is to stand there; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The place in its list, where it is an item that was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// So many of the maps or lists around it were not there, either.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub made: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From what stood there to what is to stand there.
    There,
    /// Back again.
    Back,
}

impl Edit {
    /// Lets `after` stand at `at`, where now is what `object` has there.
    pub fn new(object: &Value, at: Vec<Step>, after: Option<Value>) -> Self {
        let before = find(object, &at).cloned();
        let parents = 1..at.len();
        let made = parents.filter(|depth| find(object, &at[..*depth]).is_none()).count();
        let place = match at.split_last() {
            Some((Step::Item(fields), list)) => {
                find(object, list).and_then(|list| position(list, fields))
            }
            _ => None,
        };
        Self { at, before, after, place, made }
    }

    /// Whether what `object` has there is what is to be there after going `way`.
    pub fn is_done(&self, object: &Value, way: Way) -> bool {
        find(object, &self.at) == self.ends(way).1
    }

    /// Where it starts and ends.
    fn ends(&self, way: Way) -> (Option<&Value>, Option<&Value>) {
        match way {
            Way::There => (self.before.as_ref(), self.after.as_ref()),
            Way::Back => (self.after.as_ref(), self.before.as_ref()),
        }
    }

    /// For people: `spec.template.spec.containers[app].env[MODE]`.
    pub fn path(&self) -> String {
        let mut text = String::new();
        for step in &self.at {
            match step {
                Step::Key(key) if text.is_empty() => text.push_str(key),
                Step::Key(key) => text = format!("{text}.{key}"),
                Step::Item(fields) => {
                    let name = fields.get("name").or_else(|| fields.values().next());
                    text = format!("{text}[{}]", name.map_or("", String::as_str));
                }
            }
        }
        text
    }

    /// What is done to `object` to go `way`.
    fn operations(&self, object: &Value, way: Way) -> Result<Vec<PatchOperation>, String> {
        let (from, to) = self.ends(way);
        let Some((last, around)) = self.at.split_last() else {
            return Err("a change without a place".to_owned());
        };
        match (from, to) {
            (None, None) => Ok(Vec::new()),
            (Some(from), Some(to)) => {
                let path = pointer(object, &self.at)?;
                Ok(vec![test(&path, from), replace(path, to)])
            }
            (None, Some(to)) => {
                let mut all = missing(object, around, last)?;
                all.push(add(self.free_place(object, around, last)?, to));
                Ok(all)
            }
            (Some(from), None) => {
                let path = pointer(object, &self.at)?;
                let mut all = vec![test(&path, from), remove(path)];
                if way == Way::Back {
                    all.extend(self.emptied(object)?);
                }
                Ok(all)
            }
        }
    }

    /// Where something that is not there is to be put: an item where it was, or at the end of its list.
    fn free_place(
        &self,
        object: &Value,
        around: &[Step],
        last: &Step,
    ) -> Result<PointerBuf, String> {
        // What is around it may be made in the same patch.
        let mut path = reach(object, around)?;
        let length = find(object, around).and_then(Value::as_array).map_or(0, std::vec::Vec::len);
        match (last, self.place) {
            (Step::Key(key), _) => path.push_back(key.as_str()),
            (Step::Item(_), Some(place)) if place < length => path.push_back(place.to_string()),
            (Step::Item(_), _) => path.push_back("-"),
        }
        Ok(path)
    }

    /// Takes away the maps and lists that were made for it, unless others use them now.
    fn emptied(&self, object: &Value) -> Result<Vec<PatchOperation>, String> {
        let mut all = Vec::new();
        for level in 1..=self.made.min(self.at.len().saturating_sub(1)) {
            let around = &self.at[..self.at.len() - level];
            let size = match find(object, around) {
                Some(Value::Object(map)) => map.len(),
                Some(Value::Array(list)) => list.len(),
                _ => break,
            };
            if size != 1 {
                break;
            }
            all.push(remove(pointer(object, around)?));
        }
        Ok(all)
    }
}

/// The patch that goes `way` from `object` as it is now: it holds only as long as the object is the same one, in this very version;
/// and only for what is not there already.
///
/// # Errors
/// When a part around a field is not there; for people.
pub fn patch(object: &Value, edits: &[Edit], way: Way) -> Result<Patch, String> {
    let mut now = object.clone();
    let mut all = Vec::new();
    for guard in ["uid", "resourceVersion"] {
        if let Some(value) = object.pointer(&format!("/metadata/{guard}")) {
            all.push(test(&PointerBuf::from_tokens(["metadata", guard]), value));
        }
    }
    all.extend(steps(&mut now, edits, way)?);
    Ok(Patch(all))
}

/// The patch that goes there and back again: nothing is changed in the end, and every operation of both ways is tried.
///
/// # Errors
/// When a part around a field is not there; for people.
pub fn there_and_back(object: &Value, edits: &[Edit]) -> Result<Patch, String> {
    let mut now = object.clone();
    let mut all = steps(&mut now, edits, Way::There)?;
    all.extend(steps(&mut now, edits, Way::Back)?);
    Ok(Patch(all))
}

fn steps(now: &mut Value, edits: &[Edit], way: Way) -> Result<Vec<PatchOperation>, String> {
    let ordered: Vec<&Edit> = match way {
        Way::There => edits.iter().collect(),
        Way::Back => edits.iter().rev().collect(),
    };
    let mut all = Vec::new();
    for edit in ordered {
        if edit.is_done(now, way) {
            continue;
        }
        let operations = edit.operations(now, way)?;
        json_patch::patch(now, &operations).map_err(|error| format!("{}: {error}", edit.path()))?;
        if !edit.is_done(now, way) {
            return Err(format!("{}: nothing can be put there", edit.path()));
        }
        all.extend(operations);
    }
    Ok(all)
}

/// What stands there.
pub fn find<'v>(object: &'v Value, at: &[Step]) -> Option<&'v Value> {
    at.iter()
        .try_fold(object, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Item(fields) => value.get(position(value, fields)?),
        })
        .filter(|value| !value.is_null())
}

fn position(list: &Value, fields: &BTreeMap<String, String>) -> Option<usize> {
    list.as_array()?.iter().position(|item| {
        fields.iter().all(|(key, value)| item.get(key).and_then(Value::as_str) == Some(value))
    })
}

/// The address of what stands there.
fn pointer(object: &Value, at: &[Step]) -> Result<PointerBuf, String> {
    match find(object, at) {
        Some(_) => reach(object, at),
        None => Err("it is not there".to_owned()),
    }
}

/// The address of what stands there, or is put there by the same patch.
fn reach(object: &Value, at: &[Step]) -> Result<PointerBuf, String> {
    let (mut path, mut value) = (PointerBuf::new(), Some(object));
    for step in at {
        let token = match step {
            Step::Key(key) => key.clone(),
            Step::Item(fields) => match value.and_then(|value| position(value, fields)) {
                Some(place) => place.to_string(),
                None => return Err(format!("there is no {}", names(fields))),
            },
        };
        value = value.and_then(|value| match step {
            Step::Key(key) => value.get(key),
            Step::Item(_) => value.get(token.parse::<usize>().ok()?),
        });
        path.push_back(token);
    }
    Ok(path)
}

fn names(fields: &BTreeMap<String, String>) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key} {value}")).collect();
    fields.join(", ")
}

/// Makes the maps and lists around something that are not there.
fn missing(object: &Value, around: &[Step], last: &Step) -> Result<Vec<PatchOperation>, String> {
    let mut all = Vec::new();
    for depth in 1..=around.len() {
        if find(object, &around[..depth]).is_some() {
            continue;
        }
        let empty = match around.get(depth).unwrap_or(last) {
            Step::Key(_) => json!({}),
            Step::Item(_) => json!([]),
        };
        let (Some(Step::Key(own)), here) = (around.get(depth - 1), &around[..depth - 1]) else {
            return Err("there is no such item to put something into".to_owned());
        };
        let mut path = reach(object, here)?;
        path.push_back(own.as_str());
        all.push(add(path, &empty));
    }
    Ok(all)
}

fn test(path: &PointerBuf, value: &Value) -> PatchOperation {
    PatchOperation::Test(TestOperation { path: path.clone(), value: value.clone() })
}

fn add(path: PointerBuf, value: &Value) -> PatchOperation {
    PatchOperation::Add(AddOperation { path, value: value.clone() })
}

fn replace(path: PointerBuf, value: &Value) -> PatchOperation {
    PatchOperation::Replace(ReplaceOperation { path, value: value.clone() })
}

fn remove(path: PointerBuf) -> PatchOperation {
    PatchOperation::Remove(RemoveOperation { path })
}

#[cfg(test)]
mod tests;
