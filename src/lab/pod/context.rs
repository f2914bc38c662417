//! What every pod has, whatever its role: who it is, whom it may call, its faults, its metrics, the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::certificates::Certificates;
use super::faults::Faults;
use super::metrics::Metrics;
use super::policy::Known;
use super::tally::Tally;
use super::wall::Wall;
use crate::gameday::defence::Defence;
use crate::lab::channel::{Endpoint, PodSpec};
use crate::port::clock::Clock;

/// How long a call may take where nobody thought of a limit.
const NO_LIMIT: Duration = Duration::from_secs(30);
/// A pod that ends stays for so long at least.
const LAST_MOMENT: Duration = Duration::from_millis(30);

/// Shared by everything in one pod.
pub(super) struct Context {
    /// Who it is.
    pub spec: PodSpec,
    /// The faults in it.
    pub faults: Arc<Faults>,
    /// What it counts.
    pub metrics: Metrics,
    /// What its instruments count.
    pub tally: Tally,
    /// The time of day as this pod sees it.
    pub wall: Arc<Wall>,
    /// Which account may do what, as far as this pod knows.
    pub policy: Known,
    /// What the gateway shows to who speaks TLS with it.
    pub certificates: Arc<Certificates>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whom it may call; empty until it was told.
    pub endpoints: watch::Sender<Arc<Vec<Endpoint>>>,
    /// Whether it takes traffic.
    pub ready: AtomicBool,
    /// Requests that are being answered.
    pub under_way: AtomicUsize,
}

impl Context {
    /// The context of a pod that was just started.
    pub(super) fn new(spec: PodSpec, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            faults: Arc::new(Faults::new(spec.seed, Arc::clone(&clock))),
            metrics: Metrics::new(&spec),
            tally: Tally::new(),
            wall: Arc::new(Wall::new(Arc::clone(&clock))),
            certificates: Arc::default(),
            policy: Known::default(),
            spec,
            clock,
            endpoints: watch::Sender::new(Arc::default()),
            ready: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
        })
    }

    /// Brings what follows from the faults up to date, after one began or ended.
    pub(super) fn settle(&self) {
        let standing = self.faults.standing();
        self.wall.settle(&standing);
        self.certificates.settle(&standing);
        self.policy.settle(&standing);
    }

    /// Whether a defence is on.
    pub(super) fn has(&self, defence: Defence) -> bool {
        self.spec.defences.has(defence)
    }

    /// How long a call may take: `limit`, or without the defence half a minute.
    pub(super) fn limit(&self, limit: Duration) -> Duration {
        if self.has(Defence::Timeouts) { limit } else { NO_LIMIT }
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

    /// Waits until nothing is under way any more. Whoever waits for it sets the limit.
    pub(super) async fn finish(&self) {
        self.ready.store(false, Ordering::Relaxed);
        // What was just answered, or is not counted, needs a moment to get out.
        tokio::time::sleep(LAST_MOMENT).await;
        while self.under_way.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Whether it takes traffic.
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }
}
