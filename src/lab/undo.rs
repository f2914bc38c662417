//! What the lab writes down about the way back, readable by a later process. Not the undoing.

use serde::{Deserialize, Serialize};

use super::parts::Part;
use crate::exercise::undo::Undo;
use crate::gameday::catalog::undo_text;
use crate::gameday::fault::{CacheAction, Fault, NetworkAction, Stress};
use crate::port::target::{FaultOrder, TargetError};

/// The adapter's part of an [`Undo`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UndoData {
    /// The lab that holds the fault.
    pub lab_id: String,
    /// The kind of fault.
    pub kind: String,
    /// The pods that are hit, with their processes at that time.
    pub victims: Vec<Victim>,
    /// The pods in whose processes the effects sit.
    pub seats: Vec<String>,
}

/// A pod that is hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Victim {
    /// Its name.
    pub pod: String,
    /// Its process; none if it did not run.
    pub pid: Option<u32>,
}

/// The way back from an order.
pub(super) fn undo_of(order: &FaultOrder, data: &UndoData) -> Result<Undo, TargetError> {
    let data = serde_json::to_value(data).map_err(|error| TargetError(error.to_string()))?;
    Ok(Undo { key: order.key.clone(), what: describe(order), data })
}

/// Reads what [`undo_of`] wrote.
pub(super) fn read(undo: &Undo) -> Result<UndoData, TargetError> {
    serde_json::from_value(undo.data.clone())
        .map_err(|error| TargetError(format!("the way back of the fault cannot be read: {error}")))
}

/// The pods in whose processes the parts sit, each once.
pub(super) fn seats(parts: &[Part]) -> Vec<String> {
    let mut seats: Vec<String> = parts.iter().map(|part| part.pod.to_owned()).collect();
    seats.sort();
    seats.dedup();
    seats
}

fn describe(order: &FaultOrder) -> String {
    let victims = order.victims.join(", ");
    let others =
        if order.peers.is_empty() { "everyone".to_owned() } else { order.peers.join(", ") };
    match order.experiment.fault {
        Fault::PodFailure | Fault::NodeRestart => {
            format!("wait until {victims} are replaced and ready")
        }
        Fault::NodeFailure | Fault::NodeDrain { .. } | Fault::ZoneFailure { .. } => {
            format!(
                "put the place of {victims} back into use, bring them home, wait until they are ready"
            )
        }
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => {
            format!("let {victims} start again, wait until they are ready")
        }
        Fault::CacheFailure { action: CacheAction::Flush } => {
            format!("nothing to take back: {victims} fills again by itself")
        }
        Fault::PodHang => format!("let {victims} go on, wait until they are ready"),
        Fault::NetworkChaos { network, .. } => {
            let what = match network {
                NetworkAction::Partition => "the partition".to_owned(),
                NetworkAction::Delay { latency, .. } => format!("the {latency} delay"),
                NetworkAction::Loss { share } => format!("the loss of {:.1} %", share * 100.0),
                NetworkAction::Bandwidth { .. } => "the bandwidth limit".to_owned(),
            };
            format!("remove {what} between {victims} and {others}")
        }
        Fault::LatencyInjection { latency, .. } => {
            format!("send requests from {victims} to {others} without the {latency} wait")
        }
        Fault::DatabaseSlowdown { latency, .. } => {
            format!("remove the {latency} delay of every statement from {victims}")
        }
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } } => {
            format!("stop burning {cores} cores at {load} % in {victims}")
        }
        _ => undo_text(&order.experiment),
    }
}
