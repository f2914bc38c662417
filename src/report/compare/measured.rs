//! Rows about objectives, load, customers, phases and SLOs. Not those about faults and people.

use super::change::{Kind, Noise};
use super::matched::Places;
use super::model::{Cell, Figure, Group};
use super::rows::{About, Rows, count, kind, loaded, named, pick, real, sent, share, whole, word};
use super::side::Side;
use crate::gameday::metric::{Metric, Unit};
use crate::report::model::{Felt, Report, Slo};

/// Objectives of the same title.
pub(super) fn objectives(sides: &[Side]) -> Group {
    let mut rows = Rows::new(sides);
    for places in named(sides, |side| &side.report.objectives, |one| &one.title) {
        let things = pick(sides, &places, |side| &side.report.objectives);
        let of = things.iter().flatten().next().map(|one| one.title.clone());
        let cell = |one: &&crate::report::model::Objective| Cell {
            evidence: Some(one.evidence.to_string()),
            ..word(one.answer)
        };
        let about = About { of, team: None };
        rows.of(kind("objective", Noise::Word, "higher"), &about, &things, cell, |_, _| None);
    }
    rows.finish("objectives")
}

fn wholes(sides: &[Side]) -> Vec<Option<&Report>> {
    sides.iter().map(|side| Some(&side.report)).collect()
}

/// How much was asked of the target, and whether it could be sent.
pub(super) fn load(sides: &[Side]) -> Group {
    let mut rows = Rows::new(sides);
    let (things, about) = (wholes(sides), About::default());
    let rate = |what| kind(what, Noise::Rate, "neither");
    let achieved = |felt: &Felt| {
        let sent = felt.attempted.saturating_sub(felt.dropped) as f64;
        (felt.planned_requests > 0.0).then(|| sent / felt.planned_requests)
    };
    rows.of(rate("planned-rps"), &about, &things, |one| real(one.felt.planned_rps), |_, _| None);
    rows.of(rate("sent-rps"), &about, &things, |one| real(one.felt.sent_rps), |_, _| None);
    let of = kind("achieved", Noise::Budget, "higher");
    rows.of(of, &about, &things, |one| real(achieved(&one.felt)), |_, _| None);
    let of = kind("worst-lag", Noise::Lag, "lower");
    rows.of(of, &about, &things, |one| whole(one.felt.worst_lag_p99_us), |_, _| None);
    rows.finish("load")
}

const AVAILABILITY: Kind = loaded("availability", Noise::Availability, "higher");
const P50: Kind = loaded("latency-p50", Noise::Latency, "lower");
const P99: Kind = loaded("latency-p99", Noise::Latency, "lower");

fn settled(felt: &Felt) -> u64 {
    felt.ok + felt.errors.total() + felt.dropped
}

/// What customers felt over all phases.
pub(super) fn customers(sides: &[Side]) -> Group {
    let mut rows = Rows::new(sides);
    let (things, about) = (wholes(sides), About::default());
    let availability = |one: &&Report| share(one.felt.availability, settled(&one.felt));
    rows.of(AVAILABILITY, &about, &things, availability, sent);
    rows.of(P50, &about, &things, |one| real(one.felt.latency_p50), sent);
    rows.of(P99, &about, &things, |one| real(one.felt.latency_p99), sent);
    let outside = Kind { by_length: true, ..loaded("outside-slos", Noise::Length, "lower") };
    rows.of(outside, &about, &things, |one| whole(one.outside_ms), sent);
    rows.finish("customers")
}

/// What customers felt in phases of the same name.
pub(super) fn phases(sides: &[Side], places: &Places) -> Group {
    let mut rows = Rows::new(sides);
    for places in places {
        let things = pick(sides, places, |side| &side.report.phases);
        let of = things.iter().flatten().next().map(|one| one.name.clone());
        let about = About { of, team: None };
        let load = |_: &Side, one: &&crate::report::model::Phase| one.felt.sent_rps;
        let rate = kind("sent-rps", Noise::Rate, "neither");
        rows.of(rate, &about, &things, |one| real(one.felt.sent_rps), |_, _| None);
        rows.of(
            AVAILABILITY,
            &about,
            &things,
            |one| share(one.felt.availability, settled(&one.felt)),
            load,
        );
        rows.of(P99, &about, &things, |one| real(one.felt.latency_p99), load);
    }
    rows.finish("phases")
}

/// How deep and how long SLOs of the same name were violated.
pub(super) fn slos(sides: &[Side]) -> Group {
    let mut rows = Rows::new(sides);
    for places in named(sides, |side| &side.report.slos, |one| &one.name) {
        // With the report: a violation that did not end lasts to its last event.
        let things: Vec<Option<(&Slo, &Report)>> = sides
            .iter()
            .zip(&places)
            .map(|(side, place)| Some((side.report.slos.get((*place)?)?, &side.report)))
            .collect();
        let Some((first, _)) = things.iter().flatten().next() else { continue };
        let about = About { of: Some(first.name.clone()), team: None };
        let noise = noise(&first.metric);
        let better = if first.min.is_some() { "higher" } else { "lower" };
        let same = things.iter().flatten().all(|(one, _)| one.metric == first.metric);
        if same {
            let overall = |(one, _): &(&Slo, &Report)| real(one.overall);
            rows.of(loaded("overall", noise, better), &about, &things, overall, sent);
            rows.of(loaded("worst", noise, better), &about, &things, worst, sent);
        }
        let breach = Kind { by_length: true, ..loaded("in-breach", Noise::Length, "lower") };
        rows.of(breach, &about, &things, in_breach, sent);
        let violations = Kind { by_length: true, ..loaded("violations", Noise::Count, "lower") };
        let often = |(one, _): &(&Slo, &Report)| match is_measured(one) {
            false if one.violations.is_empty() => whole(None),
            _ => count(one.violations.len()),
        };
        rows.of(violations, &about, &things, often, sent);
        let budget = loaded("budget-used", Noise::Budget, "lower");
        rows.of(budget, &about, &things, |(one, _)| real(one.budget_used), sent);
    }
    rows.finish("slos")
}

fn noise(metric: &str) -> Noise {
    match metric.parse::<Metric>().map_or(Unit::Count, Metric::unit) {
        Unit::Share => Noise::Availability,
        Unit::Millis => Noise::Latency,
        Unit::PerSecond => Noise::Rate,
        Unit::Count => Noise::Count,
    }
}

/// The deepest of all violations; none: it was kept, or nobody knows.
fn worst((one, _): &(&Slo, &Report)) -> Cell {
    let values = one.violations.iter().map(|violation| violation.worst);
    let worst = values.reduce(if one.min.is_some() { f64::min } else { f64::max });
    match worst {
        Some(_) => real(worst),
        None if is_measured(one) => word("kept"),
        None => real(None),
    }
}

/// Whether there is anything to say of it.
const fn is_measured(one: &Slo) -> bool {
    match &one.watched {
        Some(kept) => kept.outside_ms.is_some(),
        None => one.overall.is_some(),
    }
}

/// All violations together.
fn in_breach((one, report): &(&Slo, &Report)) -> Cell {
    if !is_measured(one) && one.violations.is_empty() {
        return whole(None);
    }
    if let Some(kept) = &one.watched {
        return whole(kept.outside_ms);
    }
    let lasted = one.violations.iter().map(|violation| {
        let to = violation.to.unwrap_or(report.last).elapsed_ms;
        to.saturating_sub(violation.from.elapsed_ms)
    });
    Cell { value: Some(Figure::Whole(lasted.sum())), ..whole(None) }
}
