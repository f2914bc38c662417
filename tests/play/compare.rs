//! Recordings compared in a terminal: by the command, and from the launcher by marks; the recordings stay as they are.

use std::path::{Path, PathBuf};

use super::program::{gameday, printed};
use super::terminal::Terminal;
use crate::recording::{story, written};
use crate::report::compare::better;

/// Two recordings of a day apart: in the second, more went well.
fn recordings(data: &Path) -> [PathBuf; 2] {
    let folder = data.join("recordings");
    std::fs::create_dir_all(&folder).unwrap();
    let paths = ["20261122T160500Z-first", "20261123T160500Z-second"]
        .map(|name| folder.join(format!("{name}.jsonl")));
    written(&paths[0], &story::header(), &story::envelopes());
    let (mut header, mut envelopes) = better();
    const DAY: i64 = 86_400_000;
    header.began += DAY;
    envelopes.iter_mut().for_each(|one| one.stamp.wall += DAY);
    written(&paths[1], &header, &envelopes);
    paths
}

#[test]
fn the_launcher_compares_what_is_marked_and_is_come_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let paths = recordings(data);
    let before = paths.clone().map(|path| std::fs::read(path).unwrap());
    let mut terminal = Terminal::start(&[], data, 120, 40);
    terminal.see("11-23 16:05");
    terminal.press("/black\u{1b}[B\u{1b}[B\u{1b}[B\u{1b}[B");
    terminal.see("space marks it");
    // One is not enough.
    terminal.press(" ");
    terminal.see("one marked");
    terminal.press("c");
    terminal.see("mark two recordings or more to compare");
    terminal.press("k ");
    terminal.see("2 marked, c compares");
    terminal.press("c");
    terminal.see("[1 overview]");
    terminal.see("▲ better 19, ▼ worse 0");
    let text = terminal.text();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}\n{text}"));
    assert!(at("A  2026-11-22 16:05") < at("B  2026-11-23 16:05"), "{text}");
    terminal.press("2");
    terminal.see("[2 faults]");
    terminal.see("not detected");
    terminal.press("6");
    terminal.see("aligned by injections");
    terminal.press("a");
    terminal.see("aligned by phases");
    terminal.press("\u{1b}");
    terminal.see("2 marked, c compares");
    // A mark is taken away again.
    terminal.press(" ");
    terminal.see("one marked");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert_eq!(paths.map(|path| std::fs::read(path).unwrap()), before, "a recording changed");
}

#[test]
fn the_command_opens_the_screen_on_a_terminal_and_prints_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    recordings(data);
    let mut terminal =
        Terminal::start(&["compare", "first", "second", "--align", "wall"], data, 80, 24);
    terminal.see("[1 overview]");
    terminal.press("6");
    terminal.see("by wall clock");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    // What is asked for by its format is printed, on a terminal too.
    let mut terminal =
        Terminal::start(&["compare", "first", "second", "--format", "markdown"], data, 200, 60);
    assert_eq!(terminal.end(), 0);
    assert!(terminal.text().contains("Better or worse is only"), "{}", terminal.text());
    terminal.assert_restored();
    let said = gameday(data).args(["compare", "first", "second"]).output().unwrap();
    assert!(printed(&said).starts_with("# Exercises compared"), "{}", printed(&said));
    // What cannot be compared is refused as ever.
    let mut terminal = Terminal::start(&["compare", "first", "thrid"], data, 120, 40);
    assert_eq!(terminal.end(), 1);
    assert!(terminal.text().contains("there is no recording \"thrid\""), "{}", terminal.text());
}
