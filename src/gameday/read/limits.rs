//! `slos:`, `steady_state:` and `guardrails:`: what must hold, and what happens where it does not.

use std::collections::HashSet;

use super::fields::Fields;
use super::findings::Findings;
use super::objectives::mistake;
use super::value;
use crate::gameday::measure::parse::parse_trigger_over;
use crate::gameday::metric::Metric;
use crate::gameday::node::{Key, Kind, Node};
use crate::gameday::plan::{GameDay, Guardrail, GuardrailAction, Limit, Slo};
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::text::printable;

/// Promises with their places; what could not be read is left out.
pub(super) fn slos(node: &Node, findings: &mut Findings) -> Vec<(Slo, Place)> {
    let mut found: Vec<(Slo, Place)> = Vec::new();
    for (key, value) in entries(node, "slos", findings) {
        let Some(mut fields) = Fields::of(value, "an SLO", findings) else { continue };
        let metric = match fields.take("metric", findings) {
            Some(node) => {
                value::raw(node, findings).and_then(|text| metric(text, node.place, findings))
            }
            None => metric(&key.text, key.place, findings),
        };
        let Some(metric) = metric else { continue };
        let objective = fields.take("objective", findings);
        let limit = limit(&mut fields, metric, objective, key.place, findings);
        fields.finish(findings);
        if let Some(limit) = limit {
            found.push((Slo { name: printable(&key.text, 60), limit }, key.place));
        }
    }
    found
}

/// Limits of the steady state with their places. The brief's `metrics:` around them may stand or not.
pub(super) fn steady_state(node: &Node, findings: &mut Findings) -> Vec<(Limit, Place)> {
    let node = node.get("metrics").unwrap_or(node);
    let mut found: Vec<(Limit, Place)> = Vec::new();
    for (key, value) in entries(node, "steady_state", findings) {
        let Some(metric) = metric(&key.text, key.place, findings) else { continue };
        let Some(mut fields) = Fields::of(value, "a limit", findings) else { continue };
        let limit = limit(&mut fields, metric, None, key.place, findings);
        fields.finish(findings);
        found.extend(limit.map(|limit| (limit, key.place)));
    }
    found
}

fn entries<'n>(node: &'n Node, owner: &str, findings: &mut Findings) -> &'n [(Key, Node)] {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("{owner} holds metrics with limits, and this is {}", node.noun());
        findings.error(node.place, what, "", "write availability: { min: 99.9% }");
        return &[];
    };
    let mut seen = HashSet::new();
    for (key, _) in entries {
        if !seen.insert(key.text.as_str()) {
            let what = format!("\"{}\" stands here a second time", printable(&key.text, 60));
            findings.error(key.place, what, "only one can count", "remove one of them");
        }
    }
    entries
}

fn metric(text: &str, place: Place, findings: &mut Findings) -> Option<Metric> {
    let found = findings.vocabulary().metric(text);
    if found.is_none() {
        let names = findings.vocabulary().names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let what = format!("\"{}\" is no metric", printable(text, 60));
        findings.error(place, what, "", suggestion(text, &names));
    }
    found
}

/// `min` and `max`, or `objective`, which is the one of them that is the good side.
fn limit(
    fields: &mut Fields<'_>,
    metric: Metric,
    objective: Option<&Node>,
    place: Place,
    findings: &mut Findings,
) -> Option<Limit> {
    let min_node = fields.take("min", findings);
    let max_node = fields.take("max", findings);
    let unit = metric.unit();
    let mut min = read(min_node, unit, findings)?;
    let mut max = read(max_node, unit, findings)?;
    if let (Some(node), Metric::Asked(query)) = (objective, metric) {
        let what = format!("whether more or less of {} is good is not known", query.name());
        findings.error(node.place, what, "it is a query", "write min or max");
        return None;
    }
    if let Some(node) = objective {
        let value = value::in_unit(node, unit, findings)?;
        let low =
            matches!(metric, Metric::Availability | Metric::Throughput | Metric::CacheHitRate);
        let side = if low { &mut min } else { &mut max };
        if side.is_some() {
            let what = "\"objective\" and the limit beside it say the same thing twice";
            findings.error(node.place, what, "", "remove one of them");
            return None;
        }
        *side = Some(value);
    }
    match (min, max) {
        (None, None) => {
            findings.error(place, "this has no limit", "", "add min or max");
            None
        }
        (Some(low), Some(high)) if low > high => {
            let place = min_node.map_or(place, |node| node.place);
            let what = format!("min ({}) is above max ({})", unit.show(low), unit.show(high));
            findings.error(place, what, "no value is inside", "exchange them");
            None
        }
        _ => Some(Limit { metric, min, max }),
    }
}

/// `Some(None)` where nothing stands there, `None` where it is wrong.
fn read(
    node: Option<&Node>,
    unit: crate::gameday::metric::Unit,
    findings: &mut Findings,
) -> Option<Option<f64>> {
    match node {
        None => Some(None),
        Some(node) => value::in_unit(node, unit, findings).map(Some),
    }
}

/// Whether it can be told that the target recovered.
pub(super) fn recoverable(plan: &GameDay, place: Place, findings: &mut Findings) {
    if plan.steady_state.is_empty() {
        let what = "without a steady state no recovery can be measured";
        let why = "recovered means: inside the steady state again";
        let mend = "add steady_state: { availability: { min: 99.9% } }";
        findings.warning(place, what, why, mend);
    }
}

/// Rules; what could not be read is left out.
pub(super) fn guardrails(node: &Node, findings: &mut Findings) -> Vec<Guardrail> {
    const ACTIONS: [(&str, GuardrailAction); 3] = [
        ("warn", GuardrailAction::Warn),
        ("hold", GuardrailAction::Hold),
        ("halt", GuardrailAction::Halt),
    ];
    let mut found = Vec::new();
    for item in value::list(node, "guardrails", findings).unwrap_or_default() {
        let Some(mut fields) = Fields::of(item, "a guardrail", findings) else { continue };
        let when_node = fields.need("when", "availability < 50% for 30s", findings);
        let then = fields.need("then", "halt", findings);
        let then = then.and_then(|node| value::word(node, &ACTIONS, findings));
        fields.finish(findings);
        let Some(node) = when_node else { continue };
        let Some(text) = value::raw(node, findings).map(str::trim) else { continue };
        match parse_trigger_over(text, findings.vocabulary()) {
            Ok(when) => found.extend(then.map(|then| Guardrail { when, then })),
            Err(error) => mistake(node, text, &error, findings),
        }
    }
    found
}
