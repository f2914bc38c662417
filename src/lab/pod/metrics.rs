//! What a pod counts and times, and its `/metrics` page in Prometheus' text form. Judges nothing.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::lab::channel::PodSpec;
use crate::lab::lock::lock;
use crate::lab::pod::breaker::Breaker;

/// The content type of the page.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    upstream: String,
}

/// Everything that one pod counts. What a role does not have stays without a value.
pub(super) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Status, Counter>,
    ok: Counter,
    latency: Histogram,
    breaker_state: Family<Named, Gauge>,
    breaker_opened: Family<Named, Gauge>,
    in_flight: Family<Named, Gauge>,
    idle: Family<Named, Gauge>,
    /// Requests that were sent a second time.
    pub retries: Counter,
    /// Answers from a stale copy, because the fresh one could not be had.
    pub degraded: Counter,
}

impl Metrics {
    /// Nothing counted yet.
    pub(super) fn new(spec: &PodSpec) -> Self {
        let labels = [("app", spec.role.app().to_owned()), ("pod", spec.name.clone())];
        let labels = labels.into_iter().map(|(name, value)| (name.into(), value.into()));
        let mut registry = Registry::with_prefix_and_labels("gameday_lab", labels);
        let requests = Family::<Status, Counter>::default();
        let ok = requests.get_or_create_owned(&Status { status: 200 });
        let metrics = Self {
            ok,
            latency: Histogram::new(BUCKETS),
            requests,
            breaker_state: Family::default(),
            breaker_opened: Family::default(),
            in_flight: Family::default(),
            idle: Family::default(),
            retries: Counter::default(),
            degraded: Counter::default(),
            registry: Mutex::default(),
        };
        registry.register("requests", "Requests answered, by status", metrics.requests.clone());
        registry.register(
            "request_duration_seconds",
            "Time from a request to its answer",
            metrics.latency.clone(),
        );
        registry.register(
            "breaker_state",
            "Circuit breaker: 0 closed, 1 half-open, 2 open",
            metrics.breaker_state.clone(),
        );
        registry.register(
            "breaker_times_opened",
            "How often the circuit breaker opened since the pod started",
            metrics.breaker_opened.clone(),
        );
        registry.register(
            "pool_in_use",
            "Requests under way, by upstream",
            metrics.in_flight.clone(),
        );
        registry.register("pool_idle", "Idle connections, by upstream", metrics.idle.clone());
        registry.register("retries", "Safe requests sent a second time", metrics.retries.clone());
        registry.register("degraded", "Answers made from a stale copy", metrics.degraded.clone());
        *lock(&metrics.registry) = registry;
        metrics
    }

    /// One request was answered with `status` after `took`.
    pub(super) fn answered(&self, status: u16, took: Duration) {
        if status == 200 {
            self.ok.inc();
        } else {
            self.requests.get_or_create(&Status { status }).inc();
        }
        self.latency.observe(took.as_secs_f64());
    }

    /// Shows the breaker of an upstream.
    pub(super) fn show_breaker(&self, upstream: &str, breaker: &Breaker) {
        let view = breaker.view();
        let name = Named { upstream: upstream.to_owned() };
        self.breaker_state.get_or_create(&name).set(view.state);
        let opened = i64::try_from(view.opened).unwrap_or(i64::MAX);
        self.breaker_opened.get_or_create(&name).set(opened);
    }

    /// Shows the pool of an upstream.
    pub(super) fn show_pool(&self, upstream: &str, in_use: usize, idle: usize) {
        let name = Named { upstream: upstream.to_owned() };
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.in_flight.get_or_create(&name).set(number(in_use));
        self.idle.get_or_create(&name).set(number(idle));
    }

    /// A counter that only some roles have.
    pub(super) fn counter(&self, name: &str, help: &str) -> Counter {
        let counter = Counter::default();
        lock(&self.registry).register(name, help, counter.clone());
        counter
    }

    /// A gauge that only some roles have.
    pub(super) fn gauge(&self, name: &str, help: &str) -> Gauge {
        let gauge = Gauge::default();
        lock(&self.registry).register(name, help, gauge.clone());
        gauge
    }

    /// A histogram of seconds that only some roles have.
    pub(super) fn histogram(&self, name: &str, help: &str) -> Histogram {
        let histogram = Histogram::new(BUCKETS);
        lock(&self.registry).register(name, help, histogram.clone());
        histogram
    }

    /// The page.
    pub(super) fn page(&self) -> String {
        let mut page = String::new();
        if prometheus_client::encoding::text::encode(&mut page, &lock(&self.registry)).is_err() {
            // A half page must not look like a whole one.
            page.clear();
            let _ = page.write_str("# the metrics cannot be written\n# EOF\n");
        }
        page
    }
}
