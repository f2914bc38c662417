//! A recorded exercise that can be looked at after any of its events. Nothing here can give an order or touch a target.

use std::sync::Arc;

use crate::exercise::event::Envelope;
use crate::exercise::header::Header;
use crate::exercise::mark::Mark;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// Why a place of a recording cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TapeError(pub String);

/// A recorded exercise. Events are numbered from 1; 0 is before the first.
pub trait Tape: Send {
    /// The first line.
    fn header(&self) -> &Arc<Header>;

    /// The number of the last event; 0: nothing happened.
    fn last(&self) -> u64;

    /// When event `seq` was recorded; before the first event that is when the recording began.
    fn stamp(&self, seq: u64) -> Stamp;

    /// The last event that was recorded no later than `elapsed`; 0: all were later.
    fn at(&self, elapsed: Span) -> u64;

    /// Places worth going to, in order of events.
    fn marks(&self) -> &[Mark];

    /// The state after event `seq`, as the live screen had it.
    ///
    /// # Errors
    /// When the recording can no longer be read there.
    fn state(&mut self, seq: u64) -> Result<State, TapeError>;

    /// Event `seq` itself; `None`: there is no such event.
    ///
    /// # Errors
    /// When the recording can no longer be read there.
    fn event(&mut self, seq: u64) -> Result<Option<Arc<Envelope>>, TapeError>;

    /// What was odd about the recording when it was opened: a torn last line, changed lines.
    fn warnings(&self) -> &[String];
}
