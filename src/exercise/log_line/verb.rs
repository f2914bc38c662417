//! Lines that begin with a verb: what becomes of an incident, who does what, what was seen. A verb that is only the
//! beginning of a sentence is none.

use super::known::Known;
use super::line::LogLine;
use super::words::{Head, LITERALLY, behind, incident, is_name, number, plain, split_word};
use super::wrong::Wrong;
use crate::exercise::id::{IncidentId, InjectionId};
use crate::exercise::incident::{Cause, IncidentStatus, Severity};
use crate::gameday::people::{Person, ROLES, Role};
use crate::gameday::problem::nearest;

/// What a line with a verb gives; `None`: it is none.
pub(super) type Understood = Option<Result<LogLine, Wrong>>;

/// What `name` does with `tail`. Behind a slash it is surely a verb; else only where the rest fits.
pub(super) fn verb(name: &str, tail: &str, slash: bool, known: &Known<'_>) -> Understood {
    if let Some(to) = status(name) {
        return moves(to, tail, slash, known);
    }
    let (first, _) = split_word(tail);
    let about = slash || incident(first, false).is_some();
    match name {
        "sev" if about || (severity(tail).is_some() && known.open().nth(1).is_none()) => {
            Some(new_severity(tail, slash, known))
        }
        "edit" if about => Some(edit(tail, known)),
        "pin" if slash || tail.is_empty() => Some(Ok(pin(tail))),
        "link" if about => Some(link(tail, slash, known)),
        "role" => role(tail, slash, known),
        "join" if slash || behind(first, '@').is_some() => Some(join(tail, known)),
        "team" if slash || (!tail.is_empty() && split_word(tail).1.is_empty()) => Some(team(tail)),
        "got" if slash || number(tail).is_some() => Some(got(tail, known)),
        _ => None,
    }
}

fn status(word: &str) -> Option<IncidentStatus> {
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

/// `ack #1 [note]`, `dup #2 of #1`
fn moves(to: IncidentStatus, tail: &str, slash: bool, known: &Known<'_>) -> Understood {
    let tail = match split_word(tail) {
        // `false alarm #1` is the same as `false #1`.
        (word, rest) if to == IncidentStatus::FalseAlarm && plain(word) == "alarm" => rest,
        _ => tail,
    };
    let mut head = Head::of(tail, slash);
    let of = if to == IncidentStatus::Duplicate { original(&mut head) } else { None };
    let is_verb = slash || head.incident.is_some() || of.is_some() || head.text.is_empty();
    is_verb.then(|| {
        let of = of.map(|number| known_incident(number, known)).transpose()?;
        let id = match head.incident {
            Some(number) => known_incident(number, known)?,
            None => only_open(of, known)?,
        };
        let ago = head.take_ago();
        let note = (!head.text.is_empty()).then(|| head.text.to_owned());
        Ok(LogLine::Move { id, to, of, note, ago })
    })
}

/// `of #1`, or `#1` behind the first.
fn original(head: &mut Head<'_>) -> Option<u32> {
    if head.literal {
        return None;
    }
    let (word, rest) = split_word(head.text);
    let (of, rest) = match plain(word).as_str() {
        "of" => (incident(split_word(rest).0, true)?, split_word(rest).1),
        _ => (incident(word, false).filter(|_| head.incident.is_some())?, rest),
    };
    head.text = rest;
    head.read(false);
    Some(of)
}

/// The number an incident is named by, or that of the only one open; and what follows.
fn which<'a>(tail: &'a str, bare: bool, known: &Known<'_>) -> Result<(IncidentId, &'a str), Wrong> {
    let (word, rest) = split_word(tail);
    match incident(word, bare) {
        Some(number) => Ok((known_incident(number, known)?, rest)),
        None => Ok((only_open(None, known)?, tail)),
    }
}

pub(super) fn known_incident(number: u32, known: &Known<'_>) -> Result<IncidentId, Wrong> {
    let found = known.incidents.iter().map(|incident| incident.id).find(|one| one.0 == number);
    found.ok_or(Wrong::NoIncident { number })
}

fn only_open(but: Option<IncidentId>, known: &Known<'_>) -> Result<IncidentId, Wrong> {
    let open: Vec<_> = known.open().map(|one| one.id).filter(|id| Some(*id) != but).collect();
    match open.as_slice() {
        [] => Err(Wrong::NoneOpen),
        [one] => Ok(*one),
        _ => Err(Wrong::Which { open }),
    }
}

/// `2`, `sev2`, `!2`
fn severity(word: &str) -> Option<Severity> {
    let word = plain(word);
    let digit = word.strip_prefix("sev").or_else(|| word.strip_prefix('!')).unwrap_or(&word);
    Severity::from_digit(number(digit)?)
}

/// `sev #1 2`
fn new_severity(tail: &str, slash: bool, known: &Known<'_>) -> Result<LogLine, Wrong> {
    // A number alone is the severity: `/sev 2`.
    let bare = slash && !split_word(tail).1.is_empty();
    let (id, text) = which(tail, bare, known)?;
    if text.is_empty() {
        return Err(Wrong::NewSeverity { id });
    }
    let severity = severity(text).ok_or(Wrong::Severity)?;
    Ok(LogLine::Edit { id, title: None, severity: Some(severity) })
}

/// `edit #1 new title`, `edit #1 !2 new title`, `/edit text`
fn edit(tail: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let (word, rest) = split_word(tail);
    let Some(number) = incident(word, false) else {
        return last(tail);
    };
    let id = known_incident(number, known)?;
    let (word, behind_it) = split_word(rest);
    let severity = severity(word).filter(|_| behind(word, '!').is_some());
    let text = literally(if severity.is_some() { behind_it } else { rest });
    if text.is_empty() && severity.is_none() {
        return Err(Wrong::NewTitle { id });
    }
    Ok(LogLine::Edit { id, title: (!text.is_empty()).then(|| text.to_owned()), severity })
}

/// `edit: new text`
pub(super) fn last(text: &str) -> Result<LogLine, Wrong> {
    let text = literally(text.trim());
    if text.is_empty() {
        return Err(Wrong::Say { form: "edit:".to_owned() });
    }
    Ok(LogLine::EditLast { text: text.to_owned() })
}

/// `pin: the graph turned here`, `pin`
pub(super) fn pin(text: &str) -> LogLine {
    LogLine::Pin { text: literally(text.trim()).to_owned() }
}

/// Without the sign that it is taken as it is.
fn literally(text: &str) -> &str {
    match split_word(text) {
        (LITERALLY, rest) => rest,
        _ => text,
    }
}

/// `link #1 pod-failure`, `link #1 i2`, `link #1 discovery`, `link #1 none`
fn link(tail: &str, slash: bool, known: &Known<'_>) -> Result<LogLine, Wrong> {
    // Before anything is looked up: a name that is known tells of the future.
    if !known.facilitates {
        return Err(Wrong::NotFacilitator);
    }
    let (id, text) = which(tail, slash, known)?;
    let name = plain(text);
    let place = || {
        let number = number(name.strip_prefix('i')?)?.checked_sub(1)?;
        usize::try_from(number).ok().filter(|place| *place < known.injections.len())
    };
    let injections = &known.injections;
    let cause = match name.as_str() {
        "" => return Err(Wrong::NewCause { id }),
        "discovery" => Cause::Discovery,
        "none" | "unknown" => Cause::Unknown,
        _ => {
            let found = injections.iter().position(|one| plain(one) == name);
            let Some(place) = found.or_else(place) else {
                let words = ["discovery", "none"];
                let near = nearest(&name, injections.iter().copied().chain(words));
                let near = near.map(str::to_owned);
                return Err(Wrong::NoInjection { name: text.to_owned(), near });
            };
            Cause::Injection(InjectionId(place))
        }
    };
    Ok(LogLine::Link { id, cause })
}

/// `role ic @aiko`
fn role(tail: &str, slash: bool, known: &Known<'_>) -> Understood {
    let (word, rest) = split_word(tail);
    let name = plain(word);
    let (person, more) = split_word(rest);
    let marked = behind(person, '@').is_some();
    let Some(role) = Role::named(&name) else {
        let near = nearest(&name, ROLES.map(Role::name));
        return (slash || marked).then_some(Err(Wrong::NoRole { name, near }));
    };
    if more.is_empty()
        && let Some(person) = mentioned(person, known)
    {
        return Some(Ok(LogLine::Role { role, person }));
    }
    (slash || marked).then_some(Err(Wrong::Name { form: "role ic" }))
}

/// A name with or without the sign before it, as the person writes it.
fn mentioned(word: &str, known: &Known<'_>) -> Option<String> {
    let name = behind(word, '@').unwrap_or(word);
    let same = known.people.persons.iter().find(|one| plain(&one.name) == plain(name));
    same.map(|one| one.name.clone()).or_else(|| is_name(name).then(|| name.to_owned()))
}

/// `join @aiko sre`
fn join(tail: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let (word, rest) = split_word(tail);
    let name = mentioned(word, known).ok_or(Wrong::Name { form: "join" })?;
    let (team, rest) = split_word(rest);
    let found = known.teams.iter().find(|one| plain(one) == plain(team));
    let role = Role::named(&plain(if found.is_some() { rest } else { team }));
    if found.is_none() && role.is_none() && !team.is_empty() {
        let near = nearest(team, known.teams.iter().map(String::as_str)).map(str::to_owned);
        return Err(Wrong::NoTeam { name: team.to_owned(), near });
    }
    if role.is_none() && !rest.is_empty() {
        let name = plain(rest);
        let near = nearest(&name, ROLES.map(Role::name));
        return Err(Wrong::NoRole { name, near });
    }
    Ok(LogLine::Join { person: Person { name, team: found.cloned(), role } })
}

/// `team payments`
fn team(tail: &str) -> Result<LogLine, Wrong> {
    let team = tail.trim_start_matches('@');
    if team.is_empty() {
        return Err(Wrong::Name { form: "team" });
    }
    Ok(LogLine::Team { team: team.to_owned() })
}

/// `got 2`
fn got(tail: &str, known: &Known<'_>) -> Result<LogLine, Wrong> {
    let number = incident(split_word(tail).0, true).ok_or(Wrong::Card)?;
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    match place.filter(|place| *place < known.cards.len()) {
        Some(card) => Ok(LogLine::Got { card }),
        None => Err(Wrong::NoCard { number }),
    }
}
