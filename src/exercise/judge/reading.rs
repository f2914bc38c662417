//! The value of one side of a measure, with words for where it comes from. Not the comparing.

use super::window::Window;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::series::{Point, over};
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::{self, Detection, Recovery};
use crate::gameday::measure::{Aggregate, Expr, IncidentCount, InjectionFact, Sign, TimeTo};
use crate::gameday::metric::{Metric, Unit, grouped};
use crate::gameday::span::Span;

/// How many seconds in a row a peak is over.
const PEAK: usize = 5;

/// A value that is there.
pub(super) struct Known {
    pub(super) value: f64,
    unit: Unit,
    /// `availability 99.970% over the whole exercise (1,402,113 of 1,402,530)`.
    pub(super) words: String,
}

impl Known {
    /// Whether it is so many per second.
    pub(super) fn is_rate(&self) -> bool {
        self.unit == Unit::PerSecond
    }

    /// The bare figure.
    pub(super) fn shown(&self) -> String {
        self.unit.show(self.value)
    }
}

/// What can be said of one side.
pub(super) enum Reading {
    /// A value.
    Known(Known),
    /// A time that never came to an end, in words: not detected, not recovered.
    Never(String),
    /// Nothing, and why.
    Missing(String),
}

/// Reads one side of a measure.
pub(super) fn read(state: &State, expr: &Expr, window: &Window<'_>) -> Reading {
    match expr {
        // A length of time as it was written: `5m`, not `300.0s`.
        Expr::Number { value, unit: Unit::Millis } if *value >= 1_000.0 => {
            known(*value, Unit::Millis, Span::from_millis(value.round() as u64).to_string())
        }
        Expr::Number { value, unit } => known(*value, *unit, unit.show(*value)),
        Expr::Metric { metric, aggregate } => measured(state, *metric, *aggregate, window),
        Expr::Injection { fact, name } => injection(state, *fact, name),
        Expr::Incidents(count) => incidents(state, *count),
        Expr::Time { which, team } => mean_time(state, *which, team.as_deref()),
        Expr::Breaker { .. } | Expr::Fact(_) => Reading::Missing("not measured".to_owned()),
        Expr::Arithmetic { left, op, right } => {
            arithmetic(read(state, left, window), *op, read(state, right, window))
        }
    }
}

fn known(value: f64, unit: Unit, words: String) -> Reading {
    if value.is_finite() {
        Reading::Known(Known { value, unit, words })
    } else {
        Reading::Missing(format!("{words} is no number"))
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
    let seconds = || window.points.iter().filter_map(|point| point.value(metric));
    let (label, value) = match how {
        Aggregate::Whole => (metric.to_string(), over(window.points, metric)),
        Aggregate::Baseline => (format!("baseline({metric})"), over(window.points, metric)),
        Aggregate::Max => (format!("max({metric})"), seconds().reduce(f64::max)),
        Aggregate::Min => (format!("min({metric})"), seconds().reduce(f64::min)),
        Aggregate::Mean if matches!(metric, Metric::Latency(_)) => {
            return Reading::Missing(format!("percentiles are never averaged: mean({metric})"));
        }
        Aggregate::Mean => {
            let (count, sum) = seconds().fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
            (format!("mean({metric})"), (count > 0.0).then(|| sum / count))
        }
        Aggregate::Peak => (format!("peak({metric})"), peak(window.points, metric)),
    };
    let Some(value) = value else {
        let why = if how == Aggregate::Peak { " in five seconds in a row" } else { "" };
        return Reading::Missing(format!("{label} was not measured{why} {}", window.words));
    };
    let mut words = format!("{label} {} {}", metric.unit().show(value), window.described());
    if matches!(how, Aggregate::Whole | Aggregate::Baseline) {
        words += &counts(window.points, metric);
    }
    known(value, metric.unit(), words)
}

/// The largest value over any five seconds in a row: counts summed, histograms merged.
fn peak(points: &[Point], metric: Metric) -> Option<f64> {
    let together = |row: &&[Point]| {
        row.windows(2).all(|pair| match pair {
            [a, b] => b.sample.start <= a.end(),
            _ => true,
        })
    };
    points.windows(PEAK).filter(together).filter_map(|row| over(row, metric)).reduce(f64::max)
}

/// The counts behind a figure over a window.
fn counts(points: &[Point], metric: Metric) -> String {
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
        Metric::Failures | Metric::CacheHitRate | Metric::Inside(_) => String::new(),
        Metric::LatencyMean | Metric::Latency(_) => {
            let ended = settled - sum(|point| point.sample.dropped);
            format!(" ({} requests)", grouped(ended))
        }
    }
}

fn injection(state: &State, fact: InjectionFact, name: &str) -> Reading {
    let place = state.plan().injections().position(|(_, planned)| planned.name == name);
    let Some(run) = place.and_then(|place| state.injections.get(place)) else {
        return Reading::Missing(format!("there is no injection {name}"));
    };
    match fact {
        InjectionFact::RecoveryTime => recovery(state, run, name),
        InjectionFact::FailoverTime | InjectionFact::Rto | InjectionFact::Rpo => {
            Reading::Missing("not measured".to_owned())
        }
        InjectionFact::TimeToDetect => match times::detection(state, run) {
            Detection::NotInEffect => Reading::Missing(format!("{name} never took effect")),
            Detection::NotDetected => Reading::Never(format!("{name} was not detected")),
            Detection::Detected { incident, team, taken } => {
                let words =
                    format!("{name} detected after {} by {team} ({incident})", taken.running);
                time(taken.running, words)
            }
        },
    }
}

fn recovery(state: &State, run: &InjectionRun, name: &str) -> Reading {
    match times::recovery(state, run) {
        Recovery::NotInEffect => Reading::Missing(format!("{name} never took effect")),
        Recovery::NoSteadyState => Reading::Missing("the game day names no steady state".into()),
        Recovery::NoData => Reading::Missing(format!("nothing was measured after {name}")),
        Recovery::NeverLeft => {
            time(Span::ZERO, format!("the steady state was never left after {name}"))
        }
        Recovery::NotRecovered { .. } => {
            Reading::Never(format!("the steady state did not come back after {name}"))
        }
        Recovery::Recovered { took, .. } => time(took, format!("recovery time of {name} {took}")),
    }
}

fn time(span: Span, words: String) -> Reading {
    known(span.as_millis() as f64, Unit::Millis, words)
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
