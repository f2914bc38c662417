//! A disk without room: nothing is lost, nothing is half written, and it goes on when there is room.

use std::path::Path;
use std::process::Command;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::stamp::Stamp;
use gameday::port::recording::{Recording, RecordingError};
use gameday::recording::file::FileRecording;
use gameday::recording::read::read;

use super::story;

/// A small disk of its own in memory, gone with this value.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mounted() -> Option<Self> {
        let scratch = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs"])
            .arg(scratch.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(scratch)),
            other => {
                eprintln!("SKIPPED: a small disk cannot be mounted here: {other:?}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

fn events(from: u64, count: u64, length: usize) -> Vec<Envelope> {
    let event = |seq| Envelope {
        seq,
        stamp: Stamp::default(),
        event: Event::LoadFailed { error: "x".repeat(length).into() },
    };
    (from..from + count).map(event).collect()
}

#[test]
fn a_full_disk_keeps_what_was_accepted_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mounted() else { return };
    let path = disk.path().join("a.jsonl");
    let mut recording = FileRecording::create(&path, &story::header()).unwrap();
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 24 * 1024]).unwrap();

    let mut accepted = Vec::new();
    let refused = loop {
        let batch = events(accepted.len() as u64 + 1, 3, 1_000);
        match recording.append(&batch) {
            Ok(()) => accepted.extend(batch),
            Err(error) => break (error, batch),
        }
    };
    let (error, batch) = refused;
    assert_eq!(error, RecordingError::Full);
    assert!(accepted.len() > 3, "some went in");
    // Asked again and again, with smaller batches too: whole or not at all, and no byte of it stays.
    assert_eq!(recording.append(&batch), Err(RecordingError::Full));
    assert_eq!(recording.append(&events(batch[0].seq, 1, 60_000)), Err(RecordingError::Full));
    let recorded = read(&path).unwrap();
    assert_eq!(recorded.envelopes, accepted);
    assert!(recorded.warnings.is_empty(), "{:?}", recorded.warnings);

    std::fs::remove_file(&ballast).unwrap();
    recording.append(&batch).unwrap();
    accepted.extend(batch);
    let last = events(accepted.len() as u64 + 1, 1, 10);
    recording.append(&last).unwrap();
    accepted.extend(last);
    drop(recording);
    assert_eq!(read(&path).unwrap().envelopes, accepted);
}

#[test]
fn a_disk_without_room_for_the_header_leaves_nothing_behind() {
    let Some(disk) = SmallDisk::mounted() else { return };
    std::fs::write(disk.path().join("ballast"), vec![0; 64 * 1024]).unwrap();
    let path = disk.path().join("a.jsonl");
    let outcome = FileRecording::create(&path, &story::header()).map(drop);
    assert_eq!(outcome, Err(RecordingError::Full));
    let names: Vec<_> =
        std::fs::read_dir(disk.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(names, ["ballast"]);
}
