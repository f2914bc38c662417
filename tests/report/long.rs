//! A report on an exercise of eighty minutes.

use std::time::Duration;

use gameday::cli::report::{Format, run};
use gameday::exercise::event::{Envelope, Event, Outcome, PhaseEnd};
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::sample::Sample;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::span::Span;

use crate::recording::{story, written};

const SECONDS: u64 = 4_800;
const RATE: u64 = 2_000;

/// Two phases of forty minutes, a sample a second, each with a few thousand latencies from 0.2 ms to 2 s.
fn envelopes() -> Vec<Envelope> {
    let mut random = 1_u64;
    let mut next = || {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 33
    };
    let mut seconds = Vec::new();
    for _ in 0..32 {
        let mut latency = LatencyHistogram::new();
        (0..RATE).for_each(|_| latency.record(200 << (next() % 14) | (next() % 200)));
        seconds.push(PackedHistogram::pack(&latency));
    }
    let mut events = vec![(0, Event::PhaseStarted { phase: 0 })];
    for second in 0..SECONDS {
        let sample = Sample {
            start: Span::from_secs(second),
            length: Span::from_secs(1),
            planned: RATE as f64,
            attempted: RATE,
            ok: RATE,
            latency: seconds[second as usize % seconds.len()].clone(),
            ..Sample::default()
        };
        if second == SECONDS / 2 {
            let why = PhaseEnd::Completed;
            events.push((2_400_000, Event::PhaseEnded { phase: 0, why }));
            events.push((2_400_000, Event::PhaseStarted { phase: 1 }));
        }
        events.push((second * 1_000 + 1_000, Event::Sampled(sample)));
    }
    events.push((4_800_000, Event::PhaseEnded { phase: 1, why: PhaseEnd::Completed }));
    let (outcome, why) = (Outcome::Completed, "every phase ran".to_owned());
    events.push((4_800_500, Event::Ended { outcome, why: why.into() }));
    let place = |(index, (millis, event)): (usize, (u64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: Stamp::new(Span::from_millis(millis), story::BEGAN + millis as i64),
        event,
    };
    events.into_iter().enumerate().map(place).collect()
}

/// The processor time this thread has had.
fn used() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

#[test]
#[cfg(target_os = "linux")]
fn eighty_minutes_are_reported_in_seconds() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("long.jsonl");
    written(&path, &story::header(), &envelopes());
    let before = used();
    let said = run(&path, Format::Json, gameday::lang::Language::English, false);
    let took = used() - before;
    assert!(said.success, "{}", said.notes);
    // Some 1.2 s without optimisation.
    assert!(took < Duration::from_secs(4), "{took:?}");
    let page = run(&path, Format::Html, gameday::lang::Language::English, false);
    assert!(page.success && page.text.len() < 1_000_000, "{}", page.notes);
    let report: serde_json::Value = serde_json::from_str(&said.text).unwrap();
    let most = |name: &str| report[name].as_array().unwrap().len();
    assert!(most("series") <= 160 && most("curve") <= 60);
    for phase in [0, 1] {
        let felt = &report["phases"][phase]["felt"];
        assert_eq!(felt["attempted"], RATE * SECONDS / 2);
        assert_eq!(felt["availability"], 1.0);
        let p99 = felt["latency_p99"].as_f64().unwrap();
        assert!((1_600.0..1_700.0).contains(&p99), "{p99}");
    }
}
