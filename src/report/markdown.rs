//! A report as Markdown (CommonMark with tables). Not what it says.

mod crew;
mod faults;
mod head;
mod inside;
mod measured;
pub(super) mod page;
pub(super) mod people;
pub(super) mod pins;
mod silences;
mod suggested;
mod watch;

use super::model::Report;
use crate::lang::Lang;
use page::Page;

/// Text from outside as Markdown that shows just that text.
pub fn escaped(raw: &str) -> String {
    page::text(raw)
}

/// The report as Markdown. All text from outside is neutralised.
pub fn render(report: &Report, lang: &Lang) -> String {
    let mut page = Page::new(lang);
    if let Some(watch) = &report.watch {
        watch::write(&mut page, report, watch);
        return page.finish();
    }
    head::write(&mut page, report);
    crew::real(&mut page, report);
    measured::phases(&mut page, report);
    faults::write(&mut page, report);
    inside::write(&mut page, report);
    measured::promises(&mut page, report);
    measured::rules(&mut page, report);
    silences::write(&mut page, report);
    crew::write(&mut page, report);
    suggested::write(&mut page, report);
    crew::decided(&mut page, report);
    pins::write(&mut page, report);
    people::write(&mut page, report);
    page.finish()
}
