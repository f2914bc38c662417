//! Values and trends of a history as people read them. Not where they stand.

use super::model::{Entry, History, Measure, Trend, Value};
use crate::lang::Lang;
use crate::report::compare::model::Figure;
use crate::report::compare::shown::{json, named};
use crate::report::unit::Unit;
use crate::report::words;

/// Steps of a line of signs, the lowest first.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A value in its unit; "no data" where there is none.
pub(super) fn value(lang: &Lang, measure: &Measure, value: &Value) -> String {
    let shown = value.value.and_then(|figure| Unit::named(measure.unit)?.show(&json(figure), lang));
    shown.unwrap_or_else(|| lang.say("report-no-data").into_owned())
}

/// A change in the unit of its measure, with its sign; of shares in points, of counts with decimals.
pub(super) fn signed(lang: &Lang, measure: &Measure, by: f64) -> String {
    let size = by.abs();
    let shown = match measure.unit {
        "length" => words::length(size.round() as u64),
        "share" => {
            let points = format!("{:.1}", size * 100.0);
            lang.tell("compare-points", &[("value", (&*points).into())]).into_owned()
        }
        _ => format!("{size:.1}"),
    };
    let sign = if by > 0.0 {
        "+"
    } else if by < 0.0 {
        "−"
    } else {
        "±"
    };
    format!("{sign}{shown}")
}

/// What a trend says, with its sign and why: never colour alone.
pub(super) fn answer(lang: &Lang, trend: &Trend) -> (&'static str, String) {
    let sign = match trend.answer {
        "better" => "▲",
        "worse" => "▼",
        "no trend" => "=",
        _ => "·",
    };
    let said = said(lang, "answer", trend.answer);
    let said = match trend.why {
        Some(why) => format!("{said} ({})", self::said(lang, "why", why)),
        None => said,
    };
    (sign, said)
}

/// A word of the JSON in the catalogues of histories: `no trend` is `history-answer-no-trend`.
pub(super) fn said(lang: &Lang, group: &str, word: &str) -> String {
    lang.say(&format!("history-{group}-{}", word.replace(' ', "-"))).into_owned()
}

/// The name of a measure: that of comparisons where they have it, too.
pub(super) fn measure(lang: &Lang, what: &str) -> String {
    match what {
        "objectives-met" | "improvements-open" | "improvements-repeated" => said(lang, "row", what),
        other => named(lang, "row", other),
    }
}

/// Whether an exercise is in the trends, or why not.
pub(super) fn counted(lang: &Lang, entry: &Entry) -> String {
    match entry.why {
        None => lang.say("report-yes").into_owned(),
        Some(why) => said(lang, "left", why),
    }
}

/// How an exercise ended.
pub(super) fn ended(lang: &Lang, entry: &Entry) -> String {
    entry
        .outcome
        .map_or_else(|| named(lang, "value", "no end"), |outcome| words::word(lang, outcome))
}

/// A measure as a line of signs: `×` is not in the trend, `·` has no data.
pub(super) fn signs(history: &History, measure: &Measure) -> String {
    let each = || history.exercises.iter().zip(&measure.values);
    let number = |value: &Value| value.value.map(Figure::number);
    let counted = || each().filter(|(entry, _)| entry.counted).filter_map(|(_, it)| number(it));
    let least = counted().reduce(f64::min).unwrap_or_default();
    let most = counted().reduce(f64::max).unwrap_or_default();
    each()
        .map(|(entry, value)| match number(value) {
            _ if !entry.counted => '×',
            None => '·',
            Some(number) => {
                let part = if most > least { (number - least) / (most - least) } else { 0.0 };
                let step = (part * (STEPS.len() - 1) as f64).round() as usize;
                STEPS.get(step).copied().unwrap_or('█')
            }
        })
        .collect()
}
