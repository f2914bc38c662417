//! Objects as they come in: read, freed of what nobody knows, filled in, and checked for form. What an object may say in the light
//! of what is stored is not decided here.

use regex::Regex;
use serde_json::{Value, json};

use super::failure::{Cause, Failure};
use super::kinds::{Kind, Shape};
use super::{defaults, rules, schema};

/// What to do about unknown fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    Strict,
    Warn,
    Ignore,
}

impl Strictness {
    pub fn read(text: Option<&str>) -> Result<Self, Failure> {
        match text {
            None | Some("Warn") => Ok(Self::Warn),
            Some("Strict") => Ok(Self::Strict),
            Some("Ignore") => Ok(Self::Ignore),
            Some(other) => Err(Failure::bad_request(format!(
                "fieldValidation: Unsupported value: \"{other}\": supported values: \"\", \"Ignore\", \"Warn\", \"Strict\""
            ))),
        }
    }
}

/// A body of JSON or YAML.
pub fn read(body: &[u8], media_type: &str) -> Result<Value, Failure> {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let yaml = match media_type {
        "" | "application/json" => false,
        "application/yaml" | "application/apply-patch+yaml" => true,
        _ => {
            return Err(Failure::media_type(
                "application/json, application/yaml, application/vnd.kubernetes.protobuf",
            ));
        }
    };
    let bad = |error: String| {
        Failure::bad_request(format!("couldn't get version/kind; json parse error: {error}"))
    };
    if let Ok(read) = serde_json::from_slice(body) {
        return Ok(read);
    }
    let text = std::str::from_utf8(body).map_err(|error| bad(error.to_string()))?;
    if !yaml {
        return serde_json::from_str(text).map_err(|error| bad(error.to_string()));
    }
    serde_yaml::from_str(text)
        .map_err(|error| Failure::bad_request(format!("error decoding YAML: {error}")))
}

/// Whether the body says that it is of the kind of the path.
pub fn is_of(kind: &Kind, object: &mut Value) -> Result<(), Failure> {
    if !object.is_object() {
        return Err(Failure::bad_request("the request body is no object"));
    }
    // Built-in kinds may leave out what the path says.
    if !kind.is_custom() {
        for (field, value) in [("apiVersion", kind.api_version()), ("kind", kind.kind.clone())] {
            if object[field].is_null() {
                object[field] = value.into();
            }
        }
    }
    if object["kind"] == kind.kind && object["apiVersion"] == kind.api_version() {
        return Ok(());
    }
    if object["kind"].as_str().is_none_or(str::is_empty) {
        return Err(Failure::bad_request("Object 'Kind' is missing in the request body"));
    }
    Err(Failure::bad_request(format!(
        "{} in version {} cannot be handled as a {}: the API version in the data ({}, Kind={}) does not match the expected API version ({}, Kind={})",
        kind.kind,
        object["apiVersion"],
        kind.kind,
        object["apiVersion"].as_str().unwrap_or_default(),
        object["kind"].as_str().unwrap_or_default(),
        kind.api_version(),
        kind.kind,
    )))
}

/// Frees an object of what the kind does not know, and gives the paths of that.
pub fn known(kind: &Kind, object: &mut Value) -> Result<Vec<String>, Failure> {
    let mut unknown = Vec::new();
    let cannot = |why: String| {
        Failure::bad_request(format!(
            "{} in version \"{}\" cannot be handled as a {}: {why}",
            kind.kind, kind.version, kind.kind
        ))
    };
    match &kind.schema {
        Shape::Typed(typed) => {
            let back = typed(object.clone()).map_err(|error| cannot(format!("json: {error}")))?;
            keep(object, &back, "", &mut unknown);
        }
        Shape::Structural(schema) => {
            let meta = object["metadata"].clone();
            let back = serde_json::from_value::<
                k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
            >(if meta.is_null() { json!({}) } else { meta })
            .and_then(serde_json::to_value)
            .map_err(|error| cannot(format!("json: {error}")))?;
            keep(&mut object["metadata"], &back, "metadata", &mut unknown);
            schema::prune(schema, object, "", &mut unknown);
        }
    }
    Ok(unknown)
}

/// Takes away what did not come back from the type.
fn keep(object: &mut Value, back: &Value, path: &str, unknown: &mut Vec<String>) {
    match (object, back) {
        (Value::Object(fields), Value::Object(known)) => fields.retain(|field, value| {
            let at = schema::join(path, field);
            let Some(back) = known.get(field) else {
                if !value.is_null() {
                    unknown.push(at);
                }
                return false;
            };
            keep(value, back, &at, unknown);
            true
        }),
        (Value::Array(items), Value::Array(known)) if items.len() == known.len() => {
            for (at, (item, known)) in items.iter_mut().zip(known).enumerate() {
                keep(item, known, &format!("{path}[{at}]"), unknown);
            }
        }
        _ => {}
    }
}

/// Refuses or warns of unknown fields.
pub fn judge(
    kind: &Kind,
    unknown: &[String],
    strictness: Strictness,
    patch: Option<&Value>,
) -> Result<Vec<String>, Failure> {
    let told: Vec<String> =
        unknown.iter().map(|path| format!("unknown field \"{path}\"")).collect();
    match strictness {
        Strictness::Ignore => Ok(Vec::new()),
        Strictness::Warn => Ok(told),
        Strictness::Strict if told.is_empty() => Ok(Vec::new()),
        Strictness::Strict => {
            let told = format!("strict decoding error: {}", told.join(", "));
            if let Some(patch) = patch {
                let cause = Cause::invalid("patch", &json!(patch.to_string()), &told);
                return Err(Failure::invalid_thing("", "", "", "", &[cause]));
            }
            Err(Failure::bad_request(format!(
                "{} in version \"{}\" cannot be handled as a {}: {told}",
                kind.kind, kind.version, kind.kind
            )))
        }
    }
}

/// Fills in what was left out.
pub fn fill(kind: &Kind, object: &mut Value) {
    match &kind.schema {
        Shape::Typed(_) => defaults::fill(kind, object),
        Shape::Structural(schema) => {
            for field in ["spec", "status"] {
                if object[field].is_null() {
                    object.as_object_mut().map(|fields| fields.remove(field));
                }
            }
            schema::fill(schema, object);
            schema::drop_nulls(schema, object);
        }
    }
}

/// What is wrong with an object in itself.
pub fn check(kind: &Kind, object: &Value) -> Result<(), Failure> {
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let mut wrong = Vec::new();
    check_name(kind, name, &mut wrong);
    check_labels(object, &mut wrong);
    match &kind.schema {
        Shape::Typed(_) => rules::check(kind, object, &mut wrong),
        Shape::Structural(schema) => schema::check(schema, object, "", &mut wrong),
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::invalid(kind, name, &wrong)) }
}

fn check_name(kind: &Kind, name: &str, wrong: &mut Vec<Cause>) {
    let free = kind.group == "rbac.authorization.k8s.io";
    if free {
        if name.contains(['/', '%']) || matches!(name, "" | "." | "..") {
            let why = "may not contain '/' or '%'";
            wrong.push(Cause::invalid("metadata.name", &json!(name), why));
        }
        return;
    }
    let label = matches!(kind.resource().as_str(), "namespaces" | "services");
    let most = if label { 63 } else { 253 };
    let dots = if label { "" } else { r"(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*" };
    let pattern = format!("^[a-z0-9]([-a-z0-9]*[a-z0-9])?{dots}$");
    if name.len() > most {
        let why = format!("must be no more than {most} characters");
        wrong.push(Cause::invalid("metadata.name", &json!(name), &why));
    }
    if !Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(name)) {
        let what = if label { "label" } else { "subdomain" };
        let why = format!(
            "a lowercase RFC 1123 {what} must consist of lower case alphanumeric characters, '-'{}, and must start and end with an alphanumeric character",
            if label { "" } else { " or '.'" }
        );
        wrong.push(Cause::invalid("metadata.name", &json!(name), &why));
    }
}

fn check_labels(object: &Value, wrong: &mut Vec<Cause>) {
    let part = |text: &str| {
        text.len() <= 63
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
            && !text.starts_with(['-', '_', '.'])
            && !text.ends_with(['-', '_', '.'])
    };
    let key = |text: &str| {
        let (prefix, name) = text.split_once('/').unwrap_or(("", text));
        !name.is_empty() && part(name) && prefix.len() <= 253 && !name.contains('/')
    };
    let meta = &object["metadata"];
    for (name, value) in meta["labels"].as_object().into_iter().flatten() {
        if !key(name) {
            let why = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
            wrong.push(Cause::invalid("metadata.labels", &json!(name), why));
        }
        if !value.as_str().is_some_and(part) {
            let why = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, and be no more than 63 characters";
            wrong.push(Cause::invalid("metadata.labels", value, why));
        }
    }
    let annotations = meta["annotations"].as_object();
    for (name, _) in annotations.into_iter().flatten() {
        if !key(&name.to_lowercase()) {
            let why = "name part must consist of alphanumeric characters, '-', '_' or '.', and be no more than 63 characters";
            wrong.push(Cause::invalid("metadata.annotations", &json!(name), why));
        }
    }
    let size = |(key, value): (&String, &Value)| key.len() + value.as_str().map_or(0, str::len);
    if annotations.is_some_and(|all| all.iter().map(size).sum::<usize>() > 256 * 1024) {
        let message = "Too long: may not be more than 262144 bytes".to_owned();
        let field = "metadata.annotations".to_owned();
        wrong.push(Cause { reason: "FieldValueTooLong", field, message });
    }
}
