//! OpenSLO v1: the promises, and the documents that they name. Not the indicators.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use super::figure;
use super::gathered::{Gathered, Twice, made_name, title};
use super::indicator::{Indicator, Reader};
use super::shelf::{Shelf, head, said};
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::service::{Service, Share, USUAL_PERIOD, WINDOW, promql};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::gameday::watch::PanelFile;

/// Kinds without a promise of their own.
const BESIDE: [&str; 6] =
    ["SLI", "Service", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget"];

/// Reads a document.
pub(super) fn read(
    document: &Node,
    shelf: &Shelf<'_>,
    gathered: &mut Gathered,
    findings: &mut Findings,
) {
    let place = head(document);
    match said(document, "kind") {
        Some("SLO") => {
            slo(document, place, shelf, gathered, findings);
        }
        Some(kind) if BESIDE.contains(&kind) => {}
        Some(kind) => {
            let shown = printable(kind, 60);
            let what = format!("\"{shown}\" is no kind of OpenSLO that is known here");
            let kinds: Vec<&str> = ["SLO"].into_iter().chain(BESIDE).collect();
            findings.warning(place, what, "it is not looked at", suggestion(&shown, &kinds));
        }
        None => findings.error(place, "an OpenSLO document needs \"kind\"", "", "add kind: SLO"),
    }
}

/// A promise before its objectives are looked at; without what could not be read, so that they are looked at all the same.
struct Promise<'n> {
    name: &'n str,
    title: String,
    group: String,
    indicator: Option<Indicator>,
    period: Option<Span>,
    budget: Option<Budget>,
}

/// How a budget is used.
#[derive(Clone, Copy)]
enum Budget {
    /// By what is bad.
    Occurrences,
    /// By slices of time that are bad.
    Slices,
    /// By how much of each slice of time is bad.
    SliceShares,
}

fn slo(
    document: &Node,
    place: Place,
    shelf: &Shelf<'_>,
    gathered: &mut Gathered,
    findings: &mut Findings,
) -> Option<()> {
    let mut outer = Fields::of(document, "an SLO", findings)?;
    outer.know(&["apiVersion", "kind"]);
    let metadata = outer.need("metadata", "{ name: web-availability }", findings);
    let spec = outer.need("spec", "{ … }", findings);
    outer.finish_mildly(findings);
    let mut metadata = Fields::of(metadata?, "the metadata of an SLO", findings)?;
    metadata.forgive();
    let name = metadata.need("name", "web-availability", findings);
    let name = name.and_then(|node| value::raw(node, findings));
    let called = metadata.take("displayName", findings).and_then(|node| title(node, findings));
    let mut fields = Fields::of(spec?, "the specification of an SLO", findings)?;
    fields.know(&["description", "alertPolicies"]);
    let service = fields.take("service", findings).and_then(|node| title(node, findings));
    let indicator = fields.take("indicator", findings);
    let named = fields.take("indicatorRef", findings);
    let window = fields.take("timeWindow", findings);
    let method = fields.take("budgetingMethod", findings);
    let objectives = fields.need("objectives", "[{ target: 0.999 }]", findings);
    fields.finish_mildly(findings);
    let name = name?;
    let shown = printable(name, 60);
    let objectives = value::list(objectives?, "objectives", findings)?;
    let mut reader = Reader { shown: &shown, shelf, findings };
    let composite = |one: &Node| {
        ["indicator", "indicatorRef", "compositeWeight"].iter().any(|key| one.get(key).is_some())
    };
    if objectives.iter().any(composite) {
        reader.left_out(
            place,
            "it is made of several others",
            "composites are not put together",
            "",
        );
        return None;
    }
    let indicator = indicator_of(indicator, named, place, &mut reader);
    let period = period(window, &mut reader);
    let budget = budget(method, &mut reader);
    let promise = Promise {
        name,
        title: called.unwrap_or_else(|| shown.clone()),
        group: service.unwrap_or_default(),
        indicator,
        period,
        budget,
    };
    for item in objectives {
        objective(item, &promise, objectives.len() > 1, &mut reader, gathered);
    }
    Some(())
}

fn indicator_of(
    inline: Option<&Node>,
    named: Option<&Node>,
    place: Place,
    reader: &mut Reader<'_, '_>,
) -> Option<Indicator> {
    match (inline, named) {
        (Some(inline), None) => {
            let mut fields = Fields::of(inline, "an indicator", reader.findings)?;
            fields.know(&["metadata", "apiVersion", "kind"]);
            let spec = fields.need("spec", "{ ratioMetric: … }", reader.findings);
            fields.finish_mildly(reader.findings);
            reader.indicator(spec?)
        }
        (None, Some(named)) => {
            let name = value::raw(named, reader.findings)?;
            let Some(spec) = reader.shelf.indicators.get(name).copied() else {
                let known: Vec<&str> = reader.shelf.indicators.keys().copied().collect();
                let shown = printable(name, 60);
                let mend = if known.is_empty() {
                    "add the document of kind SLI to this file".to_owned()
                } else {
                    printable(&suggestion(&shown, &known), 200)
                };
                let reason = format!("its indicator \"{shown}\" does not stand here");
                reader.left_out(named.place, &reason, "", &mend);
                return None;
            };
            reader.indicator(spec)
        }
        (Some(_), Some(named)) => {
            let what = "an SLO has \"indicator\" or \"indicatorRef\", not both";
            reader.findings.error(named.place, what, "", "remove one of them");
            None
        }
        (None, None) => {
            let mend = "add indicator: or indicatorRef:";
            reader.findings.error(place, "an SLO needs an indicator", "", mend);
            None
        }
    }
}

/// The one window; where there is none, the usual one.
fn period(node: Option<&Node>, reader: &mut Reader<'_, '_>) -> Option<Span> {
    let Some(node) = node else { return Some(USUAL_PERIOD) };
    let items = value::list(node, "windows of time", reader.findings)?;
    let item = match items {
        [] => return Some(USUAL_PERIOD),
        [only] => only,
        [_, second, ..] => {
            let what = "an SLO has one window of time";
            reader.findings.error(second.place, what, "", "remove the others");
            return None;
        }
    };
    let mut fields = Fields::of(item, "a window of time", reader.findings)?;
    let duration = fields.need("duration", "30d", reader.findings);
    let rolling = fields.take("isRolling", reader.findings);
    let rolling = rolling.map(|node| value::truth(node, reader.findings));
    fields.know(&["calendar"]);
    let calendar = fields.has("calendar");
    let place = fields.place;
    fields.finish_mildly(reader.findings);
    if calendar || rolling == Some(Some(false)) {
        let why = "only windows that end now are looked at";
        let mend = "write isRolling: true, without calendar";
        reader.left_out(place, "its window follows the calendar", why, mend);
        return None;
    }
    figure::shorthand_period(duration?, reader.findings)
}

fn budget(node: Option<&Node>, reader: &mut Reader<'_, '_>) -> Option<Budget> {
    let choices = [
        ("Occurrences", Budget::Occurrences),
        ("Timeslices", Budget::Slices),
        ("RatioTimeslices", Budget::SliceShares),
    ];
    node.map_or(Some(Budget::Occurrences), |node| value::word(node, &choices, reader.findings))
}

fn objective(
    item: &Node,
    promise: &Promise<'_>,
    several: bool,
    reader: &mut Reader<'_, '_>,
    gathered: &mut Gathered,
) -> Option<()> {
    let mut fields = Fields::of(item, "an objective", reader.findings)?;
    let place = fields.place;
    let called = fields.take("displayName", reader.findings);
    let called = called.and_then(|node| title(node, reader.findings));
    let target = target(&mut fields, reader)?;
    let [op, value, least, slice] = ["op", "value", "timeSliceTarget", "timeSliceWindow"]
        .map(|key| fields.take(key, reader.findings));
    fields.finish_mildly(reader.findings);
    let sign = called.clone().unwrap_or_else(|| format!("{}", target * 100.0));
    let parts = [promise.name, sign.as_str()];
    let name = made_name(if several { &parts } else { &parts[..1] }, place);
    let title = match &called {
        Some(called) if several => format!("{}: {called}", promise.title),
        _ => promise.title.clone(),
    };
    let share = match promise.indicator.as_ref()? {
        Indicator::Figure { query, unit, seconds } => {
            let (min, max) = limits(op, value, place, *seconds, reader)?;
            let what = format!("of \"{}\" only the limit is watched", reader.shown);
            let why = "for which share of the time it has to hold is not looked at";
            reader.findings.warning(place, what, why, "");
            let (query, unit, group) = (query.clone(), *unit, promise.group.clone());
            let panel = PanelFile { name, title, group, query, unit, min, max };
            gathered.panel(panel, place, Twice::LeftOut, reader.findings);
            return Some(());
        }
        Indicator::Share(share) => share,
    };
    let Some(objective) = figure::possible(target) else {
        let reason = "its target is not between 0 and 1";
        reader.left_out(place, reason, "of a promise without a budget, none can be used", "");
        return None;
    };
    let share = sliced(share, promise.budget?, least, slice, place, reader)?;
    let service = Service { name, title, objective, period: promise.period?, share };
    gathered.service(service, place, Twice::LeftOut, reader.findings);
    Some(())
}

/// The share that is promised.
fn target(fields: &mut Fields<'_>, reader: &mut Reader<'_, '_>) -> Option<f64> {
    let share = fields.take("target", reader.findings);
    let percent = fields.take("targetPercent", reader.findings);
    match (share, percent) {
        (Some(node), None) => value::share(node, reader.findings),
        (None, Some(node)) => {
            // What is beyond is said where the promise is left out.
            figure::percent(node, reader.findings).map(Option::unwrap_or_default)
        }
        (Some(_), Some(node)) => {
            let what = "\"target\" and \"targetPercent\" say the same thing twice";
            reader.findings.error(node.place, what, "", "remove one of them");
            None
        }
        (None, None) => {
            let what = "an objective needs \"target\"";
            reader.findings.error(fields.place, what, "", "add target: 0.999");
            None
        }
    }
}

/// On which side of which value a figure has to stay.
fn limits(
    op: Option<&Node>,
    value: Option<&Node>,
    place: Place,
    seconds: bool,
    reader: &mut Reader<'_, '_>,
) -> Option<(Option<f64>, Option<f64>)> {
    let (Some(op), Some(value)) = (op, value) else {
        let what = "an objective of a threshold needs \"op\" and \"value\"";
        reader.findings.error(place, what, "", "add op: lte and value: 200");
        return None;
    };
    let above = [("lte", false), ("lt", false), ("gte", true), ("gt", true)];
    let above = value::word(op, &above, reader.findings);
    let value = value::number(value, reader.findings)? * if seconds { 1_000.0 } else { 1.0 };
    Some(if above? { (Some(value), None) } else { (None, Some(value)) })
}

/// The share of time that was bad, where slices of it are counted. Slices without traffic are none.
fn sliced(
    share: &Share,
    budget: Budget,
    least: Option<&Node>,
    slice: Option<&Node>,
    place: Place,
    reader: &mut Reader<'_, '_>,
) -> Option<Share> {
    if matches!(budget, Budget::Occurrences) {
        return Some(share.clone());
    }
    let Some(slice) = slice else {
        let what = "slices of time need \"timeSliceWindow\"";
        reader.findings.error(place, what, "", "add timeSliceWindow: 1m");
        return None;
    };
    let length = match &slice.kind {
        // A bare number is minutes.
        Kind::Text { text, .. } if text.chars().all(|c| c.is_ascii_digit()) => {
            let minutes = value::whole(slice, 1, 60 * 24, reader.findings)?;
            Span::from_secs(u64::from(minutes) * 60)
        }
        _ => figure::shorthand(slice, reader.findings)?,
    };
    let slice = promql(length);
    let each = format!("({}) >= 0", share.over(length));
    if matches!(budget, Budget::SliceShares) {
        return Some(Share::Ratio(format!("avg_over_time(({each})[{WINDOW}:{slice}])")));
    }
    let Some(least) = least else {
        let what = "slices of time need \"timeSliceTarget\"";
        reader.findings.error(place, what, "", "add timeSliceTarget: 0.95");
        return None;
    };
    // Without what floating point adds to it.
    let most = ((1.0 - value::share(least, reader.findings)?) * 1e12).round() / 1e12;
    Some(Share::Ratio(format!("avg_over_time((({each}) > bool {most})[{WINDOW}:{slice}])")))
}
