//! What every screen is fed from, whether the exercise is live, joined or replayed, and the way back.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::exercise::command::Command;
use crate::exercise::event::Envelope;
use crate::exercise::said::Said;
use crate::exercise::state::State;
use crate::gameday::plan::GameDay;

/// A snapshot after event N, then every event after N.
pub struct Feed {
    /// The state to start from.
    pub snapshot: State,
    /// What follows; ends when the exercise is over and closed.
    pub tail: mpsc::UnboundedReceiver<FeedItem>,
}

/// One thing that follows.
#[derive(Clone, Debug)]
pub enum FeedItem {
    /// Something happened and is durable.
    Event(Arc<Envelope>),
    /// More of the plan is known: to a screen of participants, who learn it as it comes.
    Revealed(Arc<GameDay>),
    /// Something that people asked for was refused.
    Refused {
        /// The reason.
        why: Said,
        /// What was asked for, where that is known.
        of: Option<Box<Command>>,
    },
    /// The recording cannot be written at the moment (`Some`: why), or can again (`None`).
    RecordingTrouble(Option<String>),
}

/// Takes what people at a screen want. Replay and watch have one that refuses.
pub trait Orders: Send + Sync {
    /// Hands a command over; the answer comes as events or as [`FeedItem::Refused`].
    fn send(&self, command: Command);
}
