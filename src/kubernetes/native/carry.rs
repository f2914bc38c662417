//! Native actions: carry.

use super::change::Change;
use crate::exercise::said::Said;
use crate::kubernetes::connect::Connection;
use crate::port::target::TargetError;

/// Takes changes back.
///
/// # Errors
/// When something stays.
pub async fn revert(_: &Connection, changes: &[Change]) -> Result<Said, TargetError> {
    Err(TargetError(format!("{}: not yet there", changes.len())))
}
