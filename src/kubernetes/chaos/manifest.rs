//! An experiment with its victims chosen, as objects of Chaos Mesh. Pure. Whom they hit is always written by name, so that nobody
//! else is hit than was shown and approved. Not the judging of what stands in them: that is `rules`.
//!
//! Faults that repeat are repeated by the exercise, round by round; a Schedule is placed only where a file has one of its own.

mod assigned;
mod files;
mod given;
mod network;
mod pinned;
mod web;
mod written;

use serde_json::json;

use self::assigned::Assigned;
pub use self::given::given;
pub use super::object::Manifest;
use crate::gameday::fault::{CacheAction, Fault, HttpAction, Stress, ZoneResource};
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;
use crate::port::target::{FaultOrder, TargetError};

/// Whether Chaos Mesh does the fault; `None`: it is no matter of Chaos Mesh.
pub fn supports(fault: &Fault) -> Option<Result<(), String>> {
    let refused = |why: &str| Some(Err(why.to_owned()));
    match fault {
        Fault::PodFailure
        | Fault::NetworkChaos { .. }
        | Fault::LatencyInjection { .. }
        | Fault::DatabaseSlowdown { .. }
        | Fault::DnsChaos
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { .. } => Some(Ok(())),
        Fault::ResourceChaos { stress: Stress::IoStress { .. } } => refused(
            "Chaos Mesh keeps no disk busy; slow it down with type: io-chaos, action: latency",
        ),
        Fault::ResourceChaos { .. } => Some(Ok(())),
        Fault::TimeChaos { drift, .. } if *drift != 0.0 => {
            refused("TimeChaos moves a clock and lets none run fast; give an offset and no drift")
        }
        Fault::TimeChaos { offset_millis: 0, .. } => refused("a clock moved by nothing is right"),
        Fault::TimeChaos { .. } => Some(Ok(())),
        Fault::HttpChaos { share, .. } if *share < 1.0 => refused(
            "HTTPChaos hits every answer of a port and no share of them; write share: 100%, and fewer pods",
        ),
        Fault::HttpChaos { .. } | Fault::PodHang => Some(Ok(())),
        Fault::IoChaos { io } => Some(files::percent(files::share(io)).map(drop)),
        Fault::DiskFull { free: 0 } => Some(Ok(())),
        Fault::DiskFull { .. } => refused(
            "IOChaos lets every write fail for lack of space, and lets none through before; write free: 0B",
        ),
        Fault::ReplicaLag { lag } => Some(network::lag(*lag)),
        Fault::ZoneFailure { resources } => {
            resources.contains(&ZoneResource::Network).then_some(Ok(()))
        }
        Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::NodeDrain { .. }
        | Fault::DataCorruption { .. }
        | Fault::ConfigurationChange { .. }
        | Fault::Scale { .. }
        | Fault::ImageChange { .. }
        | Fault::RolloutRestart
        | Fault::CertificateExpiry
        | Fault::RbacMutation { .. }
        | Fault::TrafficFlood { .. } => None,
        // Whoever wrote it knows what it does; it is checked like every other.
        Fault::Manifest { .. } => Some(Ok(())),
    }
}

/// The objects that do what `order` says, in this scene; none where it is no matter of Chaos Mesh.
///
/// # Errors
/// When Chaos Mesh cannot do it, or the scene does not say which container, port, folder or service is meant; for people.
pub fn manifests(
    order: &FaultOrder,
    scene: &Scene,
    step: &Step,
) -> Result<Vec<Manifest>, TargetError> {
    let fault = &order.experiment.fault;
    let Some(supported) = supports(fault) else { return Ok(Vec::new()) };
    supported.map_err(TargetError)?;
    if let Fault::Manifest { documents, .. } = fault {
        return written::objects(documents, order, scene, step).map_err(TargetError);
    }
    let mut work = Assigned::new(order, scene, step)?;
    write(fault, &mut work).map_err(TargetError)?;
    Ok(work.finish())
}

fn write(fault: &Fault, work: &mut Assigned<'_>) -> Result<(), String> {
    match fault {
        Fault::PodFailure => pinned::kill(work),
        Fault::CacheFailure { action: CacheAction::Flush } => pinned::flush(work),
        Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => pinned::fail(work),
        Fault::NetworkChaos { network, direction } => network::between(work, *network, *direction),
        Fault::LatencyInjection { latency, jitter } => {
            network::late_answers(work, *latency, *jitter)
        }
        Fault::DatabaseSlowdown { latency, jitter } => {
            network::slow_database(work, *latency, *jitter)
        }
        Fault::ReplicaLag { lag } => network::behind(work, *lag),
        Fault::ZoneFailure { .. } => network::cut_off(work),
        Fault::ResourceChaos { stress: Stress::CpuStress { cores, load } } => {
            let stressors = json!({"cpu": {"workers": cores, "load": load}});
            pinned::in_containers(work, "StressChaos", json!({"stressors": stressors}))
        }
        Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } } => {
            let stressors = json!({"memory": {"workers": 1, "size": pinned::size(*bytes)}});
            pinned::in_containers(work, "StressChaos", json!({"stressors": stressors}))
        }
        Fault::TimeChaos { offset_millis, .. } => {
            let clock =
                json!({"timeOffset": format!("{offset_millis}ms"), "clockIds": ["CLOCK_REALTIME"]});
            pinned::in_containers(work, "TimeChaos", clock)
        }
        Fault::IoChaos { io } => files::operations(work, *io),
        Fault::DiskFull { .. } => files::full(work),
        Fault::DnsChaos => web::names(work),
        Fault::HttpChaos { http, .. } => web::answers(work, &answer(*http)),
        Fault::PodHang => web::hangs(work),
        _ => Ok(()),
    }
}

/// What is done to an HTTP answer.
fn answer(http: HttpAction) -> serde_json::Value {
    match http {
        HttpAction::Abort => json!({"abort": true}),
        HttpAction::Delay { latency } => json!({"delay": format!("{}ms", latency.as_millis())}),
        HttpAction::Status { code } => json!({"replace": {"code": code}}),
        HttpAction::Body => json!({"replace": {"body": web::damaged()}}),
    }
}
