//! Customers in their hundreds while something is wrong: what becomes of them with all defences, and with none.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gameday::exercise::reading::{BreakerReading, Reading};
use gameday::exercise::sample::Sample;
use gameday::gameday::defence::Defences;
use gameday::gameday::fault::{Direction, Fault, NetworkAction};
use gameday::gameday::instrument::Instrument;
use gameday::gameday::load::RateCurve;
use gameday::gameday::plan::{Route, Traffic};
use gameday::gameday::span::Span;
use gameday::lab::traffic;
use gameday::load::flood::Flood;
use gameday::load::generator::Generator;
use gameday::port::instruments::{Instruments, Observation};
use gameday::port::load::{LoadGenerator, LoadOrder};
use gameday::port::target::{FaultInjector, FaultOrder};
use tokio::sync::mpsc::UnboundedReceiver;

use super::stage::{BACKEND, Stage, WEB, clock, order};

/// Customers of a lab, and the eyes of its instruments.
struct Day {
    stage: Stage,
    load: Generator,
    samples: UnboundedReceiver<Sample>,
    readings: UnboundedReceiver<Observation>,
    seen: Seen,
}

/// What was seen since it was last cleared.
#[derive(Default)]
struct Seen {
    attempted: u64,
    ok: u64,
    values: BTreeMap<Instrument, f64>,
    breakers: Vec<BreakerReading>,
}

impl Seen {
    fn failed(&self) -> u64 {
        self.attempted - self.ok
    }

    fn sum(&self, instrument: Instrument) -> f64 {
        self.values.get(&instrument).copied().unwrap_or_default()
    }

    fn opened(&self, is_it: impl Fn(&BreakerReading) -> bool) -> u32 {
        self.breakers.iter().filter(|one| is_it(one)).map(|one| one.opened).sum()
    }

    fn take(&mut self, reading: Reading) {
        for (instrument, value) in reading.values {
            *self.values.entry(instrument).or_default() += value;
        }
        self.breakers.extend(reading.breakers);
    }
}

impl Day {
    async fn start(name: &str, defences: Defences, routes: Vec<Route>, rps: f64) -> Self {
        let stage = Stage::with(name, defences).await;
        let clock = clock();
        let load = Generator::new(Arc::clone(&clock));
        let traffic =
            Traffic { routes, timeout: Span::from_secs(2), max_in_flight: 2_000, tls: false };
        let samples = load.start(LoadOrder {
            base_url: stage.lab.base_url().to_owned(),
            allowed_hosts: vec!["127.0.0.1".to_owned()],
            traffic,
            certificate_authority: None,
            origin: clock.monotonic(),
            seed: 3,
        });
        load.follow(RateCurve::flat(rps));
        let readings = stage.lab.observe(Duration::ZERO);
        Self { stage, load, samples: samples.unwrap(), readings, seen: Seen::default() }
    }

    /// Looks on until `enough`, for at most so long.
    async fn watch(&mut self, what: &str, most: u64, mut enough: impl FnMut(&Seen) -> bool) {
        let start = Instant::now();
        while !enough(&self.seen) {
            let seen = &self.seen;
            assert!(
                start.elapsed() < Duration::from_secs(most),
                "never: {what}: {} of {} failed, {:?}",
                seen.failed(),
                seen.attempted,
                seen.values
            );
            tokio::select! {
                Some(sample) = self.samples.recv() => {
                    self.seen.attempted += sample.settled();
                    self.seen.ok += sample.ok;
                }
                Some(news) = self.readings.recv() => {
                    if let Observation::Reading(reading) = news {
                        self.seen.take(reading);
                    }
                }
            }
        }
    }

    async fn inject(&self, order: &FaultOrder) {
        self.stage.lab.prepare(order).await.unwrap();
        self.stage.inject(order).await;
    }

    async fn end(self) {
        self.load.stop();
        self.stage.lab.stop().await;
    }
}

fn cut() -> FaultOrder {
    let network = NetworkAction::Partition;
    let fault = Fault::NetworkChaos { network, direction: Direction::Both };
    order("cut", fault, &WEB, &["database-primary", "database-replica"])
}

/// Everybody looks, nobody buys.
fn looking() -> Vec<Route> {
    traffic().into_iter().filter(|route| route.method == "GET").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_pages_are_served_from_copies() {
    let mut day = Day::start("cut", Defences::resilient(), traffic(), 100.0).await;
    day.watch("a calm start", 10, |seen| seen.attempted >= 100).await;
    day.seen = Seen::default();
    day.inject(&cut()).await;
    day.watch("old pages", 25, |seen| seen.sum(Instrument::Degraded) >= 20.0).await;
    let seen = &day.seen;
    assert_eq!(seen.failed(), 0, "of {}", seen.attempted);
    let (hits, misses) = (seen.sum(Instrument::CacheHits), seen.sum(Instrument::CacheMisses));
    assert!(hits / (hits + misses) > 0.8, "{hits} hits, {misses} misses");
    assert!(seen.sum(Instrument::StandIns) >= seen.sum(Instrument::Degraded));
    assert!(seen.opened(|one| one.guards == "database") > 0, "backends stop calling it");
    day.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_and_without_defences_customers_wait_in_vain() {
    let mut day = Day::start("bare", Defences::fragile(), traffic(), 100.0).await;
    day.watch("a calm start", 10, |seen| seen.attempted >= 200).await;
    assert_eq!(day.seen.failed(), 0, "without defences but also without faults all is well");
    day.seen = Seen::default();
    day.inject(&cut()).await;
    day.watch("failures", 20, |seen| seen.failed() >= 50).await;
    assert_eq!(day.seen.sum(Instrument::Degraded), 0.0);
    assert_eq!(day.seen.opened(|_| true), 0, "nobody stops calling");
    day.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_backend_and_no_cache_open_breakers_and_cost_few_customers_anything() {
    let mut day = Day::start("cascade", Defences::resilient(), traffic(), 300.0).await;
    day.watch("a calm start", 10, |seen| seen.attempted >= 600).await;
    let late =
        Fault::LatencyInjection { latency: Span::from_millis(500), jitter: Span::from_millis(100) };
    let late = order("late", late, &["api-gateway-1"], &BACKEND);
    let outage = order("outage", Fault::PodFailure, &["cache-service-1"], &[]);
    day.seen = Seen::default();
    let undo = day.stage.lab.prepare(&late).await.unwrap();
    day.inject(&late).await;
    day.inject(&outage).await;
    let gateways = |seen: &Seen| seen.opened(|one| one.owner == "api-gateway");
    let backends = |seen: &Seen| seen.opened(|one| one.guards.starts_with("backend-service"));
    day.watch("both open", 20, |seen| gateways(seen) > 0 && backends(seen) > 0).await;
    day.watch("some more", 20, |seen| seen.attempted >= 1_800).await;
    let seen = &day.seen;
    assert!(seen.failed() * 10 < seen.attempted, "{} of {}", seen.failed(), seen.attempted);
    day.stage.revert(&undo).await.unwrap();
    day.seen = Seen::default();
    let closed = |seen: &Seen| {
        let last = seen.breakers.iter().rev().take(6);
        seen.attempted >= 300
            && !seen.breakers.is_empty()
            && last.into_iter().all(|one| one.open == 0)
    };
    day.watch("all closed again", 20, closed).await;
    day.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_turned_away_and_customers_are_not() {
    let mut day = Day::start("flood", Defences::resilient(), looking(), 50.0).await;
    day.watch("a calm start", 10, |seen| seen.attempted >= 50).await;
    let base_url = day.stage.lab.base_url().to_owned();
    let flood = Flood::new(day.stage.lab.clone(), base_url, clock());
    let order = order("flood", Fault::TrafficFlood { rps: 400.0 }, &["api-gateway-1"], &[]);
    let undo = flood.prepare(&order).await.unwrap();
    assert!(flood.revert(&undo).await.is_ok(), "never begun");
    day.seen = Seen::default();
    let evidence = flood.inject(&order).await.unwrap();
    assert!(evidence.contains("requests sent"), "{evidence}");
    assert!(flood.inject(&order).await.is_err(), "one at a time");
    day.watch("turned away", 10, |seen| seen.sum(Instrument::RateLimited) >= 500.0).await;
    let shed = day.seen.sum(Instrument::Shed);
    assert_eq!(day.seen.failed(), 0, "of {}, with {shed} shed in all", day.seen.attempted);
    for _ in 0..2 {
        flood.revert(&undo).await.unwrap();
    }
    // What was counted before the end is read within the next two seconds.
    day.seen = Seen::default();
    day.watch("readings after the end", 10, |seen| seen.attempted >= 150).await;
    day.seen = Seen::default();
    day.watch("calm", 10, |seen| seen.attempted >= 50).await;
    assert_eq!(day.seen.sum(Instrument::RateLimited), 0.0);
    for rps in [0.0, 5_001.0, f64::NAN] {
        let fault = Fault::TrafficFlood { rps };
        assert!(flood.supports(&fault).unwrap_err().0.contains("at most 5000"));
    }
    assert!(flood.supports(&Fault::PodFailure).is_ok(), "others are passed on");
    day.end().await;
}
