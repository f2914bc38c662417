//! `gameday report FILE`: the report of a recording, made again.

use std::path::{Path, PathBuf};

use super::said::Said;
use crate::exercise::fold::folded;
use crate::gameday::text::plain;
use crate::recording::read::{ReadError, Recorded, read, read_anyway};
use crate::report::model::{Objective, Report};
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

/// The reports of an exercise, on disk beside its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Those that could be written.
    pub(super) files: Vec<PathBuf>,
    /// Why one could not, as a sentence for people.
    pub(super) problem: Option<String>,
    /// Objectives with their verdicts, a line each.
    pub(super) summary: Vec<String>,
    /// Whether nothing is against it.
    pub(super) met: bool,
}

/// Where the reports of the recording at `path` are written.
pub(super) fn paths(path: &Path) -> [(PathBuf, Format); 2] {
    [(path.with_extension("md"), Format::Markdown), (path.with_extension("json"), Format::Json)]
}

/// Makes the reports of the recording at `path` and writes them beside it. What is odd about the recording stands in
/// them.
///
/// # Errors
/// When the recording cannot be read; a sentence for people.
pub(super) fn write(path: &Path) -> Result<Written, String> {
    let recorded = read_anyway(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let report = report_of(recorded);
    let (mut files, mut problem) = (Vec::new(), None);
    for (file, format) in paths(path) {
        match replace(&file, &render(&report, format)) {
            Ok(()) => files.push(file),
            Err(error) => problem = Some(format!("the report {}: {error}", file.display())),
        }
    }
    let line = |objective: &Objective| {
        format!("  {:<10} {} ({})", objective.answer, objective.title, objective.evidence)
    };
    let mut summary = vec![format!("objectives: {}", report.overall.words)];
    summary.extend(report.objectives.iter().map(line));
    Ok(Written { files, problem, summary, met: report.overall.objectives_met })
}

/// Writes aside and renames: a disk without room costs no report that was there before.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let aside = file.with_extension("part");
    let written = std::fs::write(&aside, text).and_then(|()| std::fs::rename(&aside, file));
    if written.is_err() {
        drop(std::fs::remove_file(&aside));
    }
    written
}

fn report_of(recorded: Recorded) -> Report {
    let state = folded(recorded.header, &recorded.envelopes);
    Report::from_state(&state).with_warnings(recorded.warnings)
}
