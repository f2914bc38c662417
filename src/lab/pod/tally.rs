//! What the instruments of this pod have counted since its process began, how they stand, and its circuit breakers: totals,
//! so that an answer that comes too late loses nothing. What is new since the last answer is worked out by the lab.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::breaker::Breaker;
use crate::exercise::counted::{Inside, PodBreaker};
use crate::gameday::instrument::{Instrument, Kind};
use crate::lab::lock::lock;

const COUNT: usize = Instrument::ALL.len();

/// One instrument: a count, or the bits of a state; and whether this pod has anything to say about it.
#[derive(Default)]
struct Cell {
    value: AtomicU64,
    known: AtomicBool,
}

/// A breaker that is reported.
struct Watched {
    guards: String,
    breaker: Arc<Breaker>,
}

/// The instruments of one pod. Counting takes no lock.
pub(super) struct Tally {
    cells: [Cell; COUNT],
    breakers: Mutex<Vec<Watched>>,
    process: u64,
    begun: Duration,
}

impl Tally {
    /// Nothing counted; says nothing about instruments that were never touched. `process` names this one, which began at
    /// `begun`.
    pub(super) fn new(process: u64, begun: Duration) -> Self {
        Self {
            cells: std::array::from_fn(|_| Cell::default()),
            breakers: Mutex::default(),
            process,
            begun,
        }
    }

    /// Says that this pod counts these, also before there is anything to count.
    pub(super) fn covers(&self, instruments: &[Instrument]) {
        for one in instruments {
            self.count_many(*one, 0);
        }
    }

    /// Counts one.
    pub(super) fn count(&self, instrument: Instrument) {
        self.count_many(instrument, 1);
    }

    /// Counts `many`; zero says that there was nothing to count so far.
    pub(super) fn count_many(&self, instrument: Instrument, many: u64) {
        let cell = &self.cells[instrument as usize];
        cell.value.fetch_add(many, Ordering::Relaxed);
        cell.known.store(true, Ordering::Relaxed);
    }

    /// Says how a state is now.
    pub(super) fn gauge(&self, instrument: Instrument, value: f64) {
        let cell = &self.cells[instrument as usize];
        cell.value.store(value.to_bits(), Ordering::Relaxed);
        cell.known.store(true, Ordering::Relaxed);
    }

    /// Reports a breaker from now on as one that guards calls to `guards`: an app, perhaps with a route after a space.
    pub(super) fn breaker(&self, guards: String, breaker: Arc<Breaker>) {
        lock(&self.breakers).push(Watched { guards, breaker });
    }

    /// Counts since the process began, states at `now`, and every breaker, in the order in which they were reported first.
    pub(super) fn read(&self, now: Duration) -> Inside {
        let breakers = self.read_breakers(now);
        let mut values = BTreeMap::new();
        for instrument in Instrument::ALL {
            let cell = &self.cells[instrument as usize];
            if !cell.known.load(Ordering::Relaxed) {
                continue;
            }
            let value = cell.value.load(Ordering::Relaxed);
            let value = match instrument.kind() {
                Kind::Counter => value as f64,
                Kind::Gauge => f64::from_bits(value),
            };
            values.insert(instrument, value);
        }
        if !breakers.is_empty() {
            let opened: u64 = breakers.iter().map(|one| one.opened).sum();
            values.insert(Instrument::BreakersOpened, opened as f64);
            let open = breakers.iter().filter(|one| one.open).count();
            values.insert(Instrument::OpenBreakers, open as f64);
        }
        Inside {
            process: self.process,
            age: now.saturating_sub(self.begun).into(),
            values,
            breakers,
        }
    }

    fn read_breakers(&self, now: Duration) -> Vec<PodBreaker> {
        let breakers = lock(&self.breakers);
        let read = breakers.iter().map(|one| {
            let view = one.breaker.view();
            PodBreaker {
                guards: one.guards.clone(),
                open: view.state != 0,
                opened: view.opened,
                open_for: one.breaker.open_for(now).into(),
            }
        });
        read.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::span::Span;
    use crate::lab::pod::breaker::Rules;

    fn read(tally: &Tally, millis: u64) -> (BTreeMap<Instrument, f64>, Vec<PodBreaker>) {
        let inside = tally.read(Duration::from_millis(millis));
        (inside.values, inside.breakers)
    }

    #[test]
    fn every_instrument_has_a_cell_of_its_own() {
        for (index, instrument) in Instrument::ALL.into_iter().enumerate() {
            assert_eq!(instrument as usize, index, "{}", instrument.name());
        }
    }

    #[test]
    fn counts_are_totals_states_stay_and_the_unknown_is_absent() {
        let tally = Tally::new(7, Duration::ZERO);
        assert!(read(&tally, 0).0.is_empty());
        tally.covers(&[Instrument::Retries]);
        tally.count(Instrument::CacheHits);
        tally.count_many(Instrument::CacheHits, 4);
        tally.gauge(Instrument::QueueDepth, 7.0);
        let (values, _) = read(&tally, 0);
        let expected = [
            (Instrument::CacheHits, 5.0),
            (Instrument::Retries, 0.0),
            (Instrument::QueueDepth, 7.0),
        ];
        assert_eq!(values, BTreeMap::from(expected));
        tally.count(Instrument::CacheHits);
        let (values, _) = read(&tally, 0);
        assert_eq!(values[&Instrument::CacheHits], 6.0);
        assert_eq!(values[&Instrument::QueueDepth], 7.0);
    }

    #[test]
    fn breakers_report_totals() {
        let at = Duration::from_millis;
        let tally = Tally::new(7, Duration::ZERO);
        let breaker = Arc::new(Breaker::new(Rules::default()));
        tally.breaker("database".to_owned(), Arc::clone(&breaker));
        for _ in 0..5 {
            let pass = breaker.enter(at(0)).unwrap();
            breaker.leave(pass, at(0), false);
        }
        let (values, breakers) = read(&tally, 400);
        let open = |opened, open_for| PodBreaker {
            guards: "database".to_owned(),
            open: true,
            opened,
            open_for: Span::from_millis(open_for),
        };
        assert_eq!(breakers, [open(1, 400)]);
        assert_eq!(values[&Instrument::BreakersOpened], 1.0);
        assert_eq!(values[&Instrument::OpenBreakers], 1.0);
        let (values, breakers) = read(&tally, 900);
        assert_eq!(breakers, [open(1, 900)]);
        assert_eq!(values[&Instrument::BreakersOpened], 1.0);
    }
}
