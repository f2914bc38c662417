//! A long exercise on a lab of thirteen pods: a sample and a reading each second, and some hundreds of other events.

use std::collections::BTreeMap;

use gameday::exercise::event::{Envelope, Event, Outcome, PhaseEnd};
use gameday::exercise::header::Header;
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::reading::{BreakerReading, Reading};
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::target::{Pod, PodHealth, Service, Topology};
use gameday::gameday::instrument::Instrument;
use gameday::gameday::span::Span;

use super::story;

const RATE: u64 = 2_000;
const APPS: [(&str, u64); 8] = [
    ("api-gateway", 1),
    ("web-app", 5),
    ("backend-service", 2),
    ("cache-service", 1),
    ("database", 1),
    ("database-replica", 1),
    ("message-queue", 1),
    ("identity-provider", 1),
];

fn next(random: &mut u64) -> u64 {
    *random =
        random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *random >> 33
}

/// The plan of the story, stretched to `seconds`.
pub fn header(seconds: u64) -> Header {
    let mut header = story::header();
    for phase in &mut header.plan.phases {
        phase.duration = Span::from_secs(seconds / 2);
    }
    header
}

fn latencies() -> Vec<PackedHistogram> {
    let mut random = 1;
    let each = |_| {
        let mut latency = LatencyHistogram::new();
        (0..RATE).for_each(|_| {
            let micros = 400 << (next(&mut random) % 7) | (next(&mut random) % 400);
            latency.record(micros);
        });
        PackedHistogram::pack(&latency)
    };
    (0..64).map(each).collect()
}

fn sample(second: u64, latency: &PackedHistogram) -> Sample {
    let server = if second % 600 < 20 { 40 } else { 0 };
    Sample {
        start: Span::from_secs(second),
        length: Span::from_secs(1),
        planned: RATE as f64,
        attempted: RATE,
        dropped: 0,
        ok: RATE - server,
        errors: ErrorCounts { server, ..ErrorCounts::default() },
        latency: latency.clone(),
        lag_p50_us: 40,
        lag_p99_us: 300 + second % 50,
        in_flight: 3,
    }
}

fn reading(second: u64, random: &mut u64) -> Reading {
    let values = Instrument::ALL.into_iter().map(|one| (one, (next(random) % 900) as f64));
    let breaker = |(owner, guards): &(&str, &str)| BreakerReading {
        owner: (*owner).to_owned(),
        guards: (*guards).to_owned(),
        count: 5,
        open: u32::from(second % 600 < 30),
        opened: 0,
        open_for: Span::ZERO,
    };
    let breakers = [
        ("api-gateway", "web-app browse"),
        ("api-gateway", "web-app checkout"),
        ("api-gateway", "web-app product"),
        ("backend-service", "database"),
        ("web-app", "backend-service checkout"),
        ("web-app", "backend-service pages"),
        ("web-app", "cache-service"),
    ];
    Reading {
        start: Span::from_secs(second),
        length: Span::from_secs(1),
        values: values.collect(),
        breakers: breakers.iter().map(breaker).collect(),
        asked: BTreeMap::new(),
        foreign: BTreeMap::new(),
    }
}

fn topology(dead: bool) -> Topology {
    let pod = |(app, nth): (&str, u64)| Pod {
        name: format!("{app}-{nth}"),
        labels: [("app", app), ("tier", "shop"), ("zone", "a"), ("node", "node-1")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        health: if dead && nth == 2 { PodHealth::Dead } else { PodHealth::Ready },
        restarts: 0,
        ..Pod::default()
    };
    let pods = APPS.iter().flat_map(|(app, count)| (1..=*count).map(move |nth| (*app, nth)));
    let service = |(app, _): &(&str, u64)| Service {
        name: (*app).to_owned(),
        depends_on: Vec::new(),
        critical: true,
        ..Service::default()
    };
    Topology {
        pods: pods.map(pod).collect(),
        services: APPS.iter().map(service).collect(),
        ..Topology::default()
    }
}

/// What people and the exercise do every minute.
fn minute(nth: u64) -> Vec<Event> {
    let id = IncidentId(nth as u32 / 10);
    let (team, author) = ("sre".to_owned(), "Kim".to_owned());
    match nth % 10 {
        1 => vec![Event::IncidentOpened {
            id,
            team,
            author,
            title: format!("The shop is slow, {nth}"),
            severity: Severity::Sev2,
            happened: None,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
        }],
        2 | 3 => vec![Event::TargetSeen(topology(nth % 10 == 2))],
        4 => vec![Event::SloBreached { slo: 1, value: 300.0 + nth as f64 }],
        5 => vec![Event::SloRecovered { slo: 1, value: 20.0 }],
        6 => vec![Event::IncidentMoved {
            id,
            to: IncidentStatus::Resolved,
            team,
            author,
            happened: None,
            of: None,
        }],
        7 => {
            let id = InjectionId(nth as usize / 10 % 3);
            let t0 = stamp(nth * 60_000);
            vec![Event::InjectionActive { id, round: 0, t0, evidence: "felt".into() }]
        }
        8 => vec![
            Event::Held { by: "facilitator".to_owned(), reason: "coffee".into() },
            Event::Resumed { by: "facilitator".to_owned() },
        ],
        _ => (0..2)
            .map(|line| Event::Logged {
                team: team.clone(),
                author: author.clone(),
                text: format!("minute {nth}: line {line} 再起動した"),
                kind: EntryKind::Note,
                incident: None,
                evidence: Vec::new(),
                happened: None,
            })
            .collect(),
    }
}

fn stamp(millis: u64) -> Stamp {
    Stamp::new(Span::from_millis(millis), story::BEGAN + millis as i64)
}

/// Everything that happens in so many seconds.
pub fn envelopes(seconds: u64) -> Vec<Envelope> {
    let (latencies, mut random) = (latencies(), 7);
    let mut events = vec![
        (0, Event::PreflightStarted),
        (0, Event::TargetSeen(topology(false))),
        (0, Event::PhaseStarted { phase: 0 }),
    ];
    for second in 0..seconds {
        let millis = second * 1_000 + 1_000;
        if second == seconds / 2 {
            events.push((millis, Event::PhaseEnded { phase: 0, why: PhaseEnd::Completed }));
            events.push((millis, Event::PhaseStarted { phase: 1 }));
        }
        if second % 60 == 30 {
            events.extend(minute(second / 60).into_iter().map(|one| (millis, one)));
        }
        let latency = &latencies[next(&mut random) as usize % latencies.len()];
        events.push((millis, Event::Sampled(sample(second, latency))));
        events.push((millis + 20, Event::Observed(reading(second, &mut random))));
    }
    let end = seconds * 1_000 + 1_500;
    events.push((end, Event::PhaseEnded { phase: 1, why: PhaseEnd::Completed }));
    let (outcome, why) = (Outcome::Completed, "every phase ran".to_owned());
    events.push((end, Event::Ended { outcome, why: why.into() }));
    let place = |(index, (millis, event)): (usize, (u64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: stamp(millis),
        event,
    };
    events.into_iter().enumerate().map(place).collect()
}
