//! What reaches the engine's loop.

use super::world::World;
use crate::exercise::command::Command;

/// What reaches the loop.
#[expect(
    clippy::large_enum_variant,
    reason = "one in flight at a time; a box for each sample costs more"
)]
pub(super) enum Message {
    /// Something is asked or reported.
    Command(Command),
    /// The target is there, or cannot be had.
    World(Box<Result<World, String>>),
    /// End what runs, and return.
    Close,
    /// Write what has happened, and return without an end.
    Leave,
}
