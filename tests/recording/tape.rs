//! A recorded exercise, looked at after any of its events.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::mark::{MarkKind, mark};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::span::Span;
use gameday::port::tape::Tape;
use gameday::recording::pack::{Way, pack};
use gameday::recording::read::{ReadError, Trust};
use gameday::recording::tape::RecordedTape;

use super::{long, story, written};

fn opened(path: &Path) -> RecordedTape {
    RecordedTape::open(path, Trust::Strict).unwrap()
}

fn recorded(header: &Header, envelopes: &[Envelope]) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("a.jsonl");
    written(&path, header, envelopes);
    (scratch, path)
}

/// The state after each event, folded from the beginning.
fn states(header: &Header, envelopes: &[Envelope]) -> Vec<State> {
    let mut state = State::new(Arc::new(header.clone()));
    let mut all = vec![state.clone()];
    for envelope in envelopes {
        apply(&mut state, envelope);
        all.push(state.clone());
    }
    all
}

#[test]
fn every_state_is_the_one_that_the_live_screen_had() {
    let (header, envelopes) = (story::header(), story::envelopes());
    let (_scratch, path) = recorded(&header, &envelopes);
    let live = states(&header, &envelopes);
    let mut tape = opened(&path);
    // Nothing more is asked of the file.
    std::fs::remove_file(&path).unwrap();
    let last = envelopes.len() as u64;
    assert_eq!((tape.last(), tape.header().as_ref()), (last, &header));
    let mut look = |seq: u64| {
        assert!(tape.state(seq).unwrap() == live[seq as usize], "the state after event {seq}");
    };
    (0..=last).for_each(&mut look);
    (0..=last).rev().for_each(&mut look);
    (0..=last).for_each(|seq| look(seq * 97 % (last + 1)));
    for envelope in &envelopes {
        assert_eq!(tape.event(envelope.seq).unwrap().as_deref(), Some(envelope));
        assert_eq!(tape.stamp(envelope.seq), envelope.stamp);
    }
    assert_eq!(tape.stamp(0), Stamp::new(Span::ZERO, header.began));
    assert_eq!(tape.event(0).unwrap(), None);
    assert_eq!(tape.event(last + 1).unwrap(), None);
    assert!(tape.state(last + 1).unwrap_err().0.contains("the last is"));
    assert!(tape.warnings().is_empty());
    let marks: Vec<_> = envelopes.iter().filter_map(mark).collect();
    assert_eq!(tape.marks(), marks);
    for kind in [MarkKind::Phase, MarkKind::Injection, MarkKind::Incident, MarkKind::Breach] {
        assert!(marks.iter().any(|mark| mark.kind == kind), "{kind:?}");
    }
}

/// Several kept states lie on the way, and what was measured is shared with the whole.
#[test]
fn anywhere_in_a_long_exercise() {
    const SECONDS: u64 = 900;
    let (header, envelopes) = (long::header(SECONDS), long::envelopes(SECONDS));
    let (_scratch, path) = recorded(&header, &envelopes);
    let packed = pack(&path, Way::Pack, None).unwrap().path;
    for mut tape in [opened(&path), opened(&packed)] {
        let last = tape.last();
        assert_eq!(last, envelopes.len() as u64);
        let whole = tape.state(last).unwrap();
        for seq in [last / 2, 0, 1, 511, 512, 513, last, 1_023, 1_024, 700, 701, 702, last - 1] {
            let state = tape.state(seq).unwrap();
            let expected =
                gameday::exercise::fold::folded(header.clone(), &envelopes[..seq as usize]);
            assert!(state == expected, "the state after event {seq}");
            let (ours, all) = (state.series.points(), whole.series.points());
            assert!(ours.is_empty() || std::ptr::eq(&raw const ours[0], &raw const all[0]));
        }
        for second in [0, 1, 2, 300, SECONDS, SECONDS + 60] {
            let elapsed = Span::from_secs(second);
            let before = envelopes.iter().take_while(|one| one.stamp.elapsed <= elapsed).count();
            assert_eq!(tape.at(elapsed), before as u64, "second {second}");
        }
    }
}

#[test]
fn what_is_looked_at_can_go_another_way_without_harm() {
    let (header, envelopes) = (long::header(60), long::envelopes(60));
    let (_scratch, path) = recorded(&header, &envelopes);
    let mut tape = opened(&path);
    let (last, half) = (tape.last(), tape.last() / 2);
    let (mut other, whole) = (tape.state(half).unwrap(), tape.state(last).unwrap());
    let sampled = |one: &&Envelope| matches!(one.event, Event::Sampled(_));
    apply(&mut other, envelopes.iter().find(sampled).unwrap());
    assert!(tape.state(last).unwrap() == whole);
    let before = tape.state(half).unwrap().series.points().len();
    assert_eq!(other.series.points().len(), before + 1);
    assert_eq!(other.series.points()[before].sample.start, Span::ZERO, "what came there");
}

#[test]
fn changed_lines_are_never_shown_silently() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recording/files/changed.jsonl");
    let refused = RecordedTape::open(&path, Trust::Strict).map(drop);
    assert_eq!(refused, Err(ReadError::Changed(6)));
    let tape = RecordedTape::open(&path, Trust::Anyway).unwrap();
    assert!(tape.warnings()[0].starts_with("line 6 was changed"), "{:?}", tape.warnings());
    let torn = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recording/files/torn.jsonl");
    let tape = opened(&torn);
    assert!(tape.warnings()[0].starts_with("line 13 was never finished"), "{:?}", tape.warnings());
}

#[test]
fn a_time_that_goes_back_is_said_and_breaks_nothing() {
    let times = [1_000, 5_000, 3_000, 4_000, 6_000];
    let envelopes: Vec<_> = times
        .into_iter()
        .enumerate()
        .map(|(at, millis)| Envelope {
            seq: at as u64 + 1,
            stamp: Stamp::new(Span::from_millis(millis), 0),
            event: Event::LoadStopped,
        })
        .collect();
    let (_scratch, path) = recorded(&story::header(), &envelopes);
    let mut tape = opened(&path);
    assert!(tape.warnings()[0].starts_with("line 4: time goes back"), "{:?}", tape.warnings());
    let at = |millis| tape.at(Span::from_millis(millis));
    assert_eq!([0, 1_000, 4_000, 5_000, 6_000].map(at), [0, 1, 1, 4, 5]);
    assert_eq!(tape.state(3).unwrap().seq, 3);
}
