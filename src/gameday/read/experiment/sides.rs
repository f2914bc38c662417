//! Whom an experiment hits: labels, or the short forms for them, on one side or two, and how many. Not what is done to
//! them.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use crate::gameday::catalog::FaultType;
use crate::gameday::fault::{Mode, Selector, ZoneResource};
use crate::gameday::node::{Kind, Node};
use crate::gameday::text::printable;

/// Whom an experiment hits.
#[derive(Default)]
pub(super) struct Sides {
    pub(super) selector: Option<Selector>,
    pub(super) destination: Option<Selector>,
    pub(super) mode: Option<Mode>,
    /// `resources:` of a zone, where they stand in the target.
    pub(super) resources: Option<Vec<ZoneResource>>,
    /// `serviceAccount:`
    pub(super) account: Option<String>,
    /// Something was there and wrong; saying that it is missing would be no help.
    pub(super) broken: bool,
}

/// Short forms in a target, and the labels they stand for.
const SHORT: [(&str, &str); 3] = [("service", "app"), ("zone", "zone"), ("node", "node")];

/// Reads a target of an experiment of type `kind`.
pub(super) fn read(node: &Node, kind: &FaultType, findings: &mut Findings) -> Sides {
    let mut sides = Sides { broken: true, ..Sides::default() };
    let Some(mut fields) = Fields::of(node, "a target", findings) else { return sides };
    let single = fields.take("selector", findings).map(|node| selector(node, findings));
    let source = fields.take("source", findings).map(|node| side(node, findings));
    let destination = fields.take("destination", findings).map(|node| side(node, findings));
    let short = short_forms(&mut fields, findings);
    if kind.name == "zone-failure" {
        let node = fields.take("resources", findings);
        let found = node.map(|node| resources(node, findings));
        if matches!(found, Some(None)) {
            fields.finish(findings);
            return sides;
        }
        sides.resources = found.flatten();
    }
    let mut broken = false;
    if kind.name == "rbac-mutation" {
        if let Some(node) = fields.take("serviceAccount", findings) {
            sides.account = value::text(node, findings);
            broken = sides.account.is_none();
        }
        // Only a cluster has namespaces; the brief names one.
        if let Some(node) = fields.take("namespace", findings) {
            broken |= value::text(node, findings).is_none();
        }
    }
    sides.mode = mode(&mut fields, findings);
    let place = fields.place;
    fields.finish(findings);
    if single.is_some() && source.is_some() {
        let what = "a target has a selector or a source, not both";
        findings.error(place, what, "", "put the selector into the source");
        return sides;
    }
    sides.broken = broken
        || short.is_none()
        || [&single, &source, &destination].iter().any(|one| matches!(one, Some(None)));
    let mut selector = single.or(source).flatten();
    for (label, value) in short.unwrap_or_default() {
        let labels = selector.get_or_insert_default();
        if labels.insert(label.to_owned(), value).is_some() {
            let what = format!("the target says twice which {label} is meant");
            findings.error(place, what, "", "remove one of them");
            sides.broken = true;
        }
    }
    sides.selector = selector;
    sides.destination = destination.flatten();
    sides
}

/// `None` where one is wrong.
fn short_forms(
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    let mut wrong = false;
    for (key, label) in SHORT {
        // A key that is not there is not offered either: most targets have labels.
        if !fields.has(key) {
            continue;
        }
        match fields.take(key, findings).and_then(|node| value::text(node, findings)) {
            Some(value) => found.push((label, value)),
            None => wrong = true,
        }
    }
    (!wrong).then_some(found)
}

/// `[compute, storage, network]`
pub(super) fn resources(node: &Node, findings: &mut Findings) -> Option<Vec<ZoneResource>> {
    const WORDS: [(&str, ZoneResource); 3] = [
        ("compute", ZoneResource::Compute),
        ("storage", ZoneResource::Storage),
        ("network", ZoneResource::Network),
    ];
    let items = value::list(node, "resources", findings)?;
    if items.is_empty() {
        let mend = "write [compute, storage, network]";
        findings.error(node.place, "a failure of nothing is no fault", "", mend);
        return None;
    }
    let mut found = Vec::new();
    for item in items {
        let word = value::word(item, &WORDS, findings)?;
        if found.contains(&word) {
            findings.error(item.place, "this stands here twice", "", "remove one of them");
            return None;
        }
        found.push(word);
    }
    found.sort_unstable();
    Some(found)
}

fn side(node: &Node, findings: &mut Findings) -> Option<Selector> {
    let mut fields = Fields::of(node, "a side", findings)?;
    let short = short_forms(&mut fields, findings)?;
    if let [_, ..] = short.as_slice()
        && !fields.has("selector")
    {
        fields.finish(findings);
        return Some(short.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    }
    let found = fields.need("selector", "{ app: web-app }", findings);
    fields.finish(findings);
    let mut labels = selector(found?, findings)?;
    labels.extend(short.into_iter().map(|(key, value)| (key.to_owned(), value)));
    Some(labels)
}

fn selector(node: &Node, findings: &mut Findings) -> Option<Selector> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("labels are expected here, and this is {}", node.noun());
        findings.error(node.place, what, "", "write { app: web-app }");
        return None;
    };
    if entries.is_empty() {
        let why = "it would hit every pod of the target";
        findings.error(
            node.place,
            "the selector is empty",
            why,
            "name a label, for example { app: web-app }",
        );
        return None;
    }
    let mut labels = Selector::new();
    for (key, node) in entries {
        let text = value::text(node, findings)?;
        if labels.insert(printable(&key.text, 200), text).is_some() {
            let what = format!("the label \"{}\" stands here twice", printable(&key.text, 60));
            findings.error(key.place, what, "", "remove one of them");
            return None;
        }
    }
    Some(labels)
}

#[derive(Clone, Copy)]
enum ModeWord {
    One,
    All,
    Fixed,
    FixedPercent,
    RandomMaxPercent,
}

const MODES: [(&str, ModeWord); 5] = [
    ("one", ModeWord::One),
    ("all", ModeWord::All),
    ("fixed", ModeWord::Fixed),
    ("fixed-percent", ModeWord::FixedPercent),
    ("random-max-percent", ModeWord::RandomMaxPercent),
];

/// `mode` and `value`
pub(super) fn mode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Mode> {
    let node = fields.take("mode", findings);
    let value = fields.take("value", findings);
    let Some(node) = node else {
        if let Some(value) = value {
            let what = "a value without a mode";
            findings.error(value.place, what, "", "add mode: fixed, or mode: fixed-percent");
        }
        return None;
    };
    let word = value::word(node, &MODES, findings)?;
    match (word, value) {
        (ModeWord::One | ModeWord::All, Some(value)) => {
            let what = "this mode has no value";
            findings.error(value.place, what, "", "remove the value, or write mode: fixed");
            None
        }
        (ModeWord::One, None) => Some(Mode::One),
        (ModeWord::All, None) => Some(Mode::All),
        (_, None) => {
            findings.error(node.place, "this mode needs a value", "", "add value: 2");
            None
        }
        (ModeWord::Fixed, Some(value)) => value::whole(value, 1, 10_000, findings).map(Mode::Fixed),
        (ModeWord::FixedPercent, Some(value)) => {
            value::percent(value, findings).map(Mode::FixedPercent)
        }
        (ModeWord::RandomMaxPercent, Some(value)) => {
            value::percent(value, findings).map(Mode::RandomMaxPercent)
        }
    }
}
