//! What every pod has, whatever its role: who it is, whom it may call, its faults, its metrics, the clock.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::allowance::Shedding;
use super::certificates::Certificates;
use super::configuration::Configuration;
use super::damage::Damages;
use super::faults::Faults;
use super::metrics::Metrics;
use super::names::Names;
use super::policy::Known;
use super::tally::Tally;
use super::wall::Wall;
use crate::exercise::said::{Said, said};
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::channel::{Endpoint, PodSpec};
use crate::lab::settings::Values;
use crate::port::clock::Clock;

/// So often names are looked up.
const LOOK_UP_EVERY: Duration = Duration::from_millis(500);

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
    /// Its settings.
    pub configuration: Arc<Configuration>,
    names: Names,
    /// HTTP answers that a fault has damaged.
    pub damages: Damages,
    /// Whom it may call, as far as names resolve; empty until it was told.
    pub endpoints: watch::Sender<Arc<Vec<Endpoint>>>,
    /// The share of requests that a team wants refused.
    pub shedding: Shedding,
    /// Tells that a team wants every page kept.
    pub warm: watch::Sender<()>,
    /// Whether it takes traffic.
    pub ready: AtomicBool,
    /// Requests that are being answered.
    pub under_way: AtomicUsize,
}

impl Context {
    /// The context of a pod that was just started.
    ///
    /// # Errors
    /// When its configuration file cannot be used.
    pub(super) fn new(spec: PodSpec, clock: Arc<dyn Clock>) -> io::Result<Arc<Self>> {
        let configuration = Configuration::open(&spec)?;
        let faults = Faults::new(spec.seed, Arc::clone(&clock), Arc::clone(&configuration));
        Ok(Arc::new(Self {
            faults: Arc::new(faults),
            configuration,
            names: Names::default(),
            damages: Damages::default(),
            metrics: Metrics::new(&spec),
            // No two processes of a pod begin in the same millisecond, and in containers all have the same number.
            tally: Tally::new(clock.wall_millis().unsigned_abs(), clock.monotonic()),
            wall: Arc::new(Wall::new(Arc::clone(&clock))),
            certificates: Arc::default(),
            policy: Known::default(),
            spec,
            clock,
            endpoints: watch::Sender::new(Arc::default()),
            shedding: Shedding::default(),
            warm: watch::Sender::default(),
            ready: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
        }))
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

    /// What the settings say.
    pub(super) fn settings(&self) -> Values {
        self.configuration.values()
    }

    /// Hears whom it may call: what look-ups of names find from now on.
    pub(super) fn learn(&self, endpoints: Vec<Endpoint>) {
        self.names.learn(endpoints);
        self.look_up();
    }

    /// Looks all names up.
    fn look_up(&self) {
        let kept = self.has(Defence::NameCache);
        let found = self.names.look_up(self.now(), kept, |app| self.faults.blocks(app));
        self.tally.count_many(Instrument::NameErrors, found.failed);
        self.endpoints.send_if_modified(|known| {
            let changed = **known != found.endpoints;
            if changed {
                *known = Arc::new(found.endpoints);
            }
            changed
        });
    }

    /// What looking one name up brings, in words.
    pub(super) fn resolve(&self, app: &str) -> Said {
        self.look_up();
        let known = self.endpoints.borrow().iter().filter(|one| one.role.app() == app).count();
        match (self.faults.blocks(app), known) {
            (false, _) => {
                said!("lab-resolves", "{app} resolves to {known}", app = app, known = known)
            }
            (true, 0) => said!("lab-unresolved", "{app} does not resolve", app = app),
            (true, _) => said!(
                "lab-unresolved-known",
                "{app} does not resolve; {known} last known answers are used",
                app = app,
                known = known
            ),
        }
    }

    /// Looks all names up again and again, for ever.
    pub(super) async fn look_up_again(self: Arc<Self>) {
        let mut tick = tokio::time::interval(LOOK_UP_EVERY);
        loop {
            tick.tick().await;
            self.look_up();
        }
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
