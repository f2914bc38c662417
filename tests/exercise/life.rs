//! The life of an exercise from preparing to its end, and of the load in it.

use gameday::exercise::command::{Command, LoadChange};
use gameday::exercise::effect::Effect;
use gameday::exercise::event::{Event, Outcome, When};
use gameday::exercise::state::{Stage, State};
use gameday::gameday::span::Span;

use super::stage::{Play, assert_near, header, kill, mins, plan, secs};

fn rate(play: &Play) -> f64 {
    play.state.load.rate(play.now())
}

#[test]
fn runs_to_its_end_and_looks_before_and_after() {
    let mut play = Play::begun();
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.state.outcome.as_ref().map(|(outcome, _)| *outcome), Some(Outcome::Completed));
    let times = play.took_effect();
    let expected = [("slow", mins(7)), ("kill", mins(11)), ("slow-2", mins(16))];
    assert_eq!(times.len(), expected.len());
    for ((name, time), (wanted, at)) in times.iter().zip(expected) {
        assert_eq!(name, wanted);
        assert_near(*time, at);
    }
    let checks: Vec<When> = play.state.steady.iter().map(|check| check.when).collect();
    assert_eq!(checks, [When::Before, When::After]);
    assert!(play.state.injections.iter().all(|run| run.status.word() == "reverted"));
    assert!(matches!(play.effects.last(), Some((_, Effect::Silence))));
}

#[test]
fn a_fault_without_duration_lasts_to_the_end_of_its_phase() {
    let mut play = Play::begun();
    play.until(|state| state.stage == Stage::Ended);
    let run = &play.state.injections[play.id("slow-2").0];
    let lasted = run.reverted.unwrap().since(run.t0.unwrap());
    assert_near(lasted, mins(4));
}

#[test]
fn the_load_follows_phase_after_phase() {
    let mut play = Play::begun();
    assert!((rate(&play) - 100.0).abs() < 0.1);
    play.pass(mins(10));
    assert!((rate(&play) - 400.0).abs() < 1.0, "{}", rate(&play));
    play.pass(mins(5) - secs(1));
    assert!((rate(&play) - 699.0).abs() < 1.0, "{}", rate(&play));
    play.pass(secs(2));
    assert!((rate(&play) - 100.0).abs() < 0.1);
}

#[test]
fn load_by_hand_stays_over_phases_until_given_back() {
    let mut play = Play::begun();
    play.tell(Command::ChangeLoad { change: LoadChange::Set(50.0), by: "facilitator".into() });
    play.pass(mins(10));
    assert!((rate(&play) - 50.0).abs() < 0.1);
    play.tell(Command::ChangeLoad { change: LoadChange::Up, by: "facilitator".into() });
    assert!((rate(&play) - 55.0).abs() < 0.1);
    play.tell(Command::ChangeLoad { change: LoadChange::BackToPlan, by: "facilitator".into() });
    assert!((rate(&play) - 400.0).abs() < 1.0, "{}", rate(&play));
    play.pass(mins(2));
    assert!((rate(&play) - 520.0).abs() < 1.0, "{}", rate(&play));
}

#[test]
fn skip_marks_what_did_not_start() {
    let mut play = Play::begun();
    play.pass(mins(8));
    assert_eq!(play.status("slow"), "active");
    play.tell(Command::SkipPhase { by: "facilitator".into() });
    assert_eq!(play.status("kill"), "skipped");
    assert_eq!(play.state.current_phase().unwrap().0, 2);
    play.pass(mins(1) + secs(1));
    assert_eq!(play.status("slow-2"), "active");
}

#[test]
fn extend_moves_the_end_and_what_follows() {
    let mut play = Play::begun();
    play.tell(Command::ExtendPhase { amount: mins(2), by: "facilitator".into() });
    assert_eq!(play.state.foreseen_end(), mins(22));
    play.until(|state| state.stage == Stage::Ended);
    assert_near(play.took_effect()[0].1, mins(9));
}

#[test]
fn delay_and_cancel() {
    let mut play = Play::begun();
    let (slow, kill) = (play.id("slow"), play.id("kill"));
    play.tell(Command::DelayInjection { id: slow, amount: mins(1), by: "facilitator".into() });
    play.tell(Command::CancelInjection { id: kill, by: "facilitator".into() });
    play.until(|state| state.stage == Stage::Ended);
    assert_near(play.took_effect()[0].1, mins(8));
    assert_eq!(play.status("kill"), "skipped");
    assert_eq!(play.took_effect().len(), 2);
}

#[test]
fn a_repeating_kill_repeats_while_it_lasts() {
    let mut day = plan();
    day.phases[1].injections[1].experiment = kill(Some(secs(30)), Some(mins(2)));
    let mut play = Play::begun_with(header(day));
    play.until(|state| state.stage == Stage::Ended);
    let id = play.id("kill");
    let rounds = play.events.iter().filter(|envelope| {
        matches!(envelope.event, Event::InjectionStarted { id: other, .. } if other == id)
    });
    assert_eq!(rounds.count(), 4);
    assert_eq!(play.status("kill"), "reverted");
}

#[test]
fn every_injection_has_its_way_back_on_record_before_it_acts() {
    let mut play = Play::begun();
    play.until(|state| state.stage == Stage::Ended);
    let mut ledger = State::new(play.state.header.clone());
    for envelope in &play.events {
        if matches!(envelope.event, Event::InjectionActive { .. }) {
            let Event::InjectionActive { id, .. } = envelope.event else { unreachable!() };
            assert!(!ledger.injections[id.0].undos.is_empty(), "{id} acted without a way back");
        }
        gameday::exercise::fold::apply(&mut ledger, envelope);
    }
}

#[test]
fn a_blast_radius_above_the_ceiling_is_not_injected() {
    let mut play = Play::begun();
    play.risk = gameday::exercise::blast::Risk::High;
    play.pass(mins(8));
    assert_eq!(play.status("slow"), "failed");
    let problem = play.state.injections[play.id("slow").0].problem.clone().unwrap();
    assert!(problem.contains("risk high") && problem.contains("controlled"), "{problem}");
    assert!(!play.effects.iter().any(|(_, effect)| matches!(effect, Effect::Inject { .. })));
}

#[test]
fn no_go_waits_for_an_override_with_a_reason() {
    let mut play = Play::new(header(plan()));
    play.availability = 0.5;
    play.tell(Command::TargetIsReady { base_url: "http://127.0.0.1:1".into(), what: "x".into() });
    play.until(|state| state.stage == Stage::NoGo);
    play.pass(mins(5));
    assert_eq!(play.state.stage, Stage::NoGo);
    let by = || "facilitator".to_owned();
    play.ask(Command::OverrideNoGo { by: by(), reason: " ".into() }).unwrap_err();
    play.tell(Command::OverrideNoGo { by: by(), reason: "known".into() });
    assert_eq!(play.state.stage, Stage::Running);
    assert_eq!(play.time(), Span::ZERO);
}

#[test]
fn no_go_ends_a_headless_exercise() {
    let mut play =
        Play::new(gameday::exercise::header::Header { headless: true, ..header(plan()) });
    play.availability = 0.5;
    play.tell(Command::TargetIsReady { base_url: "http://127.0.0.1:1".into(), what: "x".into() });
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.state.outcome.clone().unwrap().0, Outcome::NotStarted);
}

#[test]
fn no_data_is_a_no_go() {
    let mut play = Play::new(header(plan()));
    play.tell(Command::TargetIsReady { base_url: "http://127.0.0.1:1".into(), what: "x".into() });
    let stamp = gameday::exercise::stamp::Stamp::new(secs(60), 1_700_000_060_000);
    gameday::exercise::decide::advance(&mut play.state, Command::Tick, stamp).unwrap();
    assert_eq!(play.state.stage, Stage::NoGo);
    assert_eq!(play.state.steady[0].findings[0].value, None);
}

#[test]
fn a_target_that_cannot_be_had_ends_before_it_starts() {
    let mut play = Play::new(header(plan()));
    play.tell(Command::TargetHasFailed { error: "no ports left".into() });
    let (outcome, why) = play.state.outcome.clone().unwrap();
    assert_eq!((outcome, why.english()), (Outcome::NotStarted, "no ports left"));
}
