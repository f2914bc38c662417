//! Text from outside, and recordings that make no sense: a report all the same, and harmless.

use gameday::exercise::event::Event;
use gameday::gameday::text::is_plain;
use gameday::lang::Language;
use gameday::report::model::Report;
use gameday::report::{html, json, junit, markdown};
use proptest::prelude::*;
use pulldown_cmark::{Event as Seen, Options, Parser};

use roxmltree::Document;

use super::page::markup;
use super::{english, folded};
use crate::recording::{arbitrary, story};

pub(super) fn harmless(markdown: &str) {
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn any_events_make_a_harmless_report(envelopes in arbitrary::envelopes(40)) {
        let report = Report::from_state(&folded(story::header(), &envelopes));
        harmless(&markdown::render(&report, &english()));
        let text = json::render(&report);
        prop_assert!(!text.chars().any(|c| c != '\n' && !is_plain(c)));
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, serde_json::to_value(&report).unwrap());
    }

    #[test]
    fn any_events_make_a_page_and_a_harmless_result_for_ci(envelopes in arbitrary::envelopes(40)) {
        let report = Report::from_state(&folded(story::header(), &envelopes));
        let page = html::render(&report, Language::English).unwrap();
        tree(markup(&page));
        prop_assert!(!page.chars().any(|c| c != '\n' && !is_plain(c)));
        let xml = junit::render(&report);
        prop_assert_eq!(cases(&xml), report.objectives.len() + report.steady.len() + 2 * report.injections.len() + 1);
        prop_assert!(!xml.chars().any(|c| c != '\n' && !is_plain(c)));
    }

    /// Whatever people type, a page and a result for CI have the same elements and attributes as for plain words.
    #[test]
    fn text_never_changes_the_structure_of_markup(raw in typed()) {
        let page = |raw: &str| html::render(&report_with(raw), Language::English).unwrap();
        prop_assert!(tree(markup(&page(&raw))) == tree(markup(&page("words"))), "{raw:?}");
        let xml = |raw: &str| junit::render(&report_with(raw));
        prop_assert!(tree(&xml(&raw)) == tree(&xml("words")), "{raw:?}");
    }

    /// Whatever people type, a Markdown reader sees the same headings, tables, rows and marks as for plain words.
    #[test]
    fn text_never_changes_the_structure(raw in typed()) {
        let plain = marks(&markdown::render(&report_with("words"), &english()));
        prop_assert_eq!(marks(&markdown::render(&report_with(&raw), &english())), plain);
    }
}

/// Text rich in what means something to Markdown, HTML and terminals.
pub(super) fn typed() -> impl Strategy<Value = String> {
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
            Event::IncidentOpened { title: text, .. }
            | Event::Logged { text, .. }
            | Event::ObjectiveScored { reason: text, .. } => raw.clone_into(text),
            Event::Held { reason: text, .. }
            | Event::InjectionActive { evidence: text, .. }
            | Event::Reverted { evidence: text, .. }
            | Event::Ended { why: text, .. } => *text = raw.into(),
            _ => {}
        }
    }
    // Nothing at all would leave marks out ("no evidence"), which is right.
    Report::from_state(&folded(header, &envelopes))
}

/// A page and its Markdown have the same structure, whatever people write; each as `(page, markdown)`.
pub(super) fn same_structure(plain: &(String, String), hostile: &(String, String), raw: &str) {
    assert!(tree(markup(&hostile.0)) == tree(markup(&plain.0)), "{raw:?}");
    assert_eq!(marks(&hostile.1), marks(&plain.1));
    harmless(&hostile.1);
}

/// Everything a Markdown reader sees but the words.
pub(super) fn marks(markdown: &str) -> Vec<String> {
    Parser::new_ext(markdown, Options::all())
        .filter(|event| !matches!(event, Seen::Text(_)))
        .map(|event| format!("{event:?}"))
        .collect()
}

/// Every element with its attributes, but for what they say.
pub(super) fn tree(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap_or_else(|why| panic!("{why}\n{xml}"));
    let elements = document.descendants().filter(|one| one.is_element());
    elements
        .map(|one| {
            let names: Vec<&str> = one.attributes().map(|attribute| attribute.name()).collect();
            format!("{} {}", one.tag_name().name(), names.join(" "))
        })
        .collect()
}

/// How many cases a result for CI has, all of them counted by their suite.
fn cases(xml: &str) -> usize {
    let document = Document::parse(xml).unwrap_or_else(|why| panic!("{why}\n{xml}"));
    let named = |name: &'static str| {
        document.descendants().filter(move |one| one.has_tag_name(name)).count()
    };
    let suite = document.descendants().find(|one| one.has_tag_name("testsuite")).unwrap();
    let says = |name: &str| suite.attribute(name).unwrap().parse::<usize>().unwrap();
    assert_eq!(says("tests"), named("testcase"));
    assert_eq!(says("failures"), named("failure"));
    assert_eq!(says("skipped"), named("skipped"));
    named("testcase")
}
