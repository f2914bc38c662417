//! `prometheus:` and `queries:`: which server is asked for what, by names that limits, measures and rules may use. Not the
//! asking, and not whether the server takes a query: it says so itself before anything starts.

use super::address;
use super::fields::Fields;
use super::findings::Findings;
use super::value;
use super::watch::query;
use crate::gameday::measure::parse::is_taken;
use crate::gameday::node::{Key, Kind, Node};
use crate::gameday::plan::AskedFor;
use crate::gameday::query::{LONGEST_NAME, Query};
use crate::gameday::service::{WINDOW, closed};
use crate::gameday::text::printable;
use crate::gameday::unit::Unit;

/// Units as they are written; the last of them come in seconds.
pub(super) const UNITS: [(&str, (Unit, bool)); 6] = [
    ("share", (Unit::Share, false)),
    ("ms", (Unit::Millis, false)),
    ("per_second", (Unit::PerSecond, false)),
    ("count", (Unit::Count, false)),
    ("s", (Unit::Millis, true)),
    ("seconds", (Unit::Millis, true)),
];

/// One server answers for all of them, often enough for a guardrail.
const MOST: usize = 50;

/// Reads both keys. From then on the names are known wherever a metric may stand.
pub(super) fn read(
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> (Option<String>, Vec<AskedFor>) {
    let server = fields.take("prometheus", findings);
    let address = server.and_then(|node| {
        let why = "it is the server that queries: are asked of";
        address::read(node, why, "http://127.0.0.1:9090", findings)
    });
    let asked = fields.take("queries", findings);
    if let (Some(node), None) = (server, asked) {
        let mend = "add queries:, or remove the line";
        findings.warning(node.place, "nothing is asked of this server", "", mend);
    }
    (address, asked.map(|node| queries(node, findings)).unwrap_or_default())
}

fn queries(node: &Node, findings: &mut Findings) -> Vec<AskedFor> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("queries holds names with what is asked, and this is {}", node.noun());
        let mend = "write queue: { query: sum(queue_depth), unit: count }";
        findings.error(node.place, what, "", mend);
        return Vec::new();
    };
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for (key, node) in entries {
        if names.len() == MOST {
            let what = format!("more than {MOST} queries");
            let why = "one server answers for all of them";
            findings.error(key.place, what, why, "leave some out");
            break;
        }
        let name = name(key, findings);
        let (unit, promql) = query(node, findings);
        let Some(query) = name.and_then(|name| Query::new(name, unit).ok()) else { continue };
        if names.iter().any(|one: &Query| one.name() == query.name()) {
            let what = format!("\"{}\" stands here a second time", query.name());
            findings.error(key.place, what, "only one can count", "remove one of them");
            continue;
        }
        names.push(query);
        found.extend(promql.map(|promql| AskedFor { query, promql }));
    }
    findings.learn(names);
    found
}

/// A name that is read as one word in a measure, and means nothing else there.
fn name<'n>(key: &'n Key, findings: &mut Findings) -> Option<&'n str> {
    let text = key.text.as_str();
    let shown = printable(text, 60);
    if is_taken(text) {
        let what = format!("\"{shown}\" already means something in a measure");
        findings.error(key.place, what, "", "give the query another name");
        return None;
    }
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let dashes = text.split('-').skip(1).all(|part| part.starts_with(inner));
    let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| inner(c) || matches!(c, '-' | '_'))
        && text.len() <= LONGEST_NAME
        && dashes;
    if !fits {
        let what = format!("\"{shown}\" cannot name a query");
        let why = format!(
            "a lower-case letter, then these, digits, single dashes and underscores, at most {LONGEST_NAME}"
        );
        findings.error(key.place, what, why, "write a name like checkout_latency");
        return None;
    }
    Some(text)
}

/// What is asked, and the unit of what comes.
fn query(node: &Node, findings: &mut Findings) -> (Unit, Option<String>) {
    let Some(mut fields) = Fields::of(node, "a query", findings) else {
        return (Unit::Count, None);
    };
    let asked = fields.need("query", "sum(rate(requests_total[1m]))", findings);
    let asked = asked.and_then(|node| {
        let text = query::text(node, findings)?;
        if text.contains(WINDOW) {
            let why = "only the promises of a watch are asked for over several";
            findings.error(node.place, "a query has no window", why, "write [1m]");
            return None;
        }
        Some(text)
    });
    let unit = fields.take("unit", findings);
    let unit = unit.and_then(|node| value::word(node, &UNITS, findings));
    fields.finish(findings);
    let (unit, seconds) = unit.unwrap_or((Unit::Count, false));
    let in_millis = |text: String| format!("1000 * {}", closed(&text));
    (unit, if seconds { asked.map(in_millis) } else { asked })
}
