//! Every command of the README is run, and every file in it is checked.

use std::path::Path;
use std::process::Stdio;
use std::sync::PoisonError;

use gameday::config::settings::{self, Base};

use super::program::{MACHINE, gameday, lab_processes, printed};
use super::terminal::Terminal;

/// What stands in code blocks of this language.
pub fn blocks(language: &str) -> Vec<String> {
    let text = include_str!("../../README.md");
    let begin = format!("```{language}\n");
    let rest = text.split(begin.as_str()).skip(1);
    rest.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

fn commands() -> Vec<String> {
    let blocks = blocks("console");
    let lines = blocks.iter().flat_map(|block| block.lines());
    lines
        .map(|line| {
            line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {line}")).to_owned()
        })
        .collect()
}

/// A folder with the game days, as a clone has it, at a fiftieth of the load: full load is for the release build and a
/// machine that does nothing else.
fn clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let gamedays = folder.path().join("gamedays");
    std::fs::create_dir(&gamedays).unwrap();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("gamedays")).unwrap()
    {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let lighter = text.replace("10000", "200").replace("5000", "100").replace("1000", "20");
        std::fs::write(gamedays.join(path.file_name().unwrap()), lighter).unwrap();
    }
    folder
}

#[test]
fn every_command_works() {
    let here = clone();
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let (mut run, mut joins, mut replays) = (0, Vec::new(), Vec::new());
    for command in commands() {
        let words =
            command.strip_prefix("cargo run --release -- ").or(command.strip_prefix("gameday "));
        let Some(words) = words else {
            // The test command: it is what runs this.
            assert_eq!(command, "cargo test");
            continue;
        };
        run += 1;
        if words.starts_with("join") || words.ends_with("--participants") {
            joins.push(words.to_owned());
            continue;
        }
        if words.starts_with("replay") {
            replays.push(words.to_owned());
            continue;
        }
        one(words, here.path(), data);
    }
    beside_an_exercise(&joins, here.path(), data);
    // Once there is something to be replayed.
    for words in &replays {
        let arguments: Vec<&str> = words.split(' ').collect();
        let mut terminal = Terminal::start_in(here.path(), &arguments, data, 120, 40);
        terminal.see("paused");
        terminal.press("q");
        assert_eq!(terminal.end(), 0, "gameday {words}");
    }
    assert!(
        run > 12 && joins.len() > 1 && !replays.is_empty(),
        "the README shows too little: {run}"
    );
    assert_eq!(lab_processes(data), Vec::<String>::new());
}

fn one(words: &str, here: &Path, data: &Path) {
    let arguments: Vec<&str> = words.split(' ').collect();
    let is = |flag: &str| arguments.contains(&flag);
    if arguments == ["lab"] {
        return until_interrupted(&arguments, here, data);
    }
    if arguments[0] == "run" && !is("--headless") && !is("--dry-run") {
        return on_a_screen(&arguments, here, data);
    }
    // Nobody waits four minutes in a test; the command is the same otherwise.
    let shorter: Vec<&str> = arguments
        .iter()
        .map(|word| if is("--headless") && *word == "4m" { "8s" } else { *word })
        .collect();
    let _alone = is("--headless").then(|| MACHINE.lock().unwrap_or_else(PoisonError::into_inner));
    let mut output = gameday(data).args(&shorter).current_dir(here).output().unwrap();
    // A machine that was busy in that moment is no go, as it should be; then it is asked once more.
    if is("--headless") && printed(&output).contains("Steady state before: does not hold") {
        for ending in ["jsonl", "md", "html", "json"] {
            drop(std::fs::remove_file(here.join("exercise").with_extension(ending)));
        }
        output = gameday(data).args(&shorter).current_dir(here).output().unwrap();
    }
    let code = output.status.code().unwrap();
    let no_go = printed(&output).contains("Steady state before: does not hold");
    let runs = ["run", "rehearse"].contains(&arguments[0]);
    let most = if runs { 2 + i32::from(no_go) } else { 0 };
    assert!((0..=most).contains(&code), "gameday {words} ended with {code}:\n{}", printed(&output));
    // Where there is nothing to export, that is said beside.
    let said = !output.stdout.is_empty() || !output.stderr.is_empty();
    assert!(said, "gameday {words} says nothing");
}

fn on_a_screen(arguments: &[&str], here: &Path, data: &Path) {
    let mut terminal = Terminal::start_in(here, arguments, data, 120, 40);
    // On a machine that is too busy the steady state does not hold, and the command says so.
    terminal
        .wait("a run, or a no-go", |screen| screen.contains("RUNNING") || screen.contains("NO-GO"));
    terminal.end_exercise();
}

/// Each in a second terminal, while an exercise runs in the first.
fn beside_an_exercise(joins: &[String], here: &Path, data: &Path) {
    let runs = ["run", "black-friday", "--duration", "4m", "--go"];
    let mut first = Terminal::start_in(here, &runs, data, 120, 40);
    let no_go = std::cell::Cell::new(false);
    first.wait("a run, or a no-go", |screen| {
        no_go.set(screen.contains("NO-GO"));
        no_go.get() || screen.contains("RUNNING")
    });
    if no_go.get() {
        first.press("g");
        first.see("in spite of the no-go");
        first.press("the machine is busy\r");
        first.see("RUNNING");
    }
    for words in joins {
        let arguments: Vec<&str> = words.split(' ').collect();
        let mut second = Terminal::start_in(here, &arguments, data, 120, 40);
        second.see("participants' view");
        second.see("normal-load");
        second.press("q");
        assert_eq!(second.end(), 0, "gameday {words}");
    }
    first.end_exercise();
}

fn until_interrupted(arguments: &[&str], here: &Path, data: &Path) {
    use std::io::{BufRead, BufReader};
    let mut child = gameday(data)
        .args(arguments)
        .current_dir(here)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let seen: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.contains("Ctrl-C ends it")).collect();
    assert!(seen.iter().any(|line| line.contains("/metrics")), "{seen:?}");
    let pid = rustix::process::Pid::from_raw(child.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn every_file_passes_check() {
    let folder = tempfile::tempdir().unwrap();
    let files = blocks("yaml");
    assert!(!files.is_empty());
    for (index, text) in files.iter().enumerate() {
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(&path, text).unwrap();
        if text.starts_with("keymap:") {
            let keys = gameday(folder.path()).args(["keys", "--keys"]).arg(&path).output().unwrap();
            assert!(keys.status.success(), "{}", printed(&keys));
            continue;
        }
        if text.starts_with("default_profile:") {
            let base = Base { folder: folder.path(), home: None };
            let profiles = settings::read(text, base).unwrap();
            assert!(profiles.choose(None).unwrap().is_some());
            continue;
        }
        let output = gameday(folder.path()).arg("check").arg(&path).output().unwrap();
        assert!(output.status.success(), "{}", printed(&output));
        if text.starts_with("watch:") {
            continue;
        }
        let plan = gameday(folder.path()).arg("plan").arg(&path).output().unwrap();
        assert!(plan.status.success(), "{}", printed(&plan));
    }
}
