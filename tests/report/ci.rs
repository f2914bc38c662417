//! The result for CI: every case with what came of it, worked out by hand.

use gameday::report::junit;
use gameday::report::model::Report;
use roxmltree::{Document, Node};

use super::folded;
use crate::recording::story;

fn report() -> Report {
    Report::from_state(&folded(story::header(), &story::envelopes()))
}

/// What came of a case.
fn came(case: Node<'_, '_>) -> String {
    let what = case.children().find(Node::is_element).unwrap();
    match what.tag_name().name() {
        "failure" => {
            format!("failure: {}: {}", what.attribute("type").unwrap(), what.text().unwrap())
        }
        "skipped" => format!("skipped: {}", what.attribute("message").unwrap()),
        _ => format!("passed: {}", what.text().unwrap_or_default()),
    }
}

#[test]
fn objectives_the_steady_state_undoing_and_recovery_are_cases() {
    let xml = junit::render(&report());
    let document = Document::parse(&xml).unwrap();
    let suites: Vec<_> =
        document.descendants().filter(|one| one.has_tag_name("testsuite")).collect();
    let [suite] = suites[..] else { panic!("one suite for the exercise") };
    assert_eq!(suite.attribute("name"), Some("Black Friday <b>"));
    assert_eq!(suite.attribute("timestamp"), Some("2026-11-22T16:05:00"));
    assert_eq!(suite.attribute("time"), Some("225.000"));
    let counts =
        ["tests", "failures", "errors", "skipped"].map(|name| suite.attribute(name).unwrap());
    assert_eq!(counts, ["17", "2", "0", "1"]);
    let cases: Vec<(String, String, String)> = suite
        .children()
        .filter(|one| one.has_tag_name("testcase"))
        .map(|case| {
            let of = |name: &str| case.attribute(name).unwrap().to_owned();
            (format!("{} {}", of("classname"), of("name")), of("time"), came(case))
        })
        .collect();
    for (name, time, wanted) in [
        (
            "story.objectives Maintain 99.9% availability",
            "0.000",
            "failure: not met: availability 99.659% over the whole exercise (146,500 of 147,000); wanted >= 99.9%",
        ),
        (
            "story.objectives The status page was honest",
            "0.000",
            "skipped: left to the facilitator, who has not said",
        ),
        (
            "story.objectives Everyone | knew *whom* to call",
            "0.000",
            "passed: scored met by facilitator: seen it",
        ),
        (
            "story.steady-state steady state before",
            "0.000",
            "passed: availability 100% (>= 99%): holds; latency_p99 20.0ms (<= 100ms): holds",
        ),
        ("story.revert pod-failure is undone", "24.500", "passed: web-app-1 is as before"),
        (
            "story.recovery the steady state recovers from database-slowdown",
            "41.000",
            "passed: recovered",
        ),
        (
            "story.recovery the steady state recovers from network-chaos",
            "0.000",
            "passed: never left the steady state",
        ),
        (
            "story.exercise the exercise runs to its end",
            "225.000",
            "passed: completed: every phase ran",
        ),
    ] {
        let found = cases.iter().find(|(case, ..)| case == name);
        let (_, took, came) = found.unwrap_or_else(|| panic!("no case {name}"));
        assert_eq!((&**took, &**came), (time, wanted), "{name}");
    }
}

#[test]
fn what_is_left_in_the_target_fails() {
    // The recording stops while the first fault is in effect.
    let mut envelopes = story::envelopes();
    envelopes.retain(|one| one.stamp.elapsed.as_millis() < 112_000);
    let report = Report::from_state(&folded(story::header(), &envelopes));
    let xml = junit::render(&report);
    let document = Document::parse(&xml).unwrap();
    let failed: Vec<String> = document
        .descendants()
        .filter(|one| one.has_tag_name("failure"))
        .map(|one| one.parent().unwrap().attribute("name").unwrap().to_owned())
        .collect();
    for name in ["pod-failure is undone", "the exercise runs to its end"] {
        assert!(failed.iter().any(|one| one == name), "{name}: {failed:?}");
    }
    let skipped = document.descendants().filter(|one| one.has_tag_name("skipped")).count();
    assert!(skipped >= 4, "what never took effect is neither: {xml}");
}
