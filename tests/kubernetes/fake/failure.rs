//! What the server refuses, in the words and `Status` bodies of a real one.

use serde_json::{Value, json};

use super::kinds::Kind;

/// A refusal.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: u16,
    pub reason: &'static str,
    pub message: String,
    pub details: Value,
    /// Seconds, for the header `Retry-After` and the details.
    pub retry_after: Option<u64>,
    /// No `Status`: the plain text of a path that nobody serves.
    pub plain: bool,
}

/// One thing that is wrong with an object.
#[derive(Clone, Debug)]
pub struct Cause {
    pub reason: &'static str,
    pub field: String,
    pub message: String,
}

impl Cause {
    pub fn required(field: &str, more: &str) -> Self {
        let message = if more.is_empty() {
            "Required value".to_owned()
        } else {
            format!("Required value: {more}")
        };
        Self { reason: "FieldValueRequired", field: field.to_owned(), message }
    }

    pub fn invalid(field: &str, value: &Value, why: &str) -> Self {
        let message = format!("Invalid value: {value}: {why}");
        Self { reason: "FieldValueInvalid", field: field.to_owned(), message }
    }

    pub fn forbidden(field: &str, why: &str) -> Self {
        let message = format!("Forbidden: {why}");
        Self { reason: "FieldValueForbidden", field: field.to_owned(), message }
    }

    pub fn unsupported(field: &str, value: &Value, may_be: &[Value]) -> Self {
        let may_be: Vec<String> = may_be.iter().map(Value::to_string).collect();
        let message =
            format!("Unsupported value: {value}: supported values: {}", may_be.join(", "));
        Self { reason: "FieldValueNotSupported", field: field.to_owned(), message }
    }
}

impl Failure {
    fn new(code: u16, reason: &'static str, message: String) -> Self {
        Self { code, reason, message, details: json!({}), retry_after: None, plain: false }
    }

    pub fn not_found(kind: &Kind, name: &str) -> Self {
        let mut failure =
            Self::new(404, "NotFound", format!("{} \"{name}\" not found", kind.resource()));
        failure.details = kind.details(name);
        failure
    }

    pub fn already_exists(kind: &Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.resource());
        let mut failure = Self::new(409, "AlreadyExists", message);
        failure.details = kind.details(name);
        failure
    }

    pub fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let message =
            format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.resource());
        let mut failure = Self::new(409, "Conflict", message);
        failure.details = kind.details(name);
        failure
    }

    pub fn stale(kind: &Kind, name: &str) -> Self {
        Self::conflict(
            kind,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        )
    }

    pub fn forbidden(resource: &str, name: &str, why: &str) -> Self {
        let named = if name.is_empty() { String::new() } else { format!(" \"{name}\"") };
        let mut failure =
            Self::new(403, "Forbidden", format!("{resource}{named} is forbidden: {why}"));
        let (kind, group) = resource.split_once('.').unwrap_or((resource, ""));
        failure.details = details(name, group, kind);
        failure
    }

    /// A path that the user may not see.
    pub fn forbidden_path(user: &str, verb: &str, path: &str) -> Self {
        let mut failure = Self::new(
            403,
            "Forbidden",
            format!("forbidden: User \"{user}\" cannot {verb} path \"{path}\""),
        );
        failure.details = json!({});
        failure
    }

    pub fn invalid(kind: &Kind, name: &str, causes: &[Cause]) -> Self {
        let group = &kind.group;
        let what =
            if group.is_empty() { kind.kind.clone() } else { format!("{}.{group}", kind.kind) };
        Self::invalid_thing(&what, &kind.kind, group, name, causes)
    }

    pub fn invalid_thing(
        what: &str,
        kind: &str,
        group: &str,
        name: &str,
        causes: &[Cause],
    ) -> Self {
        let told: Vec<String> =
            causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let told = if told.len() == 1 { told[0].clone() } else { format!("[{}]", told.join(", ")) };
        let mut failure =
            Self::new(422, "Invalid", format!("{what} \"{name}\" is invalid: {told}"));
        failure.details = details(name, group, kind);
        failure.details["causes"] = causes.iter().map(cause).collect();
        failure
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message.into())
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized".to_owned())
    }

    /// A resource that the group does not have.
    pub fn no_such_resource() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(404, "NotFound", message.to_owned())
    }

    pub fn no_such_path() -> Self {
        let mut failure = Self::new(404, "NotFound", "404 page not found\n".to_owned());
        failure.plain = true;
        failure
    }

    pub fn no_such_method() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(405, "MethodNotAllowed", message.to_owned())
    }

    pub fn media_type(accepted: &str) -> Self {
        Self::new(
            415,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: {accepted}"
            ),
        )
    }

    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message.into())
    }

    pub fn too_many(message: impl Into<String>, retry_after: Option<u64>) -> Self {
        let mut failure = Self::new(429, "TooManyRequests", message.into());
        failure.retry_after = retry_after;
        if let Some(seconds) = retry_after {
            failure.details["retryAfterSeconds"] = seconds.into();
        }
        failure
    }

    pub fn internal(message: impl Into<String>) -> Self {
        let message = message.into();
        let mut failure =
            Self::new(500, "InternalError", format!("Internal error occurred: {message}"));
        failure.details = json!({"causes": [{"message": message}]});
        failure
    }

    /// An error that the server has no reason for.
    pub fn unknown(message: String) -> Self {
        Self::new(500, "", message)
    }

    /// What an admission webhook refuses.
    pub fn webhook(webhook: &str, message: &str) -> Self {
        let message = format!("admission webhook \"{webhook}\" denied the request: {message}");
        Self::new(403, "Forbidden", message)
    }

    /// Server-side apply: fields that others hold.
    pub fn held_by_others(causes: &[(String, String)]) -> Self {
        let told = told_conflicts(causes);
        let mut failure = Self::new(409, "Conflict", told);
        failure.details = json!({"causes": causes.iter().map(|(who, field)| json!({
            "reason": "FieldManagerConflict",
            "message": format!("conflict with {who}"),
            "field": field,
        })).collect::<Vec<_>>()});
        failure
    }

    pub fn with_causes(mut self, causes: Value) -> Self {
        self.details["causes"] = causes;
        self
    }

    /// The body.
    pub fn status(&self) -> Value {
        let mut body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "code": self.code,
        });
        if !self.reason.is_empty() {
            body["reason"] = self.reason.into();
        }
        if self.details.as_object().is_some_and(|details| !details.is_empty()) {
            body["details"] = self.details.clone();
        }
        body
    }
}

fn told_conflicts(causes: &[(String, String)]) -> String {
    let count = causes.len();
    let conflicts = if count == 1 { "conflict" } else { "conflicts" };
    let one_holder = causes.iter().all(|(who, _)| *who == causes[0].0);
    if count == 1 {
        let (who, field) = &causes[0];
        return format!("Apply failed with 1 conflict: conflict with {who}: {field}");
    }
    if one_holder {
        let fields: Vec<String> = causes.iter().map(|(_, field)| format!("- {field}")).collect();
        let who = &causes[0].0;
        return format!(
            "Apply failed with {count} {conflicts}: {conflicts} with {who}:\n{}",
            fields.join("\n")
        );
    }
    let each: Vec<String> =
        causes.iter().map(|(who, field)| format!("conflicts with {who}:\n- {field}")).collect();
    format!("Apply failed with {count} {conflicts}: {}", each.join("\n"))
}

fn details(name: &str, group: &str, kind: &str) -> Value {
    let mut details = json!({"kind": kind});
    if !name.is_empty() {
        details["name"] = name.into();
    }
    if !group.is_empty() {
        details["group"] = group.into();
    }
    details
}

fn cause(cause: &Cause) -> Value {
    json!({"reason": cause.reason, "message": cause.message, "field": cause.field})
}
