//! The loop of a comparison: waits for keys, draws when something changed. Nothing is run, and nothing is written but what
//! was chosen for the next start.

use std::time::Duration;

use crossterm::event::Event;

use super::error::ShellError;
use super::input::{self, Keyboard};
use super::options::Keep;
use super::terminal::{self, Screen};
use crate::exercise::state::State;
use crate::lang::Lang;
use crate::tui::answer::Outcome;
use crate::tui::manners::Manners;
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::ui::Ui;
use crate::tui::view::compare::most;
use crate::tui::view::hits::hits;
use crate::tui::{update, view};

/// What the door wants of the screen.
pub struct Options<'a> {
    /// The theme, where there is none to choose from.
    pub theme: Theme,
    /// The language.
    pub lang: Lang,
    /// What it does besides with the terminal.
    pub manners: Manners,
    /// Keeps what was chosen for the next start.
    pub keep: &'a Keep,
}

/// So often the terminal is looked after: a lost one does not always say so.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// Shows what is compared in `ui` until the person leaves or the terminal is gone; `empty` is a state in which nothing is
/// planned. The terminal is restored on every path. Must run inside a tokio runtime.
///
/// # Errors
/// When there is no terminal, or it cannot be set up.
pub async fn run(empty: &State, ui: &mut Ui, options: Options<'_>) -> Result<(), ShellError> {
    let mut screen = Screen::enter_with(options.manners)?;
    let mut keyboard = Keyboard::open().map_err(ShellError::Setup)?;
    let mut resized = terminal::resized().map_err(ShellError::Setup)?;
    let mut continued = terminal::continued().map_err(ShellError::Setup)?;
    let mut changed = true;
    loop {
        if !terminal::is_ours() {
            return Err(ShellError::Panicked);
        }
        let lost = !terminal::is_there();
        if lost || (changed && draw(&mut screen, empty, ui, &options).is_err()) {
            return Ok(());
        }
        changed = true;
        tokio::select! {
            biased;
            event = keyboard.next() => {
                let Some(event) = event else { return Ok(()) };
                for outcome in taken(&event, &screen, empty, ui, &options) {
                    match outcome {
                        Outcome::Leave => return Ok(()),
                        Outcome::Suspend => screen.suspend(&[], &mut continued).await?,
                        Outcome::Remember(name, value) => {
                            if let Err(why) = (options.keep)(name, &value) {
                                ui.complain(why);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ = resized.recv() => {}
            _ = continued.recv() => screen.enter_again()?,
            () = tokio::time::sleep(LOOK_AFTER) => changed = false,
        }
    }
}

fn scene<'a>(empty: &'a State, ui: &'a Ui, options: &'a Options<'_>) -> Scene<'a> {
    let theme = ui.looks.theme().unwrap_or(&options.theme);
    Scene { state: empty, ui, theme, lang: &options.lang, now: empty.now }
}

/// Says how far what is shown can be scrolled on this screen.
fn settle(screen: &Screen, empty: &State, ui: &mut Ui, options: &Options<'_>) {
    let Ok(area) = screen.area() else { return };
    let most = most(&scene(empty, ui, options), area);
    if let Some(compare) = &mut ui.compare {
        compare.settle(most);
    }
}

fn taken(
    event: &Event,
    screen: &Screen,
    empty: &State,
    ui: &mut Ui,
    options: &Options<'_>,
) -> Vec<Outcome> {
    settle(screen, empty, ui, options);
    match event {
        Event::Key(key) => {
            input::key(key).map(|key| update::press(key, empty, ui)).unwrap_or_default()
        }
        Event::Paste(text) => {
            update::paste(text, ui);
            Vec::new()
        }
        Event::Mouse(event) => {
            let (Some(done), Ok(area)) = (input::mouse(event), screen.area()) else {
                return Vec::new();
            };
            let reached = hits(&scene(empty, ui, options), area);
            update::mouse(done, empty, ui, &reached)
        }
        _ => Vec::new(),
    }
}

fn draw(
    screen: &mut Screen,
    empty: &State,
    ui: &mut Ui,
    options: &Options<'_>,
) -> std::io::Result<()> {
    settle(screen, empty, ui, options);
    let scene = scene(empty, ui, options);
    screen.draw(|frame| view::draw(frame, &scene))
}
