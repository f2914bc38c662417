//! Counts and states of one pod since they were last asked for. What they mean is `Instrument`'s.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::gameday::instrument::Instrument;
use crate::lab::lock::lock;

/// What one pod has counted.
#[derive(Default)]
pub(super) struct Tally {
    values: Mutex<BTreeMap<Instrument, f64>>,
}

impl Tally {
    /// One more.
    pub(super) fn count(&self, what: Instrument) {
        self.count_many(what, 1);
    }

    /// So many more.
    pub(super) fn count_many(&self, what: Instrument, more: u64) {
        *lock(&self.values).entry(what).or_default() += more as f64;
    }

    /// It is so now.
    pub(super) fn gauge(&self, what: Instrument, now: f64) {
        lock(&self.values).insert(what, now);
    }
}
