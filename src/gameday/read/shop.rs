//! `lab:`: which defences of the lab's shop are on. Not what they do.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::defence::{Defence, Defences};
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::suggestion;
use crate::gameday::text::printable;

/// Reads `lab: resilient`, `lab: fragile`, or `lab: { defences: { failover: off } }`.
pub(super) fn defences(node: &Node, findings: &mut Findings) -> Option<Defences> {
    if !matches!(node.kind, Kind::Map(_)) {
        let fragile = value::word(node, &[("resilient", false), ("fragile", true)], findings)?;
        return Some(if fragile { Defences::fragile() } else { Defences::resilient() });
    }
    let mut fields = Fields::of(node, "lab", findings)?;
    let base = match fields.take("shop", findings) {
        Some(node) => {
            let fragile = value::word(node, &[("resilient", false), ("fragile", true)], findings)?;
            if fragile { Defences::fragile() } else { Defences::resilient() }
        }
        None => Defences::resilient(),
    };
    let inner = fields.need("defences", "{ failover: off }", findings);
    fields.finish(findings);
    switched(base, inner?, findings)
}

/// Each by its name, `on` or `off`.
fn switched(mut defences: Defences, node: &Node, findings: &mut Findings) -> Option<Defences> {
    const STATES: [(&str, bool); 4] =
        [("on", true), ("off", false), ("true", true), ("false", false)];
    let Kind::Map(entries) = &node.kind else {
        let what = format!("defences are names with on or off, and this is {}", node.noun());
        findings.error(node.place, what, "", "write { failover: off }");
        return None;
    };
    let names = Defence::ALL.map(Defence::name);
    let mut seen: Vec<Defence> = Vec::new();
    let mut right = true;
    for (key, value) in entries {
        let Ok(defence) = key.text.parse::<Defence>() else {
            let what = format!("there is no defence \"{}\"", printable(&key.text, 60));
            findings.error(key.place, what, "", suggestion(&key.text, &names));
            right = false;
            continue;
        };
        if seen.contains(&defence) {
            let what = format!("\"{defence}\" stands here a second time");
            findings.error(key.place, what, "only one can count", "remove one of them");
            right = false;
        }
        seen.push(defence);
        match value::word(value, &STATES, findings) {
            Some(on) => defences.set(defence, on),
            None => right = false,
        }
    }
    right.then_some(defences)
}
