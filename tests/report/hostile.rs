//! Text from outside, and recordings that make no sense: a report all the same, and harmless.

use gameday::exercise::event::Event;
use gameday::gameday::text::is_plain;
use gameday::report::model::Report;
use gameday::report::{json, markdown};
use proptest::prelude::*;
use pulldown_cmark::{Event as Seen, Options, Parser};

use super::folded;
use crate::recording::{arbitrary, story};

fn harmless(markdown: &str) {
    let bad = markdown.chars().find(|c| *c != '\n' && !is_plain(*c));
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
        prop_assert!(!text.chars().any(|c| c != '\n' && !is_plain(c)));
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, serde_json::to_value(&report).unwrap());
    }

    /// Whatever people type, a Markdown reader sees the same headings, tables, rows and marks as for plain words.
    #[test]
    fn text_never_changes_the_structure(raw in typed()) {
        let plain = marks(&markdown::render(&report_with("words")));
        prop_assert_eq!(marks(&markdown::render(&report_with(&raw))), plain);
    }
}

/// Text rich in what means something to Markdown, HTML and terminals.
fn typed() -> impl Strategy<Value = String> {
    let hostile =
        r"[ab1 .:/|`*_~<>()\[\]{}\\#+=!&;$\-\n\r\t\x00\x1b\x9b\u{202e}\u{2028}店👩]{0,16}";
    let known = [
        "<script>alert(1)</script>",
        "<!-- gone",
        "&lt;b&gt;",
        "[x](javascript:y)",
        "![x][y]",
        "[^1]: note",
        "| a | b |",
        "\\| a",
        "\\",
        "a\\",
        "```",
        "~~~",
        "---",
        "***",
        "===",
        "# h",
        "- l",
        "1) l",
        "> q",
        "    code",
        "<http://a.test>",
        "*a* _b_ **c** __d__",
        "`a",
        "a`",
        "\n\n# h",
        "- [ ] task",
        ": d",
    ];
    prop_oneof![hostile, proptest::sample::select(known.to_vec()).prop_map(str::to_owned)]
}

/// A report with `raw` wherever people write.
fn report_with(raw: &str) -> Report {
    let mut header = story::header();
    let plan = &mut header.plan;
    plan.title = raw.to_owned();
    plan.hypothesis = Some(raw.to_owned());
    plan.objectives[6].title = raw.to_owned();
    plan.phases[1].injections[0].expect = Some(raw.to_owned());
    let mut envelopes = story::envelopes();
    envelopes.retain(|envelope| !matches!(envelope.event, Event::Sampled(_)));
    for envelope in &mut envelopes {
        match &mut envelope.event {
            Event::Held { reason: text, .. }
            | Event::IncidentOpened { title: text, .. }
            | Event::Logged { text, .. }
            | Event::InjectionActive { evidence: text, .. }
            | Event::Reverted { evidence: text, .. }
            | Event::ObjectiveScored { reason: text, .. }
            | Event::Ended { why: text, .. } => raw.clone_into(text),
            _ => {}
        }
    }
    // Nothing at all would leave marks out ("no evidence"), which is right.
    Report::from_state(&folded(header, &envelopes))
}

/// Everything a Markdown reader sees but the words.
fn marks(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::all())
        .filter(|event| !matches!(event, Seen::Text(_)))
        .map(|event| format!("{event:?}"))
        .collect()
}
