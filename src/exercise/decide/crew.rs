//! Teams, persons, roles, cards, hints, scores, improvements, and the word that something real happened.

use super::people::{LONGEST_NAME, checked, known_evidence, known_team};
use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::{Event, Outcome};
use crate::exercise::id::{ImprovementId, InjectionId};
use crate::exercise::improvement::Improvement;
use crate::exercise::log::FACILITATOR;
use crate::exercise::said::said;
use crate::exercise::standings::standings;
use crate::exercise::state::{Stage, State};
use crate::gameday::people::Person;

/// The most improvements, teams and persons: what nobody could read any more.
const MOST: usize = 1_000;

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::SetAside { signal, by } => {
            if state.people.set_aside.contains(&signal) {
                return refuse(said!("refused-set-aside", "it was set aside already"));
            }
            Ok(vec![Event::SuggestionSetAside { signal, by }])
        }
        Command::DeclareReal { by, reason } => declare_real(state, by, reason),
        Command::AddTeam { team, by } => add_team(state, &team, by),
        Command::Join { person, by } => join(state, person, by),
        Command::TakeRole { role, person, by } => {
            let person = named(&person)?;
            let has = state.people.holders(role).any(|one| one.person == person);
            if has {
                return refuse(said!(
                    "refused-role-already",
                    "{person} is {role} already",
                    person = &person,
                    role = role.name()
                ));
            }
            Ok(vec![Event::RoleTaken { role, person, by }])
        }
        Command::DrawCard { card, to, by } => draw(state, card, to, by),
        Command::AcknowledgeCard { card, team, author } => acknowledge(state, card, team, author),
        Command::GiveHint { injection, hint, to, by } => give(state, injection, hint, to, by),
        Command::ShowBoard { show, by } => match (show, &state.people.standings) {
            (true, Some(_)) => {
                refuse(said!("refused-board-shown", "the teams are shown it already"))
            }
            (false, None) => refuse(said!("refused-board-hidden", "the teams are not shown it")),
            (true, None) => Ok(vec![Event::BoardShown { standings: standings(state), by }]),
            (false, Some(_)) => Ok(vec![Event::BoardHidden { by }]),
        },
        Command::ScoreObjective { objective, met, by, reason } => {
            if objective >= state.plan().objectives.len() {
                return refuse(said!(
                    "refused-no-objective",
                    "there is no objective {number}",
                    number = objective + 1
                ));
            }
            let reason = checked(&reason)?;
            Ok(vec![Event::ObjectiveScored { objective, met, by, reason }])
        }
        Command::JudgeExpectation { id, met, by, reason } => {
            if state.injections.get(id.0).is_none() {
                return refuse(said!(
                    "refused-no-injection",
                    "there is no injection {id}",
                    id = id
                ));
            }
            let reason = checked(&reason)?;
            Ok(vec![Event::ExpectationJudged { id, met, by, reason }])
        }
        Command::NoteImprovement { .. } => improve(state, command),
        Command::DropImprovement { id, by, reason } => {
            known_improvement(state, id)?;
            let reason = checked(&reason)?;
            Ok(vec![Event::ImprovementDropped { id, by, reason }])
        }
        Command::SettleEarlier { exercise, entry, done, by } => {
            let mut settled = state.people.settled.iter().rev();
            let last = settled.find(|one| one.exercise == exercise && one.entry == entry);
            if last.is_some_and(|last| last.done == done) {
                return refuse(if done {
                    said!("refused-done", "it is done already")
                } else {
                    said!("refused-open", "it is open already")
                });
            }
            Ok(vec![Event::EarlierSettled { exercise, entry, done, by }])
        }
        _ => Ok(Vec::new()),
    }
}

fn draw(state: &State, card: usize, to: Option<String>, by: String) -> Result<Vec<Event>, Refusal> {
    let Some(planned) = state.plan().people.deck.get(card) else {
        return refuse(said!(
            "refused-no-deck-card",
            "there is no card {number} in the deck",
            number = card + 1
        ));
    };
    addressed(state, to.as_deref())?;
    if state.cards.iter().any(|shown| shown.planned.is_none() && shown.name == planned.name) {
        return refuse(said!(
            "refused-card-drawn",
            "the card {name} was drawn already",
            name = &planned.name
        ));
    }
    let mut card = planned.clone();
    card.to = to.or(card.to);
    Ok(vec![Event::CardDrawn { card, by }])
}

/// Everything stops, and the recording goes on. Before the first phase nothing was injected: there the exercise ends.
fn declare_real(state: &State, by: String, reason: String) -> Result<Vec<Event>, Refusal> {
    if state.stage == Stage::Ended {
        return refuse(said!(
            "refused-over-watch",
            "the exercise is over: watch the target instead"
        ));
    }
    if state.real.is_some() {
        return refuse(said!("refused-real-known", "it is known already"));
    }
    let mut events = vec![Event::RealIncidentDeclared { by: by.clone(), reason }];
    let why = said!("why-real", "a real incident");
    match state.stage {
        Stage::Preparing | Stage::Preflight | Stage::NoGo => {
            events.push(Event::ClosingStarted { outcome: Outcome::Halted, why });
        }
        Stage::Running if state.halted.is_none() => {
            events.extend([Event::Halted { by, reason: why }, Event::LoadStopped]);
        }
        _ => {}
    }
    Ok(events)
}

fn give(
    state: &State,
    injection: InjectionId,
    hint: usize,
    to: Option<String>,
    by: String,
) -> Result<Vec<Event>, Refusal> {
    let planned = state.planned(injection);
    let Some(found) = planned.and_then(|planned| planned.hints.get(hint)) else {
        return refuse(said!(
            "refused-no-hint",
            "{injection} has no hint {number}",
            injection = injection,
            number = hint + 1
        ));
    };
    addressed(state, to.as_deref())?;
    let given = state.people.hints.iter().any(|one| {
        one.injection == Some(injection) && one.hint == hint && (one.to == to || one.to.is_none())
    });
    if given {
        return refuse(said!("refused-hint-given", "that hint was given already"));
    }
    let (text, cost) = (found.text.clone(), found.cost);
    Ok(vec![Event::HintGiven { injection: Some(injection), hint, text, cost, to, by }])
}

fn add_team(state: &State, team: &str, by: String) -> Result<Vec<Event>, Refusal> {
    let team = named(team)?;
    if team == FACILITATOR || state.plan().teams.contains(&team) {
        return refuse(said!("refused-team-known", "there is a team {team} already", team = &team));
    }
    if state.plan().teams.len() >= MOST {
        return refuse(said!("refused-many-teams", "there are too many teams"));
    }
    Ok(vec![Event::TeamAdded { team, by }])
}

fn join(state: &State, person: Person, by: String) -> Result<Vec<Event>, Refusal> {
    let name = named(&person.name)?;
    if let Some(team) = &person.team {
        known_team(state, team)?;
    }
    let known = state.people.person(&name);
    if known.is_some_and(|known| known.team == person.team) && person.role.is_none() {
        return refuse(said!("refused-takes-part", "{name} takes part already", name = &name));
    }
    if known.is_none() && state.people.persons.len() >= MOST {
        return refuse(said!("refused-many-people", "there are too many people"));
    }
    Ok(vec![Event::PersonJoined { person: Person { name, ..person }, by }])
}

fn acknowledge(
    state: &State,
    card: usize,
    team: String,
    author: String,
) -> Result<Vec<Event>, Refusal> {
    known_team(state, &team)?;
    let Some(shown) = state.cards.get(card) else {
        return refuse(said!("refused-no-card", "there is no card {number}", number = card + 1));
    };
    if !shown.is_for(&team) {
        let to = shown.to.as_deref().unwrap_or_default();
        return refuse(said!(
            "refused-card-of-others",
            "card {number} is for {to}, not for {team}",
            number = card + 1,
            to = to,
            team = &team
        ));
    }
    if shown.seen_by.iter().any(|(_, by, _)| *by == team) {
        return refuse(said!(
            "refused-card-seen",
            "{team} has seen card {number} already",
            team = &team,
            number = card + 1
        ));
    }
    Ok(vec![Event::CardAcknowledged { card, team, author }])
}

fn improve(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command::NoteImprovement { id, mut says, team, author } = command else {
        return Ok(Vec::new());
    };
    known_team(state, &team)?;
    says.text = checked(&says.text)?;
    says.owner = says.owner.map(|owner| named(&owner)).transpose()?;
    known_evidence(state, &says.evidence)?;
    let improvements = &state.people.improvements;
    let id = match id {
        Some(id) => {
            let known = known_improvement(state, id)?;
            if known.says == says && known.dropped.is_none() {
                return refuse(said!("refused-same", "it says that already"));
            }
            id
        }
        None if improvements.len() >= MOST => {
            return refuse(said!("refused-many-improvements", "there are too many improvements"));
        }
        None => ImprovementId(improvements.iter().map(|one| one.id.0).max().unwrap_or(0) + 1),
    };
    Ok(vec![Event::ImprovementNoted { id, says, team, author }])
}

fn known_improvement(state: &State, id: ImprovementId) -> Result<&Improvement, Refusal> {
    let found = state.people.improvements.iter().find(|one| one.id == id);
    found.map_or_else(
        || {
            refuse(said!(
                "refused-no-improvement",
                "there is no improvement {number}",
                number = id.0
            ))
        },
        Ok,
    )
}

fn addressed(state: &State, to: Option<&str>) -> Result<(), Refusal> {
    to.map_or(Ok(()), |team| known_team(state, team))
}

/// A name without blanks around it, of a length that fits a line.
fn named(name: &str) -> Result<String, Refusal> {
    let name = name.trim().trim_start_matches('@');
    if name.is_empty() || name.chars().any(char::is_control) {
        return refuse(said!("refused-no-name", "a name is needed"));
    }
    if name.chars().count() > LONGEST_NAME {
        return refuse(said!("refused-long-name", "a name may have up to 100 characters"));
    }
    Ok(name.to_owned())
}
