//! The exercises of a game day over time, against figures worked out by hand: the story, noticed sooner each time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gameday::cli::compare::Format;
use gameday::cli::history::{Asked, run};
use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::header::Header;
use gameday::exercise::id::{ImprovementId, IncidentId};
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::stamp::Stamp;
use gameday::gameday::defence::Defences;
use gameday::gameday::plan::Target;
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::report::history::model::{History, Measure};
use gameday::report::history::{Past, history, html, markdown};
use gameday::report::path::at;
use gameday::report::unit::Unit;
use gameday::report::words;
use proptest::prelude::*;
use roxmltree::Document;
use serde_json::Value;

use super::folded;
use super::hostile::{harmless, same_structure, tree, typed};
use super::page::{general, markup, walk, words as seen_words};
use crate::recording::{arbitrary, story, written};

const DAY: i64 = 86_400_000;

/// The story on another day; incidents 2 and 3 come so many seconds later.
fn exercise(day: i64, later: u64) -> (Header, Vec<Envelope>) {
    let mut header = story::header();
    header.began += day * DAY;
    header.exercise = format!("2026112{}T160500Z-story-1a2b", day + 2);
    let mut envelopes = story::envelopes();
    for one in &mut envelopes {
        if let Event::IncidentOpened { id, .. } | Event::IncidentMoved { id, .. } = &one.event
            && [IncidentId(2), IncidentId(3)].contains(id)
        {
            let at = one.stamp.elapsed + Span::from_secs(later);
            one.stamp = Stamp::new(at, one.stamp.wall + 1_000 * later as i64);
        }
    }
    envelopes.sort_by_key(|one| one.stamp.elapsed);
    for (nth, one) in envelopes.iter_mut().enumerate() {
        one.seq = nth as u64 + 1;
    }
    (header, envelopes)
}

/// Noticed 23, 17, 13 and 10 s after T0, in the median of two (the second stood still for up to 10 of them).
fn sooner() -> Vec<(Header, Vec<Envelope>)> {
    [18, 12, 6, 0].iter().zip(0..).map(|(later, day)| exercise(day, *later)).collect()
}

fn past((header, envelopes): (Header, Vec<Envelope>)) -> Past {
    let file = format!("{}.jsonl", header.exercise);
    Past::from_state(&folded(header, &envelopes), file, Vec::new())
}

fn of(all: Vec<(Header, Vec<Envelope>)>) -> History {
    history("story", all.into_iter().map(past).collect(), false)
}

fn measure<'a>(history: &'a History, what: &str) -> &'a Measure {
    history.measures.iter().find(|one| one.what == what).unwrap()
}

fn values(measure: &Measure) -> Vec<Option<f64>> {
    measure.values.iter().map(|one| one.value.map(|it| it.number())).collect()
}

fn outcome(envelopes: &mut [Envelope], now: Outcome) {
    for one in envelopes {
        if let Event::Ended { outcome, .. } | Event::ClosingStarted { outcome, .. } = &mut one.event
        {
            *outcome = now;
        }
    }
}

#[test]
fn a_response_that_becomes_faster_is_said_with_its_figures() {
    let mut all = sooner();
    // In whatever order they are found.
    all.reverse();
    let history = of(all);
    let began: Vec<i64> = history.exercises.iter().map(|one| one.began_ms).collect();
    assert!(began.is_sorted() && began.len() == 4, "{began:?}");
    let detect = measure(&history, "TTD-median");
    assert_eq!(values(detect), [23e3, 17e3, 13e3, 10e3].map(Some));
    assert_eq!((detect.values[0].of, detect.values[0].missing), (Some(2), Some(1)));
    // Slopes −6, −5, −4⅓, −4, −3½, −3 s.
    let slope = detect.trend.slope.unwrap();
    assert!((slope + (4_000.0 + 1_000.0 / 6.0)).abs() < 1e-6, "{slope}");
    assert!((detect.trend.by.unwrap() - 3.0 * slope).abs() < 1e-6);
    assert_eq!((detect.trend.answer, detect.trend.exercises), ("better", 4));
    assert_eq!(measure(&history, "TTD-mean").trend.answer, "better");
    for what in ["undetected", "violations", "objectives-met"] {
        let trend = measure(&history, what).trend;
        assert_eq!((trend.answer, trend.why), ("no trend", Some("noise")), "{what}");
    }
    assert_eq!(values(measure(&history, "undetected")), [Some(1.0); 4]);
    assert_eq!(values(measure(&history, "violations")), [Some(2.0); 4]);
    assert_eq!(history.exercises[0].in_effect, 3);
    let slower = of(vec![exercise(0, 0), exercise(1, 6), exercise(2, 12), exercise(3, 18)]);
    assert_eq!(measure(&slower, "TTD-median").trend.answer, "worse");
}

#[test]
fn too_few_exercises_show_nothing() {
    let mut all = sooner();
    all.truncate(3);
    let trend = measure(&of(all), "TTD-median").trend;
    assert_eq!((trend.answer, trend.slope, trend.exercises), ("too few", None, 3));
}

#[test]
fn what_cannot_be_compared_is_shown_and_not_counted() {
    let mut all = sooner();
    let mut odd = |day: i64, change: &dyn Fn(&mut Header, &mut Vec<Envelope>)| {
        let (mut header, mut envelopes) = exercise(day, 0);
        change(&mut header, &mut envelopes);
        header.exercise = format!("odd-{day}");
        header.began -= 20 * DAY;
        all.push((header, envelopes));
    };
    odd(1, &|_, envelopes| outcome(envelopes, Outcome::Halted));
    odd(2, &|_, envelopes| outcome(envelopes, Outcome::EndedEarly));
    odd(3, &|_, envelopes| drop(envelopes.pop()));
    odd(4, &|header, _| header.plan.target = Target::Lab);
    odd(5, &|header, _| header.plan.defences = Defences::fragile());
    odd(6, &|header, _| header.plan.phases[1].duration = Span::from_secs(60));
    odd(7, &|header, _| header.headless = true);
    odd(8, &|header, _| header.plan.phases[1].injections[1].name = "slow".to_owned());
    odd(9, &|_, envelopes| {
        let mut real = envelopes[40].clone();
        real.event = Event::RealIncidentDeclared { by: "Kim".into(), reason: "fire".into() };
        envelopes.insert(40, real);
    });
    odd(10, &|header, _| header.drill = false);
    odd(11, &|header, _| header.plan.name = "another".to_owned());
    let history = of(all);
    let why: Vec<_> = history.exercises.iter().map(|one| one.why).collect();
    let expected = [
        Some("ending"),
        Some("ending"),
        Some("ending"),
        Some("target"),
        Some("defences"),
        Some("length"),
        Some("attended"),
        Some("phases and injections"),
        Some("real incident"),
        None,
        None,
        None,
        None,
    ];
    assert_eq!(why, expected, "real incidents and other game days are not there at all");
    let trend = measure(&history, "TTD-median").trend;
    assert_eq!((trend.answer, trend.exercises), ("better", 4));
    let changed: Vec<&str> = history.exercises[5].changes.iter().map(|one| one.what).collect();
    assert_eq!(changed, ["length", "defences"], "from the exercise before");
    let text = markdown::render(&history, &Lang::new(Language::English));
    for words in
        ["Planned length: 3m00s → 2m00s", "no: other defences", "no: a real incident", "×××××××××"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn other_slos_are_no_trend_of_slos() {
    let mut all = sooner();
    all[0].0.plan.slos.pop();
    let history = of(all);
    assert_eq!(measure(&history, "violations").trend.exercises, 3);
    assert_eq!(measure(&history, "TTD-median").trend.exercises, 4);
}

/// An improvement that is written after the end.
fn improved(of: &mut (Header, Vec<Envelope>), id: u32, text: &str) {
    let last = of.1.last().unwrap().clone();
    let says = Proposal {
        category: Category::Detection,
        text: text.to_owned(),
        owner: None,
        due: None,
        evidence: Vec::new(),
    };
    let event = Event::ImprovementNoted {
        id: ImprovementId(id),
        says,
        team: "sre".to_owned(),
        author: "ada".to_owned(),
    };
    of.1.push(Envelope { seq: last.seq + 1, stamp: last.stamp, event });
}

#[test]
fn improvements_are_open_until_they_are_done_and_repeated_where_they_come_back() {
    let mut all = sooner();
    improved(&mut all[0], 1, "Alert on p99");
    improved(&mut all[0], 2, "Buy a mainframe");
    improved(&mut all[1], 1, "alert on  p99.");
    let done = all[0]
        .1
        .iter()
        .find(|one| matches!(&one.event, Event::ImprovementNoted { id, .. } if id.0 == 2));
    let (exercise, entry) = (all[0].0.exercise.clone(), done.unwrap().seq);
    let last = all[2].1.last().unwrap().clone();
    let event = Event::EarlierSettled { exercise, entry, done: true, by: "ada".to_owned() };
    all[2].1.push(Envelope { seq: last.seq + 1, stamp: last.stamp, event });
    let history = of(all);
    let counts = |what| values(measure(&history, what)).into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(counts("improvements-open"), [2.0, 2.0, 1.0, 1.0]);
    assert_eq!(counts("improvements-repeated"), [0.0, 1.0, 0.0, 0.0]);
    let written: Vec<usize> = history.exercises.iter().map(|one| one.improvements).collect();
    assert_eq!(written, [2, 1, 0, 0]);
}

/// Every shape of the JSON: changes, warnings, gaps.
fn everything() -> History {
    let mut all = sooner();
    all[1].0.plan.title = "Another".to_owned();
    outcome(&mut all[0].1, Outcome::Halted);
    let mut past: Vec<Past> = all.into_iter().map(past).collect();
    let (header, envelopes) = exercise(5, 0);
    let warnings = vec!["line 3 was changed".to_owned()];
    past.push(Past::from_state(&folded(header, &envelopes), "x.jsonl".to_owned(), warnings));
    history("story", past, false)
}

/// Every path that is documented, with its unit.
fn documented() -> BTreeMap<String, String> {
    let text = include_str!("../../docs/history-json.md");
    let rows = text.lines().filter(|line| line.starts_with("| `") && line.contains("` | "));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let paths = cells.filter(|cells| cells.len() == 5);
    paths.map(|cells| (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())).collect()
}

#[test]
fn every_path_is_documented_and_no_other() {
    let mut found = BTreeSet::new();
    walk(&serde_json::to_value(everything()).unwrap(), "", &mut found);
    let names: BTreeSet<String> = documented().into_keys().collect();
    assert_eq!(found, names);
}

#[test]
fn every_figure_stands_in_the_json_where_its_path_says() {
    let units = documented();
    let history = everything();
    let json = serde_json::to_value(&history).unwrap();
    for language in LANGUAGES {
        let lang = Lang::new(language);
        let page = html::render(&history, &lang);
        let document = Document::parse(markup(&page)).unwrap();
        let mut figures = 0;
        for figure in document.descendants().filter(|one| one.has_attribute("data-path")) {
            figures += 1;
            let path = figure.attribute("data-path").unwrap();
            let value = at(&json, path).unwrap_or_else(|| panic!("{path} is not in the JSON"));
            let shown = seen_words(figure);
            let wanted = match units[&general(path)].as_str() {
                "wall" => value.as_i64().map(words::date),
                "measured" => {
                    let unit = path.split_once(".values").unwrap().0.to_owned() + ".unit";
                    let unit = at(&json, &unit).unwrap().as_str().unwrap();
                    Unit::named(unit).unwrap().show(value, &lang)
                }
                "change" => {
                    let by = value.as_f64().unwrap();
                    assert_eq!(shown.starts_with('−'), by < 0.0, "{path}: {shown}");
                    continue;
                }
                // Our own words come in the language.
                "word" => continue,
                unit => Unit::named(unit).unwrap().show(value, &lang),
            };
            match wanted {
                Some(text) => assert_eq!(shown, text, "{path}"),
                None => assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{path}: {shown}"),
            }
        }
        assert!(figures > 150, "{figures}");
        assert!(!page.contains("<script") && page.contains("default-src 'none'"));
        let text = markdown::render(&history, &lang);
        for shown in [&page, &text] {
            for key in ["history-", "compare-", "report-"] {
                let bare = format!(" {key}");
                assert!(
                    !shown.contains(&bare) && !shown.contains(&format!(">{key}")),
                    "{key}: {shown}"
                );
            }
        }
    }
}

#[test]
fn the_chart_leaves_gaps_where_there_is_nothing_to_join() {
    let mut all = sooner();
    outcome(&mut all[1].1, Outcome::Halted);
    let page = html::render(&of(all), &Lang::new(Language::English));
    let document = Document::parse(markup(&page)).unwrap();
    let line = document.descendants().find(|one| {
        one.attribute("class") == Some("line main")
            && one.attribute("d").is_some_and(|d| d.matches(['M', 'L']).count() == 3)
    });
    let d = line.unwrap().attribute("d").unwrap();
    assert_eq!(d.matches(['M', 'L']).collect::<String>(), "MML", "the second is not counted");
    assert!(page.contains("TTD: 23.0s at first, 10.0s at last"), "{page}");
}

fn put(folder: &Path, of: &(Header, Vec<Envelope>)) {
    written(&folder.join(format!("{}.jsonl", of.0.exercise)), &of.0, &of.1);
}

#[test]
fn exercises_are_found_by_the_name_of_their_game_day() {
    let scratch = tempfile::tempdir().unwrap();
    let lang = Lang::new(Language::English);
    let ask = |name: &str, asked: Asked| run(name, scratch.path(), asked, &lang);
    let none = ask("story", Asked::default());
    assert!(!none.success && none.notes.contains("no recording of a drill"), "{}", none.notes);
    put(scratch.path(), &exercise(0, 18));
    let one = ask("story", Asked::default());
    assert!(one.success && one.notes.contains("nothing to see it beside"), "{}", one.notes);
    assert!(one.text.contains("too few exercises"), "{}", one.text);
    for day in 1..4 {
        put(scratch.path(), &exercise(day, 18 - 6 * day as u64));
    }
    let mut real = exercise(5, 0);
    real.0.drill = false;
    put(scratch.path(), &real);
    std::fs::write(scratch.path().join("junk\u{1b}[2J.jsonl"), "{ no").unwrap();
    let changed = scratch.path().join(format!("{}.jsonl", exercise(3, 0).0.exercise));
    let text = std::fs::read_to_string(&changed).unwrap().replace("A blip", "A blob");
    std::fs::write(&changed, text).unwrap();
    let said = ask("story", Asked { format: Format::Json, ..Asked::default() });
    assert!(said.success, "{}", said.notes);
    let lines: Vec<&str> = said.notes.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("junk")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("add --anyway")), "{lines:?}");
    assert!(!said.notes.contains('\u{1b}'));
    let json: Value = serde_json::from_str(&said.text).unwrap();
    assert_eq!(json["exercises"].as_array().unwrap().len(), 3);
    let anyway = ask("story", Asked { format: Format::Json, anyway: true, ..Asked::default() });
    let json: Value = serde_json::from_str(&anyway.text).unwrap();
    assert_eq!(json["exercises"].as_array().unwrap().len(), 4);
    assert!(json["exercises"][3]["warnings"][0].as_str().unwrap().contains("was changed"));
    let real = ask("story", Asked { real: true, format: Format::Json, anyway: false });
    let json: Value = serde_json::from_str(&real.text).unwrap();
    assert_eq!((json["exercises"].as_array().unwrap().len(), &json["real"]), (1, &true.into()));
    let near = ask("stroy", Asked::default());
    assert!(!near.success && near.notes.contains("did you mean \"story\"?"), "{}", near.notes);
}

#[test]
fn real_incidents_are_offered_where_there_are_no_drills() {
    let scratch = tempfile::tempdir().unwrap();
    let mut real = exercise(5, 0);
    real.0.drill = false;
    put(scratch.path(), &real);
    let lang = Lang::new(Language::English);
    let said = run("story", scratch.path(), Asked::default(), &lang);
    assert!(
        !said.success && said.notes.contains("1 real incidents of it: add --real"),
        "{}",
        said.notes
    );
}

/// A history with `raw` wherever people write.
fn said_by(raw: &str) -> History {
    let mut all = sooner();
    all[1].0.plan.title = raw.to_owned();
    all[1].0.program = format!("p{raw}");
    let mut past: Vec<Past> = all.into_iter().map(past).collect();
    let (header, envelopes) = exercise(5, 0);
    past.push(Past::from_state(&folded(header, &envelopes), raw.to_owned(), vec![raw.to_owned()]));
    history("story", past, false)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn text_never_changes_the_structure(raw in typed()) {
        let lang = Lang::new(Language::English);
        let (plain, hostile) = (said_by("words"), said_by(&raw));
        let drawn = |one: &History| (html::render(one, &lang), markdown::render(one, &lang));
        same_structure(&drawn(&plain), &drawn(&hostile), &raw);
    }

    #[test]
    fn any_events_have_a_history(envelopes in arbitrary::envelopes(40)) {
        let lang = Lang::new(Language::Japanese);
        let history = of(vec![(story::header(), envelopes), exercise(1, 0)]);
        harmless(&markdown::render(&history, &lang));
        tree(markup(&html::render(&history, &lang)));
    }
}
