//! Label and field selectors.

use serde_json::Value;

use super::failure::Failure;
use super::kinds::Kind;

/// What a list or watch shows.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<(String, String, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

impl Selector {
    pub fn read(kind: &Kind, labels: Option<&str>, fields: Option<&str>) -> Result<Self, Failure> {
        let labels = requirements(labels.unwrap_or_default())?;
        let fields = terms(kind, fields.unwrap_or_default())?;
        Ok(Self { labels, fields })
    }

    pub fn takes(&self, object: &Value) -> bool {
        self.labels.iter().all(|one| one.takes(&object["metadata"]["labels"]))
            && self
                .fields
                .iter()
                .all(|(path, value, equal)| (field(object, path) == *value) == *equal)
    }
}

impl Requirement {
    fn takes(&self, labels: &Value) -> bool {
        match self {
            Self::In(key, values) => {
                labels[key].as_str().is_some_and(|value| values.iter().any(|one| one == value))
            }
            Self::NotIn(key, values) => {
                labels[key].as_str().is_none_or(|value| values.iter().all(|one| one != value))
            }
            Self::Exists(key) => labels.get(key).is_some(),
            Self::Absent(key) => labels.get(key).is_none(),
        }
    }
}

/// Whether a label selector that is an object (`matchLabels`, `matchExpressions`) takes labels. An empty one takes all.
pub fn object_takes(selector: &Value, labels: &Value) -> bool {
    let equal = selector["matchLabels"]
        .as_object()
        .is_none_or(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)));
    let expressions = selector["matchExpressions"].as_array().map(Vec::as_slice);
    equal
        && expressions.unwrap_or_default().iter().all(|one| {
            let key = one["key"].as_str().unwrap_or_default().to_owned();
            let values = one["values"].as_array().map(Vec::as_slice).unwrap_or_default();
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            match one["operator"].as_str() {
                Some("In") => Requirement::In(key, values).takes(labels),
                Some("NotIn") => Requirement::NotIn(key, values).takes(labels),
                Some("Exists") => Requirement::Exists(key).takes(labels),
                Some("DoesNotExist") => Requirement::Absent(key).takes(labels),
                _ => false,
            }
        })
}

fn requirements(text: &str) -> Result<Vec<Requirement>, Failure> {
    split(text).into_iter().map(|part| requirement(part.trim())).collect()
}

/// At the commas that are in no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_i32, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn requirement(text: &str) -> Result<Requirement, Failure> {
    let set = |text: &str| -> Vec<String> {
        let inner = text.trim().trim_start_matches('(').trim_end_matches(')');
        inner.split(',').map(|value| value.trim().to_owned()).collect()
    };
    let one = |value: &str| vec![value.trim().to_owned()];
    let read = if let Some((key, values)) = text.split_once(" notin ") {
        Requirement::NotIn(key.trim().to_owned(), set(values))
    } else if let Some((key, values)) = text.split_once(" in ") {
        Requirement::In(key.trim().to_owned(), set(values))
    } else if let Some((key, value)) = text.split_once("!=") {
        Requirement::NotIn(key.trim().to_owned(), one(value))
    } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        Requirement::In(key.trim().to_owned(), one(value))
    } else if let Some(key) = text.strip_prefix('!') {
        Requirement::Absent(key.trim().to_owned())
    } else {
        Requirement::Exists(text.to_owned())
    };
    let (Requirement::In(key, _)
    | Requirement::NotIn(key, _)
    | Requirement::Exists(key)
    | Requirement::Absent(key)) = &read;
    let values: &[String] = match &read {
        Requirement::In(_, values) | Requirement::NotIn(_, values) => values,
        Requirement::Exists(_) | Requirement::Absent(_) => &[],
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let wrong = values.iter().any(|value| !value.chars().all(fits) || value.len() > 63);
    if wrong || key.is_empty() || key.contains([' ', '(', ')']) {
        return Err(Failure::bad_request(format!(
            "unable to parse requirement: found '{text}', expected: identifier"
        )));
    }
    Ok(read)
}

fn terms(kind: &Kind, text: &str) -> Result<Vec<(String, String, bool)>, Failure> {
    let mut terms = Vec::new();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let (key, value, equal) = if let Some((key, value)) = part.split_once("!=") {
            (key, value, false)
        } else if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
            (key, value, true)
        } else {
            return Err(Failure::bad_request(format!("invalid field selector: {part}")));
        };
        if !fields(kind).contains(&key) && !key.starts_with("metadata.name") {
            return Err(Failure::bad_request(match fields(kind) {
                [] => format!(
                    "\"{key}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                ),
                _ => format!("field label not supported: {key}"),
            }));
        }
        terms.push((key.to_owned(), value.to_owned(), equal));
    }
    Ok(terms)
}

/// What may be selected by, besides name and namespace.
fn fields(kind: &Kind) -> &'static [&'static str] {
    match kind.resource().as_str() {
        "pods" => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        ],
        "events" => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        "nodes" => &["spec.unschedulable"],
        "namespaces" => &["status.phase"],
        "secrets" => &["type"],
        "jobs.batch" => &["status.successful"],
        _ => &[],
    }
}

fn field(object: &Value, path: &str) -> String {
    let value = path.split('.').fold(object, |value, part| &value[part]);
    match value {
        Value::String(text) => text.clone(),
        Value::Null if path == "spec.unschedulable" || path == "spec.hostNetwork" => {
            "false".to_owned()
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
