//! A list of which one or several are picked: a category, what is behind an incident, lines of the log as evidence. Not the
//! picking, and not its drawing.

pub mod act;

use crate::exercise::id::{ImprovementId, IncidentId, InjectionId};
use crate::exercise::improvement::{CATEGORIES, Category, Improvement};
use crate::exercise::incident::Cause;
use crate::exercise::state::State;
use crate::exercise::times::cause;

/// What is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picks {
    /// The category of an improvement; without one, of a new one.
    Category(Option<ImprovementId>),
    /// What is behind an incident.
    Cause(IncidentId),
    /// What an improvement rests on.
    Evidence(ImprovementId),
}

/// A list that is picked from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picking {
    /// What is picked.
    pub picks: Picks,
    /// The line that keys act on.
    pub at: usize,
    /// Events that are marked.
    pub marked: Vec<u64>,
}

/// One that can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This category.
    Category(Category),
    /// This injection is behind it.
    Injection(InjectionId),
    /// Nobody injected it: it is real.
    Discovery,
    /// No injection, and nothing is known of it.
    Unknown,
    /// There was nothing.
    FalseAlarm,
    /// The line of the log with this event, by its place there.
    Entry(usize, u64),
}

impl Picking {
    /// A list, with what is so now selected or marked.
    pub fn new(picks: Picks, state: &State) -> Self {
        let mut picking = Self { picks, at: 0, marked: Vec::new() };
        let choices = choices(picks, state);
        let now = match picks {
            Picks::Category(id) => {
                id.and_then(|id| find(state, id)).map(|one| Choice::Category(one.says.category))
            }
            Picks::Cause(id) => state.incident(id).and_then(|one| match one.cause {
                Some(Cause::Discovery) => Some(Choice::Discovery),
                Some(Cause::Unknown) => Some(Choice::Unknown),
                _ => cause(state, one).map(Choice::Injection),
            }),
            Picks::Evidence(id) => {
                let known = find(state, id).map(|one| one.says.evidence.clone());
                picking.marked = known.unwrap_or_default();
                let is_first = |one: &Choice| matches!(one, Choice::Entry(_, seq) if picking.marked.first() == Some(seq));
                choices.iter().find(|one| is_first(one)).copied()
            }
        };
        picking.at =
            now.and_then(|now| choices.iter().position(|one| *one == now)).unwrap_or_default();
        picking
    }

    /// Whether several can be marked.
    pub const fn is_several(&self) -> bool {
        matches!(self.picks, Picks::Evidence(_))
    }

    /// Whether one is marked.
    pub fn is_marked(&self, choice: Choice) -> bool {
        matches!(choice, Choice::Entry(_, seq) if self.marked.contains(&seq))
    }
}

fn find(state: &State, id: ImprovementId) -> Option<&Improvement> {
    state.people.improvements.iter().find(|one| one.id == id)
}

/// Everything that can be picked.
pub fn choices(picks: Picks, state: &State) -> Vec<Choice> {
    match picks {
        Picks::Category(_) => CATEGORIES.map(Choice::Category).to_vec(),
        Picks::Cause(id) => {
            let incident = state.incident(id);
            let open = |t0| incident.is_some_and(|one| one.opened >= t0);
            let injections = state.injections.iter().filter(|run| run.t0.is_some_and(open));
            let closed = incident.is_none_or(|one| one.status.is_closed());
            injections
                .map(|run| Choice::Injection(run.id))
                .chain([Choice::Discovery, Choice::Unknown])
                .chain((!closed).then_some(Choice::FalseAlarm))
                .collect()
        }
        Picks::Evidence(_) => {
            let entries = state.log.iter().enumerate();
            entries.map(|(index, entry)| Choice::Entry(index, entry.seq)).collect()
        }
    }
}
