//! Figures of promises and panels: objectives, periods, limits. Not the queries.

use super::super::findings::Findings;
use super::super::value;
use crate::gameday::node::Node;
use crate::gameday::problem::Place;
use crate::gameday::service::promql;
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::gameday::unit::Unit;

const DAY: u64 = 24 * 60 * 60;
/// No period is shorter or longer.
const SHORTEST: Span = Span::from_secs(60 * 60);
const LONGEST: Span = Span::from_secs(366 * DAY);

/// The share that has to be good: `99.9%` or `0.999`.
pub(super) fn objective(node: &Node, findings: &mut Findings) -> Option<f64> {
    let share = value::share(node, findings)?;
    let (what, why) = match share {
        0.0 => ("0% is no promise", "everything may be bad"),
        1.0 => ("100% leaves nothing that may be bad", "no budget can be used of nothing"),
        _ => return Some(share),
    };
    findings.error(node.place, what, why, "write what customers really need, such as 99.9%");
    None
}

/// Percent as another program writes them: `99.9`; `None`: out of what can be kept and missed.
pub(super) fn percent(node: &Node, findings: &mut Findings) -> Option<Option<f64>> {
    let text = value::raw(node, findings)?;
    value::number(node, findings)?;
    // Moving the point in the text keeps 99.9 exactly 0.999.
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    Some(format!("{plain}e-2").parse().ok().and_then(possible))
}

/// A share that can be kept and missed.
pub(super) fn possible(share: f64) -> Option<f64> {
    (share > 0.0 && share < 1.0).then_some(share)
}

fn bounded(span: Span, node: &Node, findings: &mut Findings) -> Option<Span> {
    if (SHORTEST..=LONGEST).contains(&span) {
        return Some(span);
    }
    let what = format!("a promise over {} cannot be watched", promql(span));
    let mend = format!("write {} to {}", promql(SHORTEST), promql(LONGEST));
    findings.error(node.place, what, "", mend);
    None
}

/// Over how long a promise is: `30d`, `4w`, `12h`.
pub(super) fn period(node: &Node, findings: &mut Findings) -> Option<Span> {
    let text = value::raw(node, findings)?;
    match humantime::parse_duration(text) {
        Ok(length) => bounded(Span::from(length), node, findings),
        Err(_) => {
            let what = format!("\"{}\" is no length of time", printable(text, 60));
            findings.error(node.place, what, "", "write 30d, 4w or 12h");
            None
        }
    }
}

/// A length in the shorthand of OpenSLO: a whole number and one letter. Months, quarters and years are 30, 90 and 365 days.
pub(super) fn shorthand(node: &Node, findings: &mut Findings) -> Option<Span> {
    let text = value::raw(node, findings)?;
    let mut figures = text.chars();
    let unit = figures.next_back();
    let number: Option<u64> = figures.as_str().parse().ok();
    let size = match unit {
        Some('m') => Some(60),
        Some('h') => Some(60 * 60),
        Some('d') => Some(DAY),
        Some('w') => Some(7 * DAY),
        Some('M') => Some(30 * DAY),
        Some('Q') => Some(90 * DAY),
        Some('Y') => Some(365 * DAY),
        _ => None,
    };
    match number.filter(|number| *number > 0).zip(size) {
        Some((number, size)) => Some(Span::from_secs(number.saturating_mul(size))),
        None => {
            let what = format!("\"{}\" is no length of time", printable(text, 60));
            let why = "in OpenSLO it is a whole number and one of m, h, d, w, M, Q, Y";
            findings.error(node.place, what, why, "write 30d or 4w");
            None
        }
    }
}

/// The same for a period.
pub(super) fn shorthand_period(node: &Node, findings: &mut Findings) -> Option<Span> {
    bounded(shorthand(node, findings)?, node, findings)
}

/// A limit in the unit of a panel; `seconds`: bare numbers are seconds, and become milliseconds.
pub(super) fn limit(
    node: &Node,
    unit: Unit,
    seconds: bool,
    findings: &mut Findings,
) -> Option<f64> {
    let text = value::raw(node, findings)?;
    let found = match unit {
        Unit::Share => return value::share(node, findings),
        Unit::Millis => millis(text, seconds),
        Unit::PerSecond => finite(text.strip_suffix("/s").unwrap_or(text)),
        Unit::Count => finite(text),
    };
    if found.is_none() {
        let what = format!("\"{}\" is no limit of this unit", printable(text, 60));
        let mend =
            if unit == Unit::Millis { "write 200ms or 1.5s" } else { "write a plain number" };
        findings.error(node.place, what, "", mend);
    }
    found
}

fn finite(text: &str) -> Option<f64> {
    value::bare(text.trim()).filter(|number| number.is_finite())
}

fn millis(text: &str, seconds: bool) -> Option<f64> {
    let (number, factor) = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(number), _) => (number, 1.0),
        (None, Some(number)) => (number, 1_000.0),
        (None, None) => (text, if seconds { 1_000.0 } else { 1.0 }),
    };
    Some(finite(number)? * factor)
}

/// How often is looked.
pub(super) fn every(node: &Node, findings: &mut Findings) -> Option<Span> {
    let span = value::duration(node, findings)?;
    if (Span::from_secs(1)..=SHORTEST).contains(&span) {
        return Some(span);
    }
    let what = format!("a look each {span} is not possible");
    findings.error(node.place, what, "servers of metrics look each few seconds", "write 1s to 1h");
    None
}

/// Two limits that leave something between them.
pub(super) fn apart(
    (min, max): (Option<f64>, Option<f64>),
    unit: Unit,
    place: Place,
    findings: &mut Findings,
) {
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let what = format!("min ({}) is above max ({})", unit.show(min), unit.show(max));
        findings.error(place, what, "no value is inside", "exchange them");
    }
}
