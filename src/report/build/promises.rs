//! What the report says of the SLOs of a watch: from every answer, also of the time before somebody watched. Not of those of
//! an exercise (`rules`).
//!
//! An SLO is outside from the beginning of the first answer outside to the beginning of the next one inside. A time without
//! answers in between is not counted as outside; where nobody asked at all, what is before it and what is after it are two.

use crate::exercise::reading::Reading;
use crate::exercise::state::State;
use crate::gameday::metric::Unit;
use crate::gameday::plan::Limit;
use crate::gameday::span::Span;
use crate::report::model::{Kept, Slo, Violation};
use crate::report::time::instant;
use crate::report::words::NO_DATA;

/// A pause between two rounds of questions is no longer; else nobody asked.
const ASKED_AGAIN: Span = Span::from_secs(60);

/// A time outside a limit.
struct Outside {
    from: Span,
    to: Option<Span>,
    worst: f64,
}

/// Every promise, and each time outside it.
pub(super) fn slos(state: &State) -> Vec<Slo> {
    let both = state.plan().slos.iter().zip(&state.slos);
    both.map(|(slo, run)| {
        let limit = &slo.limit;
        let unit = limit.metric.unit();
        let violations = outside(&state.readings, limit).into_iter().map(|one| Violation {
            from: instant(state, one.from),
            to: one.to.map(|to| instant(state, to)),
            lasted_ms: one.to.map(|to| (to - one.from).as_millis()),
            worst: one.worst,
            worst_words: unit.show(one.worst),
            budget_used: None,
        });
        Slo {
            name: slo.name.clone(),
            metric: limit.metric.to_string(),
            limit: limit.to_string(),
            min: limit.min,
            max: limit.max,
            overall: None,
            overall_words: NO_DATA.to_owned(),
            budget_used: None,
            violations: violations.collect(),
            watched: Some(kept(state, limit, run.value)),
        }
    })
    .collect()
}

/// How long at least one of them was outside; `None`: there is none with a limit, or none was measured.
pub(super) fn outside_any(state: &State) -> Option<u64> {
    let limits = || state.plan().slos.iter().map(|slo| &slo.limit).filter(|limit| limit.is_bound());
    let value = |reading: &Reading, limit: &Limit| reading.value(limit.metric);
    let measured =
        state.readings.iter().any(|one| limits().any(|limit| value(one, limit).is_some()));
    measured.then(|| {
        let breaks =
            |one: &&Reading| limits().any(|it| value(one, it).is_some_and(|it2| !it.holds(it2)));
        let outside = state.readings.iter().filter(breaks);
        outside.fold(Span::ZERO, |sum, one| sum + one.length).as_millis()
    })
}

fn kept(state: &State, limit: &Limit, last: Option<f64>) -> Kept {
    let each = || state.readings.iter().filter_map(|one| Some((one, one.value(limit.metric)?)));
    let sum = |holds: bool| {
        let those = each().filter(|(_, value)| !holds || !limit.holds(*value));
        those.fold(Span::ZERO, |sum, (one, _)| sum + one.length).as_millis()
    };
    let measured_ms = sum(false);
    let unit = limit.metric.unit();
    let worst = each().map(|(_, value)| value).filter(|_| limit.is_bound()).reduce(worse(limit));
    Kept {
        last,
        last_words: words(unit, last),
        measured_ms,
        outside_ms: (limit.is_bound() && measured_ms > 0).then(|| sum(true)),
        worst,
        worst_words: words(unit, worst),
    }
}

/// A value in words, or that there is none.
pub(super) fn words(unit: Unit, value: Option<f64>) -> String {
    value.map_or_else(|| NO_DATA.to_owned(), |value| unit.show(value))
}

/// Which of two values is worse: the one further outside.
fn worse(limit: &Limit) -> impl Fn(f64, f64) -> f64 {
    let Limit { min, max, .. } = *limit;
    move |a, b| {
        let beyond = |value: f64| {
            let below = min.map_or(f64::NEG_INFINITY, |min| min - value);
            below.max(max.map_or(f64::NEG_INFINITY, |max| value - max))
        };
        if beyond(b) > beyond(a) { b } else { a }
    }
}

fn outside(readings: &[Reading], limit: &Limit) -> Vec<Outside> {
    let mut all: Vec<Outside> = Vec::new();
    // Where the last answer outside ended.
    let mut until = Span::ZERO;
    let mut before = Span::ZERO;
    for reading in readings {
        if let Some(open) = all.last_mut().filter(|one| one.to.is_none())
            && reading.start > before + ASKED_AGAIN
        {
            open.to = Some(until);
        }
        before = reading.end();
        let Some(value) = reading.value(limit.metric) else { continue };
        let open = all.last_mut().filter(|one| one.to.is_none());
        match (limit.holds(value), open) {
            (true, Some(open)) => open.to = Some(reading.start),
            (true, None) => {}
            (false, Some(open)) => open.worst = worse(limit)(open.worst, value),
            (false, None) => {
                all.push(Outside { from: reading.start, to: None, worst: value });
            }
        }
        if !limit.holds(value) {
            until = reading.end();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::metric::Metric;
    use crate::gameday::query::Query;

    #[test]
    fn a_time_in_which_nobody_asked_ends_what_was_outside_and_one_without_answers_does_not() {
        let query = Query::new("latency", Unit::Millis).unwrap();
        let limit = Limit { metric: Metric::Asked(query), min: None, max: Some(300.0) };
        let reading = |(start, value): (u64, Option<f64>)| Reading {
            start: Span::from_secs(start),
            length: Span::from_secs(1),
            asked: value.into_iter().map(|value| (query, value)).collect(),
            ..Reading::default()
        };
        let (good, bad, worst) = (Some(100.0), Some(400.0), Some(500.0));
        for (answers, times) in [
            (vec![], vec![]),
            (vec![(0, good), (1, None)], vec![]),
            (vec![(0, bad), (1, worst), (2, bad), (3, good)], vec![(0, Some(3), 500.0)]),
            (vec![(5, bad), (6, None), (7, bad), (8, good)], vec![(5, Some(8), 400.0)]),
            (vec![(5, bad), (6, None)], vec![(5, None, 400.0)]),
            (
                vec![(0, bad), (1, None), (100, bad), (101, worst)],
                vec![(0, Some(1), 400.0), (100, None, 500.0)],
            ),
            (vec![(0, bad), (100, good)], vec![(0, Some(1), 400.0)]),
        ] {
            let readings: Vec<Reading> = answers.into_iter().map(reading).collect();
            let seconds = |span: Span| span.as_millis() / 1_000;
            let found = outside(&readings, &limit);
            let found: Vec<_> = found
                .into_iter()
                .map(|one| (seconds(one.from), one.to.map(seconds), one.worst))
                .collect();
            assert_eq!(found, times, "{readings:?}");
        }
    }
}
