//! What panels are offered, from lists of metrics as servers of many kinds have them: beside each list stands what it gives.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gameday::exercise::found::Labels;
use gameday::exercise::panel::Worse;
use gameday::gameday::matcher::Matcher;
use gameday::gameday::span::Span;
use gameday::metrics::answer::Kind;
use gameday::metrics::catalogue::Catalogue;
use gameday::metrics::offer::{Offer, offers, wanted};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metrics/names")
}

/// The lists by their names.
pub fn lists() -> Vec<(PathBuf, String)> {
    let mut lists: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "prom"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    lists.sort();
    lists
}

/// One line of a list: `name{label="value",…}`, or the name in quotes inside the braces; values are left out.
pub fn series(line: &str) -> (String, Labels) {
    let (name, inside) = line.split_once('{').unwrap_or((line, ""));
    let inside = inside.split('}').next().unwrap();
    let mut name = name.split(' ').next().unwrap().to_owned();
    let mut labels = Vec::new();
    for part in inside.split(',').filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some((label, value)) => labels.push((label, value.trim_matches('"'))),
            None => name = part.trim_matches('"').to_owned(),
        }
    }
    (name, Labels::new(labels))
}

fn kind(word: &str) -> Kind {
    match word {
        "counter" => Kind::Counter,
        "gauge" => Kind::Gauge,
        "histogram" => Kind::Histogram,
        "summary" => Kind::Summary,
        _ => Kind::Other,
    }
}

/// What a server with this list is known to have.
pub fn catalogue(text: &str) -> Catalogue {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let all: Vec<_> = lines.map(series).collect();
    let mut catalogue = Catalogue::new(all.iter().map(|(name, _)| name.clone()));
    let looked_at = wanted(&catalogue);
    if !text.contains("# UNKNOWN LABELS") {
        for (name, labels) in all.iter().filter(|(name, _)| looked_at.contains(name)) {
            catalogue.learn_series(name, labels);
        }
    }
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, word) = line.split_once(' ').unwrap();
        if looked_at.contains(name) {
            catalogue.learn_kind(name, kind(word));
        }
    }
    catalogue
}

fn told(offers: &[Offer]) -> String {
    let mut out = String::new();
    for Offer { panel, family, metric, advised } in offers {
        let worse = match panel.worse {
            Some(Worse::Higher) => "higher is worse",
            Some(Worse::Lower) => "lower is worse",
            None => "neither is worse",
        };
        let felt = panel.metric.map(|metric| format!(" = {metric}")).unwrap_or_default();
        let advised = if *advised { ", advised" } else { "" };
        writeln!(out, "{} | {} | {}{felt}", panel.name, family.name(), panel.title).unwrap();
        writeln!(out, "    {:?}, {worse}{advised}, by {metric}", panel.unit).unwrap();
        writeln!(out, "    {}", panel.query).unwrap();
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

#[test]
fn every_list_of_metrics_gives_what_is_written_beside_it() {
    let lists = lists();
    assert!(lists.len() >= 25, "only {}", lists.len());
    let mut wrong = String::new();
    for (path, text) in lists {
        let offers = offers(&catalogue(&text), Span::from_secs(60), &[]);
        let names: BTreeSet<&str> = offers.iter().map(|one| one.panel.name.as_str()).collect();
        assert_eq!(names.len(), offers.len(), "{}: a name twice", path.display());
        let told = told(&offers);
        let beside = path.with_extension("offers");
        if std::env::var_os("OFFERS_UPDATE").is_some() {
            std::fs::write(&beside, &told).unwrap();
        }
        if told != std::fs::read_to_string(&beside).unwrap_or_default() {
            writeln!(wrong, "{}:\n{told}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "these give something else:\n{wrong}");
}

#[test]
fn offers_can_be_narrowed_and_rates_taken_over_another_time() {
    let (_, text) =
        lists().into_iter().find(|(path, _)| path.ends_with("client-library.prom")).unwrap();
    let narrow = [Matcher::is("job", "a\"b"), Matcher::fits("namespace", "x|y")];
    let offers = offers(&catalogue(&text), Span::from_secs(90), &narrow);
    let queries: Vec<&str> = offers.iter().map(|one| one.panel.query.as_str()).collect();
    assert_eq!(queries.len(), 5);
    for query in queries {
        // Every selector of every query.
        let rates = query.matches("rate(").count();
        assert!(rates > 0);
        assert_eq!(
            query.matches(r#"job="a\"b",namespace=~"x|y"}[1m30s]"#).count(),
            rates,
            "{query}"
        );
    }
}
