//! What the instruments said so far, added up as it comes, so that no screen adds up hours. Not its drawing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::exercise::reading::Reading;
use crate::gameday::instrument::{Instrument, Kind};

/// Sums over every reading taken so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    taken: usize,
    counts: BTreeMap<Instrument, f64>,
    opened: BTreeMap<(String, String), u32>,
}

impl Totals {
    /// Takes the readings in that were not taken yet.
    pub fn catch_up(&mut self, readings: &[Reading]) {
        for reading in readings.iter().skip(self.taken) {
            for (instrument, value) in &reading.values {
                if instrument.kind() == Kind::Counter {
                    *self.counts.entry(*instrument).or_default() += value;
                }
            }
            for breaker in &reading.breakers {
                let key = (breaker.owner.clone(), breaker.guards.clone());
                *self.opened.entry(key).or_default() += breaker.opened;
            }
        }
        self.taken = readings.len();
    }

    /// Itself, or where it is behind, one that is not.
    pub fn current(&self, readings: &[Reading]) -> Cow<'_, Self> {
        if self.taken == readings.len() {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.catch_up(readings);
        Cow::Owned(own)
    }

    /// How much was counted in all; `None`: it never said anything.
    pub fn count(&self, instrument: Instrument) -> Option<f64> {
        self.counts.get(&instrument).copied()
    }

    /// Every breaker seen, by owner and what it guards, with how often it opened.
    pub fn breakers(&self) -> impl Iterator<Item = (&(String, String), u32)> {
        self.opened.iter().map(|(key, opened)| (key, *opened))
    }
}
