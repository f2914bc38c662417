//! What each fault calls, there and back.

use super::super::chaos;
use super::super::kinds::CHAOS;
use super::super::native;
use super::super::native::needs::Verb;
use super::need::{Need, READ, Way};
use crate::gameday::fault::{Fault, ZoneResource};

/// The kinds of Chaos Mesh that a fault becomes, as they stand in addresses.
fn kinds(fault: &Fault) -> &'static [&'static str] {
    match fault {
        Fault::PodFailure
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { .. } => &["podchaos"],
        Fault::NetworkChaos { .. }
        | Fault::LatencyInjection { .. }
        | Fault::DatabaseSlowdown { .. }
        | Fault::ReplicaLag { .. } => &["networkchaos"],
        Fault::ResourceChaos { .. } => &["stresschaos"],
        Fault::TimeChaos { .. } => &["timechaos"],
        Fault::IoChaos { .. } | Fault::DiskFull { .. } => &["iochaos"],
        Fault::DnsChaos => &["dnschaos"],
        Fault::HttpChaos { .. } | Fault::PodHang => &["httpchaos"],
        Fault::ZoneFailure { resources } if resources.contains(&ZoneResource::Network) => {
            &["networkchaos"]
        }
        _ => &[],
    }
}

/// The kinds of objects that somebody wrote, as they stand in addresses.
fn written(fault: &Fault) -> Vec<&'static str> {
    let Fault::Manifest { documents, .. } = fault else { return Vec::new() };
    let kinds = documents.iter().filter_map(|one| chaos::kinds::of(one.get("kind")?.as_str()?));
    kinds.map(|kind| kind.plural).collect()
}

/// Whether a fault needs the DNS server of Chaos Mesh.
pub fn asks_names(fault: &Fault) -> bool {
    matches!(fault, Fault::DnsChaos) || written(fault).contains(&"dnschaos")
}

/// What a fault needs; `why` is the name of its injection.
pub fn of_fault(fault: &Fault, why: &str) -> Vec<Need> {
    let written = written(fault);
    let placed = kinds(fault).iter().chain(&written).flat_map(|kind| of_kind(kind, why));
    let changed = native::needs::needs(fault);
    placed.chain(changed.iter().map(|verb| of_change(verb, why))).collect()
}

/// One call of a native change.
fn of_change(verb: &Verb, why: &str) -> Need {
    let resource = match verb.subresource {
        "" => verb.resource.to_owned(),
        part => format!("{}/{part}", verb.resource),
    };
    let way = if verb.undo { Way::Undo } else { Way::Forward };
    let need = Need::of(way, verb.group, &resource, &[verb.verb], why);
    Need { everywhere: !verb.namespaced, reaper: verb.undo, ..need }
}

/// What placing an object of Chaos Mesh and letting go of it needs.
pub fn of_kind(kind: &str, why: &str) -> Vec<Need> {
    // A dry run by server-side apply is a patch that may create.
    let mut needs = vec![
        Need::of(Way::Forward, CHAOS, kind, &["create", "patch"], why),
        Need::of(Way::Undo, CHAOS, kind, &["get", "list", "watch", "patch", "delete"], why)
            .reaper(),
        Need::of(Way::Undo, "", "pods", READ, why).reaper(),
        // Where an experiment does not let go of a pod, the pod is replaced.
        Need::of(Way::Undo, "", "pods", &["delete"], why).reaper(),
        Need::of(Way::Undo, "", "events", &["get", "list"], why).reaper(),
    ];
    // Its webhook asks for the kind in the singular, also when the object is only annotated. The reaper does without: nobody
    // asks when it deletes.
    let singular = match kind {
        "schedules" => "schedule",
        "workflows" => "workflow",
        _ => return needs,
    };
    needs.push(Need::of(Way::Undo, CHAOS, singular, &["create"], why));
    needs
}
