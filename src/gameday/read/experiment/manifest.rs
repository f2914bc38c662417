//! Objects of Chaos Mesh in an experiment: the name of their file, or the objects themselves. Not the reading of the file.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::sides::Sides;
use crate::gameday::fault::{Fault, Selector};
use crate::gameday::manifest::{self, MOST};
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::Place;
use crate::gameday::span::Span;

pub(super) fn read(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let node = fields.need("manifest", "pod-kill.yaml", findings)?;
    let alone = std::slice::from_ref(node);
    let objects = match &node.kind {
        Kind::Text { .. } => {
            let file = file(node, findings)?;
            return Some(Fault::Manifest { file, documents: Vec::new() });
        }
        Kind::List(items) => items.as_slice(),
        _ => alone,
    };
    if objects.is_empty() || objects.len() > MOST {
        let what = format!("{} objects cannot be placed", objects.len());
        findings.error(node.place, what, "", format!("write 1 to {MOST}"));
        return None;
    }
    let mut documents = Vec::new();
    for object in objects {
        match manifest::object(object) {
            Ok(object) => documents.push(object),
            Err(problems) => {
                for one in problems {
                    findings.error(one.place, one.what, one.why, one.mend);
                }
            }
        }
    }
    (documents.len() == objects.len()).then_some(Fault::Manifest { file: String::new(), documents })
}

/// The name of a file beside the game day.
fn file(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = value::text(node, findings)?;
    let yaml = [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end));
    let what = if text.contains('\n') {
        "the name of a file is one line; objects stand as keys, not as a text"
    } else if text.starts_with(['/', '~', '\\']) || text.contains(':') {
        "the file has to lie beside the game day"
    } else if !yaml {
        "the file of a manifest ends in .yaml, .yml or .json"
    } else {
        return Some(text);
    };
    let why = "the game day takes it along where it goes";
    findings.error(node.place, what, why, "write manifest: pod-kill.yaml");
    None
}

/// Whom the objects hit, where the experiment itself does not say it; and how long they stay by themselves.
pub(super) fn complete(
    documents: &[serde_json::Value],
    sides: &mut Sides,
    place: Place,
    findings: &mut Findings,
) -> Option<Span> {
    if documents.is_empty() {
        // The file is not read yet.
        sides.selector.get_or_insert_with(Selector::new);
        return None;
    }
    let said = manifest::whom(documents);
    if sides.selector.is_none() && !sides.broken {
        sides.selector = said.selector;
        sides.destination = sides.destination.take().or(said.destination);
        sides.mode = sides.mode.or(Some(said.mode));
    }
    if sides.selector.is_none() && !sides.broken {
        let what = "the objects do not say by labels which pods they hit";
        let why = "the blast radius is worked out before anything is done";
        findings.error(place, what, why, "add target: { selector: { app: web-app } }");
        sides.broken = true;
    }
    said.duration
}
