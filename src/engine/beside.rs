//! The instruments of a target and a source of metrics beside each other, as if they were one: one reading each second, with
//! what both say. Not the looking itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::exercise::reading::Reading;
use crate::gameday::span::Span;
use crate::port::instruments::{Instruments, Observation};

/// What a source said last counts for so long after it; whoever says nothing more has no data.
const CURRENT: Span = Span::from_secs(3);

/// Both of them.
pub(super) struct Beside {
    /// Looks inside the target.
    pub(super) inside: Arc<dyn Instruments>,
    /// Asks a source of metrics.
    pub(super) source: Arc<dyn Instruments>,
}

impl Instruments for Beside {
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation> {
        let (tell, told) = mpsc::unbounded_channel();
        let (inside, source) = (self.inside.observe(origin), self.source.observe(origin));
        tokio::spawn(both(inside, source, tell));
        told
    }
}

/// Tells what both say until both have ended, or nobody listens any more.
async fn both(
    inside: mpsc::UnboundedReceiver<Observation>,
    source: mpsc::UnboundedReceiver<Observation>,
    tell: mpsc::UnboundedSender<Observation>,
) {
    let (mut inside, mut source) = (Some(inside), Some(source));
    let mut latch = Latch::default();
    while inside.is_some() || source.is_some() {
        let news = tokio::select! {
            () = tell.closed() => return,
            said = next(&mut inside) => match said {
                Some(Observation::Reading(reading)) => Some(latch.completed(reading)),
                said => said,
            },
            said = next(&mut source) => match said {
                Some(Observation::Reading(reading)) => latch.take(reading, inside.is_some()),
                said => said,
            },
        };
        if news.is_some_and(|news| tell.send(news).is_err()) {
            return;
        }
    }
}

/// What comes next of one that has not ended; waits for ever for one that has.
async fn next(from: &mut Option<mpsc::UnboundedReceiver<Observation>>) -> Option<Observation> {
    let Some(receiver) = from else { return std::future::pending().await };
    let said = receiver.recv().await;
    if said.is_none() {
        *from = None;
    }
    said
}

/// What the source said last.
#[derive(Debug, Default)]
struct Latch(Reading);

impl Latch {
    /// A reading of the source: kept for that of the target, or told itself where the target says nothing any more.
    fn take(&mut self, reading: Reading, inside: bool) -> Option<Observation> {
        self.0 = reading;
        (!inside).then(|| Observation::Reading(self.0.clone()))
    }

    /// A reading of the target with what the source has said, as long as that is current.
    fn completed(&self, mut reading: Reading) -> Observation {
        if self.0.end() + CURRENT > reading.end() {
            reading.asked.clone_from(&self.0.asked);
        }
        Observation::Reading(reading)
    }
}
