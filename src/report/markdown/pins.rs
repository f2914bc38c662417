//! Moments that were pinned, each with what stood then. Not the log.

use super::page::{Page, plain, said, text};
use crate::lang::Lang;
use crate::report::model::{Pin, Report};
use crate::report::words::{moment, word};

/// The table, where a moment was pinned.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    if report.pins.is_empty() {
        return;
    }
    page.head(2, "report-pins");
    let lang = page.lang;
    page.table(HEADS, report.pins.iter().map(|one| row(lang, one)));
}

/// What stands above the columns.
pub(in crate::report) const HEADS: [&str; 6] = [
    "report-col-time",
    "report-col-who",
    "report-col-what",
    "report-pin-slos",
    "report-incidents",
    "report-pin-faults",
];

/// The cells of a moment.
pub(in crate::report) fn row(lang: &Lang, one: &Pin) -> [String; 6] {
    let or_none = |all: Vec<String>| if all.is_empty() { "—".to_owned() } else { all.join(", ") };
    let slos = one.slos.iter().map(|slo| {
        let value = match slo.value {
            Some(_) => plain(&slo.value_words),
            None => said(lang, "report-no-data"),
        };
        let says = format!("{} {value}", text(&slo.name));
        match slo.broken_since {
            Some(since) => {
                format!("**{says}** ({} {})", said(lang, "report-pin-broken"), moment(lang, since))
            }
            None => says,
        }
    });
    let incidents = one
        .incidents
        .iter()
        .map(|one| format!("#{} {} {}", one.id, one.severity, word(lang, &one.status)));
    [
        moment(lang, one.at),
        format!("{} ({})", text(&one.team), text(&one.author)),
        if one.text.is_empty() { "—".to_owned() } else { text(&one.text) },
        or_none(slos.collect()),
        or_none(incidents.collect()),
        or_none(one.faults.iter().map(|name| text(name)).collect()),
    ]
}
