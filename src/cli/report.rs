//! `gameday report FILE`: the report of a recording, made again.

use std::path::Path;
use std::sync::Arc;

use super::said::{Said, plain};
use crate::exercise::fold::apply;
use crate::exercise::state::State;
use crate::recording::read::{ReadError, Recorded, read, read_anyway};
use crate::report::model::Report;
use crate::report::{json, markdown};

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Markdown,
    /// For programs.
    Json,
}

/// Makes the report of a recording. One that was changed after it was written is refused unless `anyway`; then the
/// report says so at its top.
pub fn run(path: &Path, format: Format, anyway: bool) -> Said {
    let recorded = if anyway { read_anyway(path) } else { read(path) };
    match recorded {
        Ok(recorded) => {
            let report = report_of(recorded);
            let text = render(&report, format);
            let file = plain(&path.display().to_string());
            let note = |warning: &String| format!("{file}: {}\n", plain(warning));
            Said { text, notes: report.warnings.iter().map(note).collect(), success: true }
        }
        Err(error) => {
            let mut notes =
                format!("{}: {}\n", plain(&path.display().to_string()), plain(&error.to_string()));
            if matches!(error, ReadError::Changed(_)) {
                notes += "To make a report of it all the same, which then says so, add --anyway.\n";
            }
            Said { text: String::new(), notes, success: false }
        }
    }
}

/// The report in the asked form.
pub fn render(report: &Report, format: Format) -> String {
    match format {
        Format::Markdown => markdown::render(report),
        Format::Json => json::render(report),
    }
}

fn report_of(recorded: Recorded) -> Report {
    let mut state = State::new(Arc::new(recorded.header));
    for envelope in &recorded.envelopes {
        apply(&mut state, envelope);
    }
    Report::from_state(&state).with_warnings(recorded.warnings)
}
