//! What a fault needs of the cluster's own API, decided from what was seen of it. Pure: what only the objects themselves can tell
//! (which of several ConfigMaps has a key) is `draft`'s.

mod act;
mod mounts;
mod nodes;
mod pods;
mod shape;
mod volumes;

use k8s_openapi::api::core::v1::Pod;

use crate::gameday::fault::{ConfigurationSource, Fault, ZoneResource};
use crate::gameday::text::printable;
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;
use crate::port::target::{FaultOrder, TargetError};

pub use act::{Act, Action};

/// A certificate that expired does so by this long before the fault: clocks differ.
const SINCE: i64 = 24 * 60 * 60 * 1_000;

/// Whether native actions can do the fault; `None`: it is no matter of theirs.
pub fn supports(fault: &Fault) -> Option<Result<(), String>> {
    match fault {
        Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::NodeDrain { .. }
        | Fault::ConfigurationChange { .. }
        | Fault::Scale { .. }
        | Fault::ImageChange { .. }
        | Fault::RolloutRestart
        | Fault::CertificateExpiry
        | Fault::RbacMutation { .. } => Some(Ok(())),
        Fault::ZoneFailure { resources } if resources.contains(&ZoneResource::Compute) => {
            Some(Ok(()))
        }
        Fault::ZoneFailure { .. } if is_of_storage(fault) => {
            let why = "the API of a cluster takes no volume from pods that stay: write resources: [compute, storage]; io-chaos and \
                       disk-full break the storage of pods";
            Some(Err(why.to_owned()))
        }
        Fault::DataCorruption { .. } => {
            let why = "the API of a cluster does not reach the rows of a database; http-chaos with action: body damages answers \
                       and no data";
            Some(Err(why.to_owned()))
        }
        _ => None,
    }
}

/// Whether volumes have to be looked at for a fault.
pub fn is_of_storage(fault: &Fault) -> bool {
    matches!(fault, Fault::ZoneFailure { resources } if resources.contains(&ZoneResource::Storage))
}

/// Whether a fault is done by the cluster's own means and stays: if this program dies nothing there ends it but the reaper.
pub fn outlives(fault: &Fault) -> bool {
    matches!(supports(fault), Some(Ok(()))) && *fault != Fault::RolloutRestart
}

/// What native actions the order needs; none: it is no matter of theirs.
///
/// # Errors
/// Why it cannot be done, for people.
pub fn actions(order: &FaultOrder, scene: &Scene, step: &Step) -> Result<Vec<Action>, TargetError> {
    match supports(&order.experiment.fault) {
        None => return Ok(Vec::new()),
        Some(Err(why)) => return Err(TargetError(why)),
        Some(Ok(())) => {}
    }
    let pods = victims(order, scene)?;
    let made = match &order.experiment.fault {
        Fault::NodeFailure | Fault::NodeRestart | Fault::NodeDrain { .. } => {
            nodes::of_nodes(&order.experiment.fault, scene, &pods)
        }
        fault @ Fault::ZoneFailure { .. } => nodes::of_zone(scene, &pods, is_of_storage(fault)),
        Fault::ConfigurationChange { source: ConfigurationSource::File, set } => {
            mounts::settings(scene, &pods, set).map(|one| vec![one])
        }
        Fault::ConfigurationChange { source: ConfigurationSource::Environment, set } => {
            shape::environment(scene, &pods, set)
        }
        Fault::Scale { replicas } => shape::scale(scene, &pods, *replicas),
        Fault::ImageChange { image, container } => {
            shape::image(scene, &pods, image, container.as_deref())
        }
        Fault::RolloutRestart => shape::restart(scene, &pods, step.began()),
        Fault::CertificateExpiry => {
            let lasts = i64::try_from(step.lasts.as_millis()).unwrap_or(i64::MAX);
            let expired = step.deadline.saturating_sub(lasts).saturating_sub(SINCE);
            mounts::certificate(scene, &pods, expired).map(|one| vec![one])
        }
        Fault::RbacMutation { account, permissions } => {
            let act = Act::Unbind { account: account.clone(), permissions: permissions.clone() };
            Ok(vec![Action { act, back: Vec::new(), warnings: Vec::new() }])
        }
        _ => Ok(Vec::new()),
    };
    made.map_err(TargetError)
}

fn victims<'s>(order: &FaultOrder, scene: &'s Scene) -> Result<Vec<&'s Pod>, TargetError> {
    let found: Result<Vec<&Pod>, TargetError> = order
        .victims
        .iter()
        .map(|name| {
            let gone = || TargetError(format!("pod {} is gone since", printable(name, 80)));
            scene.pod(name).ok_or_else(gone)
        })
        .collect();
    match found {
        Ok(none) if none.is_empty() => Err(TargetError("nobody is hit".to_owned())),
        found => found,
    }
}

#[cfg(test)]
mod tests;
