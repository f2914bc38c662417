//! Which chord asks for which action where the person is, given what can be done now. Not the doing.

use std::sync::LazyLock;

use super::action::{self, Action, ActionId};
use super::bindings::{Bindings, Found};
use super::key::{Chord, Key};
use super::layer::{LAYERS, Layer};
use super::place::Place;
use super::shared::possible;
use super::ui::Ui;
use crate::exercise::state::State;

/// The keys of the list of actions.
pub static BUILT_IN: LazyLock<Bindings> = LazyLock::new(|| {
    let mut bindings = Bindings::none();
    for action in action::all() {
        for layer in LAYERS.into_iter().filter(|layer| action.is_in(*layer)) {
            for place in action.places {
                for key in action.keys_in(layer, *place) {
                    bindings.add(layer, *place, Chord::of(key), action.id);
                }
            }
        }
    }
    bindings
});

/// What keys mean now.
pub enum Meaning {
    /// This can be done.
    Do(&'static Action),
    /// It would mean this, which cannot be done now, with the reason.
    NotNow(&'static Action, &'static str),
    /// More keys are awaited.
    Begun,
    /// Nothing.
    Nothing,
}

/// The keys that are in force.
pub fn bindings(ui: &Ui) -> &Bindings {
    ui.bindings.as_deref().unwrap_or(&BUILT_IN)
}

/// What the keys of `typed`, one after the other, mean now.
pub fn meaning(typed: &[Key], state: &State, ui: &Ui) -> Meaning {
    match bindings(ui).find(ui.layer(), ui.place, typed) {
        Found::Begun => Meaning::Begun,
        Found::Nothing => Meaning::Nothing,
        Found::Action(id) => match action::find(id) {
            None => Meaning::Nothing,
            Some(action) => match possible(action, state, ui) {
                Ok(()) => Meaning::Do(action),
                Err(why) => Meaning::NotNow(action, why),
            },
        },
    }
}

/// The actions of a layer in a place, in the order of the help.
pub fn at(layer: Layer, place: Place) -> impl Iterator<Item = &'static Action> {
    action::all().filter(move |action| action.places.contains(&place) && action.is_in(layer))
}

/// The chord that asks for `id` where the person is, as it is shown; `None`: none does.
pub fn shown(id: ActionId, ui: &Ui) -> Option<String> {
    bindings(ui).chords(ui.layer(), ui.place, id).next().map(ToString::to_string)
}

/// All chords that ask for `id` in a layer, as they are shown.
pub fn all_shown(id: ActionId, layer: Layer, ui: &Ui) -> Vec<String> {
    bindings(ui).chords(layer, ui.place, id).map(ToString::to_string).collect()
}

/// The actions that can be done now, have a key and belong in the footer, the most important first.
pub fn footer(state: &State, ui: &Ui) -> Vec<(u8, String, &'static Action)> {
    let mut now: Vec<_> = at(ui.layer(), ui.place)
        .filter_map(|action| Some((action.footer?, action)))
        .filter(|(_, action)| possible(action, state, ui).is_ok())
        .filter_map(|(weight, action)| Some((weight, shown(action.id, ui)?, action)))
        .collect();
    now.sort_by_key(|(weight, ..)| *weight);
    now
}

/// How a chord that was begun can go on: the keys that are left, and what they ask for.
pub fn continuations(ui: &Ui) -> Vec<(String, &'static Action)> {
    let rest = |chord: &Chord| {
        let rest = chord.keys().strip_prefix(ui.begun.as_slice())?;
        let keys: Vec<_> = rest.iter().map(ToString::to_string).collect();
        Some(keys.join(" "))
    };
    let bound = bindings(ui).at(ui.layer(), ui.place).iter();
    bound.filter_map(|bound| Some((rest(&bound.chord)?, action::find(bound.id)?))).collect()
}
