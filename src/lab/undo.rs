//! What the lab writes down about the way back, readable by a later process. Not the undoing.

use serde::{Deserialize, Serialize};

use super::parts::Part;
use crate::exercise::said::{Said, said};
use crate::exercise::undo::Undo;
use crate::gameday::catalog::figures::short;
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

/// The way back in words, with the names of the pods.
fn describe(order: &FaultOrder) -> Said {
    let pods = order.victims.join(", ");
    let others = || match order.peers.as_slice() {
        [] => said!("way-everyone", "everyone"),
        peers => peers.join(", ").into(),
    };
    match &order.experiment.fault {
        Fault::PodFailure | Fault::NodeRestart => {
            said!("way-replaced", "wait until {pods} are replaced and ready", pods = pods)
        }
        Fault::NodeFailure | Fault::NodeDrain { .. } | Fault::ZoneFailure { .. } => said!(
            "way-place",
            "put the place of {pods} back into use, bring them home, wait until they are ready",
            pods = pods
        ),
        Fault::RolloutRestart => {
            said!("way-restarted", "nothing to take back: wait until {pods} are ready", pods = pods)
        }
        Fault::Scale { .. }
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => {
            said!("way-start", "let {pods} start again, wait until they are ready", pods = pods)
        }
        Fault::CacheFailure { action: CacheAction::Flush } => {
            said!("way-flush", "nothing to take back: {pods} fills again by itself", pods = pods)
        }
        Fault::PodHang => {
            said!("way-hang", "let {pods} go on, wait until they are ready", pods = pods)
        }
        Fault::NetworkChaos { network, .. } => said!(
            "way-network",
            "remove {what} between {pods} and {others}",
            what = network_part(*network),
            pods = pods,
            others = others()
        ),
        Fault::LatencyInjection { latency, .. } => said!(
            "way-requests",
            "send requests from {pods} to {others} without the {latency} wait",
            pods = pods,
            others = others(),
            latency = *latency
        ),
        Fault::DnsChaos => said!(
            "way-names",
            "let names resolve again from {pods} to {others}",
            pods = pods,
            others = others()
        ),
        fault => inside(fault, &pods),
    }
}

fn network_part(network: NetworkAction) -> Said {
    match network {
        NetworkAction::Partition => said!("way-partition", "the partition"),
        NetworkAction::Delay { latency, .. } => {
            said!("way-delay", "the {latency} delay", latency = latency)
        }
        NetworkAction::Loss { share } => {
            let percent = format!("{:.1}", share * 100.0);
            said!("way-loss", "the loss of {percent} %", percent = percent)
        }
        NetworkAction::Bandwidth { .. } => said!("way-bandwidth", "the bandwidth limit"),
    }
}

/// The way back of what sits in the pods themselves.
fn inside(fault: &Fault, pods: &str) -> Said {
    match fault {
        Fault::DatabaseSlowdown { latency, .. } => said!(
            "way-statements",
            "remove the {latency} delay of every statement from {pods}",
            latency = *latency,
            pods = pods
        ),
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } } => said!(
            "way-burn",
            "stop burning {cores} cores at {load} % in {pods}",
            cores = cores.to_string(),
            load = load.to_string(),
            pods = pods
        ),
        Fault::ResourceChaos { stress: Stress::MemoryStress { .. } } => {
            said!("way-memory", "give the memory back on {pods}", pods = pods)
        }
        Fault::ResourceChaos { stress: Stress::IoStress { .. } } => {
            said!("way-io", "stop the disk load on {pods}", pods = pods)
        }
        Fault::DiskFull { .. } => said!("way-quota", "lift the quota of {pods}", pods = pods),
        Fault::TimeChaos { .. } => {
            said!("way-clock", "set the clock of {pods} right", pods = pods)
        }
        Fault::IoChaos { .. } => {
            said!("way-files", "let file operations be as before on {pods}", pods = pods)
        }
        Fault::HttpChaos { .. } => {
            said!("way-answers", "leave HTTP answers of {pods} as they are made", pods = pods)
        }
        Fault::DataCorruption { table, .. } => said!(
            "way-rows",
            "put the changed rows of {table} back as they were on {pods}",
            table = short(table),
            pods = pods
        ),
        Fault::ConfigurationChange { .. } => said!(
            "way-configuration",
            "set the configuration of {pods} back to what it was",
            pods = pods
        ),
        Fault::ReplicaLag { .. } => said!("way-lag", "let {pods} catch up", pods = pods),
        Fault::CertificateExpiry => {
            said!("way-certificate", "serve a good certificate at {pods}", pods = pods)
        }
        Fault::RbacMutation { account, .. } => {
            said!(
                "way-permissions",
                "give {account} its permissions back",
                account = short(account)
            )
        }
        other => {
            said!("way-other", "take {kind} out of {pods} again", kind = other.kind(), pods = pods)
        }
    }
}
