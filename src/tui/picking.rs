//! One or several to pick from a list: a category, what is behind an incident, lines of the log as evidence. Not its drawing.

use super::action::ActionId;
use super::answer::Outcome;
use super::debrief::act::improve;
use super::overlay::moved;
use super::ui::Ui;
use crate::exercise::command::Command;
use crate::exercise::id::{ImprovementId, IncidentId, InjectionId};
use crate::exercise::improvement::{CATEGORIES, Category, Improvement, Proposal};
use crate::exercise::incident::{Cause, IncidentStatus};
use crate::exercise::log::FACILITATOR;
use crate::exercise::state::State;
use crate::exercise::times::cause;
use crate::gameday::span::Span;

/// How many lines a page is.
const PAGE: isize = 10;

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

/// Does it; `None`: nothing is picked now, or this is not about it.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    let picking = ui.picking.as_mut()?;
    match id {
        ActionId::OverlayDown => go(1, state, picking),
        ActionId::OverlayUp => go(-1, state, picking),
        ActionId::OverlayPageDown => go(PAGE, state, picking),
        ActionId::OverlayPageUp => go(-PAGE, state, picking),
        ActionId::Mark => {
            mark(state, picking);
            go(1, state, picking);
        }
        ActionId::ClosePicking => ui.picking = None,
        ActionId::Pick => return Some(pick(state, ui)),
        _ => return None,
    }
    Some(Vec::new())
}

/// What a click on a line does: marks it where several can be, else takes it.
pub fn click(index: usize, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(picking) = &mut ui.picking else { return Vec::new() };
    picking.at = index;
    if picking.is_several() {
        mark(state, picking);
        return Vec::new();
    }
    pick(state, ui)
}

fn go(by: isize, state: &State, picking: &mut Picking) {
    picking.at = moved(picking.at, by, choices(picking.picks, state).len());
}

fn mark(state: &State, picking: &mut Picking) {
    let chosen = choices(picking.picks, state).get(picking.at).copied();
    let Some(Choice::Entry(_, seq)) = chosen else { return };
    match picking.marked.iter().position(|one| *one == seq) {
        Some(at) => drop(picking.marked.remove(at)),
        None => picking.marked.push(seq),
    }
}

fn pick(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(picking) = ui.picking.take() else { return Vec::new() };
    let chosen = choices(picking.picks, state).get(picking.at).copied();
    let author = ui.by.clone();
    let note = |id: ImprovementId, says: Proposal| {
        let team = super::typing::team(state, ui).to_owned();
        Command::NoteImprovement { id: Some(id), says, team, author: author.clone() }
    };
    let command = match (picking.picks, chosen) {
        (Picks::Category(Some(id)), Some(Choice::Category(category))) => find(state, id)
            .filter(|one| one.says.category != category)
            .map(|one| note(id, Proposal { category, ..one.says.clone() })),
        (Picks::Category(None), Some(Choice::Category(category))) => {
            improve(category, state, ui);
            None
        }
        (Picks::Evidence(id), _) => {
            let mut evidence = picking.marked;
            evidence.sort_unstable();
            evidence.dedup();
            find(state, id)
                .filter(|one| one.says.evidence != evidence)
                .map(|one| note(id, Proposal { evidence, ..one.says.clone() }))
        }
        (Picks::Cause(id), Some(Choice::FalseAlarm)) => Some(Command::MoveIncident {
            id,
            to: IncidentStatus::FalseAlarm,
            team: FACILITATOR.to_owned(),
            author,
            ago: Span::ZERO,
            of: None,
        }),
        (Picks::Cause(id), Some(chosen)) => {
            let cause = match chosen {
                Choice::Injection(injection) => Cause::Injection(injection),
                Choice::Discovery => Cause::Discovery,
                _ => Cause::Unknown,
            };
            Some(Command::LinkIncident { id, cause, team: FACILITATOR.to_owned(), author })
        }
        _ => None,
    };
    command.map(|command| vec![Outcome::Send(Box::new(command))]).unwrap_or_default()
}
