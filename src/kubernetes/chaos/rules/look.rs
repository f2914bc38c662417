//! A spec that is being looked at, and the reasons found against it.

use std::fmt::Display;

use serde_json::Value;

use super::super::kinds::Kind;
use crate::kubernetes::scene::Scene;

/// A spec that is being looked at.
pub(super) struct Look<'a> {
    /// What it is a spec of.
    pub(super) kind: &'static Kind,
    /// The whole object.
    pub(super) body: &'a Value,
    /// Where it is to be.
    pub(super) scene: &'a Scene,
    /// The spec.
    pub(super) spec: &'a Value,
    /// What was found against it.
    pub(super) reasons: Vec<String>,
    /// Where the spec stands in the object.
    place: String,
    /// The kind of the object.
    outer: &'static str,
}

impl<'a> Look<'a> {
    /// Nothing is found yet.
    pub(super) fn new(kind: &'static Kind, body: &'a Value, scene: &'a Scene) -> Self {
        let spec = &body["spec"];
        let (reasons, place) = (Vec::new(), "spec".to_owned());
        Self { kind, body, scene, spec, reasons, place, outer: kind.name }
    }

    /// The same look at a spec inside of this one.
    pub(super) fn inside(&self, kind: &'static Kind, spec: &'a Value, place: &str) -> Self {
        let (reasons, place) = (Vec::new(), format!("{}.{place}", self.place));
        Self { kind, spec, reasons, place, ..*self }
    }

    /// A field of the spec.
    pub(super) fn get(&self, key: &str) -> &'a Value {
        &self.spec[key]
    }

    /// A text of the spec; empty where it has none.
    pub(super) fn text(&self, key: &str) -> &'a str {
        self.spec[key].as_str().unwrap_or_default()
    }

    /// Whether the spec says anything under this key.
    pub(super) fn has(&self, key: &str) -> bool {
        !self.spec[key].is_null()
    }

    /// Something is wrong at `field`.
    pub(super) fn no(&mut self, field: &str, why: impl Display, mend: impl Display) {
        let (outer, place) = (self.outer, &self.place);
        let dot = if field.is_empty() { "" } else { "." };
        self.reasons.push(format!("{outer}, {place}{dot}{field}: {why}; {mend}"));
    }
}
