//! What the report suggests, and what was used of the error budgets, in Markdown as on the page and in JSON.

use std::collections::BTreeSet;

use gameday::lang::{Lang, Language};
use gameday::report::markdown;
use gameday::report::model::Report;
use gameday::report::words::word;

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
