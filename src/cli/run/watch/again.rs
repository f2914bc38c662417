//! A watch that was left or broke off, taken up again from its recording.

use std::path::{Path, PathBuf};

use crate::cli::output::complain;
use crate::cli::watches::is_watch;
use crate::exercise::fold::folded;
use crate::exercise::reading::Reading;
use crate::exercise::state::{Stage, State};
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::port::clock::Clock;
use crate::recording::file::{FileRecording, is_live};
use crate::recording::folder::{Folder, has_ended};

/// At most so much of a time in which nobody watched is asked for afterwards.
pub(super) const LONGEST_GAP: Span = Span::from_secs(24 * 3_600);

/// A watch that is about to begin, or to go on.
pub(super) struct Begun {
    pub(super) state: State,
    pub(super) recording: FileRecording,
    /// So much of the time before is asked for.
    pub(super) before: Span,
}

/// Goes on with the recording `file`; where none is named, with the last watch in the folder that has no end.
pub(super) fn taken_up(
    file: Option<&Path>,
    recordings: &Path,
    clock: &dyn Clock,
) -> Result<Begun, String> {
    let path = match file {
        None => last(recordings)?,
        Some(file) => file.to_owned(),
    };
    let shown = plain(&path.display().to_string());
    let (recording, recorded) =
        FileRecording::reopen(&path).map_err(|error| format!("--resume {shown}: {error}"))?;
    for warning in &recorded.warnings {
        complain(&plain(&format!("{shown}: {warning}")));
    }
    let state = folded(recorded.header, &recorded.envelopes);
    if !state.is_watch() {
        return Err(format!("--resume {shown}: this is an exercise, no watch"));
    }
    if state.stage == Stage::Ended {
        return Err(format!(
            "--resume {shown}: this watch has come to its end; begin a new one, or read it with: gameday replay {shown}"
        ));
    }
    let away = clock.wall_millis().saturating_sub(state.now.wall);
    let away = Span::from_millis(u64::try_from(away).unwrap_or_default());
    // Nothing is known since the last reading: it was left, perhaps, while nobody answered.
    let last = state.readings.last().map_or(state.now.elapsed, Reading::end);
    let before = away + (state.now.elapsed - last);
    Ok(Begun { state, recording, before: before.min(LONGEST_GAP) })
}

/// The last watch that has no end and that nobody writes.
fn last(recordings: &Path) -> Result<PathBuf, String> {
    let all = Folder::at(recordings).list();
    let all = all.map_err(|error| format!("{}: {error}", recordings.display()))?;
    let open =
        |path: &&PathBuf| !is_live(path).unwrap_or(true) && is_watch(path) && !has_ended(path);
    all.iter().find(open).cloned().ok_or_else(|| {
        format!(
            "--resume: no watch in {} waits to be taken up again",
            plain(&recordings.display().to_string())
        )
    })
}
