//! Cells and changes of a comparison as people read them. Not where they stand.

use serde_json::Value;

use super::model::{Align, Cell, Change, Figure, Row};
use crate::lang::Lang;
use crate::report::unit::Unit;
use crate::report::words;

/// A word of the JSON in the catalogues of comparisons: `not comparable` is `compare-not-comparable`.
pub fn named(lang: &Lang, group: &str, word: &str) -> String {
    let key = format!("compare-{group}-{}", word.replace(' ', "-"));
    lang.say(&key).into_owned()
}

/// A value in the unit of its row; `None`: there is none.
pub fn value(lang: &Lang, row: &Row, cell: &Cell) -> Option<String> {
    let unit = Unit::named(row.unit)?;
    match cell.word {
        Some(word) => Some(words::word(lang, word)),
        None => unit.show(&json(cell.value?), lang),
    }
}

/// The same, or why there is none.
pub fn cell(lang: &Lang, row: &Row, cell: &Cell) -> String {
    if !cell.there {
        return lang.say("compare-absent").into_owned();
    }
    value(lang, row, cell).unwrap_or_else(|| lang.say("report-no-data").into_owned())
}

/// A difference in the unit of its row, with its sign; of shares in points.
pub fn difference(lang: &Lang, row: &Row, change: &Change) -> Option<String> {
    let (unit, by) = (Unit::named(row.unit)?, change.by?);
    let size = match by {
        Figure::Signed(by) => Figure::Whole(by.unsigned_abs()),
        Figure::Real(by) => Figure::Real(by.abs()),
        whole @ Figure::Whole(_) => whole,
    };
    let shown = unit.show(&json(size), lang)?;
    let shown = match shown.strip_suffix('%') {
        Some(points) => lang.tell("compare-points", &[("value", points.into())]).into_owned(),
        None => shown,
    };
    let sign = match by.number() {
        by if by > 0.0 => "+",
        by if by < 0.0 => "−",
        _ => "±",
    };
    Some(format!("{sign}{shown}"))
}

/// An answer with its sign, and why it is not comparable.
pub fn answer(lang: &Lang, change: &Change) -> String {
    let said = named(lang, "answer", change.answer);
    let said = format!("{} {said}", sign(change.answer));
    match change.why {
        Some(why) => format!("{said} ({})", named(lang, "why", why)),
        None => said,
    }
}

/// The sign of an answer: never colour alone.
pub fn sign(answer: &str) -> &'static str {
    match answer {
        "better" => "▲",
        "worse" => "▼",
        "same" => "=",
        "different" => "≠",
        _ => "·",
    }
}

/// The key of what is aligned, in the catalogues.
pub const fn align(align: Align) -> &'static str {
    match align {
        Align::Injections => "compare-align-injections",
        Align::Phases => "compare-align-phases",
        Align::Wall => "compare-align-wall",
    }
}

pub(in crate::report) fn json(figure: Figure) -> Value {
    match figure {
        Figure::Whole(value) => value.into(),
        Figure::Signed(value) => value.into(),
        Figure::Real(value) => value.into(),
    }
}

/// The counts of a tally with their answers.
pub fn tally(tally: &super::model::Tally) -> [(&'static str, usize); 5] {
    [
        ("better", tally.better),
        ("worse", tally.worse),
        ("same", tally.same),
        ("different", tally.different),
        ("not comparable", tally.not_comparable),
    ]
}
