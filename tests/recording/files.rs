//! Recordings as files: the bytes this program writes, and what it says of each way they can be wrong.
//!
//! `GAMEDAY_BLESS=1` writes the files again. A change to `v1.jsonl` is a change of the format: old recordings must
//! still be read.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use gameday::cli::export::{Asked, run as export};
use gameday::cli::pack::run as pack;
use gameday::cli::report::{Format, run as report};
use gameday::cli::verify::run as verify;
use gameday::exercise::event::Event;
use gameday::exercise::header::FORMAT_VERSION;
use gameday::exercise::wire::encode;
use gameday::lang::Language;
use gameday::port::tape::Tape as _;
use gameday::recording::chain::Chain;
use gameday::recording::pack::Way;
use gameday::recording::read::{Trust, read, read_anyway};
use gameday::recording::tape::RecordedTape;

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

/// What a team may type to take the terminal, the page or the table over.
const SEQUENCES: &str = r#"{"team":"sre","author":"\u001b[31mKim","text":"\u001b]0;owned\u0007\u001b[2J\u202e<script>alert(1)</script>","kind":"note","incident":null}"#;

/// The next event after the good ones.
fn next(kind: &str, data: &str) -> String {
    format!(r#"{{"seq":13,"t":99000,"at":1795363599000,"type":"{kind}","data":{data}}}"#)
}

/// The head of a histogram that says its counts take so many bytes.
fn head(length: u32) -> Vec<u8> {
    let words = [0x1c84_9313, length, 0, 2, 0, 1, 0, 600_000_000, 0x3ff0_0000, 0];
    words.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// One that would take half a gigabyte.
fn wide() -> Vec<u8> {
    let mut bytes = head(1);
    bytes[15] = 5;
    bytes[24..32].fill(0x7f);
    [bytes, vec![2]].concat()
}

/// One whose first number has no opposite.
fn least() -> Vec<u8> {
    [head(9), vec![0xff; 9]].concat()
}

fn sampled(latency: &[u8], ok: &str) -> String {
    let ok = if ok.is_empty() { "0" } else { ok };
    let latency = STANDARD_NO_PAD.encode(latency);
    let data = format!(
        r#"{{"start":0,"length":1000,"planned":0.0,"attempted":0,"dropped":0,"ok":{ok},"errors":{{"refused":0,"reset":0,"timeout":0,"tls":0,"protocol":0,"client":0,"server":0}},"latency":"{latency}","lag_p50_us":0,"lag_p99_us":0,"in_flight":0}}"#
    );
    next("sampled", &data)
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
        ("sequences", with(&|bodies| bodies.push(next("logged", SEQUENCES)))),
        ("time-negative", with(&|bodies| bodies[3] = bodies[3].replacen(r#""t":"#, r#""t":-"#, 1))),
        (
            "time-beyond",
            with(&|bodies| {
                bodies.push(
                    next("load-stopped", "null")
                        .replace(r#""t":99000"#, r#""t":18446744073709551615"#),
                );
            }),
        ),
        (
            "time-overflow",
            with(&|bodies| {
                bodies.push(
                    next("load-stopped", "null")
                        .replace(r#""t":99000"#, r#""t":99999999999999999999999"#),
                );
            }),
        ),
        ("deep", with(&|bodies| bodies.push(next("later-thing", &"[".repeat(3_000))))),
        ("histogram-huge", with(&|bodies| bodies.push(sampled(&head(u32::MAX), "")))),
        ("histogram-bounds", with(&|bodies| bodies.push(sampled(&wide(), "")))),
        ("histogram-least", with(&|bodies| bodies.push(sampled(&least(), "")))),
        ("count-beyond", with(&|bodies| bodies.push(sampled(&[], "99999999999999999")))),
        ("not-text", with(&|_| {}) + "\u{fffd}"),
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
const SAID: [(&str, &str, &str); 27] = [
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
    ("sequences", "", ""),
    ("time-negative", "line 4 is damaged: not an event: no time `t`", "line 4 is damaged"),
    (
        "time-beyond",
        "line 14 is damaged: load-stopped: t: 18446744073709551615 ms is beyond",
        "line 14",
    ),
    ("time-overflow", "line 14 is damaged: not an event: no time `t`", "line 14 is damaged"),
    ("deep", "line 14 is damaged: not JSON: recursion limit exceeded", "line 14 is damaged"),
    (
        "histogram-huge",
        "line 14 is damaged: sampled: not a latency histogram: its length",
        "line 14",
    ),
    (
        "histogram-bounds",
        "line 14 is damaged: sampled: not a latency histogram: its bounds",
        "line 14",
    ),
    (
        "histogram-least",
        "line 14 is damaged: sampled: not a latency histogram: it counts",
        "line 14",
    ),
    (
        "count-beyond",
        "line 14 is damaged: sampled: ok: 99999999999999999 is beyond any count",
        "line 14",
    ),
    ("not-text", "", ""),
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
        for (words, trust) in [(strict, Trust::Strict), (anyway, Trust::Anyway)] {
            match RecordedTape::open(&path, trust) {
                Ok(mut tape) => {
                    assert!(words.is_empty(), "{name} was opened, although: {words}");
                    let last = tape.last();
                    assert!((0..=last).all(|seq| tape.state(seq).is_ok()), "{name}");
                    assert!(
                        trust == Trust::Strict || strict.is_empty() || !tape.warnings().is_empty()
                    );
                }
                Err(error) => {
                    let said = error.to_string();
                    assert!(!words.is_empty() && said.contains(words), "{name}: {said}");
                }
            }
        }
        let scratch = tempfile::tempdir().unwrap();
        let made = pack(&path, Way::Pack, Some(&scratch.path().join("a")));
        assert_eq!(made.success, strict.is_empty(), "{name}: {made:?}");
        assert!(made.notes.contains(strict), "{name}: {made:?}");
        let exported = export(&path, &Asked::default());
        assert_eq!(exported.success, strict.is_empty(), "{name}: {exported:?}");
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

/// Nothing that a recording says reaches a terminal, a page or a table as more than text.
#[test]
fn sequences_in_a_recording_are_text_wherever_it_is_told_of() {
    let path = folder().join("sequences.jsonl");
    for format in [Format::Markdown, Format::Html, Format::Json, Format::Junit] {
        let said = report(&path, format, Language::English, false);
        assert!(
            said.success && said.text.contains("owned") || format == Format::Junit,
            "{format:?}"
        );
        for evil in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!said.text.contains(evil), "{format:?} {evil:?}");
        }
        assert!(format == Format::Json || !said.text.contains("<script>alert"), "{format:?}");
    }
}

/// A recording is read for ever: one of each version that was ever written is here, opens, and tells what happened.
#[test]
fn recordings_of_every_version_are_read() {
    let names = std::fs::read_dir(folder()).unwrap().map(|one| one.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    for version in 1..=FORMAT_VERSION {
        let of =
            |name: &&String| name.split(['-', '.']).next() == Some(format!("v{version}").as_str());
        let of: Vec<_> = names.iter().filter(of).collect();
        assert!(!of.is_empty(), "no recording of version {version}");
        for name in of {
            let path = folder().join(name);
            let mut tape = RecordedTape::open(&path, Trust::Strict).unwrap();
            assert_eq!(tape.header().gameday_recording, version, "{name}");
            let last = tape.last();
            assert!(last > 0 && !tape.state(last).unwrap().log.is_empty(), "{name}");
            assert!(!tape.marks().is_empty() && tape.warnings().is_empty(), "{name}");
            let said = report(&path, Format::Markdown, Language::English, false);
            assert!(said.success && said.text.contains("Black Friday"), "{name}: {said:?}");
        }
    }
}
