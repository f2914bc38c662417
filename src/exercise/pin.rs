//! A moment that somebody wanted to remember, with what stood then: promises, open incidents, faults. Not the marking of places
//! in a recording (see `mark`).

use super::id::{IncidentId, InjectionId};
use super::incident::{IncidentStatus, Severity};
use super::stamp::Stamp;
use crate::gameday::span::Span;

/// A moment that was pinned.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// The event it came with.
    pub seq: u64,
    /// When.
    pub at: Stamp,
    /// When on the exercise clock.
    pub exercise_time: Span,
    /// The team.
    pub team: String,
    /// Who in it.
    pub author: String,
    /// What was said of it; empty: nothing. Text from outside: neutralise before showing.
    pub text: String,
    /// Every promise, in the plan's order: its value (`None`: no data), and since when it was broken.
    pub slos: Vec<(Option<f64>, Option<Stamp>)>,
    /// Incidents that were open.
    pub incidents: Vec<(IncidentId, Severity, IncidentStatus)>,
    /// Faults that may have been in the target. Whoever is no facilitator did not see any.
    pub faults: Vec<InjectionId>,
}
