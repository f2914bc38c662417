//! `gameday report FILE`: the report of a recording, made again, in a form of ours or in a template of the user.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::recorded::{noted, recorded};
use super::said::Said;
use crate::exercise::fold::folded;
use crate::exercise::state::State;
use crate::gameday::text::{plain, plain_lines};
use crate::lang::{Lang, Language};
use crate::recording::pack::shorter;
use crate::recording::read::{Recorded, read_anyway};
use crate::report::model::{Objective, Report, Watch};
use crate::report::words::length;
use crate::report::{html, json, junit, markdown, template};

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Markdown,
    /// For people, as a page to send.
    Html,
    /// For programs.
    Json,
    /// For CI, as JUnit XML.
    Junit,
}

impl Format {
    /// The language it is in: programs get English whatever people asked for.
    const fn spoken(self, language: Language) -> Language {
        match self {
            Self::Markdown | Self::Html => language,
            Self::Json | Self::Junit => Language::English,
        }
    }
}

/// Held while the reports of a recording are made: the screen makes them in the background while the end makes them,
/// and who read the recording last shall write last.
static MAKING: Mutex<()> = Mutex::new(());

/// No template is longer.
const MOST_BYTES: u64 = 4 << 20;

/// Makes the report of a recording. One that was changed after it was written is refused unless `anyway`; then the
/// report says so at its top.
pub fn run(path: &Path, format: Format, language: Language, anyway: bool) -> Said {
    made(path, anyway, format.spoken(language), |report| render(report, format, language))
}

/// The same, in the user's own template: what is put into it is escaped if its name ends in `.html`, `.htm` or `.xml`.
pub fn fill(path: &Path, own: &Path, language: Language, anyway: bool) -> Said {
    let name = own.display().to_string();
    let source = std::fs::metadata(own).map_err(|error| error.to_string()).and_then(|about| {
        if about.len() > MOST_BYTES {
            return Err("it is too long for a template".to_owned());
        }
        std::fs::read_to_string(own).map_err(|error| error.to_string())
    });
    match source {
        Ok(source) => made(path, anyway, language, |report| {
            template::render(report, language, &name, &source)
        }),
        Err(why) => {
            let notes = format!("{}: cannot read the template: {}\n", plain(&name), plain(&why));
            Said { text: String::new(), notes, success: false }
        }
    }
}

fn made(
    path: &Path,
    anyway: bool,
    language: Language,
    render: impl Fn(&Report) -> Result<String, String>,
) -> Said {
    let wish = "make a report of it all the same, which then says so";
    let recorded = match recorded(path, anyway, wish) {
        Ok(recorded) => recorded,
        Err(said) => return said,
    };
    let report = report_of(&folded_of(&recorded), &recorded, language);
    let mut notes: String = report.warnings.iter().map(|one| noted(path, one)).collect();
    match render(&report) {
        Ok(text) => Said { text, notes, success: true },
        Err(why) => {
            notes += &format!("{}\n", plain_lines(&why));
            Said { text: String::new(), notes, success: false }
        }
    }
}

/// The report in the asked form. Programs get English whatever the language.
///
/// # Errors
/// When the page cannot be made, as text for people.
pub fn render(report: &Report, format: Format, language: Language) -> Result<String, String> {
    match format {
        Format::Markdown => Ok(markdown::render(report, &Lang::new(language))),
        Format::Html => html::render(report, language),
        Format::Json => Ok(json::render(report)),
        Format::Junit => Ok(junit::render(report)),
    }
}

/// The reports of an exercise, on disk beside its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Those that could be written.
    pub(super) files: Vec<PathBuf>,
    /// Why one could not, as a sentence for people.
    pub(super) problem: Option<String>,
    /// Objectives with their verdicts, or what was outside in a watch, a line each.
    pub(super) summary: Vec<String>,
    /// Whether nothing is against it.
    pub(super) met: bool,
}

/// Where the reports of the recording at `path` are written.
pub(super) fn paths(path: &Path) -> [(PathBuf, Format); 3] {
    [("md", Format::Markdown), ("html", Format::Html), ("json", Format::Json)]
        .map(|(ending, format)| (beside(path, ending), format))
}

/// The file beside a recording, packed or not, with another ending.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    shorter(path).unwrap_or_else(|| path.to_owned()).with_extension(ending)
}

/// Makes the reports of the recording at `path` and writes them beside it. What is odd about the recording stands in
/// them.
///
/// # Errors
/// When the recording cannot be read; a sentence for people.
pub(super) fn write(path: &Path, language: Language) -> Result<Written, String> {
    let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let recorded = read_anyway(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let state = folded_of(&recorded);
    let report = report_of(&state, &recorded, Language::English);
    let told = report_of(&state, &recorded, language);
    let (mut files, mut problem) = (Vec::new(), None);
    for (file, format) in paths(path) {
        let report = if format.spoken(language) == language { &told } else { &report };
        let text = render(report, format, language);
        let written =
            text.and_then(|text| replace(&file, &text).map_err(|error| error.to_string()));
        match written {
            Ok(()) => files.push(file),
            Err(why) => problem = Some(format!("the report {}: {why}", file.display())),
        }
    }
    let line = |objective: &Objective| {
        format!("  {:<10} {} ({})", objective.answer, objective.title, objective.evidence)
    };
    let summary = match &report.watch {
        Some(watch) => watched(&report, watch),
        None => {
            let first = format!("objectives: {}", report.overall.words);
            std::iter::once(first).chain(report.objectives.iter().map(line)).collect()
        }
    };
    Ok(Written { files, problem, summary, met: report.overall.objectives_met })
}

/// What was outside in a watch, a line each, and what fired.
fn watched(report: &Report, watch: &Watch) -> Vec<String> {
    let outside = match report.outside_ms {
        None => "no SLO was measured".to_owned(),
        Some(0) => "every SLO was kept".to_owned(),
        Some(outside) => format!("SLOs were outside for {}", length(outside)),
    };
    let slos = report.slos.iter().filter_map(|slo| {
        let kept = slo.watched.as_ref()?;
        let outside = length(kept.outside_ms.filter(|outside| *outside > 0)?);
        Some(format!(
            "  {} {}: outside for {outside}, worst {}",
            slo.name, slo.limit, kept.worst_words
        ))
    });
    let alerts =
        format!("alerts that fired: {}; incidents: {}", watch.fired, report.totals.incidents);
    std::iter::once(outside).chain(slos).chain([alerts]).collect()
}

/// Writes aside and renames: a disk without room costs no report that was there before, and nobody reads half of one.
pub(super) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut aside = tempfile::Builder::new();
    aside.prefix(".gameday-").suffix(".part");
    // As any new file: what the user's umask leaves.
    #[cfg(unix)]
    aside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut aside = aside.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    aside.write_all(text.as_bytes())?;
    aside.persist(file)?;
    Ok(())
}

fn folded_of(recorded: &Recorded) -> State {
    folded(recorded.header.clone(), &recorded.envelopes)
}

fn report_of(state: &State, recorded: &Recorded, language: Language) -> Report {
    let report = Report::in_language(state, &Lang::new(language));
    report.with_warnings(recorded.warnings.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_of_files_with_one_stem_do_not_take_each_others_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = |ending: &str| folder.path().join("a-recording").with_extension(ending);
        std::thread::scope(|scope| {
            for ending in ["md", "json", "html", "md"] {
                let file = file(ending);
                scope.spawn(move || (0..200).for_each(|_| replace(&file, ending).unwrap()));
            }
        });
        for ending in ["md", "json", "html"] {
            assert_eq!(std::fs::read_to_string(file(ending)).unwrap(), ending);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "something is left");
    }
}
