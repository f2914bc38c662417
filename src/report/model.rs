//! What a report says, as plain data. Not how it is found out (`build`) or written (`markdown`, `json`).
//!
//! Lengths of time end in `_ms`; shares are 0 to 1; latencies are milliseconds. `None` is "no data", never zero. All
//! text may come from outside and is neutralised by whoever writes it.

mod crew;
mod inside;
mod line;
mod pin;
mod silenced;
mod stretch;
mod suggestion;
mod time;
mod totals;
mod watch;

use serde::Serialize;

use crate::exercise::sample::ErrorCounts;

pub use crew::{
    Board, BoardCell, BoardRow, BoardTeam, Card, Crew, DebriefLine, Expectation, Hint, Improvement,
    Person, RealIncident, RestsOn, RoleHeld, Seen, Targets, Timed,
};
pub use inside::{
    Action, Breaker, Disaster, Failover, Impact, Inside, Instrument, Integrity, OfPhase,
    SecurityEvent, Table,
};
pub use line::{Line, Score};
pub use pin::{Pin, PinnedIncident, PinnedSlo};
pub use silenced::{Silenced, SilencedTime};
pub use stretch::Stretch;
pub use suggestion::{Places, Suggestion};
pub use time::{Length, Moment};
pub use totals::Totals;
pub use watch::{
    Asked, AskedStretch, Away, Budget, Burnt, Fired, Kept, Pair, Silence, Unknown, Watch,
};

/// The whole report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub gameday_report: u32,
    pub exercise: String,
    pub program: String,
    pub name: String,
    pub title: String,
    pub hypothesis: Option<String>,
    pub target: String,
    /// The defences of the lab, where some are off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defences: Option<String>,
    /// How everything is put back by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<String>,
    pub teams: Vec<String>,
    pub seed: u64,
    pub ceiling: String,
    pub headless: bool,
    /// A drill, no real incident: for statistics that must not count it.
    pub drill: bool,
    /// What only a watch has; absent: it is an exercise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
    /// What is odd about the recording itself: a torn last line, changed lines.
    pub warnings: Vec<String>,
    pub began: Moment,
    /// The last event.
    pub last: Moment,
    /// Foreseen on the exercise clock.
    pub planned_ms: u64,
    /// On the exercise clock, and in all.
    pub ran: Length,
    /// `None`: the recording stops before the end.
    pub ending: Option<Ending>,
    pub overall: Overall,
    pub objectives: Vec<Objective>,
    pub totals: Totals,
    /// Over all phases.
    pub felt: Felt,
    /// How long at least one SLO was violated; `None`: the game day names none.
    pub outside_ms: Option<u64>,
    pub phases: Vec<Phase>,
    pub curve: Vec<Bucket>,
    pub series: Vec<Stretch>,
    pub injections: Vec<Injection>,
    /// What customers felt while each lasted.
    pub impact: Vec<Impact>,
    /// What the instruments said; `None`: there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
    /// Levers that teams pulled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What may still be in the target.
    pub left: Vec<Left>,
    pub slos: Vec<Slo>,
    pub steady: Vec<Steady>,
    pub no_go_override: Option<Override>,
    pub guardrails: Vec<Guardrail>,
    pub pauses: Vec<Pause>,
    /// Alerts that were silenced, or offered to be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silenced>,
    pub incidents: Vec<Incident>,
    pub times: Vec<Times>,
    /// Roles, cards, hints, the score board, and what people decided at the debrief.
    pub people: Crew,
    pub suggestions: Vec<Suggestion>,
    pub lessons: Vec<Line>,
    /// Moments that were pinned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    pub log: Vec<Line>,
}

/// How the exercise ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ending {
    pub outcome: &'static str,
    pub why: String,
}

/// All objectives together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overall {
    pub objectives_met: bool,
    /// `3 met, 1 not scored`.
    pub words: String,
    pub met: usize,
    pub not_met: usize,
    pub no_data: usize,
    pub not_scored: usize,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    pub title: String,
    /// `None`: the facilitator scores it.
    pub measure: Option<String>,
    pub answer: &'static str,
    pub evidence: String,
    pub score: Option<Score>,
}

/// What customers felt over a stretch: all samples that lie wholly inside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Felt {
    /// How long something was measured.
    pub measured_ms: u64,
    pub planned_requests: f64,
    pub attempted: u64,
    pub dropped: u64,
    pub ok: u64,
    pub errors: ErrorCounts,
    pub planned_rps: Option<f64>,
    pub sent_rps: Option<f64>,
    pub availability: Option<f64>,
    pub latency_p50: Option<f64>,
    pub latency_p99: Option<f64>,
    /// The generator's own lag in its worst second: 99th percentile, microseconds.
    pub worst_lag_p99_us: Option<u64>,
}

/// A phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Phase {
    pub name: String,
    pub planned_ms: u64,
    pub extension_ms: u64,
    pub started: Option<Moment>,
    pub ended: Option<Moment>,
    /// `completed`, `skipped`, `cut`, `running`, `not run`.
    pub how: &'static str,
    pub felt: Felt,
}

/// A stretch of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bucket {
    pub from_ms: u64,
    pub sent_rps: Option<f64>,
    pub latency_p99: Option<f64>,
}

/// An injection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Injection {
    pub id: String,
    pub name: String,
    pub phase: String,
    pub what: String,
    pub status: &'static str,
    pub by: String,
    pub rounds: u32,
    pub t0: Option<Moment>,
    pub evidence: String,
    pub victims: Vec<String>,
    pub blast: Option<String>,
    pub undo: Vec<String>,
    pub reverted: Option<Moment>,
    pub revert_evidence: String,
    pub revert_attempts: u32,
    pub problem: Option<String>,
    pub expected: Option<String>,
    /// Whether it went so; `None`: nothing was expected.
    pub expectation: Option<Expectation>,
    /// `detected`, `not detected`, `not in effect`.
    pub detection: &'static str,
    pub detected_by: Option<String>,
    pub incident: Option<u32>,
    pub time_to_detect: Option<Length>,
    /// What showed it first, be it a person or an instrument; `None`: nothing and nobody did.
    pub first_sign: Option<FirstSign>,
    /// `mitigated`, `not mitigated`, `no SLO was violated`, `not in effect`.
    pub mitigation: &'static str,
    pub time_to_mitigate: Option<Length>,
    /// `recovered`, `not recovered`, `never left the steady state`, `no data`, …
    pub recovery: &'static str,
    pub recovery_ms: Option<u64>,
    /// Incidents that belong to it.
    pub incidents: Vec<u32>,
}

/// What showed an injection first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstSign {
    /// `incident #2`, `SLO availability`, `the steady state`.
    pub what: String,
    pub at: Moment,
    /// From T0.
    pub after: Length,
}

/// Something that may still be in the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    pub name: String,
    pub status: &'static str,
    pub ways_back: Vec<String>,
    pub problem: Option<String>,
}

/// An SLO.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slo {
    pub name: String,
    pub metric: String,
    pub limit: String,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub overall: Option<f64>,
    pub overall_words: String,
    /// Of the error budget of the planned length, 1 is all; `None`: no budget, or no data.
    pub budget_used: Option<f64>,
    pub violations: Vec<Violation>,
    /// How it went in a watch; absent: it is one of an exercise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watched: Option<Kept>,
}

/// A time outside an SLO.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    pub from: Moment,
    pub to: Option<Moment>,
    pub lasted_ms: Option<u64>,
    pub worst: f64,
    pub worst_words: String,
    /// Of the same budget.
    pub budget_used: Option<f64>,
}

/// A check of the steady state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Steady {
    pub when: &'static str,
    pub at: Moment,
    pub holds: bool,
    pub findings: Vec<Finding>,
}

/// One limit of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub metric: String,
    pub limit: String,
    pub value: Option<f64>,
    pub value_words: String,
    pub holds: bool,
}

/// Someone went on in spite of a no-go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Override {
    pub by: String,
    pub reason: String,
}

/// A guardrail that fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guardrail {
    pub rule: String,
    pub then: &'static str,
    pub at: Moment,
    pub value: f64,
    pub value_words: String,
}

/// A hold or a halt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pause {
    pub kind: &'static str,
    pub from: Moment,
    pub to: Option<Moment>,
    pub lasted_ms: Option<u64>,
    pub by: String,
    pub reason: String,
    pub ended_by: Option<String>,
    pub end_reason: Option<String>,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    pub id: u32,
    pub severity: String,
    pub team: String,
    pub title: String,
    pub status: String,
    pub opened: Moment,
    pub resolved: Option<Moment>,
    /// The injection it belongs to.
    pub injection: Option<String>,
    /// `worked out by time and target`, `said by the facilitator`, `a discovery`, `unexplained`, `none`.
    pub cause: &'static str,
    /// What asked for it: `SLO availability`, `guardrail`, `dead pods`; `None`: a person noticed.
    pub alert: Option<String>,
    pub people: Vec<String>,
    pub tags: Vec<String>,
    pub duplicate_of: Option<u32>,
    /// Written down so much later than it was opened.
    pub back_dated_ms: Option<u64>,
    /// How often its title or severity was changed.
    pub edits: usize,
    pub time_to_acknowledge: Option<Length>,
    /// From T0, or from its opening where no injection is behind it.
    pub time_to_resolve: Option<Length>,
}

/// Times of one kind of a team, or of all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Times {
    /// `TTD`, `TTA`, `TTM`, `TTR`.
    pub kind: &'static str,
    /// `None`: all.
    pub team: Option<String>,
    pub values: Vec<Length>,
    pub mean: Option<Length>,
    pub median: Option<Length>,
    /// Not detected, not acknowledged, not mitigated, not resolved.
    pub missing: usize,
}
