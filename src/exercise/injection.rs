//! One injection as it goes: planned → armed → injecting → active → reverting → reverted (or failed, skipped, not reverted).

use super::blast::BlastRadius;
use super::id::InjectionId;
use super::said::{Said, said};
use super::stamp::Stamp;
use super::undo::Undo;
use crate::gameday::span::Span;

/// Where an injection is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InjectionStatus {
    /// Waits for its time.
    #[default]
    Planned,
    /// Called for; victims are being chosen.
    Armed,
    /// Being injected.
    Injecting,
    /// In effect.
    Active,
    /// Being undone.
    Reverting,
    /// Undone, and seen to be undone.
    Reverted,
    /// Could not be injected; nothing of it is left.
    Failed,
    /// Will not run.
    Skipped,
    /// Undoing failed so far: it may still be in effect.
    NotReverted,
}

impl InjectionStatus {
    /// Whether something of it may be in the target now.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Injecting | Self::Active | Self::Reverting | Self::NotReverted)
    }

    /// Whether it is over for good.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Reverted | Self::Failed | Self::Skipped)
    }

    /// The word shown for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Armed => "armed",
            Self::Injecting => "injecting",
            Self::Active => "active",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::NotReverted => "not reverted",
        }
    }

    /// The same, for other languages too.
    pub fn said(self) -> Said {
        match self {
            Self::Planned => said!("injection-planned", "planned"),
            Self::Armed => said!("injection-armed", "armed"),
            Self::Injecting => said!("injection-injecting", "injecting"),
            Self::Active => said!("injection-active", "active"),
            Self::Reverting => said!("injection-reverting", "reverting"),
            Self::Reverted => said!("injection-reverted", "reverted"),
            Self::Failed => said!("injection-failed", "failed"),
            Self::Skipped => said!("injection-skipped", "skipped"),
            Self::NotReverted => said!("injection-not-reverted", "not reverted"),
        }
    }
}

/// One injection as it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct InjectionRun {
    /// Its place.
    pub id: InjectionId,
    /// The phase it belongs to.
    pub phase: usize,
    /// Where it is.
    pub status: InjectionStatus,
    /// How much it was moved.
    pub delay: Span,
    /// Who called for it: `plan`, or a person.
    pub by: String,
    /// The last round that was armed.
    pub round: u32,
    /// When that round was armed.
    pub armed: Option<Stamp>,
    /// Every way back that is still owed, newest last: the undo ledger.
    pub undos: Vec<Undo>,
    /// The same in words, kept when they are used up.
    pub ways_back: Vec<Said>,
    /// Everyone hit so far.
    pub victims: Vec<String>,
    /// How far it reaches.
    pub blast: Option<BlastRadius>,
    /// When it first took effect.
    pub t0: Option<Stamp>,
    /// What was seen when it took effect.
    pub evidence: Said,
    /// When undoing was first asked for.
    pub revert_started: Option<Stamp>,
    /// How often undoing was tried.
    pub attempts: u32,
    /// When undoing last failed.
    pub last_failure: Option<Stamp>,
    /// When it was seen to be undone.
    pub reverted: Option<Stamp>,
    /// What was seen then.
    pub revert_evidence: Said,
    /// What went wrong, or why it was skipped.
    pub problem: Option<Said>,
}

impl InjectionRun {
    /// One that waits for its time.
    pub(super) fn planned(id: InjectionId, phase: usize) -> Self {
        Self {
            id,
            phase,
            status: InjectionStatus::Planned,
            delay: Span::ZERO,
            by: String::new(),
            round: 0,
            armed: None,
            undos: Vec::new(),
            ways_back: Vec::new(),
            victims: Vec::new(),
            blast: None,
            t0: None,
            evidence: Said::default(),
            revert_started: None,
            attempts: 0,
            last_failure: None,
            reverted: None,
            revert_evidence: Said::default(),
            problem: None,
        }
    }
}
