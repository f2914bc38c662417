//! `gameday export FILE`: what is in a recording for other programs: improvements and lessons, what was measured, the
//! incident log. Not how they are written.

use std::path::{Path, PathBuf};

use super::fresh::filled;
use super::recorded::{noted, recorded};
use super::said::Said;
use crate::exercise::fold::folded;
use crate::exercise::state::State;
use crate::gameday::text::plain;
use crate::lang::{Lang, Language};
use crate::report::export::{Export, Issue, Wanted, csv, issues, log, series};
use crate::report::model::Report;

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A table of improvements and lessons.
    #[default]
    Csv,
    /// An issue for each improvement.
    Issues,
    /// A table of what was measured, second by second.
    Series,
    /// The same as OpenMetrics text.
    OpenMetrics,
    /// The incident log as Markdown.
    Log,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// In which form.
    pub format: Format,
    /// Improvements of which status.
    pub wanted: Wanted,
    /// A file, or for issues a folder that is there; `None`: standard output.
    pub out: Option<PathBuf>,
    /// Of the log.
    pub language: Language,
    /// Also of a recording that was changed after it was written.
    pub anyway: bool,
}

/// Exports what is in a recording.
pub fn run(path: &Path, asked: &Asked) -> Said {
    let shown = plain(&path.display().to_string());
    let recorded = match recorded(path, asked.anyway, "export it all the same") {
        Ok(recorded) => recorded,
        Err(said) => return said,
    };
    let mut notes: String = recorded.warnings.iter().map(|one| noted(path, one)).collect();
    let state = folded(recorded.header, &recorded.envelopes);
    let written = match asked.format {
        Format::Csv | Format::Issues => {
            let export = Export::from_state(&state, asked.wanted);
            if export.rows.is_empty() {
                notes += &format!("{shown}: nobody wrote an improvement or a lesson\n");
            }
            written(&export, asked)
        }
        _ => {
            if asked.format != Format::Log && series::is_empty(&state) {
                notes += &format!("{shown}: nothing was measured\n");
            }
            whole(&state, recorded.warnings, asked).and_then(|text| placed(text, asked))
        }
    };
    match written {
        Ok(Put::Text(text)) => Said { text, notes, success: true },
        Ok(Put::Files(files)) => {
            let line = |file: &PathBuf| format!("wrote {}\n", plain(&file.display().to_string()));
            Said { text: files.iter().map(line).collect(), notes, success: true }
        }
        Err(why) => failed(notes + &why + "\n"),
    }
}

/// What is one text about the whole exercise.
fn whole(state: &State, warnings: Vec<String>, asked: &Asked) -> Result<String, String> {
    match asked.format {
        Format::Series => series::table(state),
        Format::OpenMetrics => Ok(series::openmetrics(state)),
        _ => {
            let lang = Lang::new(asked.language);
            Ok(log(&Report::in_language(state, &lang).with_warnings(warnings), &lang))
        }
    }
}

fn failed(notes: String) -> Said {
    Said { text: String::new(), notes, success: false }
}

/// Where it went.
enum Put {
    Text(String),
    Files(Vec<PathBuf>),
}

fn written(export: &Export, asked: &Asked) -> Result<Put, String> {
    let issues = (asked.format == Format::Issues).then(|| issues(export));
    match (&asked.out, issues) {
        (Some(folder), Some(issues)) if folder.is_dir() => {
            let each = issues.iter().map(|issue| {
                let file = folder.join(format!("{}.md", issue.name));
                put(file, &issue.text)
            });
            each.collect::<Result<_, _>>().map(Put::Files)
        }
        (_, issues) => {
            let text = match issues {
                Some(issues) => joined(&issues),
                None => csv(export)?,
            };
            placed(text, asked)
        }
    }
}

/// One text where it is wanted.
fn placed(text: String, asked: &Asked) -> Result<Put, String> {
    let example = match asked.format {
        Format::Csv | Format::Issues => "improvements.csv",
        Format::Series => "series.csv",
        Format::OpenMetrics => "series.txt",
        Format::Log => "log.md",
    };
    match &asked.out {
        None => Ok(Put::Text(text)),
        Some(path) if path.is_dir() => Err(format!(
            "--out {}: this is a folder; give a file, for example {example}",
            plain(&path.display().to_string())
        )),
        Some(file) => Ok(Put::Files(vec![put(file.clone(), &text)?])),
    }
}

/// Issues after each other: each begins with its heading.
fn joined(issues: &[Issue]) -> String {
    issues.iter().map(|issue| issue.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn put(file: PathBuf, text: &str) -> Result<PathBuf, String> {
    filled("--out", &file, text)?;
    Ok(file)
}
