//! A recording replayed in a terminal: seeks, plays, is annotated, shows what participants saw; the recording stays as it is.

use std::path::PathBuf;

use super::program::{gameday, printed};
use super::terminal::Terminal;
use crate::recording::{story, written};

fn recording(data: &std::path::Path) -> PathBuf {
    let folder = data.join("recordings");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("20261122T160500Z-black-friday.jsonl");
    written(&path, &story::header(), &story::envelopes());
    path
}

#[test]
fn a_recording_is_replayed_annotated_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let path = recording(data);
    let before = std::fs::read(&path).unwrap();
    let file = path.to_str().unwrap();
    let mut terminal = Terminal::start(&["replay", file], data, 120, 40);
    terminal.see("paused");
    terminal.see("PREPARING");
    terminal.press("x");
    terminal.see("pod-failure");
    terminal.see("ACTIVE");
    terminal.press("amore pods than we thought\r");
    terminal.see("◆ added afterwards: more pods than we thought");
    // Nothing of a live exercise is to be had.
    terminal.press("r");
    terminal.see("this is a recording");
    terminal.press("p");
    // A frame arrives in pieces; this row is below everything that would tell.
    terminal.see("what participants were told");
    let text = terminal.text();
    assert!(!text.contains("pod-failure") && !text.contains("more pods"), "{text}");
    terminal.press("q");
    terminal.see("added afterwards");
    terminal.press("t3m\r");
    terminal.see("16:08:00");
    terminal.press("]]]]]] ");
    terminal.see("ENDED");
    terminal.see("paused");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert_eq!(std::fs::read(&path).unwrap(), before, "the recording changed");
    let notes = std::fs::read_to_string(path.with_extension("notes.yaml")).unwrap();
    assert!(notes.contains("more pods than we thought"), "{notes}");

    // They are there again; and what is wrong with them is said with its place.
    let mut terminal = Terminal::start(&["replay", file], data, 80, 24);
    terminal.see("paused");
    terminal.press("'");
    terminal.see("more pods than we thought");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    let wrong = notes.replace("text:", "txet:");
    std::fs::write(path.with_extension("notes.yaml"), wrong).unwrap();
    let refused = gameday(data).args(["replay", file]).output().unwrap();
    let said = printed(&refused);
    assert!(said.contains("notes.yaml:5:") && said.contains("text"), "{said}");
    assert_eq!(refused.status.code(), Some(3));
}

#[test]
fn the_launcher_opens_a_recording_and_is_come_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    recording(data);
    let mut terminal = Terminal::start(&[], data, 120, 40);
    terminal.see("11-22 16:05");
    terminal.press("/black\u{1b}[B");
    terminal.press("\u{1b}[B\u{1b}[B\u{1b}[B\r");
    terminal.see("replays it");
    terminal.press("\r");
    terminal.see("paused");
    terminal.press("f");
    terminal.see("RUNNING");
    terminal.press("q");
    terminal.see("replays it");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn what_is_no_recording_is_refused_and_one_that_was_changed_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recording/files");
    for (file, why) in [
        ("foreign.jsonl", "this is no recording of a game day"),
        ("changed.jsonl", "add --anyway"),
        ("nowhere.jsonl", "cannot read it"),
    ] {
        let refused = gameday(data).args(["replay", &format!("{files}/{file}")]).output().unwrap();
        assert!(printed(&refused).contains(why), "{}", printed(&refused));
        assert_eq!(refused.status.code(), Some(3));
    }
    let changed = format!("{files}/changed.jsonl");
    let mut terminal = Terminal::start(&["replay", "--anyway", &changed], data, 120, 40);
    terminal.see("was changed after it was written");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}
