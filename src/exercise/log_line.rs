//! What a typed line means: a note, a lesson, a new incident, or a move of one. Not its recording.

use super::command::Command;
use super::id::IncidentId;
use super::incident::{Incident, IncidentStatus, Severity};
use super::log::EntryKind;
use crate::gameday::span::Span;

/// What one line will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogLine {
    /// A line for the log.
    Note { text: String, kind: EntryKind, incident: Option<IncidentId> },
    /// Opens an incident.
    Open { severity: Severity, title: String },
    /// Changes the status of an incident; `note` is what was written behind it.
    Move { id: IncidentId, to: IncidentStatus, note: Option<String> },
}

impl LogLine {
    /// What it asks of the exercise, in this order, in the name of who wrote it.
    pub fn commands(self, team: &str, author: &str) -> Vec<Command> {
        let (team, author) = (team.to_owned(), author.to_owned());
        match self {
            Self::Note { text, kind, incident } => {
                vec![Command::Log { team, author, text, kind, incident, ago: Span::ZERO }]
            }
            Self::Open { severity, title } => {
                vec![Command::OpenIncident {
                    team,
                    author,
                    title,
                    severity,
                    ago: Span::ZERO,
                    people: Vec::new(),
                    tags: Vec::new(),
                    signal: None,
                }]
            }
            Self::Move { id, to, note } => {
                let moved = Command::MoveIncident {
                    id,
                    to,
                    team: team.clone(),
                    author: author.clone(),
                    ago: Span::ZERO,
                    of: None,
                };
                let entry = note.map(|text| Command::Log {
                    team,
                    author,
                    text,
                    kind: EntryKind::Note,
                    incident: Some(id),
                    ago: Span::ZERO,
                });
                std::iter::once(moved).chain(entry).collect()
            }
        }
    }
}

/// Commands that may stand behind a slash, for the suggestion after a slip.
const COMMANDS: [&str; 13] = [
    "note",
    "lesson",
    "sev1",
    "sev2",
    "sev3",
    "sev4",
    "sev5",
    "ack",
    "investigate",
    "mitigate",
    "resolve",
    "false",
    "dup",
];

/// Understands one typed line; `incidents` are those known so far.
///
/// A line that begins with a blank is always a note. Full-width `！２`, `＃１` and `／` are understood like their
/// narrow forms, because that is what an input method for Japanese gives.
///
/// # Errors
/// A sentence that says what is missing. Nothing is lost: the line stays where it was typed.
pub fn parse(line: &str, incidents: &[Incident]) -> Result<LogLine, String> {
    let text = line.trim();
    if text.is_empty() {
        return Err("nothing is written yet".to_owned());
    }
    if line.starts_with(char::is_whitespace) {
        return Ok(note(text, None));
    }
    let first = text.chars().next().map(narrow).unwrap_or_default();
    let rest = text.get(text.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
    match first {
        '!' => bang(text, rest),
        '#' => about_incident(text, rest, incidents),
        '/' => slash(rest, incidents),
        _ => plain(text, incidents),
    }
}

/// Says in a few words what the line will do.
pub fn describe(line: &LogLine) -> String {
    match line {
        LogLine::Note { incident: Some(id), .. } => format!("a note to incident {id}"),
        LogLine::Note { kind: EntryKind::Lesson, .. } => {
            "a lesson, which stands in the report".to_owned()
        }
        LogLine::Note { .. } => "a note".to_owned(),
        LogLine::Open { severity, .. } => format!("opens an incident, {severity}"),
        LogLine::Move { id, to, note } => {
            let and = if note.is_some() { ", with a note" } else { "" };
            format!("incident {id} becomes {to}{and}")
        }
    }
}

fn note(text: &str, incident: Option<IncidentId>) -> LogLine {
    LogLine::Note { text: text.to_owned(), kind: EntryKind::Note, incident }
}

/// `!2 payments p99 up`
fn bang(whole: &str, rest: &str) -> Result<LogLine, String> {
    let mut chars = rest.chars();
    let Some(digit) = chars.next().map(narrow).and_then(|first| first.to_digit(10)) else {
        return Ok(note(whole, None));
    };
    let title = chars.as_str();
    let Some(severity) = Severity::from_digit(digit) else {
        return Err("severities go from !1 (critical) to !5 (a nuisance)".to_owned());
    };
    if title.chars().next().is_some_and(|next| narrow(next).is_ascii_digit()) {
        return Err("severities go from !1 (critical) to !5 (a nuisance)".to_owned());
    }
    open(severity, title, &format!("!{digit}"))
}

fn open(severity: Severity, title: &str, start: &str) -> Result<LogLine, String> {
    let title = title.trim();
    if title.is_empty() {
        return Err(format!("say what is wrong: {start} payments p99 up"));
    }
    Ok(LogLine::Open { severity, title: title.to_owned() })
}

/// `#1 text`
fn about_incident(whole: &str, rest: &str, incidents: &[Incident]) -> Result<LogLine, String> {
    let Some((id, text)) = number(rest) else { return Ok(note(whole, None)) };
    let id = known(id, incidents)?;
    if text.is_empty() {
        return Err(format!("say something about {id}: {id} two pods are gone"));
    }
    Ok(note(text, Some(id)))
}

/// `/ack 1`
fn slash(rest: &str, incidents: &[Incident]) -> Result<LogLine, String> {
    let (word, tail) = split_word(rest);
    let name: String = word.chars().map(narrow).collect::<String>().to_lowercase();
    match name.as_str() {
        "note" if !tail.is_empty() => return Ok(note(tail, None)),
        "lesson" if !tail.is_empty() => return lesson(tail),
        "note" | "lesson" => return Err(format!("say it behind /{name}")),
        _ => {}
    }
    if let Some(severity) =
        name.strip_prefix("sev").and_then(|digit| digit.parse().ok()).and_then(Severity::from_digit)
    {
        return open(severity, tail, &format!("/{name}"));
    }
    if let Some(to) = verb(&name) {
        return move_to(to, without_alarm(to, tail), incidents);
    }
    let near = COMMANDS
        .iter()
        .map(|command| (strsim::damerau_levenshtein(command, &name), *command))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    Err(match near {
        Some((_, command)) => format!("no command /{name}; did you mean /{command}?"),
        None => format!("no command /{name}; for a note, begin with a blank or with /note"),
    })
}

/// `ack #1`, `lesson: text`, or just a note.
fn plain(text: &str, incidents: &[Incident]) -> Result<LogLine, String> {
    if let Some((head, tail)) = text.split_once([':', '：'])
        && head.trim().eq_ignore_ascii_case("lesson")
    {
        return lesson(tail.trim());
    }
    let (word, tail) = split_word(text);
    let Some(to) = verb(&word.to_lowercase()) else { return Ok(note(text, None)) };
    let tail = without_alarm(to, tail);
    let names_one = tail.chars().next().map(narrow) == Some('#');
    if tail.is_empty() || names_one {
        return move_to(to, tail, incidents);
    }
    Ok(note(text, None))
}

fn lesson(text: &str) -> Result<LogLine, String> {
    if text.is_empty() {
        return Err("say what was learned: lesson: warm the cache first".to_owned());
    }
    Ok(LogLine::Note { text: text.to_owned(), kind: EntryKind::Lesson, incident: None })
}

fn move_to(to: IncidentStatus, tail: &str, incidents: &[Incident]) -> Result<LogLine, String> {
    let bare = tail.strip_prefix(|first: char| narrow(first) == '#').map_or(tail, |behind| behind);
    let (id, text) = match number(bare) {
        Some((id, text)) => (known(id, incidents)?, text),
        None => (only_open(incidents)?, tail),
    };
    let note = (!text.is_empty()).then(|| text.to_owned());
    Ok(LogLine::Move { id, to, note })
}

fn only_open(incidents: &[Incident]) -> Result<IncidentId, String> {
    let open: Vec<_> = incidents.iter().filter(|incident| !incident.status.is_closed()).collect();
    match open.as_slice() {
        [] => Err("no incident is open; !2 and a title opens one".to_owned()),
        [one] => Ok(one.id),
        many => {
            let ids: Vec<_> = many.iter().map(|incident| incident.id.to_string()).collect();
            Err(format!("which one? open are {}", ids.join(", ")))
        }
    }
}

fn known(id: u32, incidents: &[Incident]) -> Result<IncidentId, String> {
    incidents
        .iter()
        .map(|incident| incident.id)
        .find(|one| one.0 == id)
        .ok_or_else(|| format!("there is no incident #{id}"))
}

fn verb(word: &str) -> Option<IncidentStatus> {
    Some(match word {
        "ack" | "acknowledge" | "acknowledged" => IncidentStatus::Acknowledged,
        "investigate" | "investigating" => IncidentStatus::Investigating,
        "mitigate" | "mitigated" => IncidentStatus::Mitigated,
        "resolve" | "resolved" => IncidentStatus::Resolved,
        "false" | "false-alarm" => IncidentStatus::FalseAlarm,
        "dup" | "duplicate" => IncidentStatus::Duplicate,
        _ => return None,
    })
}

/// `false alarm #1` is the same as `false #1`.
fn without_alarm(to: IncidentStatus, tail: &str) -> &str {
    let (word, rest) = split_word(tail);
    if to == IncidentStatus::FalseAlarm && word.eq_ignore_ascii_case("alarm") { rest } else { tail }
}

/// The number a text begins with, and what follows it after a blank.
fn number(text: &str) -> Option<(u32, &str)> {
    let (word, rest) = split_word(text);
    let digits: String = word.trim_end_matches(':').chars().map(narrow).collect();
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten().map(|value| (value, rest))
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}

/// The narrow form of a full-width letter, digit or sign.
fn narrow(wide: char) -> char {
    match wide {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(wide) - 0xfee0).unwrap_or(wide),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::stamp::Stamp;

    fn incident(id: u32, status: IncidentStatus) -> Incident {
        let id = IncidentId(id);
        Incident { status, ..Incident::new(id, "sre", "t", Severity::Sev2, Stamp::default()) }
    }

    #[test]
    fn every_line_means_what_the_help_says() {
        use IncidentStatus as S;
        let none: &[Incident] = &[];
        let one = &[incident(1, S::Open), incident(2, S::Resolved)][..];
        let two = &[incident(1, S::Open), incident(2, S::Acknowledged)][..];
        let table: &[(&str, &[Incident], &str)] = &[
            ("payments look odd", none, "note - payments look odd"),
            ("支払いが遅い 🐢", none, "note - 支払いが遅い 🐢"),
            ("!2 payments p99 up", none, "open SEV2 payments p99 up"),
            ("！２ 決済が遅い", none, "open SEV2 決済が遅い"),
            ("!1決済停止", none, "open SEV1 決済停止"),
            ("!2", none, "error say what is wrong: !2 payments p99 up"),
            ("!9 x", none, "error severities go from !1 (critical) to !5 (a nuisance)"),
            ("!12 x", none, "error severities go from !1 (critical) to !5 (a nuisance)"),
            ("!important", none, "note - !important"),
            ("ack #1", one, "move #1 acknowledged -"),
            ("ack", one, "move #1 acknowledged -"),
            ("ACK #1", one, "move #1 acknowledged -"),
            ("/ack 1", one, "move #1 acknowledged -"),
            ("／ack ＃１", one, "move #1 acknowledged -"),
            ("ack", none, "error no incident is open; !2 and a title opens one"),
            ("resolve", two, "error which one? open are #1, #2"),
            ("resolve #7", two, "error there is no incident #7"),
            ("resolve #1 rolled back", two, "move #1 resolved rolled back"),
            ("/resolve rolled back", one, "move #1 resolved rolled back"),
            ("resolve the DNS question later", one, "note - resolve the DNS question later"),
            ("investigate #2", two, "move #2 investigating -"),
            ("mitigate #2", two, "move #2 mitigated -"),
            ("false #1", two, "move #1 false alarm -"),
            ("false alarm #1", two, "move #1 false alarm -"),
            ("dup #2", two, "move #2 duplicate -"),
            ("false hope", one, "note - false hope"),
            ("lesson: warm the cache first", none, "lesson warm the cache first"),
            ("Lesson：先に温める", none, "lesson 先に温める"),
            ("/lesson page earlier", none, "lesson page earlier"),
            ("lesson:", none, "error say what was learned: lesson: warm the cache first"),
            ("#1 two pods are gone", one, "note #1 two pods are gone"),
            ("＃１　二台落ちた", one, "note #1 二台落ちた"),
            ("#1", one, "error say something about #1: #1 two pods are gone"),
            ("#9 hm", one, "error there is no incident #9"),
            ("#blackfriday begins", one, "note - #blackfriday begins"),
            ("/sev1 all down", none, "open SEV1 all down"),
            ("/note /etc/hosts is wrong", none, "note - /etc/hosts is wrong"),
            (" /etc/hosts is wrong", none, "note - /etc/hosts is wrong"),
            ("/akc 1", one, "error no command /akc; did you mean /ack?"),
            (
                "/etc/hosts is wrong",
                none,
                "error no command /etc/hosts; for a note, begin with a blank or with /note",
            ),
            ("   ", none, "error nothing is written yet"),
        ];
        for (line, incidents, want) in table {
            let got = match parse(line, incidents) {
                Ok(LogLine::Note { text, kind: EntryKind::Lesson, .. }) => format!("lesson {text}"),
                Ok(LogLine::Note { text, incident, .. }) => {
                    format!("note {} {text}", incident.map_or("-".into(), |id| id.to_string()))
                }
                Ok(LogLine::Open { severity, title }) => format!("open {severity} {title}"),
                Ok(LogLine::Move { id, to, note }) => {
                    format!("move {id} {to} {}", note.unwrap_or("-".into()))
                }
                Err(why) => format!("error {why}"),
            };
            assert_eq!(&got, want, "for {line:?}");
        }
    }

    #[test]
    fn the_preview_says_what_will_happen() {
        let say =
            |line: &str| describe(&parse(line, &[incident(1, IncidentStatus::Open)]).unwrap());
        assert_eq!(say("hello"), "a note");
        assert_eq!(say("!3 x"), "opens an incident, SEV3");
        assert_eq!(say("resolve"), "incident #1 becomes resolved");
        assert_eq!(say("resolve #1 done"), "incident #1 becomes resolved, with a note");
        assert_eq!(say("lesson: x"), "a lesson, which stands in the report");
    }
}
