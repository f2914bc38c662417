//! The load generator without the program around it, to be measured. Not part of the program.
//!
//! `bench_load URL RPS SECONDS` sends a constant load and prints one JSON object with what was achieved.
#![expect(clippy::print_stdout, reason = "its output is its interface")]
#![expect(clippy::disallowed_methods, reason = "it brings the clock")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use gameday::exercise::histogram::LatencyHistogram;
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::gameday::load::RateCurve;
use gameday::gameday::plan::{Route, Traffic};
use gameday::gameday::span::Span;
use gameday::load::generator::Generator;
use gameday::port::clock::Clock;
use gameday::port::load::{LoadGenerator as _, LoadOrder};

struct SystemClock(Instant);

impl Clock for SystemClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

fn order(url: String, host: String, origin: Duration) -> LoadOrder {
    let route = Route {
        name: "root".to_owned(),
        method: "GET".to_owned(),
        path: "/".to_owned(),
        weight: 1,
        spread: 1,
        headers: Vec::new(),
        body: None,
    };
    LoadOrder {
        base_url: url,
        allowed_hosts: vec![host],
        traffic: Traffic {
            routes: vec![route],
            timeout: Span::from_secs(10),
            max_in_flight: 10_000,
            tls: false,
        },
        certificate_authority: None,
        origin,
        seed: 1,
    }
}

/// The worst deviation of a full second from its plan, in percent.
fn worst_second(samples: &[Sample]) -> f64 {
    samples
        .iter()
        .filter(|sample| sample.length == Span::from_secs(1) && sample.planned > 0.0)
        .map(|sample| {
            let sent = (sample.attempted - sample.dropped) as f64;
            (sent - sample.planned).abs() / sample.planned * 100.0
        })
        .fold(0.0, f64::max)
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, rps, seconds] = arguments.as_slice() else {
        return Err("usage: bench_load URL RPS SECONDS".into());
    };
    let (rps, seconds): (f64, u64) = (rps.parse()?, seconds.parse()?);
    let host = url.parse::<hyper::Uri>()?.host().ok_or("no host")?.to_owned();
    let clock = Arc::new(SystemClock(Instant::now()));
    let origin = clock.monotonic();
    let generator = Generator::new(clock);
    let mut taker = generator.start(order(url.clone(), host, origin))?;
    generator.follow(RateCurve::flat(rps));
    let mut samples = Vec::new();
    while let Some(sample) = taker.blocking_recv() {
        if (sample.start + sample.length).as_millis() >= seconds * 1_000 {
            generator.stop();
        }
        samples.push(sample);
    }
    let mut latency = LatencyHistogram::new();
    let mut errors = ErrorCounts::default();
    for sample in &samples {
        latency.merge(&sample.latency.unpack());
        errors.add(&sample.errors);
    }
    let sum = |of: fn(&Sample) -> u64| samples.iter().map(of).sum::<u64>();
    let ok = sum(|sample| sample.ok);
    // The plan divided by its rate is how long load was asked for; waiting for the last answers is not.
    let planned: f64 = samples.iter().map(|sample| sample.planned).sum();
    let full = samples.iter().filter(|sample| sample.length == Span::from_secs(1));
    let report = serde_json::json!({
        "ok": ok,
        "achieved": ok as f64 * rps / planned.max(1.0),
        "dropped": sum(|sample| sample.dropped),
        "errors": errors.total(),
        "worst_second_percent": worst_second(&samples),
        "lag_p50_us": median(full.clone().map(|sample| sample.lag_p50_us).collect()),
        "lag_p99_us": median(full.map(|sample| sample.lag_p99_us).collect()),
        "p50_ms": latency.quantile_millis(500),
        "p99_ms": latency.quantile_millis(990),
    });
    println!("{report}");
    Ok(())
}
