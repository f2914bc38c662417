//! Which exercise breaks something, and what it may. Data.

use crate::gameday::span::Span;

/// An exercise, as a cluster is told of it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its name.
    pub exercise: String,
    /// The name of its game day.
    pub game_day: String,
    /// How long it is planned to last.
    pub whole: Span,
    /// No fault lasts longer.
    pub longest: Span,
}
