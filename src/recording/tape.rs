//! A recording that can be looked at after any of its events. Read once, from the first line to the last, with every hash
//! checked; after that nothing is asked of the file. Not the screen, and not the reading of lines.
//!
//! One thread reads while another folds. States are kept every so many events; the way from one of them to an event is
//! short, and what was measured on it is shared with the whole and not made again.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::input::Input;
use super::read::{ReadError, Reader, Trust};
use crate::exercise::event::{Envelope, Event};
use crate::exercise::fold::apply;
use crate::exercise::header::Header;
use crate::exercise::history::History;
use crate::exercise::mark::{Mark, event_at, mark};
use crate::exercise::reading::Reading;
use crate::exercise::series::Series;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::port::tape::{Tape, TapeError};

/// A state is kept every so many events, at first; twice as many whenever there are too many states.
const STRIDE: u64 = 512;
const MOST_KEPT: usize = 192;
/// So many events go from the reading thread to the folding one at a time, and so many times may it be ahead.
const BATCH: usize = 128;
const AHEAD: usize = 64;

/// A recording, read.
#[derive(Debug)]
pub struct RecordedTape {
    header: Arc<Header>,
    stamps: Vec<Stamp>,
    /// The same, but never going back, as times of a recording do not.
    latest: Vec<Stamp>,
    places: Vec<Place>,
    /// Every event but what was measured.
    others: Vec<Arc<Envelope>>,
    series: Series,
    readings: History<Reading>,
    marks: Vec<Mark>,
    kept: Vec<Kept>,
    /// Where it was last looked at: most often the next look is a little later.
    last: Kept,
    warnings: Vec<String>,
}

/// Where the rest of an event is: its number among its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Sample(u32),
    Reading(u32),
    Other(u32),
}

/// A state without what was measured, and how much of that there was.
#[derive(Clone, Debug)]
struct Kept {
    state: State,
    samples: usize,
    readings: usize,
}

impl RecordedTape {
    /// Reads a recording. With [`Trust::Anyway`] it is read even where lines were changed after they were written; the
    /// warnings say so.
    ///
    /// # Errors
    /// When it is damaged, foreign, from a later program, or changed and not trusted.
    pub fn open(path: &Path, trust: Trust) -> Result<Self, ReadError> {
        let reader = Reader::new(Input::open(path)?, trust)?;
        let mut building = Building::new(Arc::new(reader.header().clone()));
        let (send, receive) = sync_channel(AHEAD);
        let warnings = std::thread::scope(|scope| {
            let reading = scope.spawn(move || handed_on(reader, &send));
            building.take_all(receive);
            reading.join().unwrap_or_else(|_| {
                Err(ReadError::Io("the program failed while it read it".to_owned()))
            })
        })?;
        Ok(building.done(warnings))
    }

    /// The state kept nearest before `seq`, whole again.
    fn nearest(&self, seq: u64) -> State {
        let before = self.kept.partition_point(|one| one.state.seq <= seq);
        let kept = before.checked_sub(1).and_then(|at| self.kept.get(at));
        let last = Some(&self.last).filter(|last| last.state.seq <= seq);
        let best = [kept, last].into_iter().flatten().max_by_key(|one| one.state.seq);
        best.map_or_else(|| State::new(Arc::clone(&self.header)), |best| self.whole(best))
    }

    fn whole(&self, kept: &Kept) -> State {
        let mut state = kept.state.clone();
        state.series = self.series.first(kept.samples);
        state.readings = self.readings.first(kept.readings);
        state
    }

    fn find(&self, seq: u64) -> Option<Arc<Envelope>> {
        let at = usize::try_from(seq.checked_sub(1)?).ok()?;
        let event = match *self.places.get(at)? {
            Place::Other(nth) => return self.others.get(nth as usize).cloned(),
            Place::Sample(nth) => {
                Event::Sampled(self.series.points().get(nth as usize)?.sample.clone())
            }
            Place::Reading(nth) => Event::Observed(self.readings.get(nth as usize)?.clone()),
        };
        Some(Arc::new(Envelope { seq, stamp: *self.stamps.get(at)?, event }))
    }
}

impl Tape for RecordedTape {
    fn header(&self) -> &Arc<Header> {
        &self.header
    }

    fn last(&self) -> u64 {
        self.stamps.len() as u64
    }

    fn stamp(&self, seq: u64) -> Stamp {
        let at = seq.checked_sub(1).and_then(|at| usize::try_from(at).ok());
        let found = at.and_then(|at| self.stamps.get(at)).copied();
        found.unwrap_or_else(|| Stamp::new(Span::ZERO, self.header.began))
    }

    fn at(&self, elapsed: Span) -> u64 {
        event_at(&self.latest, elapsed)
    }

    fn marks(&self) -> &[Mark] {
        &self.marks
    }

    fn state(&mut self, seq: u64) -> Result<State, TapeError> {
        if seq > self.last() {
            let (last, why) = (self.last(), "there is no event");
            return Err(TapeError(format!("{why} {seq}; the last is {last}")));
        }
        let mut state = self.nearest(seq);
        for next in state.seq + 1..=seq {
            if let Some(envelope) = self.find(next) {
                apply(&mut state, &envelope);
            }
        }
        self.last = Kept::of(&mut state);
        Ok(state)
    }

    fn event(&mut self, seq: u64) -> Result<Option<Arc<Envelope>>, TapeError> {
        Ok(self.find(seq))
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl Kept {
    /// Of a state, which is left as it was.
    fn of(state: &mut State) -> Self {
        let series = std::mem::take(&mut state.series);
        let readings = std::mem::take(&mut state.readings);
        let kept =
            Self { state: state.clone(), samples: series.points().len(), readings: readings.len() };
        (state.series, state.readings) = (series, readings);
        kept
    }
}

/// Reads to the end; the warnings. Whoever folds may be gone; then nobody waits for the rest.
fn handed_on(
    mut reader: Reader<Input>,
    send: &SyncSender<Vec<Envelope>>,
) -> Result<Vec<String>, ReadError> {
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(envelope) = reader.next_event()?
        {
            batch.push(envelope);
        }
        let over = batch.len() < BATCH;
        if send.send(batch).is_err() || over {
            return Ok(reader.warnings());
        }
    }
}

/// A tape on its way.
struct Building {
    state: State,
    stride: u64,
    stamps: Vec<Stamp>,
    latest: Vec<Stamp>,
    places: Vec<Place>,
    others: Vec<Arc<Envelope>>,
    marks: Vec<Mark>,
    kept: Vec<Kept>,
    went_back: Option<u64>,
}

impl Building {
    fn new(header: Arc<Header>) -> Self {
        Self {
            state: State::new(header),
            stride: STRIDE,
            stamps: Vec::new(),
            latest: Vec::new(),
            places: Vec::new(),
            others: Vec::new(),
            marks: Vec::new(),
            kept: Vec::new(),
            went_back: None,
        }
    }

    fn take_all(&mut self, batches: Receiver<Vec<Envelope>>) {
        for envelope in batches.into_iter().flatten() {
            self.take(envelope);
        }
    }

    fn take(&mut self, envelope: Envelope) {
        apply(&mut self.state, &envelope);
        self.stamps.push(envelope.stamp);
        let before = self.latest.last().copied().unwrap_or(envelope.stamp);
        if envelope.stamp.elapsed < before.elapsed {
            self.went_back.get_or_insert(envelope.seq);
        }
        self.latest.push(if envelope.stamp.elapsed < before.elapsed {
            before
        } else {
            envelope.stamp
        });
        self.marks.extend(mark(&envelope));
        // No recording has so many events that their number would not fit.
        let nth = |length: usize| u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX);
        self.places.push(match &envelope.event {
            Event::Sampled(_) => Place::Sample(nth(self.state.series.points().len())),
            Event::Observed(_) => Place::Reading(nth(self.state.readings.len())),
            _ => Place::Other(nth(self.others.len() + 1)),
        });
        let seq = envelope.seq;
        if matches!(self.places.last(), Some(Place::Other(_))) {
            self.others.push(Arc::new(envelope));
        }
        if seq.is_multiple_of(self.stride) {
            self.keep();
        }
    }

    fn keep(&mut self) {
        self.kept.push(Kept::of(&mut self.state));
        if self.kept.len() >= MOST_KEPT {
            self.stride *= 2;
            let stride = self.stride;
            self.kept.retain(|one| one.state.seq.is_multiple_of(stride));
        }
    }

    fn done(mut self, mut warnings: Vec<String>) -> RecordedTape {
        if let Some(seq) = self.went_back {
            warnings.push(format!(
                "line {}: time goes back there; where a time is asked for, the lines after it count as late as those before",
                seq.saturating_add(1)
            ));
        }
        let last = Kept::of(&mut self.state);
        RecordedTape {
            header: Arc::clone(&self.state.header),
            stamps: self.stamps,
            latest: self.latest,
            places: self.places,
            others: self.others,
            series: std::mem::take(&mut self.state.series),
            readings: std::mem::take(&mut self.state.readings),
            marks: self.marks,
            kept: self.kept,
            last,
            warnings,
        }
    }
}
