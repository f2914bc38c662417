//! Suggestions from what customers felt, and whether anybody noticed.

use super::found::{Found, hit, in_effect, lines_of, lines_of_injection};
use crate::exercise::said::said;
use crate::exercise::series::Point;
use crate::exercise::state::State;
use crate::gameday::metric::{Unit, grouped};
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{Injection, Report, Slo, Suggestion, Violation};
use crate::report::time::instant;
use crate::report::words::length;

/// Noticing takes too long from here on.
const LATE: u64 = 60_000;
/// The generator is late from here on, in microseconds: latencies are partly its own.
const LAG: u64 = 100_000;

/// All of them.
pub(super) fn all(state: &State, report: &Report, lang: &Lang) -> Vec<Suggestion> {
    let mut found: Vec<Found> = in_effect(state, report)
        .flat_map(|(_, one)| {
            let mut here: Vec<Found> = unnoticed(state, report, one).into_iter().collect();
            here.extend(late(state, report, one));
            here.extend(undefended(state, report, one));
            here
        })
        .collect();
    found.extend(defences_off(state, report));
    found.extend(dropped(state, report));
    found.extend(lagging(report, state));
    found.into_iter().map(|one| one.suggestion(lang)).collect()
}

/// No team noticed it.
fn unnoticed(state: &State, report: &Report, one: &Injection) -> Option<Found> {
    let t0 = one.t0?;
    if one.detection != "not detected" {
        return None;
    }
    let end = one.reverted.unwrap_or(report.last);
    let lasted = end.elapsed_ms.saturating_sub(t0.elapsed_ms);
    Some(Found {
        category: "detection",
        rule: "unnoticed",
        places: vec![("what", one.name.clone()), ("who", hit(one))],
        from: t0,
        to: one.reverted,
        metric: said!("metric-in-effect", "time in effect"),
        value: lasted as f64,
        value_words: length(lasted),
        lines: lines_of_injection(state, &one.name),
    })
}

/// Times outside an SLO that belong to an injection: they began while it lasted, or within a minute after.
fn violations<'a>(
    report: &'a Report,
    one: &'a Injection,
) -> impl Iterator<Item = (&'a Slo, &'a Violation)> {
    let t0 = one.t0.map(|at| at.elapsed_ms);
    let end = one.reverted.map_or(u64::MAX, |at| at.elapsed_ms);
    let later = report.injections.iter().filter_map(|other| other.t0).map(|at| at.elapsed_ms);
    let next = later.filter(move |at| t0.is_some_and(|t0| *at > t0)).min().unwrap_or(u64::MAX);
    let ours = move |violation: &Violation| {
        let from = violation.from.elapsed_ms;
        t0.is_some_and(|t0| from >= t0) && from < end.min(next)
    };
    report.slos.iter().flat_map(move |slo| {
        slo.violations.iter().filter(move |one| ours(one)).map(move |one| (slo, one))
    })
}

/// A team noticed it long after an SLO was violated.
fn late(state: &State, report: &Report, one: &Injection) -> Option<Found> {
    let incident = report.incidents.iter().find(|incident| Some(incident.id) == one.incident)?;
    let (slo, first) = violations(report, one).min_by_key(|(_, one)| one.from.elapsed_ms)?;
    let waited = incident.opened.clock_ms?.saturating_sub(first.from.clock_ms?);
    if waited < LATE {
        return None;
    }
    let mut lines = super::found::lines_of_incident(state, incident.id);
    lines.truncate(1);
    lines.extend(said_outside(state, slo, first));
    Some(Found {
        category: "detection",
        rule: "late-detection",
        places: vec![("what", one.name.clone()), ("name", slo.name.clone())],
        from: first.from,
        to: Some(incident.opened),
        metric: slo.metric.as_str().into(),
        value: waited as f64,
        value_words: length(waited),
        lines,
    })
}

/// An SLO came back inside only once the fault was gone: nothing in the target defended it.
fn undefended(state: &State, report: &Report, one: &Injection) -> Option<Found> {
    let reverted = one.reverted?;
    let (slo, worst) = violations(report, one)
        .filter(|(_, it)| it.to.is_none_or(|to| to.elapsed_ms >= reverted.elapsed_ms))
        .max_by_key(|(_, it)| it.to.map_or(u64::MAX, |to| to.elapsed_ms))?;
    let (rule, value) = match worst.to {
        Some(to) => ("only-undoing-helped", to.elapsed_ms.saturating_sub(reverted.elapsed_ms)),
        None => ("never-back", report.last.elapsed_ms.saturating_sub(worst.from.elapsed_ms)),
    };
    let mut lines = said_outside(state, slo, worst);
    lines.extend(lines_of_injection(state, &one.name));
    Some(Found {
        category: "resilience",
        rule,
        places: vec![("what", one.name.clone()), ("who", hit(one)), ("name", slo.name.clone())],
        from: worst.from,
        to: worst.to,
        metric: slo.metric.as_str().into(),
        value: value as f64,
        value_words: length(value),
        lines,
    })
}

fn said_outside(state: &State, slo: &Slo, violation: &Violation) -> Vec<u64> {
    let lines = lines_of(state, &["log-breached"], Some(&slo.name));
    let near = |seq: &u64| {
        let entry = state.log.iter().find(|entry| entry.seq == *seq);
        entry.is_some_and(|entry| entry.stamp.elapsed.as_millis() == violation.from.elapsed_ms)
    };
    lines.into_iter().filter(near).collect()
}

/// SLOs were violated during an injection, and defences of the lab were off.
fn defences_off(state: &State, report: &Report) -> Option<Found> {
    let off: Vec<String> = state.plan().defences.off().map(|one| one.name().into()).collect();
    if off.is_empty() {
        return None;
    }
    let broken = report.injections.iter().filter_map(|one| {
        let sum: u64 = violations(report, one).filter_map(|(_, it)| it.lasted_ms).sum();
        let first = violations(report, one).min_by_key(|(_, it)| it.from.elapsed_ms)?;
        Some((one, sum, first.1))
    });
    let (one, sum, first) = broken.max_by_key(|(_, sum, _)| *sum)?;
    Some(Found {
        category: "resilience",
        rule: "defences-off",
        places: vec![("what", one.name.clone()), ("name", off.join(", "))],
        from: first.from,
        to: one.reverted,
        metric: said!("metric-outside", "time outside SLOs"),
        value: sum as f64,
        value_words: length(sum),
        lines: lines_of_injection(state, &one.name),
    })
}

/// The points of a phase of the report.
fn points<'a>(state: &'a State, report: &Report, index: usize) -> &'a [Point] {
    let Some(phase) = report.phases.get(index) else { return &[] };
    let Some(from) = phase.started else { return &[] };
    let to = phase.ended.unwrap_or(report.last).elapsed_ms;
    state.series.within(Span::from_millis(from.elapsed_ms), Span::from_millis(to))
}

/// Requests that could not be sent: what was asked is more than target or generator could take.
fn dropped(state: &State, report: &Report) -> Option<Found> {
    let worst = report.phases.iter().enumerate().max_by_key(|(_, phase)| phase.felt.dropped)?;
    let (index, phase) = worst;
    let points = points(state, report, index);
    let first = points.iter().find(|point| point.sample.dropped > 0)?;
    let last = points.iter().rev().find(|point| point.sample.dropped > 0)?;
    Some(Found {
        category: "capacity",
        rule: "dropped",
        places: vec![("what", phase.name.clone())],
        from: instant(state, first.sample.start),
        to: Some(instant(state, last.end())),
        metric: "dropped".into(),
        value: phase.felt.dropped as f64,
        value_words: grouped(phase.felt.dropped as f64),
        lines: Vec::new(),
    })
}

/// The generator itself was late.
fn lagging(report: &Report, state: &State) -> Option<Found> {
    let worst = |index: &usize| report.phases.get(*index)?.felt.worst_lag_p99_us;
    let index = (0..report.phases.len()).max_by_key(worst)?;
    let phase = report.phases.get(index)?;
    let lag = phase.felt.worst_lag_p99_us.filter(|lag| *lag >= LAG)?;
    let points = points(state, report, index);
    let point = points.iter().find(|point| point.sample.lag_p99_us == lag)?;
    let millis = lag as f64 / 1_000.0;
    Some(Found {
        category: "capacity",
        rule: "generator-lag",
        places: vec![("what", phase.name.clone())],
        from: instant(state, point.sample.start),
        to: Some(instant(state, point.end())),
        metric: said!("metric-lag", "generator lag p99"),
        value: millis,
        value_words: Unit::Millis.show(millis),
        lines: Vec::new(),
    })
}
