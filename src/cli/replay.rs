//! `gameday replay FILE`: a recording on the live screen, as it was. Nothing is run, and nothing is changed but the notes beside
//! it.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::args::Screen;
use super::earlier::earlier;
use super::run::arrangement;
use super::signals::Signals;
use super::{beside, keys, looks, memory};
use crate::config::Folders;
use crate::gameday::text::plain;
use crate::lang::Message;
use crate::port::clock::Clock;
use crate::port::tape::Tape;
use crate::recording::notes;
use crate::recording::read::{ReadError, Trust};
use crate::recording::tape::RecordedTape;
use crate::report::earlier::Exercise;
use crate::tui::palette;
use crate::tui::relay::tongue::Tongue;
use crate::tui::replay::reel::{KeepNotes, Reel};
use crate::tui::shell::replay::{Options, run as show};
use crate::tui::ui::Ui;

/// Shows a recording until the person leaves. One that was changed after it was written is refused unless `anyway`; then the
/// screen says so.
///
/// # Errors
/// When it cannot be read, its notes are wrong, or there is no terminal; for people.
pub(super) async fn replay(
    path: &Path,
    anyway: bool,
    screen: &Screen,
    folders: &Folders,
    clock: Arc<dyn Clock>,
) -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).ok();
    let bindings = keys::load(screen.keys.as_deref(), folders)?;
    let looks = looks::load(screen, folders)?;
    let theme = looks::plain_theme()?;
    let lang = looks::texts(screen.lang, &looks);
    let before = arrangement::read(&folders.panes());
    let labels = palette::labels(&lang);
    let tongue = Tongue { language: lang.language(), updates: None, keeps: true };
    let mut ui = Ui { labels, bindings, looks, tongue, ..Ui::new("facilitator") };
    if let Err(why) = &before {
        ui.complain(why.clone());
    }
    let before = before.unwrap_or_default();
    ui.panes = before.clone();
    let (panes, arranged) = watch::channel(before.clone());
    // A long recording takes a while; signals and other tasks go on meanwhile.
    let file = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || opened(&file, anyway, ui)).await;
    let reel = opened.map_err(|error| error.to_string())??;
    let (tell, earlier) = oneshot::channel();
    look_back(&reel, folders, tell);
    let keep = Some(memory::keeper(folders));
    let manners = screen.manners(variable);
    let write_down = Some(beside::writer(path));
    let options = Options { theme, keep, lang, manners, write_down, panes, earlier };
    let left = Signals::beside(show(reel, clock, options)).await;
    let arranged = arranged.borrow();
    if *arranged != before {
        arrangement::write(&folders.panes(), &arranged)?;
    }
    left
}

/// Reads what earlier exercises taught on a thread of its own: there may be many, and long ones. Rehearsals teach nobody.
fn look_back(reel: &Reel, folders: &Folders, tell: oneshot::Sender<(Vec<Exercise>, Vec<String>)>) {
    let header = Arc::clone(&reel.shown().0.header);
    let folder = folders.recordings();
    tokio::task::spawn_blocking(move || {
        let found = earlier(&folder, &header.plan.name, &header.exercise);
        drop(tell.send((found.exercises, found.problems)));
    });
}

fn opened(path: &Path, anyway: bool, mut ui: Ui) -> Result<Reel, String> {
    let tape = tape(path, anyway, "replay")?;
    if !tape.warnings().is_empty() && ui.notice.is_none() {
        let said = plain(&tape.warnings().join("; "));
        ui.complain(Message::plain("says-odd-recording").with("what", said));
    }
    reel(path, tape, ui)
}

/// The recording in a file; one that was changed after it was written only if `anyway`. `verb` is what is wanted of it.
///
/// # Errors
/// When it cannot be read, for people.
pub(super) fn tape(path: &Path, anyway: bool, verb: &str) -> Result<RecordedTape, String> {
    let shown = plain(&path.display().to_string());
    let trust = if anyway { Trust::Anyway } else { Trust::Strict };
    RecordedTape::open(path, trust).map_err(|error| {
        let more = match error {
            ReadError::Changed(_) => format!(". To {verb} it all the same, add --anyway"),
            _ => String::new(),
        };
        format!("{shown}: {}{more}", plain(&error.to_string()))
    })
}

/// The recording of a file on a screen, with what was added to it afterwards.
///
/// # Errors
/// When it cannot be read, or its notes are wrong, for people.
pub(super) fn reel(path: &Path, tape: RecordedTape, ui: Ui) -> Result<Reel, String> {
    let shown = plain(&path.display().to_string());
    let (file, exercise) = (notes::path_of(path), tape.header().exercise.clone());
    let added = notes::load(&file, &exercise, tape.last())?;
    let keep: Arc<KeepNotes> = Arc::new(move |notes| {
        notes::save(&file, &exercise, notes).map_err(|error| format!("{}: {error}", file.display()))
    });
    Reel::new(Box::new(tape), ui, added, keep).map_err(|error| format!("{shown}: {error}"))
}

/// The same without what was added.
///
/// # Errors
/// When it cannot be read, for people.
pub(super) fn plain_reel(path: &Path, tape: RecordedTape, ui: Ui) -> Result<Reel, String> {
    let shown = plain(&path.display().to_string());
    // Nobody is there to write one.
    let keep: Arc<KeepNotes> = Arc::new(|_| Ok(()));
    Reel::new(Box::new(tape), ui, Vec::new(), keep).map_err(|error| format!("{shown}: {error}"))
}
