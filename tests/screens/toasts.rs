//! Toasts: what is worth one, what it says to do, where it stands, and how it goes.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::id::{IncidentId, InjectionId, LeverId};
use gameday::exercise::incident::Severity;
use gameday::exercise::lever::Lever;
use gameday::exercise::state::{Stage, State};
use gameday::exercise::undo::Undo;
use gameday::gameday::plan::GuardrailAction;
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::port::feed::FeedItem;
use gameday::tui::action::ActionId;
use gameday::tui::answer::Outcome;
use gameday::tui::intake::take;
use gameday::tui::key::{Code, Key};
use gameday::tui::keyfile;
use gameday::tui::mouse::{Did, Mouse};
use gameday::tui::pending::Pending;
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::toast::{Kind, Toast};
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, press};
use gameday::tui::view::hits::hits;
use ratatui::layout::Rect;

use super::scenes::{self, secs};
use super::whole::{SIZES, facilitator, screen, screen_in, texts};

const KINDS: [Kind; 19] = [
    Kind::FaultFailed,
    Kind::FaultHalfway,
    Kind::NotReverted,
    Kind::NotRecording,
    Kind::RecordingAgain,
    Kind::NeverLoad,
    Kind::NoLoad,
    Kind::NeverTarget,
    Kind::NoTarget,
    Kind::Guardrail(GuardrailAction::Warn),
    Kind::Guardrail(GuardrailAction::Hold),
    Kind::Guardrail(GuardrailAction::Halt),
    Kind::Halted,
    Kind::HaltedLate,
    Kind::Refused,
    Kind::RefusedLine,
    Kind::LeverFailed,
    Kind::DataUnknown,
    Kind::Incident,
];

/// Every place of every text, filled.
fn facts() -> Vec<(&'static str, gameday::exercise::said::Said)> {
    let names = ["fault", "why", "rule", "value", "who", "lever", "what", "team", "number"];
    names.map(|name| (name, name.into())).to_vec()
}

fn toast(kind: Kind, came: Span) -> Toast {
    Toast { kind, facts: facts(), came }
}

fn with(state: &State, ui: Ui, kinds: &[Kind]) -> Ui {
    let mut ui = ui;
    for kind in kinds {
        ui.toasts.put(toast(*kind, state.now.elapsed));
    }
    ui
}

/// Takes an event in as it comes from the feed.
fn happen(state: &mut State, ui: &mut Ui, event: Event) {
    let now = state.now;
    let envelope = Envelope { seq: state.seq + 1, stamp: now, event };
    take(FeedItem::Event(Arc::new(envelope)), now.elapsed, state, ui);
}

/// What went wrong in a bad minute.
pub(super) fn bad_minute() -> (State, Ui) {
    let (mut state, mut ui) = (scenes::fault_active(), facilitator());
    let team = || "サポート".to_owned();
    let lever = Lever::Restart { pod: "web-app-2".into() };
    let id = LeverId(0);
    happen(
        &mut state,
        &mut ui,
        Event::LeverPulled { id, lever, team: team(), author: "ada".into() },
    );
    let said = "web-app-2 は起動しない: no answer in 10s\u{1b}[2J".to_owned();
    happen(&mut state, &mut ui, Event::LeverDone { id, ok: false, said: said.into() });
    happen(&mut state, &mut ui, Event::GuardrailFired { rule: 0, value: 0.31 });
    let error = "web-app-4 does not come back: no answer in 5s, and neither does its neighbour \
                 which was asked three times in a row and kept silent for the whole of a minute"
        .to_owned();
    happen(
        &mut state,
        &mut ui,
        Event::RevertFailed { id: InjectionId(0), attempt: 1, error: error.into() },
    );
    (state, ui)
}

#[test]
fn toasts_at_every_size() {
    let (state, mut ui) = bad_minute();
    for size in SIZES {
        let name = |what: &str| format!("{what}-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name("toasts"), screen(&state, &ui, size));
        ui.looks.ascii = true;
        insta::assert_snapshot!(name("toasts-ascii"), screen(&state, &ui, size));
        ui.looks.ascii = false;
    }
    let japanese = screen_in(Language::Japanese, &state, &ui, (120, 40));
    insta::assert_snapshot!("toasts-ja", japanese);
    // A narrow window has room for the newest, and says that there are more.
    let says = screen(&state, &ui, (60, 16));
    assert!(says.contains("✗ FAULT NOT REVERTED") && says.contains("+2"), "{says}");
}

#[test]
fn they_never_cover_what_must_be_seen() {
    for place in [Place::Live, Place::Briefing, Place::Debrief, Place::Report] {
        let base = scenes::with_briefing(scenes::fault_active());
        let ui = || {
            let mut ui = Ui { place, ..facilitator() };
            ui.learnt.learn(&base, texts(Language::English));
            ui
        };
        for (size, hint) in [((60, 16), 0), ((80, 24), 1), ((120, 40), 1), ((200, 60), 1)] {
            let without = screen(&base, &ui(), size);
            for three in KINDS.windows(3) {
                let with = screen(&base, &with(&base, ui(), three), size);
                let at = format!("{place:?} at {size:?}, {three:?}:\n{with}");
                let (without, with): (Vec<_>, Vec<_>) =
                    (without.lines().collect(), with.lines().collect());
                assert_eq!(without[..4], with[..4], "{at}");
                let below = with.len() - 2 - hint;
                assert_eq!(without[below], with[below], "{at}");
                assert!(with.iter().any(|row| row.contains("+2") || row.contains('╚')), "{at}");
            }
        }
    }
}

#[test]
fn each_says_what_to_do_with_the_keys_in_force() {
    let keys = "keymap: v1\nscreen:\n  F6: hold\n  <space>: none\n  F7: release\n  R: none\n";
    let (bindings, problems) = keyfile::read(keys);
    assert!(bindings.is_some(), "{problems:?}");
    let bindings = bindings.map(Arc::new);
    let state = scenes::fault_active();
    for language in LANGUAGES {
        for kind in KINDS {
            for participants in [false, true] {
                let mut state = state.clone();
                state.participants = participants;
                let ui = Ui { bindings: bindings.clone(), ..facilitator() };
                let says = screen_in(language, &state, &with(&state, ui, &[kind]), (200, 60));
                assert!(!says.contains("toast-") && !says.contains("{$"), "{kind:?}:\n{says}");
                let row = |what: &str| says.lines().any(|line| line.contains(what));
                assert!(row(kind.sign()), "{kind:?}: {says}");
                if !participants && kind == Kind::Halted {
                    assert!(row("F7"), "{says}");
                }
                if kind == Kind::Guardrail(GuardrailAction::Hold) {
                    assert!(row("F6"), "{says}");
                }
                // They are told these too, and have no key that releases.
                let told = [Kind::Halted, Kind::HaltedLate, Kind::NoLoad, Kind::NoTarget];
                if participants && told.contains(&kind) {
                    assert!(!row("F7"), "{kind:?}: {says}");
                }
            }
        }
    }
}

#[test]
fn what_went_wrong_is_told_and_stands_in_the_log() {
    let running = scenes::fault_active;
    let error = || "it broke".to_owned();
    let id = InjectionId(1);
    let refused = |state: &mut State, ui: &mut Ui| {
        take(
            FeedItem::Refused { why: "no such team".into(), of: None },
            state.now.elapsed,
            state,
            ui,
        );
    };
    for (mut state, event, kind) in [
        (
            running(),
            Event::InjectionFailed { id, round: 0, error: error().into() },
            Some(Kind::FaultFailed),
        ),
        (
            running(),
            Event::RevertFailed { id, attempt: 1, error: error().into() },
            Some(Kind::NotReverted),
        ),
        (running(), Event::LoadFailed { error: error().into() }, Some(Kind::NoLoad)),
        (scenes::preflight(), Event::LoadFailed { error: error().into() }, Some(Kind::NeverLoad)),
        (running(), Event::TargetFailed { error: error().into() }, Some(Kind::NoTarget)),
        (
            scenes::preparing(),
            Event::TargetFailed { error: error().into() },
            Some(Kind::NeverTarget),
        ),
        (
            running(),
            Event::GuardrailFired { rule: 0, value: 0.4 },
            Some(Kind::Guardrail(GuardrailAction::Halt)),
        ),
        (
            running(),
            Event::Halted { by: "facilitator".into(), reason: error().into() },
            Some(Kind::Halted),
        ),
        (
            scenes::closing(),
            Event::Halted { by: "ben".into(), reason: error().into() },
            Some(Kind::HaltedLate),
        ),
        (running(), Event::IntegrityFailed { error: error().into() }, Some(Kind::DataUnknown)),
        (running(), Event::Released { by: "ben".into(), reason: error() }, None),
        (running(), Event::GuardrailFired { rule: 9, value: 0.4 }, None),
    ] {
        let mut ui = facilitator();
        let before = state.log.len();
        happen(&mut state, &mut ui, event.clone());
        let told: Vec<_> = ui.toasts.at(state.now.elapsed).map(|one| one.kind).collect();
        assert_eq!(told, kind.into_iter().collect::<Vec<_>>(), "{event:?}");
        if kind.is_some() {
            assert!(state.log.len() > before, "{event:?} is not in the log");
        }
    }
    let (mut state, mut ui) = (running(), facilitator());
    refused(&mut state, &mut ui);
    let resume = Command::Resume { by: "facilitator".into() };
    ui.unconfirmed = vec![Pending::new("hello", vec![resume.clone()])];
    let (why, of) = ("no such team".into(), Some(Box::new(resume)));
    take(FeedItem::Refused { why, of }, state.now.elapsed, &mut state, &mut ui);
    let told: Vec<_> = ui.toasts.at(state.now.elapsed).map(|one| one.kind).collect();
    assert_eq!(told, [Kind::RefusedLine, Kind::Refused]);
    // The recording: when it stops, and when it goes on; not in between.
    let (mut state, mut ui) = (running(), facilitator());
    for (trouble, kind) in [
        (None, None),
        (Some("full"), Some(Kind::NotRecording)),
        (Some("still full"), None),
        (None, Some(Kind::RecordingAgain)),
    ] {
        ui.toasts.dismiss();
        let item = FeedItem::RecordingTrouble(trouble.map(str::to_owned));
        take(item, state.now.elapsed, &mut state, &mut ui);
        assert_eq!(ui.toasts.at(state.now.elapsed).next().map(|one| one.kind), kind);
    }
    // Incidents: those of others.
    for (author, told) in [("facilitator", 0), ("ada", 1)] {
        let (mut state, mut ui) = (running(), facilitator());
        let event = Event::IncidentOpened {
            id: IncidentId(2),
            team: "sre".into(),
            author: author.into(),
            title: "orders fail".into(),
            severity: Severity::Sev1,
            happened: None,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
        };
        happen(&mut state, &mut ui, event);
        assert_eq!(ui.toasts.at(state.now.elapsed).count(), told, "{author}");
    }
}

#[test]
fn a_fault_that_failed_halfway_is_being_undone() {
    let (mut state, mut ui) = (scenes::running(205), facilitator());
    let id = InjectionId(0);
    let undo = Undo { key: "k".into(), what: "start them".into(), data: Default::default() };
    let arm = Event::InjectionArmed { id, round: 0, by: "plan".into() };
    let start = Event::InjectionStarted {
        id,
        round: 0,
        victims: vec!["web-app-1".into()],
        peers: Vec::new(),
        undo,
        blast: Default::default(),
    };
    for event in [arm, start] {
        let envelope = Envelope { seq: state.seq + 1, stamp: state.now, event };
        apply(&mut state, &envelope);
    }
    happen(&mut state, &mut ui, Event::InjectionFailed { id, round: 0, error: "no".into() });
    assert_eq!(ui.toasts.at(state.now.elapsed).next().unwrap().kind, Kind::FaultHalfway);
}

#[test]
fn they_go_with_time_a_key_or_a_click() {
    let (mut state, ui) = bad_minute();
    let seen = |state: &State, ui: &Ui| screen(state, ui, (120, 40)).contains("LEVER FAILED");
    assert!(seen(&state, &ui));
    let came = state.now;
    state.now = scenes::at(came.elapsed.as_millis() / 1_000 + 19);
    assert!(seen(&state, &ui));
    state.now = scenes::at(came.elapsed.as_millis() / 1_000 + 20);
    assert!(!seen(&state, &ui), "its time is over");

    let (state, mut ui) = bad_minute();
    let footer = screen(&state, &ui, (120, 40));
    assert!(footer.lines().last().unwrap().contains("Esc close messages"), "{footer}");
    // Typing has an Escape of its own.
    press(Key::char('i'), &state, &mut ui);
    assert!(press(Key::plain(Code::Esc), &state, &mut ui).is_empty());
    assert!(seen(&state, &ui));
    assert!(press(Key::plain(Code::Esc), &state, &mut ui).is_empty());
    assert!(ui.toasts.is_empty() && ui.notice.is_none() && !seen(&state, &ui));
    press(Key::plain(Code::Esc), &state, &mut ui);
    assert!(ui.notice.is_some_and(|notice| notice.bad), "there is none");

    let (state, mut ui) = bad_minute();
    let theme = Theme::named("dark", Depth::True).unwrap();
    let lang = Lang::new(Language::English);
    let scene = Scene { state: &state, ui: &ui, theme: &theme, lang: &lang, now: state.now };
    let reached = hits(&scene, Rect::new(0, 0, 120, 40));
    let close = |hit: &&gameday::tui::mouse::Hit| {
        hit.target == gameday::tui::mouse::Target::Action(ActionId::Dismiss) && hit.area.height > 1
    };
    let hit = *reached.iter().find(close).unwrap();
    let at = ratatui::layout::Position::new(hit.area.x + 3, hit.area.y + 1);
    let outcomes: Vec<Outcome> = mouse(Mouse { did: Did::Press, at }, &state, &mut ui, &reached);
    assert!(outcomes.is_empty() && ui.toasts.is_empty());
}

#[test]
fn what_lies_over_the_screen_lies_over_them() {
    let (state, mut ui) = bad_minute();
    press(Key::char('?'), &state, &mut ui);
    let (help, _) = (screen(&state, &ui, (80, 24)), press(Key::ctrl('x'), &state, &mut ui));
    assert!(!help.contains("LEVER FAILED"), "{help}");
    let halting = screen(&state, &ui, (80, 24));
    assert!(halting.contains("HALT ALL?"), "{halting}");
    assert_eq!(state.stage, Stage::Running);
    assert_eq!(ui.toasts.at(secs(0)).count(), 3);
}
