//! Simulated teams beside a feed: the same feed goes on, and they see it go by and send what they do. Not what they do.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::exercise::fold::apply;
use crate::exercise::on_call::OnCall;
use crate::exercise::rehearsal::Rehearsal;
use crate::port::feed::{Feed, FeedItem, Orders};

/// The same feed, with simulated teams that look at it after every event.
pub(super) fn beside(feed: Feed, orders: Arc<dyn Orders>, rehearsal: Rehearsal) -> Feed {
    let Feed { snapshot, tail: mut source } = feed;
    let (sender, tail) = mpsc::unbounded_channel();
    let (mut state, mut teams) = (snapshot.clone(), OnCall::new(rehearsal));
    tokio::spawn(async move {
        while let Some(item) = source.recv().await {
            if let FeedItem::Event(envelope) = &item {
                apply(&mut state, envelope);
                teams.acts(&state).into_iter().for_each(|command| orders.send(command));
            }
            // A screen that is gone needs nothing; the teams go on.
            let _ = sender.send(item);
        }
    });
    Feed { snapshot, tail }
}
