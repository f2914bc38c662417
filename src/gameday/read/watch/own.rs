//! The form of this program: `watch: v1` with panels and promises. Strict: what nobody knows is refused.

use super::super::asked::UNITS;
use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::super::whole::humanised;
use super::gathered::{Gathered, Twice, name, title};
use super::{figure, query};
use crate::gameday::node::Node;
use crate::gameday::service::{Service, Share, USUAL_PERIOD, WINDOW, closed};
use crate::gameday::text::printable;
use crate::gameday::unit::Unit;
use crate::gameday::watch::PanelFile;

/// Reads a document of this form.
pub(super) fn read(document: &Node, gathered: &mut Gathered, findings: &mut Findings) {
    let Some(mut fields) = Fields::of(document, "a watch", findings) else { return };
    if let Some(node) = fields.need("watch", "v1", findings)
        && let Some(text) = value::raw(node, findings)
        && text != "v1"
    {
        let what = format!("\"{}\" is no version that this program reads", printable(text, 60));
        findings.error(node.place, what, "", "write watch: v1");
    }
    let called = fields.take("title", findings).and_then(|node| title(node, findings));
    gathered.watch.title = gathered.watch.title.take().or(called);
    let every = fields.take("every", findings).and_then(|node| figure::every(node, findings));
    gathered.watch.every = gathered.watch.every.or(every);
    let panels = fields.take("panels", findings);
    for item in panels.and_then(|node| value::list(node, "panels", findings)).unwrap_or_default() {
        panel(item, gathered, findings);
    }
    let slos = fields.take("slos", findings);
    for item in slos.and_then(|node| value::list(node, "promises", findings)).unwrap_or_default() {
        slo(item, gathered, findings);
    }
    fields.finish(findings);
}

fn panel(item: &Node, gathered: &mut Gathered, findings: &mut Findings) {
    let Some(mut fields) = Fields::of(item, "a panel", findings) else { return };
    let place = fields.place;
    let name = fields.need("name", "latency", findings).and_then(|node| name(node, findings));
    let called = fields.take("title", findings).and_then(|node| title(node, findings));
    let group = fields.take("group", findings).and_then(|node| title(node, findings));
    let asked = fields.need("query", "sum(rate(requests_total[1m]))", findings);
    let asked = asked.and_then(|node| panel_query(node, findings));
    let unit = fields.take("unit", findings);
    let unit = unit.map_or(Some((Unit::Count, false)), |node| value::word(node, &UNITS, findings));
    let (unit, seconds) = unit.unwrap_or((Unit::Count, false));
    let mut limit = |key, findings: &mut Findings| {
        let node = fields.take(key, findings)?;
        figure::limit(node, unit, seconds, findings)
    };
    let (min, max) = (limit("min", findings), limit("max", findings));
    figure::apart((min, max), unit, place, findings);
    fields.finish(findings);
    let (Some(name), Some(query)) = (name, asked) else { return };
    let query = if seconds { format!("1000 * {}", closed(&query)) } else { query };
    let title = called.unwrap_or_else(|| humanised(&name));
    let group = group.unwrap_or_default();
    let panel = PanelFile { name, title, group, query, unit, min, max };
    gathered.panel(panel, place, Twice::Refused, findings);
}

fn panel_query(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = query::text(node, findings)?;
    if text.contains(WINDOW) {
        let what = "a panel has no window";
        findings.error(node.place, what, "only promises are asked for over several", "write [1m]");
        return None;
    }
    Some(text)
}

fn slo(item: &Node, gathered: &mut Gathered, findings: &mut Findings) {
    let Some(mut fields) = Fields::of(item, "a promise", findings) else { return };
    let place = fields.place;
    let name = fields.need("name", "checkout", findings).and_then(|node| name(node, findings));
    let called = fields.take("title", findings).and_then(|node| title(node, findings));
    let objective = fields.need("objective", "99.9%", findings);
    let objective = objective.and_then(|node| figure::objective(node, findings));
    let period = fields.take("period", findings);
    let period = period.map_or(Some(USUAL_PERIOD), |node| figure::period(node, findings));
    let share = share(&mut fields, findings);
    fields.finish(findings);
    let (Some(name), Some(objective), Some(period), Some(share)) = (name, objective, period, share)
    else {
        return;
    };
    let title = called.unwrap_or_else(|| humanised(&name));
    let service = Service { name, title, objective, period, share };
    gathered.service(service, place, Twice::Refused, findings);
}

/// What is asked: `bad` and `all`, `good` and `all`, or `ratio`.
fn share(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Share> {
    let keys = ["bad", "good", "ratio"];
    fields.know(&["bad", "good", "ratio", "all"]);
    let present: Vec<&str> = keys.into_iter().filter(|key| fields.has(key)).collect();
    let mut part = |key, findings: &mut Findings| {
        let node = fields.need(key, "sum(rate(requests_total[{window}]))", findings)?;
        query::windowed(node, findings)
    };
    match present.as_slice() {
        ["bad"] => {
            let (bad, all) = (part("bad", findings), part("all", findings));
            Some(Share::Events { bad: bad?, all: all? })
        }
        ["good"] => {
            let (good, all) = (part("good", findings), part("all", findings));
            Some(Share::Good { good: good?, all: all? })
        }
        [] => {
            let what = "this promise does not say what is asked";
            let mend = "add bad: and all:, or good: and all:, or ratio:";
            findings.error(fields.place, what, "", mend);
            None
        }
        [first, second, ..] => {
            let place = fields.place_of(second).unwrap_or(fields.place);
            let what = format!("a promise has \"{first}\" or \"{second}\", not both");
            findings.error(place, what, "one share is asked for", "remove one of them");
            None
        }
        [_] => {
            let ratio = part("ratio", findings);
            if let Some(place) = fields.place_of("all") {
                let what = "beside \"ratio\", \"all\" is not asked for";
                findings.error(place, what, "a ratio is a share already", "remove it");
            }
            ratio.map(Share::Ratio)
        }
    }
}
