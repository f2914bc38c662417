//! The fold's part for teams, persons, roles, cards, hints, scores and improvements. What people write is `people`'s.

use std::sync::Arc;

use super::people::{Line, enter};
use super::say::{because, say};
use crate::exercise::event::{Envelope, Event};
use crate::exercise::header::Header;
use crate::exercise::improvement::{Improvement, Settled};
use crate::exercise::incident::Cause;
use crate::exercise::judge::Answer;
use crate::exercise::log::{Audience, EntryKind};
use crate::exercise::people::{GivenHint, Holding, ShownCard, ShownStandings};
use crate::exercise::said::{Said, said};
use crate::exercise::state::{Score, State, Stop};
use crate::exercise::who::{to, who};
use crate::gameday::people::{Person, Role};

/// Takes one such event in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::IncidentLinked { id, cause, by } => {
            if let Some(incident) = state.incidents.iter_mut().find(|one| one.id == *id) {
                incident.cause = Some(*cause);
            }
            let cause = cause_words(state, *cause);
            let id = id.to_string();
            let text = said!(
                "log-linked",
                "{by} says of {id}: {cause}",
                by = who(by),
                id = id,
                cause = cause
            );
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::SuggestionSetAside { signal, by } => {
            state.people.set_aside.push(signal.clone());
            let text = said!("log-set-aside", "{by} set a suggestion aside", by = who(by));
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::RealIncidentDeclared { by, reason } => {
            let stop = Stop { since: now, by: by.clone(), reason: reason.as_str().into() };
            state.real = Some(stop);
            let what = because(said!("log-real", "REAL INCIDENT, says {by}", by = who(by)), reason);
            let text =
                said!("log-no-exercise", "{what}. This is no exercise any more", what = what);
            say(state, envelope, text, Audience::All);
        }
        Event::TeamAdded { team, by } => {
            if !state.plan().teams.contains(team) {
                let mut header: Header = (*state.header).clone();
                header.plan.teams.push(team.clone());
                state.header = Arc::new(header);
            }
            let text = said!(
                "log-team-added",
                "Team {team} takes part, says {by}",
                team = team,
                by = who(by)
            );
            say(state, envelope, text, Audience::All);
        }
        Event::PersonJoined { person, by } => joined(state, envelope, person, by),
        Event::RoleTaken { role, person, by } => role_taken(state, envelope, *role, person, by),
        Event::CardShown { .. } | Event::CardDrawn { .. } | Event::HintGiven { .. } => {
            handed_out(state, envelope);
        }
        Event::BoardShown { .. } | Event::BoardHidden { .. } => board(state, envelope),
        Event::CardAcknowledged { card, team, author } => {
            let seen = (now, team.clone(), author.clone());
            if let Some(shown) = state.cards.get_mut(*card) {
                shown.seen_by.push(seen);
            }
            let line = Line { team, author, happened: None, audience: Audience::All };
            let text =
                said!("log-card-seen", "has seen card {card}", card = card.saturating_add(1));
            enter(state, envelope, line, text, EntryKind::Note, None);
        }
        Event::ObjectiveScored { .. }
        | Event::ExpectationJudged { .. }
        | Event::ImprovementNoted { .. }
        | Event::ImprovementDropped { .. }
        | Event::EarlierSettled { .. } => judged(state, envelope),
        other => debug_assert!(false, "nobody takes {other:?} in"),
    }
}

/// What of the score board the teams are shown.
fn board(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::BoardShown { standings, by } => {
            let (teams, by) = (standings.clone(), by.clone());
            if state.people.standings.is_none() {
                let text =
                    said!("log-board-shown", "{by} shows the teams how they stand", by = who(&by));
                say(state, envelope, text, Audience::All);
            }
            state.people.standings = Some(ShownStandings { teams, by, changed: false });
        }
        Event::BoardHidden { by } => {
            state.people.standings = None;
            let text = said!("log-board-hidden", "{by} shows the standings no more", by = who(by));
            say(state, envelope, text, Audience::All);
        }
        _ => {}
    }
}

fn cause_words(state: &State, cause: Cause) -> Said {
    match cause {
        Cause::Injection(id) => {
            let name = state.name_of(id);
            said!("log-cause", "behind it is {name}", name = name)
        }
        Cause::Discovery => said!("log-discovery", "a discovery, nobody injected it"),
        Cause::Unknown => said!("log-no-cause", "no injection is behind it"),
    }
}

fn joined(state: &mut State, envelope: &Envelope, person: &Person, by: &str) {
    let persons = &mut state.people.persons;
    match persons.iter_mut().find(|one| one.name == person.name) {
        Some(known) => known.team.clone_from(&person.team),
        None => persons.push(Person { role: None, ..person.clone() }),
    }
    let team = person.team.as_ref().map_or_else(String::new, |team| format!(", {team}"));
    let named = format!("{}{team}", person.name);
    let text = said!("log-joined", "{who}, takes part, says {by}", who = named, by = who(by));
    say(state, envelope, text, Audience::All);
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
    let text = said!("log-role", "{person} is {role}", person = person, role = role_name(role));
    let text = match from.filter(|from| from != person) {
        Some(from) => {
            said!("log-handover", "{what}, taking over from {from}", what = text, from = from)
        }
        None => text,
    };
    say(state, envelope, text, Audience::All);
}

/// A role in words.
fn role_name(role: Role) -> Said {
    match role {
        Role::Facilitator => said!("role-is-facilitator", "facilitator"),
        Role::IncidentCommander => said!("role-is-incident-commander", "incident commander"),
        Role::Scribe => said!("role-is-scribe", "scribe"),
        Role::CustomerLiaison => said!("role-is-customer-liaison", "customer liaison"),
        Role::Observer => said!("role-is-observer", "observer"),
    }
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
        Event::HintGiven { injection, hint, text, cost, to: whom, .. } => {
            state.people.hints.push(GivenHint {
                injection: *injection,
                hint: *hint,
                text: text.clone(),
                cost: *cost,
                to: whom.clone(),
                at: envelope.stamp,
            });
            let whom = to(whom.as_deref());
            let said = if *cost == 0 {
                said!("log-hint", "Hint to {to}: {text}", to = whom, text = text)
            } else {
                said!(
                    "log-hint-cost",
                    "Hint to {to} (costs {cost}): {text}",
                    to = whom,
                    cost = *cost,
                    text = text
                )
            };
            say(state, envelope, said, Audience::All);
        }
        _ => {}
    }
}

fn show(state: &mut State, envelope: &Envelope, card: ShownCard, known: bool) {
    let number = state.cards.len() + 1;
    let whom = to(card.to.as_deref());
    let text = &card.text;
    let mut said =
        said!("log-card", "Card {number} to {to}: {text}", number = number, to = whom, text = text);
    if let Some(away) = &card.away {
        said = said!("log-card-away", "{card} ({away} is away)", card = said, away = away);
    }
    state.cards.push(card);
    if known {
        say(state, envelope, said, Audience::All);
    }
}

fn judged(state: &mut State, envelope: &Envelope) {
    match &envelope.event {
        Event::ObjectiveScored { objective, met, by, reason } => {
            let score = Score { met: *met, by: by.clone(), reason: reason.clone() };
            if let Some(place) = state.scores.get_mut(*objective) {
                *place = Some(score);
            }
            let met = if *met { Answer::Met } else { Answer::NotMet };
            let text = said!(
                "log-scored",
                "Objective {number} scored {answer} by {by}: {reason}",
                number = objective.saturating_add(1),
                answer = met.said(),
                by = who(by),
                reason = reason
            );
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::ExpectationJudged { id, met, by, reason } => {
            let score = Score { met: *met, by: by.clone(), reason: reason.clone() };
            if let Some(place) = state.people.judged.get_mut(id.0) {
                *place = Some(score);
            }
            let name = state.name_of(*id);
            let text = if *met {
                said!(
                    "log-expected",
                    "{name} went as expected, says {by}",
                    name = name,
                    by = who(by)
                )
            } else {
                said!(
                    "log-unexpected",
                    "{name} went not as expected, says {by}",
                    name = name,
                    by = who(by)
                )
            };
            say(state, envelope, because(text, reason), Audience::Facilitator);
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
    let what = format!("{}{owner}", says.text);
    let category = says.category.said();
    let mut text =
        said!("log-improve", "improve ({category}): {what}", category = category, what = what);
    if let Some(due) = says.due {
        text = said!("log-improve-due", "{what}, due {due}", what = text, due = due.to_string());
    }
    let line = Line { team, author, happened: None, audience: Audience::All };
    enter(state, envelope, line, text, EntryKind::Note, None);
}
