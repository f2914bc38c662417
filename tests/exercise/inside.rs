//! The inside of the target in an exercise: the data's checkpoint and comparison, instruments, levers of the teams.

use std::collections::BTreeMap;

use gameday::exercise::command::Command;
use gameday::exercise::effect::Effect;
use gameday::exercise::event::{Event, Outcome};
use gameday::exercise::id::LeverId;
use gameday::exercise::lever::Lever;
use gameday::exercise::reading::{Checkpoint, IntegrityCheck, Reading};
use gameday::exercise::state::Stage;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::measure::parse::parse_trigger;
use gameday::gameday::plan::{Guardrail, GuardrailAction, Limit, Slo};
use gameday::gameday::span::Span;

use super::stage::{Play, header, mins, plan, secs};

fn asked(play: &Play, wanted: &Effect) -> Vec<Span> {
    let all = play.effects.iter().filter(|(_, effect)| effect == wanted);
    all.map(|(at, _)| at.elapsed).collect()
}

fn remembered(play: &mut Play) {
    let tables = vec![("orders".to_owned(), 3)];
    play.tell(Command::CheckpointIsTaken(Checkpoint { tables }));
}

/// Begun, with the data remembered, and at the end of its last phase.
fn closing() -> Play {
    let mut play = Play::begun_with(header(plan()));
    assert_eq!(asked(&play, &Effect::Checkpoint).len(), 1, "asked for once, before any phase");
    remembered(&mut play);
    play.until(|state| state.stage == Stage::Closing);
    play
}

#[test]
fn the_data_is_compared_when_everything_is_undone_and_the_load_has_stopped() {
    let mut play = closing();
    play.until(|state| state.comparing.is_some());
    assert!(play.state.live_injections().next().is_none() && play.state.load.curve.is_none());
    let stopped = play.state.load.stopped.unwrap();
    let waited = play.state.comparing.unwrap().since(stopped);
    assert!((secs(2)..secs(4)).contains(&waited), "{waited} for what was under way");
    play.pass(secs(5));
    assert_eq!(play.state.stage, Stage::Closing, "the end waits for the answer");
    assert_eq!(asked(&play, &Effect::CompareData).len(), 1);
    let check = IntegrityCheck { lost: 2, acknowledged: 10, ..IntegrityCheck::default() };
    play.tell(Command::DataCompared(check.clone()));
    assert_eq!(play.state.stage, Stage::Ended);
    assert_eq!(play.state.integrity, Some(Ok(check)));
    assert!(matches!(play.state.outcome, Some((Outcome::Completed, _))));
    // What comes after the end changes nothing.
    let events = play.events.len();
    play.tell(Command::DataCompared(IntegrityCheck::default()));
    play.tell(Command::ReadingTaken(Reading::default()));
    assert_eq!(play.events.len(), events);
}

#[test]
fn a_comparison_that_never_answers_holds_nobody_up_and_is_no_success() {
    let mut play = closing();
    play.until(|state| state.stage == Stage::Ended);
    let took = play.now().since(play.state.comparing.unwrap());
    assert!((secs(20)..secs(22)).contains(&took), "{took}");
    assert!(play.state.integrity.clone().unwrap().unwrap_err().contains("no answer"));
}

#[test]
fn without_instruments_there_is_nothing_to_compare_and_the_end_comes_as_before() {
    let mut play = Play::begun_with(header(plan()));
    play.until(|state| state.stage == Stage::Ended);
    assert!(asked(&play, &Effect::CompareData).is_empty());
    assert_eq!(play.state.integrity, None);
    let mut play = Play::begun_with(header(plan()));
    play.tell(Command::DataCheckHasFailed { error: "no disk".into() });
    play.until(|state| state.stage == Stage::Ended);
    assert!(asked(&play, &Effect::CompareData).is_empty(), "nothing to compare with");
    assert_eq!(play.state.integrity, Some(Err("no disk".into())));
}

#[test]
fn a_halted_exercise_is_compared_too() {
    let mut play = Play::begun_with(header(plan()));
    remembered(&mut play);
    play.pass(mins(8));
    play.halt();
    play.tell(Command::End { by: "facilitator".into(), reason: "enough".into() });
    play.until(|state| state.comparing.is_some());
    play.tell(Command::DataCompared(IntegrityCheck::default()));
    assert!(matches!(play.state.outcome, Some((Outcome::Halted, _))));
}

fn reading(play: &Play, value: Option<f64>) -> Command {
    let values: BTreeMap<Instrument, f64> =
        value.into_iter().map(|value| (Instrument::QueueDepth, value)).collect();
    let start = play.now().elapsed - secs(1);
    Command::ReadingTaken(Reading { start, length: secs(1), values, ..Reading::default() })
}

#[test]
fn guardrails_and_slos_watch_instruments_like_anything_else() {
    let mut day = plan();
    let when = parse_trigger("queue_depth > 100 for 3s").unwrap();
    day.guardrails = vec![Guardrail { when, then: GuardrailAction::Hold }];
    let metric = "queue_depth".parse().unwrap();
    let limit = Limit { metric, min: None, max: Some(50.0) };
    day.slos = vec![Slo { name: "queue".into(), limit }];
    let mut play = Play::begun_with(header(day));
    let second = |play: &mut Play, value| {
        play.pass(secs(1));
        let reading = reading(play, value);
        play.tell(reading);
    };
    second(&mut play, Some(10.0));
    assert!(play.state.slos[0].breached().is_none());
    for _ in 0..2 {
        second(&mut play, Some(150.0));
    }
    assert!(play.state.slos[0].breached().is_some(), "outside its limit");
    assert!(play.state.held.is_none(), "not for three seconds yet");
    // A second that nobody read proves nothing: the count begins anew.
    second(&mut play, None);
    for _ in 0..2 {
        second(&mut play, Some(150.0));
    }
    assert!(play.state.held.is_none());
    second(&mut play, Some(150.0));
    assert!(play.state.held.is_some(), "three seconds in a row");
    assert_eq!(play.state.guardrails[0].fired.len(), 1);
}

#[test]
fn levers_are_pulled_once_they_are_written_down_and_answer_once() {
    let mut play = Play::begun_with(header(plan()));
    play.pass(mins(1));
    let pull = |team: &str| Command::PullLever {
        lever: Lever::Promote,
        team: team.into(),
        author: "Kim".into(),
    };
    assert!(play.ask(pull("nobody")).unwrap_err().contains("no team"));
    play.tell(pull("sre"));
    let id = LeverId(1);
    assert_eq!(asked(&play, &Effect::Pull { id, lever: Lever::Promote }).len(), 1);
    assert_eq!(play.state.levers[0].outcome, None);
    play.tell(Command::LeverIsDone { id, ok: true, said: "promoted".into() });
    play.tell(Command::LeverIsDone { id, ok: false, said: "again".into() });
    let done = |event: &Event| matches!(event, Event::LeverDone { .. });
    assert_eq!(play.events.iter().filter(|one| done(&one.event)).count(), 1);
    let outcome = play.state.levers[0].outcome.clone().unwrap().1;
    assert_eq!(outcome, Ok("promoted".into()));
    let said: Vec<&str> = play.state.log.iter().map(|line| line.text.english()).collect();
    assert!(said.contains(&"Kim (sre): promote") && said.contains(&"promote done: promoted"));
}
