//! The kinds of Chaos Mesh, and what differs between them.

use serde_json::Value;

use super::super::cluster::Kind;

const fn kind(kind: &'static str, plural: &'static str) -> Kind {
    Kind { group: "chaos-mesh.org", version: "v1alpha1", kind, plural }
}

pub const SCHEDULE: Kind = kind("Schedule", "schedules");
pub const POD_NETWORK: Kind = kind("PodNetworkChaos", "podnetworkchaos");
pub const POD_IO: Kind = kind("PodIOChaos", "podiochaos");
pub const POD_HTTP: Kind = kind("PodHttpChaos", "podhttpchaos");

pub const EXPERIMENTS: &[Kind] = &[
    kind("PodChaos", "podchaos"),
    kind("NetworkChaos", "networkchaos"),
    kind("StressChaos", "stresschaos"),
    kind("TimeChaos", "timechaos"),
    kind("IOChaos", "iochaos"),
    kind("DNSChaos", "dnschaos"),
    kind("HTTPChaos", "httpchaos"),
    kind("JVMChaos", "jvmchaos"),
    kind("KernelChaos", "kernelchaos"),
    kind("BlockChaos", "blockchaos"),
    kind("AWSChaos", "awschaos"),
    kind("GCPChaos", "gcpchaos"),
    kind("AzureChaos", "azurechaos"),
    kind("PhysicalMachineChaos", "physicalmachinechaos"),
];

/// The kind of child that carries an experiment to its pods.
pub fn child(experiment: &str) -> Option<Kind> {
    match experiment {
        "NetworkChaos" => Some(POD_NETWORK),
        "IOChaos" => Some(POD_IO),
        "HTTPChaos" => Some(POD_HTTP),
        _ => None,
    }
}

/// The experiments whose child this is.
pub fn parent(child: Kind) -> &'static str {
    match child.kind {
        "PodNetworkChaos" => "NetworkChaos",
        "PodIOChaos" => "IOChaos",
        _ => "HTTPChaos",
    }
}

/// What an experiment's targets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    Pods,
    Containers,
    /// Nothing in the cluster: one record, named by the spec.
    Outside,
}

pub fn targets(kind: &str, spec: &Value) -> Targets {
    match kind {
        "PodChaos" if spec["action"] == "container-kill" => Targets::Containers,
        "PodChaos" | "NetworkChaos" | "HTTPChaos" | "KernelChaos" => Targets::Pods,
        "AWSChaos" | "GCPChaos" | "AzureChaos" | "PhysicalMachineChaos" => Targets::Outside,
        _ => Targets::Containers,
    }
}

/// Neither duration nor pause has an effect on these.
pub fn one_shot(kind: &str, spec: &Value) -> bool {
    matches!(
        (kind, spec["action"].as_str()),
        ("PodChaos", Some("pod-kill" | "container-kill"))
            | ("AWSChaos", Some("ec2-restart"))
            | ("GCPChaos", Some("node-reset"))
            | ("AzureChaos", Some("vm-restart"))
    )
}

/// The block of a Schedule that holds the spec of this kind.
pub fn block(kind: &str) -> &'static str {
    match kind {
        "PodChaos" => "podChaos",
        "NetworkChaos" => "networkChaos",
        "StressChaos" => "stressChaos",
        "TimeChaos" => "timeChaos",
        "IOChaos" => "ioChaos",
        "KernelChaos" => "kernelChaos",
        "DNSChaos" => "dnsChaos",
        "HTTPChaos" => "httpChaos",
        "JVMChaos" => "jvmChaos",
        "BlockChaos" => "blockChaos",
        "AWSChaos" => "awsChaos",
        "GCPChaos" => "gcpChaos",
        "AzureChaos" => "azureChaos",
        _ => "physicalmachineChaos",
    }
}
