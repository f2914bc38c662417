//! `gameday compare A B` on a terminal: exercises beside each other, full-screen. Nothing is run, and no recording is
//! changed.

use std::sync::Arc;

use super::sides;
use crate::cli::args::Screen;
use crate::cli::signals::Signals;
use crate::cli::{blank, keys, looks, memory};
use crate::config::Folders;
use crate::port::clock::Clock;
use crate::report::compare::model::Align;
use crate::report::compare::side::Side;
use crate::tui::compare::{Compare, Compared};
use crate::tui::palette;
use crate::tui::place::Place;
use crate::tui::shell::compare::{Options, run};
use crate::tui::ui::Ui;

/// Shows the recordings at these paths beside each other until the person leaves. One that was changed after it was
/// written is compared, too, and the screen says so.
///
/// # Errors
/// Everything that keeps one of them from being read, a line each; and those of [`show`].
pub(in crate::cli) async fn open(
    paths: Vec<String>,
    screen: &Screen,
    folders: &Folders,
    clock: &dyn Clock,
) -> Result<(), String> {
    let folder = folders.recordings();
    // Long recordings take a while.
    let read = tokio::task::spawn_blocking(move || sides(&paths, &folder, true)).await;
    let sides = read.map_err(|error| error.to_string())??;
    show(sides, Align::default(), screen, folders, clock).await
}

/// Shows exercises beside each other until the person leaves.
///
/// # Errors
/// When there is no terminal, or no theme or keymap that was asked for; for people.
pub(in crate::cli) async fn show(
    sides: Vec<Side>,
    align: Align,
    screen: &Screen,
    folders: &Folders,
    clock: &dyn Clock,
) -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).ok();
    let bindings = keys::load(screen.keys.as_deref(), folders)?;
    let looks = looks::load(screen, folders)?;
    let theme = looks::plain_theme()?;
    let lang = looks::texts(screen.lang, &looks);
    let (place, labels) = (Place::Compare, palette::labels(&lang));
    let compare = Some(Compare::new(Arc::new(Compared::of(&sides)), align));
    let mut ui = Ui { place, compare, labels, bindings, looks, ..Ui::new("facilitator") };
    let empty = blank::empty(clock)?;
    let keep = memory::keeper(folders);
    let options = Options { theme, lang, manners: screen.manners(variable), keep: &*keep };
    Signals::beside(run(&empty, &mut ui, options)).await
}
