//! The way through an exercise: launcher, briefing, debrief and report, as whole screens and as keys.

use std::sync::Arc;

use gameday::exercise::blast::Ceiling;
use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event, Outcome as Ending, When};
use gameday::exercise::header::Header;
use gameday::exercise::judge::judge_all;
use gameday::exercise::log::EntryKind;
use gameday::exercise::state::{InjectionStatus, Stage, State, SteadyCheck};
use gameday::exercise::steady::Finding;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::port::feed::FeedItem;
use gameday::tui::action::ActionId;
use gameday::tui::answer::Outcome;
use gameday::tui::intake::take;
use gameday::tui::journey;
use gameday::tui::key::{Code, Key};
use gameday::tui::launcher::{self, Came, Day, Desk, Launcher, Ready, Record, Records, Wish};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::{Mode, Ui};
use gameday::tui::update::press;
use gameday::tui::view;
use gameday::tui::view::hits::launcher_hits;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scenes::{self, at, briefing, secs, with_briefing};
use super::whole::{rows, screen_in, texts};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

pub(super) fn choosing(
    launcher: &Launcher,
    desk: &mut Desk,
    size: (u16, u16),
    language: Language,
) -> String {
    rows(&launcher_buffer(launcher, desk, size, Depth::True, language)).join("\n")
}

/// The launcher as it is drawn.
pub(super) fn launcher_buffer(
    launcher: &Launcher,
    desk: &mut Desk,
    size: (u16, u16),
    depth: Depth,
    language: Language,
) -> Buffer {
    let theme = Theme::named("dark", depth).unwrap();
    let lang = texts(language);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    launcher::settle(launcher, desk);
    let state = launcher::shown(launcher, desk);
    let scene = Scene { state, ui: &desk.ui, theme: &theme, lang, now: state.now };
    terminal.draw(|frame| view::launcher::draw(frame, &scene, launcher, desk)).unwrap();
    terminal.backend().buffer().clone()
}

fn no_data(mut state: State) -> State {
    state.series = Default::default();
    state.slos.iter_mut().for_each(|slo| slo.value = None);
    state
}

fn held(mut state: State) -> State {
    state.briefing.held = Some((at(9), "facilitator".into()));
    state
}

/// The debrief of an ended exercise.
pub(super) fn ended() -> State {
    let mut state = with_briefing(scenes::ended());
    state.briefing.go = Some((at(10), "countdown".into()));
    let text = "ウォームアップを先に: warm the cache before the peak".to_owned();
    let team = "sre".to_owned();
    let event = Event::Logged {
        team,
        author: "ada".into(),
        text,
        kind: EntryKind::Lesson,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    let envelope = Envelope { seq: state.seq + 1, stamp: state.now, event };
    gameday::exercise::fold::apply(&mut state, &envelope);
    state
}

pub(super) fn at_place(state: &State, place: Place) -> Ui {
    let mut ui = Ui { place, ..Ui::new("facilitator") };
    ui.verdicts = judge_all(state);
    if matches!(place, Place::Debrief | Place::Report) {
        ui.learnt.learn(state, texts(Language::English));
        ui.report = vec!["/home/ada/.local/share/gameday/recordings/black-friday.md".into()];
    }
    ui
}

pub(super) fn part(state: &State, part: usize) -> Ui {
    let mut ui = at_place(state, Place::Debrief);
    ui.learnt.part = part;
    ui
}

fn day(name: &str, needs: Ceiling) -> Day {
    let mut header = Header::clone(&scenes::preparing().header);
    header.plan.name = name.into();
    let state = State::new(Arc::new(header));
    let does = format!("{name}\n  T+0s  normal-load for 1m: 1,000/s\n");
    let ready = Ready { state, does, warnings: Vec::new(), needs };
    Day { name: name.into(), from: "launcher-built-in", plan: Ok(ready) }
}

pub(super) fn record(name: &str, minute: i64, result: Came) -> Record {
    Record {
        path: format!("/data/recordings/2026-{name}.jsonl"),
        name: name.into(),
        title: "Black Friday".into(),
        began: 1_795_348_800_000 + minute * 60_000,
        rehearsal: false,
        result,
    }
}

pub(super) fn over(outcome: Ending, met: bool, objectives: &str) -> Came {
    Came::Over { outcome: Some(outcome), met, objectives: objectives.into(), ran: secs(240) }
}

pub(super) fn shelf() -> Launcher {
    let mut warned = day("zone-failure", Ceiling::Wide);
    if let Ok(ready) = &mut warned.plan {
        ready.warnings.push("phase peak: its load is higher than any before".into());
    }
    let broken = Day {
        name: "broken".into(),
        from: "launcher-from-here",
        plan: Err(
            "error: unknown key `phasess`\n --> broken.yaml:3:1\n did you mean `phases`?".into()
        ),
    };
    Launcher {
        days: vec![
            day("black-friday", Ceiling::Controlled),
            broken,
            day("決済-遅延", Ceiling::Controlled),
            warned,
        ],
        records: Records::Read(
            vec![
                record("zone-failure", 90, Came::Running),
                record("black-friday", 60, over(Ending::Completed, true, "3 met")),
                record("black-friday", 0, over(Ending::Halted, false, "1 met, 2 not met")),
                record("torn", -60, Came::Unreadable("line 3 is damaged: not text".into())),
            ],
            7,
        ),
        empty: scenes::preparing(),
        ceiling: Ceiling::Controlled,
    }
}

pub(super) fn desk(keys: &str) -> Desk {
    let mut desk = Desk { ui: Ui::new("facilitator"), ..Desk::default() };
    wishes(&shelf(), &mut desk, keys);
    desk
}

pub(super) fn key(one: char) -> Key {
    match one {
        '\r' => Key::plain(Code::Enter),
        '\u{1b}' => Key::plain(Code::Esc),
        '\t' => Key::plain(Code::Tab),
        '→' => Key::plain(Code::F(3)),
        '←' => Key::plain(Code::F(2)),
        one => Key::char(one),
    }
}

pub(super) fn wishes(launcher: &Launcher, desk: &mut Desk, keys: &str) -> Vec<Wish> {
    keys.chars().filter_map(|one| launcher::press(key(one), launcher, desk)).collect()
}

/// The last result of a game day is that of people: its rehearsals are in the list, and no result.
#[test]
fn a_rehearsal_is_no_last_result() {
    let size = (200, 60);
    let last = |launcher: &Launcher| {
        let shown = choosing(launcher, &mut Desk::default(), size, Language::English);
        let line = shown.lines().find(|line| line.contains("last result: ")).unwrap();
        let says = line.split("last result: ").nth(1).unwrap();
        says.trim_end_matches(['│', ' ']).to_owned()
    };
    let mut launcher = shelf();
    let was = last(&launcher);
    assert!(was.contains("3 met"), "{was}");
    let Records::Read(records, _) = &mut launcher.records else { panic!() };
    let rehearsed = over(Ending::Completed, false, "2 not met");
    records.insert(0, Record { rehearsal: true, ..record("black-friday", 120, rehearsed) });
    assert_eq!(last(&launcher), was);
    let shown = choosing(&launcher, &mut Desk::default(), size, Language::English);
    assert!(shown.contains("11-22 14:00"), "it is in the list: {shown}");
    let Records::Read(records, _) = &mut launcher.records else { panic!() };
    records.retain(|record| record.rehearsal);
    assert!(last(&launcher).contains("never run"), "{}", last(&launcher));
}

#[test]
fn every_place_at_every_size() {
    let over = ended();
    let override_now = {
        let state = briefing(20, 50);
        let mut ui = at_place(&state, Place::Briefing);
        press(Key::char('g'), &state, &mut ui);
        (state, ui)
    };
    let begun = {
        let mut state = with_briefing(scenes::running(100));
        state.base_url = Some("http://127.0.0.1:1".into());
        state.briefing.go = Some((at(10), "countdown".into()));
        let early = briefing(11, 0);
        let findings = gameday::exercise::go::findings(&early, early.now).unwrap();
        let (when, stamp) = (When::Before, at(10));
        state.steady = vec![SteadyCheck { when, stamp, findings, holds: true }];
        state
    };
    let place = |state: State, place| {
        let ui = at_place(&state, place);
        (state, ui)
    };
    let cases: Vec<(&str, (State, Ui))> = vec![
        ("briefing-preparing", place(with_briefing(scenes::preparing()), Place::Briefing)),
        ("briefing-measuring", place(briefing(4, 0), Place::Briefing)),
        ("briefing-counts", place(briefing(11, 0), Place::Briefing)),
        ("briefing-held", place(held(briefing(20, 0)), Place::Briefing)),
        ("briefing-no-go", place(briefing(20, 50), Place::Briefing)),
        ("briefing-no-data", place(no_data(briefing(20, 0)), Place::Briefing)),
        ("briefing-override", override_now),
        ("briefing-later", place(begun, Place::Briefing)),
        ("report", place(over, Place::Report)),
    ];
    for (name, (state, ui)) in &cases {
        for size in SIZES {
            insta::assert_snapshot!(
                format!("{name}-{}x{}", size.0, size.1),
                screen_in(Language::English, state, ui, size)
            );
        }
    }
    let (state, ui) = &cases[2].1;
    let says = screen_in(Language::Japanese, state, ui, (80, 24));
    insta::assert_snapshot!("briefing-counts-ja", says);
}

#[test]
fn the_launcher_at_every_size() {
    for (name, keys) in [
        ("launcher", ""),
        ("launcher-broken", "j"),
        ("launcher-needs", "jjj\r"),
        ("launcher-recording", "jjjjj"),
        ("launcher-filter", "/blfr"),
        ("launcher-nothing", "/qqq"),
        ("launcher-plan", "p"),
        ("launcher-help", "?"),
    ] {
        for size in SIZES {
            let says = choosing(&shelf(), &mut desk(keys), size, Language::English);
            insta::assert_snapshot!(format!("{name}-{}x{}", size.0, size.1), says);
        }
    }
    let says = choosing(&shelf(), &mut desk(""), (120, 40), Language::Japanese);
    insta::assert_snapshot!("launcher-ja", says);
    let mut bare = Launcher { days: Vec::new(), records: Records::Reading, ..shelf() };
    assert!(choosing(&bare, &mut desk(""), (80, 24), Language::English).contains("reading …"));
    bare.records = Records::Failed("/data: permission denied".into());
    assert!(
        choosing(&bare, &mut desk(""), (80, 24), Language::English).contains("permission denied")
    );
}

#[test]
fn nothing_panics_or_is_out_of_line_at_any_size() {
    let over = ended();
    for (state, ui) in [
        (briefing(11, 0), at_place(&briefing(11, 0), Place::Briefing)),
        (over.clone(), part(&over, 1)),
        (over.clone(), at_place(&over, Place::Report)),
    ] {
        for (width, height) in [(1, 1), (60, 16), (61, 17), (110, 34), (300, 20), (90, 80)] {
            for language in LANGUAGES {
                screen_in(language, &state, &ui, (width, height));
                choosing(&shelf(), &mut desk(""), (width, height), language);
            }
        }
    }
}

#[test]
fn keys_choose_run_and_read() {
    let launcher = shelf();
    let run = |name: &str, reach| vec![Wish::Run(name.into(), reach)];
    for (keys, wanted) in [
        ("\r", run("black-friday", Ceiling::Controlled)),
        ("jj\r", run("決済-遅延", Ceiling::Controlled)),
        // What reaches further asks first.
        ("jjj\r", vec![]),
        ("jjj\ry", run("zone-failure", Ceiling::Wide)),
        ("jjj\rn", vec![]),
        // Broken ones do not run, and have no plan.
        ("j\rp", vec![]),
        ("jjjjj\r", vec![Wish::Replay("/data/recordings/2026-black-friday.jsonl".into())]),
        ("jjjjjr", vec![Wish::Report("/data/recordings/2026-black-friday.jsonl".into())]),
        ("r", vec![]),
        ("/zone\ry", run("zone-failure", Ceiling::Wide)),
        ("/決済\r", run("決済-遅延", Ceiling::Controlled)),
        ("/qqq\r", vec![]),
        ("/q\u{1b}q", vec![Wish::Leave]),
        ("pq", vec![]),
        ("p\rq", vec![Wish::Leave]),
        ("jjj\rz\r", run("zone-failure", Ceiling::Wide)),
        ("jjj\rqq", vec![Wish::Leave]),
        ("?qq", vec![Wish::Leave]),
    ] {
        let mut desk = Desk { ui: Ui::new("facilitator"), ..Desk::default() };
        assert_eq!(wishes(&launcher, &mut desk, keys), wanted, "{keys:?}");
    }
    // Why it does not run is said.
    let says = choosing(&launcher, &mut desk("j\r"), (80, 24), Language::English);
    assert!(says.contains("problems that keep it from running"), "{says}");
    assert!(says.contains("did you mean"), "{says}");
}

/// What lies over the launcher's list has keys as everything else: from a keymap, in the footer, in the help, by mouse.
#[test]
fn the_boxes_of_the_launcher_obey_the_keymap() {
    let launcher = shelf();
    let keys = "keymap: v1\nfilter:\n  <C-g>: leave-filter\n  <Esc>: none\nreading:\n  F9: close\n  q: none\nquestion:\n  F5: confirm\n";
    let (bindings, problems) = gameday::tui::keyfile::read(keys);
    let bindings = Arc::new(bindings.unwrap_or_else(|| panic!("{problems:?}")));
    let desk = |keys: &str| {
        let ui = Ui { bindings: Some(Arc::clone(&bindings)), ..Ui::new("facilitator") };
        let mut desk = Desk { ui, ..Desk::default() };
        assert_eq!(wishes(&launcher, &mut desk, keys), []);
        desk
    };
    let says = |desk: &mut Desk| choosing(&launcher, desk, (120, 40), Language::English);

    let mut filtered = desk("/zone\u{1b}");
    assert!(says(&mut filtered).contains("Ctrl-G stop filter"), "{}", says(&mut filtered));
    launcher::press(Key::ctrl('g'), &launcher, &mut filtered);
    assert_eq!(launcher::rows(&launcher, &filtered).len(), 8);

    let mut read = desk("pq");
    assert!(says(&mut read).contains("close"), "q closes nothing now");
    launcher::press(Key::plain(Code::F(9)), &launcher, &mut read);
    assert!(read.text.is_none());

    let mut asked = desk("jjj\r");
    assert!(says(&mut asked).contains("F5 yes"), "{}", says(&mut asked));
    let wish = launcher::press(Key::plain(Code::F(5)), &launcher, &mut asked);
    assert_eq!(wish, Some(Wish::Run("zone-failure".into(), Ceiling::Wide)));

    // A click on a key in the box, and on one in the footer below a text.
    let theme = Theme::named("dark", Depth::True).unwrap();
    let lang = Lang::new(Language::English);
    for (keys, id, wish) in [
        ("jjj\r", ActionId::Confirm, Some(Wish::Run("zone-failure".into(), Ceiling::Wide))),
        ("jjj\r", ActionId::Decline, None),
        ("p", ActionId::Close, None),
    ] {
        let mut desk = desk(keys);
        launcher::settle(&launcher, &mut desk);
        let state = launcher::shown(&launcher, &desk);
        let scene = Scene { state, ui: &desk.ui, theme: &theme, lang: &lang, now: state.now };
        let reached = launcher_hits(&scene, &launcher, &desk, Rect::new(0, 0, 120, 40));
        let hit = reached.iter().rfind(|hit| hit.target == Target::Action(id)).unwrap();
        let at = hit.area.as_position();
        assert_eq!(reached.at(at), Some(hit), "{id:?} is covered");
        let click = Mouse { did: Did::Press, at };
        assert_eq!(launcher::mouse(click, &launcher, &mut desk, &reached), wish);
        assert!(desk.text.is_none() && desk.asks.is_none(), "{id:?}");
    }
    for layer in ["filter", "reading"] {
        let table = gameday::tui::keytable::markdown(&bindings, &lang);
        assert!(table.contains(&format!("(`{layer}`)")), "{table}");
    }
}

#[test]
fn a_filter_is_kept_until_escape() {
    let launcher = shelf();
    let mut desk = desk("/zone\u{1b}");
    assert_eq!(launcher::rows(&launcher, &desk).len(), 8);
    wishes(&launcher, &mut desk, "/znfl");
    let rows = launcher::rows(&launcher, &desk);
    assert_eq!(rows, [launcher::Row::Day(3), launcher::Row::Record(0)]);
    assert_eq!(
        wishes(&launcher, &mut desk, "\ry"),
        [Wish::Run("zone-failure".into(), Ceiling::Wide)]
    );
    assert_eq!(launcher::rows(&launcher, &desk).len(), 2, "as it was left");
}

fn commands(outcomes: Vec<Outcome>) -> Vec<Command> {
    outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Send(command) => *command,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn any_key_stops_the_countdown_once_and_go_goes() {
    let by = || "facilitator".to_owned();
    let counting = briefing(11, 0);
    let ui = || at_place(&counting, Place::Briefing);
    let held = vec![Command::HoldBriefing { by: by() }];
    for one in [Key::char('h'), Key::char('z'), Key::char('?'), Key::plain(Code::Down)] {
        let mut ui = ui();
        assert_eq!(commands(press(one, &counting, &mut ui)), held, "{one}");
        assert_eq!(commands(press(one, &counting, &mut ui)), vec![], "{one}, again");
        ui.overlay = None;
    }
    assert_eq!(
        commands(press(Key::char('g'), &counting, &mut ui())),
        vec![Command::Go { by: by() }]
    );
    // Before there is anything to tell, and while it does not hold.
    let early = briefing(4, 0);
    let mut ui = at_place(&early, Place::Briefing);
    assert_eq!(commands(press(Key::char('g'), &early, &mut ui)), vec![]);
    assert!(ui.notice.unwrap().bad);
    let failing = briefing(20, 50);
    let mut ui = at_place(&failing, Place::Briefing);
    assert_eq!(commands(press(Key::char('g'), &failing, &mut ui)), vec![]);
    for one in "known".chars() {
        press(Key::char(one), &failing, &mut ui);
    }
    let given = commands(press(Key::plain(Code::Enter), &failing, &mut ui));
    assert_eq!(given, vec![Command::OverrideNoGo { by: by(), reason: "known".into() }]);
}

#[test]
fn one_key_goes_back_and_forth_and_nothing_is_lost() {
    let state = ended();
    let mut ui = Ui { place: Place::Live, ..Ui::new("facilitator") };
    let walk = |keys: &str, ui: &mut Ui| {
        for one in keys.chars() {
            press(key(one), &state, ui);
        }
        ui.place
    };
    assert_eq!(walk("→", &mut ui), Place::Debrief);
    walk("jj", &mut ui);
    assert_eq!(walk("→", &mut ui), Place::Report);
    walk("jjj", &mut ui);
    assert_eq!(walk(">", &mut ui), Place::Report);
    assert_eq!(walk("<←", &mut ui), Place::Live);
    assert_eq!(walk("←", &mut ui), Place::Briefing);
    assert_eq!(walk("<", &mut ui), Place::Briefing);
    assert_eq!(walk(">→", &mut ui), Place::Debrief);
    assert_eq!((ui.learnt.part, ui.learnt.at[0]), (0, 2));
    walk("l", &mut ui);
    assert_eq!((ui.mode, ui.draft.joined().as_str()), (Mode::Typing, "lesson:"));
    walk("later\u{1b}>", &mut ui);
    assert_eq!((ui.place, ui.tops[Place::Report as usize]), (Place::Report, 3));
    assert_eq!(ui.draft.joined(), "lesson: later");
}

#[test]
fn the_debrief_scores_what_nothing_measures() {
    let state = ended();
    let mut ui = part(&state, 0);
    press(Key::char('m'), &state, &mut ui);
    assert!(ui.dialog.is_none() && ui.notice.as_ref().unwrap().bad);
    press(Key::char('j'), &state, &mut ui);
    press(Key::char('j'), &state, &mut ui);
    press(Key::char('n'), &state, &mut ui);
    for one in "silence".chars() {
        press(Key::char(one), &state, &mut ui);
    }
    let scored = commands(press(Key::plain(Code::Enter), &state, &mut ui));
    let (by, reason) = ("facilitator".to_owned(), "silence".to_owned());
    assert_eq!(scored, vec![Command::ScoreObjective { objective: 2, met: false, by, reason }]);
}

/// A facilitator never misses what is broken because of where they stand.
#[test]
fn every_place_says_what_is_broken_and_what_is_in_the_way() {
    let mut not_reverted = ended();
    not_reverted.injections[0].status = InjectionStatus::NotReverted;
    let mut closing = scenes::closing();
    closing.injections[1].status = InjectionStatus::NotReverted;
    let (full, trouble) = scenes::disk_full();
    for (state, trouble, words) in [
        (with_briefing(scenes::halted()), None, &["■ HALTED", "pod-failure NOT REVERTED"][..]),
        (with_briefing(scenes::fault_active()), None, &["NEXT in 46s", "✗ availability 97%"]),
        (with_briefing(full), Some(trouble), &["✗ NOT RECORDING", "no room left", "BROKEN"]),
        (closing, None, &["reverting 1 more", "database-slowdown NOT REVERTED"]),
        (not_reverted.clone(), None, &["every phase ran", "pod-failure NOT REVERTED"]),
        (not_reverted, Some(trouble), &["✗ NOT RECORDING", "pod-failure NOT REVERTED"]),
        (ended(), None, &["✓ every phase ran", "nothing is broken"]),
    ] {
        for size in [(60, 16), (80, 24), (120, 40), (200, 60)] {
            let at = |place| {
                let ui = Ui { trouble: trouble.map(str::to_owned), ..at_place(&state, place) };
                let says = screen_in(Language::English, &state, &ui, size);
                says.lines().take(4).map(str::to_owned).collect::<Vec<_>>()
            };
            let live = at(Place::Live);
            for place in [Place::Briefing, Place::Debrief, Place::Report] {
                assert_eq!(at(place), live, "{place:?} at {size:?}");
            }
            let head = live.join("\n");
            for word in words.iter().filter(|_| size.0 >= 120) {
                assert!(head.contains(word), "{word} is missing at {size:?}:\n{head}");
            }
        }
    }
}

#[test]
fn the_screen_goes_where_it_happens() {
    let mut state = briefing(11, 0);
    assert_eq!(journey::begin(&state), Place::Briefing);
    assert_eq!(journey::begin(&scenes::preflight()), Place::Live);
    let mut ui = at_place(&state, Place::Briefing);
    let go = |state: &State, event| {
        FeedItem::Event(Arc::new(Envelope { seq: state.seq + 1, stamp: state.now, event }))
    };
    take(go(&state, Event::GoGiven { by: "ada".into() }), state.now.elapsed, &mut state, &mut ui);
    assert_eq!(ui.place, Place::Briefing);
    take(go(&state, Event::PhaseStarted { phase: 0 }), state.now.elapsed, &mut state, &mut ui);
    assert_eq!((ui.place, state.stage), (Place::Live, Stage::Running));
    // Going back to it while phases run is possible, and stays.
    press(Key::plain(Code::F(2)), &state, &mut ui);
    take(go(&state, Event::Resumed { by: "ada".into() }), state.now.elapsed, &mut state, &mut ui);
    assert_eq!(ui.place, Place::Briefing);
    let seen: Vec<Finding> = gameday::exercise::go::findings(&state, state.now).unwrap_or_default();
    assert!(seen.iter().all(|finding| finding.holds));
}
