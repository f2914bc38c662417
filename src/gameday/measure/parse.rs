//! The one-line measure language: text to [`Condition`] or [`Trigger`], with units checked and the column of every
//! mistake. Not the evaluation.
//!
//! ```text
//! availability >= 99.9%
//! max(latency_p99) < 200ms in peak-load-with-failures
//! peak(throughput) >= 10 * baseline(throughput)
//! recovery_time(database-slowdown) < 60s and (mttr(sre) < 5m or incidents.total == 0)
//! ```
//!
//! `or` binds weakest, then `and`, comparison, `+ -`, `* /`. A bare number beside a share, a time or a rate takes its unit:
//! `availability >= 0.999`, `latency_p99 < 200` (milliseconds). Subtraction needs spaces, for names may hold dashes.

use super::token::Stretch;
use super::tree::{Kind, Name, Tree, grow};
use super::{Aggregate, Condition, Expr, IncidentCount, InjectionFact, Op, Sign, TimeTo, Trigger};
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::problem::suggestion;
use crate::gameday::span::Span;

pub use super::token::MeasureError;

/// What a name in a measure stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A phase: `in NAME`.
    Phase,
    /// An injection: `recovery_time(NAME)`.
    Injection,
    /// A team: `mttr(NAME)`.
    Team,
}

/// A name that a measure uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// What it stands for.
    pub kind: NameKind,
    /// The name.
    pub name: String,
    /// Its first character in the measure, from 0.
    pub at: usize,
    /// What is asked about an injection.
    pub fact: Option<InjectionFact>,
}

/// Reads a measure.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse(text: &str) -> Result<Condition, MeasureError> {
    parse_with_names(text).map(|(condition, _)| condition)
}

/// Reads a measure, and says which phases, injections and teams it names.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse_with_names(text: &str) -> Result<(Condition, Vec<NameUse>), MeasureError> {
    let (tree, lasting) = grow(text)?;
    if let Some((_, place)) = lasting {
        return Err(place.error("a measure has no \"for\"", "write it in a guardrail"));
    }
    let mut reader = Reader::default();
    let condition = reader.condition(&tree)?;
    Ok((condition, reader.names))
}

/// Reads the rule of a guardrail: `availability < 50% for 30s`. Without `for`, one sample is enough.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse_trigger(text: &str) -> Result<Trigger, MeasureError> {
    let (tree, lasting) = grow(text)?;
    let condition = Reader::default().condition(&tree)?;
    let simple = "a guardrail compares one metric with one figure";
    let mend = "write, for example, availability < 50% for 30s";
    let Condition::Compare { left, op, right, phase: None, during: None } = condition else {
        return Err(tree.place.error(simple, mend));
    };
    let (metric, op, bound) = match (left, right) {
        (Expr::Metric { metric, aggregate: Aggregate::Whole }, Expr::Number { value, .. }) => {
            (metric, op, value)
        }
        (Expr::Number { value, .. }, Expr::Metric { metric, aggregate: Aggregate::Whole }) => {
            (metric, turned(op), value)
        }
        _ => return Err(tree.place.error(simple, mend)),
    };
    let lasting = Span::from_millis(lasting.map_or(0.0, |(millis, _)| millis.round()) as u64);
    Ok(Trigger { source: text.to_owned(), metric, op, bound, lasting })
}

/// The same comparison with its sides exchanged.
const fn turned(op: Op) -> Op {
    match op {
        Op::Less => Op::More,
        Op::AtMost => Op::AtLeast,
        Op::More => Op::Less,
        Op::AtLeast => Op::AtMost,
        Op::Equal => Op::Equal,
        Op::Differs => Op::Differs,
    }
}

const FUNCTIONS: [&str; 11] = [
    "max",
    "min",
    "mean",
    "peak",
    "baseline",
    "recovery_time",
    "time_to_detect",
    "mttd",
    "mtta",
    "mttm",
    "mttr",
];

const COUNTS: [(&str, IncidentCount); 3] = [
    ("incidents.total", IncidentCount::Total),
    ("incidents.resolved", IncidentCount::Resolved),
    ("incidents.open", IncidentCount::Open),
];

const TIMES: [(&str, TimeTo); 4] = [
    ("mttd", TimeTo::Detect),
    ("mtta", TimeTo::Acknowledge),
    ("mttm", TimeTo::Mitigate),
    ("mttr", TimeTo::Resolve),
];

/// A value with its unit and whether anything in it is measured.
struct Value {
    expr: Expr,
    unit: Unit,
    place: Stretch,
}

#[derive(Default)]
struct Reader {
    names: Vec<NameUse>,
}

impl Reader {
    fn condition(&mut self, tree: &Tree) -> Result<Condition, MeasureError> {
        match &tree.kind {
            Kind::Any(parts) => Ok(Condition::Any(self.conditions(parts)?)),
            Kind::All(parts) => Ok(Condition::All(self.conditions(parts)?)),
            Kind::Compare { left, op, right, phase } => {
                self.comparison(tree.place, left, *op, right, phase.as_ref())
            }
            _ => Err(tree
                .place
                .error("nothing is compared here", "add a limit, for example >= 99.9%")),
        }
    }

    fn conditions(&mut self, parts: &[Tree]) -> Result<Vec<Condition>, MeasureError> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn comparison(
        &mut self,
        place: Stretch,
        left: &Tree,
        op: Op,
        right: &Tree,
        phase: Option<&Name>,
    ) -> Result<Condition, MeasureError> {
        let (mut left, mut right) = (self.value(left)?, self.value(right)?);
        if !measures(&left.expr) && !measures(&right.expr) {
            return Err(place.error("nothing is measured here", "compare a metric or a time"));
        }
        alike(&mut left, &mut right)?;
        if left.unit != right.unit {
            let what = format!("{} is compared with {}", noun(left.unit), noun(right.unit));
            return Err(right.place.error(what, format!("write {}", example(left.unit))));
        }
        if let Some(name) = phase {
            if !has_metric(&left.expr) && !has_metric(&right.expr) {
                let what = "only metrics are measured over a phase";
                return Err(name.place.error(what, "leave \"in …\" out"));
            }
            self.note(NameKind::Phase, name, None);
        }
        let phase = phase.map(|name| name.text.clone());
        Ok(Condition::Compare { left: left.expr, op, right: right.expr, phase, during: None })
    }

    fn note(&mut self, kind: NameKind, name: &Name, fact: Option<InjectionFact>) {
        self.names.push(NameUse { kind, name: name.text.clone(), at: name.place.at, fact });
    }

    fn value(&mut self, tree: &Tree) -> Result<Value, MeasureError> {
        let place = tree.place;
        match &tree.kind {
            Kind::Figure { value, unit } => {
                let expr = Expr::Number { value: *value, unit: *unit };
                Ok(Value { expr, unit: *unit, place })
            }
            Kind::Word(word) => word_value(word, place),
            Kind::Call { word, argument } => self.call(word, argument.as_deref(), place),
            Kind::Arithmetic { left, sign, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                arithmetic(left, *sign, right, place)
            }
            Kind::Any(_) | Kind::All(_) | Kind::Compare { .. } => {
                Err(place
                    .error("a comparison cannot be a value", "compare once, then join with and"))
            }
        }
    }

    fn call(
        &mut self,
        word: &Name,
        argument: Option<&Tree>,
        place: Stretch,
    ) -> Result<Value, MeasureError> {
        let aggregate = match word.text.as_str() {
            "max" => Aggregate::Max,
            "min" => Aggregate::Min,
            "mean" => Aggregate::Mean,
            "peak" => Aggregate::Peak,
            "baseline" => Aggregate::Baseline,
            "recovery_time" => {
                return self.fact(InjectionFact::RecoveryTime, word, argument, place);
            }
            "time_to_detect" => {
                return self.fact(InjectionFact::TimeToDetect, word, argument, place);
            }
            other => {
                let Some((_, which)) = TIMES.iter().find(|(name, _)| *name == other) else {
                    let what = format!("unknown function \"{other}\"");
                    return Err(word.place.error(what, suggestion(other, &FUNCTIONS)));
                };
                let team = argument.map(name_of).transpose()?;
                if let Some(team) = &team {
                    self.note(NameKind::Team, team, None);
                }
                let expr = Expr::Time { which: *which, team: team.map(|team| team.text) };
                return Ok(Value { expr, unit: Unit::Millis, place });
            }
        };
        let Some(argument) = argument else {
            let what = format!("{} of what?", word.text);
            return Err(place.error(what, format!("write {}(throughput)", word.text)));
        };
        let Kind::Word(name) = &argument.kind else {
            return Err(argument.place.error(format!("{} takes one metric", word.text), ""));
        };
        let metric = metric(name, argument.place)?;
        let averages = matches!(aggregate, Aggregate::Mean | Aggregate::Peak);
        if averages && matches!(metric, Metric::Latency(_)) {
            let what = format!("{} would average percentiles, which has no meaning", word.text);
            let mend = format!("write max({metric}), or {metric} alone for the whole window");
            return Err(place.error(what, mend));
        }
        Ok(Value { expr: Expr::Metric { metric, aggregate }, unit: metric.unit(), place })
    }

    fn fact(
        &mut self,
        fact: InjectionFact,
        word: &Name,
        argument: Option<&Tree>,
        place: Stretch,
    ) -> Result<Value, MeasureError> {
        let Some(argument) = argument else {
            let what = format!("{} of which injection?", word.text);
            return Err(place.error(what, format!("write {}(NAME)", word.text)));
        };
        let name = name_of(argument)?;
        self.note(NameKind::Injection, &name, Some(fact));
        let expr = Expr::Injection { fact, name: name.text };
        Ok(Value { expr, unit: Unit::Millis, place })
    }
}

fn name_of(tree: &Tree) -> Result<Name, MeasureError> {
    match &tree.kind {
        Kind::Word(text) => Ok(Name { text: text.clone(), place: tree.place }),
        _ => Err(tree.place.error("a name is expected here", "")),
    }
}

fn word_value(word: &str, place: Stretch) -> Result<Value, MeasureError> {
    if let Some((_, count)) = COUNTS.iter().find(|(name, _)| *name == word) {
        return Ok(Value { expr: Expr::Incidents(*count), unit: Unit::Count, place });
    }
    if let Some((_, which)) = TIMES.iter().find(|(name, _)| *name == word) {
        let expr = Expr::Time { which: *which, team: None };
        return Ok(Value { expr, unit: Unit::Millis, place });
    }
    let metric = metric(word, place)?;
    let expr = Expr::Metric { metric, aggregate: Aggregate::Whole };
    Ok(Value { expr, unit: metric.unit(), place })
}

fn metric(word: &str, place: Stretch) -> Result<Metric, MeasureError> {
    word.parse().map_err(|_| {
        let metrics: Vec<String> = Metric::all().map(|one| one.to_string()).collect();
        let mut known: Vec<&str> = metrics.iter().map(String::as_str).collect();
        known.extend(COUNTS.iter().map(|(name, _)| *name));
        known.extend(TIMES.iter().map(|(name, _)| *name));
        place.error(format!("\"{word}\" is nothing that is measured"), suggestion(word, &known))
    })
}

fn arithmetic(
    mut left: Value,
    sign: Sign,
    mut right: Value,
    place: Stretch,
) -> Result<Value, MeasureError> {
    let unit = match sign {
        Sign::Plus | Sign::Minus => {
            alike(&mut left, &mut right)?;
            (left.unit == right.unit).then_some(left.unit)
        }
        Sign::Times => match (left.unit, right.unit) {
            (Unit::Count, unit) | (unit, Unit::Count) => Some(unit),
            (Unit::Share, unit) | (unit, Unit::Share) => Some(unit),
            _ => None,
        },
        Sign::Over => match (left.unit, right.unit) {
            (unit, Unit::Count | Unit::Share) if unit != right.unit => Some(unit),
            (one, other) if one == other => Some(Unit::Count),
            _ => None,
        },
    };
    let Some(unit) = unit else {
        let what = format!(
            "{} and {} cannot be joined by {}",
            noun(left.unit),
            noun(right.unit),
            super::print::sign(sign)
        );
        return Err(place.error(what, ""));
    };
    let expr =
        Expr::Arithmetic { left: Box::new(left.expr), op: sign, right: Box::new(right.expr) };
    Ok(Value { expr, unit, place })
}

/// Gives a bare number the unit of the other side.
fn alike(left: &mut Value, right: &mut Value) -> Result<(), MeasureError> {
    let units = (left.unit, right.unit);
    for (one, other) in [(units.0, right), (units.1, left)] {
        let Expr::Number { value, unit: Unit::Count } = other.expr else { continue };
        if one == Unit::Share && value > 1.0 {
            let what = format!("{value} is more than the whole");
            return Err(other.place.error(what, format!("write {value}%")));
        }
        other.expr = Expr::Number { value, unit: one };
        other.unit = one;
    }
    Ok(())
}

/// Whether anything in the expression comes from the exercise.
fn measures(expr: &Expr) -> bool {
    match expr {
        Expr::Number { .. } => false,
        Expr::Arithmetic { left, right, .. } => measures(left) || measures(right),
        _ => true,
    }
}

fn has_metric(expr: &Expr) -> bool {
    match expr {
        Expr::Metric { .. } => true,
        Expr::Arithmetic { left, right, .. } => has_metric(left) || has_metric(right),
        _ => false,
    }
}

const fn noun(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share",
        Unit::Millis => "a time",
        Unit::PerSecond => "a rate",
        Unit::Count => "a plain number",
    }
}

const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share such as 99.9%",
        Unit::Millis => "a time such as 200ms",
        Unit::PerSecond => "a rate such as 1000",
        Unit::Count => "a plain number such as 3",
    }
}
