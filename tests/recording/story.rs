//! A made-up exercise with figures that can be checked by hand: two teams, three injections, two holds.
//!
//! Seconds since the recording began:
//!
//! ```text
//!   0  preflight, 100 rps             130  T0 database-slowdown: every answer takes 300 ms until 171
//!  10  phase normal, 100 rps          140  hold until 160
//!  30  hold until 40                  150  incident 3 (dev), resolved 190
//!  60  incident 1 (sre), resolved 80  170  database-slowdown undone; SLO latency outside 132 to 175
//!  80  phase peak, 1000 rps           195  T0 network-chaos, undone 210: nobody feels or notices it
//!  90.5 T0 pod-failure                215  incident 4 (sre): false alarm
//!  91  50 of 1000 fail until 101      220  end of the phases
//! 100.5 incident 2 (sre), ack 105.5,  225  end
//!       resolved 120.5
//! 115  pod-failure undone; SLO availability outside 92 to 110
//! ```

use std::collections::BTreeMap;
use std::sync::OnceLock;

use gameday::exercise::blast::{BlastRadius, Ceiling, Risk};
use gameday::exercise::event::{Envelope, Event, Outcome, PhaseEnd, When};
use gameday::exercise::header::{FORMAT_VERSION, Header};
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::steady::Finding;
use gameday::exercise::undo::Undo;
use gameday::gameday::fault::{Direction, Experiment, Fault, Mode, NetworkAction};
use gameday::gameday::load::LoadPattern;
use gameday::gameday::measure::{
    Aggregate, Condition, Expr, IncidentCount, InjectionFact, Measure, Op, Sign, TimeTo, Trigger,
};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::plan::{
    GameDay, Guardrail, GuardrailAction, Limit, Objective, Phase, PlannedInjection, Slo, Target,
    Traffic,
};
use gameday::gameday::span::Span;

/// Sunday, 22 November 2026, 16:05:00 UTC.
pub const BEGAN: i64 = 1_795_363_500_000;

pub fn number(value: f64, unit: Unit) -> Expr {
    Expr::Number { value, unit }
}

pub fn metric(metric: Metric, aggregate: Aggregate) -> Expr {
    Expr::Metric { metric, aggregate }
}

pub fn compare(left: Expr, op: Op, right: Expr) -> Condition {
    Condition::Compare { left, op, right, phase: None, during: None }
}

pub fn objective(source: &str, condition: Condition) -> Objective {
    let measure = Some(Measure { source: source.to_owned(), condition });
    Objective { title: source.to_owned(), measure }
}

fn objectives() -> Vec<Objective> {
    let limit = |millis: f64| number(millis, Unit::Millis);
    let count = Expr::Incidents;
    vec![
        Objective {
            title: "Maintain 99.9% availability".to_owned(),
            ..objective(
                "availability >= 99.9%",
                compare(
                    metric(Metric::Availability, Aggregate::Whole),
                    Op::AtLeast,
                    number(0.999, Unit::Share),
                ),
            )
        },
        objective(
            "max(latency_p99) < 200ms in normal",
            Condition::Compare {
                left: metric(Metric::Latency(990), Aggregate::Max),
                op: Op::Less,
                right: limit(200.0),
                phase: Some("normal".to_owned()),
                during: None,
            },
        ),
        objective(
            "peak(throughput) >= 9.5 * baseline(throughput)",
            compare(
                metric(Metric::Throughput, Aggregate::Peak),
                Op::AtLeast,
                Expr::Arithmetic {
                    left: Box::new(number(9.5, Unit::Count)),
                    op: Sign::Times,
                    right: Box::new(metric(Metric::Throughput, Aggregate::Baseline)),
                },
            ),
        ),
        objective(
            "recovery_time(database-slowdown) < 60s",
            compare(
                Expr::Injection {
                    fact: InjectionFact::RecoveryTime,
                    name: "database-slowdown".to_owned(),
                },
                Op::Less,
                limit(60_000.0),
            ),
        ),
        objective(
            "incidents.resolved == incidents.total and mttr(sre) < 5m",
            Condition::All(vec![
                compare(count(IncidentCount::Resolved), Op::Equal, count(IncidentCount::Total)),
                compare(
                    Expr::Time { which: TimeTo::Resolve, team: Some("sre".to_owned()) },
                    Op::Less,
                    limit(300_000.0),
                ),
            ]),
        ),
        objective(
            "time_to_detect(network-chaos) < 1m",
            compare(
                Expr::Injection {
                    fact: InjectionFact::TimeToDetect,
                    name: "network-chaos".to_owned(),
                },
                Op::Less,
                limit(60_000.0),
            ),
        ),
        Objective { title: "Everyone | knew *whom* to call".to_owned(), measure: None },
        Objective { title: "The status page was honest".to_owned(), measure: None },
    ]
}

fn injection(name: &str, offset: u64, fault: Fault, app: &str) -> PlannedInjection {
    PlannedInjection {
        name: name.to_owned(),
        offset: Span::from_secs(offset),
        experiment: Experiment {
            fault,
            selector: BTreeMap::from([("app".to_owned(), app.to_owned())]),
            destination: None,
            mode: Mode::Fixed(2),
            duration: Some(Span::from_secs(15)),
            interval: None,
        },
        expect: (name == "pod-failure").then(|| "The gateway ejects the dead pods.".to_owned()),
        expected: Default::default(),
        hints: Vec::new(),
    }
}

fn limit(metric: Metric, min: Option<f64>, max: Option<f64>) -> Limit {
    Limit { metric, min, max }
}

/// The plan of the story.
pub fn plan() -> GameDay {
    let phase = |name: &str, secs: u64, rps: f64| Phase {
        name: name.to_owned(),
        duration: Span::from_secs(secs),
        load: Some(LoadPattern::Constant { rps }),
        injections: Vec::new(),
        cards: Vec::new(),
    };
    let latency = Span::from_millis(280);
    let network = NetworkAction::Loss { share: 0.05 };
    let mut peak = phase("peak", 120, 1_000.0);
    peak.injections = vec![
        injection("pod-failure", 10, Fault::PodFailure, "web-app"),
        injection(
            "database-slowdown",
            50,
            Fault::DatabaseSlowdown { latency, jitter: Span::ZERO },
            "database",
        ),
        injection(
            "network-chaos",
            95,
            Fault::NetworkChaos { network, direction: Direction::Both },
            "backend",
        ),
    ];
    GameDay {
        name: "story".to_owned(),
        title: "Black Friday <b>".to_owned(),
        hypothesis: Some("Customers notice nothing.".to_owned()),
        teams: vec!["sre".to_owned(), "dev".to_owned()],
        target: Target::Url { url: "http://user:secret@shop.test:8080/".to_owned() },
        objectives: objectives(),
        slos: vec![
            Slo {
                name: "availability".to_owned(),
                limit: limit(Metric::Availability, Some(0.999), None),
            },
            Slo {
                name: "latency_p99".to_owned(),
                limit: limit(Metric::Latency(990), None, Some(200.0)),
            },
        ],
        steady_state: vec![
            limit(Metric::Availability, Some(0.99), None),
            limit(Metric::Latency(990), None, Some(100.0)),
        ],
        guardrails: vec![Guardrail {
            when: Trigger {
                source: "latency_p99 > 250ms for 10s".to_owned(),
                metric: Metric::Latency(990),
                op: Op::More,
                bound: 250.0,
                lasting: Span::from_secs(10),
            },
            then: GuardrailAction::Hold,
        }],
        phases: vec![phase("normal", 60, 100.0), peak],
        traffic: Traffic {
            routes: Vec::new(),
            timeout: Span::from_secs(5),
            max_in_flight: 1_000,
            tls: false,
        },
        defences: gameday::gameday::defence::Defences::default(),
        people: Default::default(),
        rollback: None,
        generator: None,
        prometheus: None,
        queries: Vec::new(),
        silences: Vec::new(),
    }
}

/// The header of the story.
pub fn header() -> Header {
    Header {
        gameday_recording: FORMAT_VERSION,
        program: "gameday 0.1.0".to_owned(),
        exercise: "20261122T160500Z-story-1a2b".to_owned(),
        began: BEGAN,
        seed: 42,
        ceiling: Ceiling::Controlled,
        headless: false,
        briefing: None,
        drill: true,
        rehearsal: None,
        alertmanager: None,
        watch: None,
        plan: plan(),
    }
}

/// What happened, at so many milliseconds.
struct Script(Vec<(u64, Event)>);

impl Script {
    fn at(&mut self, secs: f64, event: Event) {
        self.0.push(((secs * 1_000.0).round() as u64, event));
    }

    fn fault(&mut self, id: usize, t0: f64, end: f64, victim: &str) {
        let id = InjectionId(id);
        self.at(t0 - 0.2, Event::InjectionArmed { id, round: 0, by: "plan".to_owned() });
        let undo = Undo {
            key: format!("story-{}", id.0),
            what: format!("put {victim} right").into(),
            data: serde_json::json!({ "pod": victim }),
        };
        let blast = BlastRadius {
            pods: 1,
            services: vec![victim.trim_end_matches("-1").to_owned()],
            dependents: vec!["api-gateway".to_owned()],
            critical: Vec::new(),
            replicas_left: 0.6,
            risk: Risk::Low,
            ..BlastRadius::default()
        };
        let victims = vec![victim.to_owned()];
        let peers = Vec::new();
        let started = Event::InjectionStarted { id, round: 0, victims, peers, undo, blast };
        self.at(t0 - 0.1, started);
        let stamp = stamp((t0 * 1_000.0) as u64);
        let evidence = format!("{victim} felt it");
        self.at(
            t0 + 0.1,
            Event::InjectionActive { id, round: 0, t0: stamp, evidence: evidence.into() },
        );
        let why = "its time is over".to_owned();
        self.at(end - 0.5, Event::RevertStarted { id, attempt: 1, why: why.into() });
        self.at(end, Event::Reverted { id, evidence: format!("{victim} is as before").into() });
    }

    fn opened(&mut self, secs: f64, id: u32, team: &str, title: &str) {
        let event = Event::IncidentOpened {
            id: IncidentId(id),
            team: team.to_owned(),
            author: String::new(),
            title: title.to_owned(),
            severity: Severity::Sev2,
            happened: None,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
        };
        self.at(secs, event);
    }

    fn moved(&mut self, secs: f64, id: u32, team: &str, to: IncidentStatus) {
        let (id, team) = (IncidentId(id), team.to_owned());
        self.at(
            secs,
            Event::IncidentMoved {
                id,
                to,
                team,
                author: "Kim".to_owned(),
                happened: None,
                of: None,
            },
        );
    }

    fn held(&mut self, from: f64, to: f64, by: &str, reason: &str) {
        self.at(from, Event::Held { by: by.to_owned(), reason: reason.to_owned().into() });
        self.at(to, Event::Resumed { by: "facilitator".to_owned() });
    }

    fn checked(&mut self, secs: f64, when: When) {
        let findings = plan()
            .steady_state
            .into_iter()
            .map(|limit| {
                let value = Some(if limit.metric == Metric::Availability { 1.0 } else { 20.0 });
                Finding { limit, value, holds: true }
            })
            .collect();
        self.at(secs, Event::SteadyStateChecked { when, findings, holds: true });
    }
}

fn stamp(millis: u64) -> Stamp {
    Stamp::new(Span::from_millis(millis), BEGAN + i64::try_from(millis).unwrap())
}

/// One second of the story.
fn sample(second: u64) -> Sample {
    let rate = if second < 80 { 100 } else { 1_000 };
    let failed = if (91..=100).contains(&second) { 50 } else { 0 };
    let millis = if (130..=170).contains(&second) { 300 } else { 20 };
    let mut latency = LatencyHistogram::new();
    (0..rate).for_each(|_| latency.record(millis * 1_000));
    Sample {
        start: Span::from_secs(second),
        length: Span::from_secs(1),
        planned: rate as f64,
        attempted: rate,
        dropped: 0,
        ok: rate - failed,
        errors: ErrorCounts { server: failed, ..ErrorCounts::default() },
        latency: PackedHistogram::pack(&latency),
        lag_p50_us: 40,
        lag_p99_us: 300 + second,
        in_flight: 3,
    }
}

fn people(script: &mut Script) {
    script.opened(60.0, 1, "sre", "A dashboard is stale");
    script.moved(80.0, 1, "sre", IncidentStatus::Resolved);
    script.opened(100.5, 2, "sre", "店が落ちた | `rm -rf` <script>");
    script.moved(105.5, 2, "sre", IncidentStatus::Acknowledged);
    script.moved(120.5, 2, "sre", IncidentStatus::Resolved);
    script.opened(150.0, 3, "dev", "Everything is slow");
    script.moved(190.0, 3, "dev", IncidentStatus::Resolved);
    script.opened(215.0, 4, "sre", "A blip");
    script.moved(216.0, 4, "sre", IncidentStatus::FalseAlarm);
    let logged = |team: &str, text: &str, kind, incident| Event::Logged {
        team: team.to_owned(),
        author: "Kim".to_owned(),
        text: text.to_owned(),
        kind,
        incident,
        evidence: Vec::new(),
        happened: None,
    };
    let note = logged(
        "sre",
        "再起動した 👩‍💻\nsecond line \u{1b}[2J\u{202e}evil",
        EntryKind::Note,
        Some(IncidentId(2)),
    );
    script.at(110.5, note);
    let lesson = "Alert on p99, not on the mean | see *runbook*";
    script.at(222.0, logged("dev", lesson, EntryKind::Lesson, None));
    let scored = Event::ObjectiveScored {
        objective: 6,
        met: true,
        by: "facilitator".to_owned(),
        reason: "seen it".to_owned(),
    };
    script.at(223.0, scored);
}

/// Everything that happened.
pub fn envelopes() -> Vec<Envelope> {
    static STORY: OnceLock<Vec<Envelope>> = OnceLock::new();
    STORY.get_or_init(told).clone()
}

fn told() -> Vec<Envelope> {
    let mut script = Script(Vec::new());
    let base_url = "http://shop.test:8080".to_owned();
    script.at(0.0, Event::TargetReady { base_url, what: "the shop".to_owned().into() });
    script.at(0.0, Event::PreflightStarted);
    script.checked(10.0, When::Before);
    script.at(10.0, Event::PhaseStarted { phase: 0 });
    script.held(30.0, 40.0, "facilitator", "coffee");
    script.at(80.0, Event::PhaseEnded { phase: 0, why: PhaseEnd::Completed });
    script.at(80.0, Event::PhaseStarted { phase: 1 });
    script.fault(0, 90.5, 115.0, "web-app-1");
    script.at(92.0, Event::SloBreached { slo: 0, value: 0.99 });
    script.at(110.0, Event::SloRecovered { slo: 0, value: 1.0 });
    script.fault(1, 130.0, 170.0, "database-1");
    script.at(132.0, Event::SloBreached { slo: 1, value: 300.0 });
    script.at(140.0, Event::GuardrailFired { rule: 0, value: 300.0 });
    script.held(140.0, 160.0, "guardrail", "latency_p99 > 250ms for 10s");
    script.at(175.0, Event::SloRecovered { slo: 1, value: 20.0 });
    script.at(171.5, Event::GuardrailCleared { rule: 0 });
    script.fault(2, 195.0, 210.0, "backend-1");
    script.at(220.0, Event::PhaseEnded { phase: 1, why: PhaseEnd::Completed });
    let (outcome, why) = (Outcome::Completed, "every phase ran".to_owned());
    script.at(220.0, Event::ClosingStarted { outcome, why: why.clone().into() });
    people(&mut script);
    (0..224).for_each(|second| script.at(second as f64 + 1.0, Event::Sampled(sample(second))));
    script.checked(224.5, When::After);
    script.at(225.0, Event::Ended { outcome, why: why.into() });

    let mut events = script.0;
    events.sort_by_key(|(at, _)| *at);
    let place = |(index, (at, event)): (usize, (u64, Event))| Envelope {
        seq: index as u64 + 1,
        stamp: stamp(at),
        event,
    };
    events.into_iter().enumerate().map(place).collect()
}

/// The first events of the story without its samples: small enough to look at.
pub fn beginning() -> Vec<Envelope> {
    let mut few: Vec<Envelope> = envelopes()
        .into_iter()
        .filter(|envelope| !matches!(envelope.event, Event::Sampled(_)))
        .take(12)
        .collect();
    for (index, envelope) in few.iter_mut().enumerate() {
        envelope.seq = index as u64 + 1;
    }
    few
}
