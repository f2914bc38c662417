//! The incident log as Markdown: incidents with their times first, then every line. Not the report.

use crate::lang::Lang;
use crate::report::markdown::page::{Page, said, text, told};
use crate::report::markdown::people;
use crate::report::model::Report;
use crate::report::words;

/// The log of the exercise of a report. All text from outside is neutralised.
pub fn log(report: &Report, lang: &Lang) -> String {
    let mut page = Page::new(lang);
    page.heading(1, &told(lang, "export-log-heading", &[("title", &text(&report.title))]));
    let drill = said(lang, if report.drill { "report-yes" } else { "report-no" });
    page.list([
        format!("{}: {}", said(lang, "report-fact-exercise"), text(&report.exercise)),
        format!("{}: {}", said(lang, "report-fact-began"), words::date(report.began.wall_ms)),
        format!("{}: {drill}", said(lang, "report-fact-drill")),
    ]);
    for warning in &report.warnings {
        page.paragraph(&format!("**⚠ {}** {}", said(lang, "report-warning"), text(warning)));
    }
    people::incidents(&mut page, report);
    people::times(&mut page, report);
    people::log(&mut page, report);
    page.finish()
}
