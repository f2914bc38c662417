//! What the report suggests to do, each with what it rests on. Not the rules, and not what people decided.

use super::head::when;
use super::page::{Page, plain, said, text};
use crate::lang::Lang;
use crate::report::model::{Report, Suggestion};
use crate::report::words::{moment, word};

/// The suggested improvements.
pub(super) fn write(page: &mut Page<'_>, report: &Report) {
    let lang = page.lang;
    page.head(2, "report-improvements-caption");
    if report.suggestions.is_empty() {
        page.says("report-no-suggestion");
        return;
    }
    page.says("report-suggestions-say");
    let rows = report.suggestions.iter().map(|one| {
        [text(&one.sentence), word(lang, one.category), measured(lang, one), lines(lang, one)]
    });
    page.table(
        ["report-col-suggestion", "report-col-area", "report-col-evidence", "report-log"],
        rows,
    );
}

/// The value, and the seconds it is of.
fn measured(lang: &Lang, one: &Suggestion) -> String {
    let (from, to) = (moment(lang, one.from), when(lang, one.to, &said(lang, "report-to-the-end")));
    format!("{}: {}; {from} – {to}", text(&one.metric), plain(&one.value_words))
}

/// The numbers of its lines, as they stand in the log.
fn lines(lang: &Lang, one: &Suggestion) -> String {
    if one.lines.is_empty() {
        return said(lang, "report-none");
    }
    one.lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}
