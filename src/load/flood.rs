//! A flood of requests from outside as a fault: a second, bounded load without a session. Every other fault is passed on
//! to the injector behind. What the target makes of a flood is not known here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::timeout;

use super::generator::Generator;
use crate::exercise::said::{Said, said};
use crate::exercise::sample::Sample;
use crate::exercise::undo::Undo;
use crate::gameday::fault::Fault;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::{Route, Traffic};
use crate::gameday::span::Span;
use crate::port::clock::Clock;
use crate::port::load::{LoadGenerator, LoadOrder};
use crate::port::target::{Answer, FaultInjector, FaultOrder, TargetError};

/// No flood is stronger, in requests a second.
pub const MOST: f64 = 5_000.0;

/// So long a request of the flood waits for its answer: then it has done its harm.
const PATIENCE: Span = Span::from_secs(1);

/// At most so many requests of a flood are under way.
const UNDER_WAY: u32 = 1_000;

/// The first full second of a flood must be over within so long.
const FELT_WITHIN: Duration = Duration::from_secs(4);

/// A flood must have ended within so long: nothing more is sent at once, the last answers may take a moment.
const OVER_WITHIN: Duration = Duration::from_secs(3);

/// Marks the way back of a flood.
const KIND: &str = "traffic-flood";

/// What a flood says about its way back.
#[derive(Debug, Serialize, Deserialize)]
struct FloodUndo {
    kind: String,
}

/// A flood that is on.
struct Running {
    generator: Generator,
    counts: Arc<Counts>,
    over: watch::Receiver<bool>,
}

/// What a flood did so far.
#[derive(Default)]
struct Counts {
    sent: AtomicU64,
    answered: AtomicU64,
    refused: AtomicU64,
}

impl Counts {
    fn add(&self, sample: &Sample) {
        let sent = sample.attempted.saturating_sub(sample.dropped);
        self.sent.fetch_add(sent, Ordering::Relaxed);
        self.answered.fetch_add(sample.ok, Ordering::Relaxed);
        self.refused.fetch_add(sample.errors.client, Ordering::Relaxed);
    }

    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    fn show(&self) -> Said {
        said!(
            "flood-counts",
            "{sent} requests sent, {answered} answered, {refused} refused",
            sent = self.sent(),
            answered = self.answered.load(Ordering::Relaxed),
            refused = self.refused.load(Ordering::Relaxed)
        )
    }
}

/// Does floods itself and leaves every other fault to the injector behind.
///
/// A flood lives in this process: it ends with it, and with this.
pub struct Flood {
    inner: Arc<dyn FaultInjector>,
    base_url: String,
    clock: Arc<dyn Clock>,
    running: Mutex<HashMap<String, Running>>,
}

impl Flood {
    /// Floods go to `base_url`, the address customers use.
    pub fn new(inner: Arc<dyn FaultInjector>, base_url: String, clock: Arc<dyn Clock>) -> Self {
        Self { inner, base_url, clock, running: Mutex::default() }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a flood, and looks that it is sent.
    async fn begin(&self, key: &str, rps: f64) -> Result<Said, TargetError> {
        check(rps)?;
        if self.running().contains_key(key) {
            return Err(TargetError(format!("the flood {key} is on already")));
        }
        let generator = Generator::new(Arc::clone(&self.clock));
        let order = order(&self.base_url, self.clock.monotonic());
        let failed = |error: crate::port::load::LoadError| TargetError(error.to_string());
        let mut samples = generator.start(order).map_err(failed)?;
        generator.follow(RateCurve::flat(rps));
        let counts = Arc::new(Counts::default());
        let (ended, over) = watch::channel(false);
        let (felt, mut feel) = watch::channel(0_u64);
        let tally = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Some(sample) = samples.recv().await {
                tally.add(&sample);
                felt.send_replace(tally.sent());
            }
            ended.send_replace(true);
        });
        self.running()
            .insert(key.to_owned(), Running { generator, counts: Arc::clone(&counts), over });
        let is_felt =
            matches!(timeout(FELT_WITHIN, feel.wait_for(|sent| *sent > 0)).await, Ok(Ok(_)));
        if is_felt {
            return Ok(said!("flood-so-far", "{counts} so far", counts = counts.show()));
        }
        self.end(key).await?;
        Err(TargetError("no request of the flood could be sent".to_owned()))
    }

    /// Ends a flood, if it is on, and looks that nothing is sent any more.
    async fn end(&self, key: &str) -> Result<Said, TargetError> {
        let (counts, mut over) = {
            let mut running = self.running();
            let Some(flood) = running.get_mut(key) else {
                return Ok(said!("flood-none", "no request of the flood is sent"));
            };
            flood.generator.stop();
            (Arc::clone(&flood.counts), flood.over.clone())
        };
        let is_over = matches!(timeout(OVER_WITHIN, over.wait_for(|over| *over)).await, Ok(Ok(_)));
        if is_over {
            self.running().remove(key);
            return Ok(said!("flood-over", "the flood is over: {counts}", counts = counts.show()));
        }
        Err(TargetError("requests of the flood are still under way".to_owned()))
    }
}

impl FaultInjector for Flood {
    fn supports(&self, fault: &Fault) -> Result<(), TargetError> {
        match *fault {
            Fault::TrafficFlood { rps } => check(rps),
            _ => self.inner.supports(fault),
        }
    }

    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        let Fault::TrafficFlood { rps } = order.experiment.fault else {
            return self.inner.prepare(order);
        };
        Box::pin(async move {
            check(rps)?;
            let data = serde_json::to_value(FloodUndo { kind: KIND.to_owned() })
                .map_err(|error| TargetError(error.to_string()))?;
            let what = said!(
                "way-flood",
                "stop sending {rps} requests a second from outside",
                rps = rps.to_string()
            );
            Ok(Undo { key: order.key.clone(), what, data })
        })
    }

    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        match order.experiment.fault {
            Fault::TrafficFlood { rps } => Box::pin(self.begin(&order.key, rps)),
            _ => self.inner.inject(order),
        }
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        if is_flood(undo) {
            return Box::pin(self.end(&undo.key));
        }
        self.inner.revert(undo)
    }
}

/// Clears up after a program that died: its floods died with it, the rest is for the injector behind.
pub struct Ebb<'i>(pub &'i dyn FaultInjector);

impl FaultInjector for Ebb<'_> {
    fn supports(&self, fault: &Fault) -> Result<(), TargetError> {
        self.0.supports(fault)
    }

    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        self.0.prepare(order)
    }

    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        self.0.inject(order)
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        if is_flood(undo) {
            let said = said!("flood-ended", "a flood ends with the program that sends it");
            return Box::pin(async move { Ok(said) });
        }
        self.0.revert(undo)
    }
}

/// Whether this is the way back of a flood, which ends with the process that sends it.
fn is_flood(undo: &Undo) -> bool {
    serde_json::from_value::<FloodUndo>(undo.data.clone()).is_ok_and(|data| data.kind == KIND)
}

fn check(rps: f64) -> Result<(), TargetError> {
    if rps > 0.0 && rps <= MOST {
        return Ok(());
    }
    let why = format!("{KIND}: a flood must be above 0 and at most {MOST} requests a second");
    Err(TargetError(why))
}

/// What a flood asks for: the first page and products, as nobody in particular.
fn order(base_url: &str, origin: Duration) -> LoadOrder {
    let route = |name: &str, path: &str, spread| Route {
        name: name.to_owned(),
        method: "GET".to_owned(),
        path: path.to_owned(),
        weight: 1,
        spread,
        headers: Vec::new(),
        body: None,
    };
    let traffic = Traffic {
        routes: vec![route("first page", "/", 1), route("product", "/product/{n}", 1_000)],
        timeout: PATIENCE,
        max_in_flight: UNDER_WAY,
        tls: false,
    };
    LoadOrder {
        base_url: base_url.to_owned(),
        // The target's own address and no other.
        allowed_hosts: host_of(base_url).into_iter().collect(),
        traffic,
        certificate_authority: None,
        origin,
        seed: 1,
    }
}

fn host_of(base_url: &str) -> Option<String> {
    let uri: hyper::Uri = base_url.parse().ok()?;
    uri.host().map(str::to_owned)
}
