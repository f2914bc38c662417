//! What is passed on to others at the screen: status updates, handovers, moments.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::log::EntryKind;
use gameday::exercise::state::State;
use gameday::lang::Language;
use gameday::report::handover::{HOUR, render};
use gameday::tui::answer::Outcome;
use gameday::tui::key::{Code, Key};
use gameday::tui::relay::tongue::Tongue;
use gameday::tui::room::Room;
use gameday::tui::ui::{Overlay, Ui};
use gameday::tui::update::press;

use super::scenes;
use super::whole::{SIZES, facilitator, screen, screen_in, texts};

fn japanese() -> Ui {
    Ui { tongue: Tongue { language: Language::Japanese, ..Tongue::default() }, ..facilitator() }
}

fn after(state: &State, mut ui: Ui, keys: &str) -> Ui {
    for one in keys.chars() {
        assert_eq!(press(Key::char(one), state, &mut ui), [], "{keys}");
    }
    ui
}

/// Two moments were pinned, the later one with words.
fn pinned(mut state: State, team: &str) -> State {
    for text in ["", "here the queue began to grow 🐢"] {
        let (team, author) = (team.to_owned(), "ada".to_owned());
        let event = Event::MomentPinned { team, author, text: text.to_owned() };
        let envelope = Envelope { seq: state.seq + 1, stamp: state.now, event };
        apply(&mut state, &envelope);
    }
    state
}

pub(super) fn moments() -> State {
    pinned(scenes::people(), "facilitator")
}

fn cases() -> Vec<(&'static str, State, Ui)> {
    let wrong = Tongue { updates: Some("{% for".into()), ..Tongue::default() };
    let wrong = Ui { tongue: wrong, ..facilitator() };
    let joined = scenes::joined(&scenes::people());
    let told = pinned(joined.clone(), "sre");
    vec![
        ("relay-update", scenes::people(), after(&scenes::people(), facilitator(), "U14:30")),
        (
            "relay-update-quiet",
            scenes::running(100),
            after(&scenes::running(100), facilitator(), "U"),
        ),
        ("relay-update-wrong", scenes::people(), after(&scenes::people(), wrong, "U")),
        ("relay-handover", scenes::people(), after(&scenes::people(), facilitator(), "W")),
        (
            "relay-handover-end",
            scenes::ended(),
            after(&scenes::ended(), facilitator(), "Wjjjjjjjjjj"),
        ),
        ("relay-handover-joined", joined.clone(), after(&joined, Ui::new("ada"), "W")),
        ("relay-moments", moments(), after(&moments(), facilitator(), "M")),
        ("relay-moments-joined", told.clone(), after(&told, Ui::new("ada"), "Mk")),
        ("relay-update-joined", joined.clone(), after(&joined, Ui::new("ada"), "U")),
    ]
}

#[test]
fn everything_passed_on_at_every_size() {
    for (name, state, ui) in cases() {
        for size in SIZES {
            insta::assert_snapshot!(
                format!("{name}-{}x{}", size.0, size.1),
                screen(&state, &ui, size)
            );
        }
    }
    for (name, key) in [
        ("relay-update-ja-80x24", "U"),
        ("relay-handover-ja-80x24", "W"),
        ("relay-moments-ja-80x24", "M"),
    ] {
        let ui = after(&moments(), japanese(), key);
        let text = screen_in(Language::Japanese, &moments(), &ui, (80, 24));
        insta::assert_snapshot!(name, text);
    }
}

/// What is sent is what was written; the log has it in one line, which also a participant can hand over.
#[test]
fn an_update_is_finished_copied_and_logged() {
    let enter = Key::plain(Code::Enter);
    for (state, by) in
        [(scenes::people(), "facilitator"), (scenes::joined(&scenes::people()), "ada")]
    {
        let mut ui = after(&state, Ui::new(by), "U14:30 UTC");
        let [Outcome::Tell { text, command }] = &press(enter, &state, &mut ui)[..] else {
            panic!()
        };
        assert!(ui.dialog.is_none());
        assert!(text.lines().count() > 2 && text.ends_with("\nNext update: 14:30 UTC"), "{text}");
        let Command::Log { team, author, text: logged, kind, .. } = &**command else { panic!() };
        assert_eq!((team.as_str(), author.as_str(), *kind), ("sre", by, EntryKind::Update));
        assert!(logged.ends_with(" / Next update: 14:30 UTC"), "{logged}");
        assert_eq!(
            logged.split(" / ").collect::<Vec<_>>(),
            text.lines().map(str::trim).collect::<Vec<_>>()
        );
        assert!(Room::may(command));
    }
    // Nothing, or a book, is not sent.
    let state = scenes::people();
    for (own, key) in
        [(" ".to_owned(), "answer-update-empty"), ("x".repeat(4_001), "answer-update-long")]
    {
        let tongue = Tongue { updates: Some(Arc::from(own)), ..Tongue::default() };
        let mut ui = after(&state, Ui { tongue, ..facilitator() }, "U");
        assert_eq!(press(enter, &state, &mut ui), []);
        assert_eq!(ui.dialog.as_ref().unwrap().problem.as_ref().unwrap().key, key);
        assert_eq!(press(Key::plain(Code::Esc), &state, &mut ui), []);
        assert!(ui.dialog.is_none());
    }
}

/// It is copied and written as it stands on the screen, whoever looks at it.
#[test]
fn a_handover_is_read_copied_and_kept() {
    for (state, by) in
        [(scenes::people(), "facilitator"), (scenes::joined(&scenes::people()), "ada")]
    {
        let whole = render(&state, HOUR, texts(Language::English));
        let tongue = Tongue { keeps: true, ..Tongue::default() };
        let mut ui = after(&state, Ui { tongue, ..Ui::new(by) }, "Wjj");
        assert_eq!(ui.overlay, Some(Overlay::Handover { top: 2 }));
        let copied = press(Key::char('y'), &state, &mut ui);
        let says = "says-handover-copied";
        assert_eq!(copied, [Outcome::Give { text: whole.clone(), says }]);
        let kept = press(Key::char('s'), &state, &mut ui);
        let time = if by == "ada" { "120122" } else { "120354" };
        let ending = format!("handover-{time}.md");
        assert_eq!(kept, [Outcome::WriteDown { ending, text: whole }]);
        // Where the recording is elsewhere, it says so.
        ui.tongue.keeps = false;
        assert_eq!(press(Key::char('s'), &state, &mut ui), []);
        assert!(ui.notice.as_ref().is_some_and(|notice| notice.bad));
        for way_out in [Key::plain(Code::Esc), Key::char('W'), Key::ctrl('c')] {
            ui.overlay = Some(Overlay::Handover { top: 2 });
            assert_eq!(press(way_out, &state, &mut ui), []);
            assert_eq!(ui.overlay, None, "{way_out}");
        }
    }
}

/// What is pinned at the facilitator's screen, where faults are seen, is the facilitator's; a team's has no fault in it.
#[test]
fn a_moment_is_pinned_with_what_whoever_pins_it_sees() {
    for (state, by, team) in [
        (scenes::people(), "facilitator", "facilitator"),
        (scenes::joined(&scenes::people()), "ada", "sre"),
    ] {
        let outcomes = press(Key::char('P'), &state, &mut Ui::new(by));
        let (team, author) = (team.to_owned(), by.to_owned());
        let pin = Command::PinMoment { team, author, text: String::new() };
        assert_eq!(outcomes, [Outcome::Send(Box::new(pin))]);
    }
    let (own, theirs) = (moments(), pinned(scenes::people(), "sre"));
    assert_eq!((own.pins[0].faults.len(), theirs.pins[0].faults.len()), (1, 0));
    assert_eq!(own.pins[1].slos, theirs.pins[1].slos);
    assert!(own.pins[1].slos.iter().any(|(value, since)| value.is_some() && since.is_some()));
    assert_eq!(own.pins[1].incidents.len(), 2);
    // Whatever comes later, a pin stays what it was.
    let mut later = moments();
    later.incidents.clear();
    later.slos.iter_mut().for_each(|run| run.value = None);
    assert_eq!(later.pins, own.pins);
    // Live, one reads; only a recording can be gone about in.
    let mut ui = after(&own, facilitator(), "M");
    assert_eq!(press(Key::plain(Code::Enter), &own, &mut ui), []);
    assert!(ui.notice.as_ref().is_some_and(|notice| notice.bad));
}
