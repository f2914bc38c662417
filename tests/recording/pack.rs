//! Packed recordings: the same bytes again, read wherever a recording is, and none that harms.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use gameday::cli::export::{Asked, run as export};
use gameday::cli::pack::run as packed;
use gameday::cli::report::{Format, run as report};
use gameday::cli::verify::run as verify;
use gameday::lang::Language;
use gameday::port::recording::Recording as _;
use gameday::recording::file::FileRecording;
use gameday::recording::folder::{Folder, has_ended};
use gameday::recording::input::Input;
use gameday::recording::pack::Way;
use gameday::recording::read::{ReadError, Reader, Trust, read};

use super::{story, written};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recording/files").join(name)
}

#[test]
fn what_is_packed_reads_the_same_everywhere_and_comes_out_as_it_was() {
    let scratch = tempfile::tempdir().unwrap();
    // With an event that this program does not know, and one with a torn last line.
    for name in ["unknown-event.jsonl", "unknown-instrument.jsonl", "torn.jsonl", "v1.jsonl"] {
        let (path, bytes) = (scratch.path().join(name), std::fs::read(file(name)).unwrap());
        std::fs::write(&path, &bytes).unwrap();
        let said = packed(&path, Way::Pack, None);
        assert!(said.success && said.text.contains("is as it was"), "{said:?}");
        assert!(said.notes.contains("the exercise does not end in it"), "{said:?}");
        assert!(std::fs::read(&path).unwrap() == bytes, "the original is as it was");
        let small = scratch.path().join(format!("{name}.zst"));
        assert!(std::fs::metadata(&small).unwrap().len() < bytes.len() as u64 / 2);
        // Its content says what it is, not its name.
        let other = scratch.path().join(format!("renamed-{name}"));
        std::fs::copy(&small, &other).unwrap();
        for small in [&small, &other] {
            assert_eq!(read(small).unwrap(), read(&path).unwrap());
            assert_eq!(verify(small).text, verify(&path).text);
            let report = |path| report(path, Format::Markdown, Language::English, false).text;
            assert!(!report(&path).is_empty() && report(small) == report(&path));
            let export = |path| export(path, &Asked::default()).text;
            assert_eq!(export(small), export(&path));
        }
        let again = scratch.path().join(format!("again-{name}"));
        assert!(packed(&small, Way::Unpack, Some(&again)).success);
        assert!(std::fs::read(&again).unwrap() == bytes, "the same bytes");
        std::fs::remove_file(&path).unwrap();
        assert!(packed(&small, Way::Unpack, None).success);
        assert!(std::fs::read(&path).unwrap() == bytes, "under the old name");
    }
    let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().map(|one| one.unwrap()).collect();
    assert_eq!(left.len(), 16, "nothing else is left behind: {left:?}");
}

#[test]
fn nothing_is_overwritten_and_nothing_is_made_of_what_is_not_whole() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let mut recording = FileRecording::create(&path, &story::header()).unwrap();
    recording.append(&story::beginning()).unwrap();
    let refused = |path: &Path, way, out: Option<&Path>, words: &str| {
        let before = std::fs::read_dir(scratch.path()).unwrap().count();
        let said = packed(path, way, out);
        assert!(!said.success && said.text.is_empty(), "{said:?}");
        assert!(said.notes.contains(words), "{words}: {said:?}");
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), before, "{words}");
    };
    refused(&path, Way::Pack, None, "being recorded into it now");
    drop(recording);
    refused(&path, Way::Unpack, None, "it is not packed");
    refused(
        &file("changed.jsonl"),
        Way::Pack,
        Some(&scratch.path().join("b")),
        "line 6 was changed",
    );
    refused(
        &file("not-json.jsonl"),
        Way::Pack,
        Some(&scratch.path().join("b")),
        "line 6 is damaged",
    );
    refused(&file("foreign.jsonl"), Way::Pack, Some(&scratch.path().join("b")), "no recording");
    refused(&scratch.path().join("none"), Way::Pack, None, "cannot read it");
    refused(scratch.path(), Way::Pack, None, "it is a folder");
    let nowhere = scratch.path().join("none/b");
    refused(&path, Way::Pack, Some(&nowhere), "cannot write");

    let taken = scratch.path().join("a.jsonl.zst");
    std::fs::write(&taken, "mine").unwrap();
    refused(&path, Way::Pack, None, "is there already");
    assert_eq!(std::fs::read(&taken).unwrap(), b"mine");
    std::fs::remove_file(&taken).unwrap();
    assert!(packed(&path, Way::Pack, None).success);
    refused(&taken, Way::Pack, None, "packed already");
    refused(&taken, Way::Unpack, None, "is there already");
    let nameless = scratch.path().join("packed");
    std::fs::rename(&taken, &nameless).unwrap();
    refused(&nameless, Way::Unpack, None, "--out");
}

#[test]
fn packed_recordings_are_found_in_their_folder_and_never_gone_on_with() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = Folder::at(scratch.path());
    let (path, ended) = (scratch.path().join("1-died.jsonl"), scratch.path().join("2-over.jsonl"));
    written(&path, &story::header(), &story::beginning());
    written(&ended, &story::header(), &story::envelopes());
    for path in [&path, &ended] {
        assert!(packed(path, Way::Pack, None).success);
    }
    assert_eq!(folder.list().unwrap(), [ended.clone(), path.clone()], "each once");
    let small = [&ended, &path].map(|path| {
        std::fs::remove_file(path).unwrap();
        PathBuf::from(format!("{}.zst", path.display()))
    });
    assert_eq!(folder.list().unwrap(), small);
    assert!(has_ended(&small[0]) && !has_ended(&small[1]));
    assert_eq!(folder.died().unwrap(), Vec::<PathBuf>::new());
    let bytes = std::fs::read(&small[1]).unwrap();
    let refused = FileRecording::reopen(&small[1]).map(drop).unwrap_err().to_string();
    assert!(refused.contains("gameday pack --unpack"), "{refused}");
    assert!(std::fs::read(&small[1]).unwrap() == bytes);
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

#[test]
fn frames_of_any_number_are_one_recording() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.zst");
    let bytes = std::fs::read(file("v1.jsonl")).unwrap();
    let skipped = [0x57, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let (one, other) = bytes.split_at(700);
    std::fs::write(&path, [&skipped, &zstd(one)[..], &skipped, &zstd(b""), &zstd(other)].concat())
        .unwrap();
    assert_eq!(read(&path).unwrap(), read(&file("v1.jsonl")).unwrap());
}

/// Cut anywhere, changed anywhere: what is read is what was written, or it is said that it is broken.
#[test]
fn what_is_broken_is_never_taken_for_whole() {
    let scratch = tempfile::tempdir().unwrap();
    let (plain, path) = (scratch.path().join("a.jsonl"), scratch.path().join("b.jsonl.zst"));
    std::fs::copy(file("v1.jsonl"), &plain).unwrap();
    assert!(packed(&plain, Way::Pack, Some(&path)).success);
    let (whole, good) = (std::fs::read(&path).unwrap(), read(&plain).unwrap());
    for end in (0..whole.len()).step_by(3) {
        std::fs::write(&path, &whole[..end]).unwrap();
        let error = read(&path).unwrap_err();
        match error {
            ReadError::Packed { .. } => {
                let said = error.to_string();
                assert!(said.contains("the file ends in the middle of it"), "{end}: {said}");
                assert!(said.contains("once more from where it came"), "{end}: {said}");
            }
            // Too short to show that it is packed.
            ReadError::Empty | ReadError::Foreign => assert!(end < 4, "cut at {end}"),
            other => panic!("cut at {end}: {other}"),
        }
    }
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x11;
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(read) = read(&path) {
            assert_eq!(read, good, "changed at {at}");
        }
    }
}

/// A bomb of zeros, by itself and behind a good beginning.
#[test]
fn a_bomb_is_defused() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("bomb.zst");
    let zeros = vec![0_u8; 1 << 20];
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    (0..1_000).for_each(|_| encoder.write_all(&zeros).unwrap());
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 200_000);
    std::fs::write(&path, &bomb).unwrap();
    let mut out = std::io::sink();
    let error = std::io::copy(&mut Input::open(&path).unwrap(), &mut out).unwrap_err();
    assert!(error.to_string().contains("more than 200 times its size"), "{error}");
    let mut first = [0; 10];
    assert_eq!(Input::open(&path).unwrap().read(&mut first).unwrap(), 10);

    let good = std::fs::read(file("v1.jsonl")).unwrap();
    std::fs::write(&path, [zstd(&good), bomb].concat()).unwrap();
    let said = verify(&path).notes;
    assert!(said.contains("line 14 is longer than 64 MB"), "{said}");
    // Lines that each are short enough; their hashes are not looked at before the bound is reached.
    let mut input = Reader::new(Input::open(&path).unwrap(), Trust::Anyway).unwrap();
    assert!(input.rest().is_err());
}

/// A frame that asks for a window larger than any recording needs gets no memory for it.
#[test]
fn a_window_without_measure_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("window.zst");
    // Magic, no content size, window 2^41, one raw block of nothing, the last.
    std::fs::write(&path, [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00]).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("it is packed (zstd) and cannot be unpacked"), "{error}");
}
