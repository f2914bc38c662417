//! Values in a measure and whether their units fit together. Not what the values are called.

use super::token::{MeasureError, Stretch};
use super::{Expr, Sign};
use crate::gameday::metric::Unit;

/// A value with its unit and its place.
pub(super) struct Value {
    pub(super) expr: Expr,
    pub(super) unit: Unit,
    pub(super) place: Stretch,
}

/// Two values joined, where that has a meaning.
pub(super) fn arithmetic(
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
pub(super) fn alike(left: &mut Value, right: &mut Value) -> Result<(), MeasureError> {
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
pub(super) fn measures(expr: &Expr) -> bool {
    match expr {
        Expr::Number { .. } => false,
        Expr::Arithmetic { left, right, .. } => measures(left) || measures(right),
        _ => true,
    }
}

/// Whether anything in it is measured over a window.
pub(super) fn has_metric(expr: &Expr) -> bool {
    match expr {
        Expr::Metric { .. } | Expr::Breaker { .. } => true,
        Expr::Arithmetic { left, right, .. } => has_metric(left) || has_metric(right),
        _ => false,
    }
}

/// A unit in words.
pub(super) const fn noun(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share",
        Unit::Millis => "a time",
        Unit::PerSecond => "a rate",
        Unit::Count => "a plain number",
    }
}

/// What could stand there instead.
pub(super) const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share such as 99.9%",
        Unit::Millis => "a time such as 200ms",
        Unit::PerSecond => "a rate such as 1000",
        Unit::Count => "a plain number such as 3",
    }
}
