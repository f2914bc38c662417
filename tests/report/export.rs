//! `gameday export`: improvements and lessons as a table and as issues, whatever people wrote into them.

use std::path::{Path, PathBuf};
use std::process::Command;

use gameday::cli::export::{Asked, Format, run};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::id::ImprovementId;
use gameday::exercise::improvement::{Category, Proposal};
use gameday::gameday::text::is_plain;
use gameday::report::export::Wanted;
use pulldown_cmark::{Event as Seen, Options, Parser};

use crate::recording::{story, written};

fn proposal(category: Category, text: &str, evidence: Vec<u64>) -> Proposal {
    let due = "2026-12-24".parse().ok();
    Proposal { category, text: text.into(), owner: Some("mei".into()), due, evidence }
}

/// The story, and improvements that were noted after its end.
fn recording(folder: &Path, texts: &[&str]) -> PathBuf {
    let mut envelopes = story::envelopes();
    let opened =
        envelopes.iter().find(|one| matches!(one.event, Event::IncidentOpened { .. })).unwrap().seq;
    let last = envelopes.last().unwrap().clone();
    assert!(matches!(last.event, Event::Ended { .. }), "the debrief comes after the end");
    let mut push = |event| {
        let seq = envelopes.last().unwrap().seq + 1;
        envelopes.push(Envelope { seq, stamp: last.stamp, event });
    };
    for (index, text) in texts.iter().enumerate() {
        let id = ImprovementId(u32::try_from(index).unwrap() + 1);
        let says = proposal(Category::Detection, text, vec![opened, 99_999]);
        push(Event::ImprovementNoted { id, says, team: "sre".into(), author: "ada".into() });
    }
    let (id, by, reason) = (ImprovementId(texts.len() as u32), "ada".into(), "too dear".into());
    push(Event::ImprovementDropped { id, by, reason });
    let path = folder.join("story.jsonl");
    written(&path, &story::header(), &envelopes);
    path
}

fn rows(text: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

#[test]
fn the_table_says_what_was_decided() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), &["Alert on p99", "Buy a mainframe"]);
    let said = run(&path, &Asked::default());
    assert!(said.success, "{said:?}");
    let heads = said.text.lines().next().unwrap();
    assert_eq!(
        heads,
        "exercise,began,gameday,drill,kind,id,status,category,text,owner,due,team,author,noted,evidence"
    );
    let open = rows(&said.text);
    assert_eq!(open.len(), 2, "one improvement, one lesson: {open:?}");
    let row: Vec<&str> = open[0].iter().collect();
    assert_eq!(row[0], "20261122T160500Z-story-1a2b");
    assert_eq!(
        row[3..13],
        [
            "true",
            "improvement",
            "1",
            "open",
            "detection",
            "Alert on p99",
            "mei",
            "2026-12-24",
            "sre",
            "ada"
        ]
    );
    assert!(row[14].starts_with("at +0m40s ("), "no sign of a formula before a time: {}", row[14]);
    assert!(row[14].contains("opened SEV2: A dashboard is stale; event 99999"), "{}", row[14]);
    assert_eq!(row[13], "2026-11-22 16:08:45 UTC");
    assert_eq!(&open[1][4], "lesson");
    let all = run(&path, &Asked { wanted: Wanted::All, ..Asked::default() });
    let all = rows(&all.text);
    assert_eq!((all.len(), &all[1][6]), (3, "dropped"));
}

/// What a spreadsheet, a terminal or a reader of Markdown would act on.
const HOSTILE: [&str; 9] = [
    "=HYPERLINK(\"http://evil.test\")",
    "+1\r\n=1",
    "@SUM(A1)",
    "-2+3\",\"x",
    "# heading\n\n- [ ] task | <script>alert(1)</script>",
    "\u{1b}[2J\u{202e}evil",
    "[x](javascript:y) ![i](z)",
    "```\ncode",
    "\t=cmd",
];

#[test]
fn what_people_wrote_stays_text_in_a_table() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), &HOSTILE);
    let said = run(&path, &Asked { wanted: Wanted::All, ..Asked::default() });
    let rows = rows(&said.text);
    assert_eq!(rows.len(), HOSTILE.len() + 1);
    for row in &rows {
        assert_eq!(row.len(), 15, "{row:?}");
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            assert!(cell.chars().all(is_plain), "{cell:?}");
        }
    }
}

#[test]
fn what_people_wrote_stays_text_in_an_issue() {
    let marks = |markdown: &str| -> Vec<String> {
        Parser::new_ext(markdown, Options::all())
            .filter(|event| !matches!(event, Seen::Text(_)))
            .map(|event| format!("{event:?}"))
            .collect()
    };
    let issues = |text: &str| {
        let scratch = tempfile::tempdir().unwrap();
        let path = recording(scratch.path(), &[text, "dropped"]);
        run(&path, &Asked { format: Format::Issues, ..Asked::default() }).text
    };
    let plain = issues("words");
    assert!(plain.starts_with("# words\n"), "{plain}");
    for words in [
        "Category: detection",
        "Owner: mei",
        "Due: 2026-12-24",
        "exercise 20261122T160500Z-story-1a2b",
        "opened SEV2: A dashboard is stale",
        "- [ ] It is done",
    ] {
        assert!(plain.contains(words), "{words}: {plain}");
    }
    for hostile in HOSTILE {
        let text = issues(hostile);
        assert_eq!(marks(&text), marks(&plain), "{text}");
        assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
    }
}

#[test]
fn files_are_written_and_none_is_overwritten() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), &["One", "Two", "Three"]);
    let gameday = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_gameday"))
            .arg("export")
            .arg(&path)
            .args(words)
            .env("GAMEDAY_DATA", scratch.path())
            .output()
            .unwrap()
    };
    let folder = scratch.path().join("issues");
    std::fs::create_dir(&folder).unwrap();
    let out = folder.to_str().unwrap();
    let made = gameday(&["--format", "issues", "--out", out]);
    assert!(made.status.success(), "{made:?}");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|one| one.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        ["20261122T160500Z-story-1a2b-I1.md", "20261122T160500Z-story-1a2b-I2.md"],
        "the third was dropped"
    );
    let again = gameday(&["--format", "issues", "--out", out]);
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(!again.status.success() && said.contains("is there already"), "{said}");
    let table = gameday(&["--out", out]);
    assert!(!table.status.success(), "a table needs a file");
    let file = scratch.path().join("all.csv");
    assert!(gameday(&["--out", file.to_str().unwrap(), "--status", "all"]).status.success());
    assert_eq!(rows(&std::fs::read_to_string(file).unwrap()).len(), 4);
}
