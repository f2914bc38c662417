//! What the report says of the inside of the target: instruments, breakers, security events; what each injection did to
//! customers; what teams did. Not of the data (see `data`).

use std::collections::BTreeMap;

use super::data;
use super::felt::whole;
use crate::exercise::figure::Figures;
use crate::exercise::resilience::{during, of_breakers, stretch};
use crate::exercise::said::Said;
use crate::exercise::state::State;
use crate::gameday::instrument::Instrument as Kind;
use crate::gameday::metric::Metric;
use crate::lang::Lang;
use crate::report::model::{Action, Breaker, Impact, Inside, Instrument, OfPhase, SecurityEvent};
use crate::report::time::{instant, moment};
use crate::report::words::NO_DATA;

/// What is counted as a security event.
const SECURITY: [Kind; 8] = [
    Kind::AuthFailures,
    Kind::CachedAuth,
    Kind::Forbidden,
    Kind::Escalations,
    Kind::TlsErrors,
    Kind::RenewalAttempts,
    Kind::RateLimited,
    Kind::Shed,
];

/// Everything the instruments said; `None`: nobody looked inside.
pub(super) fn inside(state: &State, lang: &Lang) -> Option<Inside> {
    let integrity = data::integrity(state, lang);
    if state.readings.is_empty() && state.failovers.is_empty() && integrity.is_none() {
        return None;
    }
    let whole = whole(state);
    Some(Inside {
        instruments: instruments(state, whole),
        breakers: breakers(whole),
        disasters: data::disasters(state),
        failovers: data::failovers(state, lang),
        integrity,
        security: security(state, whole),
    })
}

fn instruments(state: &State, whole: Figures<'_>) -> Vec<Instrument> {
    let metrics = Kind::ALL.into_iter().map(Metric::Inside);
    let metrics = metrics.chain([Metric::CacheHitRate]);
    metrics
        .filter_map(|metric| {
            let value = figure(whole, metric)?;
            let phases = state.phases.iter().zip(&state.plan().phases).filter_map(|(run, plan)| {
                let (_, from) = run.started?;
                let to = run.ended.map_or(state.now, |(_, at, _)| at);
                let value = figure(state.figures().within(from.elapsed, to.elapsed), metric);
                Some(OfPhase { phase: plan.name.clone(), value, words: words(metric, value) })
            });
            Some(Instrument {
                name: metric.to_string(),
                how: match metric {
                    Metric::CacheHitRate => "share",
                    _ if metric.is_state() => "largest",
                    _ => "sum",
                },
                whole: Some(value),
                whole_words: words(metric, Some(value)),
                phases: phases.collect(),
            })
        })
        .collect()
}

/// The sum of counts, the largest of states.
fn figure(figures: Figures<'_>, metric: Metric) -> Option<f64> {
    if metric.is_state() {
        figures.seconds(metric).into_iter().reduce(f64::max)
    } else {
        figures.value(metric)
    }
}

fn words(metric: Metric, value: Option<f64>) -> String {
    value.map_or_else(|| NO_DATA.to_owned(), |value| metric.unit().show(value))
}

fn breakers(whole: Figures<'_>) -> Vec<Breaker> {
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for one in whole.readings.iter().flat_map(|reading| &reading.breakers) {
        let most = counts.entry((&one.owner, &one.guards)).or_default();
        *most = one.count.max(*most);
    }
    let each = counts.into_iter().filter_map(|((owner, guards), count)| {
        let figures =
            of_breakers(whole.readings, |one| one.owner == owner && one.guards == guards)?;
        Some(Breaker {
            owner: owner.to_owned(),
            guards: guards.to_owned(),
            count,
            opened: figures.opened,
            open_ms: figures.open_for.as_millis(),
        })
    });
    each.collect()
}

fn security(state: &State, whole: Figures<'_>) -> Vec<SecurityEvent> {
    let each = SECURITY.into_iter().filter_map(|kind| {
        let metric = Metric::Inside(kind);
        let count = whole.value(metric)?;
        let seen = || {
            let some = |one: &&_| value_of(one, metric) > 0.0;
            whole.readings.iter().filter(some).map(|one| one.start)
        };
        Some(SecurityEvent {
            name: metric.to_string(),
            count,
            worst_second: whole.seconds(metric).into_iter().reduce(f64::max)?,
            first: seen().next().map(|at| instant(state, at)),
            last: seen().next_back().map(|at| instant(state, at)),
        })
    });
    each.collect()
}

fn value_of(reading: &crate::exercise::reading::Reading, metric: Metric) -> f64 {
    reading.value(metric).unwrap_or_default()
}

/// What customers felt while each injection lasted.
pub(super) fn impact(state: &State) -> Vec<Impact> {
    let ran = state.injections.iter().filter_map(|run| Some((run, state.planned(run.id)?)));
    ran.filter_map(|(run, planned)| {
        let (figures, (from, to)) = during(state, run).zip(stretch(state, run))?;
        let measured = !figures.points.is_empty();
        let sum = |of: fn(&crate::exercise::sample::Sample) -> u64| {
            let sums = figures.points.iter().map(|point| of(&point.sample));
            measured.then(|| sums.fold(0, u64::saturating_add))
        };
        Some(Impact {
            injection: planned.name.clone(),
            lasted_ms: (to - from).as_millis(),
            requests: sum(|sample| sample.settled()),
            failed: sum(|sample| sample.settled() - sample.ok),
            degraded: figures.value(Metric::Inside(Kind::Degraded)),
            availability: figures.value(Metric::Availability),
            latency_p99: figures.value(Metric::Latency(990)),
        })
    })
    .collect()
}

/// Levers that teams pulled, in order.
pub(super) fn actions(state: &State, lang: &Lang) -> Vec<Action> {
    let say = |said: &Said| lang.said(said).into_owned();
    let each = state.levers.iter().map(|run| {
        let (outcome, said, took) = match &run.outcome {
            None => ("no answer", String::new(), None),
            Some((at, Ok(said))) => ("done", say(said), Some(at.since(run.at))),
            Some((at, Err(said))) => ("failed", say(said), Some(at.since(run.at))),
        };
        Action {
            at: moment(state, run.at),
            team: run.team.clone(),
            author: run.author.clone(),
            lever: run.lever.to_string(),
            changes: run.lever.changes(),
            outcome,
            said,
            took_ms: took.map(|span| span.as_millis()),
        }
    });
    each.collect()
}
