//! A recording on the screen: as it was live, cell by cell, at every event; what keys and the mouse do with it; nothing told
//! to participants that they were not told then.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::id::IncidentId;
use gameday::exercise::incident::{Cause, IncidentStatus};
use gameday::exercise::judge::judge_all;
use gameday::exercise::log::EntryKind;
use gameday::exercise::mark::MarkKind;
use gameday::exercise::note::Note;
use gameday::exercise::participant::line::{self, Line};
use gameday::exercise::participant::{Teller, begin};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::{Stage, State};
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::port::feed::FeedItem;
use gameday::recording::read::Trust;
use gameday::recording::tape::RecordedTape;
use gameday::tui::answer::Outcome;
use gameday::tui::key::{Code, Key};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::place::Place;
use gameday::tui::replay::Wish;
use gameday::tui::replay::reel::Reel;
use gameday::tui::room::Room;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, press};
use gameday::tui::view::clocked::shown;
use gameday::tui::view::hits::hits;
use gameday::tui::{intake, journey, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::whole::{SIZES, rows, texts};
use crate::recording::{story, written};

/// The story with words, a hold that is asked for and more that only a facilitator sees.
pub(super) fn events() -> Vec<Envelope> {
    let mut all: Vec<(Stamp, Event)> =
        story::envelopes().into_iter().map(|one| (one.stamp, one.event)).collect();
    let at = |secs: u64| Stamp::new(Span::from_secs(secs), story::BEGAN + secs as i64 * 1_000);
    let of_kind = |kind: EntryKind, team: &str, text: &str| Event::Logged {
        team: team.into(),
        author: "ada".into(),
        text: text.into(),
        kind,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    let log = |team: &str, text: &str| of_kind(EntryKind::Note, team, text);
    let pin = |team: &str, text: &str| Event::MomentPinned {
        team: team.into(),
        author: "ada".into(),
        text: text.into(),
    };
    let moved = |id, to| Event::IncidentMoved {
        id: IncidentId(id),
        to,
        author: "ada".into(),
        team: "dev".into(),
        happened: None,
        of: None,
    };
    for (stamp, event) in [
        (at(65), log("sre", "payments are slow 🐢 決済")),
        (at(66), log("facilitator", "SECRET: they have not seen the pods yet")),
        (at(67), of_kind(EntryKind::Deploy, "facilitator", "SECRET: web-app 2.4.1")),
        (at(68), of_kind(EntryKind::ConfigChange, "dev", "pool 50 to 80")),
        (at(69), pin("facilitator", "SECRET pin")),
        (at(100), pin("dev", "here it began")),
        (at(134), log("dev", "the database answers late")),
        (at(152), log("dev", "slow queries everywhere")),
        (at(153), moved(3, IncidentStatus::Acknowledged)),
    ] {
        let place = all.partition_point(|(one, _)| *one <= stamp);
        all.insert(place, (stamp, event));
    }
    let numbered = all.into_iter().zip(1..);
    numbered.map(|((stamp, event), seq)| Envelope { seq, stamp, event }).collect()
}

pub(super) fn tape() -> RecordedTape {
    tape_of(&story::header(), &events())
}

fn tape_of(header: &Header, events: &[Envelope]) -> RecordedTape {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    written(&path, header, events);
    RecordedTape::open(&path, Trust::Strict).unwrap()
}

/// The story with a briefing before it, which ends with a go, and with what people decided in the debrief.
pub(super) fn briefed() -> (Header, Vec<Envelope>) {
    let mut all: Vec<(Stamp, Event)> =
        events().into_iter().map(|one| (one.stamp, one.event)).collect();
    let begun = all.iter().position(|(_, one)| matches!(one, Event::PhaseStarted { .. })).unwrap();
    let (by, reason) = ("facilitator".to_owned(), "they said so".to_owned());
    all.insert(begun, (all[begun].0, Event::GoGiven { by: by.clone() }));
    let after = |secs: u64| Stamp::new(Span::from_secs(secs), story::BEGAN + secs as i64 * 1_000);
    let cause = Cause::Discovery;
    all.push((after(240), Event::IncidentLinked { id: IncidentId(1), cause, by: by.clone() }));
    all.push((after(260), Event::ObjectiveScored { objective: 7, met: true, by, reason }));
    let numbered = all.into_iter().zip(1..);
    let events = numbered.map(|((stamp, event), seq)| Envelope { seq, stamp, event }).collect();
    (Header { briefing: Some(Span::from_secs(60)), ..story::header() }, events)
}

fn reel_of(header: &Header, events: &[Envelope]) -> Reel {
    let tape = Box::new(tape_of(header, events));
    Reel::new(tape, Ui::new("facilitator"), Vec::new(), Arc::new(|_: &[Note]| Ok(()))).unwrap()
}

/// A recording with a briefing and a debrief.
pub(super) fn briefed_reel() -> Reel {
    let (header, events) = briefed();
    reel_of(&header, &events)
}

pub(super) type Kept = Arc<Mutex<Vec<Vec<Note>>>>;

pub(super) fn reel_with(notes: Vec<Note>) -> (Reel, Kept) {
    let kept = Kept::default();
    let into = Arc::clone(&kept);
    let keep = Arc::new(move |notes: &[Note]| {
        into.lock().unwrap().push(notes.to_vec());
        Ok(())
    });
    let reel = Reel::new(Box::new(tape()), Ui::new("facilitator"), notes, keep).unwrap();
    (reel, kept)
}

pub(super) fn reel() -> Reel {
    reel_with(Vec::new()).0
}

pub(super) fn cells(
    state: &State,
    ui: &Ui,
    now: Stamp,
    size: (u16, u16),
    language: Language,
    depth: Depth,
) -> Buffer {
    let theme = Theme::named("dark", depth).unwrap();
    let scene = Scene { state, ui, theme: &theme, lang: texts(language), now: shown(state, now) };
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    terminal.backend().buffer().clone()
}

pub(super) fn picture(reel: &Reel, size: (u16, u16)) -> String {
    let (state, ui) = reel.shown();
    rows(&cells(state, ui, reel.now(), size, Language::English, Depth::True)).join("\n")
}

pub(super) const NOW: Duration = Duration::from_secs(1_000);

/// Presses keys as the shell does, at `now`.
fn keys_at(reel: &mut Reel, keys: &str, now: Duration) {
    for one in keys.chars() {
        let key = match one {
            '→' => Key::plain(Code::Right),
            '←' => Key::plain(Code::Left),
            '⇤' => Key::plain(Code::Home),
            '⇥' => Key::plain(Code::End),
            '\n' => Key::plain(Code::Enter),
            '\t' => Key::plain(Code::Tab),
            '⇒' => Key::plain(Code::F(3)),
            '⇐' => Key::plain(Code::F(2)),
            '⎋' => Key::plain(Code::Esc),
            '⌫' => Key::plain(Code::Backspace),
            other => Key::char(other),
        };
        let (state, ui) = reel.shown_mut();
        let outcomes = press(key, state, ui);
        follow(reel, outcomes, now);
    }
}

pub(super) fn follow(reel: &mut Reel, outcomes: Vec<Outcome>, now: Duration) {
    for outcome in outcomes {
        match outcome {
            Outcome::Replay(wish) => reel.take(wish, now).unwrap(),
            Outcome::Turn => reel.turn().unwrap(),
            other => panic!("a recording leads to {other:?}"),
        }
    }
}

pub(super) fn keys(reel: &mut Reel, keys: &str) {
    keys_at(reel, keys, NOW);
}

fn seq(reel: &Reel) -> u64 {
    reel.shown().1.replay.as_ref().unwrap().seq
}

fn at(reel: &Reel) -> Span {
    reel.shown().1.replay.as_ref().unwrap().at
}

/// The rows of a live screen that a replayed one has for itself: the line, what is below it, and the keys.
const OWN: u16 = 3;

#[track_caller]
fn assert_same(replayed: &Buffer, live: &Buffer, what: &str) {
    let area = Rect { height: live.area.height - OWN, ..live.area };
    for position in area.positions() {
        if replayed[position] != live[position] {
            let (got, want) = (rows(replayed).join("\n"), rows(live).join("\n"));
            panic!("{what}: {position:?} differs\n{got}\n--- live:\n{want}");
        }
    }
}

/// What a debrief or a report shows is made of the state when it is looked at.
fn learn(state: &State, ui: &mut Ui) {
    ui.verdicts = judge_all(state);
    ui.learnt.learn(state, texts(Language::English));
    ui.learnt.propose(state, texts(Language::English));
}

/// A live screen that is fed one event after the other, and what participants see of it.
struct Live {
    state: State,
    ui: Ui,
    room: Room,
}

impl Live {
    fn new(header: Header) -> Self {
        let state = State::new(Arc::new(header));
        // Somebody who only looks: no key of this screen ends the countdown of a briefing.
        let place = journey::begin(&state);
        let ui = Ui { place, stopped: true, ..Ui::new("facilitator") };
        let room = Room::new(&state, &ui).unwrap();
        Self { state, ui, room }
    }

    fn take(&mut self, event: &Envelope) {
        let now = event.stamp.elapsed;
        let item = FeedItem::Event(Arc::new(event.clone()));
        self.room.take(&item);
        intake::take(item, now, &mut self.state, &mut self.ui);
        self.ui.notice = None;
        (_, _) = (self.ui.toasts.pass(now), self.room.ui.toasts.pass(now));
        if self.state.stage == Stage::Ended {
            self.ui.verdicts = judge_all(&self.state);
        }
    }
}

/// Screens that joined later: the facilitator's from a snapshot and every event after it, participants' from what is sent to
/// those who join.
struct Joined {
    since: Stamp,
    state: State,
    ui: Ui,
    /// What was sent to participants, and what of it this screen has taken.
    taken: usize,
    told: State,
    told_ui: Ui,
}

impl Joined {
    fn new(live: &Live, lines: &[String]) -> Self {
        // What is selected is each screen's own.
        let selected = live.ui.selected;
        let place = journey::begin(&live.state);
        let ui = Ui { place, selected, ..Ui::new("facilitator") };
        let Line::Header(header) = line::read(&lines[0]).unwrap() else { panic!("no header") };
        let told = begin(*header);
        let mut told_ui = Ui { place: journey::begin(&told), ..Ui::new("facilitator") };
        told_ui.for_participants();
        // The key that goes back to the facilitator's view is named in it.
        told_ui.turned = true;
        let (since, state) = (live.state.now, live.state.clone());
        Self { since, state, ui, taken: 1, told, told_ui }
    }

    fn take(&mut self, event: &Envelope, lines: &[String]) {
        let now = event.stamp.elapsed;
        let item = FeedItem::Event(Arc::new(event.clone()));
        intake::take(item, now, &mut self.state, &mut self.ui);
        self.ui.notice = None;
        for text in &lines[self.taken..] {
            let item = match line::read(text).unwrap() {
                Line::Plan(plan) => FeedItem::Revealed(plan),
                Line::Event(envelope) => FeedItem::Event(Arc::from(envelope)),
                Line::Header(header) => panic!("{header:?}"),
            };
            intake::take(item, now, &mut self.told, &mut self.told_ui);
        }
        self.taken = lines.len();
        (_, _) = (self.ui.toasts.pass(now), self.told_ui.toasts.pass(now));
        if self.state.stage == Stage::Ended {
            self.ui.verdicts = judge_all(&self.state);
        }
    }

    /// Whether nothing is shown any more that went by shortly before it joined.
    fn knows_all(&self, now: Stamp) -> bool {
        now.since(self.since) > Span::from_secs(30)
    }
}

/// Everything that is sent to participants of this exercise, event by event.
struct Sent {
    teller: Teller,
    lines: Vec<String>,
}

impl Sent {
    fn new(header: Header) -> Self {
        let teller = Teller::new(Arc::new(header));
        let lines = vec![line::first(teller.header()).unwrap()];
        Self { teller, lines }
    }

    fn take(&mut self, event: &Envelope) {
        if let Some(told) = self.teller.tell(event) {
            self.lines.extend(line::lines(&told).unwrap());
        }
    }
}

#[test]
fn at_every_event_live_replayed_and_joined_screens_are_the_same_for_both_kinds_of_people() {
    let (header, events) = briefed();
    let mut live = Live::new(header.clone());
    let mut sent = Sent::new(header);
    // One that goes through event by event, and one that comes to each from elsewhere.
    let (mut steps, mut seeks) = (briefed_reel(), briefed_reel());
    let (mut told_steps, mut told_seeks) = (briefed_reel(), briefed_reel());
    told_steps.turn().unwrap();
    told_seeks.turn().unwrap();
    let mut joined: Vec<Joined> = vec![Joined::new(&live, &sent.lines)];
    let last = events.len() as u64;
    let (mut compared, mut joined_compared) = (0, 0);
    for event in &events {
        live.take(event);
        sent.take(event);
        joined.iter_mut().for_each(|one| one.take(event, &sent.lines));
        if event.seq % 120 == 30 {
            joined.push(Joined::new(&live, &sent.lines));
        }
        keys(&mut steps, ".");
        keys(&mut told_steps, ".");
        assert_eq!(seq(&steps), event.seq);
        // From behind, from before, from far away.
        let from = [last, event.seq.saturating_sub(7), (event.seq * 7_919) % (last + 1)];
        let elsewhere = from[(event.seq % 3) as usize];
        let sampled = matches!(event.event, Event::Sampled(_) | Event::Observed(_));
        if sampled && event.seq % 25 != 0 && event.seq != last {
            continue;
        }
        for reel in [&mut seeks, &mut told_seeks] {
            while_at(reel, elsewhere, &events);
            while_at(reel, event.seq, &events);
        }
        for reel in [&mut steps, &mut seeks] {
            reel.judge();
        }
        for size in SIZES {
            let draw = |state: &State, ui: &Ui, now| {
                cells(state, ui, now, size, Language::English, Depth::True)
            };
            let want = draw(&live.state, &live.ui, event.stamp);
            for (reel, how) in [(&steps, "step"), (&seeks, "seek")] {
                let (state, ui) = reel.shown();
                assert_eq!(reel.now(), event.stamp, "{how}");
                let what = format!("event {} by {how} at {size:?}", event.seq);
                assert_same(&draw(state, ui, reel.now()), &want, &what);
            }
            let want = draw(&live.room.state, &live.room.ui, event.stamp);
            for (reel, how) in [(&told_steps, "step"), (&told_seeks, "seek")] {
                let (state, ui) = reel.shown();
                assert!(state.participants);
                let what = format!("event {} told by {how} at {size:?}", event.seq);
                assert_same(&draw(state, ui, reel.now()), &want, &what);
            }
            // Those that joined have the same rows for themselves as the live screen: every cell is compared.
            for one in joined.iter().filter(|one| one.knows_all(event.stamp)) {
                let what = format!("event {} joined at {:?}, {size:?}", event.seq, one.since);
                let whole = draw(&live.state, &live.ui, event.stamp);
                assert_equal(&draw(&one.state, &one.ui, event.stamp), &whole, &what);
                assert_equal(&draw(&one.told, &one.told_ui, event.stamp), &want, &what);
                joined_compared += 1;
            }
            compared += 1;
        }
        let runs = live.ui.place == Place::Live && live.state.stage == Stage::Running;
        if !runs || event.seq % 13 == 0 {
            pages(&mut live, &mut steps, &mut seeks, event);
        }
    }
    assert!(compared > 150, "{compared} screens are too few");
    assert!(joined_compared > 200, "{joined_compared} screens that joined are too few");
}

/// The pages before and after, where keys go there and back, on the live screen as on the recording.
fn pages(live: &mut Live, steps: &mut Reel, seeks: &mut Reel, event: &Envelope) {
    let key = |number| Key::plain(Code::F(number));
    let (there, back) = match live.ui.place {
        Place::Briefing => (3, 2),
        _ if matches!(live.state.stage, Stage::Closing | Stage::Ended) => (3, 2),
        _ => (2, 3),
    };
    assert_eq!(press(key(there), &live.state, &mut live.ui), []);
    learn(&live.state, &mut live.ui);
    live.ui.notice = None;
    for reel in [&mut *steps, &mut *seeks] {
        let (state, ui) = reel.shown_mut();
        assert_eq!(press(key(there), state, ui), []);
        reel.judge();
        reel.learn(texts(Language::English));
        let (_, ui) = reel.shown();
        assert_eq!(ui.page(), live.ui.place);
        for size in SIZES {
            let draw = |state: &State, ui: &Ui, now| {
                cells(state, ui, now, size, Language::English, Depth::True)
            };
            let want = draw(&live.state, &live.ui, event.stamp);
            let (state, ui) = reel.shown();
            let what = format!("event {} on {:?} at {size:?}", event.seq, ui.page());
            assert_same(&draw(state, ui, reel.now()), &want, &what);
        }
        let (state, ui) = reel.shown_mut();
        assert_eq!(press(key(back), state, ui), []);
    }
    assert_eq!(press(key(back), &live.state, &mut live.ui), []);
    assert_eq!(steps.shown().1.page(), live.ui.place);
}

#[track_caller]
fn assert_equal(joined: &Buffer, live: &Buffer, what: &str) {
    if joined != live {
        let (got, want) = (rows(joined).join("\n"), rows(live).join("\n"));
        panic!("{what}:\n{got}\n--- live:\n{want}");
    }
}

/// Goes to an event through a note behind it: as far as keys go, to that very one.
fn while_at(reel: &mut Reel, seq: u64, events: &[Envelope]) {
    let event = events.get(seq.saturating_sub(1) as usize).filter(|_| seq > 0);
    let to = event.map_or(Span::ZERO, |event| event.stamp.elapsed);
    reel.take(Wish::To(to), NOW).unwrap();
    while self::seq_of(reel) > seq {
        keys(reel, ",");
    }
}

fn seq_of(reel: &Reel) -> u64 {
    seq(reel)
}

fn playing(reel: &Reel) -> bool {
    reel.shown().1.replay.as_ref().unwrap().playing
}

fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

pub(super) fn said(reel: &Reel) -> String {
    let notice = reel.shown().1.notice.as_ref();
    notice.map(|one| one.says.in_words(texts(Language::English)).into_owned()).unwrap_or_default()
}

#[test]
fn it_plays_in_time_faster_and_slower_and_stops_at_the_end() {
    let mut reel = reel();
    let now = |secs: u64| NOW + Duration::from_secs(secs);
    assert!(!playing(&reel) && reel.until_next(now(0)).is_none(), "it begins paused");
    assert!(!reel.advance(now(500)).unwrap());
    assert_eq!((at(&reel), seq(&reel)), (Span::ZERO, 0));
    keys_at(&mut reel, " ", now(500));
    assert!(reel.until_next(now(500)).is_some_and(|wait| wait <= Duration::from_secs(1)));
    reel.advance(now(512)).unwrap();
    assert_eq!(at(&reel), secs(12));
    let want = events().iter().rfind(|event| event.stamp.elapsed <= secs(12)).unwrap().seq;
    assert_eq!(seq(&reel), want, "every event up to there, and none behind it");
    // Between two events the clocks go on.
    reel.advance(now(512) + Duration::from_millis(900)).unwrap();
    assert_eq!(reel.now().elapsed, Span::from_millis(12_900));
    keys_at(&mut reel, "]]]]", now(513));
    reel.advance(now(516)).unwrap();
    assert_eq!(at(&reel), secs(13 + 3 * 16));
    keys_at(&mut reel, " ", now(516));
    reel.advance(now(900)).unwrap();
    assert_eq!((at(&reel), playing(&reel)), (secs(61), false));
    keys_at(&mut reel, "[[[[[[[[[[", now(900));
    assert!(said(&reel).contains("lowest speed"), "{}", said(&reel));
    keys_at(&mut reel, " ", now(900));
    reel.advance(now(940)).unwrap();
    assert_eq!(at(&reel), secs(71), "a quarter as fast");
    keys_at(&mut reel, "]]]]]]]]]]", now(940));
    reel.advance(now(999)).unwrap();
    let last = events().last().unwrap().stamp.elapsed;
    assert_eq!((at(&reel), playing(&reel)), (last, false), "it stops at the end");
    assert!(!reel.advance(now(1_999)).unwrap() && reel.until_next(now(1_999)).is_none());
    keys_at(&mut reel, " ", now(2_000));
    assert_eq!(
        (at(&reel), seq(&reel), playing(&reel)),
        (Span::ZERO, 0, true),
        "from the beginning"
    );
}

#[test]
fn through_a_hold_time_goes_on_and_the_exercise_clock_stands_as_it_did() {
    let mut reel = reel();
    let clock = |reel: &Reel| reel.shown().0.exercise_time(reel.now());
    keys(&mut reel, "t32\n ");
    let held = clock(&reel);
    reel.advance(NOW + Duration::from_secs(5)).unwrap();
    assert_eq!((at(&reel), clock(&reel)), (secs(37), held));
    assert!(picture(&reel, (120, 40)).contains("HELD"));
    reel.advance(NOW + Duration::from_secs(18)).unwrap();
    assert_eq!(clock(&reel), held + secs(10), "from 40 on it goes again");
}

#[test]
fn keys_go_to_events_marks_times_and_lines() {
    let mut reel = reel();
    let all = events();
    let first = |is: &dyn Fn(&Event) -> bool, nth: usize| {
        all.iter().filter(|event| is(&event.event)).nth(nth).unwrap().seq
    };
    let phase = |event: &Event| matches!(event, Event::PhaseStarted { .. });
    let active = |event: &Event| matches!(event, Event::InjectionActive { .. });
    let opened = |event: &Event| matches!(event, Event::IncidentOpened { .. });
    let broken = |event: &Event| matches!(event, Event::SloBreached { .. });
    let stopped = |event: &Event| matches!(event, Event::Held { .. } | Event::Halted { .. });
    let pinned = |event: &Event| matches!(event, Event::MomentPinned { .. });
    let changed = |event: &Event| {
        use EntryKind::{ConfigChange, Deploy};
        matches!(event, Event::Logged { kind: Deploy | ConfigChange, .. })
    };
    for (typed, want) in [
        ("f", first(&phase, 0)),
        ("f", first(&phase, 1)),
        ("F", first(&phase, 0)),
        ("x", first(&active, 0)),
        ("xx", first(&active, 2)),
        ("X", first(&active, 1)),
        ("⇤i", first(&opened, 0)),
        ("i", first(&opened, 1)),
        ("u", first(&opened, 0)),
        ("⇤v", first(&broken, 0)),
        ("⇤e", first(&pinned, 0)),
        ("e", first(&pinned, 1)),
        ("E", first(&pinned, 0)),
        // The list begins at the newest; Enter goes there.
        ("t150\nMk\n", first(&pinned, 0)),
        ("⇤c", first(&changed, 0)),
        ("c", first(&changed, 1)),
        ("C", first(&changed, 0)),
        ("⇤s", first(&stopped, 0)),
        ("s", first(&stopped, 1)),
        ("S", first(&stopped, 0)),
        ("⇥", all.len() as u64),
    ] {
        keys(&mut reel, typed);
        assert_eq!(seq(&reel), want, "{typed}");
    }
    keys(&mut reel, "i");
    assert!(said(&reel).contains("none further"), "{}", said(&reel));
    for (typed, want) in [
        ("t2m\n", secs(120)),
        ("t+30s\n", secs(150)),
        ("t-1m\n", secs(90)),
        ("t0:00:42\n", secs(42)),
        // The recording began at 16:05; the first phase ten seconds later.
        ("t16:06\n", secs(60)),
        ("tT+19s\n", secs(29)),
        // The hold from 30 to 40 does not count there.
        ("tT+50s\n", secs(70)),
        ("t99:00:00\n", all.last().unwrap().stamp.elapsed),
        ("⇤→→", secs(20)),
        ("←", secs(10)),
    ] {
        keys(&mut reel, typed);
        assert_eq!(at(&reel), want, "{typed}");
    }
    keys(&mut reel, "tsoon\n");
    let problem = reel.shown().1.dialog.as_ref().unwrap().problem.clone();
    assert_eq!(problem.unwrap().key, "answer-when", "what is no time stays to be mended");
    keys(&mut reel, "⎋");
    let text = |reel: &Reel| reel.shown().0.log.last().unwrap().text.to_string();
    keys(&mut reel, "⇤/SLOW\n");
    assert_eq!(text(&reel), "payments are slow 🐢 決済");
    assert!(said(&reel).contains("lines"), "{}", said(&reel));
    keys(&mut reel, "n");
    let place = seq(&reel);
    assert!(text(&reel).to_lowercase().contains("slow"), "{}", text(&reel));
    keys(&mut reel, "nnnnnnnnN");
    assert_ne!(seq(&reel), place);
    keys(&mut reel, "/nobody says this\n");
    assert!(said(&reel).contains("in no line"), "{}", said(&reel));
}

#[test]
fn no_key_of_the_live_screen_orders_anything() {
    let mut reel = reel();
    keys(&mut reel, "t100\n");
    nothing_is_ordered(&mut reel);
    for (key, name) in [('+', "extend"), ('r', "revert"), ('d', "delay"), ('!', "real")] {
        keys(&mut reel, &key.to_string());
        let said = said(&reel);
        assert!(said.contains("this is a recording"), "{key} {name}: {said}");
    }
    let (state, ui) = reel.shown_mut();
    assert_eq!(press(Key::ctrl('x'), state, ui), []);
    assert!(!ui.halting && said(&reel).contains("this is a recording"), "{}", said(&reel));
    // The palette offers no lever and nothing of the live screen.
    keys(&mut reel, ":restart web-app-1\n");
    let (_, ui) = reel.shown_mut();
    assert!(ui.palette, "nothing is pulled");
}

/// Whatever two keys and Enter are pressed, nothing is handed over.
pub(super) fn nothing_is_ordered(reel: &mut Reel) {
    let all = (' '..='~').map(Key::char).chain("xzcrpu".chars().map(Key::ctrl));
    let named = [Code::Enter, Code::Esc, Code::Tab, Code::Up, Code::Down, Code::PageUp];
    let functions = (1..=12).map(|number| Key::plain(Code::F(number)));
    let all: Vec<_> = all.chain(named.map(Key::plain)).chain(functions).collect();
    for first in &all {
        for second in &all {
            let (state, ui) = reel.shown_mut();
            for key in [first, second, &Key::plain(Code::Enter)] {
                for outcome in press(*key, state, ui) {
                    assert!(!matches!(outcome, Outcome::Send(_)), "{first} {second} {key}");
                }
            }
            for _ in 0..4 {
                press(Key::plain(Code::Esc), state, ui);
            }
        }
    }
}

#[test]
fn the_mouse_seeks_on_the_bar_and_on_the_timeline() {
    let mut reel = reel();
    let length = events().last().unwrap().stamp.elapsed;
    let theme = Theme::named("dark", Depth::True).unwrap();
    for size in SIZES {
        keys(&mut reel, "t100\n");
        let area = Rect::new(0, 0, size.0, size.1);
        let reached = |reel: &Reel| {
            let (state, ui) = reel.shown();
            let lang = texts(Language::English);
            hits(&Scene { state, ui, theme: &theme, lang, now: shown(state, reel.now()) }, area)
        };
        let does = |reel: &mut Reel, did, x, y| {
            let hits = reached(reel);
            let (state, ui) = reel.shown_mut();
            let outcomes = mouse(Mouse { did, at: Position::new(x, y) }, state, ui, &hits);
            follow(reel, outcomes, NOW);
        };
        let find = |reel: &Reel, is: &dyn Fn(&Target) -> bool| {
            reached(reel).iter().find(|hit| is(&hit.target)).unwrap().area
        };
        let bar = find(&reel, &|target| matches!(target, Target::Bar { .. }));
        does(&mut reel, Did::Press, bar.x, bar.y);
        assert_eq!(at(&reel), Span::ZERO);
        does(&mut reel, Did::Drag, bar.x + bar.width / 2, bar.y + 3);
        let half = length.as_millis() / 2;
        assert!(at(&reel).as_millis().abs_diff(half) < 5_000, "{:?}", at(&reel));
        does(&mut reel, Did::Drag, bar.right() + 5, bar.y);
        does(&mut reel, Did::Release, bar.right() + 5, bar.y);
        assert_eq!(at(&reel), length);
        does(&mut reel, Did::Drag, bar.x, bar.y);
        assert_eq!(at(&reel), length, "the button is up");
        let time = find(&reel, &|target| matches!(target, Target::Moments { .. }));
        does(&mut reel, Did::Press, time.x, time.y + 1);
        assert_eq!(at(&reel), secs(10), "where the first phase begins");
        does(&mut reel, Did::Drag, time.x + time.width / 2, time.y + 1);
        does(&mut reel, Did::Release, time.x + time.width / 2, time.y + 1);
        assert!(at(&reel) > secs(90) && at(&reel) < secs(140), "{:?}", at(&reel));
    }
}

#[test]
fn notes_are_added_changed_and_deleted_beside_the_recording() {
    let (mut reel, kept) = reel_with(Vec::new());
    keys(&mut reel, "t1m\nm");
    let first = seq(&reel);
    keys(&mut reel, "m");
    assert!(said(&reel).contains("already"), "{}", said(&reel));
    keys(&mut reel, "aLook here\n");
    keys(&mut reel, "t2m\naslow 🐢 二\n");
    let second = seq(&reel);
    let note = |seq, text: &str| Note { seq, text: text.to_owned() };
    let last = || kept.lock().unwrap().last().cloned().unwrap();
    assert_eq!(last(), [note(first, "Look here"), note(second, "slow 🐢 二")]);
    for size in SIZES {
        let shown = picture(&reel, size);
        assert!(shown.contains("◆ added afterwards: slow 🐢 二"), "{shown}");
    }
    // Both stand in their lane of the timeline, which says what they are.
    let shown = picture(&reel, (200, 60));
    let lane = shown.lines().find(|line| line.contains("cards, notes")).unwrap();
    assert_eq!(lane.matches('◆').count(), 2, "{shown}");
    assert!(
        shown.lines().any(|line| line.contains("timeline") && line.contains("◆ added afterwards"))
    );
    keys(&mut reel, "\"");
    assert_eq!(seq(&reel), first);
    keys(&mut reel, "a⌫⌫⌫⌫there\n");
    assert_eq!(last()[0], note(first, "Look there"));
    // Found as a line of the log is.
    keys(&mut reel, "⇤/look there\n");
    assert_eq!(seq(&reel), first);
    keys(&mut reel, "'");
    assert_eq!(seq(&reel), second);
    // Nothing of it is shown to participants, nor can they write any.
    keys(&mut reel, "p");
    let told = picture(&reel, (200, 60));
    assert!(!told.contains('◆') && !told.contains("added afterwards"), "{told}");
    keys(&mut reel, "m");
    assert!(said(&reel).contains("facilitator"), "{}", said(&reel));
    keys(&mut reel, "pDn");
    assert_eq!(last().len(), 2, "asked first");
    keys(&mut reel, "Dy");
    assert_eq!(last(), [note(first, "Look there")]);
    // A disk that takes nothing changes nothing.
    let keep = Arc::new(|_: &[Note]| Err("no room left".to_owned()));
    let ui = Ui::new("facilitator");
    let mut full = Reel::new(Box::new(tape()), ui, vec![note(3, "old")], keep).unwrap();
    keys(&mut full, "t1m\nm");
    assert!(said(&full).contains("no room left"), "{}", said(&full));
    assert_eq!(full.shown().1.replay.as_ref().unwrap().plain_notes(), [note(3, "old")]);
}

#[test]
fn participants_are_shown_nothing_of_the_future_and_nothing_of_the_facilitator() {
    let (mut reel, _) = reel_with(vec![Note { seq: 3, text: "SECRET".into() }]);
    let secrets = ["SECRET", "pod-failure", "database-slowdown", "network-chaos", "took effect"];
    keys(&mut reel, "⇥pt70\n");
    for seek in ["t70\n", "t3m\n", "t20\n", "t125\n"] {
        keys(&mut reel, seek);
        for size in SIZES {
            let shown = picture(&reel, size);
            for secret in secrets {
                assert!(!shown.contains(secret), "{secret} after {seek}\n{shown}");
            }
        }
        let replay = reel.shown().1.replay.as_ref().unwrap();
        assert!(replay.marks.iter().all(|mark| mark.seq <= replay.seq), "marks of the future");
        assert!(replay.marks.iter().all(|mark| mark.kind != MarkKind::Injection));
        // Of what was deployed, that which the facilitator wrote down is not shown.
        let pins = replay.marks.iter().filter(|mark| mark.kind == MarkKind::Pin).count();
        assert_eq!(pins, usize::from(at(&reel) >= secs(100)), "{seek}");
        let changes = replay.marks.iter().filter(|mark| mark.kind == MarkKind::Change).count();
        assert_eq!(changes, usize::from(at(&reel) >= secs(68)), "{seek}");
        assert!(replay.notes.is_empty() && replay.last == replay.seq);
    }
    keys(&mut reel, "⇤/SECRET\n");
    assert!(said(&reel).contains("in no line"), "{}", said(&reel));
    keys(&mut reel, "x");
    assert!(said(&reel).contains("facilitator"), "{}", said(&reel));
    // How long it is, is told only as far as they were shown it.
    let (mut fresh, _) = reel_with(Vec::new());
    keys(&mut fresh, "pt70\n");
    assert_eq!(fresh.shown().1.replay.as_ref().unwrap().length, secs(70));
}

/// Every picture, with the keys that lead to it.
const PICTURES: [(&str, &str); 6] = [
    ("start", ""),
    ("paused", "t132\n"),
    ("playing", "t132\n]] "),
    ("search", "/slow\nnn"),
    ("noted", "t135\naHere we should have looked at the database\n"),
    ("participants", "t132\np"),
];

fn pictured(keys_to: &str) -> Reel {
    let (mut reel, _) = reel_with(vec![Note { seq: 40, text: String::new() }]);
    keys(&mut reel, keys_to);
    reel.judge();
    // What is said to the person goes with the next key.
    reel
}

#[test]
fn a_recording_at_every_size() {
    for (name, keys_to) in PICTURES.into_iter().chain([("question", "t132\na")]) {
        for size in SIZES {
            let reel = pictured(keys_to);
            let name = format!("replay-{name}-{}x{}", size.0, size.1);
            insta::assert_snapshot!(name, picture(&reel, size));
        }
    }
}

#[test]
fn a_recording_without_colour_says_the_same() {
    for (name, keys_to) in PICTURES {
        for size in SIZES {
            let reel = pictured(keys_to);
            let (state, ui) = reel.shown();
            let draw = |depth| rows(&cells(state, ui, reel.now(), size, Language::English, depth));
            assert_eq!(draw(Depth::Mono), draw(Depth::True), "{name}");
        }
    }
}
