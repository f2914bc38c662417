//! `gameday report` and `gameday verify` as somebody types them.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::recording::{story, written};

fn gameday(verb: &str, file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gameday"));
    command.arg(verb).arg(file).env("GAMEDAY_DATA", file.parent().unwrap()).stdin(Stdio::null());
    command
}

#[test]
fn what_is_no_recording_is_refused_in_one_line() {
    let scratch = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(scratch.path().join(name), bytes).unwrap();
    put("empty", b"");
    put("foreign", b"{\"something\":\"else\"}\n");
    put("noise", b"\x00\xff\x1b[2J\n");
    put("unfinished", b"{\"gameday_recording\":1");
    put("later", b"{\"gameday_recording\":99}\n");
    std::fs::create_dir(scratch.path().join("folder")).unwrap();
    for (name, words) in [
        ("missing", "cannot read it: No such file or directory"),
        ("mis\u{1b}[31msing", "cannot read it: No such file or directory"),
        ("folder", "cannot read it: it is a folder"),
        ("empty", "the file is empty"),
        ("foreign", "this is no recording of a game day"),
        ("noise", "this is no recording of a game day"),
        ("unfinished", "its first line was never finished"),
        ("later", "its format is version 99"),
    ] {
        for verb in ["report", "verify"] {
            let Output { status, stdout, stderr } =
                gameday(verb, &scratch.path().join(name)).output().unwrap();
            let said = String::from_utf8(stderr).unwrap();
            assert_eq!(status.code(), Some(1), "{verb} {name}: {said}");
            assert!(said.contains(words), "{verb} {name}: {said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(stdout.is_empty() && !said.contains('\u{1b}'), "{said}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("story.jsonl");
    written(&path, &story::header(), &story::envelopes());
    for format in ["markdown", "json"] {
        let mut running = gameday("report", &path)
            .args(["--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(running.stdout.take());
        let mut said = String::new();
        running.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = running.wait().unwrap();
        assert!(status.success() && said.is_empty(), "{format}: {status}: {said}");
    }
}
