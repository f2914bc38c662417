//! Suggestions from what the instruments inside the target said.

use super::found::{Found, hit, in_effect, lines_of, lines_of_injection};
use crate::exercise::figure::Figures;
use crate::exercise::reading::Reading;
use crate::exercise::resilience::{breakers, during};
use crate::exercise::state::{InjectionRun, State};
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::{Metric, Unit, grouped};
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{Injection, Report, Suggestion};
use crate::report::time::instant;
use crate::report::words::length;

/// From this share of failed requests on a circuit breaker should have opened.
const FAILED: f64 = 0.05;
/// From this share of a second's requests on second tries are a storm.
const RETRIED: f64 = 0.2;
/// A cache that found so much before, and then less than half of it, is missed.
const HIT: f64 = 0.5;
/// A replica that is further behind would lose what people remember, in milliseconds.
const BEHIND: f64 = 5_000.0;

/// All of them.
pub(super) fn all(state: &State, report: &Report, lang: &Lang) -> Vec<Suggestion> {
    let mut found: Vec<Found> = in_effect(state, report)
        .filter_map(|(run, one)| Some((one, during(state, run)?, run)))
        .flat_map(|(one, figures, run)| {
            [
                closed(state, one, figures),
                storm(state, one, figures),
                misses(state, run, one, figures),
                behind(state, one, figures),
            ]
            .into_iter()
            .flatten()
        })
        .collect();
    found.extend(lost(state, report));
    found.into_iter().map(|one| one.suggestion(lang)).collect()
}

/// Many requests failed, circuit breakers guard the app that was hit, and none of them opened.
fn closed(state: &State, one: &Injection, figures: Figures<'_>) -> Option<Found> {
    let failed = figures.value(Metric::ErrorRate).filter(|failed| *failed >= FAILED)?;
    let apps: Vec<&str> = one.victims.iter().map(|pod| app(pod)).collect();
    let guarded = apps.iter().filter_map(|app| breakers(figures.readings, app));
    let guarded: Vec<_> = guarded.collect();
    if guarded.is_empty() || guarded.iter().any(|it| it.opened > 0 || it.open_for > Span::ZERO) {
        return None;
    }
    Some(Found {
        category: "resilience",
        rule: "breaker-closed",
        places: vec![("what", one.name.clone()), ("who", hit(one))],
        from: one.t0?,
        to: one.reverted,
        metric: Metric::ErrorRate.to_string().into(),
        value: failed,
        value_words: Unit::Share.show(failed),
        lines: lines_of_injection(state, &one.name),
    })
}

/// The app of a pod: `web-app` of `web-app-1`, `database` of `database-primary`.
fn app(pod: &str) -> &str {
    pod.rsplit_once('-').map_or(pod, |(app, _)| app)
}

/// Second tries came in such numbers that they were load themselves.
fn storm(state: &State, one: &Injection, figures: Figures<'_>) -> Option<Found> {
    let share = |reading: &Reading| {
        let retries = reading.value(Metric::Inside(Instrument::Retries))?;
        let same = figures.points.iter().find(|point| point.sample.start == reading.start)?;
        let all = same.sample.attempted;
        (all > 0).then(|| retries / all as f64)
    };
    let stormy: Vec<(&Reading, f64)> = figures
        .readings
        .iter()
        .filter_map(|reading| Some((reading, share(reading)?)))
        .filter(|(_, share)| *share >= RETRIED)
        .collect();
    let worst = stormy.iter().map(|(_, share)| *share).reduce(f64::max)?;
    let (first, last) = stormy.first().zip(stormy.last())?;
    Some(Found {
        category: "resilience",
        rule: "retry-storm",
        places: vec![("what", one.name.clone())],
        from: instant(state, first.0.start),
        to: Some(instant(state, last.0.end())),
        metric: Instrument::Retries.name().into(),
        value: worst,
        value_words: Unit::Share.show(worst),
        lines: lines_of_injection(state, &one.name),
    })
}

/// The cache found far less than before, and customers were worse off.
fn misses(
    state: &State,
    run: &InjectionRun,
    one: &Injection,
    figures: Figures<'_>,
) -> Option<Found> {
    let t0 = run.t0?.elapsed;
    let before = state.figures().within(Span::ZERO, t0).value(Metric::CacheHitRate)?;
    let then = figures.value(Metric::CacheHitRate)?;
    let worse = one.first_sign.is_some();
    if before < HIT || then >= before / 2.0 || !worse {
        return None;
    }
    Some(Found {
        category: "resilience",
        rule: "cache-misses",
        places: vec![("what", one.name.clone()), ("name", Unit::Share.show(before))],
        from: one.t0?,
        to: one.reverted,
        metric: Metric::CacheHitRate.to_string().into(),
        value: then,
        value_words: Unit::Share.show(then),
        lines: lines_of_injection(state, &one.name),
    })
}

/// The replica was far behind.
fn behind(state: &State, one: &Injection, figures: Figures<'_>) -> Option<Found> {
    let metric = Metric::Inside(Instrument::ReplicaLag);
    let late =
        figures.readings.iter().filter(|one| one.value(metric).is_some_and(|it| it >= BEHIND));
    let late: Vec<&Reading> = late.collect();
    let worst = late.iter().filter_map(|one| one.value(metric)).reduce(f64::max)?;
    let (first, last) = late.first().zip(late.last())?;
    Some(Found {
        category: "resilience",
        rule: "replica-lag",
        places: vec![("what", one.name.clone())],
        from: instant(state, first.start),
        to: Some(instant(state, last.end())),
        metric: Instrument::ReplicaLag.name().into(),
        value: worst,
        value_words: length(worst as u64),
        lines: lines_of_injection(state, &one.name),
    })
}

/// Data that customers were promised is gone, or data is not as it should be.
fn lost(state: &State, report: &Report) -> Option<Found> {
    let Some(Ok(check)) = &state.integrity else { return None };
    let lines = lines_of(state, &["log-data"], None);
    let wrong = check.discrepancies();
    let odd = check.tables.iter().filter(|it| it.missing + it.extra + it.changed > 0);
    let odd: Vec<String> = odd.map(|table| table.table.clone()).collect();
    let (rule, count, name, metric) = match (check.lost, wrong) {
        (0, 0) => return None,
        (0, wrong) => ("changed-data", wrong, odd.join(", "), "integrity.discrepancies"),
        (lost, _) => ("lost-writes", lost, grouped(check.acknowledged as f64), "lost_writes"),
    };
    Some(Found {
        category: "resilience",
        rule,
        places: vec![("name", name)],
        from: report.began,
        to: Some(report.last),
        metric: metric.into(),
        value: count as f64,
        value_words: grouped(count as f64),
        lines,
    })
}
