//! Bounds for figures that enter or leave a recording, so that no sum over them overflows and none is lost in JSON.
//! Not a judgement on what they mean.

use crate::exercise::event::{Envelope, Event};
use crate::exercise::found::LARGEST;
use crate::exercise::lever::Lever;
use crate::exercise::reading::{IntegrityCheck, Reading};
use crate::exercise::sample::Sample;
use crate::exercise::stamp::Stamp;
use crate::exercise::steady::Finding;
use crate::gameday::load::{LoadPattern, RateCurve};
use crate::gameday::span::Span;

/// A hundred years in milliseconds.
const LONGEST: u64 = 3_155_760_000_000;
/// The last millisecond of the year 9999.
const LATEST: i64 = 253_402_300_799_999;
/// More than any generator sends in one window; ten million windows of it still fit a sum.
const MOST: u64 = 1_000_000_000_000;

/// Whether every figure is one that can be kept.
pub(super) fn check(envelope: &Envelope) -> Result<(), String> {
    stamp(envelope.stamp)?;
    match &envelope.event {
        Event::SteadyStateChecked { findings, .. } => findings.iter().try_for_each(finding),
        Event::PhaseExtended { amount, .. } | Event::InjectionDelayed { amount, .. } => {
            span("amount", *amount)
        }
        Event::InjectionStarted { blast, .. } => number("replicas_left", blast.replicas_left),
        Event::ReachApproved { injections, .. } => {
            injections.iter().try_for_each(|one| number("replicas_left", one.blast.replicas_left))
        }
        Event::InjectionActive { t0, .. } => stamp(*t0),
        Event::SilenceStarted { order, .. } => instant(order.from).and(instant(order.until)),
        Event::SilenceActive { until, .. } => instant(*until),
        Event::Logged { happened: Some(at), .. }
        | Event::IncidentOpened { happened: Some(at), .. }
        | Event::IncidentMoved { happened: Some(at), .. } => stamp(*at),
        Event::LoadFollowed { curve: followed } => curve(followed),
        Event::LoadOverridden { rps: Some(rps), .. } => number("rps", *rps),
        Event::Sampled(one) => sample(one),
        Event::Observed(one) => reading(one),
        Event::WatchResumed { away } => span("away", *away),
        Event::ThenKnown { readings } => readings.iter().try_for_each(reading),
        Event::ShareHeard { share: Some(share), .. } => number("share", *share),
        Event::FailedOver(failover) => {
            span("took", failover.took)?;
            span("behind", failover.behind)
        }
        Event::CheckpointTaken(checkpoint) => {
            checkpoint.tables.iter().try_for_each(|(_, rows)| count("rows", *rows))
        }
        Event::IntegrityChecked(check) => integrity(check),
        Event::LeverPulled { lever: Lever::ShedLoad { share }, .. } => number("share", *share),
        Event::SloBreached { value, .. }
        | Event::SloRecovered { value, .. }
        | Event::GuardrailFired { value, .. } => number("value", *value),
        _ => Ok(()),
    }
}

fn stamp(stamp: Stamp) -> Result<(), String> {
    span("t", stamp.elapsed)?;
    instant(stamp.wall)
}

fn instant(at: i64) -> Result<(), String> {
    if (-LATEST..=LATEST).contains(&at) {
        Ok(())
    } else {
        Err(format!("at: {at} is beyond the year 9999"))
    }
}

fn span(what: &str, span: Span) -> Result<(), String> {
    if span.as_millis() <= LONGEST {
        Ok(())
    } else {
        Err(format!("{what}: {} ms is beyond a hundred years", span.as_millis()))
    }
}

fn number(what: &str, value: f64) -> Result<(), String> {
    // Written so that NaN is refused too.
    if value.abs() <= LARGEST {
        Ok(())
    } else {
        Err(format!("{what}: {value} is beyond any figure"))
    }
}

fn count(what: &str, value: u64) -> Result<(), String> {
    if value <= MOST { Ok(()) } else { Err(format!("{what}: {value} is beyond any count")) }
}

fn reading(reading: &Reading) -> Result<(), String> {
    span("start", reading.start)?;
    span("length", reading.length)?;
    reading.values.iter().try_for_each(|(instrument, value)| number(instrument.name(), *value))?;
    reading.asked.iter().try_for_each(|(query, value)| number(query.name(), *value))?;
    reading.breakers.iter().try_for_each(|one| span("open_for", one.open_for))
}

fn integrity(check: &IntegrityCheck) -> Result<(), String> {
    count("acknowledged", check.acknowledged)?;
    count("lost", check.lost)?;
    check.tables.iter().try_for_each(|table| {
        for (what, rows) in [
            ("rows", table.rows),
            ("missing", table.missing),
            ("extra", table.extra),
            ("changed", table.changed),
        ] {
            count(what, rows)?;
        }
        Ok(())
    })
}

fn finding(finding: &Finding) -> Result<(), String> {
    for value in [finding.value, finding.limit.min, finding.limit.max].into_iter().flatten() {
        number("finding", value)?;
    }
    Ok(())
}

fn curve(curve: &RateCurve) -> Result<(), String> {
    span("duration", curve.duration)?;
    span("position", curve.position)?;
    match curve.pattern {
        LoadPattern::Constant { rps } => number("rps", rps),
        LoadPattern::Linear { start, end } | LoadPattern::Step { start, end, .. } => {
            number("start", start)?;
            number("end", end)
        }
        LoadPattern::Spike { base, peak, at, width } => {
            number("base", base)?;
            number("peak", peak)?;
            span("at", at)?;
            span("width", width)
        }
        LoadPattern::Sine { mean, amplitude, period } => {
            number("mean", mean)?;
            number("amplitude", amplitude)?;
            span("period", period)
        }
    }
}

fn sample(sample: &Sample) -> Result<(), String> {
    span("start", sample.start)?;
    span("length", sample.length)?;
    number("planned", sample.planned)?;
    for (what, value) in [
        ("attempted", sample.attempted),
        ("dropped", sample.dropped),
        ("ok", sample.ok),
        ("lag_p50_us", sample.lag_p50_us),
        ("lag_p99_us", sample.lag_p99_us),
        ("in_flight", sample.in_flight),
    ] {
        count(what, value)?;
    }
    sample.errors.named().into_iter().try_for_each(|(what, value)| count(what, value))
}
