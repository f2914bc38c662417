//! The lab as a target with instruments: asks every pod once a second what it has counted, and adds up what is new. What
//! is counted, and how data is compared, is not known here.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::mpsc;

use super::channel::{Answer as Said, What};
use super::crew::Crew;
use super::integrity;
use super::running::Lab;
use crate::exercise::counted::sum;
use crate::exercise::reading::{Checkpoint, IntegrityCheck, Reading};
use crate::gameday::instrument::Instrument;
use crate::gameday::span::Span;
use crate::port::instruments::{DataKeeper, Instruments, Observation, WINDOW, each_second};
use crate::port::target::{Answer, TargetError};

/// A pod that does not answer within so long adds nothing now, and what it counted to a later window.
const LIMIT: Duration = Duration::from_millis(400);

impl Instruments for Lab {
    /// Each count is given once: with two observers each would see a part.
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.crew().observed_by(sender.clone());
        let (crew, clock) = (Arc::clone(self.crew()), Arc::clone(self.clock()));
        let mut stopping = self.stopping();
        tokio::spawn(async move {
            tokio::select! {
                () = each_second(&*clock, origin, &sender, |start| read(&crew, start)) => {}
                _ = stopping.wait_for(|stop| *stop) => {}
            }
            // Otherwise whoever listens would wait for ever.
            crew.forget_observers();
        });
        receiver
    }
}

impl DataKeeper for Lab {
    fn checkpoint(&self) -> Answer<'_, Result<Checkpoint, TargetError>> {
        Box::pin(integrity::checkpoint(self))
    }

    fn compare(&self) -> Answer<'_, Result<IntegrityCheck, TargetError>> {
        Box::pin(integrity::compare(self))
    }
}

/// Asks every pod that runs.
async fn read(crew: &Crew, start: Span) -> Reading {
    let pods = crew.present().filter_map(|(_, state)| Some((state.role.app(), state.line?)));
    let answers = pods.map(|(app, line)| async move {
        match line.call_for(What::Read, LIMIT).await {
            Ok(Said::Read(inside)) => Some((app, crew.counted().news(line.pod, inside, None))),
            _ => None,
        }
    });
    let answers = join_all(answers.collect::<Vec<_>>()).await;
    let mut reading = sum(answers.into_iter().flatten(), (start, Span::from(WINDOW)));
    let failovers = crew.take_failovers();
    *reading.values.entry(Instrument::Failovers).or_default() += failovers as f64;
    reading
}
