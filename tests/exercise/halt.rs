//! Halt: everything is undone in parallel and nothing new starts until it is released with a reason.

use gameday::exercise::command::Command;
use gameday::exercise::effect::Effect;
use gameday::exercise::event::{Event, Outcome};
use gameday::exercise::header::Header;
use gameday::exercise::state::Stage;
use gameday::gameday::span::Span;

use super::stage::{Play, header, injection, mins, plan, secs, slowdown};

fn twenty_faults() -> Header {
    let mut day = plan();
    day.phases[0].injections = (0..20)
        .map(|index| injection(&format!("slow-{index}x"), secs(10), slowdown(None)))
        .collect();
    header(day)
}

#[test]
fn twenty_faults_are_undone_at_once_and_one_that_hangs_delays_no_other() {
    let mut play = Play::begun_with(twenty_faults());
    play.pass(secs(11));
    assert_eq!(play.state.live_injections().count(), 20);
    play.hanging = vec![play.id("slow-7x")];
    play.halt();
    assert_eq!(play.state.live_injections().count(), 1);
    assert_eq!(play.status("slow-7x"), "reverting");
    assert!(play.state.load.curve.is_none());
    let id = play.id("slow-7x");
    play.tell(Command::RevertHasFailed { id, attempt: 1, error: "no answer".into() });
    assert_eq!(play.status("slow-7x"), "not reverted");
    play.hanging.clear();
    play.pass(secs(2));
    assert_eq!(play.status("slow-7x"), "reverted");
}

#[test]
fn nothing_starts_until_released_with_a_reason() {
    let mut play = Play::begun();
    play.pass(mins(6));
    play.halt();
    play.pass(mins(30));
    assert!(play.took_effect().is_empty());
    let id = play.id("slow");
    play.ask(Command::InjectNow { id, by: "facilitator".into() }).unwrap_err();
    play.ask(Command::Resume { by: "facilitator".into() }).unwrap_err();
    play.ask(Command::Release { by: "facilitator".into(), reason: String::new() }).unwrap_err();
    play.tell(Command::Release { by: "facilitator".into(), reason: "it was a drill".into() });
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.took_effect().len(), 3);
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::Completed);
}

#[test]
fn a_fault_that_was_being_injected_is_undone_too() {
    let mut play = Play::begun();
    play.pass(mins(8));
    let id = play.id("slow");
    play.hanging = vec![id];
    play.halt();
    assert_eq!(play.status("slow"), "reverting");
    // It takes effect only now: whatever the first undoing saw is out of date.
    let t0 = play.now();
    play.hanging.clear();
    play.tell(Command::FaultTookEffect { id, round: 0, t0, evidence: "late".into() });
    assert_eq!(play.status("slow"), "reverted");
    assert_eq!(play.state.injections[id.0].attempts, 2);
    play.tell(Command::RevertHasFailed { id, attempt: 1, error: "stale".into() });
    assert_eq!(play.status("slow"), "reverted");
}

#[test]
fn undoing_is_tried_again_with_growing_pauses_and_never_hidden() {
    let mut play = Play::begun();
    play.pass(mins(8));
    play.failing = vec![play.id("slow")];
    play.halt();
    play.pass(mins(2));
    assert_eq!(play.status("slow"), "not reverted");
    let tries: Vec<Span> = play
        .effects
        .iter()
        .filter(|(_, effect)| matches!(effect, Effect::Revert { .. }))
        .map(|(stamp, _)| stamp.elapsed)
        .collect();
    assert!((6..=9).contains(&tries.len()), "{tries:?}");
    let release = Command::Release { by: "facilitator".into(), reason: "go".into() };
    assert!(play.ask(release).unwrap_err().contains("not every fault is undone"));
    play.failing.clear();
    play.pass(secs(31));
    assert_eq!(play.status("slow"), "reverted");
}

#[test]
fn ending_while_halted_counts_as_halted() {
    let mut play = Play::begun();
    play.halt();
    play.tell(Command::End { by: "facilitator".into(), reason: "enough".into() });
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::Halted);
}

#[test]
fn a_halt_without_people_ends_the_exercise() {
    let mut play = Play::begun_with(Header { headless: true, ..header(plan()) });
    play.halt();
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::Halted);
}

#[test]
fn halting_a_held_exercise_and_releasing_it_leaves_it_held() {
    let mut play = Play::begun();
    play.pass(mins(1));
    play.hold();
    play.halt();
    play.tell(Command::Release { by: "facilitator".into(), reason: "ok".into() });
    play.pass(mins(10));
    assert!(play.state.held.is_some());
    assert_eq!(play.time(), mins(1));
    assert!((play.state.load.rate(play.now()) - 100.0).abs() < 0.1);
}

#[test]
fn an_end_with_a_fault_that_stays_says_so() {
    let mut play = Play::begun();
    play.pass(mins(8));
    play.failing = vec![play.id("slow")];
    play.tell(Command::End { by: "facilitator".into(), reason: "enough".into() });
    play.until(|state| state.stage == Stage::Ended);
    let (_, why) = play.state.outcome.clone().unwrap();
    assert!(why.contains("NOT undone: slow"), "{why}");
    let end = play.events.iter().position(|one| matches!(one.event, Event::Ended { .. })).unwrap();
    let after = &play.events[end + 1..];
    let begun = after.iter().find(|one| matches!(one.event, Event::RevertStarted { .. }));
    assert_eq!(begun, None, "undoing begins before the end, or not at all");
    assert_eq!(play.status("slow"), "not reverted");
}

#[test]
fn undoing_is_tried_a_last_time_before_the_exercise_ends_without_it() {
    let mut play = Play::begun();
    play.pass(mins(8));
    play.failing = vec![play.id("slow")];
    play.tell(Command::End { by: "facilitator".into(), reason: "enough".into() });
    play.pass(secs(118));
    assert_eq!(play.status("slow"), "not reverted");
    play.failing.clear();
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.status("slow"), "reverted");
    let (_, why) = play.state.outcome.clone().unwrap();
    assert!(!why.contains("NOT undone"), "{why}");
}

#[test]
fn a_fault_that_is_over_stays_over_whatever_its_injecting_says_later() {
    let mut play = Play::begun();
    play.pass(mins(8));
    let id = play.id("slow");
    play.tell(Command::Revert { id, by: "facilitator".into() });
    assert_eq!(play.status("slow"), "reverted");
    let t0 = play.now();
    play.tell(Command::FaultTookEffect { id, round: 0, t0, evidence: "late".into() });
    play.tell(Command::FaultHasFailed { id, round: 0, error: "late".into() });
    assert_eq!(play.status("slow"), "reverted");
}

#[test]
fn a_guardrails_hold_without_people_ends_the_exercise() {
    let mut day = plan();
    day.guardrails[0].then = gameday::gameday::plan::GuardrailAction::Hold;
    let mut play = Play::begun_with(Header { headless: true, ..header(day) });
    play.availability = 0.0;
    play.pass(secs(10));
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::Halted);
}

#[test]
fn a_halt_in_the_last_seconds_is_a_halt() {
    let mut play = Play::begun();
    play.until(|state| state.stage == Stage::Closing);
    play.halt();
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::Halted);
}

#[test]
fn waiting_for_an_undo_does_not_spin() {
    let mut play = Play::begun();
    play.pass(mins(8));
    play.hanging = vec![play.id("slow")];
    play.pass(mins(3));
    assert_eq!(play.status("slow"), "reverting");
    let pause = gameday::exercise::schedule::pause(&play.state, play.now());
    assert!(pause > Span::from_millis(1), "{pause}");
}
