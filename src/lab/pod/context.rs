//! What every pod has, whatever its role: who it is, whom it may call, its faults, its metrics, the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::faults::Faults;
use super::metrics::Metrics;
use super::tally::Tally;
use crate::lab::channel::{Endpoint, PodSpec};
use crate::port::clock::Clock;

/// Shared by everything in one pod.
pub(super) struct Context {
    /// Who it is.
    pub spec: PodSpec,
    /// The faults in it.
    pub faults: Arc<Faults>,
    /// What it counts.
    pub metrics: Metrics,
    /// What the instruments of the lab read.
    pub tally: Tally,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whom it may call; empty until it was told.
    pub endpoints: watch::Sender<Arc<Vec<Endpoint>>>,
    /// Whether it takes traffic.
    pub ready: AtomicBool,
}

impl Context {
    /// The context of a pod that was just started.
    pub(super) fn new(spec: PodSpec, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            faults: Arc::new(Faults::new(spec.seed, Arc::clone(&clock))),
            metrics: Metrics::new(&spec),
            tally: Tally::default(),
            spec,
            clock,
            endpoints: watch::Sender::new(Arc::default()),
            ready: AtomicBool::new(false),
        })
    }

    /// Time since the clock's origin.
    pub(super) fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// Looks at the endpoints whenever they change, and twice a second, for ever.
    pub(super) async fn follow(&self, mut look: impl FnMut(&[Endpoint]) + Send) {
        let mut endpoints = self.endpoints.subscribe();
        let mut tick = tokio::time::interval(Duration::from_millis(500));
        loop {
            let told = Arc::clone(&endpoints.borrow_and_update());
            look(&told);
            tokio::select! {
                changed = endpoints.changed() => if changed.is_err() { return },
                _ = tick.tick() => {}
            }
        }
    }

    /// Whether it takes traffic.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }
}
