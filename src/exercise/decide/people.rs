//! People: log lines and incidents. Roles, cards, hints and scores are `crew`'s.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::id::IncidentId;
use crate::exercise::incident::{Cause, Incident};
use crate::exercise::log::{FACILITATOR, LogEntry};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// The longest line, in characters: a page, not a book.
const LONGEST_TEXT: usize = 4_000;
/// The longest name or tag, in characters.
pub(super) const LONGEST_NAME: usize = 100;
/// The most people and tags of one incident.
const MOST_NAMES: usize = 20;

pub(super) fn decide(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Log { team, author, text, kind, incident, ago } => {
            known_team(state, &team)?;
            let text = checked(&text)?;
            if let Some(id) = incident {
                known_incident(state, id)?;
            }
            let happened = happened(ago, now)?;
            Ok(vec![Event::Logged { team, author, text, kind, incident, happened }])
        }
        Command::EditLast { team, author, text } => edit_last(state, team, author, &text),
        Command::OpenIncident { .. } => open(state, command, now),
        Command::MoveIncident { .. } => move_on(state, command, now),
        Command::EditIncident { id, title, severity, team, author } => {
            known_team(state, &team)?;
            let known = known_incident(state, id)?;
            let title = match title {
                Some(title) => checked(&title)?,
                None => known.title.clone(),
            };
            let severity = severity.unwrap_or(known.severity);
            if title == known.title && severity == known.severity {
                return refuse(format!("{id} says that already"));
            }
            Ok(vec![Event::IncidentEdited { id, title, severity, team, author }])
        }
        Command::LinkIncident { id, cause, team, author } => {
            link(state, id, cause, &team)?;
            Ok(vec![Event::IncidentLinked { id, cause, by: author }])
        }
        _ => Ok(Vec::new()),
    }
}

fn open(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    let Command::OpenIncident { team, author, title, severity, ago, people, tags, signal } =
        command
    else {
        return Ok(Vec::new());
    };
    known_team(state, &team)?;
    let title = checked(&title)?;
    if people.len() > MOST_NAMES || tags.len() > MOST_NAMES {
        return refuse("an incident may have up to 20 people and 20 tags");
    }
    if people.iter().chain(&tags).any(|name| name.chars().count() > LONGEST_NAME) {
        return refuse("a name or a tag may have up to 100 characters");
    }
    let of_signal = |one: &&Incident| one.signal.is_some() && one.signal == signal;
    if let Some(known) = state.incidents.iter().find(of_signal) {
        return refuse(format!("{} was opened for it already", known.id));
    }
    let last = state.incidents.iter().map(|incident| incident.id.0).max().unwrap_or(0);
    let id = IncidentId(last + 1);
    let happened = happened(ago, now)?;
    Ok(vec![Event::IncidentOpened {
        id,
        team,
        author,
        title,
        severity,
        happened,
        people,
        tags,
        signal,
    }])
}

fn move_on(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    let Command::MoveIncident { id, to, team, author, ago, of } = command else {
        return Ok(Vec::new());
    };
    known_team(state, &team)?;
    let known = known_incident(state, id)?;
    let status = known.status;
    if status.is_closed() {
        return refuse(format!("{id} is {status}: open a new incident"));
    }
    if to <= status {
        return refuse(format!("{id} is {status} already"));
    }
    if let Some(of) = of {
        known_incident(state, of)?;
        if of == id {
            return refuse(format!("{id} cannot be a duplicate of itself"));
        }
    }
    let happened = happened(ago, now)?;
    let (last, word) = known
        .moves
        .last()
        .map_or((known.opened, "opened".to_owned()), |last| (last.0, format!("{} since", last.1)));
    if happened.is_some_and(|at| at < last) {
        let ago = now.since(last);
        return refuse(format!("{id} was {word} {ago} ago only: write a time after that"));
    }
    Ok(vec![Event::IncidentMoved { id, to, team, author, happened, of }])
}

/// The last line that this person wrote for this team.
fn edit_last(
    state: &State,
    team: String,
    author: String,
    text: &str,
) -> Result<Vec<Event>, Refusal> {
    known_team(state, &team)?;
    let text = checked(text)?;
    let own = |one: &&LogEntry| one.team.as_ref() == Some(&team) && one.author == author;
    let Some(last) = state.log.iter().rev().find(own) else {
        return refuse(format!("{author} has written nothing for {team} yet"));
    };
    if last.text == text {
        return refuse("it says that already");
    }
    Ok(vec![Event::EntryEdited { entry: last.seq, text, team, author }])
}

fn link(state: &State, id: IncidentId, cause: Cause, team: &str) -> Result<(), Refusal> {
    if team != FACILITATOR {
        return refuse("only the facilitator says what is behind an incident");
    }
    let incident = known_incident(state, id)?;
    let Cause::Injection(injection) = cause else { return Ok(()) };
    let Some(run) = state.injections.get(injection.0) else {
        return refuse(format!("there is no injection {injection}"));
    };
    let name = state.planned(injection).map_or_else(String::new, |planned| planned.name.clone());
    let Some(t0) = run.t0 else {
        return refuse(format!("{name} has not taken effect: nothing of it can be noticed"));
    };
    if incident.opened < t0 {
        return refuse(format!("{id} was opened before {name} took effect"));
    }
    Ok(())
}

/// The instant that was so long ago; `None`: now.
fn happened(ago: Span, now: Stamp) -> Result<Option<Stamp>, Refusal> {
    if ago.is_zero() {
        return Ok(None);
    }
    if ago > now.elapsed {
        return refuse(format!("the recording began {} ago only", now.elapsed));
    }
    let millis = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
    Ok(Some(Stamp::new(now.elapsed - ago, now.wall.saturating_sub(millis))))
}

pub(super) fn known_team(state: &State, team: &str) -> Result<(), Refusal> {
    if team == FACILITATOR || state.plan().teams.iter().any(|known| known == team) {
        return Ok(());
    }
    refuse(format!("there is no team \"{team}\"; teams: {}", state.plan().teams.join(", ")))
}

fn known_incident(state: &State, id: IncidentId) -> Result<&Incident, Refusal> {
    state.incident(id).map_or_else(|| refuse(format!("there is no incident {id}")), Ok)
}

pub(super) fn checked(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return refuse("nothing was written");
    }
    if text.chars().count() > LONGEST_TEXT {
        return refuse("a line may have up to 4,000 characters");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_before_the_recording_is_refused_and_no_time_is_now() {
        let now = Stamp::new(Span::from_secs(60), 1_000_060_000);
        assert_eq!(happened(Span::ZERO, now), Ok(None));
        let then = Stamp::new(Span::from_secs(20), 1_000_020_000);
        assert_eq!(happened(Span::from_secs(40), now), Ok(Some(then)));
        assert!(happened(Span::from_secs(61), now).is_err());
    }
}
