//! The eight known ways to get a hold wrong, each as a test, and what a hold means.

use gameday::exercise::command::{Command, LoadChange};
use gameday::exercise::state::Stage;
use gameday::gameday::span::Span;

use super::stage::{Play, assert_near, header, kill, mins, plan, secs};

/// 1. "Trigger now" was delayed by the length of an earlier pause.
#[test]
fn inject_now_after_a_hold_is_now() {
    let mut play = Play::begun();
    play.pass(mins(1));
    play.hold();
    play.pass(mins(30));
    play.resume();
    play.pass(mins(1));
    let id = play.id("slow");
    play.tell(Command::InjectNow { id, by: "facilitator".into() });
    assert_eq!(play.status("slow"), "active");
    assert_near(play.took_effect()[0].1, mins(2));
}

/// 2. A long pause fired, or expired, everything at once.
#[test]
fn a_long_hold_fires_and_expires_nothing() {
    let mut play = Play::begun();
    play.pass(mins(6));
    play.hold();
    let events = play.events.len();
    play.pass(mins(200));
    let happened = play.events[events..]
        .iter()
        .filter(|one| !matches!(one.event, gameday::exercise::event::Event::Sampled(_)));
    assert_eq!(happened.count(), 0);
    play.resume();
    assert_eq!(play.status("slow"), "planned");
    play.until(|state| state.stage == Stage::Ended);
    let times: Vec<Span> = play.took_effect().into_iter().map(|(_, time)| time).collect();
    for (time, expected) in times.iter().zip([mins(7), mins(11), mins(16)]) {
        assert_near(*time, expected);
    }
}

/// 3. The first injection after a pause was lost.
#[test]
fn the_first_injection_after_a_hold_is_not_lost() {
    let mut play = Play::begun();
    play.pass(mins(7) - secs(1));
    play.hold();
    play.pass(mins(3));
    play.resume();
    play.pass(secs(2));
    assert_eq!(play.status("slow"), "active");
    assert_near(play.took_effect()[0].1, mins(7));
}

/// 4. The pause counted as age, so that injections were "too old" to run.
#[test]
fn a_hold_makes_nothing_too_old() {
    let mut play = Play::begun();
    play.hold();
    play.pass(mins(60 * 3));
    play.resume();
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.took_effect().len(), 3);
    assert!(play.state.injections.iter().all(|run| run.status.word() == "reverted"));
}

/// 5. "Trigger now" did nothing.
#[test]
fn inject_now_injects_in_a_hold_too_and_only_once() {
    let mut play = Play::begun();
    play.pass(mins(6));
    play.hold();
    let id = play.id("slow");
    play.tell(Command::InjectNow { id, by: "facilitator".into() });
    assert_eq!(play.status("slow"), "active");
    let again = play.ask(Command::InjectNow { id, by: "facilitator".into() });
    assert!(again.unwrap_err().contains("active already"));
    play.resume();
    play.until(|state| state.stage == Stage::Ended);
    let slow = play.took_effect().into_iter().filter(|(name, _)| name == "slow").count();
    assert_eq!(slow, 1, "it must not start again at its planned time");
}

/// 6. A disabled injection kept the run going for ever.
#[test]
fn a_cancelled_injection_does_not_keep_the_exercise_open() {
    let mut play = Play::begun();
    for name in ["slow", "kill", "slow-2"] {
        let id = play.id(name);
        play.tell(Command::CancelInjection { id, by: "facilitator".into() });
    }
    play.until(|state| state.stage == Stage::Ended);
    assert!(play.took_effect().is_empty());
}

/// 7. An injection started by hand failed where a planned one would not.
#[test]
fn inject_now_of_a_later_phase_works_and_ends() {
    let mut play = Play::begun();
    let id = play.id("slow-2");
    play.tell(Command::InjectNow { id, by: "facilitator".into() });
    assert_eq!(play.status("slow-2"), "active");
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.status("slow-2"), "reverted");
}

/// 8. A reset did not reset: what was set by hand stayed.
#[test]
fn back_to_plan_after_a_hold_is_the_plan() {
    let mut play = Play::begun();
    play.pass(mins(10));
    play.hold();
    play.tell(Command::ChangeLoad { change: LoadChange::Set(9.0), by: "facilitator".into() });
    play.pass(mins(5));
    play.tell(Command::ChangeLoad { change: LoadChange::BackToPlan, by: "facilitator".into() });
    assert!((play.state.load.rate(play.now()) - 400.0).abs() < 1.0);
    play.resume();
    play.pass(mins(1));
    assert!((play.state.load.rate(play.now()) - 460.0).abs() < 1.5);
}

#[test]
fn a_hold_keeps_the_rate_and_the_clock_still() {
    let mut play = Play::begun();
    play.pass(mins(10));
    play.hold();
    let (time, rate) = (play.time(), play.state.load.rate(play.now()));
    play.pass(mins(7));
    assert_eq!(play.time(), time);
    assert!((play.state.load.rate(play.now()) - rate).abs() < f64::EPSILON);
    play.resume();
    play.pass(mins(1));
    assert_near(play.time(), time + mins(1));
    assert!((play.state.load.rate(play.now()) - rate - 60.0).abs() < 1.0);
}

#[test]
fn an_active_fault_runs_out_during_a_hold() {
    let mut play = Play::begun();
    play.pass(mins(8));
    assert_eq!(play.status("slow"), "active");
    play.hold();
    play.pass(mins(2) + secs(1));
    assert_eq!(play.status("slow"), "reverted");
    let run = &play.state.injections[play.id("slow").0];
    assert_near(run.reverted.unwrap().since(run.t0.unwrap()), mins(3));
}

#[test]
fn a_repeating_fault_does_not_bunch_after_a_hold() {
    let mut day = plan();
    day.phases[1].injections[1].experiment = kill(Some(secs(30)), None);
    let mut play = Play::begun_with(header(day));
    play.pass(mins(11) + secs(10));
    let rounds = |play: &Play| play.state.injections[play.id("kill").0].round;
    assert_eq!(rounds(&play), 0);
    play.hold();
    play.pass(mins(3));
    assert_eq!(rounds(&play), 0);
    play.resume();
    play.pass(secs(29));
    assert_eq!(rounds(&play), 1, "one round after the hold, not six");
}

#[test]
fn both_clocks_are_kept() {
    let mut play = Play::begun();
    play.pass(mins(1));
    let before = play.now();
    play.pass(mins(1));
    play.hold();
    play.pass(mins(4));
    play.resume();
    play.pass(mins(2));
    assert_near(play.now().since(before), mins(7));
    assert_near(play.state.stopped_between(before, play.now()), mins(4));
    assert_near(play.time(), mins(4));
}

#[test]
fn hold_twice_and_resume_twice_are_refused() {
    let mut play = Play::begun();
    play.hold();
    let hold = Command::Hold { by: "facilitator".into(), reason: "again".into() };
    assert_eq!(play.ask(hold).unwrap_err(), "held already");
    play.resume();
    assert_eq!(play.ask(Command::Resume { by: "x".into() }).unwrap_err(), "not held");
}
