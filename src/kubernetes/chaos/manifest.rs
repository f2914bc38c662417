//! Stand-in until the real one is merged.
use super::placed::Placed;
use crate::gameday::fault::Fault;
use crate::kubernetes::{scene::Scene, step::Step};
use crate::port::target::{FaultOrder, TargetError};
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    pub placed: Placed,
}
pub fn supports(_: &Fault) -> Option<Result<(), String>> {
    None
}
pub fn manifests(_: &FaultOrder, _: &Scene, _: &Step) -> Result<Vec<Manifest>, TargetError> {
    Ok(Vec::new())
}
