//! Good files, and what they mean: every shape becomes one timeline.

use gameday::gameday::cluster::Cluster;
use gameday::gameday::fault::{Direction, Fault, Mode, NetworkAction, Stress};
use gameday::gameday::load::LoadPattern;
use gameday::gameday::metric::Metric;
use gameday::gameday::plan::{GameDay, GuardrailAction, Target};
use gameday::gameday::problem::show::render;
use gameday::gameday::read::inspect;
use gameday::gameday::span::Span;

fn minutes(minutes: u64) -> Span {
    Span::from_secs(minutes * 60)
}

/// Reads a file that must have no problem at all, not even a warning.
pub fn good(path: &str) -> GameDay {
    let whole = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(whole).unwrap();
    let (plan, problems) = inspect(&text, path);
    assert!(problems.is_empty(), "{}", render(&problems, &text, path));
    plan.unwrap()
}

fn outline(plan: &GameDay) -> Vec<(&str, Span, Option<LoadPattern>)> {
    plan.phases.iter().map(|phase| (phase.name.as_str(), phase.duration, phase.load)).collect()
}

fn constant(rps: f64) -> Option<LoadPattern> {
    Some(LoadPattern::Constant { rps })
}

#[test]
fn black_friday_has_the_figures_of_the_brief() {
    let plan = good("gamedays/black-friday.yaml");
    assert_eq!(
        outline(&plan),
        [
            ("normal-load", minutes(10), constant(1_000.0)),
            (
                "gradual-increase",
                minutes(20),
                Some(LoadPattern::Linear { start: 1_000.0, end: 5_000.0 })
            ),
            ("peak-load-with-failures", minutes(30), constant(10_000.0)),
            ("recovery", minutes(20), constant(5_000.0)),
        ]
    );
    let total: f64 =
        plan.phases.iter().map(|phase| phase.load.unwrap().total(phase.duration)).sum();
    assert_eq!(total, 600_000.0 + 3_600_000.0 + 18_000_000.0 + 6_000_000.0);
    assert_eq!(plan.teams, ["sre", "development", "support"]);
    assert_eq!(plan.target, Target::Lab);
    let injections: Vec<_> = plan.injections().map(|(_, one)| one).collect();
    assert_eq!(injections.len(), 2);
    let [kill, slow] = injections.as_slice() else { panic!() };
    assert_eq!((kill.name.as_str(), kill.offset), ("pod-failure", minutes(5)));
    assert_eq!(
        (kill.experiment.fault.clone(), kill.experiment.mode),
        (Fault::PodFailure, Mode::Fixed(2))
    );
    assert_eq!(kill.experiment.selector["app"], "web-app");
    assert_eq!((slow.name.as_str(), slow.offset), ("database-slowdown", minutes(15)));
    let latency = Span::from_millis(200);
    assert_eq!(slow.experiment.fault, Fault::DatabaseSlowdown { latency, jitter: Span::ZERO });
    assert_eq!((slow.experiment.mode, slow.experiment.duration), (Mode::All, None));
    let measures: Vec<_> = plan
        .objectives
        .iter()
        .map(|one| (one.title.as_str(), one.measure.as_ref().unwrap().source.as_str()))
        .collect();
    assert_eq!(
        measures,
        [
            ("Maintain 99.9% availability", "availability >= 99.9%"),
            ("Keep p99 latency under 200ms", "latency_p99 < 200ms"),
            ("Scale to 10x normal load", "peak(throughput) >= 10 * baseline(throughput)"),
            (
                "Coordinate incident response",
                "incidents.total > 0 and incidents.resolved == incidents.total and mttr(sre) < 5m"
            ),
        ]
    );
    assert_eq!(plan.slos[0].limit.min, Some(0.999));
    assert_eq!(plan.slos[1].limit.max, Some(200.0));
    assert_eq!(plan.steady_state.len(), 3);
    assert_eq!(plan.steady_state[2].max, Some(0.001));
    assert_eq!(plan.guardrails[0].then, GuardrailAction::Halt);
    assert_eq!(plan.phases[2].cards[0].to.as_deref(), Some("support"));
    assert_eq!((plan.traffic.timeout, plan.traffic.max_in_flight), (Span::from_secs(5), 4_096));
}

#[test]
fn stages_wait_once_from_the_end_of_the_stage_before() {
    let plan = good("gamedays/cascading-failure.yaml");
    let phases: Vec<_> = outline(&plan).iter().map(|(name, span, _)| (*name, *span)).collect();
    assert_eq!(
        phases,
        [
            ("baseline", Span::from_secs(30)),
            ("initial-trigger", minutes(1)),
            ("secondary-failure", Span::from_secs(150)),
            ("tertiary-failure", minutes(2)),
            ("recovery", Span::from_secs(30)),
        ]
    );
    let injections: Vec<_> = plan.injections().map(|(_, one)| one).collect();
    let starts: Vec<_> = injections.iter().map(|one| (one.name.as_str(), one.offset)).collect();
    assert_eq!(
        starts,
        [
            ("busy-gateway", Span::ZERO),
            ("slow-backend", Span::from_secs(30)),
            ("no-cache", minutes(1))
        ]
    );
    let stress = Stress::CpuStress { cores: 2, load: 90 };
    assert_eq!(injections[0].experiment.fault, Fault::ResourceChaos { stress });
    assert_eq!(injections[1].experiment.duration, Some(minutes(2)));
    assert_eq!(injections[1].experiment.destination.as_ref().unwrap()["app"], "backend-service");
}

#[test]
fn one_bare_experiment_gets_quiet_before_and_after() {
    let plan = good("tests/files/good/bare-partition.yaml");
    let names: Vec<_> = outline(&plan).iter().map(|(name, span, _)| (*name, *span)).collect();
    let quiet = Span::from_secs(30);
    assert_eq!(
        names,
        [("baseline", quiet), ("network-partition", minutes(3)), ("recovery", quiet)]
    );
    let fault = &plan.phases[1].injections[0].experiment;
    let network = NetworkAction::Partition;
    assert_eq!(fault.fault, Fault::NetworkChaos { network, direction: Direction::Both });
    assert_eq!(fault.destination.as_ref().unwrap()["app"], "database");

    let plan = good("tests/files/good/brief-bare.yaml");
    assert_eq!(plan.name, "pod-chaos-test");
    assert_eq!(plan.phases[1].load, constant(100.0));
    let injection = &plan.phases[1].injections[0];
    assert_eq!((injection.name.as_str(), injection.offset), ("pod-chaos-test", Span::ZERO));
    assert_eq!(injection.experiment.mode, Mode::FixedPercent(40));
    assert_eq!(injection.experiment.interval, Some(Span::from_secs(30)));
    assert_eq!(injection.experiment.duration, Some(minutes(5)));
    assert_eq!(injection.experiment.selector.len(), 2);
}

#[test]
fn a_list_of_experiments_becomes_one_phase_each() {
    let plan = good("tests/files/good/brief-experiments.yaml");
    let names: Vec<_> =
        outline(&plan).iter().map(|(name, span, _)| (*name, span.as_millis() / 1_000)).collect();
    assert_eq!(
        names,
        [
            ("baseline", 30),
            ("pod-failure", 120),
            ("database-slowdown", 60),
            ("database-slowdown-2", 90),
            ("recovery", 30)
        ]
    );
    assert!(plan.phases.iter().all(|phase| phase.load == constant(50.0)));
    let names: Vec<_> = plan.injections().map(|(_, one)| one.name.as_str()).collect();
    assert_eq!(names, ["pod-failure", "database-slowdown", "database-slowdown-2"]);
}

#[test]
fn the_wrapper_of_the_brief_is_understood() {
    let plan = good("tests/files/good/brief-wrapper.yaml");
    assert_eq!(
        (plan.name.as_str(), plan.title.as_str()),
        ("black-friday-load", "Black friday load")
    );
    assert_eq!(plan.duration(), minutes(30));
    assert_eq!(plan.target, Target::Url { url: "https://shop.example:8443/base".into() });
    assert!(plan.objectives[0].measure.is_some());
    assert_eq!(plan.objectives[1].measure, None);
    let limits: Vec<_> =
        plan.steady_state.iter().map(|one| (one.metric, one.min.or(one.max).unwrap())).collect();
    assert_eq!(
        limits,
        [(Metric::Availability, 0.999), (Metric::Latency(990), 100.0), (Metric::ErrorRate, 0.001)]
    );
}

#[test]
fn everything_that_may_stand_in_a_file_is_read() {
    let plan = good("tests/files/good/everything.yaml");
    assert_eq!(plan.target, Target::Kubernetes(Cluster::default()));
    assert_eq!(
        outline(&plan).iter().map(|(_, _, load)| *load).collect::<Vec<_>>(),
        [
            Some(LoadPattern::Step { start: 10.0, end: 100.0, steps: 4 }),
            Some(LoadPattern::Spike {
                base: 10.0,
                peak: 100.0,
                at: Span::from_secs(30),
                width: Span::from_secs(10)
            }),
            Some(LoadPattern::Sine { mean: 50.0, amplitude: 20.0, period: minutes(5) }),
            None,
        ]
    );
    let order: Vec<_> = plan.injections().map(|(_, one)| (one.name.as_str(), one.offset)).collect();
    assert_eq!(order, [("cut", Span::from_secs(90)), ("network-chaos", minutes(10))]);
    assert_eq!(plan.phases[2].injections[0].expect.as_deref(), Some("Nothing\nat all."));
    assert_eq!(plan.slos[0].name, "fast");
    assert_eq!(plan.slos[0].limit.max, Some(150.0));
    assert_eq!(plan.guardrails[1].when.lasting, minutes(1));
    let [browse, order] = plan.traffic.routes.as_slice() else { panic!() };
    assert_eq!((browse.name.as_str(), browse.method.as_str(), browse.weight), ("browse", "GET", 9));
    assert_eq!((order.name.as_str(), order.spread), ("POST /orders/{n}", 1_000));
    assert_eq!(order.headers, [("content-type".to_owned(), "application/json".to_owned())]);
    assert_eq!(order.body.as_deref(), Some("{\"q\":1}"));
}

#[test]
fn a_plan_survives_being_recorded() {
    for path in [
        "gamedays/black-friday.yaml",
        "gamedays/network-partition.yaml",
        "tests/files/good/everything.yaml",
        "tests/files/good/people.yaml",
    ] {
        let plan = good(path);
        let json = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<GameDay>(&json).unwrap(), plan, "{path}");
    }
}
