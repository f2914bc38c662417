//! The one-line measure language: text to [`Condition`] or [`Trigger`], with units checked and the column of every
//! mistake. Not the evaluation.
//!
//! ```text
//! availability >= 99.9%
//! max(latency_p99) < 200ms in peak-load-with-failures
//! peak(throughput) >= 10 * baseline(throughput)
//! auth_failures < 10 during auth-service-failure
//! breaker_opened(api-gateway) > 0 and lost_writes == 0
//! recovery_time(database-slowdown) < 60s and (mttr(sre) < 5m or incidents.total == 0)
//! ```
//!
//! `or` binds weakest, then `and`, comparison, `+ -`, `* /`. A bare number beside a share, a time or a rate takes its unit:
//! `availability >= 0.999`, `latency_p99 < 200` (milliseconds). Subtraction needs spaces, for names may hold dashes.

use super::token::Stretch;
use super::tree::{Kind, Name, Scope, Tree, grow};
use super::units::{Value, alike, arithmetic, example, has_metric, measures, noun};
use super::words::{self, Function};
use super::{Aggregate, BreakerFact, Condition, Expr, InjectionFact, Op, Trigger};
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;
use crate::gameday::vocabulary::Vocabulary;

pub use super::token::MeasureError;

/// What a name in a measure stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A phase: `in NAME`.
    Phase,
    /// An injection: `recovery_time(NAME)`, `during NAME`.
    Injection,
    /// A team: `mttr(NAME)`.
    Team,
    /// An app: `breaker_opened(NAME)`.
    App,
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

/// Whether a word already means something in a measure, so that nothing else can be called so.
pub fn is_taken(word: &str) -> bool {
    words::is_taken(word)
}

/// Reads a measure that names no query.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse(text: &str) -> Result<Condition, MeasureError> {
    parse_with_names(text, &Vocabulary::default()).map(|(condition, _)| condition)
}

/// Reads a measure over the metrics of `vocabulary`, and says which phases, injections, teams and apps it names.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse_with_names(
    text: &str,
    vocabulary: &Vocabulary,
) -> Result<(Condition, Vec<NameUse>), MeasureError> {
    let (tree, lasting) = grow(text)?;
    if let Some((_, place)) = lasting {
        return Err(place.error("a measure has no \"for\"", "write it in a guardrail"));
    }
    let mut reader = Reader { vocabulary, names: Vec::new(), each_second: false };
    let condition = reader.condition(&tree)?;
    Ok((condition, reader.names))
}

/// Reads the rule of a guardrail that names no query: `availability < 50% for 30s`. Without `for`, one sample is enough.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse_trigger(text: &str) -> Result<Trigger, MeasureError> {
    parse_trigger_over(text, &Vocabulary::default())
}

/// The same over the metrics of `vocabulary`.
///
/// # Errors
/// The first mistake, with its column.
pub fn parse_trigger_over(text: &str, vocabulary: &Vocabulary) -> Result<Trigger, MeasureError> {
    let (tree, lasting) = grow(text)?;
    let mut reader = Reader { vocabulary, names: Vec::new(), each_second: true };
    let condition = reader.condition(&tree)?;
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

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    names: Vec<NameUse>,
    /// Of a guardrail: what is read each second needs no sum.
    each_second: bool,
}

impl Reader<'_> {
    fn condition(&mut self, tree: &Tree) -> Result<Condition, MeasureError> {
        match &tree.kind {
            Kind::Any(parts) => Ok(Condition::Any(self.conditions(parts)?)),
            Kind::All(parts) => Ok(Condition::All(self.conditions(parts)?)),
            Kind::Compare { left, op, right, scope } => {
                self.comparison(tree.place, (left, *op, right), scope.as_ref())
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
        (left, op, right): (&Tree, Op, &Tree),
        scope: Option<&Scope>,
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
        let (mut phase, mut during) = (None, None);
        if let Some(scope) = scope {
            let (name, word) = match scope {
                Scope::Phase(name) => (name, "in"),
                Scope::During(name) => (name, "during"),
            };
            if !has_metric(&left.expr) && !has_metric(&right.expr) {
                let over = if word == "in" { "a phase" } else { "an injection" };
                let what = format!("only metrics are measured over {over}");
                return Err(name.place.error(what, format!("leave \"{word} …\" out")));
            }
            match scope {
                Scope::Phase(_) => {
                    self.note(NameKind::Phase, name, None);
                    phase = Some(name.text.clone());
                }
                Scope::During(_) => {
                    self.note(NameKind::Injection, name, None);
                    during = Some(name.text.clone());
                }
            }
        }
        Ok(Condition::Compare { left: left.expr, op, right: right.expr, phase, during })
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
            Kind::Word(word) => {
                let value = words::value(word, self.vocabulary, place)?;
                if let Expr::Metric { metric, aggregate } = &value.expr
                    && !self.each_second
                {
                    words::sensible(word, *metric, *aggregate, place)?;
                }
                Ok(value)
            }
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
        match words::function(&word.text, word.place)? {
            Function::Aggregate(aggregate) => {
                aggregated(word, aggregate, argument, self.vocabulary, place)
            }
            Function::Injection(fact) => {
                let name = named(word, argument, "injection", "NAME", place)?;
                self.note(NameKind::Injection, &name, Some(fact));
                let expr = Expr::Injection { fact, name: name.text };
                Ok(Value { expr, unit: Unit::Millis, place })
            }
            Function::Breaker(fact) => {
                let app = named(word, argument, "app", "api-gateway", place)?;
                self.note(NameKind::App, &app, None);
                let unit = match fact {
                    BreakerFact::Opened => Unit::Count,
                    BreakerFact::OpenTime => Unit::Millis,
                };
                Ok(Value { expr: Expr::Breaker { fact, app: app.text }, unit, place })
            }
            Function::Time(which) => {
                let team = argument.map(name_of).transpose()?;
                if let Some(team) = &team {
                    self.note(NameKind::Team, team, None);
                }
                let expr = Expr::Time { which, team: team.map(|team| team.text) };
                Ok(Value { expr, unit: Unit::Millis, place })
            }
        }
    }
}

fn aggregated(
    word: &Name,
    aggregate: Aggregate,
    argument: Option<&Tree>,
    vocabulary: &Vocabulary,
    place: Stretch,
) -> Result<Value, MeasureError> {
    let Some(argument) = argument else {
        let what = format!("{} of what?", word.text);
        return Err(place.error(what, format!("write {}(throughput)", word.text)));
    };
    let Kind::Word(name) = &argument.kind else {
        return Err(argument.place.error(format!("{} takes one metric", word.text), ""));
    };
    let metric = words::metric(name, vocabulary, argument.place)?;
    words::sensible(&word.text, metric, aggregate, place)?;
    Ok(Value { expr: Expr::Metric { metric, aggregate }, unit: metric.unit(), place })
}

/// The name that a function needs.
fn named(
    word: &Name,
    argument: Option<&Tree>,
    noun: &str,
    example: &str,
    place: Stretch,
) -> Result<Name, MeasureError> {
    let Some(argument) = argument else {
        let what = format!("{} of which {noun}?", word.text);
        return Err(place.error(what, format!("write {}({example})", word.text)));
    };
    name_of(argument)
}

fn name_of(tree: &Tree) -> Result<Name, MeasureError> {
    match &tree.kind {
        Kind::Word(text) => Ok(Name { text: text.clone(), place: tree.place }),
        _ => Err(tree.place.error("a name is expected here", "")),
    }
}
