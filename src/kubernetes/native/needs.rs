//! Which rights native actions and their way back take, so that they can be looked at before, and put into a Role. Pure.

use super::action::is_of_storage;
use crate::gameday::fault::{ConfigurationSource, Fault, ZoneResource};

/// One right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verb {
    /// `patch`, …
    pub verb: &'static str,
    /// Empty for the core.
    pub group: &'static str,
    /// In the plural.
    pub resource: &'static str,
    /// Empty for the object itself.
    pub subresource: &'static str,
    /// Whether a Role of the namespace gives it; else it takes a ClusterRole.
    pub namespaced: bool,
    /// Whether it is needed to undo, too.
    pub undo: bool,
}

const APPS: &str = "apps";
const RBAC: &str = "rbac.authorization.k8s.io";
const REVIEWS: &str = "authorization.k8s.io";

const fn both(verb: &'static str, group: &'static str, resource: &'static str) -> Verb {
    Verb { verb, group, resource, subresource: "", namespaced: true, undo: true }
}

const fn there(verb: &'static str, group: &'static str, resource: &'static str) -> Verb {
    Verb { undo: false, ..both(verb, group, resource) }
}

const fn cluster(verb: &'static str, resource: &'static str) -> Verb {
    Verb { namespaced: false, ..both(verb, "", resource) }
}

const fn part(one: Verb, subresource: &'static str) -> Verb {
    Verb { subresource, ..one }
}

/// Nodes are closed and opened.
const NODES: [Verb; 3] =
    [cluster("get", "nodes"), cluster("list", "nodes"), cluster("patch", "nodes")];

/// Volumes are looked at.
const VOLUMES: [Verb; 2] = [
    there("list", "", "persistentvolumeclaims"),
    Verb { undo: false, ..cluster("get", "persistentvolumes") },
];

/// Workloads are waited for.
const SEEN: [Verb; 6] = [
    both("get", APPS, "deployments"),
    both("get", APPS, "statefulsets"),
    both("get", APPS, "daemonsets"),
    both("get", APPS, "replicasets"),
    both("list", APPS, "replicasets"),
    both("get", "", "pods"),
];

/// Pods are asked to leave.
const EVICT: [Verb; 1] = [part(there("create", "", "pods"), "eviction")];

/// Pods are deleted.
const DELETE: [Verb; 1] = [there("delete", "", "pods")];

/// Workloads are changed.
const SHAPE: [Verb; 3] = [
    both("patch", APPS, "deployments"),
    both("patch", APPS, "statefulsets"),
    both("patch", APPS, "daemonsets"),
];

/// Workloads get another number of pods.
const SCALE: [Verb; 3] = [
    both("patch", APPS, "deployments"),
    both("patch", APPS, "statefulsets"),
    both("patch", APPS, "replicasets"),
];

/// Workloads replace their pods; nothing of it is undone.
const RESTART: [Verb; 3] = [
    there("patch", APPS, "deployments"),
    there("patch", APPS, "statefulsets"),
    there("patch", APPS, "daemonsets"),
];

const MAPS: [Verb; 2] = [both("get", "", "configmaps"), both("patch", "", "configmaps")];

/// The one Secret, and the one beside it that keeps what stood there.
const SECRETS: [Verb; 4] = [
    both("get", "", "secrets"),
    both("patch", "", "secrets"),
    there("create", "", "secrets"),
    both("delete", "", "secrets"),
];

/// Nobody may take what he could not give: `bind`, or all that the role allows.
const BINDINGS: [Verb; 7] = [
    both("get", RBAC, "rolebindings"),
    there("list", RBAC, "rolebindings"),
    both("patch", RBAC, "rolebindings"),
    both("bind", RBAC, "roles"),
    both("bind", RBAC, "clusterroles"),
    there("get", RBAC, "roles"),
    both("create", REVIEWS, "localsubjectaccessreviews"),
];

/// What a fault takes where native actions do it; empty: it is no matter of theirs.
pub fn needs(fault: &Fault) -> Vec<Verb> {
    match fault {
        Fault::NodeFailure | Fault::NodeRestart => of(&[&NODES, &DELETE, &SEEN]),
        Fault::ZoneFailure { resources } if resources.contains(&ZoneResource::Compute) => {
            let volumes: &[Verb] = if is_of_storage(fault) { &VOLUMES } else { &[] };
            of(&[&NODES, &DELETE, &SEEN, volumes])
        }
        Fault::NodeDrain { .. } => of(&[&NODES, &EVICT, &SEEN]),
        Fault::ConfigurationChange { source: ConfigurationSource::File, .. } => of(&[&MAPS]),
        Fault::ConfigurationChange { source: ConfigurationSource::Environment, .. } => {
            of(&[&SHAPE, &SEEN])
        }
        Fault::Scale { .. } => of(&[&SCALE, &SEEN]),
        Fault::ImageChange { .. } => of(&[&SHAPE, &SEEN]),
        Fault::RolloutRestart => of(&[&RESTART, &SEEN]),
        Fault::CertificateExpiry => of(&[&SECRETS]),
        Fault::RbacMutation { .. } => of(&[&BINDINGS]),
        _ => Vec::new(),
    }
}

fn of(parts: &[&[Verb]]) -> Vec<Verb> {
    parts.iter().flat_map(|part| part.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_can_be_changed_back() {
        let faults = [
            Fault::NodeFailure,
            Fault::NodeRestart,
            Fault::NodeDrain { grace: crate::gameday::span::Span::ZERO },
            Fault::ZoneFailure { resources: vec![ZoneResource::Compute, ZoneResource::Storage] },
            Fault::Scale { replicas: crate::gameday::replicas::Replicas::Count(0) },
            Fault::ImageChange { image: "a:2".to_owned(), container: None },
            Fault::CertificateExpiry,
            Fault::RbacMutation { account: "a".to_owned(), permissions: vec![] },
            Fault::ConfigurationChange {
                source: ConfigurationSource::Environment,
                set: std::collections::BTreeMap::new(),
            },
        ];
        for fault in faults {
            let all = needs(&fault);
            assert!(!all.is_empty(), "{}", fault.kind());
            assert!(all.iter().filter(|one| one.verb == "patch").all(|one| one.undo));
            assert!(all.iter().all(
                |one| one.namespaced != ["nodes", "persistentvolumes"].contains(&one.resource)
            ));
            assert!(!all.iter().any(|one| one.verb == "deletecollection" || one.verb == "*"));
        }
        assert!(needs(&Fault::DnsChaos).is_empty());
        let restart = needs(&Fault::RolloutRestart);
        assert!(restart.iter().filter(|one| one.verb == "patch").all(|one| !one.undo));
    }
}
