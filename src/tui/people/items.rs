//! What the lists over the screen are of, line by line. Not how a line looks.

use crate::exercise::id::{IncidentId, InjectionId};
use crate::exercise::people::ShownCard;
use crate::exercise::state::State;
use crate::exercise::suggestion::{Suggestion, suggestions};
use crate::gameday::people::{ROLES, Role};
use crate::tui::typing;
use crate::tui::ui::{Overlay, Ui};

/// The pages of the score board: a kind of times each, then the counts.
pub const PAGES: usize = 5;
/// The counts of the score board.
pub const COUNTS: usize = 8;

/// A line of the incidents.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Something asks for one.
    Suggestion(Suggestion),
    /// There is one.
    Incident(IncidentId),
}

/// What asks for an incident first, then the open ones, then the others; the newest incident first.
pub fn incidents(state: &State) -> Vec<Item> {
    let suggested = suggestions(state, state.now).into_iter().map(Item::Suggestion);
    let mut order: Vec<_> = state.incidents.iter().rev().collect();
    order.sort_by_key(|incident| incident.status.is_closed());
    suggested.chain(order.into_iter().map(|one| Item::Incident(one.id))).collect()
}

/// What asks for an incident and would be taken now: the chosen one, else the oldest.
pub fn suggestion(state: &State, ui: &Ui) -> Option<Suggestion> {
    match ui.overlay {
        Some(Overlay::Incidents { selected }) => match incidents(state).into_iter().nth(selected) {
            Some(Item::Suggestion(one)) => Some(one),
            _ => None,
        },
        _ => suggestions(state, state.now).into_iter().next(),
    }
}

/// The incident that is chosen.
pub fn incident(state: &State, ui: &Ui) -> Option<IncidentId> {
    let Some(Overlay::Incidents { selected }) = ui.overlay else { return None };
    match incidents(state).into_iter().nth(selected) {
        Some(Item::Incident(id)) => Some(id),
        _ => None,
    }
}

/// A line of the deck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeckItem {
    /// A card of the deck, by its place there.
    Card(usize),
    /// The hints for an injection.
    Hints(InjectionId),
    /// A card that reached its teams, by its place among these.
    Shown(usize),
}

/// Cards to draw, hints to give, cards that were shown; the latest of these first.
pub fn deck(state: &State) -> Vec<DeckItem> {
    let plan = state.plan();
    let cards = (0..plan.people.deck.len()).map(DeckItem::Card);
    let hinted = plan.injections().enumerate().filter(|(_, (_, one))| !one.hints.is_empty());
    let hints = hinted.map(|(index, _)| DeckItem::Hints(InjectionId(index)));
    let shown = (0..state.cards.len()).rev().map(DeckItem::Shown);
    cards.chain(hints).chain(shown).collect()
}

/// How a card of the deck was shown; `None`: it was not drawn yet.
pub fn drawn(state: &State, card: usize) -> Option<&ShownCard> {
    let name = &state.plan().people.deck.get(card)?.name;
    state.cards.iter().find(|shown| shown.planned.is_none() && shown.name == *name)
}

/// A line of the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrewItem {
    /// A role.
    Role(Role),
    /// Somebody, by the place among the people.
    Person(usize),
}

/// Every role, then everybody.
pub fn crew(state: &State) -> Vec<CrewItem> {
    let people = (0..state.people.persons.len()).map(CrewItem::Person);
    ROLES.into_iter().map(CrewItem::Role).chain(people).collect()
}

/// How many lines what lies over the screen has.
pub fn count(state: &State, overlay: Overlay) -> usize {
    match overlay {
        Overlay::Incidents { .. } => incidents(state).len(),
        Overlay::Deck { .. } => deck(state).len(),
        Overlay::Crew { .. } => crew(state).len(),
        Overlay::Moments { .. } => state.pins.len(),
        // Those of participants are read, not gone through.
        Overlay::Board { .. } if state.participants => 0,
        // Injections in effect, then mean and median.
        Overlay::Board { page, .. } if page + 1 < PAGES => {
            state.injections.iter().filter(|run| run.t0.is_some()).count() + 2
        }
        Overlay::Board { .. } => COUNTS,
        _ => 0,
    }
}

/// The first card that waits for the team that types, with its place.
pub fn waiting<'a>(state: &'a State, ui: &Ui) -> Option<(usize, &'a ShownCard)> {
    // What was played is no news any more.
    if state.real.is_some() {
        return None;
    }
    let team = typing::team(state, ui);
    let seen = |card: &ShownCard| card.seen_by.iter().any(|(_, by, _)| by == team);
    let known = state.plan().teams.iter().any(|one| one == team);
    let mut cards = state.cards.iter().enumerate();
    cards.find(|(_, card)| known && card.is_for(team) && !seen(card))
}

/// Whether somebody is away, as a card says.
pub fn is_away(state: &State, name: &str) -> bool {
    state.cards.iter().any(|card| card.away.as_deref() == Some(name))
}
