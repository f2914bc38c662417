//! What participants of a running exercise may see, line by line, for those who join. Not the door they come by.

use std::sync::Arc;

use tokio::sync::watch;

use crate::cli::door::Lines;
use crate::exercise::header::Header;
use crate::exercise::participant::{Teller, line};
use crate::port::feed::FeedItem;

/// Writes down what is told.
pub(super) struct Stage {
    teller: Teller,
    told: watch::Sender<Vec<Arc<str>>>,
}

impl Stage {
    /// Begins before the first event; the lines grow as long as this lives.
    pub(super) fn new(header: Arc<Header>) -> (Self, Lines) {
        let teller = Teller::new(header);
        let first = line::first(teller.header()).into_iter().map(Arc::from).collect();
        let (told, lines) = watch::channel(first);
        (Self { teller, told }, lines)
    }

    /// The number in the recording of what participants know under `number`.
    pub(super) fn recorded(&self, number: u64) -> Option<u64> {
        self.teller.recorded(number)
    }

    /// Something happened.
    pub(super) fn see(&mut self, item: &FeedItem) {
        let FeedItem::Event(envelope) = item else { return };
        let Some(told) = self.teller.tell(envelope) else { return };
        // What could be recorded can be written.
        let Ok(lines) = line::lines(&told) else { return };
        self.told.send_modify(|all| all.extend(lines.into_iter().map(Arc::from)));
    }
}
