//! Silences over alerts in an exercise: offered, agreed to, made, made anew, and lifted at every end there is.

use std::collections::BTreeSet;

use gameday::exercise::command::Command;
use gameday::exercise::effect::Effect;
use gameday::exercise::event::{Event, Outcome};
use gameday::exercise::fold::folded;
use gameday::exercise::header::Header;
use gameday::exercise::participant::Teller;
use gameday::exercise::silencing::{LASTS, SilencingStatus as Status, place_of};
use gameday::exercise::state::Stage;
use gameday::gameday::silence::{Silence, parse};

use super::stage::{Play, header, mins, plan, secs};

const SERVER: &str = "http://alerts:9093";

/// A game day that offers two silences, on a server that is known.
fn offering() -> Header {
    let mut day = plan();
    day.silences = ["service=shop", "severity=~\"warn.*\", zone=a"]
        .map(|text| Silence { matchers: parse(text).unwrap(), why: None })
        .to_vec();
    Header { alertmanager: Some(SERVER.into()), ..header(day) }
}

fn agree() -> Command {
    Command::SilenceAlerts { which: Vec::new(), by: "facilitator".into() }
}

fn lift() -> Command {
    Command::LiftSilences { by: "facilitator".into() }
}

fn statuses(play: &Play) -> Vec<Status> {
    play.state.silencings.iter().map(|run| run.status).collect()
}

/// An exercise whose facilitator has agreed to all of it.
fn agreed() -> Play {
    let mut play = Play::begun_with(offering());
    play.tell(agree());
    assert_eq!(statuses(&play), [Status::Active; 2]);
    play
}

/// Every order for a silence stands behind the event that holds its way back.
fn assert_written_first(play: &Play) {
    let orders = play.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::SilenceAlerts { silence, round, order } => Some((*silence, *round, order)),
        _ => None,
    });
    for (silence, round, order) in orders {
        let written = play.events.iter().any(|envelope| {
            matches!(&envelope.event, Event::SilenceStarted { silence: s, round: r, undo, order: o }
                if *s == silence && *r == round && o == order
                    && undo.key == order.key && place_of(undo) == Some(SERVER))
        });
        assert!(written, "{order:?}");
    }
}

/// Nothing is silenced, and everything that was ordered was lifted.
fn assert_heard(play: &Play) {
    assert!(play.state.silencings.iter().all(|run| !run.status.is_live() && run.undo.is_none()));
    let (mut made, mut lifted) = (BTreeSet::new(), BTreeSet::new());
    for (_, effect) in &play.effects {
        match effect {
            Effect::SilenceAlerts { order, .. } => drop(made.insert(order.key.clone())),
            Effect::LiftSilence { undo, .. } => drop(lifted.insert(undo.key.clone())),
            _ => {}
        }
    }
    assert_eq!(made, lifted);
    let header = (*play.state.header).clone();
    assert_eq!(folded(header, &play.events), play.state, "it folds the same");
}

#[test]
fn nothing_is_silenced_unless_somebody_agrees() {
    let mut play = Play::begun_with(offering());
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(statuses(&play), [Status::Offered; 2]);
    assert!(!play.effects.iter().any(|(_, one)| matches!(one, Effect::SilenceAlerts { .. })));
    // Where nobody says on which server, nothing is offered.
    let mut play = Play::begun_with(Header { alertmanager: None, ..offering() });
    assert_eq!(play.ask(agree()), Err("no silence over alerts is offered here".into()));
    let mut none = header(plan());
    none.alertmanager = Some(SERVER.into());
    assert!(Play::begun_with(none).ask(agree()).is_err());
}

#[test]
fn a_silence_begins_with_the_phases_is_made_longer_and_ends_when_the_faults_are_undone() {
    let mut play = Play::new(offering());
    play.tell(Command::SilenceAlerts { which: vec![1], by: "facilitator".into() });
    assert_eq!(statuses(&play), [Status::Offered, Status::Agreed]);
    play.tell(Command::TargetIsReady { base_url: "http://127.0.0.1:1".into(), what: "x".into() });
    play.pass(secs(5));
    assert_eq!(statuses(&play), [Status::Offered, Status::Agreed], "not before the first phase");
    play.until(|state| state.stage == Stage::Running);
    assert_eq!(statuses(&play), [Status::Offered, Status::Active]);
    play.tell(agree());
    assert_eq!(statuses(&play), [Status::Active; 2]);
    assert_eq!(play.ask(agree()), Err("that is agreed already".into()));
    // Twenty minutes, and a hold: each silence is asked for again before it ends by itself.
    play.pass(mins(2));
    play.hold();
    play.pass(mins(30));
    play.resume();
    play.until(|state| {
        assert!(state.silencings.iter().all(|run| {
            state.stage != Stage::Running || run.until - state.now.wall > mins(4).as_millis() as i64
        }));
        state.stage == Stage::Ended
    });
    assert_eq!(statuses(&play), [Status::Lifted; 2]);
    let run = &play.state.silencings[0];
    assert!(run.round >= 4, "{}", run.round);
    assert_eq!(run.times.len(), 1, "one stretch, however often it was made anew");
    assert_written_first(&play);
    assert_heard(&play);
    let place = |which: fn(&Event) -> bool| play.events.iter().position(|one| which(&one.event));
    let undone = play.events.iter().rposition(|one| matches!(one.event, Event::Reverted { .. }));
    assert!(undone < place(|one| matches!(one, Event::LiftStarted { .. })), "faults call people");
    let until = |round_of: &Effect| match round_of {
        Effect::SilenceAlerts { order, .. } => Some(order.until - order.from),
        _ => None,
    };
    let lasts: Vec<i64> = play.effects.iter().filter_map(|(_, one)| until(one)).collect();
    assert!(lasts.iter().all(|one| *one == LASTS.as_millis() as i64), "{lasts:?}");
}

#[test]
fn every_end_lifts_it() {
    let end = |by: &str| Command::End { by: by.into(), reason: "x".into() };
    let halt = Command::Halt { by: "guardrail".into(), reason: "x".into() };
    let real = Command::DeclareReal { by: "facilitator".into(), reason: "x".into() };
    for (stop, ends) in [(end("TERM"), true), (halt, false), (real, false), (lift(), false)] {
        let mut play = agreed();
        play.tell(stop.clone());
        assert_eq!(statuses(&play), [Status::Lifted; 2], "{stop:?}");
        assert_heard(&play);
        assert_eq!(play.state.stage == Stage::Running, !ends, "{stop:?}");
    }
}

#[test]
fn in_an_emergency_every_alert_is_heard_until_somebody_agrees_again() {
    let mut play = agreed();
    play.halt();
    assert!(play.ask(agree()).is_err(), "not now");
    play.tell(Command::Release { by: "facilitator".into(), reason: "fine".into() });
    play.pass(secs(30));
    assert_eq!(statuses(&play), [Status::Lifted; 2], "not by itself");
    play.tell(agree());
    assert_eq!(statuses(&play), [Status::Active; 2]);
    assert_eq!(play.state.silencings[0].times.len(), 2);
}

#[test]
fn who_agreed_may_think_better_of_it_before_it_begins() {
    let mut play = Play::new(offering());
    assert!(play.ask(lift()).is_err());
    play.tell(agree());
    play.tell(lift());
    assert_eq!(statuses(&play), [Status::Offered; 2]);
    play.tell(Command::TargetIsReady { base_url: "http://127.0.0.1:1".into(), what: "x".into() });
    play.until(|state| state.stage == Stage::Running);
    assert!(!play.effects.iter().any(|(_, one)| matches!(one, Effect::SilenceAlerts { .. })));
}

#[test]
fn one_that_cannot_be_made_is_told_and_lifted_all_the_same_where_something_may_be_there() {
    for (nothing, lifts) in [(true, 0), (false, 2)] {
        let mut play = Play::begun_with(offering());
        play.loud = Some(nothing);
        play.tell(agree());
        assert_eq!(statuses(&play), [Status::Failed; 2]);
        let lifted = |(_, one): &&(_, Effect)| matches!(one, Effect::LiftSilence { .. });
        assert_eq!(play.effects.iter().filter(lifted).count(), lifts);
        let told = play.state.log.iter().any(|one| one.text.contains("NOT begun: the silence of"));
        assert!(told);
        // The exercise goes on, and somebody may try again.
        play.loud = None;
        play.tell(agree());
        assert_eq!(statuses(&play), [Status::Active; 2]);
    }
    // One that cannot be made longer is tried again, and lifted at the end.
    let mut play = agreed();
    play.loud = Some(true);
    play.pass(mins(11));
    assert_eq!(statuses(&play), [Status::Active; 2]);
    assert!(play.state.silencings[0].round >= 2);
    play.loud = None;
    play.pass(secs(31));
    assert!(play.state.silencings[0].problem.is_none());
    play.tell(lift());
    assert_heard(&play);
}

#[test]
fn lifting_is_tried_again_and_what_is_left_is_listed() {
    let mut play = agreed();
    play.quiet = true;
    play.tell(Command::End { by: "facilitator".into(), reason: "x".into() });
    play.pass(secs(60));
    assert_eq!(statuses(&play), [Status::NotLifted; 2]);
    assert!(play.state.silencings[0].attempts > 3);
    assert_eq!(play.state.stage, Stage::Closing, "it waits");
    play.until(|state| state.stage == Stage::Ended);
    let (outcome, why) = play.state.outcome.clone().unwrap();
    assert_eq!(outcome, Outcome::EndedEarly);
    let words = "NOT undone: the silence of service=\"shop\", which ends by itself at 22:";
    assert!(why.contains(words), "{why}");
    // A while later than it ends by itself, it is over whatever the server says.
    let mut play = agreed();
    play.quiet = true;
    play.tell(lift());
    play.until(|state| state.silencings.iter().all(|run| !run.status.is_live()));
    assert!(play.now().since(gameday::exercise::stamp::Stamp::new(secs(8), 0)) > LASTS);
    assert!(play.state.silencings[0].lift_evidence.contains("it was to end by itself at"));
}

/// A stray answer of an earlier attempt changes nothing.
#[test]
fn late_answers_are_not_taken_for_others() {
    let mut play = agreed();
    let late = |round| Command::SilenceIsMade {
        silence: 0,
        round,
        until: i64::MAX,
        evidence: "late".into(),
    };
    play.tell(late(9));
    play.tell(lift());
    play.tell(late(1));
    for attempt in [1, 7] {
        let (silence, error) = (0, "late".into());
        play.tell(Command::LiftHasFailed { silence, attempt, error });
    }
    assert_eq!(statuses(&play), [Status::Lifted; 2]);
    assert!(play.state.silencings[0].until < i64::MAX);
}

#[test]
fn participants_are_not_told_what_is_kept_quiet() {
    let play = agreed();
    let mut teller = Teller::new(play.state.header.clone());
    let header = teller.header();
    assert!(header.plan.silences.is_empty() && header.alertmanager.is_none());
    for envelope in &play.events {
        let told = format!("{:?}", teller.tell(envelope));
        assert!(!told.contains("Silenc") && !told.contains(SERVER), "{told}");
    }
}
