//! The error budgets of a watch: what is left, how fast they burn, and when they burnt. Not how an SLO went.

use crate::gameday::metric::Unit;
use crate::lang::Lang;
use crate::report::markdown::head::when;
use crate::report::markdown::page::{Page, plain, said, show, text, told};
use crate::report::model::{Budget, Watch};
use crate::report::words::{length, moment, times, word};

pub(super) fn write(page: &mut Page<'_>, watch: &Watch) {
    let lang = page.lang;
    page.head(2, "report-watch-budgets");
    if watch.budgets.is_empty() {
        page.says("report-watch-no-budget");
        return;
    }
    let rows = watch.budgets.iter().map(|one| {
        let share = Unit::Share.show(one.objective);
        let promise = [("value", &*share), ("time", &*one.period)];
        [
            text(&one.title),
            told(lang, "report-watch-promise", &promise),
            left(lang, one),
            show(lang, one.spent_here, Unit::Share),
            one.gone_in.clone().unwrap_or_else(|| "—".to_owned()),
        ]
    });
    page.table(
        [
            "report-watch-col-service",
            "report-col-promise",
            "report-watch-col-left",
            "report-watch-col-spent",
            "report-watch-col-gone",
        ],
        rows,
    );
    rates(page, watch);
    burns(page, watch);
}

/// What is left of a budget, or what is spent beyond all of it.
pub(super) fn left(lang: &Lang, one: &Budget) -> String {
    match one.beyond {
        Some(beyond) => {
            let share = plain(&Unit::Share.show(beyond));
            told(lang, "report-watch-spent-more", &[("value", &share)])
        }
        None => show(lang, one.left, Unit::Share),
    }
}

fn rates(page: &mut Page<'_>, watch: &Watch) {
    let lang = page.lang;
    let rate = |rate: Option<f64>| rate.map_or_else(|| said(lang, "report-no-data"), times);
    let rows = watch.budgets.iter().flat_map(|one| {
        one.pairs.iter().map(move |pair| {
            let answer = word(lang, pair.answer);
            [
                text(&one.title),
                pair.windows.clone(),
                rate(pair.short_rate),
                rate(pair.long_rate),
                format!("{} ({})", times(pair.factor), word(lang, pair.urgency)),
                if pair.answer == "burning" { format!("**{answer}**") } else { answer },
            ]
        })
    });
    page.table(
        [
            "report-watch-col-service",
            "report-watch-col-windows",
            "report-watch-col-short",
            "report-watch-col-long",
            "report-watch-col-factor",
            "report-watch-col-answer",
        ],
        rows,
    );
    page.says("report-watch-rates-say");
}

fn burns(page: &mut Page<'_>, watch: &Watch) {
    let lang = page.lang;
    let rows = watch.budgets.iter().flat_map(|one| {
        one.burns.iter().map(move |burnt| {
            [
                text(&one.title),
                burnt.windows.clone(),
                word(lang, burnt.urgency),
                moment(lang, burnt.from),
                when(lang, burnt.to, &said(lang, "report-to-the-end")),
                burnt.lasted_ms.map_or_else(|| "—".to_owned(), length),
            ]
        })
    });
    let rows: Vec<[String; 6]> = rows.collect();
    if rows.is_empty() {
        page.says("report-watch-no-burn");
        return;
    }
    page.table(
        [
            "report-watch-col-service",
            "report-watch-col-windows",
            "report-watch-col-urgency",
            "report-col-from",
            "report-col-to",
            "report-col-lasted",
        ],
        rows,
    );
}
