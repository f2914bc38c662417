//! A comparison as headings, rows and sentences in a language, for whoever writes it down. Not their markup: what comes
//! from outside is marked as such, and neutralised by who writes it.

use super::model::{Comparison, Row};
use super::shown;
use crate::lang::{Arg, Lang};
use crate::report::words;

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A word or a figure of our own.
    Said(String),
    /// Text from outside.
    Outside(String),
    /// What names its row or column.
    Name(String),
    /// A word of our own, and from outside what it rests on.
    Judged {
        /// The word.
        word: String,
        /// The figures.
        evidence: String,
    },
    /// What changed from the first exercise.
    Changed {
        /// The difference, where there is one.
        by: Option<String>,
        /// `better`, `worse`, …
        answer: &'static str,
        /// The answer with its sign, and why it is none.
        says: String,
    },
}

/// Rows below their headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// One for each column.
    pub heads: Vec<String>,
    /// As long as the headings.
    pub rows: Vec<Vec<Entry>>,
}

/// What names the exercises: letter, title, how it went, where it is.
pub fn exercises(comparison: &Comparison, lang: &Lang) -> Table {
    let heads = ["exercise", "title", "began", "ended", "ran", "objectives", "target", "recording"];
    let heads = heads.into_iter().map(|key| shown::named(lang, "col", key));
    let rows = comparison.exercises.iter().map(|one| {
        let ended = match one.outcome {
            Some(outcome) => words::word(lang, outcome),
            None => shown::named(lang, "value", "no end"),
        };
        let (met, all) = (one.objectives_met.to_string(), one.objectives.to_string());
        let places = [("value", (&*met).into()), ("all", (&*all).into())];
        vec![
            Entry::Name(one.letter.to_owned()),
            Entry::Outside(one.exercise.clone()),
            Entry::Outside(one.title.clone()),
            Entry::Said(words::date(one.began_ms)),
            Entry::Said(ended),
            Entry::Said(words::length(one.ran_ms)),
            Entry::Said(lang.tell("report-of", &places).into_owned()),
            Entry::Outside(one.target.clone()),
            Entry::Outside(one.file.clone()),
        ]
    });
    Table { heads: std::iter::once(String::new()).chain(heads).collect(), rows: rows.collect() }
}

/// Every reason to be careful; `neutral` makes text from outside harmless.
pub fn warnings(
    comparison: &Comparison,
    lang: &Lang,
    neutral: impl Fn(&str) -> String,
) -> Vec<String> {
    let said = comparison.warnings.iter().map(|one| {
        let key = format!("compare-warning-{}", one.what.replace(' ', "-"));
        let (first, this) = (named_value(lang, &one.first), named_value(lang, &one.this));
        let (first, this) = (neutral(&first), neutral(&this));
        let places: [(&'static str, Arg<'_>); 3] =
            [("name", one.exercise.into()), ("then", (&*first).into()), ("value", (&*this).into())];
        lang.tell(&key, &places).into_owned()
    });
    said.collect()
}

/// One of our own words in the language; anything else is text from outside.
pub(in crate::report) fn named_value(lang: &Lang, value: &str) -> String {
    match value {
        "yes" | "no" => lang.say(&format!("report-{value}")).into_owned(),
        "none" | "no end" => shown::named(lang, "value", value),
        other => words::word(lang, other),
    }
}

/// The letter of each exercise but the first, and how many rows say what of it.
pub fn tallies(comparison: &Comparison, lang: &Lang) -> Vec<(&'static str, String)> {
    let rest = comparison.exercises.iter().skip(1);
    let each = comparison.tallies.iter().zip(rest).map(|(one, of)| {
        let counts = shown::tally(one).map(|(answer, count)| {
            format!("{} {} {count}", shown::sign(answer), shown::named(lang, "answer", answer))
        });
        (of.letter, counts.join(", "))
    });
    each.collect()
}

/// What of the plans, and of how they were run, is not the same.
pub fn differences(comparison: &Comparison, lang: &Lang) -> Table {
    let rows = comparison.differences.iter().map(|one| {
        let values = one.values.iter().map(|value| Entry::Outside(named_value(lang, value)));
        std::iter::once(Entry::Said(shown::named(lang, "what", one.what))).chain(values).collect()
    });
    let heads = std::iter::once(String::new()).chain(letters(comparison));
    Table { heads: heads.collect(), rows: rows.collect() }
}

/// The headings of the exercises.
pub fn letters(comparison: &Comparison) -> impl Iterator<Item = String> + '_ {
    comparison.exercises.iter().map(|one| one.letter.to_owned())
}

/// The headings of what changed: `A → B`.
pub fn changed(comparison: &Comparison) -> impl Iterator<Item = String> + '_ {
    let first = comparison.exercises.first().map_or("", |one| one.letter);
    letters(comparison).skip(1).map(move |letter| format!("{first} → {letter}"))
}

/// What every exercise has in a row.
pub fn values(lang: &Lang, row: &Row) -> Vec<Entry> {
    let cells = row.cells.iter().map(|cell| {
        let word = shown::cell(lang, row, cell);
        match &cell.evidence {
            Some(evidence) => Entry::Judged { word, evidence: evidence.clone() },
            None => Entry::Said(word),
        }
    });
    cells.collect()
}

/// What changed in a row from the first exercise to each of the others.
pub fn changes(lang: &Lang, row: &Row) -> Vec<Entry> {
    let changes = row.changes.iter().map(|change| Entry::Changed {
        by: shown::difference(lang, row, change),
        answer: change.answer,
        says: shown::answer(lang, change),
    });
    changes.collect()
}
