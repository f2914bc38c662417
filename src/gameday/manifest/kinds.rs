//! Which kinds of objects of Chaos Mesh there are, and which are not taken. Not what they do.

/// The group and version of every kind that can be taken.
pub const API: &str = "chaos-mesh.org/v1alpha1";
/// A game day's injection is no more objects than these.
pub const MOST: usize = 50;

/// Kinds that are experiments, with the key that they have in a `Schedule` or a `Workflow`.
pub const EXPERIMENTS: [(&str, &str); 13] = [
    ("PodChaos", "podChaos"),
    ("NetworkChaos", "networkChaos"),
    ("StressChaos", "stressChaos"),
    ("TimeChaos", "timeChaos"),
    ("IOChaos", "ioChaos"),
    ("DNSChaos", "dnsChaos"),
    ("HTTPChaos", "httpChaos"),
    ("JVMChaos", "jvmChaos"),
    ("BlockChaos", "blockChaos"),
    ("AWSChaos", "awsChaos"),
    ("GCPChaos", "gcpChaos"),
    ("AzureChaos", "azureChaos"),
    ("PhysicalMachineChaos", "physicalmachineChaos"),
];

/// Why a kind is not taken, and what to do instead.
pub fn refused(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "KernelChaos" => (
            "it never takes effect in Chaos Mesh 2.8 (its issue 4059), needs a kernel module on every node, and hits all pods of a node",
            "leave it out; io-chaos and disk-full make system calls fail for one pod",
        ),
        "StatusCheck" => (
            "it only looks, from a pod of Chaos Mesh and not as a customer does",
            "write steady_state: and guardrails: instead",
        ),
        "PodNetworkChaos" | "PodIOChaos" | "PodHttpChaos" | "RemoteCluster" | "PhysicalMachine"
        | "WorkflowNode" => {
            ("Chaos Mesh makes it itself", "write the experiment that it is made for")
        }
        _ => return None,
    })
}
