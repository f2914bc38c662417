//! Text from outside, and recordings that make no sense: a report all the same, and harmless.

use gameday::exercise::event::Event;
use gameday::report::model::Report;
use gameday::report::words::is_unsafe;
use gameday::report::{json, markdown};
use proptest::prelude::*;

use super::folded;
use crate::recording::{arbitrary, story};

fn harmless(markdown: &str) {
    let bad = markdown.chars().find(|c| *c != '\n' && is_unsafe(*c));
    assert_eq!(bad, None, "a character that could harm a terminal");
    // Every row of a table has as many cells as its head.
    let mut cells = None;
    for line in markdown.lines() {
        let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        if line.starts_with('|') {
            assert_eq!(*cells.get_or_insert(bars), bars, "{line}");
        } else {
            cells = None;
        }
        let tag =
            line.split('<').skip(1).find(|rest| !rest.starts_with('=') && !rest.starts_with(' '));
        assert_eq!(tag, None, "{line}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_events_make_a_harmless_report(envelopes in arbitrary::envelopes(40)) {
        let report = Report::from_state(&folded(story::header(), &envelopes));
        harmless(&markdown::render(&report));
        let text = json::render(&report);
        prop_assert!(!text.chars().any(|c| c != '\n' && is_unsafe(c)));
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, serde_json::to_value(&report).unwrap());
    }

    #[test]
    fn a_line_of_the_log_shows_as_it_was_typed_and_nothing_else(raw in any::<String>()) {
        let mut envelopes = story::beginning();
        for envelope in &mut envelopes {
            if let Event::Held { reason, .. } = &mut envelope.event {
                reason.clone_from(&raw);
            }
        }
        harmless(&markdown::render(&Report::from_state(&folded(story::header(), &envelopes))));
    }
}
