//! One thing that is counted twice: for the instruments, which forget it when they were read, and on `/metrics`, which
//! does not. Says nothing about what it means.

use std::sync::Arc;

use prometheus_client::metrics::counter::Counter;

use super::context::Context;
use crate::gameday::instrument::Instrument;

/// Counts one kind of event.
pub(super) struct Signal {
    context: Arc<Context>,
    instrument: Instrument,
    total: Counter,
}

impl Signal {
    /// Nothing counted yet; `help` says on `/metrics` what it is.
    pub(super) fn new(context: &Arc<Context>, instrument: Instrument, help: &str) -> Self {
        let total = context.metrics.counter(instrument.name(), help);
        context.tally.covers(&[instrument]);
        Self { context: Arc::clone(context), instrument, total }
    }

    /// It happened.
    pub(super) fn count(&self) {
        self.total.inc();
        self.context.tally.count(self.instrument);
    }
}
