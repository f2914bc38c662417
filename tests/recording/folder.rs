//! Where recordings live, and which exercises died.

use std::os::unix::fs::PermissionsExt;

use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::header::Header;
use gameday::exercise::stamp::Stamp;
use gameday::port::recording::{Recording, RecordingError};
use gameday::recording::file::{FileRecording, is_live};
use gameday::recording::folder::{Folder, has_ended};
use gameday::recording::read::{ReadError, read};

use super::story;

fn header(exercise: &str) -> Header {
    Header { exercise: exercise.to_owned(), ..story::header() }
}

fn event(seq: u64, event: Event) -> Envelope {
    Envelope { seq, stamp: Stamp::default(), event }
}

fn ended(seq: u64) -> Envelope {
    event(seq, Event::Ended { outcome: Outcome::Completed, why: "done".to_owned().into() })
}

#[test]
fn the_dead_are_told_from_the_living_and_the_finished() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::of_data(scratch.path());
    assert_eq!(
        folder.list().unwrap(),
        Vec::<std::path::PathBuf>::new(),
        "no folder, no recordings"
    );

    let mut finished = folder.create(&header("1-finished")).unwrap();
    finished.append(&[event(1, Event::LoadStopped), ended(2)]).unwrap();
    // Late reverts may follow the end.
    finished.append(&[event(3, Event::LoadStopped)]).unwrap();
    drop(finished);
    let mut dead = folder.create(&header("2-dead")).unwrap();
    let said = r#"{"type":"ended"} is what it said, "type":"ended""#.to_owned();
    dead.append(&[event(1, Event::LoadFailed { error: said.into() })]).unwrap();
    drop(dead);
    drop(folder.create(&header("3-dead-at-once")).unwrap());
    let alive = folder.create(&header("4-alive")).unwrap();

    let names = |paths: Vec<std::path::PathBuf>| -> Vec<String> {
        paths.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names(folder.list().unwrap()),
        ["4-alive", "3-dead-at-once", "2-dead", "1-finished"]
    );
    assert_eq!(names(folder.died().unwrap()), ["3-dead-at-once", "2-dead"]);
    assert!(is_live(alive.path()).unwrap());
    assert!(matches!(FileRecording::reopen(alive.path()), Err(ReadError::Busy)));
    let path = alive.path().to_owned();
    drop(alive);
    assert!(!is_live(&path).unwrap());

    // A later start ends it; then it no longer counts.
    let (mut again, recorded) = FileRecording::reopen(&path).unwrap();
    assert_eq!(recorded.header, header("4-alive"));
    assert!(is_live(&path).unwrap());
    again.append(&[ended(1)]).unwrap();
    drop(again);
    assert_eq!(read(&path).unwrap().envelopes, [ended(1)]);
    assert_eq!(names(folder.died().unwrap()), ["3-dead-at-once", "2-dead"]);
}

#[test]
fn an_end_far_from_the_end_of_the_file_is_found() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let mut recording = FileRecording::create(&path, &story::header()).unwrap();
    let long = Event::LoadFailed { error: "x".repeat(400_000).into() };
    recording.append(&[ended(1), event(2, long)]).unwrap();
    assert!(has_ended(&path));
}

#[test]
fn a_recording_is_for_its_owner_and_never_written_over() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::at(&scratch.path().join("deep/recordings"));
    let first = folder.create(&story::header()).unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(first.path()), 0o600);
    assert_eq!(mode(folder.path()), 0o700);
    let before = std::fs::read(first.path()).unwrap();
    let second = folder.create(&story::header()).unwrap_err();
    assert!(matches!(&second, RecordingError::Broken(why) if why.contains("exists")), "{second}");
    assert_eq!(std::fs::read(first.path()).unwrap(), before);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside it: {left:?}");

    for name in ["", "../up", "a/b", "a.b", "a\nb", "～", &"x".repeat(300)] {
        assert!(folder.create(&header(name)).is_err(), "{name:?}");
    }
}

#[test]
fn events_out_of_order_or_with_figures_that_are_none_are_not_written() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let mut recording = FileRecording::create(&path, &story::header()).unwrap();
    recording.append(&[event(1, Event::LoadStopped)]).unwrap();
    let before = std::fs::read(&path).unwrap();
    let nan = Event::SloBreached { slo: 0, value: f64::NAN };
    for batch in [
        vec![event(1, Event::LoadStopped)],
        vec![event(3, Event::LoadStopped)],
        vec![event(2, Event::LoadStopped), event(2, Event::LoadStopped)],
        vec![event(2, Event::LoadStopped), event(3, nan)],
    ] {
        assert!(matches!(recording.append(&batch), Err(RecordingError::Broken(_))));
        assert_eq!(std::fs::read(&path).unwrap(), before, "nothing of the batch is there");
    }
    recording.append(&[]).unwrap();
    recording.append(&[event(2, Event::LoadStopped)]).unwrap();
    assert_eq!(read(&path).unwrap().envelopes.len(), 2);
}
