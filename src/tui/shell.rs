//! The loop between the terminal and the pure part: waits, takes in, draws when something changed.

pub mod camera;
pub mod cast;
pub mod compare;
mod copying;
pub mod error;
pub mod input;
pub mod launcher;
pub mod offering;
pub mod options;
mod paper;
pub mod replay;
mod taking;
pub mod terminal;

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;
use tokio::sync::mpsc::UnboundedReceiver;

pub use self::error::ShellError;
use self::input::Keyboard;
pub use self::options::{Exit, Keep, Notice, Options, WriteDown};
use self::terminal::Screen;
use super::answer::Outcome;
use super::mouse::Mouse;
use super::pace::{Changes, Decision, Drawn, needs_draw};
use super::place::Place;
use super::relay::tongue::Tongue;
use super::room::Room;
use super::scene::Scene;
use super::ui::{Overlay, Ui};
use super::view::clocked::{pulse, shown};
use super::view::hits::hits;
use super::{journey, manners, palette, suspend, typing, update, view};
use crate::exercise::judge::judge_all;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::lang::Message;
use crate::port::clock::Clock;
use crate::port::feed::{Feed, FeedItem, Orders};

/// Shows the exercise and takes keys, until the person leaves, the feed ends or the terminal is gone. The terminal is
/// restored on every path, a panic included. Must run inside a tokio runtime.
///
/// # Errors
/// When there is no terminal, it cannot be set up, or some part of the program panicked.
pub async fn run(
    feed: Feed,
    orders: Arc<dyn Orders>,
    clock: Arc<dyn Clock>,
    options: Options,
) -> Result<Exit, ShellError> {
    let screen = Screen::enter_with(options.manners)?;
    let place = journey::begin(&feed.snapshot);
    let mut ui = Ui { place, ..Ui::new(options.by.clone()) };
    ui.labels = palette::labels(&options.lang);
    ui.bindings = options.bindings.clone();
    ui.panes = options.panes.borrow().clone();
    ui.looks = options.looks.clone();
    ui.tongue = Tongue {
        language: options.lang.language(),
        updates: options.updates.clone(),
        keeps: options.write_down.is_some(),
    };
    ui.team = options.team;
    if feed.snapshot.participants && !feed.snapshot.is_watch() {
        ui.for_participants();
    }
    typing::give_back(options.left.clone(), &mut ui);
    let desk = Desk {
        room: Room::new(&feed.snapshot, &ui),
        turned: false,
        state: feed.snapshot,
        ui,
        orders,
        clock,
        options,
        screen,
        changes: Changes::default(),
        drawn: None,
        judged: None,
        learned: None,
        feed_open: true,
        looked_at: false,
        suspend_by: None,
        leave: false,
    };
    desk.work(feed.tail).await
}

/// Everything the loop holds.
struct Desk {
    state: State,
    ui: Ui,
    /// What participants see, for the one key that shows it here.
    room: Option<Room>,
    /// It is shown.
    turned: bool,
    orders: Arc<dyn Orders>,
    clock: Arc<dyn Clock>,
    options: Options,
    screen: Screen,
    changes: Changes,
    drawn: Option<Drawn>,
    /// The event after which the objectives were last judged.
    judged: Option<u64>,
    /// The event after which the report was last made.
    learned: Option<u64>,
    feed_open: bool,
    /// The terminal said that it has the focus: nobody needs to be called.
    looked_at: bool,
    /// Ctrl-Z was pressed: the terminal goes to the shell at this instant at the latest.
    suspend_by: Option<Duration>,
    leave: bool,
}

/// What is shown at `now`.
fn scene<'a>(state: &'a State, ui: &'a Ui, options: &'a Options, now: Stamp) -> Scene<'a> {
    let theme = ui.looks.theme().unwrap_or(&options.theme);
    let lang = &options.lang;
    Scene { state, ui, theme, lang, now: shown(state, now) }
}

/// So often the terminal is looked after, without drawing: a lost one does not always say so.
const LOOK_AFTER: Duration = Duration::from_secs(1);

impl Desk {
    async fn work(mut self, mut tail: UnboundedReceiver<FeedItem>) -> Result<Exit, ShellError> {
        let mut keyboard = Keyboard::open().map_err(ShellError::Setup)?;
        let mut resized = terminal::resized().map_err(ShellError::Setup)?;
        let mut continued = terminal::continued().map_err(ShellError::Setup)?;
        let mut notices_open = true;
        loop {
            self.keep_drafts();
            if !terminal::is_ours() {
                return Err(ShellError::Panicked);
            }
            if !terminal::is_there() {
                return Ok(Exit::TerminalLost);
            }
            if let Some(exit) = self.over() {
                return Ok(exit);
            }
            if self.may_suspend() && self.suspend(&mut continued).await.is_err() {
                return Ok(Exit::TerminalLost);
            }
            let Ok(wait) = self.draw_if_needed() else { return Ok(Exit::TerminalLost) };
            tokio::select! {
                biased;
                // Everything that is already there is taken before anything is drawn.
                event = keyboard.next() => {
                    let Some(first) = event else { return Ok(Exit::TerminalLost) };
                    let mut next = Some(first);
                    while let Some(event) = next {
                        if self.handle(&event) {
                            self.keep_drafts();
                            return Ok(Exit::Left);
                        }
                        next = keyboard.at_hand();
                    }
                }
                _ = resized.recv() => self.changes.by_hand = true,
                // A terminal that hangs up also continues its processes.
                _ = continued.recv() => if self.come_back().is_err() {
                    return Ok(Exit::TerminalLost);
                },
                item = tail.recv(), if self.feed_open => self.take_all(item, &mut tail),
                notice = self.options.notices.recv(), if notices_open => match notice {
                    Some(notice) => self.hear(notice),
                    None => notices_open = false,
                },
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Lets nothing that was typed be lost, whatever becomes of this screen.
    fn keep_drafts(&self) {
        let room = self.room.as_ref().map(|room| &room.ui);
        let typed = std::iter::once(&self.ui).chain(room).flat_map(typing::unwritten).collect();
        self.options.drafts.send_if_modified(|kept| std::mem::replace(kept, typed) != *kept);
    }

    /// Whether there is nothing more to show.
    fn over(&self) -> Option<Exit> {
        // With a disk that takes nothing, the end cannot come; whoever was told to leave does not wait for it.
        if self.leave && self.ui.trouble.is_some() {
            return Some(Exit::FeedEnded);
        }
        let done = !self.feed_open && (self.leave || self.state.stage != Stage::Ended);
        done.then_some(Exit::FeedEnded)
    }

    fn now(&self) -> Stamp {
        let elapsed = self.clock.monotonic().saturating_sub(self.options.origin);
        Stamp::new(elapsed.into(), self.clock.wall_millis())
    }

    /// Draws if something changed; gives how long to wait for the next look.
    fn draw_if_needed(&mut self) -> std::io::Result<Duration> {
        let (at, now) = (self.clock.monotonic(), self.now());
        let beat = pulse(&self.state, now);
        self.pass(now);
        match needs_draw(self.changes, self.drawn, beat, at, self.options.manners.calm) {
            Decision::Now => {}
            Decision::In(wait) => return Ok(wait.min(LOOK_AFTER)),
            Decision::No => return Ok(self.until_next_second()),
        }
        self.judge();
        let (state, ui) = match &self.room {
            Some(room) if self.turned => (&room.state, &room.ui),
            _ => (&self.state, &self.ui),
        };
        let scene = scene(state, ui, &self.options, now);
        self.screen.draw(|frame| view::draw(frame, &scene))?;
        self.screen.entitle(manners::title(state, &self.options.lang))?;
        self.changes = Changes::default();
        self.drawn = Some(Drawn::after(self.drawn, at, beat));
        Ok(self.until_next_second())
    }

    /// Lets go what was to be seen for a while only. With reduced motion that waits, as all that moves by itself.
    fn pass(&mut self, now: Stamp) {
        let room = self.room.as_mut().is_some_and(|room| room.ui.toasts.pass(now.elapsed));
        self.changes.measured |= self.ui.toasts.pass(now.elapsed) | room;
    }

    fn until_next_second(&self) -> Duration {
        let into =
            u64::from(self.clock.monotonic().saturating_sub(self.options.origin).subsec_millis());
        Duration::from_millis(1_001 - into.min(1_000)).min(LOOK_AFTER)
    }

    fn judge(&mut self) {
        let shown = matches!(self.ui.overlay, Some(Overlay::Objectives { .. }))
            || self.state.stage == Stage::Ended;
        if shown && !self.state.participants && self.judged != Some(self.state.seq) {
            self.ui.verdicts = judge_all(&self.state);
            self.judged = Some(self.state.seq);
        }
        let learns = matches!(self.ui.place, Place::Debrief | Place::Report);
        if learns && self.learned != Some(self.state.seq) {
            self.ui.verdicts = judge_all(&self.state);
            self.ui.learnt.learn(&self.state, &self.options.lang);
            self.ui.learnt.propose(&self.state, &self.options.lang);
            self.learned = Some(self.state.seq);
        }
    }

    /// Takes one event of the terminal; gives whether to leave.
    fn handle(&mut self, event: &Event) -> bool {
        let (state, ui) = match &mut self.room {
            Some(room) if self.turned => (&room.state, &mut room.ui),
            _ => (&self.state, &mut self.ui),
        };
        let outcomes = match event {
            Event::Key(key) => {
                let Some(key) = input::key(key) else { return false };
                update::press(key, state, ui)
            }
            Event::Paste(text) => {
                update::paste(text, ui);
                Vec::new()
            }
            Event::Mouse(event) => {
                let Some(mouse) = input::mouse(event) else { return false };
                self.mouse(mouse)
            }
            Event::Resize(..) => Vec::new(),
            Event::FocusGained | Event::FocusLost => {
                self.looked_at = matches!(event, Event::FocusGained);
                return false;
            }
        };
        self.changes.by_hand = true;
        self.options.panes.send_if_modified(|panes| {
            let changed = *panes != self.ui.panes;
            panes.clone_from(&self.ui.panes);
            changed
        });
        let mut leave = false;
        for outcome in outcomes {
            match outcome.in_language(&self.options.lang) {
                Outcome::Send(command) if self.turned && !Room::may(&command) => {}
                Outcome::Send(command) => self.orders.send(*command),
                Outcome::Remember(name, value) => {
                    let kept = self.options.keep.as_ref().map_or(Ok(()), |keep| keep(name, &value));
                    if let Err(why) = kept {
                        self.ui.complain(why);
                    }
                }
                Outcome::Turn => self.turn(),
                Outcome::Leave => leave = true,
                // There is no launcher here, and no recording.
                Outcome::Launcher(_)
                | Outcome::Row(_)
                | Outcome::Replay(_)
                | Outcome::Open { .. } => {}
                Outcome::Copy => self.copy(),
                Outcome::Give { text, says } => self.give(&text, says),
                Outcome::WriteDown { ending, text } => self.write_down(&ending, &text),
                Outcome::Tell { text, command } => self.tell(&text, *command),
                Outcome::Suspend => {
                    self.suspend_by = Some(self.clock.monotonic() + suspend::PATIENCE);
                }
            }
        }
        leave
    }

    /// Shows what participants see, or the whole again.
    fn turn(&mut self) {
        if self.room.is_some() {
            self.turned = !self.turned;
        } else {
            self.ui.complain(Message::plain("says-no-participants-view"));
        }
    }

    fn mouse(&mut self, mouse: Mouse) -> Vec<Outcome> {
        let now = self.now();
        let Ok(area) = self.screen.area() else { return Vec::new() };
        let (state, ui) = match &mut self.room {
            Some(room) if self.turned => (&room.state, &mut room.ui),
            _ => (&self.state, &mut self.ui),
        };
        let hits = hits(&scene(state, ui, &self.options, now), area);
        update::mouse(mouse, state, ui, &hits)
    }

    /// Whether the terminal may go to the shell now, if that was asked for.
    fn may_suspend(&self) -> bool {
        self.suspend_by
            .is_some_and(|by| suspend::ready(&self.state) || self.clock.monotonic() >= by)
    }

    /// Gives the terminal to the shell until the program is continued.
    async fn suspend(
        &mut self,
        continued: &mut tokio::signal::unix::Signal,
    ) -> Result<(), ShellError> {
        self.suspend_by = None;
        self.ui.suspending = false;
        let says = suspend::farewell(&self.state, &self.options.lang);
        self.screen.suspend(&says, continued).await?;
        self.changes.by_hand = true;
        Ok(())
    }

    fn come_back(&mut self) -> Result<(), ShellError> {
        self.screen.enter_again()?;
        self.changes.by_hand = true;
        Ok(())
    }
}
