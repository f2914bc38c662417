//! Chaos Mesh: carry.

pub use super::ladder::Consent;
use super::placed::Placed;
use crate::exercise::said::Said;
use crate::kubernetes::connect::Connection;
use crate::port::target::TargetError;

/// Lets go of what may be there.
///
/// # Errors
/// When something stays.
pub async fn let_go(
    _: &Connection,
    run: &str,
    _: &[Placed],
    _: Consent,
) -> Result<Said, TargetError> {
    Err(TargetError(format!("{run}: not yet there")))
}
