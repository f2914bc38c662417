//! Files that say what is to be watched: good ones with what they mean, those of which something is left out, and wrong ones,
//! both with the words of their messages. And a file that is written reads back.

use std::fmt::Write as _;

use gameday::gameday::problem::Problems;
use gameday::gameday::problem::show::render;
use gameday::gameday::read::inspect_watch;
use gameday::gameday::service::{Service, Share, promql};
use gameday::gameday::span::Span;
use gameday::gameday::unit::Unit;
use gameday::gameday::watch::{Inspected, PanelFile, WatchFile};
use gameday::gameday::write;
use proptest::prelude::*;

use super::bad::{compare_with, files};

fn told(watch: &WatchFile) -> String {
    let mut out = format!("{:?}, each {:?}\n", watch.title, watch.every.map(promql));
    for panel in &watch.panels {
        let PanelFile { name, title, group, query, unit, min, max } = panel;
        writeln!(out, "\npanel {name} ({title}) of {group:?} in {unit:?}, {min:?} to {max:?}")
            .unwrap();
        writeln!(out, "  {query}").unwrap();
    }
    for service in &watch.services {
        let Service { name, title, objective, period, .. } = service;
        writeln!(out, "\npromise {name} ({title}): {objective} over {}", promql(*period)).unwrap();
        writeln!(out, "  {}", service.share_over(Span::from_secs(3_600))).unwrap();
    }
    out
}

fn watched(text: &str) -> (Option<WatchFile>, Problems) {
    let (found, problems) = inspect_watch("file.yaml", text);
    let watch = found.map(|found| match found {
        Inspected::Watch(watch) => watch,
        Inspected::GameDay(plan) => panic!("a game day: {plan:?}"),
    });
    (watch, problems)
}

#[test]
fn good_files_mean_what_they_say() {
    let files = files("watch/good");
    assert!(files.len() >= 5);
    for (path, text) in files {
        let (watch, problems) = watched(&text);
        assert!(problems.is_empty(), "{}", render(&problems, &text, &path.display().to_string()));
        insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), told(&watch.unwrap()));
    }
}

#[test]
fn what_cannot_be_watched_is_left_out_with_its_reason() {
    compare_with("watch/warned", 6, true, |text| {
        let (found, problems) = inspect_watch("file.yaml", text);
        (found.is_some(), problems)
    });
    for (path, text) in files("watch/warned") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        insta::assert_snapshot!(format!("warned_{name}"), told(&watched(&text).0.unwrap()));
    }
}

#[test]
fn wrong_files_are_refused_with_all_that_is_wrong() {
    compare_with("watch/bad", 12, false, |text| {
        let (found, problems) = inspect_watch("file.yaml", text);
        (found.is_some(), problems)
    });
}

#[test]
fn a_game_day_is_told_from_what_is_to_be_watched() {
    let path = format!("{}/gamedays/black-friday.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let (found, problems) = inspect_watch("black-friday.yaml", &text);
    let Some(Inspected::GameDay(plan)) = found else { panic!("{found:?} {problems:?}") };
    assert_eq!((plan.name.as_str(), plan.slos.len()), ("black-friday", 2));
}

#[test]
fn files_made_to_hurt_are_refused_at_once() {
    let keys: String = (0..9_000).map(|number| format!("key{number}: 1\n")).collect();
    let inner: String = (0..9_000).map(|number| format!("  key{number}: 1\n")).collect();
    let deep = "(".repeat(9_000);
    let begin = std::time::Instant::now();
    for text in [
        keys.clone(),
        format!("watch: v1\n{keys}"),
        format!("version: prometheus/v1\nservice: x\nslos: []\n{keys}"),
        format!("apiVersion: openslo/v1\nkind: SLO\nmetadata: {{ name: x }}\nspec:\n{inner}"),
        format!("watch: v1\npanels: [{{ name: a, query: '{deep}' }}]\n"),
        "---\na: 1\n".repeat(6_000),
        "watch: v1\n---\n".repeat(6_000),
    ] {
        let (found, problems) = inspect_watch("x.yaml", &text);
        assert!(found.is_none(), "{}…", &text[..30]);
        // However much is doubtful, what is wrong is told.
        assert!(problems.is_fatal() && problems.iter().len() <= 200, "{}…", &text[..30]);
    }
    assert!(begin.elapsed().as_secs() < 10, "took {:?}", begin.elapsed());
}

fn words() -> impl Strategy<Value = String> {
    "[a-z日][ -~日本]{0,20}[a-z0-9日]"
}

fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_:]{1,12}",
        Just("sum(rate(x{a=\"\\\"b\\\\\", c=~'#'}[5m])) # why\n / 3".to_owned()),
        Just("a\n  + on ()\n\tgroup_left () b{x=`\\`}".to_owned()),
        Just("null".to_owned()),
        Just("- 1".to_owned()),
    ]
}

/// A query of a promise.
fn windowed() -> impl Strategy<Value = String> {
    query().prop_map(|query| format!("rate(y[{{window}}]) + {query}"))
}

fn share() -> impl Strategy<Value = Share> {
    prop_oneof![
        (windowed(), windowed()).prop_map(|(bad, all)| Share::Events { bad, all }),
        (windowed(), windowed()).prop_map(|(good, all)| Share::Good { good, all }),
        windowed().prop_map(Share::Ratio),
    ]
}

fn panel() -> impl Strategy<Value = PanelFile> {
    let unit = prop_oneof![
        Just(Unit::Share),
        Just(Unit::Millis),
        Just(Unit::PerSecond),
        Just(Unit::Count)
    ];
    let group = prop_oneof![Just(String::new()), words()];
    let limit = || proptest::option::of(0.0..1.0_f64);
    let limits = (limit(), limit(), proptest::bool::ANY);
    (words(), group, query(), unit, limits).prop_map(|(title, group, query, unit, limits)| {
        let (one, other, wide) = limits;
        let size = if wide && unit != Unit::Share { 12_345.0 } else { 1.0 };
        let (min, max) = match (one, other) {
            (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
            both => both,
        };
        let (min, max) = (min.map(|it| it * size), max.map(|it| it * size));
        PanelFile { name: String::new(), title, group, query, unit, min, max }
    })
}

fn service() -> impl Strategy<Value = Service> {
    let period = (60_u64..366 * 24 * 60).prop_map(|minutes| Span::from_secs(minutes * 60));
    (words(), 0.000_001..0.999_999_f64, period, share()).prop_map(
        |(title, objective, period, share)| {
            let objective = (objective * 1e6).round() / 1e6;
            Service { name: String::new(), title, objective, period, share }
        },
    )
}

fn watch() -> impl Strategy<Value = WatchFile> {
    let panels = proptest::collection::vec(panel(), 0..4);
    let services = proptest::collection::vec(service(), 0..4);
    let every = proptest::option::of((1_u64..3_600).prop_map(Span::from_secs));
    (proptest::option::of(words()), every, panels, services).prop_map(
        |(title, every, mut panels, mut services)| {
            for (number, panel) in panels.iter_mut().enumerate() {
                panel.name = format!("p{number}");
            }
            for (number, service) in services.iter_mut().enumerate() {
                service.name = format!("s-{number}");
            }
            WatchFile { title, every, panels, services }
        },
    )
}

/// Blanks in titles are one.
fn tidy(mut watch: WatchFile) -> WatchFile {
    let tidy = |text: &mut String| *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    watch.title.iter_mut().for_each(tidy);
    for panel in &mut watch.panels {
        tidy(&mut panel.title);
        tidy(&mut panel.group);
    }
    watch.services.iter_mut().for_each(|service| tidy(&mut service.title));
    watch
}

fn scraps() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("watch: v1\n"),
        Just("panels:\n"),
        Just("slos:\n"),
        Just("  - "),
        Just("name: a\n"),
        Just("    objective: 99.9%\n"),
        Just("    ratio: x[{window}]\n"),
        Just("---\n"),
        Just("apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: x }\nspec:\n"),
        Just(
            "  indicator: { spec: { ratioMetric: { bad: { metricSource: { spec: 'sum(x)' } } } } }\n"
        ),
        Just("  objectives: [{ target: 0.9 }]\n"),
        Just("version: prometheus/v1\nservice: s\n"),
        Just("    sli: { raw: { error_ratio_query: 'x{{.window' } }\n"),
        Just("\u{1b}"),
        Just("(["),
        Just("'"),
    ];
    proptest::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_written_watch_reads_back(watch in watch()) {
        prop_assume!(!watch.is_empty());
        let watch = tidy(watch);
        let text = write::watch(&watch);
        let (back, problems) = watched(&text);
        prop_assert!(problems.is_empty(), "{}\n{text}", render(&problems, &text, "x.yaml"));
        prop_assert_eq!(back, Some(watch), "{}", text);
    }

    #[test]
    fn any_text_is_watched_or_refused(text in prop_oneof![scraps(), "\\PC{0,200}", "[ -~\n\t]{0,300}"]) {
        let (found, problems) = inspect_watch("any.yaml", &text);
        prop_assert!(found.is_some() != problems.is_fatal());
        let shown = render(&problems, &text, "any.yaml");
        prop_assert_eq!(shown.is_empty(), problems.is_empty());
        prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
    }
}
