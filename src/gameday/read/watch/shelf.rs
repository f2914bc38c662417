//! Documents by what they say of themselves, and those that others name. Not what stands in them.

use std::collections::BTreeMap;

use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::Place;

/// Where a document begins: at its first key.
pub(super) fn head(document: &Node) -> Place {
    match &document.kind {
        Kind::Map(entries) => entries.first().map_or(document.place, |(key, _)| key.place),
        _ => document.place,
    }
}

/// A single value of a document.
pub(super) fn said<'n>(document: &'n Node, key: &str) -> Option<&'n str> {
    match &document.get(key)?.kind {
        Kind::Text { text, .. } => Some(text),
        _ => None,
    }
}

/// Documents that promises name.
#[derive(Default)]
pub(super) struct Shelf<'n> {
    pub(super) indicators: BTreeMap<&'n str, &'n Node>,
    sources: BTreeMap<&'n str, &'n Node>,
}

impl<'n> Shelf<'n> {
    pub(super) fn of(documents: impl Iterator<Item = &'n Node>) -> Self {
        let mut shelf = Self::default();
        for document in documents {
            let name = document.get("metadata").and_then(|metadata| said(metadata, "name"));
            let (Some(name), Some(spec)) = (name, document.get("spec")) else { continue };
            match said(document, "kind") {
                Some("SLI") => drop(shelf.indicators.insert(name, spec)),
                Some("DataSource") => {
                    shelf.sources.extend(spec.get("type").map(|kind| (name, kind)));
                }
                _ => {}
            }
        }
        shelf
    }

    /// What a source is, where its document stands here and says so.
    pub(super) fn source(&self, name: &str) -> Option<&'n Node> {
        self.sources.get(name).copied()
    }
}
