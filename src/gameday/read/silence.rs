//! `silence:`: the alerts that may be silenced while the exercise runs. Not the silencing, for which somebody is asked.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::matcher::Matcher;
use crate::gameday::node::{Kind, Node};
use crate::gameday::silence::{MOST_SILENCES, Silence, check, parse};
use crate::gameday::text::printable;

/// How a silence may be written.
const EXAMPLE: &str = "{ matchers: { service: shop } }";

/// Reads one silence, or a list of them.
pub(super) fn read(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<Silence> {
    let Some(node) = fields.take("silence", findings) else { return Vec::new() };
    let Kind::List(items) = &node.kind else { return one(node, findings).into_iter().collect() };
    if items.is_empty() {
        let mend = format!("write silence: {EXAMPLE}, or remove the line");
        findings.error(node.place, "no silence stands here", "", mend);
    }
    let mut found: Vec<Silence> = Vec::new();
    for (nth, item) in items.iter().enumerate() {
        if nth == MOST_SILENCES {
            let what = format!("there are more than {MOST_SILENCES} silences");
            findings.error(item.place, what, "", "leave some out");
            break;
        }
        let Some(silence) = one(item, findings) else { continue };
        if found.iter().any(|other| other.matchers == silence.matchers) {
            let what = format!("{silence} is silenced twice");
            findings.error(item.place, what, "", "remove one of them");
            continue;
        }
        found.push(silence);
    }
    found
}

fn one(node: &Node, findings: &mut Findings) -> Option<Silence> {
    if let Kind::Text { .. } = &node.kind {
        let matchers = written(node, findings)?;
        return whole(node, matchers, None, findings);
    }
    let mut fields = Fields::of(node, "a silence", findings)?;
    let asked = fields.need("matchers", "{ service: shop }", findings);
    let why = fields.take("why", findings).map(|node| value::text(node, findings));
    fields.finish(findings);
    let asked = asked?;
    let matchers = matchers(asked, findings)?;
    whole(asked, matchers, why.flatten(), findings)
}

fn whole(
    node: &Node,
    matchers: Vec<Matcher>,
    why: Option<String>,
    findings: &mut Findings,
) -> Option<Silence> {
    match check(&matchers) {
        Ok(()) => Some(Silence { matchers, why }),
        Err((what, mend)) => {
            findings.error(node.place, what, "", mend);
            None
        }
    }
}

/// Labels with their values, or matchers as Alertmanager writes them.
fn matchers(node: &Node, findings: &mut Findings) -> Option<Vec<Matcher>> {
    match &node.kind {
        Kind::Text { .. } => written(node, findings),
        Kind::List(items) => {
            let each: Vec<_> = items.iter().map(|item| written(item, findings)).collect();
            Some(each.into_iter().collect::<Option<Vec<_>>>()?.concat())
        }
        Kind::Map(entries) => {
            // What stands here twice is found like any other key.
            drop(Fields::of(node, "a set of labels", findings)?);
            let each: Vec<_> = entries
                .iter()
                .map(|(key, node)| Some(Matcher::is(&key.text, &value::text(node, findings)?)))
                .collect();
            each.into_iter().collect()
        }
        Kind::Empty => {
            let what = "labels are expected here, and this is empty";
            findings.error(node.place, what, "", "write matchers: { service: shop }");
            None
        }
    }
}

fn written(node: &Node, findings: &mut Findings) -> Option<Vec<Matcher>> {
    let text = value::text(node, findings)?;
    match parse(&text) {
        Ok(matchers) => Some(matchers),
        Err((what, mend)) => {
            findings.error(node.place, printable(&what, 300), "", mend);
            None
        }
    }
}
