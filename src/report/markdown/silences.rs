//! Alerts that were silenced, or offered to be. Not alerts that fired.

use super::head::when;
use super::page::{Page, said, text};
use crate::report::model::Report;
use crate::report::words::{moment, word};

/// The table, where silences were offered.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    if report.silences.is_empty() {
        return;
    }
    page.head(2, "report-silences");
    let lang = page.lang;
    let or_none = |one: Option<&str>| one.filter(|it| !it.is_empty()).map_or("—".into(), text);
    let rows = report.silences.iter().map(|one| {
        let times = one.times.iter().map(|time| {
            let to = when(lang, time.to, &said(lang, "report-silence-open"));
            format!("{} – {to}", moment(lang, time.from))
        });
        let times: Vec<String> = times.collect();
        [
            text(&one.alerts),
            text(&one.server),
            or_none(one.agreed_by.as_deref()),
            word(lang, one.status),
            if times.is_empty() { "—".to_owned() } else { times.join(", ") },
            or_none(Some(&one.seen)),
        ]
    });
    page.table(
        [
            "report-col-alerts",
            "report-col-server",
            "report-col-agreed",
            "report-col-status",
            "report-col-silenced",
            "report-col-seen",
        ],
        rows,
    );
}
