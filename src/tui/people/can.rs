//! What can be done about people now, and why not where it cannot, as a key of the catalogues. Not the doing.

use super::items::{self, CrewItem, DeckItem};
use crate::exercise::state::{Stage, State};
use crate::tui::chooser::{About, Chooser, choices};
use crate::tui::ui::{Overlay, Ui};

pub(crate) fn always(_: &State, _: &Ui) -> Result<(), &'static str> {
    Ok(())
}

pub(crate) fn has_suggestion(state: &State, ui: &Ui) -> Result<(), &'static str> {
    let why = match ui.overlay {
        Some(Overlay::Incidents { .. }) => "why-no-suggestion-chosen",
        _ => "why-no-suggestion",
    };
    items::suggestion(state, ui).map(drop).ok_or(why)
}

pub(crate) fn has_incidents(state: &State, _: &Ui) -> Result<(), &'static str> {
    if items::incidents(state).is_empty() { Err("why-no-incidents") } else { Ok(()) }
}

pub(crate) fn link(state: &State, ui: &Ui) -> Result<(), &'static str> {
    items::incident(state, ui).map(drop).ok_or("why-no-incident-chosen")
}

pub(crate) fn board(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.participants {
        return state.people.standings.as_ref().map(drop).ok_or("why-no-standings");
    }
    let any = state.injections.iter().any(|run| run.t0.is_some());
    if any || !state.incidents.is_empty() { Ok(()) } else { Err("why-no-effect") }
}

pub(crate) fn show_board(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.stage == Stage::Ended { Err("why-has-ended") } else { Ok(()) }
}

pub(crate) fn left(_: &State, ui: &Ui) -> Result<(), &'static str> {
    match ui.overlay {
        Some(Overlay::Board { from: 1.., .. }) => Ok(()),
        _ => Err("why-no-more-teams"),
    }
}

pub(crate) fn right(state: &State, ui: &Ui) -> Result<(), &'static str> {
    match ui.overlay {
        Some(Overlay::Board { from, .. }) if from + 1 < state.plan().teams.len() => Ok(()),
        _ => Err("why-no-more-teams"),
    }
}

pub(crate) fn has_cards(state: &State, _: &Ui) -> Result<(), &'static str> {
    if items::deck(state).is_empty() { Err("why-no-cards") } else { Ok(()) }
}

/// What Enter would choose for in the deck.
pub fn given(state: &State, ui: &Ui) -> Result<About, &'static str> {
    if matches!(state.stage, Stage::Ended) {
        return Err("why-has-ended");
    }
    let Some(Overlay::Deck { selected }) = ui.overlay else { return Err("why-nothing-to-give") };
    match items::deck(state).get(selected) {
        Some(DeckItem::Card(card)) if items::drawn(state, *card).is_none() => {
            Ok(About::Card(*card))
        }
        Some(DeckItem::Card(_)) => Err("why-drawn"),
        Some(DeckItem::Hints(injection)) => {
            let about = About::Hint(*injection);
            let none = choices(state, &Chooser::new(about), &ui.by).is_empty();
            if none { Err("why-no-more-hints") } else { Ok(about) }
        }
        Some(DeckItem::Shown(_)) | None => Err("why-nothing-to-give"),
    }
}

pub(crate) fn give(state: &State, ui: &Ui) -> Result<(), &'static str> {
    given(state, ui).map(drop)
}

pub(crate) fn card_waits(state: &State, ui: &Ui) -> Result<(), &'static str> {
    items::waiting(state, ui).map(drop).ok_or("why-no-card-waits")
}

pub(crate) fn change(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.stage == Stage::Ended { Err("why-has-ended") } else { Ok(()) }
}

/// What Enter would choose for among the people.
pub fn assigned(state: &State, ui: &Ui) -> Option<About> {
    let Some(Overlay::Crew { selected }) = ui.overlay else { return None };
    match items::crew(state).get(selected)? {
        CrewItem::Role(role) => Some(About::Role(*role)),
        CrewItem::Person(person) => Some(About::Team(*person)),
    }
}

pub(crate) fn declare(state: &State, _: &Ui) -> Result<(), &'static str> {
    if state.stage == Stage::Ended {
        return Err("why-has-ended");
    }
    if state.real.is_some() { Err("why-is-real") } else { Ok(()) }
}
