//! A theme as it was meant: each role with its colour and its modifiers, for any depth. Not how a file says it.

use ratatui::style::{Modifier, Style};

use super::colour::{Ink, Rgb};
use super::depth::Depth;
use super::role::{ROLES, Role};

/// How one role looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its colour.
    pub ink: Ink,
    /// Its modifiers, which also hold where there is no colour.
    pub modifiers: Modifier,
}

/// A whole theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The backgrounds it is made for.
    pub backgrounds: Vec<Rgb>,
    /// It paints its background itself, in the first of them.
    pub paints: bool,
    looks: Vec<Look>,
}

impl Sheet {
    /// A theme with the looks that `look` gives.
    pub fn new(
        name: String,
        backgrounds: Vec<Rgb>,
        paints: bool,
        look: impl FnMut(&Role) -> Look,
    ) -> Self {
        Self { name, backgrounds, paints, looks: ROLES.iter().map(look).collect() }
    }

    /// How a role looks.
    pub fn look(&self, role: Role) -> Look {
        self.looks.get(role as usize).copied().unwrap_or_default()
    }

    /// The same as a terminal of this depth shows it.
    pub fn style(&self, role: Role, depth: Depth) -> Style {
        let look = self.look(role);
        let mut style = Style::new().add_modifier(look.modifiers);
        style.fg = look.ink.at(depth);
        style
    }

    /// What is painted behind everything, if anything is.
    pub fn ground(&self, depth: Depth) -> Option<Style> {
        let ground = self.backgrounds.first().filter(|_| self.paints)?;
        let colour = Ink::full(*ground).at(depth)?;
        Some(Style::new().bg(colour))
    }
}
