//! The report of a watch: what was asked, what was outside, budgets, alerts, queries. Not of an exercise, and not what every
//! report has.

mod asked;
mod brief;
mod budgets;
mod kept;

use super::head::when;
use super::measured::violated;
use super::page::{Page, plain, said, text, told};
use super::{crew, head, people, suggested};
use crate::report::model::{Kept, Report, Slo, Watch};
use crate::report::words::{length, moment, word};
use kept::{is_bound, kept};

/// The whole report.
pub(super) fn write(page: &mut Page<'_>, report: &Report, watch: &Watch) {
    let lang = page.lang;
    page.heading(1, &told(lang, "report-watch-heading", &[("title", &text(&report.title))]));
    head::warnings(page, report);
    brief::facts(page, report, watch);
    brief::write(page, report, watch);
    slos(page, report);
    budgets::write(page, watch);
    alerts(page, watch);
    people::incidents(page, report);
    people::times(page, report);
    asked::write(page, watch);
    suggested::write(page, report);
    crew::roles(page, report);
    crew::decided(page, report);
    people::lessons(page, report);
    people::log(page, report);
}

fn slos(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-slos");
    let rows: Vec<[String; 6]> = kept(report)
        .map(|(slo, kept)| {
            let limit = slo.limit.is_empty();
            let limit = if limit { said(lang, "report-watch-no-limit") } else { plain(&slo.limit) };
            [
                text(&slo.name),
                limit,
                plain(&word(lang, &kept.last_words)),
                outside(page, slo, kept),
                if is_bound(slo) {
                    plain(&word(lang, &kept.worst_words))
                } else {
                    "—".to_owned()
                },
                if is_bound(slo) { slo.violations.len().to_string() } else { "—".to_owned() },
            ]
        })
        .collect();
    if rows.is_empty() {
        page.says("report-watch-no-slo");
        return;
    }
    page.table(
        [
            "report-col-slo",
            "report-col-promise",
            "report-watch-col-last",
            "report-watch-col-outside",
            "report-col-worst",
            "report-col-violations",
        ],
        rows,
    );
    page.says("report-watch-slos-say");
    let rows = report
        .slos
        .iter()
        .flat_map(|slo| slo.violations.iter().map(|one| violated(lang, slo, one)));
    let rows: Vec<[String; 5]> = rows.collect();
    if !rows.is_empty() {
        page.table(
            [
                "report-col-violated",
                "report-col-from",
                "report-col-to",
                "report-col-lasted",
                "report-col-worst",
            ],
            rows,
        );
    }
}

/// How long an SLO was outside.
fn outside(page: &Page<'_>, slo: &Slo, kept: &Kept) -> String {
    match kept.outside_ms {
        None if is_bound(slo) => said(page.lang, "report-no-data"),
        None => "—".to_owned(),
        Some(0) => said(page.lang, "report-none"),
        Some(outside) => format!("**{}**", length(outside)),
    }
}

fn alerts(page: &mut Page<'_>, watch: &Watch) {
    let lang = page.lang;
    page.head(2, "report-watch-alerts");
    if let Some(unknown) = &watch.alerts_unknown {
        let (when, reason) = (moment(lang, unknown.since), text(&unknown.why));
        let places = [("when", &*when), ("reason", &*reason)];
        page.paragraph(&told(lang, "report-watch-alerts-unknown", &places));
    }
    if watch.alerts.is_empty() {
        page.says("report-watch-no-alert");
        return;
    }
    let rows = watch.alerts.iter().map(|one| {
        let incidents = one.incidents.iter().map(|id| format!("#{id}")).collect::<Vec<_>>();
        let labels = [one.summary.as_deref().unwrap_or_default(), &one.labels];
        let labels = labels.into_iter().filter(|it| !it.is_empty()).map(text);
        [
            text(&one.name),
            one.severity.as_deref().map_or_else(|| "—".to_owned(), text),
            moment(lang, one.from),
            when(lang, one.to, &said(lang, "report-watch-still-firing")),
            length(one.lasted_ms),
            if incidents.is_empty() { said(lang, "report-none") } else { incidents.join(", ") },
            labels.collect::<Vec<_>>().join(" — "),
        ]
    });
    page.table(
        [
            "report-watch-col-alert",
            "report-col-severity",
            "report-col-from",
            "report-col-to",
            "report-col-lasted",
            "report-col-incident",
            "report-watch-col-says",
        ],
        rows,
    );
}
