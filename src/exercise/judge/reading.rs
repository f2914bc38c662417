//! The value of one side of a measure, with words for where it comes from. Not the comparing.

use super::facts;
use super::value::{Reading, known, time};
use super::window::Window;
use crate::exercise::figure::Figures;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::series::Point;
use crate::exercise::state::State;
use crate::exercise::times;
use crate::gameday::instrument::Instrument;
use crate::gameday::measure::{Aggregate, Expr, IncidentCount, Sign, TimeTo};
use crate::gameday::metric::{Metric, Unit, grouped};
use crate::gameday::span::Span;

/// How many seconds in a row a peak is over.
const PEAK: usize = 5;

/// Reads one side of a measure.
pub(super) fn read(state: &State, expr: &Expr, window: &Window<'_>) -> Reading {
    match expr {
        // A length of time as it was written: `5m`, not `300.0s`.
        Expr::Number { value, unit: Unit::Millis } if *value >= 1_000.0 => {
            known(*value, Unit::Millis, Span::from_millis(value.round() as u64).to_string())
        }
        Expr::Number { value, unit } => known(*value, *unit, unit.show(*value)),
        Expr::Metric { metric, aggregate } => measured(state, *metric, *aggregate, window),
        Expr::Injection { fact, name } => facts::injection(state, *fact, name),
        Expr::Incidents(count) => incidents(state, *count),
        Expr::Time { which, team } => mean_time(state, *which, team.as_deref()),
        Expr::Breaker { fact, app } => facts::breaker(*fact, app, window),
        Expr::Fact(fact) => facts::fact(state, *fact),
        Expr::Arithmetic { left, op, right } => {
            arithmetic(read(state, left, window), *op, read(state, right, window))
        }
    }
}

fn measured(state: &State, metric: Metric, how: Aggregate, window: &Window<'_>) -> Reading {
    let baseline;
    let window = if how == Aggregate::Baseline {
        match Window::phase(state, 0) {
            Ok(first) => baseline = first,
            Err(why) => return Reading::Missing(why),
        }
        &baseline
    } else {
        window
    };
    let figures = &window.figures;
    let seconds = || figures.seconds(metric).into_iter();
    let (label, value) = match how {
        Aggregate::Whole => (metric.to_string(), figures.value(metric)),
        Aggregate::Baseline => (format!("baseline({metric})"), figures.value(metric)),
        Aggregate::Max => (format!("max({metric})"), seconds().reduce(f64::max)),
        Aggregate::Min => (format!("min({metric})"), seconds().reduce(f64::min)),
        Aggregate::Mean if matches!(metric, Metric::Latency(_)) => {
            return Reading::Missing(format!("percentiles are never averaged: mean({metric})"));
        }
        Aggregate::Mean => {
            let (count, sum) = seconds().fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            (format!("mean({metric})"), (count > 0.0).then(|| sum / count))
        }
        Aggregate::Peak => (format!("peak({metric})"), figures.peak(metric, PEAK)),
    };
    let Some(value) = value else {
        let why = if how == Aggregate::Peak { " in five seconds in a row" } else { "" };
        return Reading::Missing(format!("{label} was not measured{why} {}", window.words));
    };
    let mut words = format!("{label} {} {}", metric.unit().show(value), window.described(metric));
    if matches!(how, Aggregate::Whole | Aggregate::Baseline) {
        words += &counts(figures, metric);
    }
    known(value, metric.unit(), words)
}

/// The counts behind a figure over a window.
fn counts(figures: &Figures<'_>, metric: Metric) -> String {
    let points = figures.points;
    let sum = |of: fn(&Point) -> u64| points.iter().map(of).sum::<u64>() as f64;
    let settled = sum(|point| point.sample.settled());
    let ok = sum(|point| point.sample.ok);
    match metric {
        Metric::Availability => format!(" ({} of {})", grouped(ok), grouped(settled)),
        Metric::ErrorRate => format!(" ({} of {})", grouped(settled - ok), grouped(settled)),
        Metric::Throughput => format!(" ({} answered)", grouped(ok)),
        Metric::Dropped => {
            format!(" ({} dropped)", grouped(sum(|point| point.sample.dropped)))
        }
        Metric::Failures => format!(" (of {} requests)", grouped(settled)),
        Metric::CacheHitRate => {
            let of = |one| figures.value(Metric::Inside(one)).unwrap_or_default();
            let (hits, misses) = (of(Instrument::CacheHits), of(Instrument::CacheMisses));
            format!(" ({} of {})", grouped(hits), grouped(hits + misses))
        }
        Metric::Inside(_) => String::new(),
        Metric::LatencyMean | Metric::Latency(_) => {
            let ended = settled - sum(|point| point.sample.dropped);
            format!(" ({} requests)", grouped(ended))
        }
    }
}

/// False alarms count as resolved: nothing is left to do about them.
fn incidents(state: &State, which: IncidentCount) -> Reading {
    let count = |test: fn(IncidentStatus) -> bool| {
        state.incidents.iter().filter(|incident| test(incident.status)).count()
    };
    let total = count(|status| status != IncidentStatus::Duplicate);
    if total == 0 && which != IncidentCount::Total {
        return Reading::Missing("no incident was opened".to_owned());
    }
    let false_alarms = count(|status| status == IncidentStatus::FalseAlarm);
    let (value, mut words) = match which {
        IncidentCount::Total => (total, format!("incidents {total}")),
        IncidentCount::Resolved => {
            let value = count(|status| status == IncidentStatus::Resolved) + false_alarms;
            (value, format!("incidents resolved {value}"))
        }
        IncidentCount::Open => {
            let value = count(|status| !status.is_closed());
            (value, format!("incidents open {value}"))
        }
    };
    if false_alarms > 0 && which == IncidentCount::Resolved {
        words += &format!(" (false alarms among them: {false_alarms})");
    }
    known(value as f64, Unit::Count, words)
}

fn mean_time(state: &State, which: TimeTo, team: Option<&str>) -> Reading {
    let times = times::times(state, which, team);
    let (name, lacking) = match which {
        TimeTo::Detect => ("mttd", "not detected"),
        TimeTo::Acknowledge => ("mtta", "not acknowledged"),
        TimeTo::Mitigate => ("mttm", "not mitigated"),
        TimeTo::Resolve => ("mttr", "not resolved"),
    };
    let of = team.map_or_else(String::new, |team| format!("({team})"));
    let missing = match times.missing {
        0 => String::new(),
        missing => format!(", {missing} {lacking}"),
    };
    let Some(mean) = times.mean() else {
        return Reading::Missing(format!("{name}{of} has no value{missing}"));
    };
    let held = match mean.total - mean.running {
        Span::ZERO => String::new(),
        _ => format!("; {} with holds", mean.total),
    };
    let words =
        format!("{name}{of} {} (mean of {}{missing}{held})", mean.running, times.values.len());
    time(mean.running, words)
}

fn arithmetic(left: Reading, op: Sign, right: Reading) -> Reading {
    let (left, right) = match (left, right) {
        (Reading::Known(left), Reading::Known(right)) => (left, right),
        (Reading::Missing(why) | Reading::Never(why), _)
        | (_, Reading::Missing(why) | Reading::Never(why)) => return Reading::Missing(why),
    };
    let (symbol, value) = match op {
        Sign::Plus => ("+", left.value + right.value),
        Sign::Minus => ("-", left.value - right.value),
        Sign::Times => ("×", left.value * right.value),
        Sign::Over => ("÷", left.value / right.value),
    };
    let unit = match op {
        Sign::Over if left.unit == right.unit => Unit::Count,
        Sign::Times if left.unit == Unit::Count => right.unit,
        _ => left.unit,
    };
    let words = format!("{} {symbol} {} = {}", left.words, right.words, unit.show(value));
    known(value, unit, words)
}
