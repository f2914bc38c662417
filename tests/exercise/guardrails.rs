//! Guardrails and SLOs: what samples set off, and how soon.

use gameday::exercise::event::Event;
use gameday::gameday::plan::GuardrailAction;
use gameday::gameday::span::Span;

use super::stage::{Play, header, mins, plan, secs};

fn with(action: GuardrailAction, lasting: Span) -> Play {
    let mut day = plan();
    day.guardrails[0].then = action;
    day.guardrails[0].when.lasting = lasting;
    let mut play = Play::begun_with(header(day));
    play.pass(mins(1));
    play
}

fn bad_samples_until(play: &mut Play, happened: impl Fn(&Play) -> bool) -> usize {
    play.availability = 0.1;
    let before = play.state.series.points().len();
    for _ in 0..100 {
        play.pass(Span::from_millis(100));
        if happened(play) {
            return play.state.series.points().len() - before;
        }
    }
    panic!("the guardrail never acted");
}

#[test]
fn one_bad_sample_halts_within_two() {
    let mut play = with(GuardrailAction::Halt, Span::ZERO);
    assert!(bad_samples_until(&mut play, |play| play.state.halted.is_some()) <= 2);
    assert!(play.state.load.curve.is_none());
}

#[test]
fn one_bad_sample_holds_within_two_and_the_rate_stays() {
    let mut play = with(GuardrailAction::Hold, Span::ZERO);
    assert!(bad_samples_until(&mut play, |play| play.state.held.is_some()) <= 2);
    let time = play.time();
    play.pass(mins(5));
    assert_eq!(play.time(), time);
    assert!((play.state.load.rate(play.now()) - 100.0).abs() < 0.1);
}

#[test]
fn a_warning_stops_nothing_fires_once_and_clears() {
    let mut play = with(GuardrailAction::Warn, Span::ZERO);
    bad_samples_until(&mut play, |play| play.state.guardrails[0].firing);
    play.pass(secs(10));
    assert_eq!(play.state.guardrails[0].fired.len(), 1);
    play.availability = 1.0;
    play.pass(secs(2));
    assert!(!play.state.guardrails[0].firing);
    play.availability = 0.1;
    play.pass(secs(2));
    assert_eq!(play.state.guardrails[0].fired.len(), 2);
}

#[test]
fn a_rule_with_a_duration_waits_for_it_without_a_break() {
    let mut play = with(GuardrailAction::Halt, secs(3));
    play.availability = 0.1;
    play.pass(secs(2));
    play.availability = 1.0;
    play.pass(secs(1));
    play.availability = 0.1;
    play.pass(secs(2));
    assert!(play.state.halted.is_none());
    play.pass(secs(2));
    assert!(play.state.halted.is_some());
}

#[test]
fn a_guardrail_halts_a_held_exercise_too() {
    let mut play = with(GuardrailAction::Halt, Span::ZERO);
    play.hold();
    assert!(bad_samples_until(&mut play, |play| play.state.halted.is_some()) <= 2);
}

#[test]
fn an_slo_breach_has_a_start_an_end_and_a_depth() {
    let mut play = with(GuardrailAction::Warn, Span::ZERO);
    play.availability = 0.9;
    play.pass(secs(5));
    play.availability = 1.0;
    play.pass(secs(20));
    let run = &play.state.slos[0];
    assert_eq!(run.violations.len(), 1);
    let violation = run.violations[0];
    let lasted = violation.to.unwrap().since(violation.from);
    assert!(
        (secs(12)..=secs(15)).contains(&lasted),
        "{lasted}: ten-second window over five bad ones"
    );
    assert!((violation.worst - 0.95).abs() < 0.011, "{}", violation.worst);
    let breaches = |wanted: fn(&Event) -> bool| {
        play.events.iter().filter(|envelope| wanted(&envelope.event)).count()
    };
    assert_eq!(breaches(|event| matches!(event, Event::SloBreached { .. })), 1);
    assert_eq!(breaches(|event| matches!(event, Event::SloRecovered { .. })), 1);
}
