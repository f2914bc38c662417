//! A line that opens an incident: its severity, title, people, tags and time. Not what becomes of it.

use super::line::LogLine;
use super::words::{LITERALLY, ago, named, narrow, split_last, split_word};
use super::wrong::Wrong;
use crate::exercise::incident::Severity;
use crate::exercise::signal::Signal;
use crate::gameday::span::Span;

/// What stands before the signal that asked for an incident; no person types it.
pub(super) const SIGNAL: &str = "signal:";

/// `!2 payments p99 up`; `None`: it only begins with the sign.
pub(super) fn bang(rest: &str) -> Option<Result<LogLine, Wrong>> {
    let mut chars = rest.chars();
    let digit = narrow(chars.next()?).to_digit(10)?;
    let title = chars.as_str();
    let number = title.chars().next().is_some_and(|next| narrow(next).is_ascii_digit());
    let severity = Severity::from_digit(digit).filter(|_| !number);
    Some(match severity {
        Some(severity) => open(severity, title, &format!("!{digit}")),
        None => Err(Wrong::Severity),
    })
}

/// What stands behind the severity; `start` is how the line began.
pub(super) fn open(severity: Severity, tail: &str, start: &str) -> Result<LogLine, Wrong> {
    let tail = tail.trim();
    let (called, title, when) = match literal(tail) {
        Some((called, title)) => (called, title, called.split_whitespace().find_map(ago)),
        None => {
            let (title, when) = without_time(tail);
            (title, without_names(title), when)
        }
    };
    let title = title.trim();
    if title.is_empty() {
        return Err(Wrong::Title { start: start.to_owned() });
    }
    let words = || called.split_whitespace();
    let signal = words().find_map(|word| signal(word.strip_prefix(SIGNAL)?));
    Ok(LogLine::Open {
        severity,
        title: title.to_owned(),
        people: each(words().filter_map(|word| named(word, '@'))),
        tags: each(words().filter_map(|word| named(word, '#'))),
        ago: when.unwrap_or(Span::ZERO),
        signal: signal.filter(|_| called.len() < tail.len()),
    })
}

/// Names, a time and `--`, and the title behind them as it is.
fn literal(tail: &str) -> Option<(&str, &str)> {
    let mut rest = tail;
    loop {
        let (word, behind) = split_word(rest);
        if word == LITERALLY {
            return Some((tail.get(..tail.len() - rest.len())?, behind));
        }
        let known = ago(word).is_some()
            || named(word, '@').is_some()
            || named(word, '#').is_some()
            || word.starts_with(SIGNAL);
        if !known {
            return None;
        }
        rest = behind;
    }
}

/// A time ago is the first word or the last.
fn without_time(tail: &str) -> (&str, Option<Span>) {
    let (first, rest) = split_word(tail);
    if let Some(span) = ago(first) {
        return (rest, Some(span));
    }
    let (rest, last) = split_last(tail);
    match ago(last) {
        Some(span) => (rest, Some(span)),
        None => (tail, None),
    }
}

/// Names at the end are no part of the title; those within the sentence stay there, and count as well.
fn without_names(tail: &str) -> &str {
    let mut rest = tail;
    loop {
        let (before, word) = split_last(rest);
        if named(word, '@').is_none() && named(word, '#').is_none() {
            return rest;
        }
        rest = before;
    }
}

/// Each name once, in the order they were written.
fn each(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// `slo.0.1`, `guardrail.0.0`, `pods.2`: as [`shown`] writes it.
fn signal(text: &str) -> Option<Signal> {
    let (kind, numbers) = text.split_once('.')?;
    let mut numbers = numbers.split('.').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some(match kind {
        "slo" => Signal::Slo { slo: next()?, nth: next()? },
        "guardrail" => Signal::Guardrail { rule: next()?, nth: next()? },
        "pods" => Signal::Pods { nth: next()? },
        "alert" => Signal::Alert { nth: next()? },
        _ => return None,
    })
}

/// A signal as a word.
pub(super) fn shown(signal: &Signal) -> String {
    match signal {
        Signal::Slo { slo, nth } => format!("{SIGNAL}slo.{slo}.{nth}"),
        Signal::Guardrail { rule, nth } => format!("{SIGNAL}guardrail.{rule}.{nth}"),
        Signal::Pods { nth } => format!("{SIGNAL}pods.{nth}"),
        Signal::Alert { nth } => format!("{SIGNAL}alert.{nth}"),
    }
}
