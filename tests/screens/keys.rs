//! Keys in, commands out, in every mode.

use std::sync::Arc;

use gameday::exercise::command::{Command, LoadChange};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::lever::Lever;
use gameday::exercise::log::EntryKind;
use gameday::exercise::state::{InjectionStatus, Stage, State};
use gameday::lang::{Lang, Language};
use gameday::port::feed::FeedItem;
use gameday::tui::answer::Outcome;
use gameday::tui::intake::take;
use gameday::tui::key::{Code, Key};
use gameday::tui::suspend;
use gameday::tui::ui::{Mode, Ui};
use gameday::tui::update::{paste, press};

use super::scenes;

const BY: &str = "facilitator";

/// The word to the person, in English.
fn said(ui: &Ui) -> String {
    let english = Lang::new(Language::English);
    ui.notice.as_ref().unwrap().says.in_words(&english).into_owned()
}

/// Keys as one writes them down: `x`, `<enter>`, `<^x>`.
fn keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((name, behind)) = rest.strip_prefix('<').and_then(|tail| tail.split_once('>')) {
            keys.push(match name {
                "enter" => Key::plain(Code::Enter),
                "esc" => Key::plain(Code::Esc),
                "tab" => Key::plain(Code::Tab),
                "backtab" => Key::plain(Code::BackTab),
                "back" => Key::plain(Code::Backspace),
                "pgup" => Key::plain(Code::PageUp),
                "pgdn" => Key::plain(Code::PageDown),
                "space" => Key::char(' '),
                other => Key::ctrl(other.strip_prefix('^').unwrap().chars().next().unwrap()),
            });
            rest = behind;
        } else {
            keys.push(Key::char(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    keys
}

fn play(state: &State, ui: &mut Ui, text: &str) -> Vec<Outcome> {
    keys(text).into_iter().flat_map(|key| press(key, state, ui)).collect()
}

fn commands(state: &State, text: &str) -> Vec<Command> {
    let mut ui = Ui::new(BY);
    play(state, &mut ui, text)
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Send(command) => *command,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn by() -> String {
    BY.into()
}

fn halt() -> Command {
    Command::Halt { by: by(), reason: "emergency stop at the screen".into() }
}

fn note(team: &str, text: &str, kind: EntryKind, incident: Option<IncidentId>) -> Command {
    Command::Log {
        team: team.into(),
        author: by(),
        text: text.into(),
        kind,
        incident,
        evidence: Vec::new(),
        ago: gameday::gameday::span::Span::ZERO,
    }
}

#[test]
fn a_lever_is_typed_completed_and_pulled_for_a_team() {
    let state = scenes::running(100);
    let pull =
        |lever, team: &str| vec![Command::PullLever { lever, team: team.into(), author: by() }];
    let restart = || Lever::Restart { pod: "web-app-3".into() };
    assert_eq!(commands(&state, ":restart web-app-3<enter>"), pull(restart(), "sre"));
    assert_eq!(commands(&state, ":resta<tab>w<tab>3<enter>"), pull(restart(), "sre"));
    assert_eq!(commands(&state, ":<backtab>promote<enter>"), pull(Lever::Promote, "development"));
    // What is wrong stays where it was typed, and says what would be right.
    let mut ui = Ui::new(BY);
    assert_eq!(play(&state, &mut ui, ":restrat web-app-3<enter>"), Vec::<Outcome>::new());
    assert!(ui.palette && said(&ui).contains("did you mean \"restart\"?"));
    // Escape keeps it, and nothing else is meant by keys while it is open.
    assert_eq!(play(&state, &mut ui, "<esc>"), Vec::<Outcome>::new());
    assert!(!ui.palette && !ui.lever.is_empty());
    assert_eq!(commands(&state, ":q<^x><^x>"), vec![halt()]);
    // The facilitator is no team.
    let mut ui = Ui { team: 3, ..Ui::new(BY) };
    assert_eq!(play(&state, &mut ui, ":promote<enter>"), Vec::<Outcome>::new());
    assert!(said(&ui).contains("Shift-Tab"));
    // Without a target there is nothing to repair.
    assert_eq!(commands(&scenes::preparing(), ":"), vec![]);
    assert_eq!(commands(&scenes::ended(), ":"), vec![]);
}

#[test]
fn every_key_asks_for_its_command() {
    let (first, second) = (InjectionId(0), InjectionId(1));
    let load = |change| Command::ChangeLoad { change, by: by() };
    let running = || scenes::running(100);
    let quiet = || {
        let mut state = scenes::halted();
        state.injections[0].status = InjectionStatus::Reverted;
        state
    };
    let by_hand = {
        let mut state = running();
        state.load.by_hand = Some(900.0);
        state
    };
    let table: Vec<(State, &str, Vec<Command>)> = vec![
        (running(), "<space>", vec![Command::Hold { by: by(), reason: String::new().into() }]),
        (scenes::held(), "<space>", vec![Command::Resume { by: by() }]),
        (running(), "n<enter>", vec![Command::SkipPhase { by: by() }]),
        (running(), "ny", vec![Command::SkipPhase { by: by() }]),
        (running(), "n<esc>", vec![]),
        (running(), "nn", vec![]),
        (running(), "+", vec![Command::ExtendPhase { amount: scenes::secs(10), by: by() }]),
        (running(), "x<enter>", vec![Command::InjectNow { id: first, by: by() }]),
        (running(), "jx<enter>", vec![Command::InjectNow { id: second, by: by() }]),
        (running(), "jjjkx<enter>", vec![Command::InjectNow { id: first, by: by() }]),
        (
            running(),
            "d",
            vec![Command::DelayInjection { id: first, amount: scenes::secs(15), by: by() }],
        ),
        (running(), "jc<enter>", vec![Command::CancelInjection { id: second, by: by() }]),
        (running(), "r", vec![]),
        (scenes::fault_active(), "r<enter>", vec![Command::Revert { id: first, by: by() }]),
        (scenes::fault_active(), "x", vec![]),
        (running(), "]", vec![load(LoadChange::Up)]),
        (running(), "[", vec![load(LoadChange::Down)]),
        (running(), "=1,200<enter>", vec![load(LoadChange::Set(1_200.0))]),
        (running(), "=many<enter>", vec![]),
        (
            running(),
            "=many<enter><back><back><back><back>7<enter>",
            vec![load(LoadChange::Set(7.0))],
        ),
        (running(), "\\", vec![]),
        (by_hand, "\\", vec![load(LoadChange::BackToPlan)]),
        (scenes::halted(), "<space>x]n+Rall<enter>", vec![]),
        (quiet(), "R<enter>", vec![]),
        (
            quiet(),
            "Rall pods are back<enter>",
            vec![Command::Release { by: by(), reason: "all pods are back".into() }],
        ),
        (
            scenes::no_go(),
            "gprobe is broken<enter>",
            vec![Command::OverrideNoGo { by: by(), reason: "probe is broken".into() }],
        ),
        (running(), "g", vec![]),
        (
            running(),
            "ojjmthey did<enter>",
            vec![Command::ScoreObjective {
                objective: 2,
                met: true,
                by: by(),
                reason: "they did".into(),
            }],
        ),
        (running(), "om", vec![]),
        (
            running(),
            "q<enter>",
            vec![Command::End { by: by(), reason: "ended at the screen".into() }],
        ),
        (running(), "q<esc>", vec![]),
        (
            running(),
            "<^c><enter>",
            vec![Command::End { by: by(), reason: "ended at the screen".into() }],
        ),
    ];
    for (state, text, want) in table {
        assert_eq!(commands(&state, text), want, "{text} in {:?}", state.stage);
    }
}

#[test]
fn halt_works_from_everywhere_and_loses_nothing() {
    for before in
        ["", "i", "i決済 draft", "?", "o", "n", "x", "=12", "q", "ojjm", "i!2 half a ti<tab>"]
    {
        for confirm in ["<^x>", "<enter>"] {
            let state = scenes::running(100);
            assert_eq!(
                commands(&state, &format!("{before}<^x>{confirm}")),
                [halt()],
                "{before:?} then {confirm}"
            );
        }
        let state = scenes::running(100);
        let mut ui = Ui::new(BY);
        play(&state, &mut ui, before);
        let (draft, open) = (ui.draft.lines().to_vec(), ui.dialog.is_some());
        assert_eq!(play(&state, &mut ui, "<^x><esc>"), [], "{before:?}");
        assert!(!ui.halting);
        assert_eq!((ui.draft.lines().to_vec(), ui.dialog.is_some()), (draft, open), "{before:?}");
    }
    for state in [scenes::preflight(), scenes::no_go(), scenes::held(), scenes::closing()] {
        assert_eq!(commands(&state, "<^x><^x>"), [halt()], "{:?}", state.stage);
    }
    assert_eq!(commands(&scenes::halted(), "<^x><enter>"), []);
    let mut ui = Ui::new(BY);
    assert_eq!(play(&scenes::ended(), &mut ui, "<^x>"), []);
    assert!(!ui.halting);
}

#[test]
fn typed_lines_become_entries_and_incidents() {
    let open = |team: &str, title: &str| Command::OpenIncident {
        team: team.into(),
        author: by(),
        title: title.into(),
        severity: Severity::Sev2,
        ago: gameday::gameday::span::Span::ZERO,
        people: Vec::new(),
        tags: Vec::new(),
        signal: None,
    };
    let moved = |to| Command::MoveIncident {
        id: IncidentId(1),
        to,
        team: "sre".into(),
        author: by(),
        ago: gameday::gameday::span::Span::ZERO,
        of: None,
    };
    let table: Vec<(&str, Vec<Command>)> = vec![
        ("ihello<enter>", vec![note("sre", "hello", EntryKind::Note, None)]),
        ("<enter>hello<enter>", vec![note("sre", "hello", EntryKind::Note, None)]),
        (
            "i<tab>決済が遅い 🐢<enter>",
            vec![note("development", "決済が遅い 🐢", EntryKind::Note, None)],
        ),
        ("i<backtab><backtab>x<enter>", vec![note("サポート", "x", EntryKind::Note, None)]),
        ("i<tab><tab><tab>x<enter>", vec![note("facilitator", "x", EntryKind::Note, None)]),
        ("i!2 payments<enter>", vec![open("sre", "payments")]),
        ("iresolve<enter>", vec![moved(IncidentStatus::Resolved)]),
        (
            "iresolve #1 rolled back<enter>",
            vec![
                moved(IncidentStatus::Resolved),
                note("sre", "rolled back", EntryKind::Note, Some(IncidentId(1))),
            ],
        ),
        (
            "ilesson: page earlier<enter>",
            vec![note("sre", "page earlier", EntryKind::Lesson, None)],
        ),
        (
            "ione<enter>two<enter>",
            vec![
                note("sre", "one", EntryKind::Note, None),
                note("sre", "two", EntryKind::Note, None),
            ],
        ),
        ("ia b<esc>", vec![]),
        ("i<enter>", vec![]),
        ("i/akc<enter>", vec![]),
        ("iq x n <space>", vec![]),
        ("iabc<^u><enter>", vec![]),
        ("iabc<^w>def<enter>", vec![note("sre", "def", EntryKind::Note, None)]),
    ];
    for (text, want) in table {
        assert_eq!(commands(&scenes::fault_active(), text), want, "{text}");
    }
}

#[test]
fn what_cannot_be_understood_stays_where_it_was_typed() {
    let state = scenes::running(100);
    let mut ui = Ui::new(BY);
    play(&state, &mut ui, "i/akc 1<enter>");
    assert_eq!(ui.draft.lines(), ["/akc 1"]);
    assert_eq!(said(&ui), "no command /akc; did you mean /ack?");
    play(&state, &mut ui, "<esc>");
    assert_eq!((ui.mode, ui.draft.lines()), (Mode::Acting, &["/akc 1".to_owned()][..]));
}

#[test]
fn a_paste_keeps_its_lines_and_acts_on_nothing() {
    let state = scenes::running(100);
    let mut ui = Ui::new(BY);
    paste("one\r\nq\n\u{1b}[31mthree\n", &mut ui);
    assert_eq!(ui.mode, Mode::Typing);
    let outcomes = play(&state, &mut ui, "<enter>");
    let texts: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Send(command) => match &**command {
                Command::Log { text, .. } => text.as_str(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, ["one", "q", "\u{fffd}[31mthree"]);
    let mut ui = Ui::new(BY);
    play(&state, &mut ui, "i<^x>");
    paste("yes", &mut ui);
    assert!(ui.halting && ui.draft.is_empty());
}

#[test]
fn a_refused_line_comes_back() {
    let mut state = scenes::running(100);
    let mut ui = Ui::new(BY);
    let refused = |why: &str, sent: &[Outcome]| {
        let of = sent.iter().find_map(|one| match one {
            Outcome::Send(command) => Some(command.clone()),
            _ => None,
        });
        FeedItem::Refused { why: why.into(), of }
    };
    let sent = play(&state, &mut ui, "ihello<enter>");
    assert!(ui.draft.is_empty());
    // Somebody else's.
    take(refused("no", &[]), scenes::secs(300), &mut state, &mut ui);
    assert!(ui.draft.is_empty());
    take(refused("no such team", &sent), scenes::secs(300), &mut state, &mut ui);
    assert_eq!(ui.draft.lines(), ["hello"]);
    assert_eq!(said(&ui), "no such team");
    let sent = play(&state, &mut ui, "<enter>");
    let event = Event::Logged {
        team: "sre".into(),
        author: by(),
        text: "hello".into(),
        kind: EntryKind::Note,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    let envelope = Envelope { seq: state.seq + 1, stamp: state.now, event };
    take(FeedItem::Event(Arc::new(envelope)), scenes::secs(300), &mut state, &mut ui);
    take(refused("something else", &sent), scenes::secs(300), &mut state, &mut ui);
    assert!(ui.draft.is_empty(), "an accepted line does not come back");
}

#[test]
fn an_event_is_folded_once_and_the_selection_moves_on() {
    let mut state = scenes::fault_active();
    let mut ui = Ui::new(BY);
    let event = |seq| {
        let event = Event::Reverted { id: InjectionId(0), evidence: "ready".into() };
        FeedItem::Event(Arc::new(Envelope { seq, stamp: scenes::at(300), event }))
    };
    let seq = state.seq;
    take(event(seq), scenes::secs(300), &mut state, &mut ui);
    assert_eq!(state.injections[0].status, InjectionStatus::Active, "already folded");
    take(event(seq + 1), scenes::secs(300), &mut state, &mut ui);
    assert_eq!(state.injections[0].status, InjectionStatus::Reverted);
    assert_eq!(ui.selected, 1);
    take(FeedItem::RecordingTrouble(Some("full".into())), scenes::secs(300), &mut state, &mut ui);
    assert_eq!(ui.trouble.as_deref(), Some("full"));
    take(FeedItem::RecordingTrouble(None), scenes::secs(300), &mut state, &mut ui);
    assert_eq!(ui.trouble, None);
}

#[test]
fn leaving_and_suspending() {
    let mut ui = Ui::new(BY);
    assert_eq!(play(&scenes::ended(), &mut ui, "q"), [Outcome::Leave]);
    assert_eq!(play(&scenes::closing(), &mut ui, "q<enter>"), [Outcome::Leave]);
    assert_eq!(play(&scenes::preflight(), &mut ui, "ihalf<^z>"), [Outcome::Suspend]);
    assert_eq!(ui.draft.lines(), ["half"]);
}

#[test]
fn suspending_halts_what_runs_and_waits_until_nothing_is_left() {
    let halt = Command::Halt { by: by(), reason: "suspended with Ctrl-Z".into() };
    let halts = || vec![Outcome::Send(Box::new(halt.clone())), Outcome::Suspend];
    let only = || vec![Outcome::Suspend];
    let undone = {
        let mut state = scenes::halted();
        state.injections[0].status = InjectionStatus::Reverted;
        state
    };
    let armed = {
        let mut state = undone.clone();
        state.injections[1].status = InjectionStatus::Armed;
        state
    };
    for (name, state, want, ready) in [
        ("preparing", scenes::preparing(), only(), true),
        ("preflight", scenes::preflight(), only(), true),
        ("no-go", scenes::no_go(), only(), true),
        ("running", scenes::running(100), halts(), false),
        ("held", scenes::held(), halts(), false),
        ("fault active", scenes::fault_active(), halts(), false),
        ("halted, not reverted", scenes::halted(), only(), false),
        ("halted, reverted", undone, only(), true),
        ("halted, about to inject", armed, only(), false),
        ("closing, reverting", scenes::closing(), only(), false),
        ("ended", scenes::ended(), only(), true),
    ] {
        // From everywhere, and once only.
        for before in ["", "ihalf a line", "?", "q", "<^x>"] {
            let mut ui = Ui::new(BY);
            play(&state, &mut ui, before);
            assert_eq!(play(&state, &mut ui, "<^z><^z>"), want, "{name} after {before:?}");
            assert!(ui.suspending);
        }
        assert_eq!(suspend::ready(&state), ready, "{name}");
    }
    let left = suspend::farewell(&scenes::halted(), &Lang::new(Language::English)).join("\n");
    assert!(left.contains("NOT undone") && left.contains("fg"), "{left}");
    assert!(left.contains("pod-failure: web-app-4 does not come back"), "{left}");
}

#[test]
fn after_the_end_scores_and_lessons_are_still_taken() {
    let ended = scenes::ended();
    let table = [
        (
            "ojjnnobody led<enter>",
            Command::ScoreObjective {
                objective: 2,
                met: false,
                by: by(),
                reason: "nobody led".into(),
            },
        ),
        ("ilesson: page earlier<enter>", note("sre", "page earlier", EntryKind::Lesson, None)),
    ];
    for (text, want) in table {
        assert_eq!(commands(&ended, text), [want], "{text}");
    }
    let mut ui = Ui::new(BY);
    paste("lesson: one\nlesson: two", &mut ui);
    assert_eq!(play(&ended, &mut ui, "<enter>").len(), 2);
    assert_eq!(play(&ended, &mut ui, "<esc>q"), [Outcome::Leave]);
}

#[test]
fn a_key_that_cannot_work_says_why() {
    for (state, key, why) in [
        (scenes::halted(), " ", "hold: everything is halted; release it first"),
        (scenes::running(5), "R", "release: nothing is halted"),
        (scenes::ended(), "n", "next phase: the phases are over"),
        (scenes::preparing(), " ", "hold: no phase has begun yet"),
    ] {
        let mut ui = Ui::new(BY);
        assert_eq!(play(&state, &mut ui, key), []);
        assert_eq!(said(&ui), why);
    }
}

#[test]
fn the_log_scrolls_and_stays_where_it_is_while_more_is_written() {
    let mut state = scenes::running(100);
    let line = state.log[0].clone();
    state.log.resize(40, line.clone());
    let mut ui = Ui::new(BY);
    play(&state, &mut ui, "<pgup><pgup>");
    assert_eq!(ui.log_end, Some(30));
    state.log.resize(50, line);
    assert_eq!(ui.log_end, Some(30));
    play(&state, &mut ui, "<pgdn><pgdn><pgdn><pgdn>");
    assert_eq!(ui.log_end, None);
    assert_eq!(state.stage, Stage::Running);
}
