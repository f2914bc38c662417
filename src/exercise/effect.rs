//! What is to be done in the world, as data. Derived from an event that is already durable; doing it is the engine's part.

use super::alert::SilenceOrder;
use super::event::Event;
use super::id::{InjectionId, LeverId};
use super::lever::Lever;
use super::state::State;
use super::undo::Undo;
use crate::gameday::load::RateCurve;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Begin making load.
    StartLoad { base_url: String },
    /// Let the load follow a curve.
    Follow(RateCurve),
    /// Make no more load, but keep measuring.
    Silence,
    /// Choose victims and find the way back.
    Prepare { id: InjectionId, round: u32 },
    /// Inject.
    Inject { id: InjectionId, round: u32, victims: Vec<String>, peers: Vec<String> },
    /// Remember the data.
    Checkpoint,
    /// Compare the data with the checkpoint.
    CompareData,
    /// Do what a team wants.
    Pull { id: LeverId, lever: Lever },
    /// Silence alerts.
    SilenceAlerts { silence: usize, round: u32, order: SilenceOrder },
    /// Lift a silence.
    LiftSilence { silence: usize, attempt: u32, undo: Undo },
    /// Undo everything that is owed for an injection.
    Revert { id: InjectionId, attempt: u32, undos: Vec<Undo> },
}

impl Effect {
    /// Whether it only takes away. Such an effect may run even when its event cannot be written at the moment:
    /// the way back is on disk since before the fault.
    pub const fn only_undoes(&self) -> bool {
        matches!(self, Self::Silence | Self::Revert { .. } | Self::LiftSilence { .. })
    }
}

impl Effect {
    /// Whether it makes `earlier`, not carried out yet, pointless.
    pub fn undoes(&self, earlier: &Effect) -> bool {
        match (self, earlier) {
            (Self::Silence, Self::Follow(_)) => true,
            (
                Self::Revert { id, .. },
                Self::Prepare { id: other, .. } | Self::Inject { id: other, .. },
            ) => id == other,
            (Self::LiftSilence { silence, .. }, Self::SilenceAlerts { silence: other, .. }) => {
                silence == other
            }
            _ => false,
        }
    }
}

/// What follows from `event`, given the state that already contains it.
pub fn effect_of(state: &State, event: &Event) -> Option<Effect> {
    Some(match event {
        Event::TargetReady { base_url, .. } => Effect::StartLoad { base_url: base_url.clone() },
        // Before any fault, and as early as there is a target.
        Event::PreflightStarted => Effect::Checkpoint,
        Event::ComparisonStarted => Effect::CompareData,
        Event::LoadFollowed { curve } => Effect::Follow(*curve),
        Event::LoadStopped => Effect::Silence,
        Event::InjectionArmed { id, round, .. } => Effect::Prepare { id: *id, round: *round },
        Event::InjectionStarted { id, round, victims, peers, .. } => Effect::Inject {
            id: *id,
            round: *round,
            victims: victims.clone(),
            peers: peers.clone(),
        },
        Event::LeverPulled { id, lever, .. } => Effect::Pull { id: *id, lever: lever.clone() },
        Event::RevertStarted { id, attempt, .. } => Effect::Revert {
            id: *id,
            attempt: *attempt,
            undos: state.injections.get(id.0).map(|run| run.undos.clone()).unwrap_or_default(),
        },
        Event::SilenceStarted { silence, round, order, .. } => {
            Effect::SilenceAlerts { silence: *silence, round: *round, order: order.clone() }
        }
        Event::LiftStarted { silence, attempt, .. } => Effect::LiftSilence {
            silence: *silence,
            attempt: *attempt,
            undo: state.silencings.get(*silence)?.undo.clone()?,
        },
        _ => return None,
    })
}
