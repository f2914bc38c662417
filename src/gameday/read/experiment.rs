//! One experiment: type, target, parameters. Which types there are stands in `gameday::catalog`.

mod data;
mod kinds;
mod manifest;
mod network;
mod pods;
mod sides;
mod workloads;

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::catalog::{self, FaultType, Seat, TYPES};
use crate::gameday::fault::{Experiment, Fault, Mode, Selector};
use crate::gameday::node::Node;
use crate::gameday::problem::{Place, nearest, suggestion};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use sides::Sides;

/// A fault cannot strike more often.
const SHORTEST_INTERVAL: Span = Span::from_secs(1);

/// An experiment with what is needed to talk about it.
pub(super) struct Found {
    pub(super) name: Option<(String, Place)>,
    pub(super) experiment: Experiment,
    /// Where its type stands.
    pub(super) place: Place,
    /// Where its duration stands.
    pub(super) lasting: Option<Place>,
}

/// Reads an experiment that stands on its own.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Option<Found> {
    let mut fields = Fields::of(node, "an experiment", findings)?;
    let found = from_fields(&mut fields, findings);
    fields.finish(findings);
    found
}

/// Reads the keys of an experiment out of `fields`, which may hold others.
pub(super) fn from_fields(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Found> {
    let found = match fields.has("manifest") && !fields.has("type") {
        true => fields.take("manifest", findings).zip(catalog::find("manifest")),
        false => fields
            .need("type", "pod-failure", findings)
            .and_then(|node| Some((node, known_type(node, findings)?))),
    };
    let Some((kind_node, kind)) = found else {
        fields.forgive();
        return None;
    };
    let name_node = fields.take("name", findings);
    let name = name_node.and_then(|node| Some((value::name(node, findings)?, node.place)));
    let lasting = fields.take("duration", findings);
    let duration = lasting.and_then(|node| value::duration(node, findings));
    let target = fields.take("target", findings).map(|node| sides::read(node, kind, findings));
    let mut sides = target.unwrap_or_default();
    if let Some(mode) = sides::mode(fields, findings) {
        if sides.mode.is_some() {
            let place = fields.place_of("mode").unwrap_or(fields.place);
            findings.error(
                place,
                "\"mode\" stands here and in the target",
                "",
                "remove one of them",
            );
        }
        sides.mode = Some(mode);
    }
    let fault = kinds::read(kind, fields, &mut sides, findings);
    if kind.seat == Seat::Given {
        fields.know(&["type"]);
    }
    if fault.is_none() {
        let keys: Vec<&'static str> = kind.keys().collect();
        fields.know(&keys);
    }
    let repeats = fault.as_ref().is_some_and(catalog::is_instant);
    let interval = if repeats { interval(fields, findings) } else { None };
    let by_itself = match &fault {
        Some(Fault::Manifest { documents, .. }) => {
            manifest::complete(documents, &mut sides, kind_node.place, findings)
        }
        _ => None,
    };
    if let Seat::Usually(labels) = kind.seat
        && sides.selector.is_none()
        && !sides.broken
    {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        sides.selector = Some(labels.iter().map(owned).collect());
    }
    if kind.seat == Seat::Given && fault.is_none() {
        return None;
    }
    complete(kind, &sides, kind_node.place, findings)?;
    let experiment = Experiment {
        fault: fault?,
        selector: sides.selector?,
        destination: sides.destination,
        mode: sides.mode.unwrap_or_default(),
        duration: duration.or(by_itself),
        interval,
    };
    Some(Found {
        name,
        experiment,
        place: kind_node.place,
        lasting: lasting.map(|node| node.place),
    })
}

fn known_type(node: &Node, findings: &mut Findings) -> Option<&'static FaultType> {
    let text = value::raw(node, findings)?;
    let found = catalog::find(text);
    if found.is_none() {
        let names: Vec<&str> = TYPES.iter().map(|one| one.name).collect();
        let mend = match nearest(text, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => suggestion(text, &names),
        };
        let what = format!("\"{}\" is no type of experiment", printable(text, 60));
        findings.error(node.place, what, "", mend);
    }
    found
}

/// Whether every side that the type needs is there, and none that it cannot have.
fn complete(kind: &FaultType, sides: &Sides, place: Place, findings: &mut Findings) -> Option<()> {
    if sides.broken {
        return None;
    }
    let name = kind.name;
    let two_sided = kind.seat == Seat::TwoSides;
    let example = "add target: { source: { selector: { app: web-app } }, destination: { selector: { app: database } } }";
    if two_sided && (sides.selector.is_none() || sides.destination.is_none()) {
        let what = format!("{name} needs a target with a source and a destination");
        findings.error(place, what, "it works between two apps", example);
        return None;
    }
    if !two_sided && kind.seat != Seat::Given && sides.destination.is_some() {
        let what = format!("{name} has no destination");
        let mend = "write target: { selector: { app: web-app } }";
        findings.error(place, what, "it works on pods, not between two apps", mend);
        return None;
    }
    if let Seat::Whole(label) = kind.seat {
        return whole(name, label, sides, place, findings);
    }
    if sides.selector.is_none() {
        let what = format!("{name} needs a target");
        let mend = "add target: { selector: { app: web-app } }";
        findings.error(place, what, "nothing says which pods are hit", mend);
        return None;
    }
    if kind.seat == Seat::Workloads && sides.mode.is_some_and(|mode| mode != Mode::All) {
        let what = format!("{name} hits whole workloads");
        let why = "what is changed of a workload is changed for all of its pods";
        findings.error(place, what, why, "remove the mode");
        return None;
    }
    Some(())
}

/// Whole nodes and zones fail, and nothing less of them.
fn whole(
    name: &str,
    label: &str,
    sides: &Sides,
    place: Place,
    findings: &mut Findings,
) -> Option<()> {
    let mend = if label == "zone" { "zone: zone-a" } else { "node: node-1" };
    let only = |labels: &Selector| labels.len() == 1 && labels.contains_key(label);
    if !sides.selector.as_ref().is_some_and(only) {
        let what = format!("{name} needs a target with a {label}, and nothing else");
        findings.error(place, what, "", format!("write target: {{ {mend} }}"));
        return None;
    }
    if sides.mode.is_some_and(|mode| mode != Mode::All) {
        let what = format!("{name} hits everything in the {label}");
        findings.error(
            place,
            what,
            format!("a {label} does not fail by halves"),
            "remove the mode",
        );
        return None;
    }
    Some(())
}

fn interval(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Span> {
    let node = fields.take("interval", findings)?;
    let span = value::duration(node, findings)?;
    if span < SHORTEST_INTERVAL {
        let what = format!("an interval of {span} is too short");
        findings.error(node.place, what, "pods need time to come back", "write 30s");
        return None;
    }
    Some(span)
}
