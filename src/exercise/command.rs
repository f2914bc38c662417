//! What people want, timers call for and adapters report, in the present tense. Not what came of it.

use super::alert::Alerts;
use super::blast::BlastRadius;
use super::cluster::ClusterNews;
use super::id::{ImprovementId, IncidentId, InjectionId, LeverId};
use super::improvement::Proposal;
use super::incident::{Cause, IncidentStatus, Severity};
use super::lever::Lever;
use super::log::EntryKind;
use super::reading::{Checkpoint, Failover, IntegrityCheck, Reading};
use super::said::Said;
use super::sample::Sample;
use super::service::Over;
use super::signal::Signal;
use super::stamp::Stamp;
use super::target::Topology;
use super::undo::Undo;
use super::watch::Asking;
use crate::gameday::people::{Person, Role};
use crate::gameday::span::Span;

/// How to change the load by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoadChange {
    /// Ten percent more than now.
    Up,
    /// Ten percent less than now.
    Down,
    /// Exactly so many requests per second.
    Set(f64),
    /// What the plan says.
    BackToPlan,
}

/// Everything that can be asked of, or told to, the exercise.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one at a time is on its way; the large one is rare")]
pub enum Command {
    // --- people ---
    /// End the briefing: begin with the first phase.
    Go { by: String },
    /// Let the briefing wait until someone says go.
    HoldBriefing { by: String },
    /// Go on in spite of a no-go.
    OverrideNoGo { by: String, reason: String },
    /// Stop the exercise clock.
    Hold { by: String, reason: Said },
    /// Let it go on.
    Resume { by: String },
    /// End the phase now.
    SkipPhase { by: String },
    /// Give the phase more time.
    ExtendPhase { amount: Span, by: String },
    /// Start a planned injection early.
    InjectNow { id: InjectionId, by: String },
    /// Take a planned injection out.
    CancelInjection { id: InjectionId, by: String },
    /// Move a planned injection.
    DelayInjection { id: InjectionId, amount: Span, by: String },
    /// Undo one injection.
    Revert { id: InjectionId, by: String },
    /// Silence the alerts that are offered to be, while phases run: these of them, or all where none is named.
    SilenceAlerts { which: Vec<usize>, by: String },
    /// Lift every silence, also one that has not begun.
    LiftSilences { by: String },
    /// Emergency stop.
    Halt { by: String, reason: Said },
    /// Release the emergency stop.
    Release { by: String, reason: String },
    /// Change the load by hand.
    ChangeLoad { change: LoadChange, by: String },
    /// A line for the log; `ago`: so long before it is written down; `evidence`: numbers of the events it rests on.
    Log {
        team: String,
        author: String,
        text: String,
        kind: EntryKind,
        incident: Option<IncidentId>,
        ago: Span,
        evidence: Vec<u64>,
    },
    /// Write the last line of this person anew.
    EditLast { team: String, author: String, text: String },
    /// Remember this moment; the text may be empty.
    PinMoment { team: String, author: String, text: String },
    /// Open an incident; `signal`: because of this.
    OpenIncident {
        team: String,
        author: String,
        title: String,
        severity: Severity,
        ago: Span,
        people: Vec<String>,
        tags: Vec<String>,
        signal: Option<Signal>,
    },
    /// Change an incident's status; `of`: it is a duplicate of this one.
    MoveIncident {
        id: IncidentId,
        to: IncidentStatus,
        team: String,
        author: String,
        ago: Span,
        of: Option<IncidentId>,
    },
    /// Give an incident another title or severity.
    EditIncident {
        id: IncidentId,
        title: Option<String>,
        severity: Option<Severity>,
        team: String,
        author: String,
    },
    /// Say what is behind an incident; the facilitator alone.
    LinkIncident { id: IncidentId, cause: Cause, team: String, author: String },
    /// What asks for an incident needs none.
    SetAside { signal: Signal, by: String },
    /// Something real happened: stop everything, and go on as a watch.
    DeclareReal { by: String, reason: String },
    /// Let one more team take part.
    AddTeam { team: String, by: String },
    /// Let somebody take part, or change the team.
    Join { person: Person, by: String },
    /// Take a role, or hand it over.
    TakeRole { role: Role, person: String, by: String },
    /// Draw a card from the deck, for a team instead of the planned one, or for all.
    DrawCard { card: usize, to: Option<String>, by: String },
    /// A team has seen a card.
    AcknowledgeCard { card: usize, team: String, author: String },
    /// Give help for an injection, to a team or all.
    GiveHint { injection: InjectionId, hint: usize, to: Option<String>, by: String },
    /// Show the teams how they stand, or no more.
    ShowBoard { show: bool, by: String },
    /// Say whether an injection went as expected.
    JudgeExpectation { id: InjectionId, met: bool, by: String, reason: String },
    /// Note what should become better, or write it anew.
    NoteImprovement { id: Option<ImprovementId>, says: Proposal, team: String, author: String },
    /// Take an improvement back.
    DropImprovement { id: ImprovementId, by: String, reason: String },
    /// What an earlier exercise taught is done, or open again.
    SettleEarlier { exercise: String, entry: u64, done: bool, by: String },
    /// Pull a lever.
    PullLever { lever: Lever, team: String, author: String },
    /// Score an objective.
    ScoreObjective { objective: usize, met: bool, by: String, reason: String },
    /// End the exercise now.
    End { by: String, reason: Said },

    // --- timers ---
    /// Look at the clock.
    Tick,

    // --- adapters ---
    /// The target takes traffic.
    TargetIsReady { base_url: String, what: Said },
    /// The target cannot be had.
    TargetHasFailed { error: Said },
    /// The target looks like this.
    TargetLooks(Topology),
    /// The cluster says this of itself beside its pods.
    ClusterSays(ClusterNews),
    /// One second of load.
    SampleTaken(Sample),
    /// One second of instruments.
    ReadingTaken(Reading),
    /// A watch that was left, or broke off, is taken up again.
    WatchIsTakenUp,
    /// What a monitoring knows of a time in which nobody watched.
    ThenIsKnown(Vec<Reading>),
    /// How it stands with a query.
    AskingStands { query: usize, asking: Asking },
    /// The bad share of what a service did.
    ShareIs { service: usize, over: Over, share: Option<f64> },
    /// The alerts there are.
    AlertsAre(Alerts),
    /// What alerts there are cannot be known.
    AlertsAreUnknown { why: Said },
    /// The replica took over.
    HasFailedOver(Failover),
    /// The data was remembered.
    CheckpointIsTaken(Checkpoint),
    /// The data was compared.
    DataCompared(IntegrityCheck),
    /// The data could not be remembered or compared.
    DataCheckHasFailed { error: Said },
    /// What came of a lever.
    LeverIsDone { id: LeverId, ok: bool, said: Said },
    /// Load cannot be made.
    LoadHasFailed { error: Said },
    /// Victims and way back of an armed injection.
    FaultPrepared {
        id: InjectionId,
        round: u32,
        victims: Vec<String>,
        peers: Vec<String>,
        undo: Undo,
        blast: BlastRadius,
    },
    /// Alerts are silenced until then, in milliseconds since 1970-01-01 UTC.
    SilenceIsMade { silence: usize, round: u32, until: i64, evidence: Said },
    /// They could not be silenced; `nothing`: surely nothing of it is there.
    SilenceHasFailed { silence: usize, round: u32, error: Said, nothing: bool },
    /// A silence is lifted.
    SilenceIsLifted { silence: usize, attempt: u32, evidence: Said },
    /// It could not be lifted.
    LiftHasFailed { silence: usize, attempt: u32, error: Said },
    /// It took effect.
    FaultTookEffect { id: InjectionId, round: u32, t0: Stamp, evidence: Said },
    /// It could not be prepared or injected.
    FaultHasFailed { id: InjectionId, round: u32, error: Said },
    /// It is undone.
    FaultReverted { id: InjectionId, attempt: u32, evidence: Said },
    /// It could not be undone.
    RevertHasFailed { id: InjectionId, attempt: u32, error: Said },
}

impl Command {
    /// Whether a person asks for it, and not a timer or an adapter.
    pub const fn is_of_people(&self) -> bool {
        !matches!(
            self,
            Self::Tick
                | Self::TargetIsReady { .. }
                | Self::TargetHasFailed { .. }
                | Self::TargetLooks(_)
                | Self::ClusterSays(_)
                | Self::SampleTaken(_)
                | Self::ReadingTaken(_)
                | Self::WatchIsTakenUp
                | Self::ThenIsKnown(_)
                | Self::AskingStands { .. }
                | Self::ShareIs { .. }
                | Self::AlertsAre(_)
                | Self::AlertsAreUnknown { .. }
                | Self::HasFailedOver(_)
                | Self::CheckpointIsTaken(_)
                | Self::DataCompared(_)
                | Self::DataCheckHasFailed { .. }
                | Self::LeverIsDone { .. }
                | Self::LoadHasFailed { .. }
                | Self::SilenceIsMade { .. }
                | Self::SilenceHasFailed { .. }
                | Self::SilenceIsLifted { .. }
                | Self::LiftHasFailed { .. }
                | Self::FaultPrepared { .. }
                | Self::FaultTookEffect { .. }
                | Self::FaultHasFailed { .. }
                | Self::FaultReverted { .. }
                | Self::RevertHasFailed { .. }
        )
    }
}

/// Why a command was not followed, as a sentence for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub Said);

/// A refusal with these words.
pub(super) fn refuse<T>(why: impl Into<Said>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}
