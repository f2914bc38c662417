//! `kill -9` at twenty random instants: nothing accepted is lost, nothing stays injected after the next start.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gameday::exercise::event::{Event, Outcome};
use gameday::exercise::fold::apply;
use gameday::exercise::state::State;

use super::program::{gameday, lab_processes, printed, recording, short_day};

/// Runs without a screen, kills it after `life`, and returns every line it had printed.
fn killed_after(life: Duration, data: &Path, seed: usize) -> Vec<String> {
    let day = short_day(data);
    let mut child = gameday(data)
        .args([
            "run",
            day.to_str().unwrap(),
            "--headless",
            "--duration",
            "8s",
            "--seed",
            &seed.to_string(),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            drop(sender.send(line));
        }
    });
    let deadline = Instant::now() + life;
    let mut printed = Vec::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => printed.push(line),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => panic!("ended by itself: {printed:?}"),
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    printed.extend(lines.iter());
    printed
}

#[test]
fn twenty_kills() {
    let mut random = oorandom::Rand32::new(u64::from(std::process::id()));
    let mut with_faults = 0;
    let cases: Vec<(usize, Duration)> = (0..20)
        .map(|case| (case, Duration::from_millis(300 + u64::from(random.rand_range(0..7_000)))))
        .collect();
    // Five at a time: each mostly waits.
    for batch in cases.chunks(5) {
        std::thread::scope(|scope| {
            let runs: Vec<_> = batch
                .iter()
                .map(|(case, life)| scope.spawn(move || one_kill(*case, *life)))
                .collect();
            for run in runs {
                with_faults += usize::from(run.join().unwrap());
            }
        });
    }
    assert!(with_faults > 0, "no kill hit an active fault: the instants are badly chosen");
}

/// Returns whether a fault was live when the program was killed.
fn one_kill(case: usize, life: Duration) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let shown = killed_after(life, data, case);
    if !data.join("recordings").exists() {
        assert!(shown.is_empty(), "lines were shown, but nothing is recorded: {shown:?}");
        return false;
    }
    let path = recording(data);
    let before = gameday::recording::read::read(&path);
    let live = before.as_ref().is_ok_and(|recorded| {
        let mut state = State::new(recorded.header.clone().into());
        recorded.envelopes.iter().for_each(|envelope| apply(&mut state, envelope));
        state.injections.iter().any(|run| !run.undos.is_empty())
    });

    let next = gameday(data).arg("recover").output().unwrap();
    assert!(next.status.success(), "recover: {}", printed(&next));
    assert_eq!(lab_processes(data), Vec::<String>::new(), "killed after {life:?}");
    let recorded = gameday::recording::read::read(&path).unwrap();
    let mut state = State::new(recorded.header.clone().into());
    recorded.envelopes.iter().for_each(|envelope| apply(&mut state, envelope));
    assert!(
        matches!(
            recorded.envelopes.last().map(|last| &last.event),
            Some(Event::Ended { outcome: Outcome::Died, .. })
        ),
        "killed after {life:?}: {:?}",
        recorded.envelopes.last()
    );
    assert!(state.injections.iter().all(|run| run.undos.is_empty()));
    for line in shown.iter().filter(|line| !line.contains("rps planned")) {
        let text = line.split_once(' ').map_or("", |(_, text)| text.trim());
        // What breakers do is shown too, but is no entry of the log.
        let seen = text.strip_prefix("breaker ").is_some_and(|rest| {
            state.readings.iter().flat_map(|reading| &reading.breakers).any(|one| {
                rest.starts_with(&format!("{} -> {} ", one.owner, one.guards))
                    && (one.open > 0 || one.opened > 0)
            })
        });
        assert!(
            seen || state.log.iter().any(|entry| entry.text.contains(text)),
            "shown but lost (killed after {life:?}): {line}"
        );
    }
    let verified = gameday(data).arg("verify").arg(&path).output().unwrap();
    assert!(verified.status.success(), "{}", printed(&verified));
    live
}
