//! Something to choose for what lies below: a cause for an incident, a team for a card or a hint, somebody for a role.
//! What can be chosen, as data; not its drawing.

use crate::exercise::command::Command;
use crate::exercise::id::{IncidentId, InjectionId};
use crate::exercise::incident::Cause;
use crate::exercise::log::FACILITATOR;
use crate::exercise::state::State;
use crate::gameday::people::{Person, Role};

/// What is to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What is behind an incident.
    Cause(IncidentId),
    /// Who gets a card of the deck.
    Card(usize),
    /// Who gets the next hint for an injection.
    Hint(InjectionId),
    /// Who takes a role.
    Role(Role),
    /// The team of a person, by the place among the people.
    Team(usize),
}

/// A choice that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chooser {
    /// Of what.
    pub about: About,
    /// The line that is selected.
    pub selected: usize,
    /// This line was taken, and costs something: is it meant?
    pub sure: Option<usize>,
}

impl Chooser {
    /// One that begins with its first line.
    pub const fn new(about: About) -> Self {
        Self { about, selected: 0, sure: None }
    }
}

/// Who or what a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// All teams.
    Everyone,
    /// A team.
    Team(String),
    /// Somebody.
    Person(String),
    /// Of no team.
    NoTeam,
    /// An injection.
    Injection(InjectionId),
    /// Something real that nobody injected.
    Discovery,
    /// No injection, and nothing is known of it.
    Unknown,
    /// Somebody whose name is to be typed.
    Typed,
    /// It is not meant.
    Back,
    /// It is.
    Sure,
}

/// What a line leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Leads {
    /// To this.
    Command(Box<Command>),
    /// To a name being typed.
    Typing,
    /// Back to the lines.
    Back,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Who or what.
    pub name: Name,
    /// The hint it is about: its place, and its cost.
    pub hint: Option<(usize, u32)>,
    /// What it leads to.
    pub leads: Leads,
}

fn to(name: Name, command: Command) -> Choice {
    Choice { name, hint: None, leads: Leads::Command(Box::new(command)) }
}

/// The lines of a choice, for whoever is called `by`.
pub fn choices(state: &State, chooser: &Chooser, by: &str) -> Vec<Choice> {
    let lines = lines(state, chooser.about, by);
    let Some(sure) = chooser.sure.and_then(|at| lines.get(at).cloned()) else { return lines };
    let back = Choice { name: Name::Back, hint: sure.hint, leads: Leads::Back };
    vec![back, Choice { name: Name::Sure, ..sure }]
}

fn lines(state: &State, about: About, by: &str) -> Vec<Choice> {
    match about {
        About::Cause(id) => causes(state, id, by),
        About::Card(card) => receivers(state, card, by),
        About::Hint(injection) => hints(state, injection, by),
        About::Role(role) => holders(state, role, by),
        About::Team(person) => teams(state, person, by),
    }
}

/// The injections that had taken effect when the incident was opened, the latest first; a discovery; nothing.
fn causes(state: &State, id: IncidentId, by: &str) -> Vec<Choice> {
    let opened = state.incident(id).map(|incident| incident.opened);
    let link = |cause| Command::LinkIncident {
        id,
        cause,
        team: FACILITATOR.to_owned(),
        author: by.to_owned(),
    };
    let could = |t0| opened.is_some_and(|opened| t0 <= opened);
    let mut runs: Vec<_> =
        state.injections.iter().filter_map(|run| Some((run.t0?, run.id))).collect();
    runs.retain(|(t0, _)| could(*t0));
    runs.sort_unstable_by(|a, b| b.cmp(a));
    let injections =
        runs.into_iter().map(|(_, id)| to(Name::Injection(id), link(Cause::Injection(id))));
    let others = [(Name::Discovery, Cause::Discovery), (Name::Unknown, Cause::Unknown)];
    injections.chain(others.map(|(name, cause)| to(name, link(cause)))).collect()
}

/// The planned addressee first, then the other teams.
fn receivers(state: &State, card: usize, by: &str) -> Vec<Choice> {
    let plan = state.plan();
    let planned = plan.people.deck.get(card).and_then(|card| card.to.clone());
    let draw = |to| Command::DrawCard { card, to, by: by.to_owned() };
    let first = planned.clone().map_or(Name::Everyone, Name::Team);
    let others = plan.teams.iter().filter(|team| Some(*team) != planned.as_ref());
    let others = others.map(|team| to(Name::Team(team.clone()), draw(Some(team.clone()))));
    std::iter::once(to(first, draw(None))).chain(others).collect()
}

/// Everyone, then each team, each with the first hint that is new there.
fn hints(state: &State, injection: InjectionId, by: &str) -> Vec<Choice> {
    let Some(planned) = state.planned(injection) else { return Vec::new() };
    let has = |team: &str, hint: usize| {
        state.people.hints.iter().any(|one| {
            let for_it = one.to.as_deref().is_none_or(|to| to == team);
            one.injection == Some(injection) && one.hint == hint && for_it
        })
    };
    let line = |name: Name, to: Option<&String>, lacks: &dyn Fn(usize) -> bool| {
        let (hint, found) = planned.hints.iter().enumerate().find(|(hint, _)| lacks(*hint))?;
        let command = Command::GiveHint { injection, hint, to: to.cloned(), by: by.to_owned() };
        let leads = Leads::Command(Box::new(command));
        Some(Choice { name, hint: Some((hint, found.cost)), leads })
    };
    let teams = &state.plan().teams;
    let all = line(Name::Everyone, None, &|hint| teams.iter().any(|team| !has(team, hint)));
    let each = teams
        .iter()
        .filter_map(|team| line(Name::Team(team.clone()), Some(team), &|hint| !has(team, hint)));
    all.into_iter().chain(each).collect()
}

/// Everybody who takes part and has not that role, by name; else a name is typed.
fn holders(state: &State, role: Role, by: &str) -> Vec<Choice> {
    let people = &state.people;
    let known = people.persons.iter().map(|one| &one.name);
    let mut names: Vec<&String> =
        known.chain(people.holdings.iter().map(|one| &one.person)).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !people.holders(role).any(|one| one.person == **name));
    let take = |person: &String| {
        let (person, by) = (person.clone(), by.to_owned());
        to(Name::Person(person.clone()), Command::TakeRole { role, person, by })
    };
    let typed = Choice { name: Name::Typed, hint: None, leads: Leads::Typing };
    names.into_iter().map(take).chain([typed]).collect()
}

fn teams(state: &State, person: usize, by: &str) -> Vec<Choice> {
    let Some(person) = state.people.persons.get(person) else { return Vec::new() };
    let join = |team: Option<String>| Command::Join {
        person: Person { name: person.name.clone(), team, role: None },
        by: by.to_owned(),
    };
    let none = (person.team.is_some()).then(|| to(Name::NoTeam, join(None)));
    let others = state.plan().teams.iter().filter(|team| Some(*team) != person.team.as_ref());
    let others = others.map(|team| to(Name::Team(team.clone()), join(Some(team.clone()))));
    others.chain(none).collect()
}

/// The names that can be given to whoever is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Who takes a role.
    Holder(Role),
    /// Who takes part, perhaps with a team behind the name.
    Person,
    /// Which team takes part.
    Team,
}

impl Typed {
    /// What a typed name leads to; `None`: nothing was typed.
    pub fn command(self, text: &str, by: &str) -> Option<Command> {
        let (text, by) = (text.trim().trim_start_matches('@'), by.to_owned());
        if text.is_empty() {
            return None;
        }
        Some(match self {
            Self::Holder(role) => Command::TakeRole { role, person: text.to_owned(), by },
            Self::Team => Command::AddTeam { team: text.to_owned(), by },
            Self::Person => {
                let (name, team) = match text.split_once([' ', ',']) {
                    Some((name, team)) => (name, Some(team.trim_matches([' ', ',']).to_owned())),
                    None => (text, None),
                };
                let team = team.filter(|team| !team.is_empty());
                let person = Person { name: name.to_owned(), team, role: None };
                Command::Join { person, by }
            }
        })
    }
}
