//! People: log lines and incidents. Roles, cards, hints and scores are `crew`'s.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::id::IncidentId;
use crate::exercise::incident::{Cause, Incident};
use crate::exercise::log::{FACILITATOR, LogEntry};
use crate::exercise::said::said;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// The longest line, in characters: a page, not a book.
const LONGEST_TEXT: usize = 4_000;
/// The longest name or tag, in characters.
pub(super) const LONGEST_NAME: usize = 100;
/// The most people and tags of one incident.
const MOST_NAMES: usize = 20;
/// The most moments.
const MOST_PINS: usize = 500;
/// The most events that a line or an improvement rests on.
const MOST_EVIDENCE: usize = 200;

pub(super) fn decide(state: &State, command: Command, now: Stamp) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Log { team, author, text, kind, incident, ago, evidence } => {
            known_team(state, &team)?;
            let text = checked(&text)?;
            if let Some(id) = incident {
                known_incident(state, id)?;
            }
            let happened = happened(ago, now)?;
            known_evidence(state, &evidence)?;
            Ok(vec![Event::Logged { team, author, text, kind, incident, happened, evidence }])
        }
        Command::EditLast { team, author, text } => edit_last(state, team, author, &text),
        Command::PinMoment { team, author, text } => {
            known_team(state, &team)?;
            let text = if text.trim().is_empty() { String::new() } else { checked(&text)? };
            if state.pins.len() >= MOST_PINS {
                return refuse(said!(
                    "refused-many-pins",
                    "so many moments are pinned that none stands out"
                ));
            }
            Ok(vec![Event::MomentPinned { team, author, text }])
        }
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
                return refuse(said!("refused-incident-same", "{id} says that already", id = id));
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

/// Something rests on these events: each has happened.
pub(super) fn known_evidence(state: &State, evidence: &[u64]) -> Result<(), Refusal> {
    if evidence.len() > MOST_EVIDENCE {
        return refuse(said!(
            "refused-much-evidence",
            "it rests on too many events; at most {most}",
            most = MOST_EVIDENCE
        ));
    }
    match evidence.iter().find(|seq| !(1..=state.seq).contains(*seq)) {
        Some(seq) => refuse(said!("refused-no-event", "there is no event {seq}", seq = *seq)),
        None => Ok(()),
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
        return refuse(said!(
            "refused-many-names",
            "an incident may have up to 20 people and 20 tags"
        ));
    }
    if people.iter().chain(&tags).any(|name| name.chars().count() > LONGEST_NAME) {
        return refuse(said!("refused-long-tag", "a name or a tag may have up to 100 characters"));
    }
    let of_signal = |one: &&Incident| one.signal.is_some() && one.signal == signal;
    if let Some(known) = state.incidents.iter().find(of_signal) {
        return refuse(said!(
            "refused-signal-opened",
            "{id} was opened for it already",
            id = known.id
        ));
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
        return refuse(said!(
            "refused-incident-closed",
            "{id} is {status}: open a new incident",
            id = id,
            status = status.said()
        ));
    }
    if to <= status {
        return refuse(said!(
            "refused-incident-already",
            "{id} is {status} already",
            id = id,
            status = status.said()
        ));
    }
    if let Some(of) = of {
        known_incident(state, of)?;
        if of == id {
            return refuse(said!(
                "refused-own-duplicate",
                "{id} cannot be a duplicate of itself",
                id = id
            ));
        }
    }
    let happened = happened(ago, now)?;
    let (last, word) =
        known.moves.last().map_or((known.opened, said!("was-opened", "opened")), |last| {
            (last.0, said!("was-since", "{status} since", status = last.1.said()))
        });
    if happened.is_some_and(|at| at < last) {
        let ago = now.since(last);
        return refuse(said!(
            "refused-too-early",
            "{id} was {word} {ago} ago only: write a time after that",
            id = id,
            word = word,
            ago = ago
        ));
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
        return refuse(said!(
            "refused-nothing-of-yours",
            "{author} has written nothing for {team} yet",
            author = &author,
            team = &team
        ));
    };
    if last.text == text {
        return refuse(said!("refused-same", "it says that already"));
    }
    Ok(vec![Event::EntryEdited { entry: last.seq, text, team, author }])
}

fn link(state: &State, id: IncidentId, cause: Cause, team: &str) -> Result<(), Refusal> {
    if team != FACILITATOR {
        return refuse(said!(
            "refused-not-facilitator",
            "only the facilitator says what is behind an incident"
        ));
    }
    let incident = known_incident(state, id)?;
    let Cause::Injection(injection) = cause else { return Ok(()) };
    let Some(run) = state.injections.get(injection.0) else {
        return refuse(said!("refused-no-injection", "there is no injection {id}", id = injection));
    };
    let name = state.planned(injection).map_or_else(String::new, |planned| planned.name.clone());
    let Some(t0) = run.t0 else {
        return refuse(said!(
            "refused-no-effect",
            "{name} has not taken effect: nothing of it can be noticed",
            name = &name
        ));
    };
    if incident.opened < t0 {
        return refuse(said!(
            "refused-opened-before",
            "{id} was opened before {name} took effect",
            id = id,
            name = &name
        ));
    }
    Ok(())
}

/// The instant that was so long ago; `None`: now.
fn happened(ago: Span, now: Stamp) -> Result<Option<Stamp>, Refusal> {
    if ago.is_zero() {
        return Ok(None);
    }
    if ago > now.elapsed {
        return refuse(said!(
            "refused-before-recording",
            "the recording began {ago} ago only",
            ago = now.elapsed
        ));
    }
    let millis = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
    Ok(Some(Stamp::new(now.elapsed - ago, now.wall.saturating_sub(millis))))
}

pub(super) fn known_team(state: &State, team: &str) -> Result<(), Refusal> {
    if team == FACILITATOR || state.plan().teams.iter().any(|known| known == team) {
        return Ok(());
    }
    refuse(said!(
        "refused-no-team",
        "there is no team \"{team}\"; teams: {teams}",
        team = team,
        teams = state.plan().teams.join(", ")
    ))
}

fn known_incident(state: &State, id: IncidentId) -> Result<&Incident, Refusal> {
    state.incident(id).map_or_else(
        || refuse(said!("refused-no-incident", "there is no incident {id}", id = id)),
        Ok,
    )
}

pub(super) fn checked(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return refuse(said!("refused-nothing-written", "nothing was written"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return refuse(said!("refused-long-line", "a line may have up to 4,000 characters"));
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
