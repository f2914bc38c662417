//! The words of JSON Schema that our schema is made of. Not the schema.

use serde_json::{Value, json};

/// Exactly these keys.
pub(super) fn object(properties: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// A definition, by its name.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// At least one of them.
pub(super) fn list(name: &str) -> Value {
    json!({ "type": "array", "minItems": 1, "items": reference(name) })
}

/// The keys of both; of equal ones that of `other`.
pub(super) fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(into), Value::Object(from)) = (&mut one, other) {
        into.extend(from);
    }
    one
}

/// Words for people.
pub(super) fn text(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": description })
}
