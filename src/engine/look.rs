//! Takes what instruments say to the loop, as commands. Looks, and nothing else.

use std::time::Duration;

use tokio::sync::mpsc;

use super::message::Message;
use crate::exercise::command::Command;
use crate::port::instruments::{Instruments, Observation};

/// Reports what `instruments` say until they or the engine end.
pub(super) fn look(
    instruments: &dyn Instruments,
    origin: Duration,
    inbox: mpsc::UnboundedSender<Message>,
) {
    let mut seen = instruments.observe(origin);
    tokio::spawn(async move {
        loop {
            let observation = tokio::select! {
                observation = seen.recv() => observation,
                () = inbox.closed() => return,
            };
            let Some(observation) = observation else { return };
            if inbox.send(Message::Command(command(observation))).is_err() {
                return;
            }
        }
    });
}

fn command(observation: Observation) -> Command {
    match observation {
        Observation::Reading(reading) => Command::ReadingTaken(reading),
        Observation::FailedOver(failover) => Command::HasFailedOver(failover),
        Observation::Then(readings) => Command::ThenIsKnown(readings),
        Observation::Asking { query, asking } => Command::AskingStands { query, asking },
        Observation::Share { service, over, share } => Command::ShareIs { service, over, share },
        Observation::Cluster(news) => Command::ClusterSays(news),
        Observation::Alerts(alerts) => Command::AlertsAre(alerts),
        Observation::AlertsUnknown(why) => Command::AlertsAreUnknown { why },
    }
}
