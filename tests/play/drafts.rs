//! What is typed and not yet written outlives the program, and is back before the next screen.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::program::short_day;
use super::terminal::Terminal;

/// The longest it may take until what is typed is on the disk.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything that is kept.
fn kept(data: &Path) -> String {
    let Ok(entries) = std::fs::read_dir(data.join("drafts")) else { return String::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    let ours = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    ours.map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect()
}

#[track_caller]
fn wait(what: &str, data: &Path, holds: impl Fn(&str) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds(&kept(data)) {
        assert!(Instant::now() < deadline, "waited in vain for {what}: {:?}", kept(data));
        std::thread::yield_now();
    }
}

/// As nothing can be done about.
fn kill(terminal: Terminal) {
    let pid = terminal.pid().to_string();
    assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    drop(terminal);
}

#[test]
fn a_line_that_was_typed_outlives_kill_9_and_is_gone_once_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = ["run", day.to_str().unwrap()];
    let start = || Terminal::start_after(here, &arguments, data, (120, 40), "1h");

    let mut first = start();
    first.see("to write to the log");
    first.press("i!2 half a title");
    first.see("half a title");
    wait("what was typed", data, |kept| kept.contains("!2 half a title"));
    kill(first);

    let mut second = start();
    second.see("a line was not written");
    second.see("!2 half a title");
    assert!(kept(data).contains("!2 half a title"), "it is not written yet");
    second.press("i\r");
    wait("nothing to be left", data, str::is_empty);
    second.press("\u{1b}");

    // The same at a screen that joined, beside it.
    second.see("target ready");
    let join = || Terminal::start(&["join", "--team", "support"], data, 120, 40);
    let mut guest = join();
    guest.see("to write to the log");
    guest.press("i#1 two pods are go");
    guest.see("two pods are go");
    wait("what the guest typed", data, |kept| kept.contains("#1 two pods are go"));
    kill(guest);
    let mut guest = join();
    guest.see("a line was not written");
    // It must know of the incident before it can write about it.
    guest.see("half a title");
    guest.press("ine\r");
    wait("nothing to be left", data, str::is_empty);
    guest.see("two pods are gone");
    guest.hang_up();
    second.hang_up();
}
