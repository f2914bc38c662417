//! `objectives:` and the measures in them.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::measure::Measure;
use crate::gameday::measure::parse::{MeasureError, NameUse, parse_with_names};
use crate::gameday::measure::sentence::measure_of;
use crate::gameday::node::{Kind, Node};
use crate::gameday::plan::Objective;
use crate::gameday::problem::Place;

/// A name that a measure uses, with its place in the file.
pub(super) struct Named {
    pub(super) used: NameUse,
    pub(super) place: Place,
}

/// Objectives, and the names in their measures; what could not be read is left out.
pub(super) fn read(node: &Node, findings: &mut Findings) -> (Vec<Objective>, Vec<Named>) {
    let (mut objectives, mut names) = (Vec::new(), Vec::new());
    for item in value::list(node, "objectives", findings).unwrap_or_default() {
        let objective = match &item.kind {
            Kind::Map(_) => detailed(item, &mut names, findings),
            _ => sentence(item, &mut names, findings),
        };
        objectives.extend(objective);
    }
    (objectives, names)
}

fn sentence(item: &Node, names: &mut Vec<Named>, findings: &mut Findings) -> Option<Objective> {
    let title = value::text(item, findings)?;
    if let Some(source) = measure_of(&title) {
        // What a sentence means is written by this program and always parses.
        let measure = parse_with_names(&source, findings.vocabulary())
            .ok()
            .map(|(condition, _)| Measure { source, condition });
        return Some(Objective { title, measure });
    }
    match parse_with_names(&title, findings.vocabulary()) {
        Ok((condition, used)) => {
            note(item, &title, used, names);
            let measure = Some(Measure { source: title.clone(), condition });
            Some(Objective { title, measure })
        }
        Err(error) => {
            if title.contains(['<', '>']) || title.contains("==") {
                let what = format!("this looks like a measure, but {}", error.what);
                let mend = if error.mend.is_empty() {
                    "write title: and measure: on two lines".to_owned()
                } else {
                    error.mend.clone()
                };
                let place = within(item, &title, error.at, error.width);
                findings.warning(place, what, "the facilitator will have to score it", mend);
            }
            Some(Objective { title, measure: None })
        }
    }
}

fn detailed(item: &Node, names: &mut Vec<Named>, findings: &mut Findings) -> Option<Objective> {
    let mut fields = Fields::of(item, "an objective", findings)?;
    let title = fields.need("title", "Coordinate incident response", findings);
    let title = title.and_then(|node| value::text(node, findings));
    let node = fields.take("measure", findings);
    fields.finish(findings);
    let title = title?;
    let Some(node) = node else {
        let measure = measure_of(&title).and_then(|source| {
            let (condition, _) = parse_with_names(&source, findings.vocabulary()).ok()?;
            Some(Measure { source, condition })
        });
        return Some(Objective { title, measure });
    };
    let measure = measure(node, names, findings)?;
    Some(Objective { title, measure: Some(measure) })
}

/// A measure, with the names in it; a mistake is found at its place.
pub(super) fn measure(
    node: &Node,
    names: &mut Vec<Named>,
    findings: &mut Findings,
) -> Option<Measure> {
    let source = value::raw(node, findings)?.trim();
    match parse_with_names(source, findings.vocabulary()) {
        Ok((condition, used)) => {
            note(node, source, used, names);
            Some(Measure { source: source.to_owned(), condition })
        }
        Err(error) => {
            mistake(node, source, &error, findings);
            None
        }
    }
}

fn note(node: &Node, source: &str, used: Vec<NameUse>, names: &mut Vec<Named>) {
    names.extend(used.into_iter().map(|used| {
        let place = within(node, source, used.at, used.name.chars().count());
        Named { used, place }
    }));
}

/// A mistake within a measure, at its place in the file.
pub(super) fn mistake(node: &Node, source: &str, error: &MeasureError, findings: &mut Findings) {
    let place = within(node, source, error.at, error.width);
    findings.error(place, error.what.as_str(), "", error.mend.as_str());
}

/// The place of a part of a value; the whole value where it is written over several lines or with escapes.
fn within(node: &Node, source: &str, at: usize, width: usize) -> Place {
    let length = source.chars().count();
    let quotes = match node.place.width {
        same if same == length => 0,
        quoted if quoted == length + 2 => 1,
        _ => return node.place,
    };
    Place { line: node.place.line, column: node.place.column + quotes + at, width }
}
