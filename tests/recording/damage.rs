//! Any bytes at all: an answer, never a panic.

use std::io::{BufReader, Read};

use gameday::recording::file::FileRecording;
use gameday::recording::read::{LONGEST_LINE, ReadError, Reader, Recorded, Trust, read};
use proptest::prelude::*;

use super::{arbitrary, story, written};

fn parsed(bytes: &[u8], trust: Trust) -> Result<Recorded, ReadError> {
    Reader::new(bytes, trust)?.collect()
}

fn bytes_of(most: usize) -> impl Strategy<Value = Vec<u8>> {
    arbitrary::envelopes(most).prop_map(|envelopes| {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("a.jsonl");
        written(&path, &story::header(), &envelopes);
        std::fs::read(path).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn whatever_was_written_is_read(envelopes in arbitrary::envelopes(20)) {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("a.jsonl");
        written(&path, &story::header(), &envelopes);
        let recorded = read(&path).unwrap();
        prop_assert_eq!(recorded.header, story::header());
        prop_assert_eq!(recorded.envelopes, envelopes);
        prop_assert!(recorded.warnings.is_empty());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parsed(&bytes, Trust::Anyway);
        let opened = [br#"{"gameday_recording":"#.as_slice(), &bytes].concat();
        let _ = parsed(&opened, Trust::Anyway);
    }

    /// Some bytes changed, a stretch taken out or doubled: a careful reader never takes it for what was written.
    #[test]
    fn a_mutated_recording_is_noticed(
        bytes in bytes_of(8),
        from in any::<prop::sample::Index>(),
        length in 1..40_usize,
        how in 0..3,
        byte in any::<u8>(),
    ) {
        let from = from.index(bytes.len());
        let to = (from + length).min(bytes.len());
        let mut mutated = bytes.clone();
        match how {
            0 => mutated[from] = byte,
            1 => drop(mutated.drain(from..to)),
            _ => mutated.splice(from..from, bytes[from..to].to_vec()).for_each(drop),
        }
        let original = parsed(&bytes, Trust::Strict).unwrap();
        let _ = parsed(&mutated, Trust::Anyway);
        if let Ok(read) = parsed(&mutated, Trust::Strict) {
            // What may go unseen is a loss at the very end.
            prop_assert!(original.envelopes.starts_with(&read.envelopes));
        }
    }
}

/// A program killed in the middle of writing, at every byte of the last line.
#[test]
fn a_torn_last_line_costs_only_that_line() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    let envelopes = story::beginning();
    written(&path, &story::header(), &envelopes);
    let bytes = std::fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let (kept, lost) = envelopes.split_at(envelopes.len() - 1);

    for end in last..bytes.len() {
        let recorded = parsed(&bytes[..end], Trust::Strict).unwrap();
        assert_eq!(recorded.envelopes, kept, "cut at {end}");
        assert_eq!(recorded.warnings.len(), usize::from(end > last), "cut at {end}");
    }
    for end in [last, last + 1, (last + bytes.len()) / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..end]).unwrap();
        let (mut recording, recorded) = FileRecording::reopen(&path).unwrap();
        assert_eq!(recorded.envelopes, kept);
        assert_eq!(recorded.warnings.len(), usize::from(end > last));
        gameday::port::recording::Recording::append(&mut recording, lost).unwrap();
        drop(recording);
        assert!(std::fs::read(&path).unwrap() == bytes, "mended to the same bytes");
    }
}

#[test]
fn a_line_without_end_and_deep_nesting_are_refused() {
    let header = {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("a.jsonl");
        written(&path, &story::header(), &[]);
        std::fs::read(path).unwrap()
    };
    let endless = header.as_slice().chain(std::io::repeat(b'x').take(LONGEST_LINE as u64 + 10));
    let mut reader = Reader::new(BufReader::new(endless), Trust::Anyway).unwrap();
    assert_eq!(reader.next_event(), Err(ReadError::TooLong(2)));

    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let line = format!("{{\"seq\":1,\"t\":0,\"at\":0,\"type\":\"x\",\"data\":{deep}}}\n");
    let error = parsed(&[header, line.into_bytes()].concat(), Trust::Anyway).unwrap_err();
    assert!(error.to_string().contains("line 2 is damaged: not JSON: recursion limit"), "{error}");
}
