//! Hands what is durable to every screen, in order.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::exercise::event::Envelope;
use crate::exercise::state::State;
use crate::port::feed::{Feed, FeedItem};

/// The screens that listen.
#[derive(Default)]
pub(super) struct Hub {
    listeners: Vec<mpsc::UnboundedSender<FeedItem>>,
}

impl Hub {
    /// A new listener that knows `snapshot` and gets everything after it.
    pub(super) fn join(&mut self, snapshot: State) -> Feed {
        let (sender, tail) = mpsc::unbounded_channel();
        self.listeners.push(sender);
        Feed { snapshot, tail }
    }

    /// An event is durable.
    pub(super) fn publish(&mut self, envelope: &Arc<Envelope>) {
        self.send(&FeedItem::Event(Arc::clone(envelope)));
    }

    /// Tells every screen; those that went away are forgotten.
    pub(super) fn send(&mut self, item: &FeedItem) {
        self.listeners.retain(|listener| listener.send(item.clone()).is_ok());
    }
}
