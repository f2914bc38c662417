//! What pods had counted when they answered last, process by process: so that of the totals they send, only what is new is
//! counted, once, also when an answer came late or not at all; and the readings of all of them together. Asks nobody.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::reading::{BreakerReading, Reading};
use crate::gameday::instrument::{Instrument, Kind};
use crate::gameday::span::Span;

/// What a pod says of its inside: totals since its process began, and states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// Names the process: after a restart it is another.
    pub process: u64,
    /// How long it has been running.
    pub age: Span,
    /// Counts since it began, and states; what it knows nothing of is absent.
    pub values: BTreeMap<Instrument, f64>,
    /// Its circuit breakers, always in the same order.
    #[serde(default)]
    pub breakers: Vec<PodBreaker>,
}

/// One circuit breaker in one pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodBreaker {
    /// The app, perhaps with a route after a space, that it guards calls to.
    pub guards: String,
    /// Open or half-open.
    pub open: bool,
    /// How often it opened since the process began.
    pub opened: u64,
    /// How long it was open since the process began.
    pub open_for: Span,
}

/// The totals that are known, by pod.
#[derive(Debug, Default)]
pub struct Counted {
    pods: HashMap<String, Inside>,
}

impl Counted {
    /// What is new in the totals of a process: counts and breakers become differences, states stay. One that was never heard
    /// of began at zero; where it did so before anybody listened, which is `listening` ago, what it counted is nothing new.
    pub fn news(&mut self, pod: &str, now: Inside, listening: Option<Span>) -> Inside {
        let mut news = now.clone();
        let is_older = listening.is_some_and(|listening| now.age > listening);
        let before = match self.pods.get_mut(pod) {
            Some(known) => Some(std::mem::replace(known, now)),
            None => self.pods.insert(pod.to_owned(), now),
        };
        let before = before.filter(|before| before.process == news.process);
        let before = before.or_else(|| is_older.then(|| news.clone()));
        let Some(before) = before else { return news };
        for (instrument, value) in &mut news.values {
            if instrument.kind() == Kind::Counter {
                let before = before.values.get(instrument).copied().unwrap_or_default();
                *value = (*value - before).max(0.0);
            }
        }
        for (one, before) in news.breakers.iter_mut().zip(&before.breakers) {
            one.opened = one.opened.saturating_sub(before.opened);
            one.open_for = one.open_for.saturating_sub(before.open_for);
        }
        news
    }
}

/// Adds up what was new in pods, each with its app, within `window` of so long.
pub fn sum<'a>(news: impl Iterator<Item = (&'a str, Inside)>, window: (Span, Span)) -> Reading {
    let mut values: BTreeMap<Instrument, f64> = BTreeMap::new();
    let mut breakers: BTreeMap<(&str, String), BreakerReading> = BTreeMap::new();
    for (app, inside) in news {
        for (instrument, value) in inside.values {
            let known = values.entry(instrument).or_default();
            *known = match instrument {
                // A pod that is far behind is not nearer because another is not.
                Instrument::ReplicaLag => known.max(value),
                _ => *known + value,
            };
        }
        for one in inside.breakers {
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
    Reading { start: window.0, length: window.1, values, breakers, ..Reading::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(process: u64, values: &[(Instrument, f64)], breakers: Vec<PodBreaker>) -> Inside {
        Inside { process, age: Span::ZERO, values: values.iter().copied().collect(), breakers }
    }

    fn breaker(opened: u64, millis: u64) -> PodBreaker {
        PodBreaker {
            guards: "database".to_owned(),
            open: opened > 0,
            opened,
            open_for: Span::from_millis(millis),
        }
    }

    #[test]
    fn an_answer_that_never_came_loses_nothing_and_a_new_process_begins_at_zero() {
        let mut counted = Counted::default();
        let mut hear = |process, hits, depth, opened, open_for| {
            let values = [(Instrument::CacheHits, hits), (Instrument::QueueDepth, depth)];
            let now = inside(process, &values, vec![breaker(opened, open_for)]);
            let news = counted.news("web-app-1", now, None);
            let one = news.breakers.first().unwrap();
            (
                news.values[&Instrument::CacheHits],
                news.values[&Instrument::QueueDepth],
                one.opened,
                one.open_for.as_millis(),
            )
        };
        assert_eq!(hear(7, 5.0, 3.0, 1, 400), (5.0, 3.0, 1, 400));
        assert_eq!(hear(7, 5.0, 3.0, 1, 400), (0.0, 3.0, 0, 0), "nothing happened; states stay");
        // Meanwhile one answer came too late to be heard: what it said is in the next.
        assert_eq!(hear(7, 25.0, 1.0, 3, 2_100), (20.0, 1.0, 2, 1_700));
        assert_eq!(hear(8, 2.0, 0.0, 0, 0), (2.0, 0.0, 0, 0), "another process");
        assert_eq!(hear(8, 4.0, 0.0, 1, 50), (2.0, 0.0, 1, 50));
    }

    #[test]
    fn what_a_process_begins_to_count_later_counts_from_zero() {
        let mut counted = Counted::default();
        counted.news("web-app-1", inside(7, &[], Vec::new()), None);
        let now = inside(7, &[(Instrument::Retries, 2.0)], vec![breaker(1, 10)]);
        assert_eq!(counted.news("web-app-1", now.clone(), None), now);
    }

    #[test]
    fn what_was_counted_before_anybody_listened_is_nothing_new() {
        let mut counted = Counted::default();
        let mut hear = |pod, process, hits, age, listening| {
            let mut now = inside(process, &[(Instrument::CacheHits, hits)], Vec::new());
            now.age = Span::from_secs(age);
            let news = counted.news(pod, now, Some(Span::from_secs(listening)));
            news.values[&Instrument::CacheHits]
        };
        assert_eq!(hear("old", 7, 900.0, 60, 1), 0.0);
        assert_eq!(hear("old", 7, 905.0, 61, 2), 5.0);
        assert_eq!(hear("old", 8, 3.0, 1, 5), 3.0, "it was started again meanwhile");
        assert_eq!(hear("new", 9, 4.0, 2, 6), 4.0);
        assert_eq!(hear("late", 10, 70.0, 80, 7), 0.0, "it did not answer until now");
    }

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
                inside(
                    7,
                    &[(Instrument::CacheHits, 3.0), (Instrument::ReplicaLag, 5.0)],
                    vec![breaker("cache", true, 1, 300), breaker("backend-service", false, 0, 0)],
                ),
            ),
            (
                "web-app",
                inside(
                    8,
                    &[(Instrument::CacheHits, 4.0), (Instrument::ReplicaLag, 2.0)],
                    vec![breaker("cache", false, 2, 100)],
                ),
            ),
            ("api-gateway", inside(9, &[], vec![breaker("cache", false, 0, 0)])),
        ];
        let window = (Span::from_secs(4), Span::from_secs(1));
        let reading = sum(said.into_iter(), window);
        assert_eq!((reading.start, reading.length), window);
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
}
