//! A recording held in memory, with states kept along the way. Simple and whole; not for recordings of many hours.

use std::path::Path;
use std::sync::Arc;

use super::read::{ReadError, Recorded, read, read_anyway};
use crate::exercise::event::Envelope;
use crate::exercise::fold::apply;
use crate::exercise::header::Header;
use crate::exercise::mark::{Mark, event_at, mark};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::port::tape::{Tape, TapeError};

/// A state is kept every so many events, at least.
const LEAST: u64 = 250;
/// So many states are kept at most.
const MOST: u64 = 48;

/// A recording in memory.
pub struct PlainTape {
    header: Arc<Header>,
    events: Vec<Arc<Envelope>>,
    stamps: Vec<Stamp>,
    marks: Vec<Mark>,
    /// States on the way, the first of them before any event.
    kept: Vec<State>,
    warnings: Vec<String>,
}

impl PlainTape {
    /// Reads and folds a whole recording; one that was changed after it was written only if `anyway`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path, anyway: bool) -> Result<Self, ReadError> {
        if anyway { read_anyway(path) } else { read(path) }.map(Self::new)
    }

    /// Folds a recording.
    pub fn new(recorded: Recorded) -> Self {
        let header = Arc::new(recorded.header);
        let events: Vec<_> = recorded.envelopes.into_iter().map(Arc::new).collect();
        let every = LEAST.max(events.len() as u64 / MOST);
        let mut state = State::new(Arc::clone(&header));
        let mut kept = vec![state.clone()];
        for event in &events {
            apply(&mut state, event);
            if event.seq.is_multiple_of(every) {
                kept.push(state.clone());
            }
        }
        Self {
            header,
            stamps: events.iter().map(|event| event.stamp).collect(),
            marks: events.iter().filter_map(|event| mark(event)).collect(),
            kept,
            warnings: recorded.warnings,
            events,
        }
    }

    fn place(seq: u64) -> usize {
        usize::try_from(seq).unwrap_or(usize::MAX)
    }
}

impl Tape for PlainTape {
    fn header(&self) -> &Arc<Header> {
        &self.header
    }

    fn last(&self) -> u64 {
        self.events.len() as u64
    }

    fn stamp(&self, seq: u64) -> Stamp {
        let at = seq.checked_sub(1).map(Self::place);
        let begins = Stamp::new(Span::ZERO, self.header.began);
        at.and_then(|at| self.stamps.get(at)).copied().unwrap_or(begins)
    }

    fn at(&self, elapsed: Span) -> u64 {
        event_at(&self.stamps, elapsed)
    }

    fn marks(&self) -> &[Mark] {
        &self.marks
    }

    fn state(&mut self, seq: u64) -> Result<State, TapeError> {
        let after = self.kept.partition_point(|state| state.seq <= seq);
        let before = after.checked_sub(1).and_then(|at| self.kept.get(at));
        let Some(mut state) = before.cloned() else {
            return Err(TapeError("nothing was kept of this recording".to_owned()));
        };
        let rest = Self::place(state.seq)..Self::place(seq).min(self.events.len());
        for event in self.events.get(rest).unwrap_or_default() {
            apply(&mut state, event);
        }
        Ok(state)
    }

    fn event(&mut self, seq: u64) -> Result<Option<Arc<Envelope>>, TapeError> {
        let at = seq.checked_sub(1).map(Self::place);
        Ok(at.and_then(|at| self.events.get(at)).cloned())
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
