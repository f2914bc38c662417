//! A request for a resource, and its answer, as the verbs pass them on.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::failure::Failure;
use super::kinds::Kind;
use super::request::Query;
use super::shape::Strictness;
use super::state::Key;
use super::users::User;

/// A request for a resource.
#[derive(Clone, Debug)]
pub struct Call {
    pub kind: Arc<Kind>,
    /// Empty: none, or all.
    pub namespace: String,
    pub name: String,
    pub sub: String,
    pub query: Query,
    pub user: User,
    /// Who changes, when the query does not say so: from the user agent.
    pub agent: String,
    pub media_type: String,
    pub body: Bytes,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub code: u16,
    pub body: Value,
    pub warnings: Vec<String>,
}

impl Call {
    pub fn key(&self) -> Key {
        Key::new(&self.kind.resource(), &self.namespace, &self.name)
    }

    pub fn manager(&self) -> &str {
        self.query.get("fieldManager").unwrap_or(&self.agent)
    }

    pub fn strictness(&self) -> Result<Strictness, Failure> {
        Strictness::read(self.query.get("fieldValidation"))
    }
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self { code: 200, body, warnings: Vec::new() }
    }

    pub fn created(body: Value) -> Self {
        Self { code: 201, body, warnings: Vec::new() }
    }

    pub fn warn(mut self, warnings: Vec<String>) -> Self {
        self.warnings = warnings;
        self
    }
}
