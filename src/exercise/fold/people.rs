//! The fold's part for people: log, incidents, cards, scores.

use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::id::IncidentId;
use crate::exercise::incident::{Incident, IncidentStatus};
use crate::exercise::log::{Audience, EntryKind, LogEntry};
use crate::exercise::state::{Score, State};

/// Takes one event made by people in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::Logged { team, author, text, kind, incident } => {
            enter(state, envelope, (team, author), text.clone(), *kind, *incident);
        }
        Event::IncidentOpened { id, team, author, title, severity } => {
            state.incidents.push(Incident {
                id: *id,
                team: team.clone(),
                title: title.clone(),
                severity: *severity,
                status: IncidentStatus::Open,
                opened: envelope.stamp,
                moves: Vec::new(),
            });
            let text = format!("opened {severity}: {title}");
            enter(state, envelope, (team, author), text, EntryKind::Note, Some(*id));
        }
        Event::IncidentMoved { id, to, team, author } => {
            if let Some(incident) = state.incidents.iter_mut().find(|one| one.id == *id) {
                incident.status = *to;
                incident.moves.push((envelope.stamp, *to, team.clone()));
            }
            enter(state, envelope, (team, author), to.to_string(), EntryKind::Note, Some(*id));
        }
        Event::CardShown { phase, card } => {
            state.cards.push((*phase, *card, envelope.stamp));
            let card = state.plan().phases.get(*phase).and_then(|phase| phase.cards.get(*card));
            if let Some(card) = card {
                let to = card.to.as_deref().unwrap_or("everyone");
                let text = format!("Card to {to}: {}", card.text);
                say(state, envelope, text, Audience::All);
            }
        }
        Event::ObjectiveScored { objective, met, by, reason } => {
            let score = Score { met: *met, by: by.clone(), reason: reason.clone() };
            if let Some(place) = state.scores.get_mut(*objective) {
                *place = Some(score);
            }
            let word = if *met { "met" } else { "not met" };
            let text = format!("Objective {} scored {word} by {by}: {reason}", objective + 1);
            say(state, envelope, text, Audience::Facilitator);
        }
        _ => {}
    }
}

fn enter(
    state: &mut State,
    envelope: &Envelope,
    (team, author): (&str, &str),
    text: String,
    kind: EntryKind,
    incident: Option<IncidentId>,
) {
    let exercise_time = state.exercise_time(envelope.stamp);
    state.log.push(LogEntry {
        seq: envelope.seq,
        stamp: envelope.stamp,
        exercise_time,
        team: Some(team.to_owned()),
        author: author.to_owned(),
        text,
        kind,
        incident,
        audience: Audience::All,
    });
}
