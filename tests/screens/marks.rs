//! Recordings marked in the launcher to be compared.

use gameday::exercise::event::Outcome as Ending;
use gameday::lang::Language;
use gameday::tui::launcher::{Desk, Launcher, Record, Records, Wish, settle};
use gameday::tui::theme::Depth;
use gameday::tui::ui::Ui;

use super::way::{choosing, launcher_buffer, over, record, shelf, wishes};
use super::whole::{SIZES, rows, with_modifiers};

/// Five recordings below four game days, the newest first.
fn launcher() -> Launcher {
    let recording = |day: i64| Record {
        path: path(day),
        ..record("black-friday", (day - 2) * 1_440, over(Ending::Completed, true, "3 met"))
    };
    Launcher { records: Records::Read((0..5).rev().map(recording).collect(), 0), ..shelf() }
}

fn path(day: i64) -> String {
    format!("/data/recordings/2026-11-2{day}.jsonl")
}

fn desk() -> Desk {
    Desk { ui: Ui::new("facilitator"), ..Desk::default() }
}

/// A desk after keys, none of which asks for anything beyond the screen.
fn after(keys: &str) -> Desk {
    let mut desk = desk();
    assert_eq!(wishes(&launcher(), &mut desk, keys), [], "{keys}");
    desk
}

fn says(desk: &mut Desk) -> String {
    choosing(&launcher(), desk, (120, 40), Language::English)
}

#[test]
fn what_is_marked_is_compared_with_the_oldest() {
    let launcher = launcher();
    // The row of the newest recording is the fifth.
    for (keys, wanted) in [
        ("jjjj jj c", vec![path(2), path(4)]),
        ("jjjjjj kk c", vec![path(2), path(4)]),
        ("jjjj j j j c", vec![path(1), path(2), path(3), path(4)]),
        // One that is taken away again leaves the others in order.
        ("jjjj j j k c", vec![path(2), path(4)]),
        // Marks hold while the list is filtered.
        ("jjjj jj /zone\u{1b}c", vec![path(2), path(4)]),
    ] {
        let mut desk = desk();
        assert_eq!(wishes(&launcher, &mut desk, keys), [Wish::Compare(wanted)], "{keys}");
    }
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason() {
    for (keys, why) in [
        ("c", "mark two recordings or more to compare"),
        ("jjjj c", "mark two recordings or more to compare"),
        ("jjjj  c", "mark two recordings or more to compare"),
        // A game day is no recording.
        (" ", "no recording is chosen"),
        // As many as fit beside each other are marked.
        ("jjjj j j j j ", "more recordings than are marked do not fit beside each other"),
    ] {
        let mut desk = after(keys);
        let says = says(&mut desk);
        assert!(says.contains(why), "{keys}: {why}\n{says}");
        assert!(desk.ui.marks.count() <= 4);
    }
}

#[test]
fn marks_hold_when_recordings_are_read_again() {
    let mut desk = after("jjjj jj ");
    let mut launcher = launcher();
    let Records::Read(records, _) = &mut launcher.records else { unreachable!() };
    // A newer one came, and what was chosen stands elsewhere.
    let newer = Record { path: "/data/recordings/2026-12.jsonl".into(), ..records[0].clone() };
    records.insert(0, newer);
    assert_eq!(wishes(&launcher, &mut desk, "c"), [Wish::Compare(vec![path(2), path(4)])]);
    // While they are read, nothing is forgotten.
    let reading = Launcher { records: Records::Reading, ..self::launcher() };
    settle(&reading, &mut desk);
    assert_eq!(desk.ui.marks.count(), 2);
    // One that is gone cannot be compared.
    let Records::Read(records, _) = &mut launcher.records else { unreachable!() };
    records.retain(|record| record.path != path(4));
    assert_eq!(wishes(&launcher, &mut desk, "c"), []);
    assert!(desk.ui.marks.paths().eq([path(2)]));
}

#[test]
fn marks_are_letters_in_the_list() {
    for size in SIZES {
        let mut desk = after("jjjj jj ");
        let draw = |desk: &mut Desk, depth, language| {
            launcher_buffer(&launcher(), desk, size, depth, language)
        };
        let english = draw(&mut desk, Depth::True, Language::English);
        let name = format!("launcher-marked-{}x{}", size.0, size.1);
        insta::assert_snapshot!(name.clone(), rows(&english).join("\n"));
        let mono = draw(&mut desk, Depth::Mono, Language::English);
        assert_eq!(rows(&mono), rows(&english), "{name}");
        // Which one is marked, and which is chosen, is told by letters and signs.
        let name = format!("mono-{name}");
        insta::assert_snapshot!(name, with_modifiers(&mono));
    }
    let says = choosing(&launcher(), &mut after("jjjj jj "), (80, 24), Language::Japanese);
    insta::assert_snapshot!("launcher-marked-ja-80x24", says);
}
