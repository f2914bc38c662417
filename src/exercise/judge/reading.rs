//! The value of one side of a measure, with words for where it comes from. Not the comparing.

use super::facts;
use super::value::{Reading, known, time};
use super::window::Window;
use crate::exercise::figure::Figures;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::said::{Said, said};
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
            known(*value, Unit::Millis, Span::from_millis(value.round() as u64).to_string().into())
        }
        Expr::Number { value, unit } => known(*value, *unit, unit.show(*value).into()),
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
            let what = format!("mean({metric})");
            let why =
                said!("evidence-averaged", "percentiles are never averaged: {what}", what = what);
            return Reading::Missing(why);
        }
        Aggregate::Mean => {
            let (count, sum) = seconds().fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            (format!("mean({metric})"), (count > 0.0).then(|| sum / count))
        }
        Aggregate::Peak => (format!("peak({metric})"), figures.peak(metric, PEAK)),
    };
    let Some(value) = value else {
        let (what, window) = (label, &window.words);
        return Reading::Missing(if how == Aggregate::Peak {
            said!(
                "evidence-no-peak",
                "{what} was not measured in five seconds in a row {window}",
                what = what,
                window = window
            )
        } else {
            said!(
                "evidence-unmeasured",
                "{what} was not measured {window}",
                what = what,
                window = window
            )
        });
    };
    let figure = format!("{label} {}", metric.unit().show(value));
    let mut words = said!(
        "evidence-figure",
        "{figure} {window}",
        figure = figure,
        window = window.described(metric)
    );
    if matches!(how, Aggregate::Whole | Aggregate::Baseline)
        && let Some(counts) = counts(figures, metric)
    {
        words = said!("evidence-counts", "{what} ({counts})", what = words, counts = counts);
    }
    known(value, metric.unit(), words)
}

/// The counts behind a figure over a window.
fn counts(figures: &Figures<'_>, metric: Metric) -> Option<Said> {
    let points = figures.points;
    let sum = |of: fn(&Point) -> u64| points.iter().map(of).sum::<u64>() as f64;
    let settled = sum(|point| point.sample.settled());
    let ok = sum(|point| point.sample.ok);
    let part_of = |part: f64, all: f64| {
        said!("counts-of", "{part} of {all}", part = grouped(part), all = grouped(all))
    };
    Some(match metric {
        Metric::Availability => part_of(ok, settled),
        Metric::ErrorRate => part_of(settled - ok, settled),
        Metric::Throughput => said!("counts-answered", "{count} answered", count = grouped(ok)),
        Metric::Dropped => {
            let dropped = grouped(sum(|point| point.sample.dropped));
            said!("counts-dropped", "{count} dropped", count = dropped)
        }
        Metric::Failures => {
            said!("counts-of-requests", "of {count} requests", count = grouped(settled))
        }
        Metric::CacheHitRate => {
            let of = |one| figures.value(Metric::Inside(one)).unwrap_or_default();
            let (hits, misses) = (of(Instrument::CacheHits), of(Instrument::CacheMisses));
            part_of(hits, hits + misses)
        }
        Metric::Inside(_) | Metric::Asked(_) => return None,
        Metric::LatencyMean | Metric::Latency(_) => {
            let ended = settled - sum(|point| point.sample.dropped);
            said!("counts-requests", "{count} requests", count = grouped(ended))
        }
    })
}

/// False alarms count as resolved: nothing is left to do about them.
fn incidents(state: &State, which: IncidentCount) -> Reading {
    let count = |test: fn(IncidentStatus) -> bool| {
        state.incidents.iter().filter(|incident| test(incident.status)).count()
    };
    let total = count(|status| status != IncidentStatus::Duplicate);
    if total == 0 && which != IncidentCount::Total {
        return Reading::Missing(said!("evidence-no-incident", "no incident was opened"));
    }
    let false_alarms = count(|status| status == IncidentStatus::FalseAlarm);
    let (value, mut words) = match which {
        IncidentCount::Total => {
            (total, said!("evidence-incidents", "incidents {count}", count = total))
        }
        IncidentCount::Resolved => {
            let value = count(|status| status == IncidentStatus::Resolved) + false_alarms;
            (value, said!("evidence-resolved", "incidents resolved {count}", count = value))
        }
        IncidentCount::Open => {
            let value = count(|status| !status.is_closed());
            (value, said!("evidence-open", "incidents open {count}", count = value))
        }
    };
    if false_alarms > 0 && which == IncidentCount::Resolved {
        words = said!(
            "evidence-false-alarms",
            "{what} (false alarms among them: {count})",
            what = words,
            count = false_alarms
        );
    }
    known(value as f64, Unit::Count, words)
}

fn mean_time(state: &State, which: TimeTo, team: Option<&str>) -> Reading {
    let times = times::times(state, which, team);
    let of = team.map_or_else(String::new, |team| format!("({team})"));
    let name = match which {
        TimeTo::Detect => format!("mttd{of}"),
        TimeTo::Acknowledge => format!("mtta{of}"),
        TimeTo::Mitigate => format!("mttm{of}"),
        TimeTo::Resolve => format!("mttr{of}"),
    };
    let with_missing = |what: Said| match times.missing {
        0 => what,
        missing => lacking(which, what, missing),
    };
    let Some(mean) = times.mean() else {
        let none = said!("evidence-no-mean", "{name} has no value", name = name);
        return Reading::Missing(with_missing(none));
    };
    let count = times.values.len();
    let mut of = with_missing(said!("evidence-mean-of", "mean of {count}", count = count));
    if mean.total > mean.running {
        of = said!(
            "evidence-with-holds",
            "{what}; {total} with holds",
            what = of,
            total = mean.total
        );
    }
    let figure = format!("{name} {}", mean.running);
    time(mean.running, said!("evidence-mean", "{figure} ({of})", figure = figure, of = of))
}

/// With so many that were never detected, acknowledged, mitigated or resolved.
fn lacking(which: TimeTo, what: Said, count: usize) -> Said {
    match which {
        TimeTo::Detect => {
            said!("lacking-detected", "{what}, {count} not detected", what = what, count = count)
        }
        TimeTo::Acknowledge => {
            said!(
                "lacking-acknowledged",
                "{what}, {count} not acknowledged",
                what = what,
                count = count
            )
        }
        TimeTo::Mitigate => {
            said!("lacking-mitigated", "{what}, {count} not mitigated", what = what, count = count)
        }
        TimeTo::Resolve => {
            said!("lacking-resolved", "{what}, {count} not resolved", what = what, count = count)
        }
    }
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
    let sides = said!(
        "evidence-sum",
        "{left} {symbol} {right}",
        left = left.words,
        symbol = symbol,
        right = right.words
    );
    let words = said!("evidence-is", "{sum} = {value}", sum = sides, value = unit.show(value));
    known(value, unit, words)
}
