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

#[test]
fn every_form_and_language_can_be_asked_for_and_templates_that_are_wrong_say_so() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("story.jsonl");
    written(&path, &story::header(), &story::envelopes());
    let ask = |flags: &[&str], lang: &str| -> (Option<i32>, String, String) {
        let mut command = gameday("report", &path);
        command.args(flags).env("LC_ALL", lang).env_remove("GAMEDAY_LANG");
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    };
    for (flags, lang, begins) in [
        (&[][..], "C", "# Game day: Black Friday"),
        (&[], "ja_JP.UTF-8", "# ゲームデイ: Black Friday"),
        (&["--lang", "en"], "ja_JP.UTF-8", "# Game day: Black Friday"),
        (&["--format", "html"], "C", "<!DOCTYPE html>\n<html lang=\"en\">"),
        (&["--format", "html", "--lang", "ja"], "C", "<!DOCTYPE html>\n<html lang=\"ja\">"),
        (
            &["--format", "junit"],
            "ja_JP.UTF-8",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ",
        ),
        (&["--format", "json"], "ja_JP.UTF-8", "{\n  \"gameday_report\": 1,"),
    ] {
        let (code, out, complaints) = ask(flags, lang);
        assert_eq!((code, &*complaints), (Some(0), ""), "{flags:?}");
        assert!(out.starts_with(begins), "{flags:?}: {out:.120}");
    }
    let own = scratch.path().join("own.md");
    let flag = ["--template", own.to_str().unwrap()];
    let (code, _, complaints) = ask(&flag, "C");
    assert_eq!(code, Some(1));
    assert!(complaints.contains("own.md: cannot read the template: No such file"), "{complaints}");
    std::fs::write(
        &own,
        "# {{ report.title }}\n{{ t('report-objectives') }}: {{ fig('overall.met', 'count') }}\n",
    )
    .unwrap();
    assert_eq!(
        ask(&flag, "C"),
        (Some(0), "# Black Friday <b>\nObjectives: 5\n".to_owned(), String::new())
    );
    assert!(ask(&flag, "ja").1.contains("目標: 5"));
    std::fs::write(&own, "one\n{{ report.nothing.at.all }}\n").unwrap();
    let (code, out, complaints) = ask(&flag, "C");
    assert_eq!((code, &*out), (Some(1), ""));
    assert!(complaints.contains("own.md:2: undefined value"), "{complaints}");
    assert!(complaints.contains("report.nothing.at.all"), "the line itself: {complaints}");

    let printed = Command::new(env!("CARGO_BIN_EXE_gameday"))
        .args(["report", "--print-template"])
        .output()
        .unwrap();
    let template = scratch.path().join("again.html");
    std::fs::write(&template, printed.stdout).unwrap();
    let again = ask(&["--template", template.to_str().unwrap()], "C");
    assert_eq!(again.0, Some(0), "{}", again.2);
    assert!(
        again.1 == ask(&["--format", "html"], "C").1,
        "ours, filled as a template of one's own"
    );
}
