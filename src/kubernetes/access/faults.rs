//! What each fault calls, there and back.

use super::super::chaos;
use super::super::kinds::CHAOS;
use super::need::{Need, READ, Way};
use crate::gameday::fault::{CacheAction, ConfigurationSource, Fault, ZoneResource};

const RBAC: &str = "rbac.authorization.k8s.io";

/// The kinds of Chaos Mesh that a fault becomes, as they stand in addresses.
fn kinds(fault: &Fault) -> &'static [&'static str] {
    match fault {
        Fault::PodFailure
        | Fault::DependencyFailure
        | Fault::DatabaseFailure
        | Fault::QueueFailure
        | Fault::AuthServiceFailure
        | Fault::CacheFailure { action: CacheAction::Outage } => &["podchaos"],
        Fault::NetworkChaos { .. }
        | Fault::LatencyInjection { .. }
        | Fault::DatabaseSlowdown { .. }
        | Fault::ReplicaLag { .. } => &["networkchaos"],
        Fault::ResourceChaos { .. } => &["stresschaos"],
        Fault::TimeChaos { .. } => &["timechaos"],
        Fault::IoChaos { .. } | Fault::DiskFull { .. } => &["iochaos"],
        Fault::DnsChaos => &["dnschaos"],
        Fault::HttpChaos { .. } => &["httpchaos"],
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

/// Whether a fault is done by the cluster's own means, so that nothing there ends it when the program dies but the reaper.
pub fn is_native(fault: &Fault) -> bool {
    match fault {
        Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::NodeDrain { .. }
        | Fault::ConfigurationChange { .. }
        | Fault::CertificateExpiry
        | Fault::RbacMutation { .. } => true,
        Fault::ZoneFailure { resources } => resources.contains(&ZoneResource::Compute),
        _ => false,
    }
}

/// What a fault needs; `why` is the name of its injection.
pub fn of_fault(fault: &Fault, why: &str) -> Vec<Need> {
    let mut needs: Vec<Need> = kinds(fault).iter().flat_map(|kind| of_kind(kind, why)).collect();
    needs.extend(written(fault).iter().flat_map(|kind| of_kind(kind, why)));
    let need = |way, group, resource: &str, verbs| Need::of(way, group, resource, verbs, why);
    match fault {
        Fault::NodeFailure
        | Fault::NodeRestart
        | Fault::NodeDrain { .. }
        | Fault::ZoneFailure { .. }
            if is_native(fault) =>
        {
            needs.push(need(Way::Forward, "", "nodes", &["patch"]).everywhere());
            needs.push(
                need(Way::Undo, "", "nodes", &["get", "list", "patch"]).everywhere().reaper(),
            );
            needs.push(need(Way::Undo, "", "pods", READ).reaper());
            match fault {
                Fault::NodeDrain { .. } => {
                    needs.push(need(Way::Forward, "", "pods/eviction", &["create"]));
                }
                _ => needs.push(need(Way::Forward, "", "pods", &["delete"])),
            }
            needs.extend(workloads(&["get", "list"], Way::Undo, why));
        }
        Fault::ConfigurationChange { source: ConfigurationSource::File, .. } => {
            needs.push(need(Way::Forward, "", "configmaps", &["get", "list", "patch"]));
            needs.push(need(Way::Undo, "", "configmaps", &["get", "patch"]).reaper());
        }
        Fault::ConfigurationChange { source: ConfigurationSource::Environment, .. } => {
            needs.extend(workloads(&["get", "patch"], Way::Forward, why));
            needs.extend(workloads(&["get", "list", "patch"], Way::Undo, why));
            needs.push(need(Way::Undo, "apps", "replicasets", &["get", "list"]).reaper());
            needs.push(need(Way::Undo, "", "pods", &["get", "list"]).reaper());
        }
        Fault::CertificateExpiry => {
            needs.push(need(Way::Forward, "", "secrets", &["create", "get", "patch"]));
            needs.push(need(Way::Undo, "", "secrets", &["get", "patch", "delete"]).reaper());
        }
        Fault::RbacMutation { .. } => {
            let bindings = &["get", "list", "patch"];
            needs.push(need(Way::Forward, RBAC, "rolebindings", bindings));
            needs.push(need(Way::Undo, RBAC, "rolebindings", bindings).reaper());
            needs.push(need(Way::Forward, RBAC, "roles", &["get"]));
            // Who changes subjects of a RoleBinding must be allowed to bind its role, there and back.
            needs.push(need(Way::Undo, RBAC, "roles", &["bind"]).reaper());
            needs.push(need(Way::Undo, RBAC, "clusterroles", &["bind"]).reaper());
            let ask =
                need(Way::Undo, "authorization.k8s.io", "localsubjectaccessreviews", &["create"]);
            needs.push(ask.reaper());
        }
        _ => {}
    }
    needs
}

fn workloads(verbs: &'static [&'static str], way: Way, why: &str) -> Vec<Need> {
    let kinds = ["deployments", "statefulsets", "daemonsets"];
    let needs = kinds.map(|kind| Need::of(way, "apps", kind, verbs, why));
    needs.into_iter().map(|need| if way == Way::Undo { need.reaper() } else { need }).collect()
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
