//! The two forms of Sloth: the file and the Kubernetes resource. What its plugins would ask is not known here; its alerts and
//! labels are of no use to who watches.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::gathered::{Gathered, Twice, made_name};
use super::{figure, query};
use crate::gameday::node::Node;
use crate::gameday::service::{Service, Share, USUAL_PERIOD, WINDOW};
use crate::gameday::text::printable;

/// How the keys of the two forms are spelt.
struct Spelling {
    error: &'static str,
    total: &'static str,
    ratio: &'static str,
}

const FILE: Spelling =
    Spelling { error: "error_query", total: "total_query", ratio: "error_ratio_query" };
const RESOURCE: Spelling =
    Spelling { error: "errorQuery", total: "totalQuery", ratio: "errorRatioQuery" };

const EXAMPLE: &str = "sum(rate(requests_total[{{.window}}]))";

/// Reads a document of the form `version: prometheus/v1`.
pub(super) fn plain(document: &Node, gathered: &mut Gathered, findings: &mut Findings) {
    let Some(mut fields) = Fields::of(document, "a Sloth file", findings) else { return };
    fields.know(&["version"]);
    slos(fields, &FILE, gathered, findings);
}

/// Reads a resource of the kind `PrometheusServiceLevel`.
pub(super) fn resource(document: &Node, gathered: &mut Gathered, findings: &mut Findings) {
    let Some(mut outer) = Fields::of(document, "a Sloth resource", findings) else { return };
    outer.know(&["apiVersion", "kind", "metadata", "status"]);
    let spec = outer.need("spec", "{ service: shop, slos: [] }", findings);
    outer.finish_mildly(findings);
    let Some(fields) = spec.and_then(|node| Fields::of(node, "a Sloth specification", findings))
    else {
        return;
    };
    slos(fields, &RESOURCE, gathered, findings);
}

fn slos(
    mut fields: Fields<'_>,
    spelling: &Spelling,
    gathered: &mut Gathered,
    findings: &mut Findings,
) {
    fields.know(&["labels", "slo_plugins", "sloPlugins"]);
    let service = fields.need("service", "shop", findings);
    let service = service.and_then(|node| value::text(node, findings));
    let list = fields.need("slos", "[]", findings);
    fields.finish_mildly(findings);
    let items = list.and_then(|node| value::list(node, "promises", findings)).unwrap_or_default();
    for item in items {
        slo(item, service.as_deref().unwrap_or_default(), spelling, gathered, findings);
    }
}

fn slo(
    item: &Node,
    service: &str,
    spelling: &Spelling,
    gathered: &mut Gathered,
    findings: &mut Findings,
) {
    let Some(mut fields) = Fields::of(item, "an SLO of Sloth", findings) else { return };
    let place = fields.place;
    fields.know(&["description", "labels", "infoLabels", "alerting", "interval", "plugins"]);
    let name = fields.need("name", "requests-availability", findings);
    let name = name.and_then(|node| value::text(node, findings));
    let objective = fields.need("objective", "99.9", findings);
    let found = objective.and_then(|node| figure::percent(node, findings));
    let sli = fields.need("sli", "{ events: … }", findings);
    fields.finish_mildly(findings);
    let shown = name.as_deref().map_or_else(String::new, |name| printable(name, 60));
    let share = sli.and_then(|node| sli_of(node, &shown, spelling, findings));
    let (Some(name), Some(objective), Some(found)) = (name, objective, found) else { return };
    let Some(found) = found else {
        let what = format!("\"{shown}\" is left out: its objective is not between 0 and 100");
        let why = "of a promise without a budget, none can be used";
        findings.warning(objective.place, what, why, "write 99.9");
        return;
    };
    let Some(share) = share else { return };
    let service = Service {
        name: made_name(&[service, &name], place),
        title: format!("{}: {shown}", printable(service, 60)),
        objective: found,
        // The file does not say; it is what Sloth takes, too.
        period: USUAL_PERIOD,
        share,
    };
    gathered.service(service, place, Twice::LeftOut, findings);
}

fn sli_of(node: &Node, shown: &str, spelling: &Spelling, findings: &mut Findings) -> Option<Share> {
    let mut fields = Fields::of(node, "an SLI", findings)?;
    let place = fields.place;
    fields.know(&["events", "raw", "plugin"]);
    let present: Vec<&str> =
        ["events", "raw", "plugin"].into_iter().filter(|key| fields.has(key)).collect();
    let share = match present.as_slice() {
        ["events"] => fields.take("events", findings).and_then(|node| {
            let mut fields = Fields::of(node, "a count of events", findings)?;
            let bad = part(&mut fields, spelling.error, shown, findings);
            let all = part(&mut fields, spelling.total, shown, findings);
            fields.finish_mildly(findings);
            Some(Share::Events { bad: bad?, all: all? })
        }),
        ["raw"] => fields.take("raw", findings).and_then(|node| {
            let mut fields = Fields::of(node, "a raw SLI", findings)?;
            let ratio = part(&mut fields, spelling.ratio, shown, findings);
            fields.finish_mildly(findings);
            ratio.map(Share::Ratio)
        }),
        [] => {
            findings.error(place, "this SLI asks nothing", "", "add events: or raw:");
            return None;
        }
        [first, second, ..] => {
            let what = format!("an SLI has \"{first}\" or \"{second}\", not both");
            findings.error(place, what, "", "remove one of them");
            return None;
        }
        [_] => {
            let what = format!("\"{shown}\" is left out: a plugin of Sloth makes its query");
            let mend = "write the query that the plugin makes as events or raw";
            findings.warning(place, what, "plugins are not run here", mend);
            return None;
        }
    };
    fields.finish_mildly(findings);
    share
}

fn part(
    fields: &mut Fields<'_>,
    key: &'static str,
    shown: &str,
    findings: &mut Findings,
) -> Option<String> {
    let node = fields.need(key, EXAMPLE, findings)?;
    let Some(query) = query::templated(node, findings)? else {
        let what = format!("\"{shown}\" is left out: its query has more in braces than the window");
        findings.warning(node.place, what, "templates are not filled here", "write it out");
        return None;
    };
    if query.contains(WINDOW) {
        return Some(query);
    }
    let what = "the query does not say where the window belongs";
    let why = "a promise is looked at over several windows; Sloth refuses this, too";
    findings.error(node.place, what, why, "write {{.window}} in it, as in rate(x[{{.window}}])");
    None
}
