//! Where on the way through an exercise the person is. Not what can be done there.

/// Where on the way through an exercise the person is: the same key may mean one thing in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// What can be run, replayed and watched.
    Launcher,
    /// Before the first phase: what is to be shown, and whether it may begin.
    Briefing,
    /// The exercise as it runs.
    #[default]
    Live,
    /// What was learned, gone through together.
    Debrief,
    /// The report.
    Report,
    /// A recording, shown again as it was.
    Replay,
    /// Recordings beside each other.
    Compare,
}

/// Every place.
pub const PLACES: [Place; 7] = [
    Place::Launcher,
    Place::Briefing,
    Place::Live,
    Place::Debrief,
    Place::Report,
    Place::Replay,
    Place::Compare,
];

impl Place {
    /// Whether a line can be written to the log there.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Briefing | Self::Live | Self::Debrief | Self::Report)
    }
}

/// What is chosen in the launcher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Nothing.
    #[default]
    Nothing,
    /// A game day that can be run.
    GameDay,
    /// A game day that is broken.
    Broken,
    /// A recording.
    Recording,
}

/// What takes the keys in the launcher before its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counter {
    /// Nothing.
    #[default]
    Free,
    /// The filter is typed.
    Filter,
    /// A text is read.
    Text,
    /// Whether more may be allowed than without asking.
    Reach,
}
