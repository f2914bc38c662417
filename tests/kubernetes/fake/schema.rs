//! The structural schema of custom resources: what is pruned, what is filled in, what is refused.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::failure::Cause;

const KEEPS: &str = "x-kubernetes-preserve-unknown-fields";
const INT_OR_STRING: &str = "x-kubernetes-int-or-string";

/// Takes away what the schema does not know; its paths are noted.
pub fn prune(schema: &Value, object: &mut Value, path: &str, unknown: &mut Vec<String>) {
    match object {
        Value::Object(fields) => prune_fields(schema, fields, path, unknown),
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                prune(&schema["items"], item, &format!("{path}[{at}]"), unknown);
            }
        }
        _ => {}
    }
}

fn prune_fields(
    schema: &Value,
    fields: &mut Map<String, Value>,
    path: &str,
    unknown: &mut Vec<String>,
) {
    let keeps = schema[KEEPS] == true;
    let properties = schema["properties"].as_object();
    let others = &schema["additionalProperties"];
    // The schema of metadata is the server's own.
    let root = path.is_empty();
    let known = |field: &str| root && matches!(field, "apiVersion" | "kind" | "metadata");
    fields.retain(|field, value| {
        let at = join(path, field);
        if known(field) {
            return true;
        }
        if let Some(property) = properties.and_then(|properties| properties.get(field)) {
            prune(property, value, &at, unknown);
            return true;
        }
        if others.is_object() {
            prune(others, value, &at, unknown);
            return true;
        }
        if keeps || others == true {
            return true;
        }
        unknown.push(at);
        false
    });
}

/// Fills in defaults; a null that may not be one goes first.
pub fn fill(schema: &Value, object: &mut Value) {
    match object {
        Value::Object(fields) => {
            for (field, property) in schema["properties"].as_object().into_iter().flatten() {
                let null = fields.get(field).is_some_and(Value::is_null);
                if null && property["nullable"] != true && !property["default"].is_null() {
                    fields.remove(field);
                }
                if let Some(default) = property.get("default")
                    && !fields.contains_key(field)
                {
                    fields.insert(field.clone(), default.clone());
                }
                if let Some(value) = fields.get_mut(field) {
                    fill(property, value);
                }
            }
            if schema["additionalProperties"].is_object() {
                let known = schema["properties"].as_object();
                for (field, value) in fields.iter_mut() {
                    if known.is_none_or(|known| !known.contains_key(field)) {
                        fill(&schema["additionalProperties"], value);
                    }
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(&schema["items"], item)),
        _ => {}
    }
}

/// Takes away the nulls that no schema allows: a server drops them before it checks.
pub fn drop_nulls(schema: &Value, object: &mut Value) {
    match object {
        Value::Object(fields) => {
            fields.retain(|field, value| {
                !value.is_null() || property(schema, field)["nullable"] == true
            });
            for (field, value) in fields.iter_mut() {
                drop_nulls(property(schema, field), value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| drop_nulls(&schema["items"], item)),
        _ => {}
    }
}

fn property<'a>(schema: &'a Value, field: &str) -> &'a Value {
    match schema["properties"].get(field) {
        Some(property) => property,
        None => &schema["additionalProperties"],
    }
}

/// What is wrong with an object.
pub fn check(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<Cause>) {
    if value.is_null() && schema["nullable"] == true {
        return;
    }
    if !has_type(schema, value, path, wrong) {
        return;
    }
    if let Some(may_be) = schema["enum"].as_array()
        && !may_be.contains(value)
    {
        wrong.push(Cause::unsupported(path, value, may_be));
    }
    check_numbers(schema, value, path, wrong);
    check_text(schema, value, path, wrong);
    match value {
        Value::Object(fields) => check_fields(schema, fields, path, wrong),
        Value::Array(items) => check_items(schema, items, path, wrong),
        _ => {}
    }
    check_any(schema, value, path, wrong);
}

fn has_type(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<Cause>) -> bool {
    if schema[INT_OR_STRING] == true {
        let fits = value.is_string() || value.is_i64() || value.is_u64();
        if !fits {
            wrong.push(wrong_type(path, value, "integer,string"));
        }
        return fits;
    }
    let Some(wanted) = schema["type"].as_str() else {
        return true;
    };
    let whole = |value: &Value| value.as_f64().is_some_and(|number| number.fract() == 0.0);
    let fits = match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => whole(value),
        "number" => value.is_number(),
        _ => true,
    };
    if !fits {
        wrong.push(wrong_type(path, value, wanted));
    }
    fits
}

fn wrong_type(path: &str, value: &Value, wanted: &str) -> Cause {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let shown = if value.is_string() || value.is_object() || value.is_array() {
        json!(is)
    } else {
        value.clone()
    };
    let message =
        format!("Invalid value: {shown}: {path} in body must be of type {wanted}: \"{is}\"");
    Cause { reason: "FieldValueTypeInvalid", field: path.to_owned(), message }
}

fn check_numbers(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<Cause>) {
    let Some(number) = value.as_f64() else {
        return;
    };
    if let Some(least) = schema["minimum"].as_f64()
        && number < least
    {
        let why = format!("{path} in body should be greater than or equal to {least}");
        wrong.push(Cause::invalid(path, value, &why));
    }
    if let Some(most) = schema["maximum"].as_f64()
        && number > most
    {
        let why = format!("{path} in body should be less than or equal to {most}");
        wrong.push(Cause::invalid(path, value, &why));
    }
    if schema["format"] == "int32" && i32::try_from(value.as_i64().unwrap_or(i64::MAX)).is_err() {
        let why = format!("{path} in body must be of type int32: \"int64\"");
        wrong.push(Cause::invalid(path, value, &why));
    }
}

fn check_text(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<Cause>) {
    let Some(text) = value.as_str() else {
        return;
    };
    let length = text.chars().count() as u64;
    if schema["minLength"].as_u64().is_some_and(|least| length < least) {
        let why = format!("{path} in body should be at least {} chars long", schema["minLength"]);
        wrong.push(Cause::invalid(path, value, &why));
    }
    if schema["maxLength"].as_u64().is_some_and(|most| length > most) {
        let why = format!("{path} in body should be at most {} chars long", schema["maxLength"]);
        wrong.push(Cause::invalid(path, value, &why));
    }
    if let Some(pattern) = schema["pattern"].as_str()
        && !matches(pattern, text)
    {
        let why = format!("{path} in body should match '{pattern}'");
        wrong.push(Cause::invalid(path, value, &why));
    }
    if schema["format"] == "date-time" && chrono::DateTime::parse_from_rfc3339(text).is_err() {
        let why = format!("{path} in body must be of type date-time: {value}");
        wrong.push(Cause::invalid(path, value, &why));
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    thread_local! {
        static READ: RefCell<HashMap<String, Regex>> = RefCell::new(HashMap::new());
    }
    READ.with_borrow_mut(|read| {
        if !read.contains_key(pattern) {
            let compiled = Regex::new(pattern).expect("a pattern of a schema");
            read.insert(pattern.to_owned(), compiled);
        }
        read[pattern].is_match(text)
    })
}

fn check_fields(schema: &Value, fields: &Map<String, Value>, path: &str, wrong: &mut Vec<Cause>) {
    for needed in schema["required"].as_array().into_iter().flatten() {
        let needed = needed.as_str().unwrap_or_default();
        if !fields.contains_key(needed) {
            wrong.push(Cause::required(&join(path, needed), ""));
        }
    }
    for (field, value) in fields {
        let root = path.is_empty() && matches!(field.as_str(), "apiVersion" | "kind" | "metadata");
        if !root {
            check(property(schema, field), value, &join(path, field), wrong);
        }
    }
    let count = fields.len() as u64;
    if schema["minProperties"].as_u64().is_some_and(|least| count < least) {
        let why =
            format!("{path} in body should have at least {} properties", schema["minProperties"]);
        wrong.push(Cause::invalid(path, &json!(count), &why));
    }
}

fn check_items(schema: &Value, items: &[Value], path: &str, wrong: &mut Vec<Cause>) {
    for (at, item) in items.iter().enumerate() {
        check(&schema["items"], item, &format!("{path}[{at}]"), wrong);
    }
    let count = items.len() as u64;
    if schema["minItems"].as_u64().is_some_and(|least| count < least) {
        let why = format!("{path} in body should have at least {} items", schema["minItems"]);
        wrong.push(Cause::invalid(path, &json!(count), &why));
    }
    if schema["maxItems"].as_u64().is_some_and(|most| count > most) {
        let message = format!("Too many: {count}: must have at most {} items", schema["maxItems"]);
        let reason = "FieldValueTooMany";
        wrong.push(Cause { reason, field: path.to_owned(), message });
    }
    let keys = schema["x-kubernetes-list-map-keys"].as_array();
    let unique = schema["x-kubernetes-list-type"] == "set" || keys.is_some();
    if !unique {
        return;
    }
    let of = |item: &Value| match keys {
        Some(keys) => {
            keys.iter().map(|key| item[key.as_str().unwrap_or_default()].clone()).collect()
        }
        None => vec![item.clone()],
    };
    for (at, item) in items.iter().enumerate() {
        if items[..at].iter().any(|one| of(one) == of(item)) {
            let message = format!("Duplicate value: {item}");
            let field = format!("{path}[{at}]");
            wrong.push(Cause { reason: "FieldValueDuplicate", field, message });
        }
    }
}

/// `anyOf`, `oneOf`, `allOf`, `not`.
fn check_any(schema: &Value, value: &Value, path: &str, wrong: &mut Vec<Cause>) {
    let fits = |one: &Value| {
        let mut found = Vec::new();
        check(one, value, path, &mut found);
        found.is_empty()
    };
    if schema[INT_OR_STRING] != true
        && let Some(any) = schema["anyOf"].as_array()
        && !any.iter().any(fits)
    {
        let why = format!("{path} in body must validate at least one schema (anyOf)");
        wrong.push(Cause::invalid(path, value, &why));
    }
    if let Some(one) = schema["oneOf"].as_array()
        && one.iter().filter(|schema| fits(schema)).count() != 1
    {
        let why = format!("{path} in body must validate one and only one schema (oneOf)");
        wrong.push(Cause::invalid(path, value, &why));
    }
    for all in schema["allOf"].as_array().into_iter().flatten() {
        check(all, value, path, wrong);
    }
    if schema["not"].is_object() && fits(&schema["not"]) {
        let why = format!("{path} in body must not validate the schema (not)");
        wrong.push(Cause::invalid(path, value, &why));
    }
}

pub fn join(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}
