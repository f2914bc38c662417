//! What an action is: names, keys, layers and places as data. Not which ones there are.

use super::id::ActionId;
use crate::exercise::state::State;
use crate::tui::key::{Code, Key};
use crate::tui::layer::Layer;
use crate::tui::place::{PLACES, Place};
use crate::tui::ui::Ui;

/// Keys, and where else they do it.
pub type Elsewhere = (&'static [Layer], &'static [Key]);

/// Another name an action has while something is so.
#[derive(Clone, Copy)]
pub struct Variant {
    /// While this is so.
    pub when: fn(&State, &Ui) -> Result<(), &'static str>,
    /// The catalogues have the name as `action-<slug>`.
    pub slug: &'static str,
}

/// One thing that can be done.
#[derive(Clone, Copy)]
pub struct Action {
    /// What.
    pub id: ActionId,
    /// Its name in keymap files and documents. The catalogues have it in one or two words as `action-<slug>`, and in
    /// a sentence as `action-<slug>-help`.
    pub slug: &'static str,
    /// The name where it depends on how things are, as with a switch.
    pub variant: Option<Variant>,
    /// Where on the way.
    pub places: &'static [Place],
    /// In which layers.
    pub layers: &'static [Layer],
    /// The keys that do it there, unless a keymap says otherwise.
    pub keys: &'static [Key],
    /// More keys, in some of the places alone.
    pub local: &'static [(&'static [Place], &'static [Key])],
    /// Other layers, with the keys there.
    pub elsewhere: &'static [Elsewhere],
    /// Whether it can be done now; where it cannot, the key of the reason in the catalogues.
    pub when: fn(&State, &Ui) -> Result<(), &'static str>,
    /// Place in the footer, the lower the more important; `None`: only in the help.
    pub footer: Option<u8>,
    /// Whether a question comes first.
    pub asks: bool,
    /// Whether a keymap must leave it a key: it is the way out.
    pub needed: bool,
}

/// A key that writes a character.
pub(super) const fn plain(one: char) -> Key {
    Key::char(one)
}

/// Any other key, alone.
pub(super) const fn key(code: Code) -> Key {
    Key::plain(code)
}

/// An action of the live screen's keys.
pub const fn action(
    id: ActionId,
    slug: &'static str,
    keys: &'static [Key],
    when: fn(&State, &Ui) -> Result<(), &'static str>,
) -> Action {
    Action {
        id,
        slug,
        variant: None,
        places: &[Place::Live],
        layers: &[Layer::Screen],
        keys,
        local: &[],
        elsewhere: &[],
        when,
        footer: None,
        asks: false,
        needed: false,
    }
}

impl Action {
    /// The key of its short name in the catalogues, as things are.
    pub fn name_key(&self, state: &State, ui: &Ui) -> String {
        let variant = self.variant.filter(|variant| (variant.when)(state, ui).is_ok());
        format!("action-{}", variant.map_or(self.slug, |variant| variant.slug))
    }

    /// The keys of all names it can have.
    pub fn name_keys(&self) -> impl Iterator<Item = String> {
        let variant = self.variant.map(|variant| variant.slug);
        std::iter::once(self.slug).chain(variant).map(|slug| format!("action-{slug}"))
    }

    /// The key of its description there.
    pub fn help_key(&self) -> String {
        format!("action-{}-help", self.slug)
    }

    /// Its layers, each with the keys there.
    pub fn layers(&self) -> impl Iterator<Item = (Layer, &'static [Key])> {
        let here = std::iter::once((self.layers, self.keys));
        here.chain(self.elsewhere.iter().copied())
            .flat_map(|(layers, keys)| layers.iter().map(move |layer| (*layer, keys)))
    }

    /// Whether it can be asked for in a layer.
    pub fn is_in(&self, layer: Layer) -> bool {
        self.layers().any(|(one, _)| one == layer)
    }

    /// Its keys in a layer and a place, the foremost first.
    pub fn keys_in(&self, layer: Layer, place: Place) -> impl Iterator<Item = Key> {
        let own = self.layers.contains(&layer);
        let local = self.local.iter().filter(move |(places, _)| own && places.contains(&place));
        let local = local.flat_map(|(_, keys)| keys.iter().copied());
        let here = self.layers().filter(move |(one, _)| *one == layer);
        here.flat_map(|(_, keys)| keys.iter().copied()).chain(local)
    }

    /// With a place in the footer.
    #[must_use]
    pub const fn at(mut self, place: u8) -> Self {
        self.footer = Some(place);
        self
    }
    /// A question comes first.
    #[must_use]
    pub const fn asks(mut self) -> Self {
        self.asks = true;
        self
    }
    /// It is a way out.
    #[must_use]
    pub const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }
    /// In every place.
    #[must_use]
    pub const fn everywhere(mut self) -> Self {
        self.places = &PLACES;
        self
    }
    /// In these places.
    #[must_use]
    pub const fn only(mut self, places: &'static [Place]) -> Self {
        self.places = places;
        self
    }
    /// With more keys in some places.
    #[must_use]
    pub const fn locally(mut self, local: &'static [(&'static [Place], &'static [Key])]) -> Self {
        self.local = local;
        self
    }
    /// In these layers.
    #[must_use]
    pub const fn on(mut self, layers: &'static [Layer]) -> Self {
        self.layers = layers;
        self
    }
    /// In other layers, too, with the keys there.
    #[must_use]
    pub const fn also(mut self, elsewhere: &'static [Elsewhere]) -> Self {
        self.elsewhere = elsewhere;
        self
    }
    /// With another name while something is so.
    #[must_use]
    pub const fn called(
        mut self,
        slug: &'static str,
        when: fn(&State, &Ui) -> Result<(), &'static str>,
    ) -> Self {
        self.variant = Some(Variant { when, slug });
        self
    }
}
