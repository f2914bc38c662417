//! `--duration`: a game day scaled as a whole.

use gameday::gameday::load::LoadPattern;
use gameday::gameday::plan::GameDay;
use gameday::gameday::span::Span;
use proptest::prelude::*;

use super::good::good;

#[test]
fn black_friday_in_four_minutes() {
    let plan = good("gamedays/black-friday.yaml").scaled_to(Span::from_secs(240));
    let lasts: Vec<u64> = plan.phases.iter().map(|phase| phase.duration.as_millis()).collect();
    assert_eq!(lasts, [30_000, 60_000, 90_000, 60_000]);
    let offsets: Vec<u64> = plan.injections().map(|(_, one)| one.offset.as_millis()).collect();
    assert_eq!(offsets, [15_000, 45_000]);
    assert_eq!(plan.phases[2].cards[0].offset, Span::from_secs(24));
    assert_eq!(plan.guardrails[0].when.lasting, Span::from_secs(10));
    assert_eq!(plan.phases[2].load, Some(LoadPattern::Constant { rps: 10_000.0 }));
    let before = good("gamedays/black-friday.yaml");
    assert_eq!(plan.phases[2].injections[1].experiment, before.phases[2].injections[1].experiment);
}

#[test]
fn times_within_patterns_and_faults_are_scaled_and_latencies_are_not() {
    let before = good("tests/files/good/everything.yaml");
    let plan = before.scaled_to(Span::from_millis(before.duration().as_millis() / 10));
    let Some(LoadPattern::Spike { at, width, .. }) = plan.phases[1].load else { panic!() };
    assert_eq!((at, width), (Span::from_secs(3), Span::from_secs(1)));
    let Some(LoadPattern::Sine { period, .. }) = plan.phases[2].load else { panic!() };
    assert_eq!(period, Span::from_secs(30));
    let cut = &plan.phases[2].injections[0];
    assert_eq!(
        (cut.offset, cut.experiment.duration),
        (Span::from_secs(9), Some(Span::from_secs(6)))
    );
    assert_eq!(cut.experiment.fault, before.phases[2].injections[0].experiment.fault);
    let bare = good("tests/files/good/brief-bare.yaml");
    let short = bare.scaled_to(Span::from_secs(36));
    assert_eq!(short.phases[1].injections[0].experiment.interval, Some(Span::from_secs(3)));
}

fn sum(plan: &GameDay) -> u64 {
    plan.phases.iter().map(|phase| phase.duration.as_millis()).sum()
}

#[test]
fn guardrails_that_wait_wait_long_enough_also_in_a_short_exercise() {
    let mut plan = good("gamedays/black-friday.yaml");
    let (day, secs) = (plan.duration(), Span::from_secs);
    for (factor, lasting, want) in [
        (0.05, 30, 10),
        (0.05, 600, 30),
        (0.05, 10, 10),
        (0.05, 4, 4),
        (0.05, 0, 0),
        (0.5, 30, 15),
        (2.0, 30, 60),
        (2.0, 4, 8),
    ] {
        plan.guardrails[0].when.lasting = secs(lasting);
        let scaled = plan.scaled_to(day.scaled(factor));
        assert_eq!(scaled.guardrails[0].when.lasting, secs(want), "{lasting} s times {factor}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scaling_keeps_the_total_and_the_order(millis in 1_000u64..90_000_000, which in 0usize..3) {
        let path = ["gamedays/black-friday.yaml", "gamedays/cascading-failure.yaml", "tests/files/good/everything.yaml"][which];
        let before = good(path);
        let after = before.scaled_to(Span::from_millis(millis));
        prop_assert_eq!(sum(&after), millis);
        for (old, new) in before.phases.iter().zip(&after.phases) {
            let names = |phase: &gameday::gameday::plan::Phase| -> Vec<String> {
                phase.injections.iter().map(|one| one.name.clone()).collect()
            };
            prop_assert_eq!(names(old), names(new));
            prop_assert!(new.injections.is_sorted_by_key(|one| one.offset));
            prop_assert!(new.injections.iter().all(|one| one.offset <= new.duration));
            prop_assert!(new.cards.iter().all(|one| one.offset <= new.duration));
        }
        let ratio = millis as f64 / before.duration().as_millis() as f64;
        let asked = |plan: &GameDay| -> f64 {
            plan.phases.iter().filter_map(|one| Some(one.load?.total(one.duration))).sum()
        };
        let (expected, found) = (asked(&before) * ratio, asked(&after));
        prop_assert!((expected - found).abs() <= expected * 0.02 + 100.0, "{expected} against {found}");
    }
}
