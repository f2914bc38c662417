//! The loop of the offers: waits for keys until something is accepted or the person leaves. Nothing is asked meanwhile.

use std::time::Duration;

use crossterm::event::Event;

use super::error::ShellError;
use super::input::{self, Keyboard};
use super::terminal::{self, Screen};
use crate::exercise::state::State;
use crate::lang::Lang;
use crate::tui::manners::Manners;
use crate::tui::offering::{Offering, Went};
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::ui::Ui;
use crate::tui::view::offering::draw;

/// What the door wants of the screen.
pub struct Options<'a> {
    /// The theme.
    pub theme: Theme,
    /// The language.
    pub lang: Lang,
    /// What it does besides with the terminal.
    pub manners: Manners,
    /// Writes what is taken to a file; says where, or why not.
    pub save: &'a (dyn Fn(&Offering, &str) -> Result<String, String> + Sync),
}

/// So often the terminal is looked after: a lost one does not always say so.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// Shows the offers until something is accepted (`true`), the person leaves, or the terminal is gone. `empty` is a state in
/// which nothing is planned. The terminal is restored on every path. Must run inside a tokio runtime.
///
/// # Errors
/// When there is no terminal, or it cannot be set up.
pub async fn run(
    empty: &State,
    offering: &mut Offering,
    options: Options<'_>,
) -> Result<bool, ShellError> {
    let ui = Ui::new("facilitator");
    let mut screen = Screen::enter_with(options.manners)?;
    let mut keyboard = Keyboard::open().map_err(ShellError::Setup)?;
    let mut resized = terminal::resized().map_err(ShellError::Setup)?;
    let mut continued = terminal::continued().map_err(ShellError::Setup)?;
    let mut changed = true;
    loop {
        if !terminal::is_ours() {
            return Err(ShellError::Panicked);
        }
        let scene = Scene {
            state: empty,
            ui: &ui,
            theme: &options.theme,
            lang: &options.lang,
            now: empty.now,
        };
        let lost = !terminal::is_there();
        if lost || (changed && screen.draw(|frame| draw(frame, &scene, offering)).is_err()) {
            return Ok(false);
        }
        changed = true;
        tokio::select! {
            biased;
            event = keyboard.next() => match event {
                None => return Ok(false),
                Some(Event::Key(key)) => {
                    let went = input::key(&key).map_or(Went::On, |key| offering.press(key));
                    match went {
                        Went::On => {}
                        Went::Accepted => return Ok(true),
                        Went::Left => return Ok(false),
                        Went::Save(file) => {
                            let saved = (options.save)(offering, &file);
                            let bad = saved.is_err();
                            let (Ok(says) | Err(says)) = saved;
                            offering.said = Some((says, bad));
                        }
                    }
                }
                Some(Event::Paste(text)) => offering.paste(&text),
                Some(_) => {}
            },
            _ = resized.recv() => {}
            _ = continued.recv() => screen.enter_again()?,
            () = tokio::time::sleep(LOOK_AFTER) => changed = false,
        }
    }
}
