//! A comparison as Markdown. Not what it says.

use super::model::{Comparison, Group, Row};
use super::shown;
use crate::lang::Lang;
use crate::report::markdown::page::{Page, plain, said, text, told};
use crate::report::words;

/// The comparison as Markdown. All text from outside is neutralised.
pub fn render(comparison: &Comparison, lang: &Lang) -> String {
    let mut page = Page::new(lang);
    page.head(1, "compare-heading");
    exercises(&mut page, comparison);
    warnings(&mut page, comparison);
    tallies(&mut page, comparison);
    differences(&mut page, comparison);
    for group in &comparison.groups {
        write(&mut page, comparison, group);
    }
    page.says("compare-noise-says");
    page.finish()
}

fn exercises(page: &mut Page<'_>, comparison: &Comparison) {
    let lang = page.lang;
    let heads =
        ["", "exercise", "title", "began", "ended", "ran", "objectives", "target", "recording"];
    let heads = heads
        .map(|key| if key.is_empty() { String::new() } else { shown::named(lang, "col", key) });
    let rows = comparison.exercises.iter().map(|one| {
        let ended = one.outcome.unwrap_or("no end");
        let ended = if one.outcome.is_some() {
            words::word(lang, ended)
        } else {
            shown::named(lang, "value", ended)
        };
        let (met, all) = (one.objectives_met.to_string(), one.objectives.to_string());
        vec![
            format!("**{}**", one.letter),
            text(&one.exercise),
            text(&one.title),
            words::date(one.began_ms),
            ended,
            words::length(one.ran_ms),
            told(lang, "report-of", &[("value", &met), ("all", &all)]),
            text(&one.target),
            text(&one.file),
        ]
    });
    page.grid(&heads, rows);
    page.says("compare-with-first");
}

fn warnings(page: &mut Page<'_>, comparison: &Comparison) {
    let lang = page.lang;
    if comparison.warnings.is_empty() {
        return;
    }
    page.head(2, "compare-warnings");
    page.list(comparison.warnings.iter().map(|one| {
        let key = format!("compare-warning-{}", one.what.replace(' ', "-"));
        let (first, this) = (named_value(lang, &one.first), named_value(lang, &one.this));
        let places = [("name", one.exercise), ("then", &*text(&first)), ("value", &*text(&this))];
        format!("⚠ {}", told(lang, &key, &places))
    }));
}

/// One of our own words in the language; anything else is text from outside.
pub(in crate::report) fn named_value(lang: &Lang, value: &str) -> String {
    match value {
        "yes" | "no" => said(lang, &format!("report-{value}")),
        "none" | "no end" => shown::named(lang, "value", value),
        other => words::word(lang, other),
    }
}

fn tallies(page: &mut Page<'_>, comparison: &Comparison) {
    let lang = page.lang;
    page.head(2, "compare-tally");
    page.list(comparison.tallies.iter().zip(comparison.exercises.iter().skip(1)).map(
        |(one, of)| {
            let counts = shown::tally(one).map(|(answer, count)| {
                format!("{} {} {count}", shown::sign(answer), shown::named(lang, "answer", answer))
            });
            format!("**{}**: {}", of.letter, counts.join(", "))
        },
    ));
}

fn differences(page: &mut Page<'_>, comparison: &Comparison) {
    let lang = page.lang;
    page.head(2, "compare-differences");
    if comparison.differences.is_empty() {
        page.says("compare-no-differences");
        return;
    }
    let heads = std::iter::once(String::new()).chain(letters(comparison));
    let rows = comparison.differences.iter().map(|one| {
        let values = one.values.iter().map(|value| text(&named_value(lang, value)));
        std::iter::once(shown::named(lang, "what", one.what)).chain(values).collect()
    });
    page.grid(&heads.collect::<Vec<_>>(), rows);
    page.says("compare-digest-says");
}

fn letters(comparison: &Comparison) -> impl Iterator<Item = String> + '_ {
    comparison.exercises.iter().map(|one| one.letter.to_owned())
}

fn write(page: &mut Page<'_>, comparison: &Comparison, group: &Group) {
    let lang = page.lang;
    page.heading(2, &shown::named(lang, "group", group.group));
    if group.rows.is_empty() {
        page.says("compare-nothing");
        return;
    }
    let about = group.rows.iter().any(|row| row.of.is_some());
    let team = group.rows.iter().any(|row| row.team.is_some());
    let mut heads = Vec::new();
    if about {
        heads.push(shown::named(lang, "col", "of"));
    }
    if team {
        heads.push(shown::named(lang, "col", "team"));
    }
    heads.push(shown::named(lang, "col", "what"));
    heads.extend(letters(comparison));
    let first = comparison.exercises.first().map_or("", |one| one.letter);
    heads.extend(letters(comparison).skip(1).map(|letter| format!("{first} → {letter}")));
    let rows = group.rows.iter().map(|row| cells(lang, row, about, team));
    page.grid(&heads, rows.collect::<Vec<_>>());
}

fn cells(lang: &Lang, row: &Row, about: bool, team: bool) -> Vec<String> {
    let mut cells = Vec::new();
    if about {
        cells.push(row.of.as_ref().map_or_else(String::new, |of| text(of)));
    }
    if team {
        let all = || said(lang, "compare-all-teams");
        cells.push(row.team.as_ref().map_or_else(all, |team| text(team)));
    }
    cells.push(shown::named(lang, "row", row.what));
    cells.extend(row.cells.iter().map(|cell| {
        let shown = plain(&shown::cell(lang, row, cell));
        match &cell.evidence {
            Some(evidence) => format!("**{shown}**: {}", text(evidence)),
            None => shown,
        }
    }));
    cells.extend(row.changes.iter().map(|change| {
        let answer = shown::answer(lang, change);
        match shown::difference(lang, row, change) {
            Some(by) => format!("{} {answer}", plain(&by)),
            None => answer,
        }
    }));
    cells
}
