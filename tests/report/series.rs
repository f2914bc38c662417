//! What was measured, exported: read back, it is what the state has; gaps stay gaps.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use gameday::cli::export::{Asked, Format, run};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::reading::Reading;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::metric::Metric;
use gameday::gameday::span::Span;
use gameday::gameday::text::is_plain;
use gameday::lang::{Lang, Language};
use gameday::report::export::{log, series};
use gameday::report::model::Report;
use proptest::prelude::*;

use super::folded;
use super::hostile::{harmless, marks, typed};
use crate::recording::{arbitrary, story, written};

/// The story with instruments; seconds 50 to 54 were not measured, in second 60 nobody asked for anything, and the
/// instruments were read a little later than customers felt.
fn envelopes() -> Vec<Envelope> {
    let mut envelopes = story::envelopes();
    envelopes.retain(|one| {
        !matches!(&one.event, Event::Sampled(sample)
            if (50..55).contains(&(sample.start.as_millis() / 1_000)))
    });
    for one in &mut envelopes {
        if let Event::Sampled(sample) = &mut one.event
            && sample.start == Span::from_secs(60)
        {
            (sample.attempted, sample.ok, sample.planned) = (0, 0, 0.0);
            sample.latency = Default::default();
        }
    }
    let last = envelopes.pop().unwrap();
    for second in [10, 20, 52] {
        let mut values = BTreeMap::from([(Instrument::ReplicaLag, 1_500.0)]);
        if second == 10 {
            values.insert(Instrument::CacheHits, 3.0);
            values.insert(Instrument::CacheMisses, 1.0);
        }
        let start = Span::from_millis(second * 1_000 + 120);
        let reading = Reading { start, length: Span::from_secs(1), values, ..Reading::default() };
        envelopes.push(Envelope { seq: 0, stamp: last.stamp, event: Event::Observed(reading) });
    }
    envelopes.push(last);
    for (nth, one) in envelopes.iter_mut().enumerate() {
        one.seq = nth as u64 + 1;
    }
    envelopes
}

fn state() -> State {
    folded(story::header(), &envelopes())
}

/// The rows of the table by the second they begin in, each by its heads.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| heads.iter().zip(row.iter()).map(|(a, b)| (a.into(), b.into())).collect())
        .collect()
}

fn number(text: &str) -> Option<f64> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// Whether two figures are the same but for what nobody measures.
fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 5e-7,
        (a, b) => a == b,
    }
}

#[test]
fn no_figure_has_more_digits_than_were_measured() {
    let mut envelopes = envelopes();
    for (nth, one) in envelopes.iter_mut().enumerate() {
        if let Event::Sampled(sample) = &mut one.event {
            // What a load generator's sums look like.
            sample.planned += 2.8e-13 * nth as f64;
            sample.errors.server = 1;
        }
    }
    let state = folded(story::header(), &envelopes);
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let rows = rows(&series::table(&state).unwrap());
    assert!(rows.iter().any(|row| row["planned_requests"] == "100"));
    for row in &rows {
        for (name, cell) in row.iter().filter(|(name, _)| !["time", "phase"].contains(&&***name)) {
            assert!(decimals(cell) <= 6, "{name}: {cell}");
        }
    }
    for line in series::openmetrics(&state).lines().filter(|line| !line.starts_with('#')) {
        let value = line.rsplit(' ').nth(1).unwrap();
        assert!(decimals(value) <= if line.contains("_seconds{") { 9 } else { 6 }, "{line}");
    }
}

#[test]
fn the_table_is_what_the_state_has() {
    let state = state();
    let text = series::table(&state).unwrap();
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let rows = rows(&text);
    let points = state.series.points();
    // One more for the second that only the instruments know.
    assert_eq!(rows.len(), points.len() + 1);
    let mut felt = rows.iter().filter(|row| !row["attempted_requests"].is_empty());
    for point in points {
        let row = felt.next().unwrap();
        assert_eq!(number(&row["elapsed_seconds"]), Some(point.sample.start.as_secs_f64()));
        let sample = &point.sample;
        for (name, value) in [
            ("planned_requests", sample.planned),
            ("attempted_requests", sample.attempted as f64),
            ("dropped_requests", sample.dropped as f64),
            ("ok_requests", sample.ok as f64),
            ("failed_requests_5xx", sample.errors.server as f64),
            ("in_flight_requests", sample.in_flight as f64),
            ("generator_lag_p99_us", sample.lag_p99_us as f64),
        ] {
            assert!(near(number(&row[name]), Some(value)), "{name}");
        }
        for (name, metric) in [
            ("availability_ratio", Metric::Availability),
            ("error_rate_ratio", Metric::ErrorRate),
            ("throughput_per_second", Metric::Throughput),
            ("latency_mean_ms", Metric::LatencyMean),
            ("latency_p50_ms", Metric::Latency(500)),
            ("latency_p99_ms", Metric::Latency(990)),
            ("latency_p999_ms", Metric::Latency(999)),
        ] {
            assert!(near(number(&row[name]), point.value(metric)), "{name}");
        }
    }
    let at = |second: &str| rows.iter().find(|row| row["elapsed_seconds"] == second).unwrap();
    let quiet = at("60");
    assert_eq!((&*quiet["attempted_requests"], &*quiet["availability_ratio"]), ("0", ""));
    assert_eq!(quiet["latency_p99_ms"], "");
    assert!(rows.iter().all(|row| row["elapsed_seconds"] != "51"), "nothing was measured then");
    // The instruments' second stands where most of it lies.
    let ten = at("10");
    assert_eq!((&*ten["cache_hit_rate_ratio"], &*ten["cache_hits"]), ("0.75", "3"));
    assert_eq!((&*at("20")["cache_hits"], &*at("20")["replica_lag_ms"]), ("", "1500"));
    let alone = at("52.12");
    assert_eq!((&*alone["replica_lag_ms"], &*alone["ok_requests"]), ("1500", ""));
}

#[test]
fn every_second_has_the_time_of_day_the_exercise_clock_and_its_phase() {
    let text = series::table(&state()).unwrap();
    let rows = rows(&text);
    let at = |second: &str| {
        let row = rows.iter().find(|row| row["elapsed_seconds"] == second).unwrap();
        (row["time"].clone(), row["exercise_clock_seconds"].clone(), row["phase"].clone())
    };
    let of = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(at("0"), of("2026-11-22T16:05:00.000Z", "", ""));
    assert_eq!(at("10"), of("2026-11-22T16:05:10.000Z", "0", "normal"));
    // Held from 30 to 40, and from 140 to 160.
    assert_eq!(at("35"), of("2026-11-22T16:05:35.000Z", "20", "normal"));
    assert_eq!(at("80"), of("2026-11-22T16:06:20.000Z", "60", "peak"));
    assert_eq!(at("200"), of("2026-11-22T16:08:20.000Z", "160", "peak"));
    assert_eq!(at("223").2, "");
}

/// A sample: its labels, value and time.
type Sample = (BTreeMap<String, String>, f64, f64);

/// Reads OpenMetrics text by the letter of its grammar: families one after the other, each once, metadata before samples,
/// series not interleaved, times rising, the end at the end.
fn parsed(text: &str) -> BTreeMap<String, Vec<Sample>> {
    let body = text.strip_suffix("# EOF\n").expect("no end");
    assert!(!body.contains("# EOF"));
    let mut families: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
    let mut family = String::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut last: Option<(String, f64)> = None;
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let mut words = rest.splitn(3, ' ');
            let (what, name, value) =
                (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            match what {
                "TYPE" => {
                    assert!(families.insert(name.to_owned(), Vec::new()).is_none(), "{name} twice");
                    assert_eq!(value, "gauge");
                    name.clone_into(&mut family);
                    last = None;
                }
                "UNIT" => assert!(name == family && name.ends_with(&format!("_{value}")), "{line}"),
                "HELP" => assert!(name == family && !value.is_empty(), "{line}"),
                other => panic!("{other}"),
            }
            continue;
        }
        let (name, rest) = line.split_once('{').unwrap();
        assert_eq!(name, family);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.starts_with("gameday_") && name.chars().all(plain), "{name}");
        let (labels, rest) = labels(rest);
        let (value, at) = rest.strip_prefix(' ').unwrap().split_once(' ').unwrap();
        let (value, at): (f64, f64) = (value.parse().unwrap(), at.parse().unwrap());
        assert!(value.is_finite(), "{line}");
        let key = format!("{name} {labels:?}");
        match &last {
            Some((same, before)) if *same == key => assert!(at > *before, "{line}"),
            _ => assert!(done.insert(key.clone()), "{key} is interleaved"),
        }
        last = Some((key, at));
        families.get_mut(name).unwrap().push((labels, value, at));
    }
    assert!(families.values().all(|samples| !samples.is_empty()));
    families
}

/// Labels up to the brace that ends them, and what follows.
fn labels(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut labels = BTreeMap::new();
    loop {
        let (name, after) = rest.split_once("=\"").unwrap();
        let (mut value, mut chars, mut end) = (String::new(), after.char_indices(), None);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = Some(at);
                    break;
                }
                '\\' => match chars.next().unwrap().1 {
                    'n' => value.push('\n'),
                    escaped @ ('\\' | '"') => value.push(escaped),
                    other => panic!("\\{other}"),
                },
                '\n' => panic!("a line ends in a label"),
                c => value.push(c),
            }
        }
        assert!(labels.insert(name.to_owned(), value).is_none(), "{name} twice");
        rest = &after[end.unwrap() + 1..];
        if let Some(after) = rest.strip_prefix('}') {
            return (labels, after);
        }
        rest = rest.strip_prefix(',').unwrap();
    }
}

#[test]
fn openmetrics_is_what_the_state_has_in_base_units() {
    let state = state();
    let families = parsed(&series::openmetrics(&state));
    let points = state.series.points();
    let of = |family: &str, label: &str, value: &str| -> Vec<(f64, f64)> {
        let samples = families[family].iter();
        let ours = samples.filter(|one| label.is_empty() || one.0[label] == value);
        ours.map(|(_, value, at)| (*value, *at)).collect()
    };
    let at = |start: Span| (story::BEGAN as f64 + start.as_millis() as f64) / 1_000.0;
    let wanted = |metric: Metric, divisor: f64| -> Vec<(f64, f64)> {
        let found = points.iter().filter_map(|one| Some((one.value(metric)?, one.sample.start)));
        found.map(|(value, start)| (value / divisor, at(start))).collect()
    };
    let same = |found: &[(f64, f64)], wanted: &[(f64, f64)]| {
        let each = found.iter().zip(wanted);
        found.len() == wanted.len()
            && each.into_iter().all(|(a, b)| near(Some(a.0), Some(b.0)) && a.1 == b.1)
    };
    let availability = of("gameday_availability_ratio", "", "");
    assert!(same(&availability, &wanted(Metric::Availability, 1.0)));
    assert_eq!(availability.len(), points.len() - 1, "no sample where nobody asked");
    let p99 = of("gameday_latency_seconds", "percentile", "99");
    assert!(same(&p99, &wanted(Metric::Latency(990), 1_000.0)));
    assert_eq!(of("gameday_ok_requests", "", "").len(), points.len());
    let failed = of("gameday_failed_requests", "kind", "5xx");
    assert_eq!(failed.iter().map(|one| one.0).sum::<f64>(), 500.0);
    let lag = of("gameday_generator_lag_seconds", "percentile", "50");
    assert!(lag.iter().all(|one| one.0 == 0.000_04), "40 µs");
    assert_eq!(of("gameday_replica_lag_seconds", "", "").len(), 3);
    assert!(!families.contains_key("gameday_queue_depth_events"), "nobody read it");
    let labels = &families["gameday_availability_ratio"][0].0;
    assert_eq!(labels["exercise"], "20261122T160500Z-story-1a2b");
    assert_eq!((&*labels["gameday"], &*labels["drill"]), ("story", "true"));
}

/// Prometheus' own tool takes the text, and finds nothing to say of the names. Its `check metrics` reads the older text form
/// alone, which has no such times: it gets the first sample of each series without one.
#[test]
fn promtool_takes_it() {
    if std::process::Command::new("promtool").arg("--version").output().is_err() {
        // Not by the macro: what that prints is shown only of tests that fail.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "LOUD: SKIPPED: no promtool (Debian: apt install prometheus)").unwrap();
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let text = series::openmetrics(&state());
    let file = scratch.path().join("series.txt");
    std::fs::write(&file, &text).unwrap();
    let blocks = std::process::Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .args([&file, &scratch.path().join("blocks")])
        .output()
        .unwrap();
    assert!(blocks.status.success(), "{blocks:?}");
    let series: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once("} ").unwrap().0)
        .collect();
    let said = String::from_utf8_lossy(&blocks.stdout).into_owned();
    assert!(said.split_whitespace().any(|word| word == series.len().to_string()), "{said}");

    let mut seen = BTreeSet::new();
    let mut older = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# UNIT") && *line != "# EOF") {
        match line.rsplit_once("} ") {
            None => older += &format!("{line}\n"),
            Some((name, rest)) if seen.insert(name) => {
                older += &format!("{name}}} {}\n", rest.split_once(' ').unwrap().0);
            }
            Some(_) => {}
        }
    }
    let mut check = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(older.as_bytes()).unwrap();
    let checked = check.wait_with_output().unwrap();
    assert!(checked.status.success(), "{checked:?}\n{older}");
}

#[test]
fn a_recording_without_figures_says_so_and_is_empty() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("story.jsonl");
    written(&path, &story::header(), &story::beginning());
    let ask = |format| run(&path, &Asked { format, ..Asked::default() });
    let table = ask(Format::Series);
    assert!(table.success && table.notes.contains("nothing was measured"), "{table:?}");
    assert_eq!(table.text.lines().count(), 1);
    assert_eq!(ask(Format::OpenMetrics).text, "# EOF\n");
    let out = Some(scratch.path().to_owned());
    let folder = run(&path, &Asked { format: Format::Series, out, ..Asked::default() });
    assert!(!folder.success && folder.notes.contains("for example series.csv"), "{folder:?}");
}

#[test]
fn the_log_has_incidents_with_their_times_first() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("story.jsonl");
    written(&path, &story::header(), &story::envelopes());
    let ask = |language| run(&path, &Asked { format: Format::Log, language, ..Asked::default() });
    let english = ask(Language::English);
    assert!(english.success, "{english:?}");
    let place = |text: &str| english.text.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(english.text.starts_with("# Incident log: Black Friday &lt;b&gt;\n"));
    assert!(place("## Incidents") < place("## Log"));
    for words in ["20261122T160500Z-story-1a2b", "A dashboard is stale", "Alert on p99", "TTR"] {
        place(words);
    }
    harmless(&english.text);
    let japanese = ask(Language::Japanese);
    assert!(japanese.text.starts_with("# インシデントログ: "), "{}", japanese.text);
}

fn said_by(raw: &str) -> State {
    let mut header = story::header();
    raw.clone_into(&mut header.plan.title);
    raw.clone_into(&mut header.plan.phases[0].name);
    header.plan.name = format!("n{raw}");
    let mut envelopes = story::envelopes();
    let stamp = Stamp::new(Span::from_secs(225), story::BEGAN + 225_000);
    let log = Event::Logged {
        team: raw.to_owned(),
        author: raw.to_owned(),
        text: raw.to_owned(),
        kind: Default::default(),
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    envelopes.push(Envelope { seq: envelopes.len() as u64 + 1, stamp, event: log });
    folded(header, &envelopes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn text_stays_text(raw in typed()) {
        let state = said_by(&raw);
        for row in rows(&series::table(&state).unwrap()) {
            for cell in row.values() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
                prop_assert!(cell.chars().all(is_plain), "{cell:?}");
            }
        }
        let metrics = series::openmetrics(&state);
        let families = parsed(&metrics);
        prop_assert_eq!(families.len(), parsed(&series::openmetrics(&said_by("words"))).len());
        prop_assert!(metrics.chars().all(|c| c == '\n' || is_plain(c)));
        let lang = Lang::new(Language::English);
        let told = |state: &State| log(&Report::in_language(state, &lang), &lang);
        let text = told(&state);
        prop_assert_eq!(marks(&text), marks(&told(&said_by("words"))));
        harmless(&text);
    }

    #[test]
    fn any_events_are_exported(envelopes in arbitrary::envelopes(40)) {
        let state = folded(story::header(), &envelopes);
        rows(&series::table(&state).unwrap());
        parsed(&series::openmetrics(&state));
        let lang = Lang::new(Language::Japanese);
        harmless(&log(&Report::in_language(&state, &lang), &lang));
    }
}
