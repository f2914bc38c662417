//! Chords and the actions they ask for, by layer and place: data without meaning. Not the actions.

use super::action::id::ActionId;
use super::key::{Chord, Key};
use super::layer::{LAYERS, Layer};
use super::place::{PLACES, Place};

/// A chord and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The chord.
    pub chord: Chord,
    /// The action.
    pub id: ActionId,
}

/// What every chord asks for, in every layer and place. No chord is the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    tables: Vec<Vec<Bound>>,
}

/// What keys ask for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This.
    Action(ActionId),
    /// Something, with more keys.
    Begun,
    /// Nothing.
    Nothing,
}

impl Bindings {
    /// No chord asks for anything.
    pub fn none() -> Self {
        Self { tables: vec![Vec::new(); LAYERS.len() * PLACES.len()] }
    }

    /// The chords of a layer in a place, the foremost first.
    pub fn at(&self, layer: Layer, place: Place) -> &[Bound] {
        self.tables.get(index(layer, place)).map_or(&[], Vec::as_slice)
    }

    /// Lets `chord` ask for `id`, behind what is there. What overlaps must be taken away before.
    pub fn add(&mut self, layer: Layer, place: Place, chord: Chord, id: ActionId) {
        if let Some(table) = self.tables.get_mut(index(layer, place)) {
            table.push(Bound { chord, id });
        }
    }

    /// The same, before what is there.
    pub fn put_first(&mut self, layer: Layer, place: Place, chord: Chord, id: ActionId) {
        if let Some(table) = self.tables.get_mut(index(layer, place)) {
            table.insert(0, Bound { chord, id });
        }
    }

    /// Takes away every chord that cannot be told apart from `chord`; gives what they asked for.
    pub fn take(&mut self, layer: Layer, place: Place, chord: &Chord) -> Vec<ActionId> {
        let Some(table) = self.tables.get_mut(index(layer, place)) else { return Vec::new() };
        let taken = table.extract_if(.., |bound| bound.chord.overlaps(chord));
        taken.map(|bound| bound.id).collect()
    }

    /// What `typed` asks for.
    pub fn find(&self, layer: Layer, place: Place, typed: &[Key]) -> Found {
        let fits = |bound: &&Bound| bound.chord.keys().starts_with(typed);
        match self.at(layer, place).iter().find(fits) {
            Some(bound) if bound.chord.keys().len() == typed.len() => Found::Action(bound.id),
            Some(_) => Found::Begun,
            None => Found::Nothing,
        }
    }

    /// The chords that ask for `id`, the foremost first.
    pub fn chords(&self, layer: Layer, place: Place, id: ActionId) -> impl Iterator<Item = &Chord> {
        let asks = move |bound: &&Bound| bound.id == id;
        self.at(layer, place).iter().filter(asks).map(|bound| &bound.chord)
    }
}

fn index(layer: Layer, place: Place) -> usize {
    layer as usize * PLACES.len() + place as usize
}
