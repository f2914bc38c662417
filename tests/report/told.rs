//! What the report suggests, and what was used of the error budgets, in Markdown as on the page and in JSON.

use std::collections::BTreeSet;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::log::EntryKind;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::report::model::Report;
use gameday::report::words::word;
use gameday::report::{html, markdown};

use super::{english, folded};
use crate::recording::story;

fn report(lang: &Lang) -> Report {
    Report::in_language(&folded(story::header(), &story::envelopes()), lang)
}

/// The cells of the table whose head has this text, row by row.
fn table(text: &str, head: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with('|') || !cells(line).iter().any(|cell| cell == head));
    lines.next().unwrap_or_else(|| panic!("no table has {head:?}"));
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

#[test]
fn markdown_has_every_suggestion_with_its_category_seconds_and_lines() {
    for language in [Language::English, Language::Japanese] {
        let lang = Lang::new(language);
        let report = report(&lang);
        assert!(!report.suggestions.is_empty());
        let text = markdown::render(&report, &lang);
        let rows = table(&text, &lang.say("report-col-suggestion"));
        assert_eq!(rows.len(), report.suggestions.len());
        let log = table(&text, &lang.say("report-col-seq"));
        let numbers: BTreeSet<&str> = log.iter().map(|row| row[0].as_str()).collect();
        for (row, one) in rows.iter().zip(&report.suggestions) {
            assert_eq!(row[0], markdown::escaped(&one.sentence));
            assert_eq!(row[1], word(&lang, one.category));
            assert!(row[2].contains(&one.value_words.replace('<', "&lt;")), "{row:?}");
            assert!(row[2].contains(&gameday::report::words::moment(&lang, one.from)), "{row:?}");
            let lines: Vec<&str> = row[3].split(", ").collect();
            assert_eq!(lines.len(), one.lines.len().max(1));
            if !one.lines.is_empty() {
                assert!(lines.iter().all(|line| numbers.contains(line)), "{lines:?}");
            }
        }
    }
}

#[test]
fn markdown_says_what_was_used_of_the_budgets() {
    let mut report = report(&english());
    report.slos[1].budget_used = None;
    let text = markdown::render(&report, &english());
    let used: Vec<String> = table(&text, "Promise").iter().map(|row| row[3].clone()).collect();
    let wanted: Vec<bool> = report.slos.iter().map(|slo| slo.budget_used.is_some()).collect();
    assert_eq!(used.iter().map(|cell| cell.ends_with('%')).collect::<Vec<_>>(), wanted);
    assert!(wanted.contains(&true) && wanted.contains(&false), "{used:?}");
    assert!(used.iter().all(|cell| cell.ends_with('%') || cell == "no budget"), "{used:?}");
    let violations = table(&text, "Worst");
    let one = report.slos.iter().flat_map(|slo| &slo.violations).next().unwrap();
    let share = one.budget_used.unwrap() * 100.0;
    let shown: f64 = violations[0][5].trim_end_matches('%').replace(',', "").parse().unwrap();
    assert!((shown - share).abs() <= share * 0.01, "{shown} is not {share}");
}

/// The story with lines of kinds of their own, each at so many seconds.
pub(super) fn with_lines(lines: &[(u64, EntryKind, &str)]) -> Vec<Envelope> {
    let mut all: Vec<(Stamp, Event)> =
        story::envelopes().into_iter().map(|one| (one.stamp, one.event)).collect();
    for (secs, kind, text) in lines {
        let stamp = Stamp::new(Span::from_secs(*secs), story::BEGAN + *secs as i64 * 1_000);
        let event = Event::Logged {
            team: "dev".into(),
            author: "ada".into(),
            text: (*text).into(),
            kind: *kind,
            incident: None,
            happened: None,
            evidence: Vec::new(),
        };
        all.insert(all.partition_point(|(one, _)| *one <= stamp), (stamp, event));
    }
    let numbered = all.into_iter().zip(1..);
    numbered.map(|((stamp, event), seq)| Envelope { seq, stamp, event }).collect()
}

#[test]
fn what_changed_stands_in_the_log_and_on_the_chart() {
    let lines = [
        (66, EntryKind::Deploy, "web-app 2.4.1"),
        (68, EntryKind::ConfigChange, "pool <50> to 80"),
        (70, EntryKind::Fix, "rolled back"),
    ];
    let state = folded(story::header(), &with_lines(&lines));
    for (language, words) in [
        (Language::English, ["deploy", "config change", "fix"]),
        (Language::Japanese, ["デプロイ", "設定変更", "修正"]),
    ] {
        let lang = Lang::new(language);
        let report = Report::in_language(&state, &lang);
        let text = markdown::render(&report, &lang);
        let rows = table(&text, &lang.say("report-col-seq"));
        let page = html::render(&report, language).unwrap();
        for ((_, kind, says), word) in lines.iter().zip(words) {
            let says = markdown::escaped(says);
            let wanted = format!("**{word}** {says}");
            assert!(rows.iter().any(|row| row[4] == wanted), "{wanted}: {rows:?}");
            let line = report.log.iter().find(|line| line.kind == kind.name()).unwrap();
            // Only what changed has a place on the chart, and leads to its line.
            let changed = *kind != EntryKind::Fix;
            let link = format!("href=\"#line-{}\"", line.seq);
            assert_eq!(page.contains(&link), changed, "{link}");
            assert!(page.contains(&format!(">{word}</")), "{word}");
        }
    }
}
