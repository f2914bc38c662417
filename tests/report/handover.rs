//! Handovers: what they say of how things stand and what was done, how far they look back, and what participants' leave out.

use std::path::Path;
use std::process::Command;

use gameday::cli::handover::{Asked, run};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::log::EntryKind;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::report::handover::{HOUR, render};

use super::told::with_lines;
use super::{english, folded};
use crate::recording::{story, written};

const LINES: [(u64, EntryKind, &str); 4] = [
    (66, EntryKind::Deploy, "web-app 2.4.1"),
    (136, EntryKind::Action, "restarted | the *cache*"),
    (140, EntryKind::Update, "told the customers"),
    (141, EntryKind::Note, "zqx is no secret here"),
];

/// The story with lines, up to this second.
fn until(secs: u64) -> Vec<Envelope> {
    let all = with_lines(&LINES).into_iter();
    all.filter(|one| one.stamp.elapsed <= Span::from_secs(secs)).collect()
}

fn asked() -> Asked {
    Asked { last: HOUR, participants: false, out: None, language: Language::English, anyway: false }
}

fn recording(folder: &Path, secs: u64) -> std::path::PathBuf {
    let path = folder.join("story.jsonl");
    written(&path, &story::header(), &until(secs));
    path
}

/// The lines below a heading.
fn part<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let at = text.lines().skip_while(|line| *line != heading).skip(1);
    let part: Vec<&str> = at.take_while(|line| !line.starts_with("## ")).collect();
    assert!(!part.is_empty(), "{heading}:\n{text}");
    part
}

#[test]
fn it_says_how_things_stand_and_what_was_done() {
    let mut events = until(149);
    let last = events.last().unwrap().clone();
    let (team, author, text) = ("dev".into(), "ada".into(), "here it turns".into());
    let event = Event::MomentPinned { team, author, text };
    events.push(Envelope { seq: last.seq + 1, event, ..last });
    let state = folded(story::header(), &events);
    let text = render(&state, HOUR, &english());
    let has = |heading: &str, want: &str| {
        let part = part(&text, heading);
        assert!(part.iter().any(|line| line.contains(want)), "{want} in {heading}: {part:#?}");
    };
    for one in state.incidents.iter().filter(|one| !one.status.is_closed()) {
        has("## Open incidents", &format!("| #{} {} |", one.id.0, one.severity));
    }
    has("## Promises", "latency_p99");
    has("## Promises", "**broken**, since");
    has("## What was done", "| **deploy** web-app 2.4.1 |");
    has("## What was done", "| **action** restarted \\| the \\*cache\\* |");
    has("## What was done", "zqx is no secret here");
    assert!(
        part(&text, "## What was done").iter().all(|line| !line.contains("told the customers"))
    );
    has("## Status updates", "told the customers");
    has("## Faults in the target", "database-slowdown");
    has("## Pinned moments", "| dev (ada) | here it turns | availability ");
    assert!(part(&text, "## What comes next").iter().any(|line| line.starts_with("- ")), "{text}");
}

#[test]
fn it_looks_back_so_far_and_no_further() {
    let state = folded(story::header(), &until(150));
    let short = render(&state, Span::from_secs(30), &english());
    assert!(!short.contains("web-app 2.4.1") && short.contains("restarted"), "{short}");
    // What is open and who has a role does not depend on how far one looks back.
    let long = render(&state, HOUR, &english());
    assert_eq!(part(&short, "## Open incidents")[..4], part(&long, "## Open incidents")[..4]);
    assert!(long.contains("to the beginning") && short.contains("Looks back: 30.0s"), "{short}");
}

#[test]
fn that_of_participants_knows_no_fault_and_nothing_planned() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), 150);
    let whole = run(&path, &asked());
    let theirs = run(&path, &Asked { participants: true, ..asked() });
    assert!(whole.success && theirs.success, "{theirs:?}");
    for secret in ["database-slowdown", "pod-failure", "Faults in the target", "What comes next"] {
        assert!(whole.text.contains(secret) || secret == "pod-failure", "{secret}");
        assert!(!theirs.text.contains(secret), "{secret}:\n{}", theirs.text);
    }
    assert_eq!(part(&theirs.text, "## Promises"), part(&whole.text, "## Promises"));
}

#[test]
fn it_is_made_of_a_recording_that_still_grows_and_of_one_that_is_over() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), 150);
    // The last line is being written.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.truncate(bytes.len() - 7);
    std::fs::write(&path, bytes).unwrap();
    let growing = run(&path, &asked());
    assert!(growing.success && growing.text.contains("It is: in phase"), "{growing:?}");
    let other = tempfile::tempdir().unwrap();
    let path = recording(other.path(), 999);
    let over = run(&path, &asked());
    assert!(over.success && over.text.contains("It is: over"), "{over:?}");
    assert!(over.text.contains("Nothing is planned any more."), "{}", over.text);
    let out = scratch.path().join("handover.md");
    let said = run(&path, &Asked { out: Some(out.clone()), ..asked() });
    assert!(said.success && std::fs::read_to_string(&out).unwrap() == over.text, "{said:?}");
    assert!(!run(&path, &Asked { out: Some(out), ..asked() }).success, "nothing is overwritten");
}

#[test]
fn it_speaks_both_languages_and_lacks_no_text() {
    for events in [Vec::new(), until(150), until(999)] {
        let state = folded(story::header(), &events);
        for language in [Language::English, Language::Japanese] {
            let text = render(&state, HOUR, &Lang::new(language));
            assert!(!text.contains("handover-") && !text.contains("report-"), "{text}");
        }
    }
    let japanese =
        render(&folded(story::header(), &until(150)), HOUR, &Lang::new(Language::Japanese));
    assert!(
        japanese.starts_with("# 引き継ぎ: ") && japanese.contains("**デプロイ** web-app"),
        "{japanese}"
    );
}

#[test]
fn the_command_understands_how_far_to_look_back() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), 150);
    for (last, ok) in [("30s", true), ("1h30m", true), ("0s", false), ("soon", false)] {
        let out = Command::new(env!("CARGO_BIN_EXE_gameday"))
            .args(["handover", path.to_str().unwrap(), "--lang", "en", "--last", last])
            .output()
            .unwrap();
        assert_eq!(out.status.success(), ok, "{last}: {out:?}");
        assert_eq!(String::from_utf8_lossy(&out.stdout).contains("# Handover: "), ok, "{last}");
    }
}

#[test]
fn a_title_of_an_incident_stays_text() {
    let mut events = until(150);
    for one in &mut events {
        if let Event::IncidentOpened { title, .. } = &mut one.event {
            *title = "| <script> \u{1b}[2J [x](http://y)".into();
        }
    }
    let text = render(&folded(story::header(), &events), HOUR, &english());
    assert!(text.contains("\\| &lt;script&gt; ␛\\[2J \\[x\\](http://y)"), "{text}");
}
