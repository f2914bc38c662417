//! The fold's part for teams, persons, roles, cards, hints, scores and improvements. What people write is `people`'s.

use std::sync::Arc;

use super::people::{Line, enter};
use super::say::say;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::header::Header;
use crate::exercise::improvement::{Improvement, Settled};
use crate::exercise::incident::Cause;
use crate::exercise::log::{Audience, EntryKind};
use crate::exercise::people::{GivenHint, Holding, ShownCard};
use crate::exercise::state::{Score, State, Stop};
use crate::gameday::people::{Person, Role};

/// Takes one such event in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::IncidentLinked { id, cause, by } => {
            if let Some(incident) = state.incidents.iter_mut().find(|one| one.id == *id) {
                incident.cause = Some(*cause);
            }
            let text = format!("{by} says of {id}: {}", cause_words(state, *cause));
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::SuggestionSetAside { signal, by } => {
            state.people.set_aside.push(signal.clone());
            say(state, envelope, format!("{by} set a suggestion aside"), Audience::Facilitator);
        }
        Event::RealIncidentDeclared { by, reason } => {
            let stop = Stop { since: now, by: by.clone(), reason: reason.clone() };
            state.real = Some(stop);
            let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            let text = format!("REAL INCIDENT, says {by}{why}. This is no exercise any more");
            say(state, envelope, text, Audience::All);
        }
        Event::TeamAdded { team, by } => {
            if !state.plan().teams.contains(team) {
                let mut header: Header = (*state.header).clone();
                header.plan.teams.push(team.clone());
                state.header = Arc::new(header);
            }
            say(state, envelope, format!("Team {team} takes part, says {by}"), Audience::All);
        }
        Event::PersonJoined { person, by } => joined(state, envelope, person, by),
        Event::RoleTaken { role, person, by } => role_taken(state, envelope, *role, person, by),
        Event::CardShown { .. } | Event::CardDrawn { .. } | Event::HintGiven { .. } => {
            handed_out(state, envelope);
        }
        Event::CardAcknowledged { card, team, author } => {
            let seen = (now, team.clone(), author.clone());
            if let Some(shown) = state.cards.get_mut(*card) {
                shown.seen_by.push(seen);
            }
            let line = Line { team, author, happened: None, audience: Audience::All };
            let text = format!("has seen card {}", card + 1);
            enter(state, envelope, line, text, EntryKind::Note, None);
        }
        Event::ObjectiveScored { .. }
        | Event::ExpectationJudged { .. }
        | Event::ImprovementNoted { .. }
        | Event::ImprovementDropped { .. }
        | Event::EarlierSettled { .. } => judged(state, envelope),
        _ => {}
    }
}

fn cause_words(state: &State, cause: Cause) -> String {
    match cause {
        Cause::Injection(id) => {
            let name = state.planned(id).map_or_else(|| id.to_string(), |one| one.name.clone());
            format!("behind it is {name}")
        }
        Cause::Discovery => "a discovery, nobody injected it".to_owned(),
        Cause::Unknown => "no injection is behind it".to_owned(),
    }
}

fn joined(state: &mut State, envelope: &Envelope, person: &Person, by: &str) {
    let persons = &mut state.people.persons;
    match persons.iter_mut().find(|one| one.name == person.name) {
        Some(known) => known.team.clone_from(&person.team),
        None => persons.push(Person { role: None, ..person.clone() }),
    }
    let team = person.team.as_ref().map_or_else(String::new, |team| format!(", {team}"));
    say(state, envelope, format!("{}{team}, takes part, says {by}", person.name), Audience::All);
    if let Some(role) = person.role {
        role_taken(state, envelope, role, &person.name, by);
    }
}

fn role_taken(state: &mut State, envelope: &Envelope, role: Role, person: &str, by: &str) {
    let now = envelope.stamp;
    let mut from = None;
    if !role.is_shared() {
        for held in state.people.holdings.iter_mut() {
            if held.role == role && held.until.is_none() {
                held.until = Some(now);
                from = Some(held.person.clone());
            }
        }
    }
    state.people.holdings.push(Holding {
        role,
        person: person.to_owned(),
        since: now,
        until: None,
        by: by.to_owned(),
    });
    let from = from.filter(|from| from != person);
    let from = from.map_or_else(String::new, |from| format!(", taking over from {from}"));
    say(state, envelope, format!("{person} is {role}{from}"), Audience::All);
}

fn handed_out(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::CardShown { phase, card } => {
            let planned = state.plan().phases.get(*phase).and_then(|one| one.cards.get(*card));
            let planned = planned.cloned();
            let shown = ShownCard {
                planned: Some((*phase, *card)),
                name: String::new(),
                to: planned.as_ref().and_then(|one| one.to.clone()),
                text: planned.as_ref().map(|one| one.text.clone()).unwrap_or_default(),
                away: planned.as_ref().and_then(|one| one.away.clone()),
                at: envelope.stamp,
                seen_by: Vec::new(),
            };
            show(state, envelope, shown, planned.is_some());
        }
        Event::CardDrawn { card, .. } => {
            let shown = ShownCard {
                planned: None,
                name: card.name.clone(),
                to: card.to.clone(),
                text: card.text.clone(),
                away: card.away.clone(),
                at: envelope.stamp,
                seen_by: Vec::new(),
            };
            show(state, envelope, shown, true);
        }
        Event::HintGiven { injection, hint, text, cost, to, .. } => {
            state.people.hints.push(GivenHint {
                injection: *injection,
                hint: *hint,
                text: text.clone(),
                cost: *cost,
                to: to.clone(),
                at: envelope.stamp,
            });
            let to = to.as_deref().unwrap_or("everyone");
            let cost = if *cost == 0 { String::new() } else { format!(" (costs {cost})") };
            say(state, envelope, format!("Hint to {to}{cost}: {text}"), Audience::All);
        }
        _ => {}
    }
}

fn show(state: &mut State, envelope: &Envelope, card: ShownCard, known: bool) {
    let number = state.cards.len() + 1;
    let to = card.to.as_deref().unwrap_or("everyone");
    let away = card.away.as_ref().map_or_else(String::new, |away| format!(" ({away} is away)"));
    let text = format!("Card {number} to {to}: {}{away}", card.text);
    state.cards.push(card);
    if known {
        say(state, envelope, text, Audience::All);
    }
}

fn judged(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::ObjectiveScored { objective, met, by, reason } => {
            let score = Score { met: *met, by: by.clone(), reason: reason.clone() };
            if let Some(place) = state.scores.get_mut(*objective) {
                *place = Some(score);
            }
            let word = if *met { "met" } else { "not met" };
            let text = format!("Objective {} scored {word} by {by}: {reason}", objective + 1);
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::ExpectationJudged { id, met, by, reason } => {
            let score = Score { met: *met, by: by.clone(), reason: reason.clone() };
            if let Some(place) = state.people.judged.get_mut(id.0) {
                *place = Some(score);
            }
            let name = state.planned(*id).map_or_else(|| id.to_string(), |one| one.name.clone());
            let word = if *met { "as expected" } else { "not as expected" };
            let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            say(
                state,
                envelope,
                format!("{name} went {word}, says {by}{why}"),
                Audience::Facilitator,
            );
        }
        Event::ImprovementNoted { .. } => improved(state, envelope),
        Event::ImprovementDropped { id, by, reason } => {
            let found = state.people.improvements.iter_mut().find(|one| one.id == *id);
            if let Some(found) = found {
                found.dropped = Some((envelope.stamp, by.clone(), reason.clone()));
            }
        }
        Event::EarlierSettled { exercise, entry, done, by } => {
            state.people.settled.push(Settled {
                exercise: exercise.clone(),
                entry: *entry,
                done: *done,
                by: by.clone(),
                at: envelope.stamp,
            });
        }
        _ => {}
    }
}

fn improved(state: &mut State, envelope: &Envelope) {
    let Event::ImprovementNoted { id, says, team, author } = &envelope.event else { return };
    let improvements = &mut state.people.improvements;
    match improvements.iter_mut().find(|one| one.id == *id) {
        Some(known) => {
            let before = std::mem::replace(&mut known.says, says.clone());
            known.before.push((envelope.stamp, before));
            known.dropped = None;
        }
        None => improvements.push(Improvement {
            id: *id,
            seq: envelope.seq,
            noted: envelope.stamp,
            says: says.clone(),
            team: team.clone(),
            author: author.clone(),
            before: Vec::new(),
            dropped: None,
        }),
    }
    let owner = says.owner.as_ref().map_or_else(String::new, |owner| format!(" @{owner}"));
    let due = says.due.map_or_else(String::new, |due| format!(", due {due}"));
    let text = format!("improve ({}): {}{owner}{due}", says.category, says.text);
    let line = Line { team, author, happened: None, audience: Audience::All };
    enter(state, envelope, line, text, EntryKind::Note, None);
}
