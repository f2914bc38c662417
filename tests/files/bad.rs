//! Every wrong file begins with one line for every problem it must be told: place, severity, words, and how to mend it.

use std::fs;
use std::path::PathBuf;

use gameday::gameday::problem::Problems;
use gameday::gameday::problem::show::render;
use gameday::gameday::read::inspect;

pub fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The problems as the head of a file writes them.
fn written(problems: &Problems) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|one| format!("# {one} | {}", one.mend).trim_end().to_owned())
        .collect();
    lines.join("\n")
}

fn compare(folder: &str, least: usize, can_run: bool) {
    compare_with(folder, least, can_run, |text| {
        let (plan, problems) = inspect(text, "file.yaml");
        (plan.is_some(), problems)
    });
}

/// Holds what is found in each file against its head; `inspect` says whether the file is of use, and what is wrong.
pub fn compare_with(
    folder: &str,
    least: usize,
    can_run: bool,
    inspect: impl Fn(&str) -> (bool, Problems),
) {
    let files = files(folder);
    assert!(files.len() >= least, "only {} files in {folder}", files.len());
    let mut wrong = String::new();
    for (path, text) in files {
        let expected: Vec<&str> = text.lines().take_while(|line| line.starts_with("# ")).collect();
        let (runs, problems) = inspect(&text);
        let found = written(&problems);
        if found != expected.join("\n") || found.is_empty() || runs != can_run {
            wrong.push_str(&format!("{}\n{found}\n\n", path.display()));
        }
    }
    assert!(wrong.is_empty(), "these say something else:\n{wrong}");
}

#[test]
fn every_bad_file_is_refused_with_its_own_words() {
    compare("bad", 40, false);
}

#[test]
fn every_doubtful_file_is_read_with_a_warning() {
    compare("warned", 4, true);
}

#[test]
fn messages_show_place_line_caret_and_a_way_out() {
    let text = "phases:\n  - { name: 繁忙時, duration: 10, load: { rps: 5 } }\n";
    let (_, problems) = inspect(text, "gamedays/朝.yaml");
    let shown = render(&problems, text, "gamedays/朝.yaml");
    insta::assert_snapshot!(shown.trim_end(), @r#"
    gamedays/朝.yaml:2:28: error: "10" has no unit
      |
    2 |   - { name: 繁忙時, duration: 10, load: { rps: 5 } }
      |                               ^^
      |
      = why: a bare number could be seconds, minutes or milliseconds
      = mend: write 10s or 10m
    "#);
}

#[test]
fn of_a_long_line_the_part_around_the_mistake_is_shown() {
    let text = format!("{}: 1\n", "長".repeat(400));
    let text = format!("title: {}, nam: 2\n{text}", "x".repeat(300));
    let text = format!("{{ {}", text.replacen('\n', ",\n", 1)) + "}\n";
    let (_, problems) = inspect(&text, "long.yaml");
    let shown = render(&problems, &text, "long.yaml");
    assert!(shown.contains("nam: 2"), "{shown}");
    assert!(
        shown.lines().filter(|line| line.contains(" | ")).all(|line| line.chars().count() < 150),
        "{shown}"
    );
}

#[test]
fn messages_carry_no_control_characters() {
    let nasty = "\u{1b}]0;owned\u{7}\u{202e}\u{9b}31m";
    for text in [
        format!("\"{}\": 1\n", "\\e[31mx\\u009b"),
        format!("name: \"{}\"\nphases: 1\n", "\\e[31m"),
        "teams: [\"a\\u202eb\"]\nobjectives: [{ title: x, measure: \"\\e[0m\" }]\n".to_owned(),
        format!("phases: [{{ name: {nasty}, duration: 1m }}]\n"),
        "slos: { \"\\e[31m\": { max: 1 } }\ntarget: \"\\e[31m\"\n".to_owned(),
    ] {
        let (_, problems) = inspect(&text, "a\u{1b}[31m.yaml");
        let shown = render(&problems, &text, "a\u{1b}[31m.yaml");
        assert!(!problems.is_empty(), "{text:?} was accepted");
        let bad = shown.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(bad, None, "{shown:?}");
    }
}
