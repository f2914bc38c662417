//! What a line will do and what is wrong with it, as texts of the catalogues. Not the understanding.

use super::text::fit;
use super::words;
use crate::exercise::id::IncidentId;
use crate::exercise::incident::Cause;
use crate::exercise::log::EntryKind;
use crate::exercise::log_line::{Known, LogLine, Wrong};
use crate::gameday::people::Role;
use crate::gameday::span::Span;
use crate::lang::Message;

/// So many cells of a title or a text are enough to know which it is.
const ENOUGH: usize = 28;

/// What a line will do, part by part, and what there is to be careful about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// What it will do, the foremost first.
    pub does: Vec<Message>,
    /// What may be a slip.
    pub warns: Vec<Message>,
}

/// Why a line would do nothing.
pub fn wrong(wrong: &Wrong) -> Message {
    let near = |name: &String, near: Option<&str>, keys: [&'static str; 2]| match near {
        Some(near) => Message::plain(keys[0]).with("name", name).with("near", near),
        None => Message::plain(keys[1]).with("name", name),
    };
    match wrong {
        Wrong::Nothing => Message::plain("line-nothing"),
        Wrong::Severity => Message::plain("line-severities"),
        Wrong::Title { start } => Message::plain("line-no-title").with("start", start),
        Wrong::About { id } => about("line-say-about", *id),
        Wrong::Say { form } => Message::plain("line-say-behind").with("form", form),
        Wrong::NoneOpen => Message::plain("line-none-open"),
        Wrong::Which { open } => {
            let open: Vec<_> = open.iter().map(ToString::to_string).collect();
            Message::plain("line-which").with("open", open.join(", "))
        }
        Wrong::NoIncident { number } => {
            Message::plain("line-no-incident").with("number", number.to_string())
        }
        Wrong::NoCommand { name, near: one } => {
            near(name, *one, ["line-no-command-near", "line-no-command"])
        }
        Wrong::NewSeverity { id } => about("line-say-severity", *id),
        Wrong::NewTitle { id } => about("line-say-title", *id),
        Wrong::NotFacilitator => Message::plain("line-not-facilitator"),
        Wrong::NewCause { id } => about("line-say-cause", *id),
        Wrong::NoInjection { name, near: one } => {
            near(name, one.as_deref(), ["line-no-injection-near", "line-no-injection"])
        }
        Wrong::NoCategory { name, near: one } => {
            near(name, *one, ["line-no-category-near", "line-no-category"])
        }
        Wrong::Due { text } => Message::plain("line-no-date").with("text", text),
        Wrong::NoRole { name, near: one } => {
            near(name, *one, ["line-no-role-near", "line-no-role"])
        }
        Wrong::Name { form } => Message::plain("line-no-name").with("form", *form),
        Wrong::NoTeam { name, near: one } => {
            near(name, one.as_deref(), ["line-no-team-near", "line-no-team"])
        }
        Wrong::Card => Message::plain("line-which-card"),
        Wrong::NoCard { number } => {
            Message::plain("line-no-card").with("number", number.to_string())
        }
    }
}

/// What a line of `team`, written by `author`, will do.
pub fn does(line: &LogLine, known: &Known<'_>, team: &str, author: &str) -> Preview {
    let mut preview = Preview::default();
    let Preview { does, warns } = &mut preview;
    match line {
        LogLine::Note { kind, incident, ago, .. } => {
            does.push(Message::plain(entry(*kind)));
            does.extend(incident.map(|id| incident_of(id, known)));
            does.extend(back(*ago));
        }
        LogLine::EditLast { text } => match known.last_line(team, author) {
            Some(last) => does.push(
                Message::plain("line-edits")
                    .with("old", fit(&last.text, ENOUGH))
                    .with("new", fit(text, ENOUGH)),
            ),
            None => warns.push(Message::plain("line-no-last").with("team", team)),
        },
        LogLine::Pin { .. } => does.push(Message::plain("line-pins")),
        LogLine::Open { severity, title, people, tags, ago, .. } => {
            let opens = Message::plain("line-opens").with("severity", severity.to_string());
            does.push(opens.with("title", fit(title, ENOUGH)));
            does.extend(back(*ago));
            if !people.is_empty() {
                does.push(Message::plain("line-calls").with("people", people.join(", ")));
            }
            if !tags.is_empty() {
                does.push(Message::plain("line-tags").with("tags", tags.join(", ")));
            }
            does.push(Message::plain("line-unsure"));
            warns.extend(people.iter().filter_map(|person| unknown(person, known)));
        }
        LogLine::Move { id, to, of, note, ago } => {
            let of = of.map(|of| about("line-duplicate-of", of));
            does.push(about("line-moves", *id).naming("status", words::incident(*to)));
            does.extend(of);
            does.extend(title_of(*id, known));
            does.extend(back(*ago));
            does.extend(note.as_ref().map(|_| Message::plain("line-with-note")));
        }
        LogLine::Edit { id, title, severity } => {
            let severity = severity.map(|severity| severity.to_string());
            does.extend(severity.map(|now| about("line-new-severity", *id).with("severity", now)));
            let title = title.as_ref().map(|title| fit(title, ENOUGH));
            does.extend(title.map(|now| about("line-new-title", *id).with("title", now)));
            does.extend(title_of(*id, known));
        }
        LogLine::Link { id, cause } => {
            let cause = match cause {
                Cause::Injection(injection) => {
                    let name = known.injections.get(injection.0).copied().unwrap_or_default();
                    about("line-links", *id).with("cause", format!("{name} ({injection})"))
                }
                Cause::Discovery => about("line-links-discovery", *id),
                Cause::Unknown => about("line-links-nothing", *id),
            };
            does.push(cause);
            does.extend(title_of(*id, known));
        }
        line => of_people(line, known, team, &mut preview),
    }
    preview
}

/// The same for lines about people and about what should become better.
fn of_people(line: &LogLine, known: &Known<'_>, team: &str, preview: &mut Preview) {
    let Preview { does, warns } = preview;
    match line {
        LogLine::Improve { says } => {
            let category = format!("line-category-{}", says.category);
            does.push(Message::plain("line-improves").naming("category", category));
            let owner = says.owner.as_deref();
            does.extend(owner.map(|owner| Message::plain("line-owner").with("owner", owner)));
            does.extend(
                says.due.map(|due| Message::plain("line-due").with("due", due.to_string())),
            );
            let team = |owner: &&str| known.teams.iter().any(|team| team == owner);
            warns.extend(owner.filter(|one| !team(one)).and_then(|one| unknown(one, known)));
        }
        LogLine::Role { role, person } => {
            let gives = Message::plain("line-gives-role").with("person", person);
            does.push(gives.naming("role", role_key(*role)));
            let before = known.people.holders(*role).find(|one| one.person != *person);
            let before = before.filter(|_| !role.is_shared()).map(|one| one.person.as_str());
            does.extend(before.map(|who| Message::plain("line-role-from").with("person", who)));
            warns.extend(unknown(person, known));
        }
        LogLine::Join { person } => {
            does.push(Message::plain("line-joins").with("person", &person.name));
            let team = person.team.as_deref();
            does.extend(team.map(|team| Message::plain("line-in-team").with("team", team)));
            let role = person.role.map(role_key);
            does.extend(role.map(|role| Message::plain("line-as-role").naming("role", role)));
        }
        LogLine::Team { team } => does.push(Message::plain("line-adds-team").with("team", team)),
        LogLine::Got { card } => {
            let got = Message::plain("line-got").with("team", team);
            let number = (card + 1).to_string();
            let text = known.cards.get(*card).map_or("", |card| card.text.as_str());
            does.push(got.with("number", number).with("text", fit(text, ENOUGH)));
        }
        _ => {}
    }
}

fn about(key: &'static str, id: IncidentId) -> Message {
    Message::plain(key).with("id", id.to_string())
}

/// Which incident is meant.
fn incident_of(id: IncidentId, known: &Known<'_>) -> Message {
    let found = known.incidents.iter().find(|incident| incident.id == id);
    let title = found.map_or("", |incident| incident.title.as_str());
    about("line-about", id).with("title", fit(title, ENOUGH))
}

fn title_of(id: IncidentId, known: &Known<'_>) -> Option<Message> {
    let found = known.incidents.iter().find(|incident| incident.id == id)?;
    Some(Message::plain("line-title").with("title", fit(&found.title, ENOUGH)))
}

/// How long ago, in words where one unit says it.
fn back(ago: Span) -> Option<Message> {
    let secs = ago.as_millis() / 1_000;
    let (key, count) = match secs {
        0 => return None,
        1 => ("line-ago-second", 1),
        secs if secs < 60 => ("line-ago-seconds", secs),
        60 => ("line-ago-minute", 1),
        3_600 => ("line-ago-hour", 1),
        secs if secs % 3_600 == 0 => ("line-ago-hours", secs / 3_600),
        secs if secs % 60 == 0 && secs < 3_600 => ("line-ago-minutes", secs / 60),
        _ => return Some(Message::plain("line-ago").with("span", ago.to_string())),
    };
    Some(Message::plain(key).with("count", count.to_string()))
}

/// A word on somebody who does not take part.
fn unknown(person: &str, known: &Known<'_>) -> Option<Message> {
    let none = known.people.person(person).is_none();
    none.then(|| Message::plain("line-unknown-person").with("person", person))
}

const fn entry(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "line-note",
        EntryKind::Lesson => "line-lesson",
        EntryKind::Action => "line-action",
        EntryKind::Decision => "line-decision",
        EntryKind::Fix => "line-fix",
        EntryKind::Deploy => "line-deploy",
        EntryKind::ConfigChange => "line-config",
        EntryKind::Update => "line-update",
        EntryKind::WentWell => "line-well",
        EntryKind::WentBadly => "line-badly",
        EntryKind::Lucky => "line-lucky",
    }
}

/// The key of a role's name.
pub const fn role_key(role: Role) -> &'static str {
    match role {
        Role::Facilitator => "line-role-facilitator",
        Role::IncidentCommander => "line-role-incident-commander",
        Role::Scribe => "line-role-scribe",
        Role::CustomerLiaison => "line-role-customer-liaison",
        Role::Observer => "line-role-observer",
    }
}
