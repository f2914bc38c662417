//! What theme files said so far, a theme over its parent, and what follows from it for each role. Not the reading.

use std::collections::BTreeMap;

use ratatui::style::Modifier;

use crate::gameday::problem::Place as Spot;
use crate::tui::theme::colour::{Ink, Rgb};
use crate::tui::theme::role::{ROLES, Role};
use crate::tui::theme::sheet::Look;

/// A colour as it was asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) spot: Spot,
}

impl Wanted {
    pub(super) fn new(name: &str, spot: Spot) -> Self {
        Self { name: name.to_owned(), spot }
    }
}

/// What was said about a role.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) parent: Option<(Role, Spot)>,
    pub(super) colour: Option<Wanted>,
    on: Modifier,
    off: Modifier,
}

impl Entry {
    pub(super) fn switch(&mut self, modifier: Modifier, on: bool) {
        let (to, from) =
            if on { (&mut self.on, &mut self.off) } else { (&mut self.off, &mut self.on) };
        to.insert(modifier);
        from.remove(modifier);
    }
}

/// What was said so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) backgrounds: Vec<Rgb>,
    pub(super) paints: bool,
    pub(super) palette: BTreeMap<String, Ink>,
    pub(super) roles: BTreeMap<Role, Entry>,
}

impl Draft {
    /// Everything in it counts as said at `spot`.
    pub(super) fn moved(&mut self, spot: Spot) {
        for entry in self.roles.values_mut() {
            if let Some((_, at)) = &mut entry.parent {
                *at = spot;
            }
            if let Some(wanted) = &mut entry.colour {
                wanted.spot = spot;
            }
        }
    }

    /// The colour that was asked for: one of the palette, or one by itself.
    pub(super) fn ink(&self, wanted: &Wanted) -> Option<Ink> {
        self.palette.get(&wanted.name).copied().or_else(|| Ink::parse(&wanted.name))
    }

    fn parent(&self, role: Role) -> Role {
        let said = self.roles.get(&role).and_then(|entry| entry.parent);
        said.map_or(role.parent(), |(parent, _)| parent)
    }

    /// Where a circle of parents that comes back to `role` was said.
    pub(super) fn circle(&self, role: Role) -> Option<Spot> {
        let (_, spot) = self.roles.get(&role)?.parent?;
        let mut at = role;
        for _ in ROLES {
            let next = self.parent(at);
            if next == role {
                return Some(spot);
            }
            if next == at {
                return None;
            }
            at = next;
        }
        None
    }

    /// How a role looks, with what it has from its parents.
    pub(super) fn look(&self, role: Role) -> Look {
        // From the role to plain text; a circle, which is refused elsewhere, ends here too.
        let mut line = vec![role];
        let mut at = role;
        for _ in ROLES {
            let next = self.parent(at);
            if next == at {
                break;
            }
            line.push(next);
            at = next;
        }
        let mut look = Look::default();
        for role in line.into_iter().rev() {
            let Some(entry) = self.roles.get(&role) else { continue };
            if let Some(ink) = entry.colour.as_ref().and_then(|wanted| self.ink(wanted)) {
                look.ink = ink;
            }
            look.modifiers = (look.modifiers | entry.on) & !entry.off;
        }
        look
    }
}
