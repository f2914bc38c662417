//! Many faults at once, of different kinds: a halt ends them all, and so does the death of the program.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::id::InjectionId;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::span::Span;
use gameday::recording::read::read;

use super::program::{gameday, lab_processes, printed, recording, short_day};

/// So many faults are in the file.
const FAULTS: usize = 9;

/// A halt ends everything within so long.
const HALT_LIMIT: Span = Span::from_secs(2);

/// Nothing that the program started outlives it for so long.
const DEATH_LIMIT: Duration = Duration::from_secs(2);

/// Folders in which a program could leave something.
struct Places(tempfile::TempDir);

impl Places {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "home", "temporary", "here"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    fn data(&self) -> std::path::PathBuf {
        self.0.path().join("data")
    }

    /// The program, at home in them.
    fn gameday(&self) -> Command {
        let mut command = gameday(&self.data());
        command.env("HOME", self.0.path().join("home"));
        command.env("TMPDIR", self.0.path().join("temporary"));
        command.current_dir(self.0.path().join("here"));
        command
    }

    fn run(&self) -> Command {
        let mut command = self.gameday();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/play/many.yaml");
        command.arg("run").arg(file).args(["--headless", "--blast-radius", "wide", "--seed", "5"]);
        command
    }

    /// Every file below them, without the folders of labs.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let lab = path.parent().is_some_and(|parent| parent.ends_with("data/labs"));
                match path.is_dir() {
                    true if lab => {}
                    true => folders.push(path),
                    false => found.push(path.display().to_string()),
                }
            }
        }
        found.sort();
        found
    }
}

fn stamps(
    events: &[Envelope],
    is_it: impl Fn(&Event) -> Option<InjectionId>,
) -> Vec<(InjectionId, Stamp)> {
    events.iter().filter_map(|one| Some((is_it(&one.event)?, one.stamp))).collect()
}

#[test]
fn a_halt_ends_all_of_them_within_two_seconds() {
    let places = Places::new();
    let output = places.run().output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "halted: {said}");
    assert_eq!(lab_processes(&places.data()), Vec::<String>::new());

    let events = read(&recording(&places.data())).unwrap().envelopes;
    let halted = events.iter().find(|one| matches!(one.event, Event::Halted { .. })).unwrap().stamp;
    let active = stamps(&events, |event| match event {
        // Some strike again and again.
        Event::InjectionActive { id, round: 0, .. } => Some(*id),
        _ => None,
    });
    assert_eq!(active.len(), FAULTS, "{said}");
    assert!(active.iter().all(|(_, at)| *at < halted), "{said}");
    let reverted = stamps(&events, |event| match event {
        Event::Reverted { id, .. } => Some(*id),
        _ => None,
    });
    assert_eq!(reverted.len(), FAULTS, "{said}");
    for (id, at) in reverted {
        let took = at.since(halted);
        assert!(halted <= at && took <= HALT_LIMIT, "{id:?} took {took}: {said}");
    }
    let again = |event: &Event| matches!(event, Event::RevertFailed { .. });
    assert!(!events.iter().any(|one| again(&one.event)), "{said}");
}

#[test]
fn the_death_of_the_program_ends_all_of_them_and_the_next_start_says_so() {
    let places = Places::new();
    let mut child = places.run().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let active = lines.by_ref().filter(|line| line.contains("took effect")).take(FAULTS).count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(active, FAULTS, "it ended by itself");

    let died = Instant::now();
    while !lab_processes(&places.data()).is_empty() {
        let left = lab_processes(&places.data());
        assert!(died.elapsed() < DEATH_LIMIT, "still there: {left:#?}");
        std::thread::yield_now();
    }
    let recorded = recording(&places.data());
    assert_eq!(places.files(), [recorded.display().to_string()], "and nothing else");

    let day = short_day(&places.data());
    let mut next = places
        .gameday()
        .arg("run")
        .arg(day)
        .arg("--headless")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ready = BufReader::new(next.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("Target ready"));
    let pid = rustix::process::Pid::from_raw(next.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let said = printed(&next.wait_with_output().unwrap());
    assert!(ready, "{said}");
    assert!(said.contains("the exercise died"), "{said}");
    for name in ["hang", "queue", "cut", "disk", "clock", "memory", "setting", "kills", "flood"] {
        assert!(said.contains(&format!("{name}: undone: ")), "{name}: {said}");
    }
    assert_eq!(lab_processes(&places.data()), Vec::<String>::new());
    let labs = std::fs::read_dir(places.data().join("labs")).unwrap();
    let labs: Vec<_> = labs.map(|entry| entry.unwrap().path()).collect();
    assert!(labs.is_empty(), "folders of labs are left: {labs:?}");

    let events = read(&recorded).unwrap().envelopes;
    let last = events.last().map(|last| &last.event);
    assert!(matches!(last, Some(Event::Ended { outcome: Outcome::Died, .. })), "{last:?}");
}
