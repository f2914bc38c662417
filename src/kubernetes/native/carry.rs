//! Stand-in until the real one is merged.
use super::{action::Action, change::Change};
use crate::exercise::said::Said;
use crate::kubernetes::{connect::Connection, scene::Scene, step::Step};
use crate::port::target::TargetError;
pub async fn prepare(
    _: &Connection,
    _: &Scene,
    _: &[Action],
    _: &Step,
) -> Result<Vec<Change>, TargetError> {
    Ok(Vec::new())
}
pub async fn apply(_: &Connection, _: &[Change]) -> Result<Said, TargetError> {
    Ok(Said::default())
}
pub async fn revert(_: &Connection, _: &[Change]) -> Result<Said, TargetError> {
    Ok(Said::default())
}
