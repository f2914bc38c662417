//! A report as one HTML page that needs nothing else: no network, no fonts, no script. Not what it says.

use super::model::Report;
use super::parts::TEMPLATE;
use super::template;
use crate::lang::Language;

/// The report as a page.
///
/// # Errors
/// Where the template is wrong; a test fills it with anything.
pub fn render(report: &Report, language: Language) -> Result<String, String> {
    template::ours(report, language, "report.html", TEMPLATE)
}
