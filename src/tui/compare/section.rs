//! The sections of a comparison by name. Not what stands in them.

/// A section of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// What changed, what to be careful with, what customers felt, the objectives.
    #[default]
    Overview,
    /// The injections: how they were detected, and got over.
    Faults,
    /// The times of teams.
    Teams,
    /// How deep and how long SLOs were violated, and what that cost.
    Slos,
    /// The load, over all and by phases.
    Load,
    /// What was measured, over one time.
    Time,
    /// What was not the same, and how all this is reckoned.
    Notes,
}

/// Every section, in order.
pub const SECTIONS: [Section; 7] = [
    Section::Overview,
    Section::Faults,
    Section::Teams,
    Section::Slos,
    Section::Load,
    Section::Time,
    Section::Notes,
];

impl Section {
    /// Its place among them.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The key of its name in the catalogues.
    pub const fn name_key(self) -> &'static str {
        match self {
            Self::Overview => "action-section-overview",
            Self::Faults => "action-section-faults",
            Self::Teams => "action-section-teams",
            Self::Slos => "action-section-slos",
            Self::Load => "action-section-load",
            Self::Time => "action-section-time",
            Self::Notes => "action-section-notes",
        }
    }

    /// The one so many further, around the ends.
    #[must_use]
    pub fn beside(self, by: usize) -> Self {
        let at = (self.index() + by) % SECTIONS.len();
        SECTIONS.get(at).copied().unwrap_or_default()
    }
}
