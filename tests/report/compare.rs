//! Exercises side by side, against figures worked out by hand: the story, and variants of it.

use std::collections::{BTreeMap, BTreeSet};

use gameday::cli::compare::{Format, run};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::incident::IncidentStatus;
use gameday::gameday::text::is_plain;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::report::compare::model::{Align, Comparison, Figure, Row};
use gameday::report::compare::side::Side;
use gameday::report::compare::{compare, html, markdown, shown};
use gameday::report::path::at;
use gameday::report::seen::seen;
use gameday::report::unit::Unit;
use gameday::report::words;
use proptest::prelude::*;
use roxmltree::{Document, Node};
use serde_json::Value;

use super::folded;
use super::hostile::{harmless, same_structure, tree, typed};
use super::page::{general, markup, walk, words as seen_words};
use crate::recording::{arbitrary, story, written};

pub fn side(header: Header, envelopes: &[Envelope]) -> Side {
    Side::from_state(&folded(header, envelopes), "a.jsonl".to_owned(), Vec::new())
}

pub fn first() -> Side {
    side(story::header(), &story::envelopes())
}

/// Nothing failed, the third injection was noticed 20 s after T0, and the second has another name.
pub fn better() -> (Header, Vec<Envelope>) {
    let mut header = story::header();
    header.seed = 7;
    header.plan.phases[1].injections[1].name = "slow-database".to_owned();
    let mut envelopes = story::envelopes();
    envelopes.retain(|one| {
        !matches!(one.event, Event::SloBreached { slo: 0, .. } | Event::SloRecovered { slo: 0, .. })
    });
    for (nth, envelope) in envelopes.iter_mut().enumerate() {
        envelope.seq = nth as u64 + 1;
        match &mut envelope.event {
            Event::Sampled(sample) => {
                sample.ok += sample.errors.server;
                sample.errors.server = 0;
            }
            Event::IncidentMoved { to, .. } if *to == IncidentStatus::FalseAlarm => {
                *to = IncidentStatus::Resolved;
            }
            _ => {}
        }
    }
    (header, envelopes)
}

/// Half the load in the second phase, and one phase of another name.
pub fn lighter() -> (Header, Vec<Envelope>) {
    let mut header = story::header();
    header.plan.phases[0].name = "warm-up".to_owned();
    let mut envelopes = story::envelopes();
    for envelope in &mut envelopes {
        if let Event::Sampled(sample) = &mut envelope.event
            && sample.attempted == 1_000
        {
            sample.attempted = 500;
            sample.planned = 500.0;
            sample.lag_p99_us = 60_000;
            sample.ok = 500 - sample.errors.server;
        }
    }
    (header, envelopes)
}

/// The better one, with everything from 120 s on 20 s later.
pub fn late() -> Side {
    let (header, mut envelopes) = better();
    for envelope in envelopes.iter_mut().filter(|one| one.stamp.elapsed.as_millis() >= 120_000) {
        let later = gameday::gameday::span::Span::from_secs(20);
        envelope.stamp.elapsed += later;
        if let Event::InjectionActive { t0, .. } = &mut envelope.event {
            t0.elapsed += later;
        }
    }
    side(header, &envelopes)
}

fn both(align: Align) -> Comparison {
    let (header, envelopes) = better();
    compare(&[first(), side(header, &envelopes)], align)
}

fn row<'a>(
    all: &'a Comparison,
    group: &str,
    of: Option<&str>,
    team: Option<&str>,
    what: &str,
) -> &'a Row {
    let group = all.groups.iter().find(|one| one.group == group).unwrap();
    let mut rows = group
        .rows
        .iter()
        .filter(|row| row.of.as_deref() == of && row.team.as_deref() == team && row.what == what);
    rows.next().unwrap_or_else(|| panic!("{of:?} {team:?} {what}"))
}

fn lengths(row: &Row) -> Vec<Option<u64>> {
    let whole = |value: Option<Figure>| value.map(|it| it.number() as u64);
    row.cells.iter().map(|cell| whole(cell.value)).collect()
}

#[test]
fn what_became_better_is_said_with_its_figures() {
    let all = both(Align::Injections);
    let answer = |group, of, what| row(&all, group, of, None, what).changes[0].answer;
    let breach = row(&all, "slos", Some("availability"), None, "in-breach");
    assert_eq!(lengths(breach), [Some(18_000), Some(0)], "92 to 110");
    assert_eq!(
        (breach.changes[0].answer, breach.changes[0].by),
        ("better", Some(Figure::Signed(-18_000)))
    );
    let worst = row(&all, "slos", Some("availability"), None, "worst");
    assert_eq!((worst.cells[1].word, worst.changes[0].answer), (Some("kept"), "better"));
    assert_eq!(worst.cells[0].value, Some(Figure::Real(0.95)), "50 of 1,000 a second");
    let availability = row(&all, "customers", None, None, "availability");
    assert_eq!(availability.cells[0].value, Some(Figure::Real(146_500.0 / 147_000.0)));
    assert_eq!(availability.cells[0].requests, Some(147_000));
    assert_eq!(availability.changes[0].answer, "better");
    assert_eq!(answer("customers", None, "latency-p99"), "same");
    assert_eq!(answer("injections", Some("network-chaos"), "detection"), "better");
    let detect = row(&all, "injections", Some("network-chaos"), None, "TTD");
    assert_eq!(lengths(detect), [None, Some(20_000)], "195 to 215");
    assert_eq!(detect.cells[0].word, Some("not detected"));
    assert_eq!(detect.changes[0].why, Some("no value"), "nobody was faster than nobody");
    // 10 and 10 against 10, 10 and 20: longer by less than 5 s.
    let mean = row(&all, "teams", None, None, "TTD-mean");
    assert_eq!(lengths(mean), [Some(10_000), Some(13_333)]);
    assert_eq!(mean.changes[0].answer, "same");
    for what in ["undetected", "false-alarms"] {
        let counts = row(&all, "teams", None, None, what);
        assert_eq!(lengths(counts), [Some(1), Some(0)], "{what}");
        assert_eq!(counts.changes[0].answer, "better");
    }
    let sre = row(&all, "team times", Some("network-chaos"), Some("sre"), "TTD");
    assert_eq!(lengths(sre), [None, Some(20_000)]);
    let kept = "Maintain 99.9% availability";
    assert_eq!(answer("objectives", Some(kept), "objective"), "better");
    assert!(all.warnings.is_empty(), "{:?}", all.warnings);
    let differences: Vec<&str> = all.differences.iter().map(|one| one.what).collect();
    assert_eq!(differences, ["plan", "seed", "phases and injections"]);
    assert_eq!(all.differences[1].values, ["42", "7"]);
}

#[test]
fn an_injection_with_another_name_is_known_by_what_it_does() {
    let all = both(Align::Injections);
    let took = row(&all, "injections", Some("database-slowdown"), None, "recovery-time");
    assert_eq!(lengths(took), [Some(41_000), Some(41_000)]);
    let injections = all.groups.iter().find(|one| one.group == "injections").unwrap();
    assert!(injections.rows.iter().all(|row| row.of.as_deref() != Some("slow-database")));
}

#[test]
fn other_loads_are_not_compared_and_what_only_one_has_is_said() {
    let (header, envelopes) = lighter();
    let all = compare(&[first(), side(header, &envelopes)], Align::Phases);
    let warned: Vec<&str> = all.warnings.iter().map(|one| one.what).collect();
    assert_eq!(warned, ["lag", "load"]);
    let change = row(&all, "customers", None, None, "availability").changes[0];
    assert_eq!((change.answer, change.why), ("not comparable", Some("load")));
    // What people did does not hang on it.
    assert_eq!(row(&all, "teams", None, None, "TTR-median").changes[0].answer, "same");
    for (phase, there) in [("normal", [true, false]), ("warm-up", [false, true])] {
        let row = row(&all, "phases", Some(phase), None, "availability");
        assert_eq!([row.cells[0].there, row.cells[1].there], there, "{phase}");
        assert_eq!(row.changes[0].why, Some("only in one"));
    }
}

#[test]
fn charts_lay_injections_above_each_other() {
    let late = late();
    for (align, wanted) in
        [(Align::Injections, [120_000, 120_000]), (Align::Wall, [120_000, 140_000])]
    {
        let all = compare(&[first(), late.clone()], align);
        let mark = all.chart.marks.iter().find(|one| one.name == "database-slowdown").unwrap();
        assert_eq!(mark.at_ms, wanted.map(Some), "{align:?}: T0 130, the first phase from 10");
    }
}

/// Every documented path with its unit.
fn documented() -> BTreeMap<String, String> {
    let text = include_str!("../../docs/compare-json.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
    })
    .collect()
}

#[test]
fn every_path_is_documented_and_no_other() {
    let (header, envelopes) = lighter();
    let mut found = BTreeSet::new();
    let all = compare(&[first(), side(header, &envelopes)], Align::Injections);
    walk(&serde_json::to_value(all).unwrap(), "", &mut found);
    let names: BTreeSet<String> = documented().into_keys().collect();
    assert_eq!(found, names);
}

#[test]
fn every_figure_stands_in_the_json_where_its_path_says() {
    let units = documented();
    let (header, envelopes) = lighter();
    let all = compare(&[first(), side(header, &envelopes)], Align::Injections);
    let json = serde_json::to_value(&all).unwrap();
    for language in LANGUAGES {
        let lang = Lang::new(language);
        let page = html::render(&all, &lang);
        let document = Document::parse(markup(&page)).unwrap();
        let figures: Vec<Node<'_, '_>> =
            document.descendants().filter(|one| one.has_attribute("data-path")).collect();
        assert!(figures.len() > 300, "{}", figures.len());
        for figure in figures {
            let path = figure.attribute("data-path").unwrap();
            let value = at(&json, path).unwrap_or_else(|| panic!("{path} is not in the JSON"));
            let unit = &units[&general(path)];
            let wanted = match unit.as_str() {
                "wall" => value.as_i64().map(words::date),
                "measured" | "change" => {
                    let (row, _) = path.rsplit_once("].").unwrap().0.rsplit_once('.').unwrap();
                    let unit = at(&json, &format!("{row}.unit")).unwrap().as_str().unwrap();
                    let size = value.as_f64().map(|it| {
                        if unit == "length" {
                            Value::from(it.abs() as u64)
                        } else {
                            it.abs().into()
                        }
                    });
                    size.and_then(|size| Unit::named(unit).unwrap().show(&size, &lang))
                }
                unit => Unit::named(unit).unwrap().show(value, &lang),
            };
            let shown = seen_words(figure);
            match wanted {
                Some(text) if unit == "change" => {
                    let text = text.trim_end_matches('%');
                    assert!(shown.contains(text), "{path}: {shown}, {text}");
                    let by = value.as_f64().unwrap();
                    assert_eq!(shown.starts_with('−'), by < 0.0, "{path}: {shown}");
                }
                Some(text) => {
                    let text = seen(&text).split_whitespace().collect::<Vec<_>>().join(" ");
                    // Our own words come in the language.
                    let word = matches!(&*text, "yes" | "no" | "none" | "no end");
                    assert!(shown == text || word, "{path}: {shown}, {text}");
                }
                None => assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{path}: {shown}"),
            }
        }
        assert!(!page.contains("<script") && page.contains("default-src 'none'"));
        // No text is a key.
        assert!(
            !markdown::render(&all, &lang).contains("compare-"),
            "{}",
            markdown::render(&all, &lang)
        );
        assert!(!page.contains(">compare-") && !page.contains(" compare-"));
    }
}

#[test]
fn the_whole_is_as_reviewed_in_both_languages() {
    let all = both(Align::Injections);
    for (name, language) in
        [("compare.md", Language::English), ("compare-ja.md", Language::Japanese)]
    {
        insta::with_settings!({
            snapshot_path => ".",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, markdown::render(&all, &Lang::new(language)));
        });
    }
}

#[test]
fn recordings_are_found_by_file_and_by_name_and_problems_are_all_said() {
    let scratch = tempfile::tempdir().unwrap();
    let put = |name: &str, header: &Header, envelopes: &[Envelope]| {
        let path = scratch.path().join(format!("{name}.jsonl"));
        written(&path, header, envelopes);
        path.display().to_string()
    };
    let a = put("20261122-one", &story::header(), &story::envelopes());
    let (header, envelopes) = better();
    put("20261123-two", &header, &envelopes);
    let lang = Lang::new(Language::English);
    let ask = |names: &[&str], format| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        run(&names, scratch.path(), Align::Injections, format, &lang, false)
    };
    let said = ask(&[&a, "two"], Format::Markdown);
    assert!(said.success && said.text.starts_with("# Exercises compared"), "{}", said.notes);
    let json: Value =
        serde_json::from_str(&ask(&["20261122-one", "two"], Format::Json).text).unwrap();
    assert_eq!(json["exercises"][1]["letter"], "B");
    for (names, why) in [
        (&["one", "tow"][..], "there is no recording \"tow\""),
        (&["202611", "two"], "\"202611\" is a part of several: 20261123-two, 20261122-one"),
        (&["one"], "two recordings or more"),
        (&["one", "one", "one", "one", "one"], "at most 4 do"),
        (&["./gone.jsonl", "two"], "gone.jsonl: cannot read it"),
    ] {
        let said = ask(names, Format::Markdown);
        assert!(!said.success && said.notes.contains(why), "{names:?}: {}", said.notes);
    }
}

/// A comparison with `raw` wherever people write.
fn said_by(raw: &str) -> Comparison {
    let (mut header, mut envelopes) = better();
    header.plan.title = raw.to_owned();
    header.plan.hypothesis = Some(raw.to_owned());
    header.plan.objectives[6].title = raw.to_owned();
    for envelope in &mut envelopes {
        match &mut envelope.event {
            Event::ObjectiveScored { reason, .. } => raw.clone_into(reason),
            Event::Ended { why, .. } => *why = raw.into(),
            _ => {}
        }
    }
    compare(&[first(), side(header, &envelopes)], Align::Injections)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn text_never_changes_the_structure(raw in typed()) {
        let lang = Lang::new(Language::English);
        let (plain, hostile) = (said_by("words"), said_by(&raw));
        let drawn = |one: &Comparison| (html::render(one, &lang), markdown::render(one, &lang));
        same_structure(&drawn(&plain), &drawn(&hostile), &raw);
    }

    #[test]
    fn any_events_can_be_compared(envelopes in arbitrary::envelopes(40)) {
        let lang = Lang::new(Language::Japanese);
        let all = compare(&[side(story::header(), &envelopes), first()], Align::Phases);
        harmless(&markdown::render(&all, &lang));
        let page = html::render(&all, &lang);
        tree(markup(&page));
        prop_assert!(!page.chars().any(|c| c != '\n' && !is_plain(c)));
    }
}

#[test]
fn every_answer_has_a_sign_of_its_own() {
    let signs: BTreeSet<&str> =
        ["better", "worse", "same", "different", "not comparable"].map(shown::sign).into();
    assert_eq!(signs.len(), 5);
}
