//! The kinds of Chaos Mesh 2.8: their plurals, their blocks in a Schedule, what strikes once, what is never offered. Pure.

use kube::core::{ApiResource, GroupVersionKind};
use serde_json::Value;

/// The group of all kinds.
pub const GROUP: &str = "chaos-mesh.org";
/// The only version of the group.
pub const VERSION: &str = "v1alpha1";
/// Both, as they stand in an object.
pub const API_VERSION: &str = "chaos-mesh.org/v1alpha1";
/// Stops an experiment: it is recovered, and the object stays.
pub const PAUSE: &str = "experiment.chaos-mesh.org/pause";
/// Ends a Workflow.
pub const ABORT: &str = "workflow.chaos-mesh.org/abort";
/// Asks for the finalizer to be taken away, whatever is left; the value is `forced`.
pub const CLEAN_FINALIZER: &str = "chaos-mesh.chaos-mesh.org/cleanFinalizer";

/// What an experiment acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hits {
    /// Whole pods.
    Pods,
    /// Containers of pods: the first one where none is named.
    Containers,
    /// Something that is no pod: a machine, an account of a cloud.
    Elsewhere,
}

/// One kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `PodChaos`
    pub name: &'static str,
    /// As it stands in addresses. Never guessed: the client would write `podchaoses`.
    pub plural: &'static str,
    /// What its spec is called in a Schedule and in a Workflow.
    pub block: &'static str,
    /// The actions that strike once, so that nothing is left to recover.
    pub shots: &'static [&'static str],
    /// What it acts on.
    pub hits: Hits,
}

/// The children in which Chaos Mesh keeps what it did to a pod: the kind that they belong to, plural, kind, and where their entries stand.
pub const CHILDREN: &[(&str, &str, &str, &[&str])] = &[
    ("NetworkChaos", "podnetworkchaos", "PodNetworkChaos", &["ipsets", "iptables", "tcs"]),
    ("IOChaos", "podiochaos", "PodIOChaos", &["actions"]),
    ("HTTPChaos", "podhttpchaos", "PodHttpChaos", &["rules"]),
];

/// A kind without actions that strike once.
const fn lasting(
    name: &'static str,
    plural: &'static str,
    block: &'static str,
    hits: Hits,
) -> Kind {
    Kind { name, plural, block, shots: &[], hits }
}

/// Every kind that can be placed.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "PodChaos",
        plural: "podchaos",
        block: "podChaos",
        shots: &["pod-kill", "container-kill"],
        hits: Hits::Pods,
    },
    lasting("NetworkChaos", "networkchaos", "networkChaos", Hits::Pods),
    lasting("StressChaos", "stresschaos", "stressChaos", Hits::Containers),
    lasting("TimeChaos", "timechaos", "timeChaos", Hits::Containers),
    lasting("IOChaos", "iochaos", "ioChaos", Hits::Containers),
    lasting("DNSChaos", "dnschaos", "dnsChaos", Hits::Containers),
    lasting("HTTPChaos", "httpchaos", "httpChaos", Hits::Pods),
    lasting("JVMChaos", "jvmchaos", "jvmChaos", Hits::Containers),
    lasting("BlockChaos", "blockchaos", "blockChaos", Hits::Containers),
    Kind {
        name: "AWSChaos",
        plural: "awschaos",
        block: "awsChaos",
        shots: &["ec2-restart"],
        hits: Hits::Elsewhere,
    },
    Kind {
        name: "GCPChaos",
        plural: "gcpchaos",
        block: "gcpChaos",
        shots: &["node-reset"],
        hits: Hits::Elsewhere,
    },
    Kind {
        name: "AzureChaos",
        plural: "azurechaos",
        block: "azureChaos",
        shots: &["vm-restart"],
        hits: Hits::Elsewhere,
    },
    // The block is spelled like this in Chaos Mesh.
    lasting(
        "PhysicalMachineChaos",
        "physicalmachinechaos",
        "physicalmachineChaos",
        Hits::Elsewhere,
    ),
    lasting("Schedule", "schedules", "schedule", Hits::Elsewhere),
    lasting("Workflow", "workflows", "workflow", Hits::Elsewhere),
];

/// The kind of this name; `None`: there is none that can be placed.
pub fn of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Why a kind is never placed, although Chaos Mesh has it; with what to do instead.
pub fn refused(name: &str) -> Option<&'static str> {
    Some(match name {
        "KernelChaos" => {
            "does not work in Chaos Mesh 2.8 (its records never fit what it applies, so that it can neither be injected nor \
             deleted) and would hit every pod of the node; use IOChaos for failing calls"
        }
        "StatusCheck" => {
            "only looks, from the pod of Chaos Mesh and not from where customers are; write a guardrail in the game day"
        }
        "PodNetworkChaos" | "PodIOChaos" | "PodHttpChaos" | "WorkflowNode" => {
            "is written by Chaos Mesh itself; place the experiment that it belongs to"
        }
        "PhysicalMachine" | "RemoteCluster" => {
            "is no experiment; prepare it with kubectl before the game day"
        }
        _ => return None,
    })
}

impl Kind {
    /// Whether an experiment of this kind and with this spec strikes once.
    pub fn is_one_shot(&self, spec: &Value) -> bool {
        spec["action"].as_str().is_some_and(|action| self.shots.contains(&action))
    }

    /// Whether it is an experiment itself: it has records, a duration and a finalizer.
    pub fn is_experiment(&self) -> bool {
        !matches!(self.name, "Schedule" | "Workflow")
    }
}

/// How the client addresses a kind.
pub fn resource(kind: &str, plural: &str) -> ApiResource {
    ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(GROUP, VERSION, kind), plural)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_those_of_the_definitions() {
        for kind in KINDS {
            let lower = kind.name.to_ascii_lowercase();
            let plural = if kind.is_experiment() { lower } else { format!("{lower}s") };
            assert_eq!(kind.plural, plural);
            assert_eq!(refused(kind.name), None);
            assert_eq!(resource(kind.name, kind.plural).plural, plural);
        }
        assert!(refused("KernelChaos").is_some() && of("KernelChaos").is_none());
    }

    #[test]
    fn what_strikes_once_is_known_by_its_action() {
        let spec = serde_json::json!({"action": "pod-kill"});
        assert!(of("PodChaos").unwrap().is_one_shot(&spec));
        assert!(!of("NetworkChaos").unwrap().is_one_shot(&spec));
        let spec = serde_json::json!({"action": "pod-failure"});
        assert!(!of("PodChaos").unwrap().is_one_shot(&spec));
    }
}
