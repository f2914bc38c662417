//! What comes to the screen by itself: events of the exercise, and notices. Not keys, and not the drawing.

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::{Desk, Notice};
use crate::exercise::event::Event;
use crate::port::feed::FeedItem;
use crate::tui::intake::take;
use crate::tui::manners;

impl Desk {
    /// Takes one item, and calls whoever looks elsewhere, if it is worth it.
    fn take(&mut self, item: FeedItem) {
        let now = self.now().elapsed;
        if let Some(room) = &mut self.room {
            room.take(&item);
            // Whoever asked for it sits before what is shown.
            if self.turned && matches!(item, FeedItem::Refused { .. }) {
                self.changes.arrived = true;
                return take(item, now, &mut room.state, &mut room.ui);
            }
        }
        let FeedItem::Event(envelope) = &item else {
            self.changes.arrived = true;
            return take(item, now, &mut self.state, &mut self.ui);
        };
        match envelope.event {
            Event::Sampled(_) | Event::Observed(_) => self.changes.measured = true,
            _ => self.changes.arrived = true,
        }
        let said = manners::call(&envelope.event, &self.ui.by, &self.options.lang);
        if let Some(said) = said.filter(|_| !self.looked_at && envelope.seq > self.state.seq) {
            // As above.
            let _ = self.screen.call(&said);
        }
        take(item, now, &mut self.state, &mut self.ui);
    }

    pub(super) fn take_all(
        &mut self,
        first: Option<FeedItem>,
        tail: &mut UnboundedReceiver<FeedItem>,
    ) {
        let mut next = first.ok_or(TryRecvError::Disconnected);
        loop {
            match next {
                Ok(item) => self.take(item),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => {
                    self.feed_open = false;
                    self.changes.arrived = true;
                    return;
                }
            }
            next = tail.try_recv();
        }
    }

    pub(super) fn hear(&mut self, notice: Notice) {
        self.changes.arrived = true;
        match notice {
            Notice::Report(lines) => self.ui.report = lines,
            Notice::Earlier(exercises, problems) => {
                self.ui.learnt.remember(exercises, problems, &self.state);
            }
            Notice::Say(text) => self.ui.say(text),
            Notice::Leave => self.leave = true,
        }
    }
}
