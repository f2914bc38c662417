//! The loop: one message after another, decided, written, published, acted on.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::act::Actor;
use super::hub::Hub;
use super::journal::{Entry, Journal, Written};
use super::look::look;
use super::message::Message;
use super::timekeeper::Timekeeper;
use super::world::World;
use crate::exercise::approval;
use crate::exercise::command::Command;
use crate::exercise::decide::advance;
use crate::exercise::effect::{Effect, effect_of};
use crate::exercise::header::Header;
use crate::exercise::schedule;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::port::clock::Clock;
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::port::instruments::Instruments;
use crate::port::recording::Recording;

/// The name under which the program itself acts.
const SELF: &str = "gameday";

/// At most so many messages are written to disk at once.
const BATCH: usize = 256;

/// After so many failed attempts to write the last events, the program leaves without them, and says so.
const LAST_ATTEMPTS: u32 = 5;

/// A future that brings the target up.
pub type Bringing = Pin<Box<dyn Future<Output = Result<World, String>> + Send>>;

/// How it ended.
pub struct Finish {
    /// The last state.
    pub state: State,
    /// Set when the last events could not be written.
    pub unwritten: Option<String>,
}

/// The way to a running engine.
pub struct Handle {
    inbox: mpsc::UnboundedSender<Message>,
    task: JoinHandle<Finish>,
    origin: Duration,
}

/// Takes what people want to the engine.
struct LiveOrders(mpsc::UnboundedSender<Message>);

impl Orders for LiveOrders {
    fn send(&self, command: Command) {
        // Where the engine has ended, the feed has too: the screen knows.
        drop(self.0.send(Message::Command(command)));
    }
}

impl Handle {
    /// A way for people to ask for things.
    pub fn orders(&self) -> Arc<dyn Orders> {
        Arc::new(LiveOrders(self.inbox.clone()))
    }

    /// Where the recording's time begins on the clock.
    pub const fn origin(&self) -> Duration {
        self.origin
    }

    /// Ends the exercise if it runs, waits until everything is undone and written, and returns how it ended;
    /// an error says that the engine itself failed.
    ///
    /// # Errors
    /// When the engine's task panicked.
    pub async fn close(self) -> Result<Finish, String> {
        drop(self.inbox.send(Message::Close));
        self.task.await.map_err(|error| format!("the engine failed: {error}"))
    }
}

/// A watch that was left open has no end in its recording.
impl Handle {
    /// Writes what has happened and returns; only for a watch, in which nothing is left to be undone.
    ///
    /// # Errors
    /// When the engine's task panicked.
    pub async fn leave(self) -> Result<Finish, String> {
        drop(self.inbox.send(Message::Leave));
        self.task.await.map_err(|error| format!("the engine failed: {error}"))
    }
}

/// Starts an exercise: its loop, and the bringing up of its target.
pub fn start(
    header: Header,
    recording: Box<dyn Recording>,
    clock: Arc<dyn Clock>,
    target: Bringing,
) -> (Handle, Feed) {
    let time = Timekeeper::begin(clock, header.began);
    let (handle, feed) = go(State::new(Arc::new(header)), recording, time);
    let to_engine = handle.inbox.clone();
    tokio::spawn(async move {
        let world = target.await;
        drop(to_engine.send(Message::World(Box::new(world))));
    });
    (handle, feed)
}

/// Starts a watch, or takes one up again after `state`: its loop, and the looking. There is nothing that could touch
/// anything: neither an injector nor load nor levers. Its recording may have begun before now.
pub fn watch(
    state: State,
    recording: Box<dyn Recording>,
    clock: Arc<dyn Clock>,
    eyes: &dyn Instruments,
) -> (Handle, Feed) {
    let time = Timekeeper::go_on(clock, state.header.began, state.now.elapsed);
    let (handle, feed) = go(state, recording, time);
    look(eyes, handle.origin, handle.inbox.clone());
    (handle, feed)
}

fn go(state: State, recording: Box<dyn Recording>, time: Timekeeper) -> (Handle, Feed) {
    let (inbox, messages) = mpsc::unbounded_channel();
    let origin = time.origin();
    let header = Arc::clone(&state.header);
    let mut hub = Hub::default();
    let feed = hub.join(state.clone());
    let engine = Engine {
        state,
        header,
        journal: Journal::new(recording),
        time,
        actor: None,
        hub,
        inbox: inbox.clone(),
        trouble: false,
        closing: false,
        leaving: false,
        failed_at_the_end: 0,
        load_is_off: false,
    };
    let task = tokio::spawn(engine.run(messages));
    (Handle { inbox, task, origin }, feed)
}

struct Engine {
    state: State,
    header: Arc<Header>,
    journal: Journal,
    time: Timekeeper,
    actor: Option<Actor>,
    hub: Hub,
    inbox: mpsc::UnboundedSender<Message>,
    trouble: bool,
    closing: bool,
    leaving: bool,
    failed_at_the_end: u32,
    /// The load was ended for good.
    load_is_off: bool,
}

impl Engine {
    async fn run(mut self, mut messages: mpsc::UnboundedReceiver<Message>) -> Finish {
        loop {
            let pause = schedule::pause(&self.state, self.time.now());
            tokio::select! {
                biased;
                Some(message) = messages.recv() => {
                    self.take(message);
                    for _ in 1..BATCH {
                        let Ok(message) = messages.try_recv() else { break };
                        self.take(message);
                    }
                }
                () = sleep(pause.into()) => self.command(Command::Tick),
            }
            self.write().await;
            // Without a screen nobody has anything to add once it has ended.
            let over = self.closing || self.leaving || self.header.headless;
            let ended = self.state.stage == Stage::Ended || self.leaving;
            if over && ended {
                let lost = self.journal.is_waiting();
                if !lost || self.failed_at_the_end >= LAST_ATTEMPTS {
                    let unwritten = lost.then(|| "the last events could not be written".to_owned());
                    return Finish { state: self.state, unwritten };
                }
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Command(command) => self.command(command),
            Message::World(world) => self.arrived(*world),
            Message::Leave => self.leaving = self.state.is_watch(),
            Message::Close => {
                self.closing = true;
                if !matches!(self.state.stage, Stage::Closing | Stage::Ended) {
                    let reason = "the program was closed".into();
                    self.command(Command::End { by: SELF.into(), reason });
                }
            }
        }
    }

    fn arrived(&mut self, world: Result<World, String>) {
        match world {
            Ok(world) => {
                let (base_url, what) = (world.base_url.clone(), world.what.clone());
                if approval::is_needed(&self.state) {
                    // What is approved is what was seen; so it must be seen before anything can begin.
                    let looks = world.observer.watch().borrow().clone();
                    self.command(Command::TargetLooks(looks));
                }
                let actor = Actor::new(world, self.time.clone(), self.inbox.clone());
                actor.watch();
                actor.observe();
                self.actor = Some(actor);
                if self.state.stage == Stage::Preparing {
                    self.command(Command::TargetIsReady { base_url, what });
                }
            }
            Err(error) => self.command(Command::TargetHasFailed { error: error.into() }),
        }
    }

    /// Decides; what happened waits to be written.
    fn command(&mut self, command: Command) {
        let now: Stamp = self.time.now();
        let asked = command.is_of_people().then(|| Box::new(command.clone()));
        match advance(&mut self.state, command, now) {
            Ok(envelopes) => {
                for envelope in envelopes {
                    let effect = effect_of(&self.state, &envelope.event);
                    self.journal.push(Entry { envelope: Arc::new(envelope), effect });
                }
            }
            Err(refusal) => self.hub.send(&FeedItem::Refused { why: refusal.0, of: asked }),
        }
    }

    async fn write(&mut self) {
        // What follows from a written batch (a hold, its end) is written in the next one.
        while self.journal.is_waiting() {
            match self.journal.flush().await {
                Written::Durable(entries) => {
                    for entry in entries {
                        self.hub.publish(&entry.envelope);
                        if let Some(effect) = entry.effect {
                            self.act(effect);
                        }
                    }
                    self.trouble_is_over();
                }
                Written::Trouble { error, safe } => {
                    for effect in safe {
                        self.act(effect);
                    }
                    self.in_trouble(error);
                    return;
                }
            }
        }
        if self.state.stage == Stage::Ended
            && !self.load_is_off
            && let Some(actor) = &self.actor
        {
            actor.stop_load();
            self.load_is_off = true;
        }
    }

    fn in_trouble(&mut self, error: String) {
        if self.state.stage == Stage::Ended || self.leaving {
            self.failed_at_the_end += 1;
        }
        if self.trouble {
            return;
        }
        self.trouble = true;
        self.hub.send(&FeedItem::RecordingTrouble(Some(error.clone())));
        if self.state.stage == Stage::Running
            && !self.state.is_watch()
            && self.state.held.is_none()
            && self.state.halted.is_none()
        {
            self.command(Command::Hold { by: SELF.into(), reason: error.into() });
        }
    }

    fn trouble_is_over(&mut self) {
        if !self.trouble {
            return;
        }
        self.trouble = false;
        self.failed_at_the_end = 0;
        self.hub.send(&FeedItem::RecordingTrouble(None));
        if self.state.held.as_ref().is_some_and(|held| held.by == SELF) {
            self.command(Command::Resume { by: SELF.into() });
        }
    }

    fn act(&mut self, effect: Effect) {
        if let Some(actor) = &mut self.actor {
            actor.act(effect, &self.header);
        }
    }
}
