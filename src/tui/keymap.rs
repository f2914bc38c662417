//! Which key asks for which action, given what can be done now. Not the doing.

use super::action::{ACTIONS, Action};
use super::key::Key;
use super::place::Place;
use super::ui::Ui;
use crate::exercise::state::State;

/// What a key means now.
pub enum Meaning {
    /// This can be done.
    Do(&'static Action),
    /// It would mean this, which cannot be done now, with the reason.
    NotNow(&'static Action, &'static str),
    /// Nothing.
    Nothing,
}

/// What `key` means now at `place`, where keys act.
pub fn meaning(key: Key, place: Place, state: &State, ui: &Ui) -> Meaning {
    let mut refused = Meaning::Nothing;
    for action in at(place).filter(|action| action.keys.contains(&key)) {
        match (action.when)(state, ui) {
            Ok(()) => return Meaning::Do(action),
            Err(why) if matches!(refused, Meaning::Nothing) => {
                refused = Meaning::NotNow(action, why);
            }
            Err(_) => {}
        }
    }
    refused
}

/// The actions of a place.
pub fn at(place: Place) -> impl Iterator<Item = &'static Action> {
    ACTIONS.iter().filter(move |action| action.places.contains(&place))
}

/// The actions that can be done now and belong in the footer, the most important first.
pub fn footer(place: Place, state: &State, ui: &Ui) -> Vec<(u8, &'static Action)> {
    let mut now: Vec<_> = at(place)
        .filter_map(|action| Some((action.footer?, action)))
        .filter(|(_, action)| (action.when)(state, ui).is_ok())
        .collect();
    now.sort_by_key(|(place, _)| *place);
    now
}
