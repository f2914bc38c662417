//! A disk that fills up under a running exercise: it is held, says so, keeps everything, and goes on when there is room.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use gameday::exercise::event::{Event, Outcome};

use super::program::{gameday, lab_processes};

/// A small disk of its own; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.path()).output());
    }
}

#[test]
fn a_full_disk_holds_and_room_lets_it_go_on() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("SKIPPED: mounting a small disk needs to be root");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let record = disk.path().join("exercise.jsonl");
    let mut child = gameday(data.path())
        .args(["run", "tests/play/short.yaml", "--headless", "--duration", "12s", "--out"])
        .arg(&record)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut complaints = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Phase 1")), "it never began");

    let filler = disk.path().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 1_024]).is_ok() {}
    assert!(complaints.any(|line| line.unwrap().contains("no room left")), "it never said so");
    // An open file keeps its room though it is removed.
    drop(file);
    std::fs::remove_file(&filler).unwrap();
    assert!(
        complaints.any(|line| line.unwrap().contains("can be written again")),
        "it never went on"
    );

    lines.by_ref().for_each(drop);
    assert!(child.wait().unwrap().code().unwrap() <= 1);
    let recorded = gameday::recording::read::read(&record).unwrap();
    let has = |wanted: fn(&Event) -> bool| recorded.envelopes.iter().any(|one| wanted(&one.event));
    assert!(has(|event| matches!(event, Event::Held { reason, .. } if reason.contains("no room"))));
    assert!(has(|event| matches!(event, Event::Resumed { .. })));
    assert!(has(|event| matches!(event, Event::Ended { outcome: Outcome::Completed, .. })));
    let samples: Vec<u64> = recorded
        .envelopes
        .iter()
        .filter_map(|one| match &one.event {
            Event::Sampled(sample) => Some(sample.start.as_millis()),
            _ => None,
        })
        .collect();
    assert!(samples.windows(2).all(|pair| pair[1] - pair[0] <= 1_000), "a gap: {samples:?}");
    assert_eq!(lab_processes(data.path()), Vec::<String>::new());
}

#[test]
fn reports_overwrite_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let beside = folder.path().join("notes.md");
    std::fs::write(&beside, "mine").unwrap();
    for (out, words) in
        [("result.json", ".json is for the report"), ("notes.jsonl", "would overwrite")]
    {
        let output = gameday(folder.path())
            .args(["run", "tests/play/short.yaml", "--headless", "--out"])
            .arg(folder.path().join(out))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3));
        let said = super::program::printed(&output);
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&beside).unwrap(), "mine");
}
