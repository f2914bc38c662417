//! Values of a file as what they are used for here. Not their meaning.

use crate::gameday::node::{Key, Kind, Node};

/// A single value.
pub(super) fn word(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Text { text, .. } => Some(text),
        _ => None,
    }
}

/// The keys of a map; nothing written is a map without keys.
pub(super) fn entries(node: &Node) -> Option<&[(Key, Node)]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        Kind::Empty => Some(&[]),
        _ => None,
    }
}
