//! States of one exercise at many moments, built by hand through the public fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use gameday::exercise::blast::{BlastRadius, Ceiling, Risk};
use gameday::exercise::event::{Envelope, Event, Outcome, PhaseEnd, When};
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{Cause, Incident, IncidentStatus, Severity};
use gameday::exercise::log::{Audience, EntryKind, LogEntry};
use gameday::exercise::participant::{Teller, begin, reveal};
use gameday::exercise::reading::{
    BreakerReading, Failover, IntegrityCheck, Reading, TableComparison,
};
use gameday::exercise::said::{Place, Said};
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::exercise::signal::Outage;
use gameday::exercise::silencing::{SilencingStatus, offered};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::{ExerciseClock, InjectionStatus, Stage, State, Stop, Violation};
use gameday::exercise::steady::Finding;
use gameday::exercise::target::{Pod, PodHealth, Topology};
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{Experiment, Fault, Mode};
use gameday::gameday::instrument::Instrument;
use gameday::gameday::load::{LoadPattern, RateCurve};
use gameday::gameday::measure::{Aggregate, Condition, Expr, Measure, Op, Trigger};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::people::{DeckCard, Hint, Person, Role as Part};
use gameday::gameday::plan::{
    GameDay, Guardrail, GuardrailAction, Limit, Objective, Phase, PlannedInjection, Slo, Target,
    Traffic,
};
use gameday::gameday::silence::{Silence, parse};
use gameday::gameday::span::Span;

/// 2026-11-22 12:00:00 UTC.
pub const BEGAN: i64 = 1_795_348_800_000;
/// Preflight takes so long; then the first phase begins.
const PREFLIGHT: u64 = 10;

pub fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

pub fn at(elapsed: u64) -> Stamp {
    Stamp::new(secs(elapsed), BEGAN + i64::try_from(elapsed).unwrap() * 1_000)
}

fn injection(
    name: &str,
    offset: u64,
    fault: Fault,
    app: &str,
    mode: Mode,
    duration: u64,
) -> PlannedInjection {
    PlannedInjection {
        name: name.into(),
        offset: secs(offset),
        experiment: Experiment {
            fault,
            selector: BTreeMap::from([("app".into(), app.into())]),
            destination: None,
            mode,
            duration: Some(secs(duration)),
            interval: None,
        },
        expect: Some("Gateway ejects the dead pods within 5 s; nobody is paged.".into()),
        expected: Default::default(),
        hints: Vec::new(),
    }
}

/// Black Friday, scaled to eight minutes: phases of 60, 120, 180 and 120 seconds.
pub fn plan() -> GameDay {
    let phase = |name: &str, duration, load| Phase {
        name: name.into(),
        duration: secs(duration),
        load: Some(load),
        injections: Vec::new(),
        cards: Vec::new(),
    };
    let mut peak = phase("peak-load-with-failures", 180, LoadPattern::Constant { rps: 10_000.0 });
    let slow = Fault::DatabaseSlowdown { latency: Span::from_millis(200), jitter: Span::ZERO };
    peak.injections = vec![
        injection("pod-failure", 30, Fault::PodFailure, "web-app", Mode::Fixed(2), 30),
        injection("database-slowdown", 90, slow, "database", Mode::All, 60),
    ];
    let limit = |metric, min, max| Limit { metric, min, max };
    let availability = limit(Metric::Availability, Some(0.999), None);
    let latency = limit(Metric::Latency(990), None, Some(200.0));
    let objective = |title: &str, measure: Option<&str>| Objective {
        title: title.into(),
        measure: measure.map(|source| Measure {
            source: source.into(),
            condition: Condition::Compare {
                left: Expr::Metric { metric: Metric::Availability, aggregate: Aggregate::Whole },
                op: Op::AtLeast,
                right: Expr::Number { value: 0.999, unit: Unit::Share },
                phase: None,
                during: None,
            },
        }),
    };
    GameDay {
        name: "black-friday".into(),
        title: "Black Friday".into(),
        hypothesis: None,
        teams: vec!["sre".into(), "development".into(), "サポート".into()],
        target: Target::Lab,
        objectives: vec![
            objective("Maintain 99.9% availability", Some("availability >= 99.9%")),
            objective("Keep p99 latency under 200ms", Some("latency_p99 < 200ms")),
            objective("Coordinate incident response", None),
        ],
        slos: vec![
            Slo { name: "availability".into(), limit: availability.clone() },
            Slo { name: "latency_p99".into(), limit: latency.clone() },
        ],
        steady_state: vec![availability, latency],
        guardrails: vec![Guardrail {
            when: Trigger {
                source: "availability < 50% for 30s".into(),
                metric: Metric::Availability,
                op: Op::Less,
                bound: 0.5,
                lasting: secs(30),
            },
            then: GuardrailAction::Halt,
        }],
        phases: vec![
            phase("normal-load", 60, LoadPattern::Constant { rps: 1_000.0 }),
            phase("gradual-increase", 120, LoadPattern::Linear { start: 1_000.0, end: 5_000.0 }),
            peak,
            phase("recovery", 120, LoadPattern::Constant { rps: 5_000.0 }),
        ],
        traffic: Traffic { routes: Vec::new(), timeout: secs(2), max_in_flight: 4_096, tls: false },
        defences: gameday::gameday::defence::Defences::default(),
        people: Default::default(),
        rollback: None,
        generator: None,
        prometheus: None,
        queries: Vec::new(),
        silences: Vec::new(),
    }
}

/// The state before the first event.
pub fn preparing() -> State {
    State::new(Arc::new(Header {
        gameday_recording: 1,
        program: "gameday 0.1.0".into(),
        exercise: "20261122T120000Z-black-friday-1a2b".into(),
        began: BEGAN,
        seed: 7,
        ceiling: Ceiling::Controlled,
        headless: false,
        briefing: None,
        drill: true,
        rehearsal: None,
        alertmanager: None,
        watch: None,
        plan: plan(),
    }))
}

/// One second at `rps` of which `bad` in a thousand fail, with a p99 of about `p99` milliseconds.
pub fn sample(start: u64, rps: f64, bad: u64, p99: u64) -> Sample {
    let mut latency = LatencyHistogram::new();
    for step in 1..=100 {
        latency.record(p99 * 1_000 * step * step / 10_000);
    }
    let attempted = rps as u64;
    let failed = attempted * bad / 1_000;
    Sample {
        start: secs(start),
        length: secs(1),
        planned: rps,
        attempted,
        ok: attempted - failed,
        errors: ErrorCounts { server: failed, ..ErrorCounts::default() },
        latency: PackedHistogram::pack(&latency),
        ..Sample::default()
    }
}

fn rate(state: &State, exercise: u64) -> f64 {
    let mut start = 0;
    for phase in &state.plan().phases {
        let length = phase.duration.as_millis() / 1_000;
        if exercise < start + length {
            return phase.load.unwrap().rate_at(secs(exercise - start), phase.duration);
        }
        start += length;
    }
    0.0
}

fn pods(dead: &[&str]) -> Topology {
    let mut pods = Vec::new();
    for (app, count) in [
        ("api-gateway", 1),
        ("backend-service", 2),
        ("cache-service", 1),
        ("database", 2),
        ("web-app", 5),
    ] {
        for index in 1..=count {
            let name = format!("{app}-{index}");
            let gone = dead.contains(&name.as_str());
            pods.push(Pod {
                labels: BTreeMap::from([("app".into(), app.into())]),
                health: if gone { PodHealth::Dead } else { PodHealth::Ready },
                restarts: u32::from(gone),
                note: if gone { "killed".into() } else { "".into() },
                name,
                ..Pod::default()
            });
        }
    }
    Topology { pods, ..Topology::default() }
}

/// What the exercise itself says when a fault took effect.
pub fn took_effect(name: &str, seen: &str) -> Said {
    let places = [("name", name), ("seen", seen)];
    let places = places.map(|(place, text)| (place.into(), Place::Text(text.to_owned())));
    Said::new("log-took-effect", format!("{name} took effect: {seen}"), places.to_vec())
}

fn entry(state: &mut State, elapsed: u64, team: Option<&str>, text: impl Into<Said>) {
    let exercise_time = state.clock.at(secs(elapsed));
    state.log.push(LogEntry {
        seq: u64::try_from(state.log.len()).unwrap() + 1,
        stamp: at(elapsed),
        recorded: at(elapsed),
        exercise_time,
        team: team.map(Into::into),
        author: "facilitator".into(),
        text: text.into(),
        kind: EntryKind::Note,
        incident: None,
        audience: Audience::All,
        evidence: Vec::new(),
        before: Vec::new(),
    });
}

/// Running normally, `exercise` seconds after the first phase began.
pub fn running(exercise: u64) -> State {
    let mut state = preparing();
    let now = PREFLIGHT + exercise;
    state.seq = 100 + now;
    state.now = at(now);
    state.stage = Stage::Running;
    state.stage_since = at(PREFLIGHT);
    state.clock = ExerciseClock { banked: Span::ZERO, since: Some(secs(PREFLIGHT)) };
    state.base_url = Some("http://127.0.0.1:8080".into());
    let mut start = 0;
    for (index, phase) in state.header.plan.phases.iter().enumerate() {
        let length = phase.duration.as_millis() / 1_000;
        if start <= exercise {
            state.phases[index].started = Some((secs(start), at(PREFLIGHT + start)));
            let pattern = phase.load.unwrap();
            let curve = RateCurve { pattern, duration: phase.duration, position: Span::ZERO };
            state.load.curve = Some((curve, at(PREFLIGHT + start)));
        }
        start += length;
        if start <= exercise {
            state.phases[index].ended =
                Some((secs(start), at(PREFLIGHT + start), PhaseEnd::Completed));
        }
    }
    for second in 0..now {
        let rps = if second < PREFLIGHT { 1_000.0 } else { rate(&state, second - PREFLIGHT) };
        state.series.push(sample(second, rps, 0, 38));
    }
    measure(&mut state);
    state.topology = pods(&[]);
    entry(&mut state, PREFLIGHT, None, "the steady state holds: go");
    entry(&mut state, PREFLIGHT, None, "phase normal-load begins");
    entry(&mut state, PREFLIGHT + 20, Some("sre"), "dashboards are open, everyone is here");
    state
}

fn measure(state: &mut State) {
    let plan = Arc::clone(&state.header);
    for (slo, run) in plan.plan.slos.iter().zip(&mut state.slos) {
        run.value = gameday::exercise::slo::value(slo, &state.series, &state.readings);
    }
}

pub fn preflight() -> State {
    let mut state = preparing();
    state.stage = Stage::Preflight;
    state.now = at(6);
    state.stage_since = at(2);
    state.load.curve = Some((RateCurve::flat(1_000.0), at(2)));
    for second in 2..6 {
        state.series.push(sample(second, 1_000.0, 0, 30));
    }
    state.topology = pods(&[]);
    measure(&mut state);
    state
}

pub fn no_go() -> State {
    let mut state = preflight();
    state.stage = Stage::NoGo;
    state.now = at(12);
    let finding = |index: usize, value, holds| Finding {
        limit: state.plan().steady_state[index].clone(),
        value,
        holds,
    };
    let findings = vec![finding(0, None, false), finding(1, Some(412.0), false)];
    state.steady = vec![gameday::exercise::state::SteadyCheck {
        when: When::Before,
        stamp: at(12),
        findings,
        holds: false,
    }];
    state.series = gameday::exercise::series::Series::default();
    state.load.curve = None;
    measure(&mut state);
    state
}

/// Thirty seconds after two pods were killed: p99 and availability are outside, an incident is open.
pub fn fault_active() -> State {
    let mut state = running(210 + 14);
    let t0 = PREFLIGHT + 211;
    let now = PREFLIGHT + 210 + 14;
    state.series = gameday::exercise::series::Series::default();
    for second in 0..now {
        let (rps, bad, p99) = match second {
            0..PREFLIGHT => (1_000.0, 0, 38),
            s if s < t0 => (rate(&state, s - PREFLIGHT), 0, 38),
            s => (rate(&state, s - PREFLIGHT), 30, 420),
        };
        state.series.push(sample(second, rps, bad, p99));
    }
    measure(&mut state);
    for (run, worst) in state.slos.iter_mut().zip([0.97, 420.0]) {
        run.violations.push(Violation { from: at(t0 + 2), to: None, worst });
    }
    let run = &mut state.injections[0];
    run.status = InjectionStatus::Active;
    run.by = "plan".into();
    run.armed = Some(at(PREFLIGHT + 210));
    run.t0 = Some(at(t0));
    run.victims = vec!["web-app-2".into(), "web-app-4".into()];
    run.evidence = "web-app-2 and web-app-4 are gone".into();
    run.blast = Some(BlastRadius {
        pods: 2,
        services: vec!["web-app".into()],
        replicas_left: 0.6,
        risk: Risk::Low,
        ..BlastRadius::default()
    });
    state.topology = pods(&["web-app-2", "web-app-4"]);
    state.incidents.push(Incident {
        status: IncidentStatus::Acknowledged,
        moves: vec![(at(t0 + 9), IncidentStatus::Acknowledged, "sre".into())],
        ..Incident::new(IncidentId(1), "sre", "決済が遅い p99 420ms 🐢", Severity::Sev2, at(t0 + 6))
    });
    entry(&mut state, t0, None, took_effect("pod-failure", "web-app-2 and web-app-4 are gone"));
    entry(&mut state, t0 + 6, Some("sre"), "opens #1 SEV2: 決済が遅い p99 420ms 🐢");
    entry(
        &mut state,
        t0 + 8,
        Some("サポート"),
        "お客様から問い合わせ 3 件。トップページが開かないとのこと、順次ご案内します 👩‍👩‍👧",
    );
    entry(&mut state, t0 + 9, Some("sre"), "we take #1");
    state
}

/// The same with instruments: a breaker is open, the replica took over, somebody was not let in, the data is compared.
pub fn inside() -> State {
    let mut state = fault_active();
    state.header = {
        let mut header = (*state.header).clone();
        header.plan.defences.set(Defence::RateLimit, false);
        Arc::new(header)
    };
    let breaker = |owner: &str, guards: &str, open, opened| BreakerReading {
        owner: owner.into(),
        guards: guards.into(),
        count: 5,
        open,
        opened,
        open_for: Span::ZERO,
    };
    for second in 0..3 {
        state.readings.push(Reading {
            start: secs(PREFLIGHT + 211 + second),
            length: secs(1),
            values: BTreeMap::from([
                (Instrument::Degraded, 41.0),
                (Instrument::CacheHits, 930.0),
                (Instrument::CacheMisses, 70.0),
                (Instrument::AuthFailures, 2.0),
                (Instrument::QueueDepth, 12.0),
                (Instrument::ReplicaLag, 18.0),
                (Instrument::StandIns, 7.0),
            ]),
            breakers: vec![
                breaker("api-gateway", "web-app checkout", 0, 0),
                breaker(
                    "web-app",
                    "backend-service",
                    u32::from(second > 0) * 3,
                    u32::from(second == 1),
                ),
            ],
            ..Reading::default()
        });
    }
    let failover = Failover {
        from: "database-primary".into(),
        to: "database-replica".into(),
        took: Span::from_millis(1_200),
        behind: Span::ZERO,
        by: "lab".into(),
    };
    state.failovers.push((at(PREFLIGHT + 213), failover));
    let table =
        TableComparison { table: "orders".into(), rows: 90, missing: 1, ..Default::default() };
    let check = IntegrityCheck { tables: vec![table], acknowledged: 88, lost: 1 };
    state.integrity = Some(Ok(check));
    state
}

/// The same, where the promises are about what the instruments read.
pub fn promises_inside() -> State {
    let mut state = inside();
    let mut header = (*state.header).clone();
    let slo =
        |name: &str, metric, min, max| Slo { name: name.into(), limit: Limit { metric, min, max } };
    header.plan.slos = vec![
        slo("cache_hit_rate", Metric::CacheHitRate, Some(0.95), None),
        slo("degraded", Metric::Inside(Instrument::Degraded), None, Some(200.0)),
    ];
    let header = Arc::new(header);
    state.slos = State::new(Arc::clone(&header)).slos;
    for (run, slo) in state.slos.iter_mut().zip(&header.plan.slos) {
        run.value = gameday::exercise::slo::value(slo, &state.series, &state.readings);
    }
    state.header = header;
    state
}

pub fn held() -> State {
    let mut state = fault_active();
    let since = state.now;
    state.held =
        Some(Stop { since, by: "facilitator".into(), reason: "teams need a minute".into() });
    state.stops.push((since, None));
    state.clock = ExerciseClock { banked: state.clock.at(since.elapsed), since: None };
    state
}

pub fn halted() -> State {
    let mut state = fault_active();
    let since = state.now;
    let english = "emergency stop at the screen".to_owned();
    let reason = Said::new("why-screen-stop", english, Vec::new());
    state.halted = Some(Stop { since, by: "facilitator".into(), reason });
    state.stops.push((since, None));
    state.clock = ExerciseClock { banked: state.clock.at(since.elapsed), since: None };
    state.load.curve = None;
    let run = &mut state.injections[0];
    run.status = InjectionStatus::NotReverted;
    run.attempts = 3;
    run.revert_started = Some(since);
    run.problem = Some("web-app-4 does not come back: no answer in 5s".into());
    state.guardrails[0].firing = true;
    state
}

pub fn disk_full() -> (State, &'static str) {
    (held(), "no room left on the disk that holds the recording")
}

fn finish(state: &mut State) {
    let (t0, end) = (PREFLIGHT + 211, PREFLIGHT + 244);
    let first = &mut state.injections[0];
    first.status = InjectionStatus::Reverted;
    first.t0 = Some(at(t0));
    first.reverted = Some(at(end));
    first.revert_evidence = "5 of 5 pods of web-app are ready".into();
    let second = &mut state.injections[1];
    second.status = InjectionStatus::Reverted;
    second.t0 = Some(at(PREFLIGHT + 271));
    second.reverted = Some(at(PREFLIGHT + 331));
    for (run, worst) in state.slos.iter_mut().zip([0.97, 420.0]) {
        run.violations.push(Violation { from: at(t0 + 2), to: Some(at(end)), worst });
    }
    state.incidents.push(Incident {
        status: IncidentStatus::Resolved,
        moves: vec![
            (at(t0 + 9), IncidentStatus::Acknowledged, "sre".into()),
            (at(t0 + 40), IncidentStatus::Resolved, "sre".into()),
        ],
        ..Incident::new(IncidentId(1), "sre", "決済が遅い", Severity::Sev2, at(t0 + 6))
    });
}

pub fn closing() -> State {
    let mut state = running(480);
    state.stage = Stage::Closing;
    state.stage_since = state.now;
    state.load.curve = None;
    state.clock = ExerciseClock { banked: secs(480), since: None };
    finish(&mut state);
    state.injections[1].status = InjectionStatus::Reverting;
    state.injections[1].reverted = None;
    state.injections[1].revert_started = Some(at(PREFLIGHT + 478));
    state.injections[1].attempts = 2;
    state
}

pub fn ended() -> State {
    let mut state = closing();
    finish(&mut state);
    state.incidents.truncate(1);
    state.slos.iter_mut().for_each(|run| run.violations.truncate(1));
    state.stage = Stage::Ended;
    state.now = at(PREFLIGHT + 492);
    state.outcome = Some((Outcome::Completed, "all four phases ran".into()));
    entry(&mut state, PREFLIGHT + 485, Some("development"), "ウォームアップを先に");
    let last = state.log.last_mut().unwrap();
    last.kind = EntryKind::Lesson;
    state
}

/// Lines that try to break the screen.
pub fn hostile() -> State {
    let mut state = running(100);
    entry(
        &mut state,
        60,
        Some("s\u{1b}[2Jre"),
        "\u{1b}]0;owned\u{7}title \u{202e}drawkcab \u{9b}31m end",
    );
    entry(&mut state, 61, Some("development"), "e\u{301}e\u{301} ｶﾞ 가 👨‍👩‍👧‍👦🇯🇵 ✈️ 葛󠄀 — 幅の検査");
    state.topology.pods[0].note = "evil\u{1b}[31m".into();
    state.topology.pods[0].health = PodHealth::NotReady;
    state.incidents.push(Incident {
        status: IncidentStatus::Open,
        moves: Vec::new(),
        ..Incident::new(IncidentId(1), "sre", "\u{1b}[?1049l gone", Severity::Sev1, at(70))
    });
    state
}

/// Two hours of seconds in a plan of two hours.
pub fn two_hours() -> State {
    let mut state = fault_active();
    let mut header = (*state.header).clone();
    header.plan.phases[1].duration = secs(7_000);
    state.header = Arc::new(header);
    state.series = gameday::exercise::series::Series::default();
    let packed = sample(0, 5_000.0, 1, 60);
    for second in 0..7_200 {
        state.series.push(Sample { start: secs(second), ..packed.clone() });
    }
    state.phases[1].ended = None;
    state.phases[2].started = None;
    state.now = at(7_200);
    state
}

/// Running well for 200 s, with the sample of every second made by `each`.
fn measured(each: impl Fn(u64) -> Option<Sample>) -> State {
    let mut state = running(200);
    state.series = gameday::exercise::series::Series::default();
    for second in 0..PREFLIGHT + 200 {
        if let Some(sample) = each(second) {
            state.series.push(sample);
        }
    }
    measure(&mut state);
    state
}

/// One second, a minute ago, was ten times slower than promised and failed one request of ten.
pub fn spike() -> State {
    measured(|second| {
        let (bad, p99) = if second == PREFLIGHT + 140 { (100, 2_000) } else { (0, 38) };
        Some(sample(second, 1_000.0, bad, p99))
    })
}

/// Nothing was measured for twenty seconds, and nothing was asked in the twenty after that.
pub fn gap() -> State {
    measured(|second| match second {
        100..120 => None,
        120..140 => Some(Sample { start: secs(second), length: secs(1), ..Sample::default() }),
        _ => Some(sample(second, 1_000.0, 0, 38)),
    })
}

/// Two minutes of a fault have cost more than the whole exercise may.
pub fn spent() -> State {
    let mut state = measured(|second| {
        let (bad, p99) = if second >= PREFLIGHT + 80 { (40, 1_400) } else { (0, 38) };
        Some(sample(second, 1_000.0, bad, p99))
    });
    let t0 = at(PREFLIGHT + 79);
    let run = &mut state.injections[0];
    run.status = InjectionStatus::Active;
    run.armed = Some(at(PREFLIGHT + 78));
    run.t0 = Some(t0);
    for (run, worst) in state.slos.iter_mut().zip([0.96, 1_400.0]) {
        run.violations.push(Violation { from: at(PREFLIGHT + 81), to: None, worst });
    }
    state
}

/// Two hours of seconds, of which one, five seconds ago, was bad.
pub fn two_hours_with_a_spike() -> State {
    let mut state = two_hours();
    let packed = sample(0, 5_000.0, 1, 60);
    let bad = sample(7_195, 5_000.0, 200, 1_900);
    state.series = gameday::exercise::series::Series::default();
    for second in 0..7_200 {
        let one = if second == 7_195 { &bad } else { &packed };
        state.series.push(Sample { start: secs(second), ..one.clone() });
    }
    state
}

/// With a briefing that counts ten seconds down.
pub fn with_briefing(mut state: State) -> State {
    let mut header = Header { briefing: Some(secs(10)), ..Header::clone(&state.header) };
    header.plan.hypothesis = Some(
        "At ten times normal load the shop loses one web-app pair and a fast database, and customers notice neither."
            .into(),
    );
    state.header = Arc::new(header);
    state
}

/// The same where a silence over alerts is offered, and stands so.
pub fn silencing(mut state: State, status: SilencingStatus) -> State {
    let mut header = Header::clone(&state.header);
    header.alertmanager = Some("http://alerts:9093".into());
    header.plan.silences = vec![Silence { matchers: parse("service=shop").unwrap(), why: None }];
    state.silencings = offered(&header);
    state.silencings[0].status = status;
    state.silencings[0].agreed = Some((at(1), "facilitator".into()));
    state.header = Arc::new(header);
    state
}

/// `seconds` into the briefing; `bad` of a thousand requests fail.
pub fn briefing(seconds: u64, bad: u64) -> State {
    let mut state = with_briefing(preflight());
    state.series = Default::default();
    state.stage_since = at(0);
    state.now = at(seconds);
    state.base_url = Some("http://127.0.0.1:1".into());
    for second in 0..seconds {
        state.series.push(sample(second, 1_000.0, bad, 12));
    }
    if bad == 0 && seconds >= 8 {
        state.briefing.holding = Some(at(8));
    }
    measure(&mut state);
    state
}

/// Five minutes in: two faults, three teams, suggestions, incidents of every kind, cards, hints and roles.
pub fn people() -> State {
    let mut state = fault_active();
    let mut header = (*state.header).clone();
    let plan = &mut header.plan;
    plan.people.persons = vec![
        person("ada", Some("sre"), Some(Part::IncidentCommander)),
        person("bob", Some("development"), None),
        person("美咲", Some("サポート"), Some(Part::CustomerLiaison)),
        person("eve", None, Some(Part::Observer)),
    ];
    plan.people.deck = vec![
        card("boss-calls", None, "The chief executive calls: how long will it take?", None),
        card("ada-leaves", Some("sre"), "Ada has to leave for the airport.", Some("ada")),
        card("press", Some("サポート"), "新聞社から問い合わせ。回答は一時間以内に。", None),
    ];
    plan.people.response.detect = Some(secs(60));
    plan.people.response.acknowledge = Some(secs(10));
    plan.people.response.resolve = Some(secs(300));
    let hint = |text: &str, cost| Hint { text: text.into(), cost };
    let first = &mut plan.phases[2].injections[0];
    first.hints = vec![hint("Count the pods.", 0), hint("Look at web-app-2.", 5)];
    plan.phases[2].injections[1].hints = vec![hint("Which queries are slow?", 3)];
    state.header = Arc::new(header);
    let fresh = State::new(Arc::clone(&state.header));
    state.people = fresh.people;
    state.outages = vec![Outage {
        app: "web-app".into(),
        pods: vec!["web-app-2".into(), "web-app-4".into()],
        from: at(PREFLIGHT + 150),
        to: None,
    }];
    let now = state.now;
    let mut seq = state.seq;
    let mut tell = |elapsed: u64, event: Event| {
        seq += 1;
        apply(&mut state, &Envelope { seq, stamp: at(elapsed), event });
    };
    let by = || "facilitator".to_owned();
    let to = |name: &str| Some(name.to_owned());
    tell(
        PREFLIGHT + 214,
        Event::HintGiven {
            injection: Some(InjectionId(0)),
            hint: 0,
            text: "Count the pods.".into(),
            cost: 0,
            to: to("development"),
            by: by(),
        },
    );
    let ada = card("ada-leaves", Some("sre"), "Ada has to leave for the airport.", Some("ada"));
    tell(PREFLIGHT + 216, Event::CardDrawn { card: ada, by: by() });
    tell(PREFLIGHT + 218, Event::RoleTaken { role: Part::Scribe, person: "bob".into(), by: by() });
    tell(
        PREFLIGHT + 219,
        Event::IncidentOpened {
            id: IncidentId(2),
            team: "development".into(),
            author: "bob".into(),
            title: "web-app answers 503".into(),
            severity: Severity::Sev3,
            happened: None,
            people: vec!["ada".into()],
            tags: vec!["web-app".into()],
            signal: None,
        },
    );
    tell(
        PREFLIGHT + 220,
        Event::IncidentEdited {
            id: IncidentId(2),
            title: "web-app answers 503 to every third".into(),
            severity: Severity::Sev2,
            team: "development".into(),
            author: "bob".into(),
        },
    );
    let guardrail = &mut state.guardrails[0];
    (guardrail.firing, guardrail.fired) = (true, vec![(at(PREFLIGHT + 222), 0.42)]);
    state.now = now;
    state
}

fn person(name: &str, team: Option<&str>, role: Option<Part>) -> Person {
    Person { name: name.into(), team: team.map(Into::into), role }
}

fn card(name: &str, to: Option<&str>, text: &str, away: Option<&str>) -> DeckCard {
    DeckCard {
        name: name.into(),
        to: to.map(Into::into),
        text: text.into(),
        away: away.map(Into::into),
    }
}

/// The same after both faults, with a hold in between.
pub fn people_later() -> State {
    let mut state = people();
    state.now = at(PREFLIGHT + 340);
    state.stops.push((at(PREFLIGHT + 212), Some(at(PREFLIGHT + 215))));
    let first = &mut state.injections[0];
    first.status = InjectionStatus::Reverted;
    first.reverted = Some(at(PREFLIGHT + 244));
    let second = &mut state.injections[1];
    second.status = InjectionStatus::Active;
    second.t0 = Some(at(PREFLIGHT + 271));
    for run in &mut state.slos {
        for violation in &mut run.violations {
            violation.to = Some(at(PREFLIGHT + 244));
        }
    }
    state.outages[0].to = Some(at(PREFLIGHT + 244));
    state.incidents[0].cause = Some(Cause::Discovery);
    state.guardrails[0].firing = false;
    state.incidents.push(Incident {
        author: "美咲".into(),
        status: IncidentStatus::Resolved,
        moves: vec![
            (at(PREFLIGHT + 300), IncidentStatus::Acknowledged, "サポート".into()),
            (at(PREFLIGHT + 330), IncidentStatus::Resolved, "サポート".into()),
        ],
        ..Incident::new(
            IncidentId(3),
            "サポート",
            "注文が遅い",
            Severity::Sev1,
            at(PREFLIGHT + 290),
        )
    });
    state.incidents.push(Incident {
        status: IncidentStatus::FalseAlarm,
        moves: vec![(at(PREFLIGHT + 320), IncidentStatus::FalseAlarm, "sre".into())],
        ..Incident::new(
            IncidentId(4),
            "sre",
            "disk looks full",
            Severity::Sev4,
            at(PREFLIGHT + 310),
        )
    });
    state
}

/// Something real happened.
pub fn real() -> State {
    let mut state = people();
    let (since, by) = (state.now, "facilitator".to_owned());
    let declared = Event::RealIncidentDeclared { by: by.clone(), reason: String::new() };
    let halted = Event::Halted { by, reason: "a real incident".into() };
    for event in [declared, halted, Event::LoadStopped] {
        let seq = state.seq + 1;
        apply(&mut state, &Envelope { seq, stamp: since, event });
    }
    state
}

/// The same screen as participants have it: no plan, no faults, no word of the facilitator.
pub fn joined(whole: &State) -> State {
    let mut teller = Teller::new(Arc::clone(&whole.header));
    let mut state = begin(teller.header());
    let mut seq = 0;
    let mut tell = |elapsed: u64, event: Event| {
        seq += 1;
        if let Some(told) = teller.tell(&Envelope { seq, stamp: at(elapsed), event }) {
            if let Some(plan) = &told.plan {
                reveal(&mut state, plan);
            }
            apply(&mut state, &told.envelope);
        }
    };
    tell(
        1,
        Event::TargetReady { base_url: "http://127.0.0.1:1".into(), what: String::new().into() },
    );
    tell(2, Event::PreflightStarted);
    for phase in 0..3 {
        if phase > 0 {
            tell(
                20 * phase,
                Event::PhaseEnded { phase: phase as usize - 1, why: PhaseEnd::Completed },
            );
        }
        tell(20 * phase + PREFLIGHT, Event::PhaseStarted { phase: phase as usize });
    }
    tell(60, Event::TargetSeen(pods(&[])));
    for second in 60..80 {
        tell(second, Event::Sampled(sample(second, 1_000.0, 30, 420)));
    }
    tell(75, Event::SloBreached { slo: 0, value: 0.97 });
    tell(78, Event::TargetSeen(pods(&["web-app-2"])));
    let by = || "facilitator".to_owned();
    for (at, name) in [(79, 0), (80, 1)] {
        tell(at, Event::CardDrawn { card: whole.plan().people.deck[name].clone(), by: by() });
    }
    if let Some(stop) = &whole.real {
        tell(81, Event::RealIncidentDeclared { by: stop.by.clone(), reason: "secret".into() });
        tell(81, Event::Halted { by: stop.by.clone(), reason: "secret".into() });
    }
    if let Some(shown) = &whole.people.standings {
        let (standings, by) = (shown.teams.clone(), by());
        tell(81, Event::BoardShown { standings, by });
    }
    state.now = at(82);
    state
}
