//! The briefing before the first phase: who ends it, when it ends by itself, and what is recorded of it.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Event, Outcome, When};
use gameday::exercise::fold::folded;
use gameday::exercise::go::{findings, goes_at};
use gameday::exercise::header::Header;
use gameday::exercise::state::{Stage, State};
use gameday::gameday::span::Span;

use super::stage::{Play, assert_near, header, mins, plan, secs};

fn by() -> String {
    "facilitator".into()
}

/// An exercise whose target is ready, with a briefing that goes by itself after ten seconds.
fn briefing() -> Play {
    briefing_with(Header { briefing: Some(secs(10)), ..header(plan()) })
}

fn briefing_with(header: Header) -> Play {
    let mut play = Play::new(header);
    let (base_url, what) = ("http://127.0.0.1:1".into(), "x".into());
    play.tell(Command::TargetIsReady { base_url, what });
    play
}

fn checks(play: &Play) -> Vec<(When, bool)> {
    play.state.steady.iter().map(|check| (check.when, check.holds)).collect()
}

fn go_by(play: &Play) -> Option<&str> {
    play.state.briefing.go.as_ref().map(|(_, by)| by.as_str())
}

#[test]
fn goes_by_itself_when_every_check_has_held_for_so_long() {
    let mut play = briefing();
    play.pass(secs(17));
    assert_eq!(play.state.stage, Stage::Preflight);
    play.until(|state| state.stage == Stage::Running);
    // Eight seconds until there is enough to tell, ten of countdown, each to the next sample.
    assert_near(play.now().elapsed, secs(18));
    assert_eq!(go_by(&play), Some("countdown"));
    assert_eq!(checks(&play), [(When::Before, true)]);
    assert_near(play.time(), Span::ZERO);
    play.pass(mins(1));
    assert_near(play.time(), mins(1));
    // Recorded and folded again, it is the same.
    let header = Header::clone(&play.state.header);
    assert_eq!(folded(header, &play.events), play.state);
}

#[test]
fn go_needs_a_steady_state_that_was_measured() {
    let mut play = briefing();
    play.pass(secs(3));
    assert!(findings(&play.state, play.now()).is_none());
    let why = play.ask(Command::Go { by: by() }).unwrap_err();
    assert!(why.contains("being measured"), "{why}");
    play.pass(secs(7));
    play.tell(Command::Go { by: by() });
    assert_eq!(play.state.stage, Stage::Running);
    assert_eq!(go_by(&play), Some("facilitator"));
    assert!(play.state.log.iter().any(|entry| entry.text == "Go, by facilitator"));
    play.ask(Command::Go { by: by() }).unwrap_err();
}

#[test]
fn a_held_briefing_waits_for_a_word() {
    let mut play = briefing();
    play.pass(secs(12));
    assert!(goes_at(&play.state).is_some());
    play.tell(Command::HoldBriefing { by: by() });
    assert_eq!(goes_at(&play.state), None);
    play.ask(Command::HoldBriefing { by: by() }).unwrap_err();
    play.pass(mins(30));
    assert_eq!(play.state.stage, Stage::Preflight);
    play.tell(Command::Go { by: by() });
    assert_eq!(play.state.stage, Stage::Running);
    play.until(|state| state.stage == Stage::Ended);
    let outcome = play.state.outcome.as_ref().map(|(outcome, _)| *outcome);
    assert_eq!(outcome, Some(Outcome::Completed));
}

#[test]
fn checks_run_on_and_the_countdown_begins_anew_when_they_hold_again() {
    let mut play = briefing();
    play.pass(secs(12));
    let first = goes_at(&play.state).unwrap();
    play.availability = 0.5;
    play.pass(secs(3));
    assert_eq!(goes_at(&play.state), None);
    let seen = findings(&play.state, play.now()).unwrap();
    assert!(seen.iter().any(|finding| !finding.holds && finding.value.is_some()));
    let why = play.ask(Command::Go { by: by() }).unwrap_err();
    assert!(why.contains("no-go"), "{why}");
    play.pass(mins(5));
    assert_eq!(play.state.stage, Stage::Preflight);
    play.availability = 1.0;
    play.until(|state| goes_at(state).is_some());
    assert!(goes_at(&play.state).unwrap() > first + mins(5));
    play.until(|state| state.stage == Stage::Running);
    assert_eq!(checks(&play), [(When::Before, true)]);
}

#[test]
fn a_no_go_is_overridden_with_a_reason_that_is_recorded() {
    let mut play = briefing();
    play.availability = 0.5;
    play.pass(secs(2));
    let early = Command::OverrideNoGo { by: by(), reason: "known".into() };
    play.ask(early).unwrap_err();
    play.pass(secs(10));
    play.ask(Command::OverrideNoGo { by: by(), reason: " ".into() }).unwrap_err();
    play.tell(Command::OverrideNoGo { by: by(), reason: "known".into() });
    assert_eq!(play.state.stage, Stage::Running);
    assert_eq!(play.state.overridden, Some((by(), "known".into())));
    assert_eq!(checks(&play), [(When::Before, false)]);
    assert_eq!(go_by(&play), None);
}

#[test]
fn an_override_of_what_holds_again_goes_with_its_reason() {
    let mut play = briefing();
    play.pass(secs(10));
    play.tell(Command::OverrideNoGo { by: by(), reason: "it was red".into() });
    assert_eq!(play.state.stage, Stage::Running);
    assert_eq!(checks(&play), [(When::Before, true)]);
    assert_eq!(go_by(&play), Some("facilitator"));
    assert_eq!(play.state.overridden, Some((by(), "it was red".into())));
}

#[test]
fn without_checks_only_the_countdown_is_waited_for() {
    let mut day = plan();
    day.steady_state.clear();
    let mut play = briefing_with(Header { briefing: Some(secs(10)), ..header(day.clone()) });
    play.pass(secs(2));
    play.tell(Command::Go { by: by() });
    assert_eq!(play.state.stage, Stage::Running);
    let mut play = briefing_with(Header { briefing: Some(secs(10)), ..header(day) });
    play.until(|state| state.stage == Stage::Running);
    assert!(play.now().elapsed <= secs(12), "{}", play.now().elapsed);
}

#[test]
fn without_a_person_there_is_no_briefing() {
    let headless = Header { headless: true, briefing: Some(mins(10)), ..header(plan()) };
    for header in [headless, header(plan())] {
        let mut play = briefing_with(header);
        play.until(|state| state.stage == Stage::Running);
        assert_near(play.now().elapsed, secs(8));
        assert!(!play.events.iter().any(|one| matches!(one.event, Event::GoGiven { .. })));
    }
}

#[test]
fn ending_or_halting_at_the_briefing_starts_nothing() {
    for (command, outcome) in [
        (Command::End { by: by(), reason: "not today".into() }, Outcome::NotStarted),
        (Command::Halt { by: by(), reason: "smoke".into() }, Outcome::Halted),
    ] {
        let mut play = briefing();
        play.pass(secs(5));
        play.tell(command);
        play.until(|state| state.stage == Stage::Ended);
        assert_eq!(play.state.outcome.as_ref().map(|(outcome, _)| *outcome), Some(outcome));
        assert!(play.took_effect().is_empty());
    }
}

#[test]
fn a_header_of_before_there_were_briefings_is_read() {
    let header = header(plan());
    let text = serde_json::to_string(&header).unwrap();
    assert!(!text.contains("briefing"));
    assert_eq!(serde_json::from_str::<Header>(&text).unwrap(), header);
    assert!(State::new(Arc::new(header)).header.briefing.is_none());
}
