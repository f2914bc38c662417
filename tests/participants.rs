//! Nothing of the future, no fault and no word of the facilitator reaches participants: not in what is sent to them, and
//! not in any cell of their screen.

use std::collections::BTreeSet;
use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::id::{ImprovementId, IncidentId, InjectionId};
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::incident::{Cause, IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::participant::line::{self, Line};
use gameday::exercise::participant::{Teller, begin, reveal};
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::{Stage, State};
use gameday::exercise::target::{Pod, PodHealth, Topology};
use gameday::exercise::wire::kind_of;
use gameday::gameday::people::{DeckCard, Hint, Noticed};
use gameday::gameday::plan::{Card, GameDay, Objective, PlannedInjection};
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::port::feed::FeedItem;
use gameday::tui::answer::Outcome;
use gameday::tui::chooser::{About, Chooser};
use gameday::tui::key::{Code, Key};
use gameday::tui::pane::PANES;
use gameday::tui::room::Room;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::{Overlay, Ui};
use gameday::tui::update::press;
use gameday::tui::view;
use gameday::tui::view::clocked::shown;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::exercise::stage::{Play, header, mins, plan, secs};
use super::recording::arbitrary::envelopes;
use super::screens::whole::texts;

/// Stands in every text that participants may never see.
const SECRET: &str = "zqx";

/// The usual plan with a mark in everything that is secret, for good or until its time.
fn marked() -> GameDay {
    let mut day = plan();
    day.title = "Day of the database slowdown".into();
    day.hypothesis = Some(format!("{SECRET} hypothesis"));
    day.rollback = Some(format!("{SECRET} rollback"));
    day.objectives.push(Objective { title: format!("Survive {SECRET} slow"), measure: None });
    let deck = |name: &str, text: &str| DeckCard {
        name: format!("{SECRET} {name}"),
        to: None,
        text: text.into(),
        away: None,
    };
    day.people.deck =
        vec![deck("never", &format!("{SECRET} in the deck")), deck("press", "kqvdeck")];
    day.people.response.detect = Some(secs(60));
    for rule in &mut day.guardrails {
        rule.when.source = format!("{SECRET} guardrail");
    }
    for (index, phase) in day.phases.iter_mut().enumerate() {
        phase.name = format!("wvj{index}");
        let card =
            |at| Card { offset: mins(at), to: None, text: format!("kqv{index}{at}"), away: None };
        phase.cards = vec![card(1), card(4)];
        for planned in &mut phase.injections {
            let PlannedInjection { name, expect, hints, expected, .. } = planned;
            *hints = vec![
                Hint { text: format!("{SECRET} hint"), cost: 5 },
                Hint { text: "look left".into(), cost: 5 },
            ];
            expected.noticed = Some(Noticed::Team(format!("{SECRET} team")));
            *name = format!("{SECRET} {name}");
            *expect = Some(format!("{SECRET} is expected"));
        }
    }
    day
}

/// Everything that must not be in a text now.
fn hidden(state: &State, day: &GameDay) -> Vec<String> {
    let mut hidden = vec![SECRET.to_owned(), "slowdown".into(), "pod-failure".into()];
    if state.cards.iter().all(|card| card.text != "kqvdeck") {
        hidden.push("kqvdeck".into());
    }
    for (index, phase) in day.phases.iter().enumerate() {
        if index >= state.phases.len() {
            hidden.push(phase.name.clone());
        }
        for card in &phase.cards {
            let shown = state.plan().phases.iter().flat_map(|phase| &phase.cards);
            if !shown.into_iter().any(|one| one.text == card.text) {
                hidden.push(card.text.clone());
            }
        }
    }
    hidden
}

#[track_caller]
fn assert_hidden(text: &str, state: &State, day: &GameDay) {
    let text = text.to_lowercase();
    for secret in hidden(state, day) {
        assert!(!text.contains(&secret), "\"{secret}\" is told:\n{text}");
    }
}

/// Takes lines as a screen does that joined.
fn taken(state: &mut Option<State>, text: &str) {
    match (line::read(text).unwrap(), state) {
        (Line::Header(header), none) => *none = Some(begin(*header)),
        (Line::Plan(plan), Some(state)) => reveal(state, &plan),
        (Line::Event(envelope), Some(state)) => apply(state, &envelope),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever happens, in whatever order.
    #[test]
    fn what_is_sent_holds_nothing_of_the_plan_before_its_time(events in envelopes(60)) {
        const NEVER: [&str; 22] = [
            "injection-armed", "injection-started", "injection-active", "injection-failed",
            "injection-skipped", "injection-delayed", "revert-started", "reverted", "revert-failed",
            "load-followed", "load-overridden", "guardrail-fired", "guardrail-cleared",
            "objective-scored", "comparison-started", "checkpoint-taken", "phase-extended",
            "incident-linked", "suggestion-set-aside", "expectation-judged", "improvement-dropped",
            "earlier-settled",
        ];
        let day = marked();
        let mut teller = Teller::new(Arc::new(header(day.clone())));
        let first = line::first(teller.header()).unwrap();
        let mut state = None;
        taken(&mut state, &first);
        assert_hidden(&first, state.as_ref().unwrap(), &day);
        let mut seq = 0;
        for envelope in events {
            let Some(told) = teller.tell(&envelope) else { continue };
            seq += 1;
            prop_assert_eq!(told.envelope.seq, seq, "a gap tells that something is not told");
            prop_assert_eq!(told.envelope.stamp, envelope.stamp);
            prop_assert!(!NEVER.contains(&kind_of(&told.envelope.event).as_str()));
            let reasons = matches!(&told.envelope.event,
                Event::Held { reason, .. } | Event::Halted { reason, .. } if !reason.is_empty());
            prop_assert!(!reasons);
            let knows = match &told.envelope.event {
                Event::HintGiven { injection, .. } => injection.is_some(),
                Event::IncidentOpened { signal, .. } => {
                    matches!(signal, Some(Signal::Guardrail { .. }))
                }
                Event::MomentPinned { team, .. } => team == "facilitator",
                Event::RealIncidentDeclared { reason, .. } => !reason.is_empty(),
                Event::ImprovementNoted { team, says, .. } => {
                    team == "facilitator" || says.evidence.iter().any(|one| *one >= seq)
                }
                Event::Logged { team, evidence, .. } => {
                    team == "facilitator" || evidence.iter().any(|one| *one >= seq)
                }
                _ => false,
            };
            prop_assert!(!knows, "{:?}", told.envelope.event);
            for text in line::lines(&told).unwrap() {
                taken(&mut state, &text);
                if told.plan.is_some() {
                    assert_hidden(&text, state.as_ref().unwrap(), &day);
                }
            }
        }
        let state = state.unwrap();
        prop_assert_eq!(state.plan().injections().count(), 0);
        prop_assert!(state.injections.is_empty() && state.guardrails.is_empty());
        prop_assert!(state.pins.iter().all(|pin| pin.faults.is_empty()));
        prop_assert_eq!(state.header.seed, 0);
    }
}

/// What the facilitator does that is nobody else's business, and a card and a hint that are.
fn facilitate(play: &mut Play) {
    let by = || "facilitator".to_owned();
    let secret = |text: &str| format!("{SECRET} {text}");
    let says = Proposal {
        category: Category::Detection,
        text: secret("improvement"),
        owner: None,
        due: None,
        evidence: vec![1],
    };
    for command in [
        Command::LinkIncident {
            id: IncidentId(1),
            cause: Cause::Discovery,
            team: by(),
            author: "fran".into(),
        },
        Command::SetAside { signal: Signal::Guardrail { rule: 0, nth: 0 }, by: by() },
        Command::JudgeExpectation { id: InjectionId(0), met: true, by: by(), reason: secret("x") },
        Command::NoteImprovement { id: None, says, team: by(), author: "fran".into() },
        Command::DropImprovement { id: ImprovementId(1), by: by(), reason: secret("x") },
        Command::SettleEarlier { exercise: secret("x0"), entry: 1, done: true, by: by() },
        Command::PinMoment { team: by(), author: "fran".into(), text: secret("pin") },
        Command::DrawCard { card: 1, to: None, by: by() },
        Command::GiveHint { injection: InjectionId(0), hint: 1, to: None, by: by() },
    ] {
        play.tell(command);
    }
}

/// Plays the whole day; `each` looks after every step at the whole and at what participants have.
fn played(mut each: impl FnMut(&State, &mut Room)) -> (Room, Vec<String>, Play) {
    let mut play = Play::new(Header { seed: 4_711, ..header(marked()) });
    let mut room = Room::new(&play.state, &Ui::new("facilitator")).unwrap();
    let mut teller = Teller::new(Arc::clone(&play.state.header));
    let mut lines = vec![line::first(teller.header()).unwrap()];
    let mut taken = 0;
    let mut catch_up = |play: &Play, room: &mut Room| {
        for envelope in &play.events[taken..] {
            room.take(&FeedItem::Event(Arc::new(envelope.clone())));
            room.take(&FeedItem::RecordingTrouble(Some(format!("{SECRET} is full"))));
            if let Some(told) = teller.tell(envelope) {
                lines.extend(line::lines(&told).unwrap());
            }
        }
        taken = play.events.len();
    };
    let pod = |name: &str, health| Pod { name: name.into(), health, ..Pod::default() };
    let pods = vec![pod("web-app-1", PodHealth::Ready), pod("web-app-2", PodHealth::Dead)];
    play.tell(Command::TargetIsReady {
        base_url: "http://127.0.0.1:1".into(),
        what: format!("{SECRET} defences").into(),
    });
    play.tell(Command::TargetLooks(Topology { pods, ..Topology::default() }));
    let log = |team: &str, text: String| Command::Log {
        team: team.into(),
        author: "ada".into(),
        text,
        kind: EntryKind::Note,
        incident: None,
        evidence: Vec::new(),
        ago: gameday::gameday::span::Span::ZERO,
    };
    // One fault cannot be undone at first.
    play.failing.push(InjectionId(0));
    let mut step = 0;
    while play.state.stage != Stage::Ended {
        step += 1;
        match step {
            12 => play.tell(log("facilitator", format!("{SECRET} is a private note"))),
            13 => play.tell(log("sre", "we see nothing".into())),
            14 => play.tell(Command::OpenIncident {
                team: "sre".into(),
                author: "ada".into(),
                title: "orders fail".into(),
                severity: Severity::Sev2,
                ago: gameday::gameday::span::Span::ZERO,
                people: Vec::new(),
                tags: Vec::new(),
                signal: None,
            }),
            15 => play.tell(Command::MoveIncident {
                id: IncidentId(1),
                to: IncidentStatus::Acknowledged,
                team: "sre".into(),
                author: "ada".into(),
                ago: gameday::gameday::span::Span::ZERO,
                of: None,
            }),
            16 => facilitate(&mut play),
            17 => play.tell(Command::ShowBoard { show: true, by: "facilitator".into() }),
            18 => play.tell(Command::OpenIncident {
                team: "support".into(),
                author: "bob".into(),
                title: "customers call".into(),
                severity: Severity::Sev3,
                ago: gameday::gameday::span::Span::ZERO,
                people: Vec::new(),
                tags: Vec::new(),
                signal: None,
            }),
            19 => play.tell(Command::LinkIncident {
                id: IncidentId(2),
                cause: Cause::Injection(InjectionId(0)),
                team: "facilitator".into(),
                author: "facilitator".into(),
            }),
            20 => play.tell(Command::Hold { by: "facilitator".into(), reason: SECRET.into() }),
            21 => play.resume(),
            24 => play.failing.clear(),
            26 => play.availability = 0.3,
            _ => {}
        }
        if step == 30 && play.state.halted.is_some() {
            play.availability = 1.0;
            play.pass(secs(30));
            let reason = format!("{SECRET} is over");
            play.tell(Command::Release { by: "facilitator".into(), reason });
        }
        play.pass(secs(31));
        catch_up(&play, &mut room);
        each(&play.state, &mut room);
        assert!(step < 400, "it never ends");
    }
    (room, lines, play)
}

fn screen(room: &Room, ui: &Ui, size: (u16, u16), language: Language) -> String {
    let theme = Theme::named("dark", Depth::True).unwrap();
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    let lang = texts(language);
    let state = &room.state;
    let scene = Scene { state, ui, theme: &theme, lang, now: shown(state, state.now) };
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    let buffer = terminal.backend().buffer();
    let width = usize::from(buffer.area.width);
    let rows = buffer.content().chunks(width);
    rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>() + "\n")
        .collect()
}

/// The same screen in each of its forms.
fn forms(room: &mut Room, mut look: impl FnMut(&Room, &Ui)) {
    look(room, &room.ui);
    let mut each = |change: &dyn Fn(&mut Ui)| {
        let mut ui = std::mem::take(&mut room.ui);
        let panes = ui.panes.clone();
        change(&mut ui);
        look(room, &ui);
        (ui.overlay, ui.chooser, ui.palette, ui.panes) = (None, None, false, panes);
        ui.lever.clear();
        ui.halting = false;
        room.ui = ui;
    };
    each(&|ui| ui.overlay = Some(Overlay::Help { top: 0 }));
    each(&|ui| ui.overlay = Some(Overlay::Help { top: 400 }));
    each(&|ui| ui.overlay = Some(Overlay::Objectives { selected: 0 }));
    // Even if one of the facilitator's lists were opened, it would hold nothing.
    for selected in 0..4 {
        each(&|ui| ui.overlay = Some(Overlay::Incidents { selected }));
        each(&|ui| ui.overlay = Some(Overlay::Deck { selected }));
    }
    for page in 0..5 {
        each(&|ui| ui.overlay = Some(Overlay::Board { page, selected: 0, from: 0 }));
    }
    each(&|ui| ui.overlay = Some(Overlay::Crew { selected: 1 }));
    for about in [About::Cause(IncidentId(2)), About::Hint(InjectionId(0)), About::Card(1)] {
        each(&|ui| ui.chooser = Some(Chooser::new(about)));
    }
    each(&|ui| ui.overlay = Some(Overlay::Real));
    each(&|ui| ui.palette = true);
    each(&|ui| ui.halting = true);
    for pane in PANES {
        each(&|ui| ui.panes.show(pane));
    }
}

#[test]
fn no_cell_of_the_participants_screen_tells_what_they_must_not_know() {
    let day = marked();
    let mut looked = 0_usize;
    let (mut words, mut seen) = (BTreeSet::new(), 0_u32);
    let (room, ..) = played(|whole, room| {
        seen += 1;
        // The fault is there, and the whole view says so: participants are not told.
        let live = whole.live_injections().count();
        if live > 0 {
            words.insert("a fault was live");
        }
        let stopped = whole.halted.is_some() || whole.held.is_some();
        if live == 0 && !stopped && seen % 8 != 0 && whole.stage != Stage::Ended {
            return;
        }
        forms(room, |room, ui| {
            for size in [(60, 16), (80, 24), (120, 40), (200, 60), (40, 10)] {
                let text = screen(room, ui, size, Language::English);
                assert_hidden(&text, &room.state, &day);
                looked += text.chars().count();
            }
            assert_hidden(&screen(room, ui, (120, 40), Language::Japanese), &room.state, &day);
        });
        let text = screen(room, &room.ui, (120, 40), Language::English);
        for word in [
            "orders fail",
            "we see nothing",
            "wvj1",
            "kqv24",
            "✗ availability",
            "■ HALTED",
            "Everything is being put back.",
            "kqvdeck",
            "look left",
            "customers call",
        ] {
            if text.contains(word) {
                words.insert(word);
            }
        }
    });
    assert!(looked > 1_000_000, "{looked} cells");
    // They do see what customers, instruments and teams show.
    let wanted = [
        "a fault was live",
        "orders fail",
        "we see nothing",
        "wvj1",
        "kqv24",
        "✗ availability",
        "Everything is being put back.",
        "kqvdeck",
        "look left",
    ];
    assert!(wanted.iter().all(|word| words.contains(word)), "{words:?}");
    assert_eq!(room.state.outcome.as_ref().map(|(_, why)| why.english()), Some(""));
}

#[test]
fn a_screen_that_joins_has_exactly_what_the_facilitator_shows() {
    let (room, lines, play) = played(|_, _| ());
    let mut joined = None;
    for text in &lines {
        taken(&mut joined, text);
    }
    assert_eq!(joined.as_ref(), Some(&room.state));
    let whole = lines.join("\n");
    assert_hidden(&whole, &room.state, &marked());
    let told = lines.len();
    assert!(told > 1_000 && told < play.events.len(), "{told} of {}", play.events.len());
    assert!(!play.state.injections.is_empty() && room.state.injections.is_empty());
}

#[test]
fn participants_write_and_repair_and_do_nothing_else() {
    let (mut room, ..) = played(|_, _| ());
    room.state.stage = Stage::Running;
    room.state.outcome = None;
    let at = |key: Key, turned: bool| {
        let mut ui = Ui::new("ada");
        ui.for_participants();
        ui.turned = turned;
        let outcomes = press(key, &room.state, &mut ui);
        (outcomes, ui)
    };
    for key in "rxdcn+][=\\R SbC!".chars() {
        for turned in [false, true] {
            let (outcomes, ui) = at(Key::char(key), turned);
            assert_eq!(outcomes, [], "{key}");
            assert!(ui.notice.is_none_or(|notice| notice.bad) && ui.dialog.is_none(), "{key}");
        }
    }
    let (_, ui) = at(Key::ctrl('x'), false);
    assert!(!ui.halting && ui.notice.is_some(), "they are told who can");
    let (_, ui) = at(Key::ctrl('x'), true);
    assert!(ui.halting, "the facilitator stops everything from everywhere");
    assert_eq!(at(Key::char('q'), false).0, [Outcome::Leave]);
    assert_eq!(at(Key::char('q'), true).0, [Outcome::Turn]);
    assert_eq!(at(Key::char('p'), true).0, [Outcome::Turn]);
    assert_eq!(at(Key::char('p'), false).0, []);
    // They write as a team, never as the facilitator.
    let mut ui = Ui::new("ada");
    ui.for_participants();
    let mut teams = BTreeSet::new();
    for _ in 0..5 {
        for key in [Key::char('i'), Key::char('h'), Key::plain(Code::Enter), Key::plain(Code::Tab)]
        {
            for outcome in press(key, &room.state, &mut ui) {
                let Outcome::Send(command) = outcome else { panic!("{outcome:?}") };
                let Command::Log { team, .. } = *command else { panic!("{command:?}") };
                teams.insert(team);
            }
        }
        ui.unconfirmed.clear();
        press(Key::plain(Code::Esc), &room.state, &mut ui);
    }
    assert_eq!(teams, BTreeSet::from(["sre".to_owned(), "support".to_owned()]));
}

#[test]
fn a_phase_that_runs_ends_now_at_the_earliest() {
    let mut play = Play::begun();
    let mut teller = Teller::new(Arc::clone(&play.state.header));
    let mut state = begin(teller.header());
    play.pass(mins(7));
    for envelope in &play.events {
        let Some(told) = teller.tell(envelope) else { continue };
        if let Some(plan) = &told.plan {
            reveal(&mut state, plan);
        }
        apply(&mut state, &told.envelope);
    }
    assert_eq!(state.phases.len(), 2);
    assert!(state.foreseen_end() >= mins(7) - secs(2) && state.foreseen_end() <= mins(7));
    assert_eq!(state.phase_length(1), Span::ZERO);
}

/// Participants count only what they are told; what something rests on keeps meaning the same.
#[test]
fn what_a_line_rests_on_is_named_by_the_numbers_of_whoever_reads_it() {
    let mut teller = Teller::new(Arc::new(header(plan())));
    let logged = |seq: u64, team: &str, evidence: Vec<u64>| Envelope {
        seq,
        stamp: Stamp::default(),
        event: Event::Logged {
            team: team.into(),
            author: "ada".into(),
            text: "x".into(),
            kind: EntryKind::WentWell,
            incident: None,
            happened: None,
            evidence,
        },
    };
    assert!(teller.tell(&logged(1, "facilitator", Vec::new())).is_none());
    assert_eq!(teller.tell(&logged(2, "sre", Vec::new())).unwrap().envelope.seq, 1);
    let told = teller.tell(&logged(3, "sre", vec![1, 2])).unwrap().envelope;
    let Event::Logged { evidence, .. } = told.event else { panic!("{told:?}") };
    assert_eq!((told.seq, evidence), (2, vec![1]));
    let recorded = [0, 1, 2, 3].map(|number| teller.recorded(number));
    assert_eq!(recorded, [None, Some(2), Some(3), None]);
}
