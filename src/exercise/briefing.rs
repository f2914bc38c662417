//! The briefing before the first phase, as data. Not its rules (see `go`).

use super::stamp::Stamp;

/// The briefing as it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Briefing {
    /// Every check holds without a break since this instant.
    pub holding: Option<Stamp>,
    /// It waits for someone's go: since when, by whom.
    pub held: Option<(Stamp, String)>,
    /// Who said go, and when.
    pub go: Option<(Stamp, String)>,
}
