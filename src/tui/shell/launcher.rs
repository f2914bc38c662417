//! The loop of the launcher: waits for keys and for what is still being read, draws when something changed.

use std::time::Duration;

use crossterm::event::Event;
use tokio::sync::mpsc::UnboundedReceiver;

use super::error::ShellError;
use super::input::{self, Keyboard};
use super::options::Keep;
use super::terminal::{self, Screen};
use crate::exercise::stamp::Stamp;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::tui::launcher::{
    Desk, Launcher, Records, Text, Wish, mouse, paste, press, settle, shown,
};
use crate::tui::manners::Manners;
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::view;
use crate::tui::view::hits::launcher_hits;

/// What is read meanwhile.
#[derive(Debug)]
pub enum News {
    /// The recordings.
    Records(Records),
    /// A report to be shown.
    Report(Text),
    /// What could not be done.
    Problem(String),
    /// The program is told to end.
    Leave,
}

/// Why the launcher was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// For this.
    Wish(Wish),
    /// The terminal is gone, or the program is told to end.
    Gone,
}

/// How it looks and speaks.
pub struct Looks<'a> {
    /// The theme, where there is none to choose from.
    pub theme: &'a Theme,
    /// The language.
    pub lang: &'a Lang,
    /// What it does besides with the terminal.
    pub manners: Manners,
    /// Keeps what was chosen for the next start.
    pub keep: &'a Keep,
}

/// So often the terminal is looked after: a lost one does not always say so.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// Shows the launcher until the person wants something that it cannot do itself. The terminal is restored on every
/// path. Must run inside a tokio runtime.
///
/// # Errors
/// When there is no terminal, or it cannot be set up.
pub async fn run(
    launcher: &mut Launcher,
    desk: &mut Desk,
    looks: Looks<'_>,
    news: &mut UnboundedReceiver<News>,
) -> Result<Left, ShellError> {
    let mut screen = Screen::enter_with(looks.manners)?;
    let mut keyboard = Keyboard::open().map_err(ShellError::Setup)?;
    let mut resized = terminal::resized().map_err(ShellError::Setup)?;
    let mut continued = terminal::continued().map_err(ShellError::Setup)?;
    let mut changed = true;
    loop {
        if !terminal::is_ours() {
            return Err(ShellError::Panicked);
        }
        if !terminal::is_there() || (changed && draw(&mut screen, launcher, desk, &looks).is_err())
        {
            return Ok(Left::Gone);
        }
        changed = true;
        tokio::select! {
            biased;
            event = keyboard.next() => {
                let Some(event) = event else { return Ok(Left::Gone) };
                match taken(&event, launcher, desk, &screen, &looks) {
                    Some(Wish::Suspend) => screen.suspend(&[], &mut continued).await?,
                    Some(Wish::Remember(name, value)) => {
                        if let Err(why) = (looks.keep)(name, &value) {
                            desk.ui.complain(why);
                        }
                    }
                    Some(wish) => return Ok(Left::Wish(wish)),
                    None => {}
                }
            }
            _ = resized.recv() => {}
            _ = continued.recv() => screen.enter_again()?,
            Some(item) = news.recv() => match item {
                News::Records(records) => launcher.records = records,
                News::Report(text) => {
                    desk.ui.notice = None;
                    desk.text = Some(text);
                }
                News::Problem(why) => desk.ui.complain(why),
                News::Leave => return Ok(Left::Gone),
            },
            () = tokio::time::sleep(LOOK_AFTER) => changed = false,
        }
    }
}

fn taken(
    event: &Event,
    launcher: &Launcher,
    desk: &mut Desk,
    screen: &Screen,
    looks: &Looks<'_>,
) -> Option<Wish> {
    match event {
        Event::Key(key) => press(input::key(key)?, launcher, desk),
        Event::Paste(text) => {
            paste(text, desk);
            None
        }
        Event::Mouse(event) => {
            let (done, area) = (input::mouse(event)?, screen.area().ok()?);
            settle(launcher, desk);
            let reached = launcher_hits(&scene(launcher, desk, looks), launcher, desk, area);
            mouse(done, launcher, desk, &reached)
        }
        _ => None,
    }
}

fn scene<'a>(launcher: &'a Launcher, desk: &'a Desk, looks: &'a Looks<'_>) -> Scene<'a> {
    let state = shown(launcher, desk);
    let now = Stamp::new(Span::ZERO, state.header.began);
    let theme = desk.ui.looks.theme().unwrap_or(looks.theme);
    Scene { state, ui: &desk.ui, theme, lang: looks.lang, now }
}

fn draw(
    screen: &mut Screen,
    launcher: &Launcher,
    desk: &mut Desk,
    looks: &Looks<'_>,
) -> std::io::Result<()> {
    settle(launcher, desk);
    let scene = scene(launcher, desk, looks);
    screen.draw(|frame| view::launcher::draw(frame, &scene, launcher, desk))
}
