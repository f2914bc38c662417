//! The words of a measure: functions, counts, facts, times, metrics. Not how they are joined.

use super::token::{MeasureError, Stretch};
use super::units::Value;
use super::{Aggregate, BreakerFact, Expr, Fact, IncidentCount, InjectionFact, TimeTo};
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::problem::suggestion;
use crate::gameday::vocabulary::Vocabulary;

/// What a function makes of what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// Of a metric: one value of many.
    Aggregate(Aggregate),
    /// Of an injection.
    Injection(InjectionFact),
    /// Of an app.
    Breaker(BreakerFact),
    /// Of a team, or of all.
    Time(TimeTo),
}

const FUNCTIONS: [(&str, Function); 16] = [
    ("max", Function::Aggregate(Aggregate::Max)),
    ("min", Function::Aggregate(Aggregate::Min)),
    ("mean", Function::Aggregate(Aggregate::Mean)),
    ("peak", Function::Aggregate(Aggregate::Peak)),
    ("baseline", Function::Aggregate(Aggregate::Baseline)),
    ("recovery_time", Function::Injection(InjectionFact::RecoveryTime)),
    ("time_to_detect", Function::Injection(InjectionFact::TimeToDetect)),
    ("failover_time", Function::Injection(InjectionFact::FailoverTime)),
    ("rto", Function::Injection(InjectionFact::Rto)),
    ("rpo", Function::Injection(InjectionFact::Rpo)),
    ("breaker_opened", Function::Breaker(BreakerFact::Opened)),
    ("breaker_open_time", Function::Breaker(BreakerFact::OpenTime)),
    ("mttd", Function::Time(TimeTo::Detect)),
    ("mtta", Function::Time(TimeTo::Acknowledge)),
    ("mttm", Function::Time(TimeTo::Mitigate)),
    ("mttr", Function::Time(TimeTo::Resolve)),
];

const COUNTS: [(&str, IncidentCount); 3] = [
    ("incidents.total", IncidentCount::Total),
    ("incidents.resolved", IncidentCount::Resolved),
    ("incidents.open", IncidentCount::Open),
];

const FACTS: [(&str, Fact); 7] = [
    ("integrity.missing", Fact::Missing),
    ("integrity.extra", Fact::Extra),
    ("integrity.changed", Fact::Changed),
    ("integrity.discrepancies", Fact::Discrepancies),
    ("lost_writes", Fact::LostWrites),
    ("actions", Fact::Actions),
    ("fixes_deployed", Fact::FixesDeployed),
];

/// What joins comparisons, and what says where and for how long they hold.
const JOINING: [&str; 5] = ["and", "or", "in", "during", "for"];

/// Whether a word already means something, so that nothing else can be called so.
pub(super) fn is_taken(word: &str) -> bool {
    JOINING.contains(&word)
        || FUNCTIONS.iter().any(|(name, _)| *name == word)
        || COUNTS.iter().any(|(name, _)| *name == word)
        || FACTS.iter().any(|(name, _)| *name == word)
        || word.parse::<Metric>().is_ok()
}

/// The function with this name.
pub(super) fn function(word: &str, place: Stretch) -> Result<Function, MeasureError> {
    let found = FUNCTIONS.iter().find(|(name, _)| *name == word);
    found.map(|(_, function)| *function).ok_or_else(|| {
        let names = FUNCTIONS.map(|(name, _)| name);
        place.error(format!("unknown function \"{word}\""), suggestion(word, &names))
    })
}

/// What a word means that stands alone.
pub(super) fn value(
    word: &str,
    vocabulary: &Vocabulary,
    place: Stretch,
) -> Result<Value, MeasureError> {
    if let Some((_, count)) = COUNTS.iter().find(|(name, _)| *name == word) {
        return Ok(Value { expr: Expr::Incidents(*count), unit: Unit::Count, place });
    }
    if let Some((_, fact)) = FACTS.iter().find(|(name, _)| *name == word) {
        return Ok(Value { expr: Expr::Fact(*fact), unit: Unit::Count, place });
    }
    match FUNCTIONS.iter().find(|(name, _)| *name == word) {
        Some((_, Function::Time(which))) => {
            let expr = Expr::Time { which: *which, team: None };
            return Ok(Value { expr, unit: Unit::Millis, place });
        }
        Some((_, Function::Injection(_))) => {
            let what = format!("{word} of which injection?");
            return Err(place.error(what, format!("write {word}(NAME)")));
        }
        Some((_, Function::Breaker(_))) => {
            let what = format!("{word} of which app?");
            return Err(place.error(what, format!("write {word}(api-gateway)")));
        }
        _ => {}
    }
    let metric = metric(word, vocabulary, place)?;
    let expr = Expr::Metric { metric, aggregate: Aggregate::Whole };
    Ok(Value { expr, unit: metric.unit(), place })
}

/// The metric with this name.
pub(super) fn metric(
    word: &str,
    vocabulary: &Vocabulary,
    place: Stretch,
) -> Result<Metric, MeasureError> {
    vocabulary.metric(word).ok_or_else(|| {
        let metrics = vocabulary.names();
        let mut known: Vec<&str> = metrics.iter().map(String::as_str).collect();
        known.extend(COUNTS.iter().map(|(name, _)| *name));
        known.extend(FACTS.iter().map(|(name, _)| *name));
        let times = |function| matches!(function, Function::Time(_));
        known.extend(FUNCTIONS.iter().filter(|(_, one)| times(*one)).map(|(name, _)| *name));
        place.error(format!("\"{word}\" is nothing that is measured"), suggestion(word, &known))
    })
}

/// Refuses what has no meaning: averages of percentiles, sums of states.
pub(super) fn sensible(
    word: &str,
    metric: Metric,
    aggregate: Aggregate,
    place: Stretch,
) -> Result<(), MeasureError> {
    let averages = matches!(aggregate, Aggregate::Mean | Aggregate::Peak);
    if averages && matches!(metric, Metric::Latency(_)) {
        let what = format!("{word} would average percentiles, which has no meaning");
        let mend = format!("write max({metric}), or {metric} alone for the whole window");
        return Err(place.error(what, mend));
    }
    let sums = matches!(aggregate, Aggregate::Whole | Aggregate::Baseline);
    if sums && metric.is_state() {
        let what = format!("{metric} is a state of each second and has no sum");
        return Err(
            place.error(what, format!("say max({metric}), min({metric}) or mean({metric})"))
        );
    }
    Ok(())
}
