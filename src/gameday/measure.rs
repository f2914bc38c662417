//! The meaning of an objective: a condition over recorded series and facts. Not its evaluation
//! (see `exercise::judge`) and not its text form (see `gameday::measure::parse`).

use serde::{Deserialize, Serialize};

use super::metric::{Metric, Unit};
use super::span::Span;

mod during;
pub mod parse;
pub mod print;
pub mod sentence;
mod token;
mod tree;
mod units;
mod words;

/// A parsed measure with the words it was written in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// As written, or as understood from a sentence: `availability >= 99.9%`.
    pub source: String,
    /// What it means.
    pub condition: Condition,
}

/// Something that is true, false, or unknown for want of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Two values compared, perhaps only over one phase.
    Compare {
        left: Expr,
        op: Op,
        right: Expr,
        /// `in PHASE`.
        phase: Option<String>,
        /// `during INJECTION`: from T0 until it is undone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        during: Option<String>,
    },
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Differs,
}

/// How the per-second values of a metric become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// The value over the whole window: from summed counts and merged histograms.
    Whole,
    /// The largest value of any second.
    Max,
    /// The smallest value of any second.
    Min,
    /// The mean of the values of every second (refused for percentiles: they are never averaged).
    Mean,
    /// The largest mean over any five seconds in a row.
    Peak,
    /// The value over the first phase.
    Baseline,
}

/// A number with a unit, computed from the recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expr {
    /// A figure; shares are 0 to 1, times are milliseconds.
    Number { value: f64, unit: Unit },
    /// A metric over the window.
    Metric { metric: Metric, aggregate: Aggregate },
    /// A time of one injection, by its name.
    Injection { fact: InjectionFact, name: String },
    /// A count of incidents.
    Incidents(IncidentCount),
    /// A figure of the circuit breakers of an app: those in its pods, and those that guard calls to it.
    Breaker { fact: BreakerFact, app: String },
    /// A figure about the data or the teams.
    Fact(Fact),
    /// A mean time over the incidents of a team, or of all.
    Time { which: TimeTo, team: Option<String> },
    /// Two values joined.
    Arithmetic { left: Box<Expr>, op: Sign, right: Box<Expr> },
}

/// `+`, `-`, `*`, `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

/// A time that belongs to an injection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InjectionFact {
    /// `recovery_time(name)`: design section 8.
    RecoveryTime,
    /// `time_to_detect(name)`: T0 to the first incident opened after it.
    TimeToDetect,
    /// `failover_time(name)`: T0 to the end of the first second in which a stand-in answered or took over.
    FailoverTime,
    /// `rto(name)`: the longest interruption after T0: seconds in a row with failures above the steady state's error
    /// rate, or without any answer.
    Rto,
    /// `rpo(name)`: how long before the old primary's last sign of life the last commit was made that outlived it;
    /// zero where no failover was needed.
    Rpo,
}

/// A figure of circuit breakers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakerFact {
    /// `breaker_opened(app)`: how often one opened.
    Opened,
    /// `breaker_open_time(app)`: how long at least one was open.
    OpenTime,
}

/// A figure about the data or the teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// `integrity.missing`: rows that are gone.
    Missing,
    /// `integrity.extra`: rows nobody asked for.
    Extra,
    /// `integrity.changed`: rows that differ.
    Changed,
    /// `integrity.discrepancies`: all of these.
    Discrepancies,
    /// `lost_writes`: acknowledged and nowhere.
    LostWrites,
    /// `actions`: levers pulled by teams.
    Actions,
    /// `fixes_deployed`: levers that changed the target and worked, and fixes that people wrote down (`fix: …`).
    FixesDeployed,
}

/// What is counted of the incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentCount {
    /// `incidents.total`: opened, without duplicates.
    Total,
    /// `incidents.resolved`
    Resolved,
    /// `incidents.open`: neither resolved nor false alarm nor duplicate.
    Open,
}

/// A mean time of incident response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeTo {
    /// `mttd`
    Detect,
    /// `mtta`
    Acknowledge,
    /// `mttm`
    Mitigate,
    /// `mttr`: R is *resolve*.
    Resolve,
}

/// `availability < 50% for 30s`: a metric outside a bound for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// As written.
    pub source: String,
    /// What is watched.
    pub metric: Metric,
    /// How it is compared.
    pub op: Op,
    /// With what, in the metric's unit.
    pub bound: f64,
    /// How long it must hold; zero: one sample is enough.
    pub lasting: Span,
}

impl Trigger {
    /// What a promise of the same words allows: not below, not above.
    ///
    /// # Errors
    /// That it has no bound, for people.
    pub const fn bounds(&self) -> Result<(Option<f64>, Option<f64>), &'static str> {
        match self.op {
            Op::AtLeast | Op::More => Ok((Some(self.bound), None)),
            Op::AtMost | Op::Less => Ok((None, Some(self.bound))),
            Op::Equal | Op::Differs => Err("a promise has a bound: write >= or <="),
        }
    }
}

impl Op {
    /// As written in a measure.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Differs => "!=",
        }
    }

    /// Whether `left op right` holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
            Self::Equal => (left - right).abs() < 1e-9,
            Self::Differs => (left - right).abs() >= 1e-9,
        }
    }
}
