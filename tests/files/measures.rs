//! The language of measures: what it means, where it is wrong, and that it can be written back.

use gameday::gameday::instrument::Instrument;
use gameday::gameday::measure::parse::{parse, parse_trigger};
use gameday::gameday::measure::sentence::measure_of;
use gameday::gameday::measure::{
    Aggregate, BreakerFact, Condition, Expr, Fact, IncidentCount, InjectionFact, Op, Sign, TimeTo,
};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::span::Span;
use proptest::prelude::*;

fn metric(metric: Metric, aggregate: Aggregate) -> Expr {
    Expr::Metric { metric, aggregate }
}

#[test]
fn measures_mean_what_they_say() {
    let compare =
        |left, op, right| Condition::Compare { left, op, right, phase: None, during: None };
    let number = |value, unit| Expr::Number { value, unit };
    for (text, expected) in [
        (
            "availability >= 99.9%",
            compare(
                metric(Metric::Availability, Aggregate::Whole),
                Op::AtLeast,
                number(0.999, Unit::Share),
            ),
        ),
        (
            "availability >= 0.999",
            compare(
                metric(Metric::Availability, Aggregate::Whole),
                Op::AtLeast,
                number(0.999, Unit::Share),
            ),
        ),
        (
            "max(latency_p99) < 200 in peak-load-with-failures",
            Condition::Compare {
                left: metric(Metric::Latency(990), Aggregate::Max),
                op: Op::Less,
                right: number(200.0, Unit::Millis),
                phase: Some("peak-load-with-failures".into()),
                during: None,
            },
        ),
        (
            "peak(throughput) >= 10 * baseline(throughput)",
            compare(
                metric(Metric::Throughput, Aggregate::Peak),
                Op::AtLeast,
                Expr::Arithmetic {
                    left: Box::new(number(10.0, Unit::Count)),
                    op: Sign::Times,
                    right: Box::new(metric(Metric::Throughput, Aggregate::Baseline)),
                },
            ),
        ),
        (
            "time_to_detect(x) < 1h30m",
            compare(
                Expr::Injection { fact: InjectionFact::TimeToDetect, name: "x".into() },
                Op::Less,
                number(5_400_000.0, Unit::Millis),
            ),
        ),
    ] {
        assert_eq!(parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn and_binds_stronger_than_or_and_times_stronger_than_plus() {
    let loose = "mttr < 1m or mttd < 1m and incidents.open == 0";
    let tight = "mttr < 1m or (mttd < 1m and incidents.open == 0)";
    assert_eq!(parse(loose), parse(tight));
    assert_ne!(parse(loose), parse("(mttr < 1m or mttd < 1m) and incidents.open == 0"));
    let sum = "incidents.total + 2 * 3 - 1 < 9";
    assert_eq!(parse(sum), parse("((incidents.total + (2 * 3)) - 1) < 9"));
}

#[test]
fn mistakes_have_a_column_and_words() {
    for (text, at, words) in [
        ("availabilty >= 99.9%", 0, "nothing that is measured"),
        ("availability >= 200ms", 16, "a share is compared with a time"),
        ("latency_p99 < 99%", 14, "a time is compared with a share"),
        ("mean(latency_p99) < 200ms", 0, "average percentiles"),
        ("peak(latency_p99) < 200ms", 0, "average percentiles"),
        ("availability >= 99.9", 16, "more than the whole"),
        ("availability >= 101%", 16, "more than the whole"),
        ("availability", 0, "nothing is compared"),
        ("availability >=", 15, "a value is missing"),
        ("availability => 99%", 13, "means nothing in a measure"),
        ("availability ≥ 99%", 13, "means nothing in a measure"),
        ("可用性 >= 99%", 0, "nothing that is measured"),
        ("mttr(sre) < 5", 99, ""),
        ("mttr(sre < 5m", 4, ""),
        ("mttr(sre) in one < 5m", 10, "not expected here"),
        ("mttr < 5m in one", 13, "only metrics"),
        ("1 < 2", 0, "nothing is measured"),
        ("availability + latency_p99 < 5", 0, "cannot be joined by +"),
        ("availability < 1h30", 15, "is no figure"),
        ("availability < 50% for 30s", 23, "no \"for\""),
        ("recovery_time() < 5s", 0, "which injection"),
        ("maximum(throughput) > 5", 0, "unknown function"),
        ("(availability > 99%) + 1 < 2", 0, "a comparison cannot be a value"),
        ("availability > 99% availability", 19, "not expected here"),
        ("queue_depth < 100", 0, "is a state of each second"),
        ("max(queue_depth) < 2 * replica_lag", 23, "is a state of each second"),
        ("baseline(open_breakers) == 0", 0, "is a state of each second"),
        ("max(queue_depth) < 99%", 19, "a plain number is compared with a share"),
        ("cache_hit_rate > 80", 17, "more than the whole"),
        ("degraded > 0 during", 19, "needs the name of an injection"),
        ("lost_writes == 0 during cut", 24, "only metrics"),
        ("degraded > 0 in one during cut", 20, "not expected here"),
        ("breaker_opened() > 0", 0, "of which app"),
        ("breaker_opened > 0", 0, "of which app"),
        ("rto < 5s", 0, "of which injection"),
        ("rpo(cut) < 60", 99, ""),
        ("breaker_opened(web-app) > 0 during cut", 99, ""),
        ("rto(cut) < 50%", 11, "a time is compared with a share"),
        ("integrity.lost == 0", 0, "nothing that is measured"),
        ("fixes_deploy > 0", 0, "nothing that is measured"),
    ] {
        match parse(text) {
            Err(error) => {
                assert!(error.what.contains(words), "{text}: {}", error.what);
                if !words.is_empty() {
                    assert_eq!(error.at, at, "{text}: {}", error.what);
                }
            }
            Ok(_) => assert_eq!(at, 99, "{text} was accepted"),
        }
    }
}

#[test]
fn a_guardrail_is_one_metric_and_one_bound() {
    let trigger = parse_trigger("availability < 50% for 30s").unwrap();
    assert_eq!((trigger.metric, trigger.op, trigger.bound), (Metric::Availability, Op::Less, 0.5));
    assert_eq!(trigger.lasting, Span::from_secs(30));
    let turned = parse_trigger("500 <= latency_p99").unwrap();
    assert_eq!((turned.op, turned.bound, turned.lasting), (Op::AtLeast, 500.0, Span::ZERO));
    let state = parse_trigger("queue_depth > 100 for 5s").unwrap();
    assert_eq!(state.metric, Metric::Inside(Instrument::QueueDepth));
    for wrong in [
        "availability < 50% in one",
        "degraded > 5 during cut",
        "lost_writes > 0",
        "max(throughput) < 5",
        "mttr < 5m",
        "availability < 5ms",
    ] {
        assert!(parse_trigger(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_sentences_of_the_brief_are_understood() {
    for (sentence, measure) in [
        ("Maintain 99.9% availability", Some("availability >= 99.9%")),
        ("Keep p99 latency under 200ms", Some("latency_p99 < 200ms")),
        ("Scale to 10x normal load", Some("peak(throughput) >= 10 * baseline(throughput)")),
        (
            "Coordinate incident response",
            Some("incidents.total > 0 and incidents.resolved == incidents.total"),
        ),
        ("Maintain 101% availability", None),
        ("Keep p98 latency under 200ms", None),
        ("Scale to zero", None),
        ("Everybody learns something", None),
    ] {
        assert_eq!(measure_of(sentence).as_deref(), measure, "{sentence}");
        if let Some(measure) = measure {
            assert_eq!(parse(measure).unwrap().to_string(), measure);
        }
    }
}

fn figure(unit: Unit) -> BoxedStrategy<Expr> {
    let value = match unit {
        Unit::Share => (0u32..=100_000).prop_map(|n| format!("{n}e-5")).boxed(),
        _ => (0u32..1_000_000).prop_map(|n| format!("{n}e-1")).boxed(),
    };
    value.prop_map(move |text| Expr::Number { value: text.parse().unwrap(), unit }).boxed()
}

const FACTS: [InjectionFact; 5] = [
    InjectionFact::RecoveryTime,
    InjectionFact::TimeToDetect,
    InjectionFact::FailoverTime,
    InjectionFact::Rto,
    InjectionFact::Rpo,
];

/// An expression of this unit, measured somewhere on its left.
fn measured(unit: Unit) -> BoxedStrategy<Expr> {
    let metrics: Vec<Metric> = Metric::all().filter(|one| one.unit() == unit).collect();
    let aggregates = [Aggregate::Whole, Aggregate::Max, Aggregate::Min, Aggregate::Baseline];
    let leaf = if unit == Unit::Count {
        proptest::sample::select(vec![
            Expr::Incidents(IncidentCount::Total),
            Expr::Incidents(IncidentCount::Open),
            Expr::Fact(Fact::Discrepancies),
            Expr::Fact(Fact::LostWrites),
            Expr::Fact(Fact::FixesDeployed),
            Expr::Breaker { fact: BreakerFact::Opened, app: "api-gateway".into() },
            metric(Metric::Failures, Aggregate::Whole),
            metric(Metric::Inside(Instrument::Forbidden), Aggregate::Whole),
            metric(Metric::Inside(Instrument::QueueDepth), Aggregate::Mean),
        ])
        .boxed()
    } else {
        let metrics =
            (proptest::sample::select(metrics), proptest::sample::select(aggregates.to_vec()))
                .prop_map(|(one, aggregate)| {
                    // A state of each second has no sum.
                    let sums = matches!(aggregate, Aggregate::Whole | Aggregate::Baseline);
                    metric(one, if sums && one.is_state() { Aggregate::Max } else { aggregate })
                });
        if unit == Unit::Millis {
            let team = proptest::option::of("[a-z]{1,6}(-[0-9])?x");
            prop_oneof![
                metrics,
                team.prop_map(|team| Expr::Time { which: TimeTo::Mitigate, team }),
                (proptest::sample::select(FACTS.to_vec()), "[a-z]{1,6}(-[a-z0-9]{1,4})?x")
                    .prop_map(|(fact, name)| Expr::Injection { fact, name }),
                Just(Expr::Breaker { fact: BreakerFact::OpenTime, app: "web-app".into() }),
            ]
            .boxed()
        } else {
            metrics.boxed()
        }
    };
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let signs = proptest::sample::select(vec![Sign::Plus, Sign::Minus]);
        prop_oneof![
            (inner.clone(), signs, figure(unit)).prop_map(|(left, op, right)| {
                Expr::Arithmetic { left: Box::new(left), op, right: Box::new(right) }
            }),
            (figure(Unit::Count), inner).prop_map(|(left, right)| Expr::Arithmetic {
                left: Box::new(left),
                op: Sign::Times,
                right: Box::new(right)
            }),
        ]
    })
    .boxed()
}

fn conditions() -> impl Strategy<Value = Condition> {
    let ops = [Op::Less, Op::AtMost, Op::More, Op::AtLeast, Op::Equal, Op::Differs];
    let units = [Unit::Share, Unit::Millis, Unit::PerSecond, Unit::Count];
    let compare =
        (proptest::sample::select(units.to_vec()), proptest::sample::select(ops.to_vec()))
            .prop_flat_map(|(unit, op)| {
                (measured(unit), figure(unit)).prop_map(move |(left, right)| Condition::Compare {
                    left,
                    op,
                    right,
                    phase: None,
                    during: None,
                })
            });
    compare.prop_recursive(3, 12, 3, |inner| {
        let parts = proptest::collection::vec(inner, 2..4);
        prop_oneof![parts.clone().prop_map(Condition::All), parts.prop_map(Condition::Any)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_back_reads_the_same(condition in conditions()) {
        let text = condition.to_string();
        if text.chars().count() <= 1_000 {
            prop_assert_eq!(parse(&text), Ok(condition), "{}", text);
        }
    }

    #[test]
    fn any_line_is_read_or_refused(text in "[ a-z0-9_().<>=!*/+%-]{0,80}|\\PC{0,60}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.at <= text.chars().count());
        }
        let _ = parse_trigger(&text);
    }
}
