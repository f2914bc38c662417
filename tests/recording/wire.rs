//! Events as lines: what goes out comes back.

use std::collections::BTreeSet;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::log::EntryKind;
use gameday::exercise::wire::{KINDS, decode, encode, kind_of};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::arbitrary;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn what_is_written_is_read_again(envelope in arbitrary::envelope()) {
        let line = encode(&envelope).unwrap();
        prop_assert!(!line.contains('\n'));
        let back = decode(&line).unwrap();
        prop_assert_eq!(&back, &envelope);
        prop_assert_eq!(encode(&back).unwrap(), line);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = decode(&text);
    }

    /// A byte changed, taken out or put in: an event or an error, never a panic, and an event writes down again.
    #[test]
    fn no_change_makes_the_reader_panic(
        envelope in arbitrary::envelope(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        how in 0..3,
    ) {
        let mut bytes = encode(&envelope).unwrap().into_bytes();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        if let Ok(changed) = decode(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(encode(&changed).is_ok(), "{changed:?}");
        }
    }
}

/// A line of a kind that only a later version knows is kept as a note; nothing else about it is guessed.
#[test]
fn a_line_of_a_later_kind_is_a_note() {
    let of = |kind: &str| {
        let data =
            format!(r#"{{"team":"sre","author":"ada","text":"x","kind":{kind},"incident":null}}"#);
        decode(&format!(r#"{{"seq":1,"t":0,"at":0,"type":"logged","data":{data}}}"#))
    };
    for known in gameday::exercise::log::KINDS {
        let Event::Logged { kind, .. } = of(&format!("{:?}", known.name())).unwrap().event else {
            panic!("{known:?}")
        };
        assert_eq!(kind, known);
    }
    let Event::Logged { kind, text, .. } = of("\"from-tomorrow\"").unwrap().event else { panic!() };
    assert_eq!((kind, text.as_str()), (EntryKind::Note, "x"));
    assert!(of("7").is_err());
}

/// The strategy makes every kind, so that the property above means what it says.
#[test]
fn every_kind_is_tried() {
    let mut runner = TestRunner::deterministic();
    let strategy = arbitrary::envelope();
    let mut seen = BTreeSet::new();
    for _ in 0..3_000 {
        let envelope: Envelope = strategy.new_tree(&mut runner).unwrap().current();
        seen.insert(kind_of(&envelope.event));
    }
    let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !seen.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(seen.iter().any(|kind| kind.starts_with("later-")));
}
