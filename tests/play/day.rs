//! A whole short game day in a pseudo-terminal, as a facilitator and a team would live it.

use gameday::exercise::event::{Event, Outcome};
use gameday::recording::read::read;

use super::program::{gameday, lab_processes, recording, short_day};
use super::terminal::Terminal;

const HALT: &str = "\u{18}";
const ESCAPE: &str = "\u{1b}";

fn events(data: &std::path::Path) -> Vec<Event> {
    let recorded = read(&recording(data)).unwrap();
    recorded.envelopes.into_iter().map(|envelope| envelope.event).collect()
}

#[test]
fn a_whole_day_with_keys_an_incident_a_hold_and_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let mut terminal = Terminal::start(&["run", day.to_str().unwrap()], data, 120, 40);
    terminal.see("A short day");
    terminal.see("RUNNING");

    terminal.press("i");
    terminal.press("!2 決済が遅い 🐢\r");
    terminal.see("#1");
    terminal.see("決済が遅い");
    terminal.press("ack\r");
    terminal.wait("the acknowledgement", |screen| screen.contains("acknowledged"));
    terminal.press("\u{1b}[200~貼り付けた行\u{1b}[201~\r");
    terminal.see("貼り付けた行");
    terminal.press(ESCAPE);

    terminal.press(" ");
    terminal.see("HELD");
    terminal.press(" ");
    terminal.see("RUNNING");
    terminal.see("storm");
    terminal.press("i");
    terminal.press("resolve\r");
    terminal.wait("the resolution", |screen| screen.contains("resolved"));
    terminal.press("lesson: よい一日でした\r");
    terminal.press(ESCAPE);

    terminal.see("ENDED");
    terminal.press("q");
    let code = terminal.end();
    terminal.assert_restored();
    assert!(code <= 1, "exit code {code}");
    assert_eq!(lab_processes(data), Vec::<String>::new());

    let happened = events(data);
    assert!(happened.iter().any(|event| matches!(event, Event::Held { .. })));
    let active = happened.iter().filter(|event| matches!(event, Event::InjectionActive { .. }));
    assert_eq!(active.count(), 2);
    let reverted = happened.iter().filter(|event| matches!(event, Event::Reverted { .. }));
    assert_eq!(reverted.count(), 2);
    let path = recording(data);
    let report = std::fs::read_to_string(path.with_extension("md")).unwrap();
    for words in
        ["決済が遅い", "よい一日でした", "pod-failure", "database-slowdown", "availability"]
    {
        assert!(report.contains(words), "{words} is not in the report:\n{report}");
    }
    let again = gameday(data).arg("report").arg(&path).output().unwrap();
    assert_eq!(String::from_utf8(again.stdout).unwrap(), report, "made again byte for byte");
    serde_json::from_str::<serde_json::Value>(
        &std::fs::read_to_string(path.with_extension("json")).unwrap(),
    )
    .unwrap();
}

#[test]
fn halt_while_typing_stops_load_and_reverts_and_a_release_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let mut terminal = Terminal::start(&["run", day.to_str().unwrap()], data, 80, 24);
    terminal.see("RUNNING");
    terminal.press("i");
    terminal.press("half a sentence");
    terminal.press(HALT);
    terminal.press("\r");
    terminal.see("HALTED");
    terminal.wait("the draft to be kept", |screen| screen.contains("half a sentence"));
    terminal.press(ESCAPE);
    terminal.press("R");
    terminal.press("it was only a drill\r");
    terminal.see("RUNNING");
    terminal.press(HALT);
    terminal.press("\r");
    terminal.see("HALTED");
    terminal.press("q");
    terminal.press("\r");
    terminal.wait("the end", |screen| screen.contains("ENDED") || screen.is_empty());
    terminal.press("q");
    assert_eq!(terminal.end(), 2, "halted");
    terminal.assert_restored();
    assert_eq!(lab_processes(data), Vec::<String>::new());
}

#[test]
fn a_signal_ends_it_undone_and_the_terminal_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let mut terminal = Terminal::start(&["run", day.to_str().unwrap()], data, 200, 60);
    terminal.see("RUNNING");
    terminal.see("storm");
    terminal.wait("a fault in effect", |screen| screen.contains("active"));
    let pid = rustix::process::Pid::from_raw(terminal.pid().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    terminal.end();
    terminal.assert_restored();
    assert_eq!(lab_processes(data), Vec::<String>::new());
    let happened = events(data);
    assert!(matches!(happened.last(), Some(Event::Ended { outcome: Outcome::EndedEarly, .. })));
}

#[test]
fn a_lost_terminal_ends_it_undone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let day = short_day(data);
    let mut terminal = Terminal::start(&["run", day.to_str().unwrap()], data, 80, 24);
    terminal.see("RUNNING");
    terminal.wait("a fault in effect", |screen| screen.contains("active"));
    terminal.hang_up();
    let happened = events(data);
    assert!(matches!(happened.last(), Some(Event::Ended { .. })), "{:?}", happened.last());
    assert_eq!(lab_processes(data), Vec::<String>::new());
}
