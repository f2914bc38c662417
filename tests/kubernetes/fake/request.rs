//! What is asked: the path, the query, and what they mean.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::failure::Failure;

/// The query of a request.
#[derive(Clone, Debug, Default)]
pub struct Query(BTreeMap<String, String>);

impl Query {
    pub fn read(text: &str) -> Self {
        let decode = |text: &str| {
            percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn is(&self, key: &str) -> bool {
        matches!(self.get(key), Some("true" | "1"))
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), value.to_owned());
    }

    /// Whether nothing shall be stored.
    pub fn dry(&self) -> Result<bool, Failure> {
        match self.get("dryRun") {
            None => Ok(false),
            Some("All") => Ok(true),
            Some(other) => Err(Failure::bad_request(format!(
                "dryRun: Unsupported value: \"{other}\": supported values: \"All\""
            ))),
        }
    }
}

/// A resource that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    pub group: String,
    pub version: String,
    pub resource: String,
    pub namespace: Option<String>,
    pub name: Option<String>,
    pub sub: Option<String>,
    /// What is asked of whoever is behind a `proxy`.
    pub beyond: String,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Discovery, health, version.
    Path,
    /// A resource.
    Resource(Target),
}

/// What a path leads to.
pub fn place(path: &str) -> Place {
    let decoded: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let (group, version, rest) = match parts.as_slice() {
        ["api", version, rest @ ..] if !rest.is_empty() => ("", *version, rest),
        ["apis", group, version, rest @ ..] if !rest.is_empty() => (*group, *version, rest),
        _ => return Place::Path,
    };
    let text = |part: Option<&&str>| part.map(|part| (*part).to_owned());
    let (namespace, rest) = match rest {
        ["namespaces", _, "status" | "finalize"] if group.is_empty() => (None, rest),
        ["namespaces", namespace, rest @ ..] if !rest.is_empty() => {
            (Some((*namespace).to_owned()), rest)
        }
        _ => (None, rest),
    };
    let (sub, beyond) = match rest.get(2..) {
        Some(["proxy", beyond @ ..]) => (Some("proxy".to_owned()), beyond.join("/")),
        Some(sub) if !sub.is_empty() => (Some(sub.join("/")), String::new()),
        _ => (None, String::new()),
    };
    Place::Resource(Target {
        group: group.to_owned(),
        version: version.to_owned(),
        resource: rest[0].to_owned(),
        namespace,
        name: text(rest.get(1)),
        sub,
        beyond,
    })
}

/// The verb that rights are asked for.
pub fn verb(method: &http::Method, named: bool, query: &Query) -> &'static str {
    match (method.as_str(), named) {
        ("GET", true) if !query.is("watch") => "get",
        ("GET", _) if query.is("watch") => "watch",
        ("GET" | "HEAD", _) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "deletecollection",
        _ => "unknown",
    }
}
