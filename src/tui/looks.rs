//! What the screen wears: the themes to choose from, the one in force, and whether only ASCII is shown. Not the themes.

use std::sync::Arc;

use super::theme::Theme;

/// What the screen wears.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    themes: Arc<[Theme]>,
    chosen: usize,
    /// Only ASCII is shown.
    pub ascii: bool,
}

impl Looks {
    /// The themes to choose from, of which `chosen` is in force.
    pub fn new(themes: Vec<Theme>, chosen: usize, ascii: bool) -> Self {
        let chosen = chosen.min(themes.len().saturating_sub(1));
        Self { themes: themes.into(), chosen, ascii }
    }

    /// The themes to choose from.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The theme in force; `None`: there is none to choose from.
    pub fn theme(&self) -> Option<&Theme> {
        self.themes.get(self.chosen)
    }

    /// Its place among the themes.
    pub const fn chosen(&self) -> usize {
        self.chosen
    }

    /// Puts another theme in force.
    pub fn wear(&mut self, theme: usize) {
        self.chosen = theme.min(self.themes.len().saturating_sub(1));
    }
}
