//! What pods had counted when they answered last, process by process: so that of the totals they send, only what is new is
//! counted, once, also when an answer came late or not at all. Asks nobody.

use std::collections::{BTreeMap, HashMap};

use super::channel::PodBreaker;
use crate::gameday::instrument::{Instrument, Kind};

/// The totals of one process.
#[derive(Clone, Debug)]
struct Totals {
    process: u32,
    values: BTreeMap<Instrument, f64>,
    breakers: Vec<PodBreaker>,
}

/// The totals that are known, by pod.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pods: HashMap<&'static str, Totals>,
}

impl Counted {
    /// What is new in the totals of a process: counts and breakers become differences, states stay. A process that was
    /// never heard of began at zero.
    pub(super) fn news(
        &mut self,
        pod: &'static str,
        process: u32,
        mut values: BTreeMap<Instrument, f64>,
        mut breakers: Vec<PodBreaker>,
    ) -> (BTreeMap<Instrument, f64>, Vec<PodBreaker>) {
        let now = Totals { process, values: values.clone(), breakers: breakers.clone() };
        let before = self.pods.insert(pod, now).filter(|before| before.process == process);
        let Some(before) = before else { return (values, breakers) };
        for (instrument, value) in &mut values {
            if instrument.kind() == Kind::Counter {
                let before = before.values.get(instrument).copied().unwrap_or_default();
                *value = (*value - before).max(0.0);
            }
        }
        for (one, before) in breakers.iter_mut().zip(&before.breakers) {
            one.opened = one.opened.saturating_sub(before.opened);
            one.open_for = one.open_for.saturating_sub(before.open_for);
        }
        (values, breakers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::span::Span;

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
            let values =
                BTreeMap::from([(Instrument::CacheHits, hits), (Instrument::QueueDepth, depth)]);
            let (values, breakers) =
                counted.news("web-app-1", process, values, vec![breaker(opened, open_for)]);
            let one = breakers.first().unwrap();
            (
                values[&Instrument::CacheHits],
                values[&Instrument::QueueDepth],
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
        counted.news("web-app-1", 7, BTreeMap::new(), Vec::new());
        let values = BTreeMap::from([(Instrument::Retries, 2.0)]);
        let (values, breakers) = counted.news("web-app-1", 7, values, vec![breaker(1, 10)]);
        assert_eq!(values, BTreeMap::from([(Instrument::Retries, 2.0)]));
        assert_eq!(breakers, [breaker(1, 10)]);
    }
}
