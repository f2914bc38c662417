//! Which kinds of objects of Chaos Mesh and of the k6 operator a cluster has, and what each is to us. Not what is in them.

use kube::core::ApiResource;
use kube::error::DiscoveryError;
use kube::{Client, discovery};

/// The group of Chaos Mesh.
pub const CHAOS: &str = "chaos-mesh.org";
/// The group of the k6 operator.
pub const LOAD: &str = "k6.io";

/// What an object is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It breaks something, and has a finalizer that mends it.
    Experiment,
    /// It makes experiments again and again.
    Schedule,
    /// It makes experiments one after the other.
    Workflow,
    /// What Chaos Mesh does to one pod on behalf of experiments.
    Child,
    /// It breaks nothing, and goes with its owner.
    Other,
    /// It sends load.
    Load,
}

/// What objects of a kind are to us.
pub fn part(group: &str, kind: &str) -> Part {
    match (group, kind) {
        (LOAD, "TestRun") => Part::Load,
        (CHAOS, "Schedule") => Part::Schedule,
        (CHAOS, "Workflow") => Part::Workflow,
        (CHAOS, "PodNetworkChaos" | "PodIOChaos" | "PodHttpChaos") => Part::Child,
        (CHAOS, kind) if kind.ends_with("Chaos") => Part::Experiment,
        _ => Part::Other,
    }
}

/// Whether what is of a kind breaks something, loads something, or leads to what does.
pub fn matters(group: &str, kind: &str) -> bool {
    part(group, kind) != Part::Other || kind == "WorkflowNode"
}

/// The kinds of a group that can be listed in a namespace; none where it is not installed.
///
/// # Errors
/// When the server cannot be asked.
pub async fn served(client: &Client, group: &str) -> kube::Result<Vec<ApiResource>> {
    match discovery::group(client, group).await {
        Ok(group) => Ok(group
            .recommended_resources()
            .into_iter()
            .filter(|(_, may)| may.scope == kube::discovery::Scope::Namespaced)
            .filter(|(_, may)| may.supports_operation("list"))
            .map(|(kind, _)| kind)
            .collect()),
        Err(kube::Error::Discovery(
            DiscoveryError::MissingApiGroup(_) | DiscoveryError::EmptyApiGroup(_),
        )) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_part() {
        for kind in ["PodChaos", "NetworkChaos", "IOChaos", "AWSChaos", "PhysicalMachineChaos"] {
            assert_eq!(part(CHAOS, kind), Part::Experiment, "{kind}");
        }
        for kind in ["PodNetworkChaos", "PodIOChaos", "PodHttpChaos"] {
            assert_eq!(part(CHAOS, kind), Part::Child, "{kind}");
        }
        for kind in ["WorkflowNode", "StatusCheck", "PhysicalMachine"] {
            assert_eq!(part(CHAOS, kind), Part::Other, "{kind}");
        }
        assert_eq!(part(LOAD, "TestRun"), Part::Load);
        assert_eq!(part(LOAD, "PrivateLoadZone"), Part::Other);
        assert!(matters(CHAOS, "WorkflowNode") && !matters(CHAOS, "StatusCheck"));
        // One that a later version may bring is taken for an experiment.
        assert_eq!(part(CHAOS, "QuantumChaos"), Part::Experiment);
    }
}
