//! The end of an exercise or a watch for the shell: the report, a few lines, an exit code.

use std::path::Path;
use std::process::ExitCode;

use crate::cli::output::{complain, print};
use crate::cli::{rehearse, report};
use crate::engine::Finish;
use crate::exercise::event::Outcome;
use crate::gameday::text::{plain, plain_lines};
use crate::lang::Language;

/// Objectives not met.
const NOT_MET: u8 = 1;
/// Halted.
const HALTED: u8 = 2;
/// Could not run.
const COULD_NOT_RUN: u8 = 3;

/// What came of it as an exit code; why nothing came of it is told.
pub(super) fn code(ran: Result<u8, String>) -> ExitCode {
    ran.map_or_else(
        |why| {
            complain(&plain_lines(&why));
            ExitCode::from(COULD_NOT_RUN)
        },
        ExitCode::from,
    )
}

/// Writes the report and says how it went.
pub(super) fn finished(
    finish: Result<Finish, String>,
    shown: Result<(), String>,
    path: &Path,
    language: Language,
) -> Result<u8, String> {
    let written = report::write(path, language);
    let finish = finish?;
    let outcome = finish.state.outcome.clone();
    shown?;
    if let Some(lost) = finish.unwritten {
        return Err(format!("{lost}: {}", path.display()));
    }
    let written = written?;
    let (outcome, why) = outcome.unwrap_or((Outcome::Died, "it just stopped".into()));
    let mut lines = vec![format!("{}: {}", finish.state.plan().title, why)];
    let (told, right) = match finish.state.header.rehearsal {
        // What was found names the objectives.
        Some(how) => rehearse::told(&finish.state, how, language),
        None => (written.summary, true),
    };
    lines.extend(told);
    lines.push(format!("recording: {}", path.display()));
    if let Some(problem) = written.problem {
        complain(&plain(&format!(
            "{problem}; make it again with: gameday report {}",
            path.display()
        )));
    }
    lines.extend(written.files.iter().map(|file| format!("report:    {}", file.display())));
    print(&lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n"))
        .map_err(|error| error.to_string())?;
    Ok(match outcome {
        Outcome::NotStarted | Outcome::Died => COULD_NOT_RUN,
        Outcome::Halted => HALTED,
        Outcome::Completed | Outcome::EndedEarly if written.met && right => 0,
        Outcome::Completed | Outcome::EndedEarly => NOT_MET,
    })
}
