//! Conditions as text that reads back to the same condition. Not the words a person wrote: those are `Measure::source`.

use std::fmt;

use super::{
    Aggregate, BreakerFact, Condition, Expr, Fact, IncidentCount, InjectionFact, Sign, TimeTo,
};
use crate::gameday::metric::Unit;

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Self::Compare { left, op, right, phase, during } => {
                write!(f, "{left} {} {right}", op.symbol())?;
                phase.iter().try_for_each(|name| write!(f, " in {name}"))?;
                return during.iter().try_for_each(|name| write!(f, " during {name}"));
            }
            Self::All(parts) => (parts, " and "),
            Self::Any(parts) => (parts, " or "),
        };
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                f.write_str(word)?;
            }
            match part {
                Self::Compare { .. } => write!(f, "{part}")?,
                Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value, unit } => number(f, *value, *unit),
            Self::Metric { metric, aggregate } => match aggregate {
                Aggregate::Whole => write!(f, "{metric}"),
                Aggregate::Max => write!(f, "max({metric})"),
                Aggregate::Min => write!(f, "min({metric})"),
                Aggregate::Mean => write!(f, "mean({metric})"),
                Aggregate::Peak => write!(f, "peak({metric})"),
                Aggregate::Baseline => write!(f, "baseline({metric})"),
            },
            Self::Injection { fact: InjectionFact::RecoveryTime, name } => {
                write!(f, "recovery_time({name})")
            }
            Self::Injection { fact: InjectionFact::TimeToDetect, name } => {
                write!(f, "time_to_detect({name})")
            }
            Self::Injection { fact: InjectionFact::FailoverTime, name } => {
                write!(f, "failover_time({name})")
            }
            Self::Injection { fact: InjectionFact::Rto, name } => write!(f, "rto({name})"),
            Self::Injection { fact: InjectionFact::Rpo, name } => write!(f, "rpo({name})"),
            Self::Breaker { fact: BreakerFact::Opened, app } => write!(f, "breaker_opened({app})"),
            Self::Breaker { fact: BreakerFact::OpenTime, app } => {
                write!(f, "breaker_open_time({app})")
            }
            Self::Fact(fact) => f.write_str(match fact {
                Fact::Missing => "integrity.missing",
                Fact::Extra => "integrity.extra",
                Fact::Changed => "integrity.changed",
                Fact::Discrepancies => "integrity.discrepancies",
                Fact::LostWrites => "lost_writes",
                Fact::Actions => "actions",
                Fact::FixesDeployed => "fixes_deployed",
            }),
            Self::Incidents(IncidentCount::Total) => f.write_str("incidents.total"),
            Self::Incidents(IncidentCount::Resolved) => f.write_str("incidents.resolved"),
            Self::Incidents(IncidentCount::Open) => f.write_str("incidents.open"),
            Self::Time { which, team } => {
                f.write_str(match which {
                    TimeTo::Detect => "mttd",
                    TimeTo::Acknowledge => "mtta",
                    TimeTo::Mitigate => "mttm",
                    TimeTo::Resolve => "mttr",
                })?;
                team.iter().try_for_each(|team| write!(f, "({team})"))
            }
            Self::Arithmetic { left, op, right } => {
                operand(f, left)?;
                write!(f, " {} ", sign(*op))?;
                operand(f, right)
            }
        }
    }
}

/// `+`, `-`, `*`, `/`.
pub(super) const fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::Times => "*",
        Sign::Over => "/",
    }
}

fn operand(f: &mut fmt::Formatter<'_>, expr: &Expr) -> fmt::Result {
    match expr {
        Expr::Arithmetic { .. } => write!(f, "({expr})"),
        _ => write!(f, "{expr}"),
    }
}

fn number(f: &mut fmt::Formatter<'_>, value: f64, unit: Unit) -> fmt::Result {
    match unit {
        // The digits are kept, only the point moves: 0.999 is 99.9%, not 99.9000000001%.
        Unit::Share => {
            let text = format!("{value:e}");
            let (digits, power) = text.split_once('e').unwrap_or((text.as_str(), "0"));
            let power = power.parse::<i32>().unwrap_or_default() + 2;
            match format!("{digits}e{power}").parse::<f64>() {
                Ok(percent) => write!(f, "{percent}%"),
                Err(_) => write!(f, "{value}"),
            }
        }
        Unit::Millis if value >= 1_000.0 && value % 1_000.0 == 0.0 => {
            write!(f, "{}s", value / 1_000.0)
        }
        Unit::Millis => write!(f, "{value}ms"),
        Unit::PerSecond | Unit::Count => write!(f, "{value}"),
    }
}
