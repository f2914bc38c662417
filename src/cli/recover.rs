//! `gameday recover`, and what every start does first: exercises that died are found, what they left is undone and
//! recorded.

use std::path::Path;

use super::elsewhere::{Note, noted};
use super::output::complain;
use super::report;
use super::said::Said;
use super::silencers::Known;
use super::watches::is_watch;
use crate::config::Folders;
use crate::engine::Bounds;
use crate::engine::recover::{Cleared, recover as undo};
use crate::exercise::fold::folded;
use crate::exercise::state::State;
use crate::gameday::plan::Target;
use crate::gameday::text::plain;
use crate::kubernetes::injector::Leftovers;
use crate::lab::{Remains, clear_remains};
use crate::lang::Language;
use crate::load::flood::Ebb;
use crate::port::clock::Clock;
use crate::recording::file::{FileRecording, is_live};
use crate::recording::folder::{Folder, has_ended};

/// Says what was found and what became of it.
pub(super) async fn recover(folders: &Folders, clock: &dyn Clock) -> Said {
    let found = sweep(folders, clock).await;
    let mut said = Said { text: String::new(), notes: String::new(), success: true };
    if found.is_empty() {
        said.text = "no exercise died; nothing is left to undo\n".into();
    }
    for one in found {
        let place = if one.clean { &mut said.text } else { &mut said.notes };
        said.success &= one.clean;
        place.push_str(&one.text);
        place.push('\n');
    }
    said
}

/// What became of one exercise that died.
pub(super) struct Swept {
    /// For people, several lines.
    pub(super) text: String,
    /// Whether nothing of it is left.
    pub(super) clean: bool,
}

/// Finds every exercise that died and clears up after it.
pub(super) async fn sweep(folders: &Folders, clock: &dyn Clock) -> Vec<Swept> {
    let mut swept = Vec::new();
    match Folder::at(&folders.recordings()).died() {
        Ok(died) => {
            // A watch touched nothing, and waits to be taken up again.
            for path in died.into_iter().filter(|path| !is_watch(path)) {
                swept.push(recovered(&path, folders, clock).await);
            }
        }
        Err(error) => swept.push(failed(&format!("cannot look for exercises that died: {error}"))),
    }
    match noted(folders) {
        Ok(notes) => {
            for (exercise, path, note) in notes {
                swept.extend(outside(&exercise, &path, note, (folders, clock)).await);
            }
        }
        Err(error) => swept.push(failed(&format!("cannot look for recordings outside: {error}"))),
    }
    swept
}

/// One that was recorded outside the data folder.
async fn outside(
    exercise: &str,
    path: &Path,
    note: Note,
    (folders, clock): (&Folders, &dyn Clock),
) -> Option<Swept> {
    if path.is_file() {
        if is_live(path).unwrap_or(true) {
            return None;
        }
        if has_ended(path) {
            note.clear();
            return None;
        }
        if is_watch(path) {
            return None;
        }
        let swept = recovered(path, folders, clock).await;
        if swept.clean {
            note.clear();
        }
        return Some(swept);
    }
    // Without its recording nobody knows what it did; that nothing of its lab runs can still be seen to.
    let shown = plain(&path.display().to_string());
    Some(match clear_remains(exercise).await {
        Ok(evidence) => {
            note.clear();
            let text = format!("{shown}: the recording is gone; {}", plain(&evidence));
            Swept { text, clean: true }
        }
        Err(error) => failed(&format!("{shown}: the recording is gone; {error}")),
    })
}

fn failed(why: &str) -> Swept {
    Swept { text: plain(why), clean: false }
}

async fn recovered(path: &Path, folders: &Folders, clock: &dyn Clock) -> Swept {
    let shown = plain(&path.display().to_string());
    match one(path, folders, clock).await {
        Ok((cleared, problem)) => {
            let mut swept = tell(&shown, &cleared);
            if let Some(problem) = problem {
                swept.text.push_str(&format!("\n  {}", plain(&problem)));
            }
            swept
        }
        Err(why) => failed(&format!("{shown}: cannot be recovered: {why}")),
    }
}

async fn one(
    path: &Path,
    folders: &Folders,
    clock: &dyn Clock,
) -> Result<(Vec<Cleared>, Option<String>), String> {
    let (mut recording, recorded) =
        FileRecording::reopen(path).map_err(|error| error.to_string())?;
    let mut state = folded(recorded.header, &recorded.envelopes);
    let known = Known(folders);
    let cleared = match &state.header.plan.target {
        Target::Kubernetes(_) => in_cluster(&mut state, &mut recording, &known, clock).await?,
        Target::Lab | Target::Url { .. } => {
            // Whatever the recording says of faults, no process of that exercise's lab may be left.
            clear_remains(&state.header.exercise).await.map_err(|error| error.to_string())?;
            undo(&mut state, &mut recording, (&Ebb(&Remains), Bounds::HERE), &known, clock)
                .await
                .map_err(|error| error.to_string())?
        }
    };
    drop(recording);
    // What was undone is said whatever becomes of the report; it can be made again.
    let problem =
        report::write(path, Language::English).map_or_else(Some, |written| written.problem);
    Ok((cleared, problem))
}

/// Undoes what is left in the cluster that the exercise was about.
async fn in_cluster(
    state: &mut State,
    recording: &mut FileRecording,
    known: &Known<'_>,
    clock: &dyn Clock,
) -> Result<Vec<Cleared>, String> {
    let leftovers = Leftovers::default();
    let cleared = undo(state, recording, (&Ebb(&leftovers), Bounds::CLUSTER), known, clock)
        .await
        .map_err(|error| error.to_string())?;
    if cleared.iter().all(|one| one.outcome.is_ok())
        && let Err(error) = leftovers.tidy().await
    {
        complain(&plain(&format!("what the run keeps in the cluster stays there: {error}")));
    }
    Ok(cleared)
}

fn tell(shown: &str, cleared: &[Cleared]) -> Swept {
    let mut text = format!("{shown}: the exercise died");
    let mut clean = true;
    for one in cleared {
        let (word, detail) = match &one.outcome {
            Ok(evidence) => ("undone", evidence),
            Err(error) => {
                clean = false;
                ("NOT undone", error)
            }
        };
        text.push_str(&format!("\n  {}: {word}: {}", plain(&one.name), plain(detail)));
    }
    if cleared.is_empty() {
        text.push_str("; no fault was left");
    }
    Swept { text, clean }
}
