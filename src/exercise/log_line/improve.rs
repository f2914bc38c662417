//! A line about what should become better: its category, owner and date. Not what becomes of it.

use chrono::{Days, NaiveDate};

use super::line::LogLine;
use super::words::{LITERALLY, evidence, named, plain, split_last, split_word};
use super::wrong::Wrong;
use crate::exercise::improvement::{CATEGORIES, Category, Proposal};
use crate::gameday::problem::nearest;

/// What stands before a date.
pub(super) const DUE: &str = "due:";

/// What was read beside the text.
#[derive(Default)]
struct Beside {
    category: Option<Category>,
    owner: Option<String>,
    due: Option<NaiveDate>,
    evidence: Vec<u64>,
}

impl Beside {
    /// Takes a word that is not text; gives whether it was one.
    fn take(&mut self, word: &str, today: NaiveDate) -> Result<bool, Wrong> {
        if let Some(owner) = named(word, '@').filter(|_| self.owner.is_none()) {
            self.owner = Some(owner);
            return Ok(true);
        }
        if let Some(numbers) = evidence(word).filter(|_| self.evidence.is_empty()) {
            self.evidence = numbers;
            return Ok(true);
        }
        let plain = plain(word);
        if let Some(date) = plain.strip_prefix(DUE).filter(|_| self.due.is_none()) {
            self.due = Some(day(date, today).ok_or_else(|| Wrong::Due { text: date.to_owned() })?);
            return Ok(true);
        }
        let name = plain.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        let Some(name) = name.filter(|_| self.category.is_none()) else { return Ok(false) };
        self.category = Category::named(name);
        if self.category.is_none() && near(name).is_some() {
            return Err(Wrong::NoCategory { name: name.to_owned(), near: near(name) });
        }
        Ok(self.category.is_some())
    }
}

/// Whether a category is named, in brackets or not.
pub(super) fn is_category(name: &str) -> bool {
    let name = plain(name);
    Category::named(name.trim_start_matches('[').trim_end_matches(']')).is_some()
}

/// The category that was probably meant.
fn near(name: &str) -> Option<&'static str> {
    nearest(name, CATEGORIES.map(Category::name))
}

/// `2026-12-15`, or `+14d`, `+2w` from today.
fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let Some(later) = text.strip_prefix('+') else {
        return NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    };
    let (count, each) = match later.strip_suffix('w') {
        Some(count) => (count, 7),
        None => (later.strip_suffix('d')?, 1),
    };
    let days = count.parse::<u64>().ok().filter(|count| *count <= 36_500)?;
    today.checked_add_days(Days::new(days * each))
}

/// `improve: …`, `improve detection: …`, `improve [detection] …`: what is between the word and the text, and the text.
pub(super) fn improve(between: &str, text: &str, today: NaiveDate) -> Result<LogLine, Wrong> {
    let mut beside = Beside::default();
    let between = plain(between.trim());
    let name = between.trim_start_matches('[').trim_end_matches(']');
    if !name.is_empty() {
        beside.category = Category::named(name);
        if beside.category.is_none() {
            return Err(Wrong::NoCategory { name: name.to_owned(), near: near(name) });
        }
    }
    let mut text = text.trim();
    let literal = loop {
        let (word, rest) = split_word(text);
        let literal = word == LITERALLY;
        if !literal && (word.is_empty() || !beside.take(word, today)?) {
            break false;
        }
        text = rest;
        if literal {
            break true;
        }
    };
    // What is taken as it is has nothing at its end.
    let mut last = if literal { ("", "") } else { split_last(text) };
    while !last.1.is_empty() && beside.take(last.1, today)? {
        text = last.0;
        last = split_last(text);
    }
    if text.is_empty() {
        return Err(Wrong::Say { form: "improve:".to_owned() });
    }
    let Beside { category, owner, due, evidence } = beside;
    let (category, text) = (category.unwrap_or(Category::Process), text.to_owned());
    Ok(LogLine::Improve { says: Proposal { category, text, owner, due, evidence } })
}
