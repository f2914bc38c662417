//! Understands a line. What begins with a blank is always a note; what surely is a command begins with a slash; everything
//! else is a command where it reads like one, and a note where it does not.

use super::improve::{improve, is_category};
use super::known::Known;
use super::line::LogLine;
use super::open::{bang, open};
use super::verb::{known_incident, last, pin, verb};
use super::words::{Head, incident, narrow, plain, split_last, split_word};
use super::wrong::Wrong;
use crate::exercise::id::IncidentId;
use crate::exercise::incident::Severity;
use crate::exercise::log::EntryKind;
use crate::gameday::problem::nearest;
use crate::gameday::span::Span;

/// Every command that may stand behind a slash.
pub const COMMANDS: [&str; 31] = [
    "ack",
    "investigate",
    "mitigate",
    "resolve",
    "false",
    "dup",
    "sev1",
    "sev2",
    "sev3",
    "sev4",
    "sev5",
    "note",
    "action",
    "decision",
    "fix",
    "deploy",
    "config",
    "update",
    "lesson",
    "well",
    "badly",
    "lucky",
    "improve",
    "pin",
    "edit",
    "sev",
    "role",
    "join",
    "team",
    "got",
    "link",
];

/// Understands one typed line. Full-width `！２`, `＃１`, `／`, `＠` and `：` are understood like their narrow forms, because
/// that is what an input method for Japanese gives.
///
/// # Errors
/// What is missing or unknown. Nothing is lost: the line stays where it was typed.
pub fn parse(line: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let text = line.trim();
    if text.is_empty() {
        return Err(Wrong::Nothing);
    }
    if line.starts_with(char::is_whitespace) {
        return Ok(note(text, None, Span::ZERO));
    }
    let mut chars = text.chars();
    let first = chars.next().map(narrow).unwrap_or_default();
    let rest = chars.as_str();
    match first {
        '!' => bang(rest).unwrap_or_else(|| Ok(dated(text))),
        '#' => about(text, known),
        '/' => slash(rest, known),
        _ => sentence(text, known),
    }
}

fn note(text: &str, incident: Option<IncidentId>, ago: Span) -> LogLine {
    let (text, evidence) = (text.to_owned(), Vec::new());
    LogLine::Note { text, kind: EntryKind::Note, incident, ago, evidence }
}

/// A note that may say at its end how long ago it was.
fn dated(text: &str) -> LogLine {
    let mut head = Head { text, ..Head::default() };
    // A time alone tells nothing.
    let alone = split_last(text).0.is_empty();
    let ago = if alone { Span::ZERO } else { head.take_ago() };
    note(head.text, None, ago)
}

/// `#1 text`, `#1 action: text`
fn about(text: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let head = Head::of(text, false);
    let Some(number) = head.incident else { return Ok(dated(text)) };
    let id = known_incident(number, known)?;
    match colon(head.text).filter(|_| !head.literal) {
        Some((name, "", rest)) if kind(&name).is_some() => {
            let kind = kind(&name).unwrap_or_default();
            entry(kind, Head { text: rest, ..head }, &format!("{name}:"), known)
        }
        _ => {
            let mut head = head;
            let ago = head.take_ago();
            if head.text.is_empty() {
                return Err(Wrong::About { id });
            }
            Ok(note(head.text, Some(id), ago))
        }
    }
}

/// The kind of a line by its name.
pub(super) fn kind(name: &str) -> Option<EntryKind> {
    Some(match name {
        "note" => EntryKind::Note,
        "lesson" => EntryKind::Lesson,
        "action" => EntryKind::Action,
        "decision" => EntryKind::Decision,
        "fix" => EntryKind::Fix,
        "deploy" => EntryKind::Deploy,
        "config" => EntryKind::ConfigChange,
        "update" => EntryKind::Update,
        "well" => EntryKind::WentWell,
        "badly" => EntryKind::WentBadly,
        "lucky" => EntryKind::Lucky,
        _ => return None,
    })
}

/// The name of a kind, as it is typed.
pub const fn name_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "note",
        EntryKind::Lesson => "lesson",
        EntryKind::Action => "action",
        EntryKind::Decision => "decision",
        EntryKind::Fix => "fix",
        EntryKind::Deploy => "deploy",
        EntryKind::ConfigChange => "config",
        EntryKind::Update => "update",
        EntryKind::WentWell => "well",
        EntryKind::WentBadly => "badly",
        EntryKind::Lucky => "lucky",
    }
}

/// A line of a kind; of `head`, the beginning is read.
fn entry(
    kind: EntryKind,
    mut head: Head<'_>,
    form: &str,
    known: &Known<'_>,
) -> Result<LogLine, Wrong> {
    head.text = head.text.trim();
    head.read(false);
    let evidence = head.take_evidence();
    let incident = head.incident.map(|number| known_incident(number, known)).transpose()?;
    let ago = head.take_ago();
    if head.text.is_empty() {
        return Err(Wrong::Say { form: form.to_owned() });
    }
    Ok(LogLine::Note { text: head.text.to_owned(), kind, incident, ago, evidence })
}

/// `action: text`: the word before the colon, what is between them, and what follows.
fn colon(text: &str) -> Option<(String, &str, &str)> {
    let (before, rest) = text.split_once([':', '：'])?;
    let (word, between) = split_word(before.trim());
    Some((plain(word), between, rest))
}

/// `/ack 1`
fn slash(rest: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let (word, tail) = split_word(rest);
    let name = plain(word);
    let name = name.trim_end_matches(':');
    if let Some(kind) = kind(name) {
        return entry(kind, Head { text: tail, ..Head::default() }, &format!("/{name}"), known);
    }
    if name == "improve" {
        // `/improve detection: text`
        let between = tail.split_once([':', '：']).filter(|(before, _)| is_category(before.trim()));
        let (between, text) = between.unwrap_or(("", tail));
        return improve(between, text, known.today);
    }
    if let Some(severity) =
        name.strip_prefix("sev").and_then(|digit| digit.parse().ok()).and_then(Severity::from_digit)
    {
        return open(severity, tail, &format!("/{name}"));
    }
    if let Some(understood) = verb(name, tail, true, known) {
        return understood;
    }
    Err(Wrong::NoCommand { name: name.to_owned(), near: nearest(name, COMMANDS) })
}

/// `ack #1`, `lesson: text`, `improve detection: text`, or just a note.
fn sentence(text: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    if let Some((name, between, rest)) = colon(text) {
        let one = split_word(between).1.is_empty();
        match name.as_str() {
            "improve" if one => return improve(between, rest, known.today),
            "edit" if between.is_empty() => return last(rest),
            "pin" if between.is_empty() => return Ok(pin(rest)),
            _ => {}
        }
        if let Some(kind) = kind(&name).filter(|_| between.is_empty()) {
            return entry(kind, Head { text: rest, ..Head::default() }, &format!("{name}:"), known);
        }
        // `action #1: restarted`
        let number = incident(between, false);
        if let Some(kind) = kind(&name).filter(|_| one && number.is_some()) {
            let head = Head { text: rest, incident: number, ..Head::default() };
            return entry(kind, head, &format!("{name}:"), known);
        }
    }
    let (word, tail) = split_word(text);
    if plain(word) == "improve" && tail.starts_with(['[', '［']) {
        return improve("", tail, known.today);
    }
    verb(&plain(word), tail, false, known).unwrap_or_else(|| Ok(dated(text)))
}
