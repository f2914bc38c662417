//! Two terminals on one exercise: what the facilitator sees and plans does not reach the second; what is typed there
//! reaches both.

use super::program::{gameday, lab_processes, printed, short_day};
use super::terminal::Terminal;

/// What would give the day's faults away.
const SECRETS: [&str; 4] =
    ["pod-failure", "database-slowdown", "took effect", "two web-app pods die"];

#[track_caller]
fn assert_told_nothing(terminal: &Terminal) {
    let text = terminal.text();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is on the participants' screen:\n{text}");
    }
}

#[test]
fn a_second_terminal_shows_what_participants_may_see_and_writes_for_a_team() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let none = gameday(data).arg("join").output().unwrap();
    assert!(printed(&none).contains("no exercise runs here"), "{}", printed(&none));

    // The same by the other name of it.
    for (arguments, why) in [
        (&["run", "--participants"][..], "start one with `gameday run NAME`"),
        (&["run", "short", "--participants"], "in another terminal with `gameday run short`"),
    ] {
        let none = gameday(data).args(arguments).output().unwrap();
        assert!(printed(&none).contains(why), "{}", printed(&none));
        assert_eq!(none.status.code(), Some(3));
    }

    let day = short_day(data);
    let mut first = Terminal::start(&["run", day.to_str().unwrap(), "--go"], data, 120, 40);
    first.see("RUNNING");
    let joins = ["run", "short", "--participants", "--team", "support"];
    let mut second = Terminal::start(&joins, data, 120, 40);
    second.see("participants' view");
    second.see("A short day");
    second.see("web-app");
    second.see("availability");
    assert_told_nothing(&second);

    first.see("took effect");
    second.see("storm");
    second.press("i");
    second.press("!2 customers wait 🐢\r");
    first.see("customers wait");
    first.see("support");
    second.see("#1");
    assert_told_nothing(&second);
    second.press("\u{1b}");
    second.see("write log");
    // Only the facilitator halts.
    second.press("\u{18}");
    second.see("only the facilitator can halt");

    // The facilitator's key shows the same as the second terminal.
    first.press("p");
    // A frame arrives in pieces: its last row is that of the participants when all of it is there.
    let whole =
        |screen: &str| screen.contains("participants' view") && !screen.contains("HALT ALL");
    first.wait("participants' view", whole);
    assert_told_nothing(&first);
    first.see("customers wait");
    first.press("p");
    first.see("pod-failure");

    first.see("ENDED");
    second.see("ENDED");
    second.see("the debrief says");
    assert_told_nothing(&second);
    first.press("q");
    first.end();
    second.press("q");
    assert_eq!(second.end(), 0);
    second.assert_restored();
    assert_eq!(lab_processes(data), Vec::<String>::new());
}
