//! Stand-in until the real one is merged.
use crate::gameday::fault::Fault;
use crate::kubernetes::{scene::Scene, step::Step};
use crate::port::target::{FaultOrder, TargetError};
#[derive(Clone, Debug, PartialEq)]
pub struct Action;
pub fn supports(_: &Fault) -> Option<Result<(), String>> {
    None
}
pub fn actions(_: &FaultOrder, _: &Scene, _: &Step) -> Result<Vec<Action>, TargetError> {
    Ok(Vec::new())
}
