//! The lab as a target with instruments: asks every pod once a second what it has counted, and adds up what is new. What
//! is counted, and how data is compared, is not known here.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::mpsc;

use super::channel::{Answer as Said, PodBreaker, What};
use super::crew::Crew;
use super::integrity;
use super::running::Lab;
use crate::exercise::reading::{BreakerReading, Checkpoint, IntegrityCheck, Reading};
use crate::gameday::instrument::Instrument;
use crate::gameday::span::Span;
use crate::port::clock::Clock;
use crate::port::instruments::{DataKeeper, Instruments, Observation};
use crate::port::target::{Answer, TargetError};

/// A window.
const WINDOW: Duration = Duration::from_secs(1);

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
                () = read_for_ever(&crew, &*clock, origin, &sender) => {}
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

/// Ends when nobody listens any more.
async fn read_for_ever(
    crew: &Crew,
    clock: &dyn Clock,
    origin: Duration,
    listener: &mpsc::UnboundedSender<Observation>,
) {
    loop {
        let window = window(clock.monotonic().saturating_sub(origin));
        let end = origin + WINDOW * (window + 1);
        tokio::time::sleep(end.saturating_sub(clock.monotonic())).await;
        let reading = read(crew, Span::from(WINDOW * window)).await;
        if listener.send(Observation::Reading(reading)).is_err() {
            return;
        }
    }
}

/// The number of the window that is open at `since` after the origin.
fn window(since: Duration) -> u32 {
    u32::try_from(since.as_millis() / WINDOW.as_millis()).unwrap_or(u32::MAX)
}

/// Asks every pod that runs.
async fn read(crew: &Crew, start: Span) -> Reading {
    let pods = crew.present().filter_map(|(_, state)| Some((state.role.app(), state.line?)));
    let answers = pods.map(|(app, line)| async move {
        match line.call_for(What::Read, LIMIT).await {
            Ok(Said::Read { values, breakers }) => {
                let (values, breakers) = crew.counted().news(line.pod, line.pid, values, breakers);
                Some((app, values, breakers))
            }
            _ => None,
        }
    });
    let answers = join_all(answers.collect::<Vec<_>>()).await;
    let mut reading = sum(answers.into_iter().flatten());
    let failovers = crew.take_failovers();
    *reading.values.entry(Instrument::Failovers).or_default() += failovers as f64;
    reading.start = start;
    reading
}

type PodSaid = (&'static str, BTreeMap<Instrument, f64>, Vec<PodBreaker>);

/// Adds up what pods said.
fn sum(answers: impl Iterator<Item = PodSaid>) -> Reading {
    let mut values: BTreeMap<Instrument, f64> = BTreeMap::new();
    let mut breakers: BTreeMap<(&str, String), BreakerReading> = BTreeMap::new();
    for (app, said, its_breakers) in answers {
        for (instrument, value) in said {
            let known = values.entry(instrument).or_default();
            *known = match instrument {
                // A pod that is far behind is not nearer because another is not.
                Instrument::ReplicaLag => known.max(value),
                _ => *known + value,
            };
        }
        for one in its_breakers {
            let all = breakers.entry((app, one.guards.clone())).or_insert_with(|| BreakerReading {
                owner: app.to_owned(),
                guards: one.guards.clone(),
                count: 0,
                open: 0,
                opened: 0,
                open_for: Span::ZERO,
            });
            all.count += 1;
            all.open += u32::from(one.open);
            all.opened = all.opened.saturating_add(u32::try_from(one.opened).unwrap_or(u32::MAX));
            all.open_for = all.open_for.max(one.open_for);
        }
    }
    let breakers = breakers.into_values().collect();
    Reading { length: Span::from(WINDOW), values, breakers, ..Reading::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_lag_is_the_worst_and_breakers_of_one_app_are_one() {
        let breaker = |guards: &str, open, opened, millis| PodBreaker {
            guards: guards.to_owned(),
            open,
            opened,
            open_for: Span::from_millis(millis),
        };
        let said = [
            (
                "web-app",
                BTreeMap::from([(Instrument::CacheHits, 3.0), (Instrument::ReplicaLag, 5.0)]),
                vec![breaker("cache", true, 1, 300), breaker("backend-service", false, 0, 0)],
            ),
            (
                "web-app",
                BTreeMap::from([(Instrument::CacheHits, 4.0), (Instrument::ReplicaLag, 2.0)]),
                vec![breaker("cache", false, 2, 100)],
            ),
            ("api-gateway", BTreeMap::new(), vec![breaker("cache", false, 0, 0)]),
        ];
        let reading = sum(said.into_iter());
        let expected =
            BTreeMap::from([(Instrument::CacheHits, 7.0), (Instrument::ReplicaLag, 5.0)]);
        assert_eq!(reading.values, expected);
        let seen: Vec<_> = reading
            .breakers
            .iter()
            .map(|one| (&*one.owner, &*one.guards, one.count, one.open, one.opened))
            .collect();
        assert_eq!(
            seen,
            [
                ("api-gateway", "cache", 1, 0, 0),
                ("web-app", "backend-service", 1, 0, 0),
                ("web-app", "cache", 2, 1, 3),
            ]
        );
        assert_eq!(reading.breakers[2].open_for, Span::from_millis(300));
    }

    #[test]
    fn windows_count_from_the_origin() {
        let at = |millis| window(Duration::from_millis(millis));
        assert_eq!([at(0), at(999), at(1_000), at(59_999)], [0, 0, 1, 59]);
    }
}
