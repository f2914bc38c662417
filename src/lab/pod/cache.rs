//! The cache: keeps pages under keys for a while. Forgets everything when it dies.
//!
//! Questions: `get KEY` is answered by `VALUE` and what was set, or `MISS`; `set KEY\nDATA` by `STORED`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

use super::context::Context;
use super::frames::{Answerer, Later};
use crate::lab::lock::lock;

/// Nothing is kept longer.
const KEEP: Duration = Duration::from_secs(600);

/// No more entries are kept; the oldest make room.
const ENTRIES: usize = 20_000;

/// The first bytes of an answer that holds data.
pub(super) const VALUE: &[u8] = b"VALUE";

#[derive(Default)]
struct Shelf {
    entries: HashMap<Bytes, (Duration, Bytes)>,
    order: VecDeque<Bytes>,
}

/// The cache.
pub(super) struct Cache {
    context: Arc<Context>,
    shelf: Mutex<Shelf>,
    hits: Counter,
    misses: Counter,
    held: Gauge,
}

impl Cache {
    /// Empty.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let metrics = &context.metrics;
        Arc::new(Self {
            context: Arc::clone(context),
            shelf: Mutex::default(),
            hits: metrics.counter("cache_hits", "Questions answered with data"),
            misses: metrics.counter("cache_misses", "Questions without data"),
            held: metrics.gauge("cache_entries", "Entries held"),
        })
    }

    /// Forgets everything; how many entries that were.
    pub(super) fn flush(&self) -> usize {
        let forgotten = std::mem::take(&mut *lock(&self.shelf));
        self.held.set(0);
        forgotten.entries.len()
    }

    fn get(&self, key: &[u8]) -> Bytes {
        let shelf = lock(&self.shelf);
        match shelf.entries.get(key) {
            Some((since, data)) if self.context.now().saturating_sub(*since) < KEEP => {
                self.hits.inc();
                data.clone()
            }
            _ => {
                self.misses.inc();
                Bytes::from_static(b"MISS")
            }
        }
    }

    fn set(&self, key: Bytes, data: &[u8]) {
        let mut value = Vec::with_capacity(VALUE.len() + data.len());
        value.extend_from_slice(VALUE);
        value.extend_from_slice(data);
        let mut shelf = lock(&self.shelf);
        if shelf.entries.insert(key.clone(), (self.context.now(), value.into())).is_none() {
            shelf.order.push_back(key);
        }
        if shelf.order.len() > ENTRIES
            && let Some(oldest) = shelf.order.pop_front()
        {
            shelf.entries.remove(&oldest);
        }
        self.held.set(i64::try_from(shelf.entries.len()).unwrap_or(i64::MAX));
    }
}

impl Answerer for Cache {
    fn answer(self: &Arc<Self>, question: Bytes) -> Later {
        if let Some(key) = question.strip_prefix(b"get ") {
            return Later::Now(self.get(key));
        }
        let end = question.iter().position(|byte| *byte == b'\n');
        Later::Now(match end {
            Some(end) if question.starts_with(b"set ") => {
                // A copy, so that a small key does not hold on to a whole message.
                self.set(Bytes::copy_from_slice(&question[4..end]), &question[end + 1..]);
                Bytes::from_static(b"STORED")
            }
            _ => Bytes::from_static(b"ERROR"),
        })
    }
}
