//! A command written as a line that means the same where it is read. Not every command is one that can be typed.

use std::fmt::Write as _;

use super::improve::DUE;
use super::open::shown;
use super::parse::name_of;
use super::words::{FROM, LITERALLY, is_name, number};
use crate::exercise::command::Command;
use crate::exercise::incident::{Cause, IncidentStatus};
use crate::gameday::span::Span;

/// The events it rests on, as a word; nothing where there are none.
fn from(evidence: &[u64]) -> String {
    let numbers: Vec<String> = evidence.iter().map(u64::to_string).collect();
    if numbers.is_empty() { String::new() } else { format!(" {FROM}{}", numbers.join(",")) }
}

/// The line of a command; `None`: it cannot be typed.
pub fn write(command: &Command) -> Option<String> {
    match command {
        Command::Log { text, kind, incident, ago, evidence, .. } => {
            let mut line = format!("/{}{}", name_of(*kind), when(*ago)?);
            if let Some(id) = incident {
                write!(line, " {id}").ok()?;
            }
            line.push_str(&from(evidence));
            with_text(line, text)
        }
        Command::PinMoment { text, .. } if text.trim().is_empty() => Some("/pin".to_owned()),
        Command::PinMoment { text, .. } => with_text("/pin".to_owned(), text),
        Command::EditLast { text, .. } => with_text("/edit".to_owned(), text),
        Command::OpenIncident { title, severity, ago, people, tags, signal, .. } => {
            let mut line = format!("/{}{}", severity.to_string().to_lowercase(), when(*ago)?);
            for person in people {
                write!(line, " @{}", name(person)?).ok()?;
            }
            for tag in tags {
                write!(line, " #{}", name(tag)?).ok()?;
            }
            if let Some(signal) = signal {
                write!(line, " {}", shown(signal)).ok()?;
            }
            with_text(line, title)
        }
        Command::MoveIncident { id, to, ago, of, .. } => {
            let of = of.map_or_else(String::new, |of| format!(" of {of}"));
            Some(format!("/{} {id}{of}{}", verb(*to)?, when(*ago)?))
        }
        Command::EditIncident { id, title, severity, .. } => {
            let severity = severity.map(|severity| format!(" !{}", severity as u8 + 1));
            let line = format!("/edit {id}{}", severity.as_deref().unwrap_or_default());
            match title {
                Some(title) => with_text(line, title),
                None => severity.map(|_| line),
            }
        }
        Command::LinkIncident { id, cause, .. } => Some(match cause {
            Cause::Injection(injection) => format!("/link {id} {injection}"),
            Cause::Discovery => format!("/link {id} discovery"),
            Cause::Unknown => format!("/link {id} none"),
        }),
        Command::NoteImprovement { id: None, says, .. } => {
            let mut line = format!("/improve [{}]", says.category);
            if let Some(owner) = &says.owner {
                write!(line, " @{}", name(owner)?).ok()?;
            }
            if let Some(due) = says.due {
                write!(line, " {DUE}{due}").ok()?;
            }
            line.push_str(&from(&says.evidence));
            with_text(line, &says.text)
        }
        Command::TakeRole { role, person, .. } => {
            is_name(person).then(|| format!("/role {role} @{person}"))
        }
        Command::Join { person, .. } => {
            let mut line = format!("/join @{}", Some(&person.name).filter(|name| is_name(name))?);
            if let Some(team) = &person.team {
                write!(line, " {}", Some(team).filter(|team| is_word(team))?).ok()?;
            }
            if let Some(role) = person.role {
                write!(line, " {role}").ok()?;
            }
            Some(line)
        }
        Command::AddTeam { team, .. } => {
            one_line(team).filter(|team| !team.starts_with('@')).map(|team| format!("/team {team}"))
        }
        Command::AcknowledgeCard { card, .. } => Some(format!("/got {}", card + 1)),
        _ => None,
    }
}

/// The line with a text behind it, which is taken as it is.
fn with_text(line: String, text: &str) -> Option<String> {
    Some(format!("{line} {LITERALLY} {}", one_line(text)?))
}

/// A text that is one line, without blanks around it.
fn one_line(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty() && !text.contains(['\n', '\r']))
}

/// What can be mentioned within a line.
fn name(name: &str) -> Option<&str> {
    Some(name).filter(|name| is_name(name) && number(name).is_none())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// A time ago, with a blank before it; whole seconds only.
fn when(ago: Span) -> Option<String> {
    if ago.is_zero() {
        return Some(String::new());
    }
    ago.as_millis().is_multiple_of(1_000).then(|| format!(" -{ago}"))
}

const fn verb(to: IncidentStatus) -> Option<&'static str> {
    Some(match to {
        IncidentStatus::Open => return None,
        IncidentStatus::Acknowledged => "ack",
        IncidentStatus::Investigating => "investigate",
        IncidentStatus::Mitigated => "mitigate",
        IncidentStatus::Resolved => "resolve",
        IncidentStatus::FalseAlarm => "false",
        IncidentStatus::Duplicate => "dup",
    })
}
