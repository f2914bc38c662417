//! Which actions belong to an exercise alone: a watch has nothing to conduct, to inject, to load or to score. Not what they do.

use super::action::ActionId;

/// Whether a watch over a real system does without it.
pub const fn is_of_exercise(id: ActionId) -> bool {
    matches!(
        id,
        ActionId::Hold
            | ActionId::SkipPhase
            | ActionId::Extend
            | ActionId::SelectNext
            | ActionId::SelectPrevious
            | ActionId::Inject
            | ActionId::Delay
            | ActionId::Cancel
            | ActionId::Revert
            | ActionId::LoadUp
            | ActionId::LoadDown
            | ActionId::LoadSet
            | ActionId::LoadPlan
            | ActionId::Halt
            | ActionId::Release
            | ActionId::Go
            | ActionId::HoldBriefing
            | ActionId::Silence
            | ActionId::Objectives
            | ActionId::Participants
            | ActionId::Board
            | ActionId::ShowBoard
            | ActionId::Deck
            | ActionId::Give
            | ActionId::SeenCard
            | ActionId::DeclareReal
            | ActionId::ConfirmReal
            | ActionId::ConfirmHalt
    )
}
