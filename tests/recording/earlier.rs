//! Lessons of earlier exercises, read from a folder of recordings of which some are broken.

use std::fs::OpenOptions;
use std::path::Path;

use gameday::cli::earlier::earlier;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::id::ImprovementId;
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::log::EntryKind;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::span::Span;
use gameday::report::earlier::{Exercise, known};

use super::{story, written};

fn lesson(text: &str) -> Event {
    Event::Logged {
        team: "sre".into(),
        author: "ada".into(),
        text: text.into(),
        kind: EntryKind::Lesson,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    }
}

fn improvement(id: u32, text: &str) -> Event {
    let says = Proposal {
        category: Category::Runbook,
        text: text.into(),
        owner: None,
        due: None,
        evidence: Vec::new(),
    };
    Event::ImprovementNoted {
        id: ImprovementId(id),
        says,
        team: "sre".into(),
        author: "ada".into(),
    }
}

fn settled(exercise: &str, entry: u64, done: bool) -> Event {
    Event::EarlierSettled { exercise: exercise.into(), entry, done, by: "ada".into() }
}

/// Puts the recording of an exercise of `day` there.
fn put(folder: &Path, minute: i64, day: &str, events: Vec<Event>) -> String {
    let exercise = format!("20261122T16{minute:02}00Z-{day}-1a2b");
    let mut header =
        Header { exercise: exercise.clone(), began: minute * 60_000, ..story::header() };
    header.plan.name = day.into();
    let stamp = |seq: u64| Stamp::new(Span::from_secs(seq), minute * 60_000);
    let envelopes: Vec<Envelope> =
        (1..).zip(events).map(|(seq, event)| Envelope { seq, stamp: stamp(seq), event }).collect();
    written(&folder.join(format!("{exercise}.jsonl")), &header, &envelopes);
    exercise
}

fn nothing() -> Exercise {
    Exercise { name: "now".into(), began: i64::MAX, ..Exercise::default() }
}

#[test]
fn lessons_are_carried_from_exercise_to_exercise() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let first = put(
        folder,
        1,
        "shop",
        vec![lesson("warm the cache"), improvement(1, "write a runbook"), lesson("call early")],
    );
    put(folder, 2, "other", vec![lesson("of another game day")]);
    let second = put(folder, 3, "shop", vec![settled(&first, 1, true), settled(&first, 2, true)]);
    put(folder, 4, "shop", vec![settled(&first, 2, false), lesson("Call  early.")]);
    let now = put(folder, 5, "shop", vec![lesson("of this very exercise")]);

    let found = earlier(folder, "shop", &now);
    assert_eq!(found.problems, Vec::<String>::new());
    assert_eq!(found.exercises.len(), 3);
    assert!(found.exercises.iter().any(|one| one.name == second));
    let known = known(&found.exercises, &nothing());
    let says: Vec<_> = known
        .iter()
        .map(|one| (one.taught.text.as_str(), one.done.as_deref(), one.times))
        .collect();
    assert_eq!(
        says,
        [
            ("Call  early.", None, 2),
            ("warm the cache", Some("ada"), 1),
            ("write a runbook", None, 1),
        ]
    );
    assert!(known[0].is_repeated() && known[2].taught.category == Some(Category::Runbook));
    assert!(earlier(&folder.join("none"), "shop", &now).exercises.is_empty());
}

#[test]
fn a_broken_recording_is_named_and_the_others_are_read() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    put(folder, 1, "shop", vec![lesson("kept")]);
    let changed = put(folder, 2, "shop", vec![lesson("as it was")]);
    let path = folder.join(format!("{changed}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap().replace("as it was", "as it is!");
    std::fs::write(&path, text).unwrap();
    let large = put(folder, 3, "shop", vec![lesson("drowned")]);
    let file = OpenOptions::new().write(true).open(folder.join(format!("{large}.jsonl"))).unwrap();
    file.set_len(300 * 1024 * 1024).unwrap();
    std::fs::write(folder.join("20261122T160400Z-shop-9999.jsonl"), "no recording\n").unwrap();
    // Of another game day, by its name; and one that was never begun.
    std::fs::write(folder.join("20261122T160500Z-other-9999.jsonl"), "no recording\n").unwrap();
    std::fs::write(folder.join("20261122T160600Z-shop-9999.jsonl"), "").unwrap();

    let found = earlier(folder, "shop", "now");
    let texts: Vec<_> = found.exercises.iter().flat_map(|one| &one.taught).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(found.problems.len(), 3, "{:?}", found.problems);
    for (problem, words) in found.problems.iter().zip([
        ["160400Z-shop-9999.jsonl", "no recording of a game day"],
        ["160300Z-shop-1a2b.jsonl", "larger than 256 MB"],
        ["160200Z-shop-1a2b.jsonl", "was changed"],
    ]) {
        assert!(words.iter().all(|word| problem.contains(word)), "{problem}");
    }
}

#[test]
fn only_the_last_twenty_are_read() {
    let scratch = tempfile::tempdir().unwrap();
    for minute in 0..25 {
        put(scratch.path(), minute, "shop", vec![lesson(&format!("lesson {minute}"))]);
    }
    let found = earlier(scratch.path(), "shop", "now");
    assert_eq!(found.exercises.len(), 20);
    assert_eq!(found.exercises[19].taught[0].text, "lesson 5");
}
