//! The loop of a recording that is replayed: waits for keys and for the next moment, draws when something changed. It holds
//! nothing that takes orders: what a key might ask of a live exercise has nowhere to go.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;
use tokio::sync::{oneshot, watch};

use super::copying::written;
use super::error::ShellError;
use super::input::{self, Keyboard};
use super::options::{Keep, WriteDown};
use super::terminal::{self, Screen};
use crate::lang::{Lang, Message};
use crate::port::clock::Clock;
use crate::port::tape::TapeError;
use crate::report::earlier::Exercise;
use crate::tui::answer::Outcome;
use crate::tui::manners::{self, Manners};
use crate::tui::mouse::Mouse;
use crate::tui::pace::{Changes, Decision, Drawn, needs_draw};
use crate::tui::pane::Panes;
use crate::tui::replay::reel::Reel;
use crate::tui::scene::Scene;
use crate::tui::theme::Theme;
use crate::tui::view::clocked::shown;
use crate::tui::view::hits::hits;
use crate::tui::{copy, update, view};

/// What the door wants of the screen.
pub struct Options {
    /// How it looks where there is no theme to choose.
    pub theme: Theme,
    /// Keeps what was chosen for the next start: a name, and what is kept under it.
    pub keep: Option<Arc<Keep>>,
    /// What it says, in which language.
    pub lang: Lang,
    /// What it does besides with the terminal.
    pub manners: Manners,
    /// Writes files beside the recording.
    pub write_down: Option<Arc<WriteDown>>,
    /// How the panes are arranged; says so when that changes.
    pub panes: watch::Sender<Panes>,
    /// What earlier exercises of the same game day taught, and what of them could not be read: once that is known.
    pub earlier: oneshot::Receiver<(Vec<Exercise>, Vec<String>)>,
}

/// So often the terminal is looked after, without drawing: a lost one does not always say so.
const LOOK_AFTER: Duration = Duration::from_secs(1);
/// Playback is not looked at more often than it can be drawn.
const LEAST_WAIT: Duration = Duration::from_millis(15);

/// Shows a recording until the person leaves or the terminal is gone. The terminal is restored on every path. Must run
/// inside a tokio runtime.
///
/// # Errors
/// When there is no terminal, or it cannot be set up.
pub async fn run(reel: Reel, clock: Arc<dyn Clock>, options: Options) -> Result<(), ShellError> {
    let screen = Screen::enter_with(options.manners)?;
    let changes = Changes::default();
    Desk { reel, clock, options, screen, changes, drawn: None }.work().await
}

struct Desk {
    reel: Reel,
    clock: Arc<dyn Clock>,
    options: Options,
    screen: Screen,
    changes: Changes,
    drawn: Option<Drawn>,
}

fn scene<'a>(reel: &'a Reel, options: &'a Options) -> Scene<'a> {
    let (state, ui) = reel.shown();
    let theme = ui.looks.theme().unwrap_or(&options.theme);
    Scene { state, ui, theme, lang: &options.lang, now: shown(state, reel.now()) }
}

impl Desk {
    async fn work(mut self) -> Result<(), ShellError> {
        let mut keyboard = Keyboard::open().map_err(ShellError::Setup)?;
        let mut resized = terminal::resized().map_err(ShellError::Setup)?;
        let mut continued = terminal::continued().map_err(ShellError::Setup)?;
        let mut looking_back = true;
        loop {
            if !terminal::is_ours() {
                return Err(ShellError::Panicked);
            }
            if !terminal::is_there() {
                return Ok(());
            }
            let now = self.clock.monotonic();
            match self.reel.advance(now) {
                Ok(happened) => self.changes.arrived |= happened,
                Err(error) => self.failed(error),
            }
            let Ok(wait) = self.draw_if_needed(now) else { return Ok(()) };
            tokio::select! {
                biased;
                event = keyboard.next() => {
                    let mut next = event;
                    if next.is_none() {
                        return Ok(());
                    }
                    while let Some(event) = next {
                        match self.handle(&event) {
                            Then::On => {}
                            Then::Leave => return Ok(()),
                            Then::Suspend => self.screen.suspend(&[], &mut continued).await?,
                        }
                        next = keyboard.at_hand();
                    }
                }
                _ = resized.recv() => self.changes.by_hand = true,
                _ = continued.recv() => {
                    if self.screen.enter_again().is_err() {
                        return Ok(());
                    }
                    self.changes.by_hand = true;
                }
                found = &mut self.options.earlier, if looking_back => {
                    looking_back = false;
                    if let Ok((exercises, problems)) = found {
                        self.reel.remember(exercises, problems);
                        self.changes.arrived = true;
                    }
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Draws if something changed; gives how long to wait for the next look.
    fn draw_if_needed(&mut self, now: Duration) -> std::io::Result<Duration> {
        let next = self.reel.until_next(now).map_or(LOOK_AFTER, |next| next.max(LEAST_WAIT));
        // The second that clocks show; none passes while it is paused.
        let beat = self.reel.now().elapsed.as_millis() / 1_000;
        match needs_draw(self.changes, self.drawn, beat, now, self.options.manners.calm) {
            Decision::Now => {}
            Decision::In(wait) => return Ok(wait.min(LOOK_AFTER)),
            Decision::No => return Ok(next.min(LOOK_AFTER)),
        }
        self.reel.judge();
        self.reel.learn(&self.options.lang);
        let scene = scene(&self.reel, &self.options);
        self.screen.draw(|frame| view::draw(frame, &scene))?;
        self.screen.entitle(manners::title(scene.state, &self.options.lang))?;
        self.changes = Changes::default();
        self.drawn = Some(Drawn::after(self.drawn, now, beat));
        Ok(next.min(LOOK_AFTER))
    }

    fn failed(&mut self, error: TapeError) {
        self.reel.stop(self.clock.monotonic());
        self.changes.arrived = true;
        self.reel.shown_mut().1.complain(error.0);
    }

    fn handle(&mut self, event: &Event) -> Then {
        let outcomes = match event {
            Event::Key(key) => {
                let Some(key) = input::key(key) else { return Then::On };
                let (state, ui) = self.reel.shown_mut();
                update::press(key, state, ui)
            }
            Event::Paste(text) => {
                update::paste(text, self.reel.shown_mut().1);
                Vec::new()
            }
            Event::Mouse(event) => {
                let Some(mouse) = input::mouse(event) else { return Then::On };
                self.mouse(mouse)
            }
            Event::Resize(..) => Vec::new(),
            Event::FocusGained | Event::FocusLost => return Then::On,
        };
        self.changes.by_hand = true;
        let own = &self.reel.whole().panes;
        self.options.panes.send_if_modified(|panes| {
            let changed = panes != own;
            panes.clone_from(own);
            changed
        });
        let mut then = Then::On;
        for outcome in outcomes {
            then = self.follow(outcome, then);
        }
        then
    }

    fn follow(&mut self, outcome: Outcome, then: Then) -> Then {
        let now = self.clock.monotonic();
        let done = match outcome {
            Outcome::Replay(wish) => self.reel.take(wish, now),
            Outcome::Turn => self.reel.turn(),
            Outcome::Leave => return Then::Leave,
            Outcome::Suspend => return Then::Suspend,
            Outcome::Give { text, says } => {
                if self.screen.copy(&text).is_ok() {
                    self.reel.shown_mut().1.say(Message::plain(says));
                }
                Ok(())
            }
            Outcome::WriteDown { ending, text } => {
                if let Some(write) = &self.options.write_down {
                    written(write(&ending, &text), self.reel.shown_mut().1);
                }
                Ok(())
            }
            Outcome::Copy => {
                self.copy();
                Ok(())
            }
            Outcome::Remember(name, value) => {
                let kept = self.options.keep.as_ref().map_or(Ok(()), |keep| keep(name, &value));
                if let Err(why) = kept {
                    self.reel.shown_mut().1.complain(why);
                }
                Ok(())
            }
            // It is over: there is nobody to hand an order to.
            Outcome::Send(_) | Outcome::Open { .. } | Outcome::Tell { .. } => {
                self.reel.shown_mut().1.complain(Message::plain("why-replay"));
                Ok(())
            }
            Outcome::Launcher(_) | Outcome::Row(_) => Ok(()),
        };
        if let Err(error) = done {
            self.failed(error);
        }
        then
    }

    fn mouse(&mut self, mouse: Mouse) -> Vec<Outcome> {
        let Ok(area) = self.screen.area() else { return Vec::new() };
        let hits = hits(&scene(&self.reel, &self.options), area);
        let (state, ui) = self.reel.shown_mut();
        update::mouse(mouse, state, ui, &hits)
    }

    fn copy(&mut self) {
        let text = copy::copied(&scene(&self.reel, &self.options));
        // A terminal that takes nothing is noticed before the next draw.
        if self.screen.copy(&text).is_ok() {
            let ui = self.reel.shown_mut().1;
            ui.say(Message::plain("says-copied").with("text", text));
        }
    }
}

/// What follows from an event of the terminal.
enum Then {
    On,
    Leave,
    Suspend,
}
