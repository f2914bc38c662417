//! The loop of the launcher: waits for keys and for what is still being read, draws when something changed.

use std::time::Duration;

use crossterm::event::Event;
use tokio::sync::mpsc::UnboundedReceiver;

use super::error::ShellError;
use super::input::{self, Keyboard};
use super::terminal::{self, Screen};
use crate::exercise::stamp::Stamp;
use crate::gameday::span::Span;
use crate::tui::lang::Lang;
use crate::tui::launcher::{Desk, Launcher, Records, Text, Wish, paste, press, settle, shown};
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::view;

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
    /// The theme.
    pub theme: &'a Theme,
    /// The language.
    pub lang: &'a Lang,
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
    let mut screen = Screen::enter()?;
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
                match taken(&event, launcher, desk) {
                    Some(Wish::Suspend) => {
                        screen.leave(&[]);
                        terminal::stop_this_process().map_err(ShellError::Setup)?;
                        let stopped = Duration::from_millis(250);
                        let _ = tokio::time::timeout(stopped, continued.recv()).await;
                        screen.enter_again()?;
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

fn taken(event: &Event, launcher: &Launcher, desk: &mut Desk) -> Option<Wish> {
    match event {
        Event::Key(key) => press(input::key(key)?, launcher, desk),
        Event::Paste(text) => {
            paste(text, desk);
            None
        }
        _ => None,
    }
}

fn draw(
    screen: &mut Screen,
    launcher: &Launcher,
    desk: &mut Desk,
    looks: &Looks<'_>,
) -> std::io::Result<()> {
    settle(launcher, desk);
    let state = shown(launcher, desk);
    let now = Stamp::new(Span::ZERO, state.header.began);
    let scene = Scene { state, ui: &desk.ui, theme: looks.theme, lang: looks.lang, now };
    screen.draw(|frame| view::launcher::draw(frame, &scene, launcher, desk))
}
