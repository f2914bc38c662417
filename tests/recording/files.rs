//! Recordings as files: the bytes this program writes, and what it says of each way they can be wrong.
//!
//! `GAMEDAY_BLESS=1` writes the files again. A change to `v1.jsonl` is a change of the format: old recordings must
//! still be read.

use std::path::{Path, PathBuf};

use gameday::cli::report::{Format, run as report};
use gameday::cli::verify::run as verify;
use gameday::exercise::event::Event;
use gameday::exercise::wire::encode;
use gameday::lang::Language;
use gameday::recording::chain::Chain;
use gameday::recording::read::{read, read_anyway};

use super::{story, written};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recording/files")
}

fn bodies() -> Vec<String> {
    let header = serde_json::to_string(&story::header()).unwrap();
    let events = story::beginning();
    std::iter::once(header).chain(events.iter().map(|one| encode(one).unwrap())).collect()
}

fn chained(bodies: &[String]) -> String {
    let mut chain = Chain::new();
    bodies.iter().map(|body| chain.seal(body)).collect()
}

/// Every file with its content.
fn contents() -> Vec<(&'static str, String)> {
    let good = bodies();
    let v1 = chained(&good);
    let lines: Vec<&str> = v1.lines().collect();
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut bodies = good.clone();
        change(&mut bodies);
        chained(&bodies)
    };
    let without_line = |gone: usize| -> String {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone);
        kept.map(|(_, line)| format!("{line}\n")).collect()
    };
    vec![
        ("v1", v1.clone()),
        ("torn", v1[..v1.len() - 20].to_owned()),
        ("changed", v1.replacen("coffee", "coffin", 1)),
        ("line-taken-out", without_line(3)),
        ("header-changed", v1.replacen("Black", "White", 1)),
        (
            "unknown-event",
            with(&|bodies| {
                let later = r#"{"seq":13,"t":99000,"at":1795363599000,"type":"later-thing","data":{"x":[1,2.5]}}"#;
                bodies.push(later.to_owned());
            }),
        ),
        (
            "unknown-instrument",
            with(&|bodies| {
                let later = r#"{"seq":13,"t":99000,"at":1795363599000,"type":"observed","data":{"start":98000,"length":1000,"values":{"cache_hits":3.0,"tea_brewed":[1,"cup"]}}}"#;
                bodies.push(later.to_owned());
            }),
        ),
        (
            "wrong-data",
            with(&|bodies| bodies[4] = bodies[4].replace(r#""phase":0"#, r#""phase":"a""#)),
        ),
        ("no-number", with(&|bodies| bodies[2] = bodies[2].replace(r#""seq":2,"#, ""))),
        ("doubled", with(&|bodies| bodies.insert(3, bodies[2].clone()))),
        ("moved", with(&|bodies| bodies.swap(2, 3))),
        ("not-json", with(&|bodies| bodies[5] = "{what a day}".to_owned())),
        (
            "future",
            with(&|bodies| {
                bodies[0] = r#"{"gameday_recording":2,"all":"is new"}"#.to_owned();
            }),
        ),
        ("foreign", "{\"hello\":\"world\"}\n".to_owned()),
        ("foreign-text", "Dear diary,\n".to_owned()),
        ("empty", String::new()),
        ("unfinished", v1[..100].to_owned()),
    ]
}

#[test]
fn the_files_are_what_this_program_writes() {
    for (name, content) in contents() {
        let path = folder().join(format!("{name}.jsonl"));
        if std::env::var_os("GAMEDAY_BLESS").is_some() {
            std::fs::write(&path, &content).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == content, "{name} differs");
    }
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("story.jsonl");
    written(&path, &story::header(), &story::beginning());
    let v1 = std::fs::read(folder().join("v1.jsonl")).unwrap();
    assert!(std::fs::read(&path).unwrap() == v1, "the recording differs from v1.jsonl");
}

/// File, what a careful reader says, what a reader says that was told to go on anyway. Empty: it reads well.
const SAID: [(&str, &str, &str); 17] = [
    ("v1", "", ""),
    ("torn", "", ""),
    ("changed", "line 6 was changed", ""),
    (
        "line-taken-out",
        "line 4 was changed after it was written, or a line before it was taken out",
        "line 4 holds event 4 where event 3 belongs",
    ),
    ("header-changed", "line 1 was changed", ""),
    ("unknown-event", "", ""),
    ("unknown-instrument", "", ""),
    ("wrong-data", "line 5 is damaged: phase-started: invalid type", "line 5 is damaged"),
    ("no-number", "line 3 is damaged: not an event: no number `seq`", "line 3 is damaged"),
    (
        "doubled",
        "line 4 holds event 2 where event 3 belongs: a line is missing, doubled or moved",
        "line 4",
    ),
    ("moved", "line 3 holds event 3 where event 2 belongs", "line 3"),
    ("not-json", "line 6 is damaged: not JSON", "line 6 is damaged"),
    ("future", "its format is version 2; this program reads version 1", "version 2"),
    ("foreign", "this is no recording of a game day", "no recording"),
    ("foreign-text", "this is no recording of a game day", "no recording"),
    ("empty", "the file is empty", "empty"),
    ("unfinished", "its first line was never finished", "never finished"),
];

#[test]
fn every_damage_has_its_own_words_and_its_line() {
    assert_eq!(SAID.len(), contents().len(), "every file is tried");
    for (name, strict, anyway) in SAID {
        let path = folder().join(format!("{name}.jsonl"));
        for (words, outcome) in [(strict, read(&path)), (anyway, read_anyway(&path))] {
            match outcome {
                Ok(_) => assert!(words.is_empty(), "{name} was read, although: {words}"),
                Err(error) => {
                    let said = error.to_string();
                    assert!(!words.is_empty() && said.contains(words), "{name}: {said}");
                }
            }
        }
        let checked = verify(&path);
        assert_eq!(checked.success, strict.is_empty(), "{name}: {checked:?}");
        assert!(checked.notes.contains(strict), "{name}: {checked:?}");
        assert_eq!(
            report(&path, Format::Markdown, Language::English, false).success,
            strict.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn a_recording_from_before_the_word_drill_is_one() {
    let old = folder().join("v1-before-drill.jsonl");
    assert!(!std::fs::read_to_string(&old).unwrap().contains("drill"));
    let old = read(&old).unwrap();
    assert_eq!(old, read(&folder().join("v1.jsonl")).unwrap(), "the same, and a drill");
    assert!(old.header.drill);
}

#[test]
fn what_is_odd_is_said() {
    let torn = read(&folder().join("torn.jsonl")).unwrap();
    assert_eq!(torn.envelopes.len(), 11);
    assert!(torn.warnings[0].starts_with("line 13 was never finished"), "{:?}", torn.warnings);

    let changed = read_anyway(&folder().join("changed.jsonl")).unwrap();
    assert!(changed.warnings[0].starts_with("line 6 was changed"), "{:?}", changed.warnings);
    let path = folder().join("changed.jsonl");
    let refused = report(&path, Format::Markdown, Language::English, false);
    assert!(refused.notes.contains("--anyway") && refused.text.is_empty(), "{refused:?}");
    let made = report(&path, Format::Markdown, Language::English, true);
    assert!(made.text.contains("**⚠ About the recording:** line 6 was changed"), "{}", made.text);

    let unknown = read(&folder().join("unknown-event.jsonl")).unwrap();
    assert!(
        matches!(&unknown.envelopes[12].event, Event::Unknown { kind, .. } if kind == "later-thing")
    );

    let path = folder().join("unknown-instrument.jsonl");
    let later = read(&path).unwrap();
    let Event::Observed(reading) = &later.envelopes[12].event else { panic!("{later:?}") };
    assert_eq!(reading.values.len(), 1, "what is known is read: {reading:?}");
    assert_eq!(reading.foreign["tea_brewed"], serde_json::json!([1, "cup"]));
    let kept = encode(&later.envelopes[12]).unwrap();
    let line = std::fs::read_to_string(&path).unwrap();
    let last = line.lines().last().unwrap();
    assert!(last.starts_with(kept.trim_end_matches('}')), "kept as it is: {kept}");

    let intact = verify(&folder().join("v1.jsonl"));
    assert!(intact.text.starts_with("ok: 12 events, chain intact, last hash "), "{intact:?}");
    assert!(intact.text.contains("the exercise does not end in it"));
    assert!(verify(&folder().join("nothing-here.jsonl")).notes.contains("cannot read it"));
    assert!(verify(&folder()).notes.contains("it is a folder"));
}
