//! The fold's part for what people write: log and incidents. Roles, cards and scores are `crew`'s.

use crate::exercise::event::{Envelope, Event};
use crate::exercise::id::IncidentId;
use crate::exercise::incident::{Incident, IncidentEdit, Severity};
use crate::exercise::log::{Audience, EntryKind, FACILITATOR, LogEntry};
use crate::exercise::pin::Pin;
use crate::exercise::said::{Said, said};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;

/// Takes one event that people wrote in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::Logged { team, author, text, kind, incident, happened, evidence } => {
            let line = Line { team, author, happened: *happened, audience: Audience::All };
            enter(state, envelope, line, text.as_str().into(), *kind, *incident);
            if let Some(entry) = state.log.last_mut() {
                entry.evidence.clone_from(evidence);
            }
        }
        Event::EntryEdited { entry, text, .. } => {
            let found = state.log.iter_mut().rfind(|one| one.seq == *entry && one.team.is_some());
            if let Some(found) = found {
                let before = std::mem::replace(&mut found.text, text.as_str().into());
                found.before.push((envelope.stamp, before));
            }
        }
        Event::MomentPinned { team, author, text } => {
            state.pins.push(pinned(state, envelope.seq, [team, author, text]));
            let says = if text.is_empty() {
                said!("log-pinned", "pinned this moment")
            } else {
                said!("log-pinned-as", "pinned: {text}", text = text)
            };
            let line = Line { team, author, happened: None, audience: Audience::All };
            enter(state, envelope, line, says, EntryKind::Note, None);
        }
        Event::IncidentOpened { .. } => opened(state, envelope),
        Event::IncidentMoved { id, to, team, author, happened, of } => {
            if let Some(incident) = state.incidents.iter_mut().find(|one| one.id == *id) {
                incident.status = *to;
                incident.moves.push((happened.unwrap_or(envelope.stamp), *to, team.clone()));
                incident.duplicate_of = *of;
            }
            let text = match of {
                Some(of) => {
                    let of = of.to_string();
                    said!("log-moved-of", "{status} of {of}", status = to.said(), of = of)
                }
                None => to.said(),
            };
            let line = Line { team, author, happened: *happened, audience: Audience::All };
            enter(state, envelope, line, text, EntryKind::Note, Some(*id));
        }
        Event::IncidentEdited { id, title, severity, team, author } => {
            let Some(incident) = state.incidents.iter_mut().find(|one| one.id == *id) else {
                return;
            };
            let text = edited(incident, title, *severity);
            let before = IncidentEdit {
                at: envelope.stamp,
                title: std::mem::replace(&mut incident.title, title.clone()),
                severity: std::mem::replace(&mut incident.severity, *severity),
                author: author.clone(),
            };
            incident.edits.push(before);
            let line = Line { team, author, happened: None, audience: Audience::All };
            enter(state, envelope, line, text, EntryKind::Note, Some(*id));
        }
        _ => {}
    }
}

/// The moment as `state` has it.
fn pinned(state: &State, seq: u64, [team, author, text]: [&String; 3]) -> Pin {
    let open = state.incidents.iter().filter(|one| !one.status.is_closed());
    let sees = team == FACILITATOR;
    Pin {
        seq,
        at: state.now,
        exercise_time: state.exercise_time(state.now),
        team: team.clone(),
        author: author.clone(),
        text: text.clone(),
        slos: state
            .slos
            .iter()
            .map(|run| (run.value, run.breached().map(|one| one.from)))
            .collect(),
        incidents: open.map(|one| (one.id, one.severity, one.status)).collect(),
        faults: state.live_injections().filter(|_| sees).map(|run| run.id).collect(),
    }
}

/// What an edit says in the log.
fn edited(incident: &Incident, title: &str, severity: Severity) -> Said {
    let now = severity.to_string();
    match (incident.title == title, incident.severity == severity) {
        (true, _) => {
            let was = incident.severity.to_string();
            said!("log-severity", "is {now}, was {was}", now = now, was = was)
        }
        (false, true) => said!("log-title", "is now: {title}", title = title),
        (false, false) => {
            said!("log-title-severity", "is now {now}: {title}", now = now, title = title)
        }
    }
}

fn opened(state: &mut State, envelope: &Envelope) {
    let Event::IncidentOpened { id, team, author, title, severity, happened, people, tags, signal } =
        &envelope.event
    else {
        return;
    };
    let at = happened.unwrap_or(envelope.stamp);
    state.incidents.push(Incident {
        recorded: envelope.stamp,
        author: author.clone(),
        people: people.clone(),
        tags: tags.clone(),
        signal: signal.clone(),
        ..Incident::new(*id, team, title, *severity, at)
    });
    let called: String = people.iter().map(|one| format!(" @{one}")).collect();
    let about: String = tags.iter().map(|one| format!(" #{one}")).collect();
    let what = format!("{severity}: {title}{called}{about}");
    let text = said!("log-opened", "opened {what}", what = what);
    let line = Line { team, author, happened: *happened, audience: Audience::All };
    enter(state, envelope, line, text, EntryKind::Note, Some(*id));
}

/// Who wrote a line, of what time, for whom.
pub(super) struct Line<'a> {
    pub(super) team: &'a str,
    pub(super) author: &'a str,
    pub(super) happened: Option<Stamp>,
    pub(super) audience: Audience,
}

/// Adds a line that somebody wrote.
pub(super) fn enter(
    state: &mut State,
    envelope: &Envelope,
    line: Line<'_>,
    text: Said,
    kind: EntryKind,
    incident: Option<IncidentId>,
) {
    let stamp = line.happened.unwrap_or(envelope.stamp);
    let ago = envelope.stamp.since(stamp);
    let exercise_time = state.exercise_time(envelope.stamp);
    let stopped = state.stopped_between(stamp, envelope.stamp);
    state.log.push(LogEntry {
        seq: envelope.seq,
        stamp,
        recorded: envelope.stamp,
        exercise_time: exercise_time - (ago - stopped),
        team: Some(line.team.to_owned()),
        author: line.author.to_owned(),
        text,
        kind,
        incident,
        audience: line.audience,
        evidence: Vec::new(),
        before: Vec::new(),
    });
}
