//! A history as Markdown. Not what it says.

use super::model::{Entry, History, Measure, Value};
use super::shown;
use crate::lang::Lang;
use crate::report::compare::shown::named;
use crate::report::compare::table::named_value;
use crate::report::markdown::page::{Page, plain, said, text, told};
use crate::report::words;

/// The kinds of times, and the columns that are no times.
pub(super) const TIMES: [&str; 4] = ["TTD", "TTA", "TTM", "TTR"];
pub(super) const OTHERS: [&str; 7] = [
    "undetected",
    "false-alarms",
    "violations",
    "outside-slos",
    "budget-used",
    "improvements-open",
    "improvements-repeated",
];

/// The history as Markdown. All text from outside is neutralised.
pub fn render(history: &History, lang: &Lang) -> String {
    let mut page = Page::new(lang);
    let title = told(lang, "history-of", &[("name", &text(&history.name))]);
    page.heading(1, &title);
    page.says(if history.real { "history-real" } else { "history-drills" });
    exercises(&mut page, history);
    warnings(&mut page, history);
    trends(&mut page, history);
    changes(&mut page, history);
    times(&mut page, history);
    others(&mut page, history);
    page.says("history-trend-says");
    page.finish()
}

fn heads(lang: &Lang, keys: &[&str]) -> Vec<String> {
    let number = std::iter::once(said(lang, "history-col-number"));
    number.chain(keys.iter().map(|key| said(lang, key))).collect()
}

fn exercises(page: &mut Page<'_>, history: &History) {
    let lang = page.lang;
    page.head(2, "compare-exercises");
    let heads = heads(
        lang,
        &[
            "compare-col-began",
            "compare-col-ended",
            "compare-col-ran",
            "compare-col-objectives",
            "history-col-counted",
            "compare-col-exercise",
        ],
    );
    let rows = history.exercises.iter().enumerate().map(|(nth, one)| {
        let (met, all) = (one.objectives_met.to_string(), one.objectives.to_string());
        vec![
            (nth + 1).to_string(),
            words::date(one.began_ms),
            shown::ended(lang, one),
            words::length(one.ran_ms),
            told(lang, "report-of", &[("value", &met), ("all", &all)]),
            shown::counted(lang, one),
            text(&one.exercise),
        ]
    });
    page.grid(&heads, rows);
}

fn warnings(page: &mut Page<'_>, history: &History) {
    let each = history.exercises.iter().enumerate();
    let odd = each.flat_map(|(nth, one)| one.warnings.iter().map(move |what| (nth, what)));
    let lines: Vec<String> =
        odd.map(|(nth, what)| format!("⚠ **{}**: {}", nth + 1, text(what))).collect();
    if !lines.is_empty() {
        page.list(lines);
    }
}

fn trends(page: &mut Page<'_>, history: &History) {
    let lang = page.lang;
    page.head(2, "history-trends");
    let heads = ["what", "signs", "trend", "slope", "counted-of"];
    let heads = heads.map(|key| shown::said(lang, "col", key));
    let rows = history.measures.iter().map(|measure| {
        let (sign, answer) = shown::answer(lang, &measure.trend);
        let slope = measure.trend.slope.map(|by| plain(&shown::signed(lang, measure, by)));
        let (of, all) = (measure.trend.exercises.to_string(), history.exercises.len().to_string());
        vec![
            shown::measure(lang, measure.what),
            shown::signs(history, measure),
            format!("{sign} {answer}"),
            slope.unwrap_or_default(),
            told(lang, "report-of", &[("value", &of), ("all", &all)]),
        ]
    });
    page.grid(&heads, rows);
    page.says("history-signs-say");
}

fn changes(page: &mut Page<'_>, history: &History) {
    let lang = page.lang;
    page.head(2, "history-changes");
    let changed = |one: &&(usize, &Entry)| !one.1.changes.is_empty();
    let each: Vec<(usize, &Entry)> = history.exercises.iter().enumerate().collect();
    let lines = each.iter().filter(changed).map(|(nth, one)| {
        let parts = one.changes.iter().map(|change| {
            let values = change.values.iter().map(|value| text(&named_value(lang, value)));
            let values: Vec<String> = values.collect();
            format!("{}: {}", named(lang, "what", change.what), values.join(" → "))
        });
        let parts: Vec<String> = parts.collect();
        format!("{nth} → **{}**: {}", nth + 1, parts.join("; "))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        page.says("compare-no-differences");
    } else {
        page.list(lines);
        page.says("compare-digest-says");
    }
}

/// A measure of this name.
pub(super) fn find<'a>(history: &'a History, what: &str) -> Option<(usize, &'a Measure)> {
    history.measures.iter().enumerate().find(|(_, measure)| measure.what == what)
}

fn times(page: &mut Page<'_>, history: &History) {
    let lang = page.lang;
    page.head(2, "history-times");
    let mut heads = heads(lang, &[]);
    heads.extend(TIMES.map(|kind| {
        let kind: &str = kind;
        told(lang, "history-col-time", &[("kind", kind)])
    }));
    let rows = (0..history.exercises.len()).map(|nth| {
        let times = TIMES.iter().map(|kind| time(lang, history, kind, nth));
        std::iter::once((nth + 1).to_string()).chain(times).collect()
    });
    page.grid(&heads, rows.collect::<Vec<_>>());
    page.says("history-times-say");
}

fn time(lang: &Lang, history: &History, kind: &str, nth: usize) -> String {
    let of = |which: &str| {
        let (_, measure) = find(history, &format!("{kind}-{which}"))?;
        Some((measure, *measure.values.get(nth)?))
    };
    let Some(((measure, median), (_, mean))) = of("median").zip(of("mean")) else {
        return said(lang, "report-no-data");
    };
    let shown = |value: &Value| plain(&shown::value(lang, measure, value));
    let (of, missing) = (median.of.unwrap_or_default(), median.missing.unwrap_or_default());
    if median.value.is_none() && missing == 0 {
        return said(lang, "report-no-data");
    }
    let all = (of + missing).to_string();
    let of = told(lang, "report-of", &[("value", &of.to_string()), ("all", &all)]);
    if median.value.is_none() {
        return format!("{} ({of})", said(lang, "report-no-data"));
    }
    format!("{} / {} ({of})", shown(&median), shown(&mean))
}

fn others(page: &mut Page<'_>, history: &History) {
    let lang = page.lang;
    page.head(2, "history-others");
    let mut heads = heads(lang, &[]);
    heads.extend(OTHERS.map(|what| shown::measure(lang, what)));
    let rows = history.exercises.iter().enumerate().map(|(nth, _)| {
        let cells = OTHERS.iter().map(|what| {
            let found = find(history, what).and_then(|(_, one)| Some((one, one.values.get(nth)?)));
            found.map_or_else(String::new, |(measure, value)| {
                plain(&shown::value(lang, measure, value))
            })
        });
        std::iter::once((nth + 1).to_string()).chain(cells).collect()
    });
    page.grid(&heads, rows.collect::<Vec<_>>());
}
