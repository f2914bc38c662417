//! Every query of a watch: its values, its text, and when it had no data. Not the SLOs that go by it.

use crate::report::markdown::head::when;
use crate::report::markdown::page::{Page, code, plain, said, text};
use crate::report::model::Watch;
use crate::report::words::{length, moment, word};

pub(super) fn write(page: &mut Page<'_>, watch: &Watch) {
    let lang = page.lang;
    page.head(2, "report-watch-queries");
    let rows = watch.queries.iter().map(|one| {
        let slos: Vec<String> = one.slos.iter().map(|slo| text(slo)).collect();
        [
            text(&one.name),
            format!("{} ({})", text(&one.title), text(&one.group)),
            plain(&word(lang, &one.last_words)),
            plain(&word(lang, &one.least_words)),
            plain(&word(lang, &one.most_words)),
            if slos.is_empty() { said(lang, "report-none") } else { slos.join(", ") },
        ]
    });
    page.table(
        [
            "report-watch-col-query",
            "report-col-what",
            "report-watch-col-last",
            "report-watch-col-lowest",
            "report-watch-col-highest",
            "report-col-slo",
        ],
        rows,
    );
    page.list(watch.queries.iter().map(|one| format!("{}: {}", text(&one.name), code(&one.query))));
    let rows = watch.queries.iter().flat_map(|one| {
        one.silences.iter().map(|silence| {
            let why = silence.why.as_deref();
            [
                text(&one.name),
                moment(lang, silence.from),
                when(lang, silence.to, &said(lang, "report-watch-still-silent")),
                length(silence.lasted_ms),
                why.map_or_else(|| said(lang, "report-watch-empty"), text),
            ]
        })
    });
    let rows: Vec<[String; 5]> = rows.collect();
    if rows.is_empty() {
        page.says("report-watch-never-silent");
        return;
    }
    page.table(
        [
            "report-watch-col-query",
            "report-col-from",
            "report-col-to",
            "report-col-lasted",
            "report-watch-col-why",
        ],
        rows,
    );
}
