//! What a report says of the inside of the target, and of what teams did to it, as plain data. Not what customers felt.

use serde::Serialize;

use super::time::Moment;

/// Everything the instruments said; what nobody read is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Inside {
    pub instruments: Vec<Instrument>,
    pub breakers: Vec<Breaker>,
    pub disasters: Vec<Disaster>,
    pub failovers: Vec<Failover>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
    pub security: Vec<SecurityEvent>,
}

/// An instrument over all phases and in each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instrument {
    pub name: String,
    /// `sum`, `largest`, `share`.
    pub how: &'static str,
    pub whole: Option<f64>,
    pub whole_words: String,
    pub phases: Vec<OfPhase>,
}

/// The value of an instrument in a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfPhase {
    pub phase: String,
    pub value: Option<f64>,
    pub words: String,
}

/// Circuit breakers of one app that guard calls to one other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breaker {
    pub owner: String,
    pub guards: String,
    /// The most there were at one time.
    pub count: u32,
    pub opened: u64,
    pub open_ms: u64,
}

/// What an injection did to the availability of service and data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disaster {
    pub injection: String,
    /// The longest interruption.
    pub rto_ms: Option<u64>,
    /// Commits so long before the failure did not outlive it.
    pub rpo_ms: Option<u64>,
    pub failover_ms: Option<u64>,
    /// `no data`, `nothing stood in`, or how long it took.
    pub failover: String,
    /// From T0 until it was undone.
    pub availability: Option<f64>,
    pub availability_words: String,
}

/// The replica took over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failover {
    pub at: Moment,
    pub from: String,
    pub to: String,
    pub took_ms: u64,
    pub behind_ms: u64,
    pub by: String,
}

/// The data, after against before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Integrity {
    /// Why it could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    pub tables: Vec<Table>,
    pub acknowledged: Option<u64>,
    pub lost: Option<u64>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub table: String,
    /// At the checkpoint.
    pub before: Option<u64>,
    pub after: u64,
    pub missing: u64,
    pub extra: u64,
    pub changed: u64,
}

/// One kind of security event that was counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecurityEvent {
    pub name: String,
    pub count: f64,
    /// The largest count of any second.
    pub worst_second: f64,
    pub first: Option<Moment>,
    pub last: Option<Moment>,
}

/// What customers felt while an injection lasted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Impact {
    pub injection: String,
    pub lasted_ms: u64,
    pub requests: Option<u64>,
    pub failed: Option<u64>,
    pub degraded: Option<f64>,
    pub availability: Option<f64>,
    pub latency_p99: Option<f64>,
}

/// A lever that a team pulled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    pub at: Moment,
    pub team: String,
    pub author: String,
    pub lever: String,
    /// Whether it changes the target, and does not only look.
    pub changes: bool,
    /// `done`, `failed`, `no answer`.
    pub outcome: &'static str,
    pub said: String,
    pub took_ms: Option<u64>,
}
