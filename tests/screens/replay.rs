//! A recording on the screen: as it was live, cell by cell, at every event; what keys and the mouse do with it; nothing told
//! to participants that they were not told then.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::id::IncidentId;
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::mark::MarkKind;
use gameday::exercise::note::Note;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::span::Span;
use gameday::lang::Language;
use gameday::port::feed::FeedItem;
use gameday::recording::plain::PlainTape;
use gameday::recording::read::Recorded;
use gameday::tui::answer::Outcome;
use gameday::tui::key::{Code, Key};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::replay::Wish;
use gameday::tui::replay::reel::Reel;
use gameday::tui::room::Room;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, press};
use gameday::tui::view::clocked::shown;
use gameday::tui::view::hits::hits;
use gameday::tui::{intake, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::whole::{SIZES, rows, texts};
use crate::recording::story;

/// The story with words, a hold that is asked for and more that only a facilitator sees.
fn events() -> Vec<Envelope> {
    let mut all: Vec<(Stamp, Event)> =
        story::envelopes().into_iter().map(|one| (one.stamp, one.event)).collect();
    let at = |secs: u64| Stamp::new(Span::from_secs(secs), story::BEGAN + secs as i64 * 1_000);
    let log = |team: &str, text: &str| Event::Logged {
        team: team.into(),
        author: "ada".into(),
        text: text.into(),
        kind: EntryKind::Note,
        incident: None,
        when: None,
    };
    let moved = |id, to| Event::IncidentMoved {
        id: IncidentId(id),
        to,
        author: "ada".into(),
        note: String::new(),
    };
    for (stamp, event) in [
        (at(65), log("sre", "payments are slow 🐢 決済")),
        (at(66), log("facilitator", "SECRET: they have not seen the pods yet")),
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

fn tape() -> PlainTape {
    let recorded =
        Recorded { header: story::header(), envelopes: events(), warnings: Vec::new() };
    PlainTape::new(recorded)
}

type Kept = Arc<Mutex<Vec<Vec<Note>>>>;

fn reel_with(notes: Vec<Note>) -> (Reel, Kept) {
    let kept = Kept::default();
    let into = Arc::clone(&kept);
    let keep = Arc::new(move |notes: &[Note]| {
        into.lock().unwrap().push(notes.to_vec());
        Ok(())
    });
    let reel = Reel::new(Box::new(tape()), Ui::new("facilitator"), notes, keep).unwrap();
    (reel, kept)
}

fn reel() -> Reel {
    reel_with(Vec::new()).0
}

fn cells(
    state: &State,
    ui: &Ui,
    now: Stamp,
    size: (u16, u16),
    language: Language,
    depth: Depth,
) -> Buffer {
    let theme = Theme::named("dark", depth).unwrap();
    let scene =
        Scene { state, ui, theme: &theme, lang: texts(language), now: shown(state, now) };
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    terminal.backend().buffer().clone()
}

fn picture(reel: &Reel, size: (u16, u16)) -> String {
    let (state, ui) = reel.shown();
    rows(&cells(state, ui, reel.now(), size, Language::English, Depth::True)).join("\n")
}

const NOW: Duration = Duration::from_secs(1_000);

/// Presses keys as the shell does, at `now`.
fn keys_at(reel: &mut Reel, keys: &str, now: Duration) {
    for one in keys.chars() {
        let key = match one {
            '→' => Key::plain(Code::Right),
            '←' => Key::plain(Code::Left),
            '⇤' => Key::plain(Code::Home),
            '⇥' => Key::plain(Code::End),
            '\n' => Key::plain(Code::Enter),
            '⎋' => Key::plain(Code::Esc),
            '⌫' => Key::plain(Code::Backspace),
            other => Key::char(other),
        };
        let (state, ui) = reel.shown_mut();
        let outcomes = press(key, state, ui);
        follow(reel, outcomes, now);
    }
}

fn follow(reel: &mut Reel, outcomes: Vec<Outcome>, now: Duration) {
    for outcome in outcomes {
        match outcome {
            Outcome::Replay(wish) => reel.take(wish, now).unwrap(),
            Outcome::Turn => reel.turn().unwrap(),
            other => panic!("a recording leads to {other:?}"),
        }
    }
}

fn keys(reel: &mut Reel, keys: &str) {
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

/// A live screen that is fed one event after the other, and what participants see of it.
struct Live {
    state: State,
    ui: Ui,
    room: Room,
}

impl Live {
    fn new() -> Self {
        let state = State::new(Arc::new(story::header()));
        let ui = Ui::new("facilitator");
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
        if self.state.stage == gameday::exercise::state::Stage::Ended {
            self.ui.verdicts = gameday::exercise::judge::judge_all(&self.state);
        }
    }
}

#[test]
fn at_every_event_the_screen_is_as_it_was_live_for_both_kinds_of_people() {
    let events = events();
    let mut live = Live::new();
    // One that goes through event by event, and one that comes to each from elsewhere.
    let (mut steps, mut seeks) = (reel(), reel());
    let (mut told_steps, mut told_seeks) = (reel(), reel());
    told_steps.turn().unwrap();
    told_seeks.turn().unwrap();
    let last = events.len() as u64;
    let mut compared = 0;
    for event in &events {
        live.take(event);
        keys(&mut steps, ".");
        keys(&mut told_steps, ".");
        assert_eq!(seq(&steps), event.seq);
        // From behind, from before, from far away.
        let from = [last, event.seq.saturating_sub(7), (event.seq * 7_919) % (last + 1)];
        let elsewhere = from[(event.seq % 3) as usize];
        let sampled = matches!(event.event, Event::Sampled(_) | Event::Observed(_));
        if sampled && event.seq % 5 != 0 && event.seq != last {
            continue;
        }
        for reel in [&mut seeks, &mut told_seeks] {
            while_at(reel, elsewhere);
            while_at(reel, event.seq);
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
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared} screens are too few");
}

/// Goes to an event through a note behind it: as far as keys go, to that very one.
fn while_at(reel: &mut Reel, seq: u64) {
    let event = events().into_iter().nth(seq.saturating_sub(1) as usize).filter(|_| seq > 0);
    let to = event.map_or(Span::ZERO, |event| event.stamp.elapsed);
    reel.take(Wish::To(to), NOW).unwrap();
    while self::seq_of(reel) > seq {
        keys(reel, ",");
    }
}

fn seq_of(reel: &Reel) -> u64 {
    seq(reel)
}
