//! The whole way in a pseudo-terminal: launcher, briefing, live, debrief, report, and back in the launcher.

use gameday::exercise::event::{Event, Outcome};
use gameday::recording::read::read;

use super::program::{gameday, lab_processes, printed, recording};
use super::terminal::Terminal;

/// The keys as xterm tells them.
const F2: &str = "\u{1b}OQ";
const F3: &str = "\u{1b}OR";

#[test]
fn from_the_launcher_through_an_exercise_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let own = data.join("gamedays");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("short.yaml"), include_str!("short.yaml")).unwrap();
    std::fs::write(own.join("a-broken.yaml"), "gameday: v1\nname: a-broken\nphasess: []\n")
        .unwrap();
    let mut terminal = Terminal::start_after(data, &[], data, (120, 40), "60s");

    terminal.see("black-friday");
    // A file that cannot be run is there too, with what is wrong with it.
    terminal.see("✗ a-broken");
    terminal.see("phasess");
    terminal.see("none yet");
    terminal.press("/");
    terminal.press("short");
    terminal.see("A short day");
    terminal.see("never run here");
    terminal.press("\r");

    terminal.see("hypothesis and objectives");
    terminal.see("Two web-app pods die");
    terminal.see("going in");
    terminal.press("h");
    terminal.see("g begins with the first phase");
    terminal.press(">");
    terminal.see("PREFLIGHT");
    terminal.see("opens one");
    terminal.press(F2);
    terminal.see("roles and rules");
    terminal.press("g");

    terminal.see("RUNNING");
    terminal.press("n\r");
    terminal.see("1 active");
    terminal.press("n\r");
    terminal.see("phase 3/3");
    terminal.press("n\r");
    terminal.see("ENDED");

    terminal.press(F3);
    terminal.see("improve");
    terminal.press("\t");
    terminal.see("nothing was written down");
    // An improvement: its category from a list, what it says, and who does it.
    terminal.press("\t\t\t\t\t\t");
    // Beside it stands what the program suggests, if a fault happened to last long enough.
    terminal.see("+ writes one");
    terminal.press("+");
    terminal.see("resilience");
    terminal.press("j\r");
    terminal.see("What is to become better?");
    terminal.press("Alert on what dies\r");
    terminal.see("owner nobody yet");
    terminal.press("@mei\r");
    terminal.see("owner mei");
    terminal.press("\u{1b}[Z");
    terminal.see("writes a lesson");
    terminal.press("l");
    terminal.see("stop writing");
    terminal.press("まず温める\r");
    terminal.wait("the lesson", |screen| screen.matches("まず温める").count() == 1);
    terminal.press("\u{1b}");
    terminal.see("next part");
    terminal.press(">");
    terminal.see("file: ");
    terminal.press("<<");
    terminal.see("ENDED");
    terminal.press("q");

    // The launcher is as it was left, and knows what came of it.
    terminal.see("last result");
    terminal.wait("the result", |screen| {
        screen.contains("every phase ran") && screen.contains("/ short")
    });
    terminal.press("jj");
    terminal.see("shows the report");
    terminal.press("r");
    terminal.see("Esc close");
    terminal.press("q");
    terminal.see("shows the report");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert_eq!(lab_processes(data), Vec::<String>::new());

    let path = recording(data);
    let events: Vec<Event> =
        read(&path).unwrap().envelopes.into_iter().map(|one| one.event).collect();
    let by = |wanted: &str| {
        events.iter().any(|event| matches!(event, Event::GoGiven { by } if by == wanted))
    };
    assert!(by("facilitator"), "who said go is recorded");
    assert!(events.iter().any(|event| matches!(event, Event::BriefingHeld { .. })));
    assert!(matches!(
        events.last(),
        Some(
            Event::Ended { outcome: Outcome::Completed, .. }
                | Event::Logged { .. }
                | Event::ImprovementNoted { .. }
        )
    ));
    let report = std::fs::read_to_string(path.with_extension("md")).unwrap();
    assert!(report.contains("まず温める"), "{report}");
    // What was decided after the end is recorded, and stands in the report that was made again.
    let ended = events.iter().position(|one| matches!(one, Event::Ended { .. })).unwrap();
    let noted = |one: &Event| matches!(one, Event::ImprovementNoted { says, .. } if says.owner.as_deref() == Some("mei"));
    assert!(events[ended..].iter().any(noted), "{events:?}");
    assert!(report.contains("Alert on what"), "{report}");
    let exported = gameday(data).arg("export").arg(&path).output().unwrap();
    assert!(printed(&exported).contains(",improvement,1,open,detection,"), "{exported:?}");
}

#[test]
fn without_a_terminal_it_says_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let output = gameday(folder.path()).output().unwrap();
    assert!(output.status.success());
    assert!(printed(&output).contains("Usage: gameday"), "{}", printed(&output));
}
