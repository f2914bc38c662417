//! Measures over parts of the story: what has no data is never met.

use gameday::exercise::event::Event;
use gameday::exercise::judge::{Answer, judge};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::exercise::times::{Recovery, recovery};
use gameday::gameday::measure::{
    Aggregate, Condition, Expr, IncidentCount, InjectionFact, Op, Sign, TimeTo,
};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::span::Span;
use gameday::report::model::Report;

use super::folded;
use crate::recording::story::{self, compare, metric, number, objective};

/// The story up to `secs`, with one objective.
fn at(secs: u64, condition: Condition) -> State {
    let mut header = story::header();
    header.plan.objectives = vec![objective("the one", condition)];
    let mut envelopes = story::envelopes();
    envelopes.retain(|envelope| envelope.stamp.elapsed <= Span::from_secs(secs));
    envelopes.retain(|envelope| !matches!(envelope.event, Event::ObjectiveScored { .. }));
    folded(header, &envelopes)
}

/// The whole story with one objective, its events changed by `change`.
fn changed(condition: Condition, change: impl Fn(&mut Event)) -> State {
    let mut header = story::header();
    header.plan.objectives = vec![objective("the one", condition)];
    let mut envelopes = story::envelopes();
    envelopes.retain(|envelope| !matches!(envelope.event, Event::ObjectiveScored { .. }));
    envelopes.iter_mut().for_each(|envelope| change(&mut envelope.event));
    folded(header, &envelopes)
}

fn answer(secs: u64, condition: Condition) -> (Answer, String) {
    let verdict = judge(&at(secs, condition), 0).unwrap();
    (verdict.answer, verdict.evidence.to_string())
}

fn over(which: Metric, how: Aggregate, phase: &str) -> Condition {
    Condition::Compare {
        left: metric(which, how),
        op: Op::AtLeast,
        right: number(0.0, which.unit()),
        phase: Some(phase.to_owned()),
        during: None,
    }
}

fn fact(fact: InjectionFact, name: &str, op: Op) -> Condition {
    let left = Expr::Injection { fact, name: name.to_owned() };
    compare(left, op, number(60_000.0, Unit::Millis))
}

fn resolved_all() -> Condition {
    compare(
        Expr::Incidents(IncidentCount::Resolved),
        Op::Equal,
        Expr::Incidents(IncidentCount::Total),
    )
}

fn mttr(team: Option<&str>) -> Condition {
    let left = Expr::Time { which: TimeTo::Resolve, team: team.map(str::to_owned) };
    compare(left, Op::Less, number(300_000.0, Unit::Millis))
}

#[test]
fn what_was_not_measured_is_no_data_and_says_why() {
    use InjectionFact::{RecoveryTime, TimeToDetect};
    let nonsense = compare(
        Expr::Arithmetic {
            left: Box::new(number(1.0, Unit::Count)),
            op: Sign::Over,
            right: Box::new(number(0.0, Unit::Count)),
        },
        Op::AtLeast,
        number(0.0, Unit::Count),
    );
    let cases: [(u64, Condition, &str); 15] = [
        (5, over(Metric::Availability, Aggregate::Whole, "normal"), "the phase normal was not run"),
        (70, over(Metric::Availability, Aggregate::Whole, "peak"), "the phase peak was not run"),
        (
            10,
            over(Metric::Availability, Aggregate::Whole, "normal"),
            "availability was not measured in normal",
        ),
        (
            10,
            over(Metric::Throughput, Aggregate::Max, "normal"),
            "max(throughput) was not measured",
        ),
        (14, over(Metric::Throughput, Aggregate::Peak, "normal"), "five seconds in a row"),
        (225, over(Metric::Availability, Aggregate::Whole, "nowhere"), "there is no phase nowhere"),
        (
            225,
            over(Metric::Latency(990), Aggregate::Mean, "peak"),
            "percentiles are never averaged",
        ),
        (50, resolved_all(), "no incident was opened"),
        (70, mttr(None), "mttr has no value, 1 not resolved"),
        (225, mttr(Some("support")), "mttr(support) has no value"),
        (80, fact(RecoveryTime, "pod-failure", Op::Less), "pod-failure never took effect"),
        (80, fact(TimeToDetect, "pod-failure", Op::Less), "pod-failure never took effect"),
        (225, fact(TimeToDetect, "meteor", Op::Less), "there is no injection meteor"),
        // What never came is not more than a bound either.
        (225, fact(TimeToDetect, "network-chaos", Op::More), "network-chaos was not detected"),
        (225, nonsense, "is no number"),
    ];
    for (secs, condition, words) in cases {
        let (answer, evidence) = answer(secs, condition.clone());
        assert!(evidence.contains(words), "{evidence:?} lacks {words:?}");
        assert_eq!(answer, Answer::NoData, "{condition:?}");
    }
    assert_eq!(judge(&at(225, resolved_all()), 1), None, "there is no second objective");
}

#[test]
fn the_same_measures_are_met_or_not_once_there_is_data() {
    use InjectionFact::{RecoveryTime, TimeToDetect};
    let cases = [
        (20, over(Metric::Throughput, Aggregate::Peak, "normal"), Answer::Met),
        (70, resolved_all(), Answer::NotMet),
        (80, resolved_all(), Answer::Met),
        (80, mttr(None), Answer::Met),
        (160, fact(RecoveryTime, "database-slowdown", Op::Less), Answer::NotMet),
        (225, fact(RecoveryTime, "database-slowdown", Op::Less), Answer::Met),
        (225, fact(RecoveryTime, "network-chaos", Op::Less), Answer::Met),
        (95, fact(TimeToDetect, "pod-failure", Op::Less), Answer::NotMet),
        (101, fact(TimeToDetect, "pod-failure", Op::Less), Answer::Met),
    ];
    for (secs, condition, wanted) in cases {
        let (answer, evidence) = answer(secs, condition.clone());
        assert_eq!(answer, wanted, "at {secs}: {condition:?}: {evidence}");
    }
}

#[test]
fn all_and_any_are_open_while_a_deciding_part_has_no_data() {
    let yes = || resolved_all();
    let no = || over_availability();
    let open = || mttr(Some("support"));
    fn over_availability() -> Condition {
        let one = number(1.0, Unit::Share);
        compare(metric(Metric::Availability, Aggregate::Whole), Op::AtLeast, one)
    }
    let cases = [
        (Condition::All(vec![yes(), yes()]), Answer::Met),
        (Condition::All(vec![yes(), open()]), Answer::NoData),
        (Condition::All(vec![no(), open()]), Answer::NotMet),
        (Condition::All(vec![]), Answer::NoData),
        (Condition::Any(vec![no(), yes(), open()]), Answer::Met),
        (Condition::Any(vec![no(), open()]), Answer::NoData),
        (Condition::Any(vec![no(), no()]), Answer::NotMet),
        (Condition::Any(vec![]), Answer::NoData),
    ];
    for (condition, wanted) in cases {
        assert_eq!(answer(225, condition.clone()).0, wanted, "{condition:?}");
    }
    let (_, evidence) = answer(225, Condition::All(vec![open(), open(), yes()]));
    assert_eq!(evidence.matches("mttr(support) has no value").count(), 1, "{evidence}");
}

/// Two samples inside are not yet recovery; three are, counted from the first.
#[test]
fn recovery_needs_three_samples_in_a_row() {
    for (secs, wanted) in [
        (91, Recovery::NeverLeft),
        (92, Recovery::NotRecovered { left: Span::from_secs(91) }),
        (103, Recovery::NotRecovered { left: Span::from_secs(91) }),
        (104, Recovery::Recovered { left: Span::from_secs(91), took: Span::from_secs(10) }),
    ] {
        let state = at(secs, resolved_all());
        assert_eq!(recovery(&state, &state.injections[0]), wanted, "after {secs} s");
    }
}

/// The pods' fault alone broke nothing here; when the database's took effect says whose the breach at 130 s is.
#[test]
fn who_left_the_steady_state_is_the_latest_that_had_taken_effect() {
    let recovered = |left, took| Recovery::Recovered {
        left: Span::from_secs(left),
        took: Span::from_secs(took),
    };
    let cases = [
        // The first sample outside is 130 to 131.
        (129_000, Recovery::NeverLeft, recovered(130, 41)),
        (130_000, Recovery::NeverLeft, recovered(130, 41)),
        (130_999, Recovery::NeverLeft, recovered(130, 41)),
        // Only after that sample: it was the pods, and the database did not make it better.
        (131_000, recovered(130, 41), recovered(131, 40)),
        (150_500, recovered(130, 41), recovered(150, 21)),
        // At the same instant nobody can tell: it is the story of both.
        (90_500, recovered(130, 41), recovered(130, 41)),
        // Before: then it is the pods' alone, and the database's was over by then.
        (80_500, recovered(130, 41), Recovery::NeverLeft),
    ];
    for (database_t0, pods, database) in cases {
        let state = changed(resolved_all(), |event| match event {
            Event::Sampled(sample) if sample.start < Span::from_secs(130) => {
                sample.ok = sample.attempted;
                sample.errors = Default::default();
            }
            Event::InjectionActive { id, t0, .. } if id.0 == 1 => {
                *t0 = Stamp::new(Span::from_millis(database_t0), t0.wall);
            }
            _ => {}
        });
        let seen = [0, 1].map(|index| recovery(&state, &state.injections[index]));
        assert_eq!(seen, [pods, database], "the database's T0 at {database_t0} ms");
    }
}

/// Samples 0.4 s off the seconds: one reaches from each phase into the next, and belongs to neither.
#[test]
fn a_figure_over_a_phase_is_of_samples_wholly_inside() {
    let ten_times = compare(
        metric(Metric::Throughput, Aggregate::Peak),
        Op::AtLeast,
        Expr::Arithmetic {
            left: Box::new(number(10.0, Unit::Count)),
            op: Sign::Times,
            right: Box::new(metric(Metric::Throughput, Aggregate::Baseline)),
        },
    );
    let shift = |event: &mut Event| {
        if let Event::Sampled(sample) = event {
            let second = sample.start.as_millis() / 1_000;
            sample.start += Span::from_millis(400);
            if second == 79 || second == 219 {
                (sample.attempted, sample.ok) = (5_000, 5_000);
            }
        }
    };
    let state = changed(ten_times, shift);
    let verdict = judge(&state, 0).unwrap();
    assert_eq!(verdict.answer, Answer::Met, "{}", verdict.evidence);
    let wanted = "baseline(throughput) 100/s in normal (6,900 answered) = 1,000/s";
    assert!(verdict.evidence.ends_with(wanted), "{}", verdict.evidence);
    let report = Report::from_state(&state);
    let sent: Vec<_> =
        report.phases.iter().map(|one| (one.felt.attempted, one.felt.sent_rps)).collect();
    assert_eq!(sent, [(6_900, Some(100.0)), (139_000, Some(1_000.0))]);
    // The stretch between the phases is inside the exercise as a whole.
    let all = over(Metric::Availability, Aggregate::Whole, "normal");
    let Condition::Compare { left, op, right, .. } = all else { panic!("a comparison") };
    let whole = changed(Condition::Compare { left, op, right, phase: None, during: None }, shift);
    let evidence = judge(&whole, 0).unwrap().evidence;
    assert!(evidence.contains("of 150,900)"), "6,900 + 5,000 + 139,000: {evidence}");
}

/// A few answers more in the first phase must not decide whether ten times as much was reached.
#[test]
fn measured_rates_are_compared_as_exactly_as_they_are_measured() {
    let peak = || metric(Metric::Throughput, Aggregate::Peak);
    let ten_times = |op| {
        let baseline = Box::new(metric(Metric::Throughput, Aggregate::Baseline));
        let ten = Box::new(number(10.0, Unit::Count));
        let right = Expr::Arithmetic { left: ten, op: Sign::Times, right: baseline };
        compare(peak(), op, right)
    };
    let written = |rate| compare(peak(), Op::AtLeast, number(rate, Unit::PerSecond));
    // 7,000 answers in the first phase, in 70 s; 1000 a second at the peak.
    for (more, condition, wanted) in [
        (0, ten_times(Op::AtLeast), Answer::Met),
        (1, ten_times(Op::AtLeast), Answer::Met),
        (35, ten_times(Op::AtLeast), Answer::Met),
        (36, ten_times(Op::AtLeast), Answer::NotMet),
        (1, ten_times(Op::Equal), Answer::Met),
        (1, ten_times(Op::More), Answer::NotMet),
        (1, ten_times(Op::AtMost), Answer::Met),
        (0, written(1_000.0), Answer::Met),
        (0, written(1_000.1), Answer::NotMet),
    ] {
        let state = changed(condition.clone(), |event| match event {
            Event::Sampled(sample) if sample.start == Span::from_secs(20) => sample.ok += more,
            _ => {}
        });
        let verdict = judge(&state, 0).unwrap();
        assert_eq!(verdict.answer, wanted, "{more} more: {}", verdict.evidence);
        let helped = wanted == Answer::Met && more > 0 && !verdict.evidence.contains("<=");
        assert_eq!(verdict.evidence.contains("within 0.5%"), helped, "{}", verdict.evidence);
    }
}
