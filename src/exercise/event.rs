//! What happened, in the past tense. The list of these is the exercise; everything shown is folded from it.

use serde::{Deserialize, Serialize};

use super::alert::{Alerts, SilenceOrder};
use super::approved::Approved;
use super::blast::BlastRadius;
use super::cluster::ClusterNews;
use super::id::{ImprovementId, IncidentId, InjectionId, LeverId};
use super::improvement::Proposal;
use super::incident::{Cause, IncidentStatus, Severity};
use super::lever::Lever;
use super::log::EntryKind;
use super::people::TeamStanding;
use super::reading::{Checkpoint, Failover, IntegrityCheck, Reading};
use super::said::Said;
use super::sample::Sample;
use super::service::Over;
use super::signal::Signal;
use super::stamp::Stamp;
use super::steady::Finding;
use super::target::Topology;
use super::undo::Undo;
use super::watch::Asking;
use crate::gameday::load::RateCurve;
use crate::gameday::people::{DeckCard, Person, Role};
use crate::gameday::span::Span;

/// One event with its place and time. `seq` is dense and starts at 1; line 0 of a recording is its header.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// Place in the recording.
    pub seq: u64,
    /// When.
    pub stamp: Stamp,
    /// What.
    pub event: Event,
}

/// Why a phase ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseEnd {
    /// Its time was over.
    Completed,
    /// The facilitator skipped the rest.
    Skipped,
    /// The exercise ended.
    Cut,
}

/// When the steady state was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before the first phase: go or no-go.
    Before,
    /// After the last phase.
    After,
}

/// How the exercise ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every phase ran.
    Completed,
    /// Someone ended it early.
    EndedEarly,
    /// It was halted and not taken up again.
    Halted,
    /// It never started: no-go, no target, no load.
    NotStarted,
    /// The program died; found and cleaned up by a later start.
    Died,
}

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "kebab-case")]
pub enum Event {
    /// The target takes traffic at this address.
    TargetReady { base_url: String, what: Said },
    /// The target could not be had.
    TargetFailed { error: Said },
    /// Measuring before the first phase began.
    PreflightStarted,
    /// The steady state was compared with its limits.
    SteadyStateChecked { when: When, findings: Vec<Finding>, holds: bool },
    /// The briefing waits until someone says go.
    BriefingHeld { by: String },
    /// Go: the steady state holds, and someone, or the countdown, ended the briefing.
    GoGiven { by: String },
    /// Someone went on in spite of a no-go.
    NoGoOverridden { by: String, reason: String },

    /// How far the injections to come reach was approved, each as it was then; a single one when a person called for it.
    ReachApproved { by: String, injections: Vec<Approved> },

    /// A phase began.
    PhaseStarted { phase: usize },
    /// A phase ended.
    PhaseEnded { phase: usize, why: PhaseEnd },
    /// A phase got more time.
    PhaseExtended { phase: usize, amount: Span, by: String },
    /// No phase runs any more; what is left is to undo and to look again. How it will have ended.
    ClosingStarted { outcome: Outcome, why: Said },

    /// The exercise clock was stopped.
    Held { by: String, reason: Said },
    /// The exercise clock goes on.
    Resumed { by: String },
    /// Emergency stop.
    Halted { by: String, reason: Said },
    /// The emergency stop was released.
    Released { by: String, reason: String },

    /// The next round of an injection was called for, by the plan or a person.
    InjectionArmed { id: InjectionId, round: u32, by: String },
    /// Victims are chosen and the way back is known; the fault is being injected.
    InjectionStarted {
        id: InjectionId,
        round: u32,
        victims: Vec<String>,
        peers: Vec<String>,
        undo: Undo,
        blast: BlastRadius,
    },
    /// The fault took effect at `t0`.
    InjectionActive { id: InjectionId, round: u32, t0: Stamp, evidence: Said },
    /// The fault could not be prepared or injected.
    InjectionFailed { id: InjectionId, round: u32, error: Said },
    /// The injection will not run.
    InjectionSkipped { id: InjectionId, why: Said },
    /// The injection was moved.
    InjectionDelayed { id: InjectionId, amount: Span, by: String },
    /// Undoing began.
    RevertStarted { id: InjectionId, attempt: u32, why: Said },
    /// Undone, and seen to be undone.
    Reverted { id: InjectionId, evidence: Said },
    /// Undoing failed; it will be tried again.
    RevertFailed { id: InjectionId, attempt: u32, error: Said },

    /// Somebody agreed that alerts are silenced while phases run.
    SilenceAgreed { silence: usize, by: String },
    /// The way back is known; the silence is being made, or made anew so that it does not end.
    SilenceStarted { silence: usize, round: u32, order: SilenceOrder, undo: Undo },
    /// It silences until then, in milliseconds since 1970-01-01 UTC, unless it is made anew.
    SilenceActive { silence: usize, round: u32, until: i64, evidence: Said },
    /// It could not be made; `nothing`: surely nothing of it is there.
    SilenceFailed { silence: usize, round: u32, error: Said, nothing: bool },
    /// Lifting it began.
    LiftStarted { silence: usize, attempt: u32, why: Said },
    /// Lifted, and seen to be.
    Lifted { silence: usize, evidence: Said },
    /// Lifting failed; it will be tried again.
    LiftFailed { silence: usize, attempt: u32, error: Said },

    /// The load follows this curve from now on.
    LoadFollowed { curve: RateCurve },
    /// The load was set by hand (`Some`: requests per second), or given back to the plan (`None`).
    LoadOverridden { rps: Option<f64>, by: String },
    /// No load any more.
    LoadStopped,
    /// Load could not be made.
    LoadFailed { error: Said },
    /// One second of what customers felt.
    Sampled(Sample),
    /// The target looks different from before.
    TargetSeen(Topology),
    /// The cluster says something of itself beside its pods.
    ClusterNoted { news: ClusterNews },

    /// An SLO went outside its limit.
    SloBreached { slo: usize, value: f64 },
    /// An SLO is back inside.
    SloRecovered { slo: usize, value: f64 },
    /// A guardrail fired.
    GuardrailFired { rule: usize, value: f64 },
    /// A guardrail's condition is over.
    GuardrailCleared { rule: usize },

    /// One second of the target's instruments.
    Observed(Reading),
    /// The replica took over.
    FailedOver(Failover),
    /// The data was counted and remembered.
    CheckpointTaken(Checkpoint),
    /// Everything is undone and no load comes any more; the data is being compared with the checkpoint.
    ComparisonStarted,
    /// The data was compared with the checkpoint.
    IntegrityChecked(IntegrityCheck),
    /// The data could not be remembered or compared.
    IntegrityFailed { error: Said },

    /// Somebody began to watch a real system.
    WatchStarted,
    /// The watch goes on after nobody watched for so long.
    WatchResumed { away: Span },
    /// What its monitoring knows of a time in which nobody watched, in order of time.
    ThenKnown { readings: Vec<Reading> },
    /// How far the answers to a query can be trusted changed.
    AskingChanged { query: usize, asking: Asking },
    /// The bad share of what a service did; `None`: no data.
    ShareHeard { service: usize, over: Over, share: Option<f64> },
    /// There are other alerts than before.
    AlertsChanged { alerts: Alerts },
    /// Nobody knows what alerts there are.
    AlertsUnknown { why: Said },

    /// A team pulled a lever.
    LeverPulled { id: LeverId, lever: Lever, team: String, author: String },
    /// What came of it.
    LeverDone { id: LeverId, ok: bool, said: Said },

    /// Someone typed a line; `happened`: when it was, where that is earlier; `evidence`: the events it rests on.
    Logged {
        team: String,
        author: String,
        text: String,
        kind: EntryKind,
        incident: Option<IncidentId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened: Option<Stamp>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<u64>,
    },
    /// Someone wrote a line anew; `entry` is the event it came with.
    EntryEdited { entry: u64, text: String, team: String, author: String },
    /// Somebody wants to remember this moment, with or without words. What stood then is in the state.
    MomentPinned { team: String, author: String, text: String },
    /// A team opened an incident; `signal`: what asked for it.
    IncidentOpened {
        id: IncidentId,
        team: String,
        author: String,
        title: String,
        severity: Severity,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened: Option<Stamp>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signal: Option<Signal>,
    },
    /// An incident changed its status; `of`: the one it is a duplicate of.
    IncidentMoved {
        id: IncidentId,
        to: IncidentStatus,
        team: String,
        author: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened: Option<Stamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<IncidentId>,
    },
    /// An incident got another title or severity.
    IncidentEdited {
        id: IncidentId,
        title: String,
        severity: Severity,
        team: String,
        author: String,
    },
    /// The facilitator said what is behind an incident.
    IncidentLinked { id: IncidentId, cause: Cause, by: String },
    /// What asked for an incident needs none.
    SuggestionSetAside { signal: Signal, by: String },
    /// Something real happened: no exercise any more.
    RealIncidentDeclared { by: String, reason: String },

    /// One more team takes part.
    TeamAdded { team: String, by: String },
    /// Someone takes part, or changed the team.
    PersonJoined { person: Person, by: String },
    /// A role was taken, or handed over by whoever had it.
    RoleTaken { role: Role, person: String, by: String },

    /// A card reached its teams.
    CardShown { phase: usize, card: usize },
    /// The facilitator drew a card from the deck.
    CardDrawn { card: DeckCard, by: String },
    /// A team has seen a card; cards count from 0 as they were shown.
    CardAcknowledged { card: usize, team: String, author: String },
    /// Help was given. Participants are not told for which injection.
    HintGiven {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        injection: Option<InjectionId>,
        hint: usize,
        text: String,
        cost: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        by: String,
    },

    /// The teams are shown how they stand; where they were before, it changed.
    BoardShown { standings: Vec<TeamStanding>, by: String },
    /// They are not any more.
    BoardHidden { by: String },

    /// The facilitator scored an objective.
    ObjectiveScored { objective: usize, met: bool, by: String, reason: String },
    /// The facilitator said whether an injection went as expected.
    ExpectationJudged { id: InjectionId, met: bool, by: String, reason: String },
    /// Something should become better; the same number again: it was written anew.
    ImprovementNoted { id: ImprovementId, says: Proposal, team: String, author: String },
    /// It need not.
    ImprovementDropped { id: ImprovementId, by: String, reason: String },
    /// What an earlier exercise taught is done, or open again; `entry` is the event of its recording.
    EarlierSettled { exercise: String, entry: u64, done: bool, by: String },

    /// The exercise is over; nothing but late reverts follows.
    Ended { outcome: Outcome, why: Said },

    /// Written by a later version of the program; kept as it is.
    #[serde(skip)]
    Unknown { kind: String, data: serde_json::Value },
}
