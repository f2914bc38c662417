//! Single values: words, names, figures, shares, rates and times, each with its own way of being wrong.

use super::findings::Findings;
use crate::gameday::metric::Unit;
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::span::Span;
use crate::gameday::text::{is_plain, printable};

/// The highest rate that may be asked for, in requests per second.
pub(super) const HIGHEST_RATE: f64 = 200_000.0;
/// The longest text.
const LONGEST_TEXT: usize = 2_000;
/// The longest single span: far beyond any game day, far below any overflow.
const LONGEST_SPAN: Span = Span::from_secs(1_000 * 60 * 60);

/// A single value as written.
pub(super) fn raw<'n>(node: &'n Node, findings: &mut Findings) -> Option<&'n str> {
    match &node.kind {
        Kind::Text { text, .. } => Some(text),
        _ => {
            let what = format!("a single value is expected here, and this is {}", node.noun());
            findings.error(node.place, what, "", "");
            None
        }
    }
}

/// Words for people; line breaks are allowed, other control characters are not.
pub(super) fn text(node: &Node, findings: &mut Findings) -> Option<String> {
    let text = raw(node, findings)?.trim();
    if text.chars().any(|c| !is_plain(c) && c != '\n') {
        let what = "the text holds control characters or characters that hide or turn text";
        findings.error(node.place, what, "they could change what a terminal shows", "remove them");
        return None;
    }
    if text.is_empty() {
        findings.error(node.place, "the text is empty", "", "write something, or remove the line");
        return None;
    }
    if text.chars().count() > LONGEST_TEXT {
        let what = format!("the text is longer than {LONGEST_TEXT} characters");
        findings.error(node.place, what, "", "make it shorter");
        return None;
    }
    Some(text.to_owned())
}

/// A name that may stand in a measure: begins with a letter; letters, digits, `-` and `_`.
pub(super) fn name(node: &Node, findings: &mut Findings) -> Option<String> {
    let name = text(node, findings)?;
    let right = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let begins = name.chars().next().is_some_and(char::is_alphabetic);
    let reserved = matches!(name.as_str(), "and" | "or" | "in" | "for" | "during");
    if begins
        && !reserved
        && !name.ends_with('-')
        && name.chars().all(right)
        && name.chars().count() <= 63
    {
        return Some(name);
    }
    let mended: String =
        name.chars().take(63).map(|c| if right(c) { c } else { '-' }).collect::<String>();
    let mended = mended.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let what = format!("\"{}\" cannot be a name", printable(&name, 60));
    let why = "names stand in measures: they begin with a letter and hold letters, digits, - and _";
    let mend = if mended.is_empty() { String::new() } else { format!("write {mended}") };
    findings.error(node.place, what, why, mend);
    None
}

/// One of several words.
pub(super) fn word<T: Copy>(
    node: &Node,
    choices: &[(&str, T)],
    findings: &mut Findings,
) -> Option<T> {
    let text = raw(node, findings)?;
    let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let what = format!("\"{}\" is not possible here", printable(text, 60));
        findings.error(node.place, what, "", suggestion(text, &names));
    }
    found
}

/// `true` or `false`.
pub(super) fn truth(node: &Node, findings: &mut Findings) -> Option<bool> {
    word(node, &[("true", true), ("false", false)], findings)
}

/// A plain number; no infinity, no words, no hexadecimal.
pub(super) fn bare(text: &str) -> Option<f64> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
    let figures: String = text.chars().filter(|c| *c != '_').collect();
    plain.then(|| figures.parse::<f64>().ok()).flatten()
}

/// A number.
pub(super) fn number(node: &Node, findings: &mut Findings) -> Option<f64> {
    let text = raw(node, findings)?;
    let value = bare(text);
    if value.is_none() {
        let what = format!("\"{}\" is no number", printable(text, 60));
        findings.error(node.place, what, "", "write a plain number such as 1000");
    }
    value
}

/// A whole number between two bounds.
pub(super) fn whole(node: &Node, least: u32, most: u32, findings: &mut Findings) -> Option<u32> {
    let value = number(node, findings)?;
    let inside = value.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&value);
    if !inside {
        let what = format!("{value} is not a whole number from {least} to {most}");
        findings.error(node.place, what, "", format!("write {least} to {most}"));
        return None;
    }
    Some(value as u32)
}

/// Whole percent: `40` or `40%`.
pub(super) fn percent(node: &Node, findings: &mut Findings) -> Option<u8> {
    let text = raw(node, findings)?;
    let value = bare(text.strip_suffix('%').unwrap_or(text));
    match value {
        Some(value) if value.fract() == 0.0 && (1.0..=100.0).contains(&value) => Some(value as u8),
        Some(value) if value > 100.0 => {
            let what = format!("{value}% is more than all of them");
            findings.error(node.place, what, "", "write 1 to 100");
            None
        }
        _ => {
            let what = format!("\"{}\" is no whole percentage from 1 to 100", printable(text, 60));
            findings.error(node.place, what, "", "write 40 or 40%");
            None
        }
    }
}

/// A share: `99.9%` or `0.999`.
pub(super) fn share(node: &Node, findings: &mut Findings) -> Option<f64> {
    let text = raw(node, findings)?;
    let value = match text.strip_suffix('%') {
        // Moving the point in the text keeps 99.9% exactly 0.999.
        Some(number) => bare(number).and_then(|_| format!("{}e-2", number.trim()).parse().ok()),
        None => bare(text),
    };
    match value {
        Some(value) if (0.0..=1.0).contains(&value) => Some(value),
        Some(_) if text.ends_with('%') => {
            let what = format!("{} is not between 0% and 100%", printable(text, 60));
            findings.error(node.place, what, "a share is a part of the whole", "");
            None
        }
        Some(value) => {
            let what = format!("{value} is not between 0 and 1");
            let why = "a bare number is a share of the whole";
            findings.error(node.place, what, why, format!("write {value}% if percent is meant"));
            None
        }
        None => {
            let what = format!("\"{}\" is no share", printable(text, 60));
            findings.error(node.place, what, "", "write 99.9% or 0.999");
            None
        }
    }
}

/// A rate in requests per second, above zero.
pub(super) fn rate(node: &Node, findings: &mut Findings) -> Option<f64> {
    let value = number(node, findings)?;
    if value > HIGHEST_RATE {
        let what = format!("{value} requests per second is more than {HIGHEST_RATE}");
        findings.error(node.place, what, "no single machine sends that honestly", "ask for less");
        return None;
    }
    if value <= 0.0 {
        let what = format!("{value} requests per second is no load");
        findings.error(node.place, what, "", "write a rate above zero, or leave the load out");
        return None;
    }
    Some(value)
}

fn span_of(text: &str) -> Option<Span> {
    let span = Span::from(humantime::parse_duration(text).ok()?);
    (span <= LONGEST_SPAN).then_some(span)
}

fn no_span(place: Place, text: &str, findings: &mut Findings) {
    let shown = printable(text, 60);
    if bare(text).is_some() {
        let what = format!("\"{shown}\" has no unit");
        let why = "a bare number could be seconds, minutes or milliseconds";
        findings.error(place, what, why, format!("write {shown}s or {shown}m"));
    } else {
        let what = format!("\"{shown}\" is no length of time");
        findings.error(place, what, "", "write 90s, 10m, 1h30m or 500ms");
    }
}

/// A length of time above zero, with its unit.
pub(super) fn duration(node: &Node, findings: &mut Findings) -> Option<Span> {
    let text = raw(node, findings)?;
    match span_of(text) {
        Some(span) if span.is_zero() => {
            findings.error(
                node.place,
                "a length of zero is no time at all",
                "",
                "write 90s or 10m",
            );
            None
        }
        Some(span) => Some(span),
        None => {
            no_span(node.place, text, findings);
            None
        }
    }
}

/// A time after a beginning: `+5m`, `5m`, `0s`.
pub(super) fn offset(node: &Node, findings: &mut Findings) -> Option<Span> {
    let text = raw(node, findings)?;
    let span = span_of(text.strip_prefix('+').unwrap_or(text));
    if span.is_none() {
        no_span(node.place, text, findings);
    }
    span
}

/// A latency: `200ms`, or a bare number of milliseconds.
pub(super) fn latency(node: &Node, findings: &mut Findings) -> Option<Span> {
    let text = raw(node, findings)?;
    let millis = bare(text).filter(|value| (0.0..=1e9).contains(value));
    let span =
        millis.map(|millis| Span::from_millis(millis.round() as u64)).or_else(|| span_of(text));
    if span.is_none() {
        let what = format!("\"{}\" is no latency", printable(text, 60));
        findings.error(node.place, what, "", "write 200ms, or a bare number of milliseconds");
    }
    span
}

/// A value in the unit of a metric.
pub(super) fn in_unit(node: &Node, unit: Unit, findings: &mut Findings) -> Option<f64> {
    match unit {
        Unit::Share => share(node, findings),
        Unit::Millis => latency(node, findings).map(|span| span.as_millis() as f64),
        Unit::PerSecond | Unit::Count => {
            let value = number(node, findings)?;
            if value < 0.0 {
                findings.error(node.place, format!("{value} is below zero"), "", "");
                return None;
            }
            Some(value)
        }
    }
}

/// The items of a list; a finding where it is none.
pub(super) fn list<'n>(node: &'n Node, what: &str, findings: &mut Findings) -> Option<&'n [Node]> {
    match &node.kind {
        Kind::List(items) => Some(items),
        _ => {
            let said = format!("a list of {what} is expected here, and this is {}", node.noun());
            findings.error(
                node.place,
                said,
                "",
                "begin each item with \"- \", or write [one, two]",
            );
            None
        }
    }
}
