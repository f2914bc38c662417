//! Files made to hurt are refused at once, and no text at all brings the reader down.

use std::fmt::Write;
use std::time::{Duration, Instant};

use gameday::gameday::problem::show::render;
use gameday::gameday::read::{inspect, read};
use proptest::prelude::*;

/// Reads it three times and takes the best: other work on the machine is not the reader's.
fn refused(text: &str, words: &str) {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        let problems = read(text, "bomb.yaml").unwrap_err();
        best = best.min(begin.elapsed());
        let first = problems.first().unwrap();
        assert!(first.what.contains(words), "{}", first.what);
        assert!(render(&problems, text, "bomb.yaml").contains("bomb.yaml:"));
    }
    assert!(best < Duration::from_secs(2), "took {best:?}");
}

#[test]
fn alias_bombs_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", vec![below; 9].join(", ")).unwrap();
    }
    refused(&text, "beyond 20000 values");
}

#[test]
fn nested_anchors_are_counted_too() {
    let mut text = String::from("a: ");
    for level in 0..99 {
        write!(text, "&x{level} [").unwrap();
    }
    text.push_str(&"x,".repeat(10_000));
    text.push_str(&"]".repeat(99));
    refused(&text, "beyond 20000 values");
}

#[test]
fn ten_megabytes_are_refused() {
    let text = "- { name: one, duration: 10m, load: { rps: 1000 } }\n".repeat(200_000);
    assert!(text.len() > 10_000_000);
    refused(&text, "more than 1000000");
}

#[test]
fn a_thousand_levels_are_refused() {
    refused(&"[".repeat(1_000), "nested deeper than 100");
    refused(&"{a: ".repeat(1_000), "nested deeper than 100");
    let block: String =
        (0..1_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    refused(&block, "nested deeper than 100");
    refused(&"- ".repeat(1_000), "nested deeper than 100");
    refused(
        &format!(
            "objectives: [{{ title: a, measure: {} }}]\nphases: [{{ name: a, duration: 1s }}]",
            "(".repeat(900)
        ),
        "nested deeper",
    );
}

fn sentences() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("phases:\n"),
        Just("  - "),
        Just("name: "),
        Just("duration: 10m\n"),
        Just("load: { rps: 5 }\n"),
        Just("chaos: [{ time: +5m, experiment: "),
        Just("{ type: pod-failure, target: { selector: { app: web-app } } }"),
        Just("objectives: [ a, { title: b, measure: "),
        Just("availability >= 99.9%"),
        Just("}]\n"),
        Just("&a "),
        Just("*a"),
        Just("'"),
        Just("\""),
        Just("|\n"),
        Just("注文\u{1b}"),
        Just("\t"),
        Just("stages: "),
        Just("type: "),
        Just("slos: { availability: { min: "),
        Just("people: [{ name: "),
        Just("role: "),
        Just("deck: [{ name: "),
        Just("response: { detect: "),
        Just("expect: { what: "),
        Just("measure: "),
        Just("hints: [{ text: "),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![sentences(), "\\PC{0,200}", "[ -~\n\t]{0,300}"]) {
        let (plan, problems) = inspect(&text, "any.yaml");
        prop_assert!(plan.is_some() != problems.is_fatal());
        let shown = render(&problems, &text, "any.yaml");
        prop_assert_eq!(shown.is_empty(), problems.is_empty());
    }
}

#[test]
fn many_keys_and_many_faults_take_no_time_either() {
    let keys: String = (0..9_000).map(|number| format!("key{number}: 1\n")).collect();
    let begin = Instant::now();
    assert_eq!(read(&keys, "keys.yaml").unwrap_err().iter().len(), 100);
    let fault = "{ time: +1s, experiment: { type: database-slowdown, latency: 1, duration: 1s } }";
    let faults = vec![fault; 1_500].join(", ");
    let text = format!("phases: [{{ name: one, duration: 1h, chaos: [{faults}] }}]\n");
    assert!(read(&text, "faults.yaml").unwrap_err().first().unwrap().what.contains("still active"));
    assert!(begin.elapsed() < Duration::from_secs(2), "took {:?}", begin.elapsed());
}
