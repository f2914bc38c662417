//! The teams' levers on a target, as a port. Repairs only: it cannot inject.

use super::target::{Answer, TargetError};
use crate::exercise::lever::Lever;
use crate::exercise::said::Said;

/// Does what a team wants done to the target.
pub trait Levers: Send + Sync {
    /// Does it and returns, with what was seen, when it is done.
    fn pull<'a>(&'a self, lever: &'a Lever) -> Answer<'a, Result<Said, TargetError>>;
}
