//! Where a reaper should not run: on the nodes that an exercise hits. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

use crate::exercise::blast::{choose, salt};
use crate::exercise::target::Topology;
use crate::gameday::fault::Fault;
use crate::gameday::plan::GameDay;

/// How much it matters to be elsewhere than on a node that goes as a whole, of the hundred a scheduler knows.
const NODE: i32 = 100;
/// The same for a node on which pods are hit: what stresses or cuts them off can reach their neighbours.
const POD: i32 = 10;

/// How much it matters that a reaper is elsewhere, by node: 1 to 100.
pub type Away = BTreeMap<String, i32>;

/// A pod that is going to be hit, and how much it matters.
pub type Hit = (String, i32);

/// The pods that the exercise is going to hit, by the choice of this seed.
pub fn hit(plan: &GameDay, topology: &Topology, seed: u64) -> Vec<Hit> {
    let mut hit = Vec::new();
    for (_, planned) in plan.injections() {
        let fault = &planned.experiment.fault;
        let matters = match fault {
            Fault::NodeFailure
            | Fault::NodeRestart
            | Fault::NodeDrain { .. }
            | Fault::ZoneFailure { .. } => NODE,
            // Its victims are asked more than they can do, from outside.
            Fault::TrafficFlood { .. } => continue,
            _ => POD,
        };
        // Who hits nobody is told so elsewhere.
        if let Ok(choice) = choose(&planned.experiment, topology, seed, &salt(&planned.name, 0)) {
            hit.extend(choice.victims.into_iter().map(|name| (name, matters)));
        }
    }
    hit
}

/// The nodes of those pods.
pub fn nodes(hit: &[Hit], pods: &[Pod]) -> Away {
    let mut away = Away::new();
    for pod in pods {
        let Some(node) = pod.spec.as_ref().and_then(|spec| spec.node_name.clone()) else {
            continue;
        };
        let theirs = hit.iter().filter(|(name, _)| pod.metadata.name.as_ref() == Some(name));
        if let Some(matters) = theirs.map(|(_, matters)| *matters).max() {
            let known = away.entry(node).or_default();
            *known = matters.max(*known);
        }
    }
    away
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &str, node: &str) -> Pod {
        let spec = serde_json::json!({"containers": [], "nodeName": node});
        serde_json::from_value(serde_json::json!({"metadata": {"name": name}, "spec": spec}))
            .unwrap()
    }

    #[test]
    fn a_node_that_goes_counts_more_than_one_whose_pods_are_hit() {
        let pods = [pod("web-1", "n1"), pod("web-2", "n1"), pod("web-3", "n2"), pod("db-0", "n3")];
        let hit = [("web-2", NODE), ("web-1", POD), ("web-3", POD), ("gone", NODE)];
        let hit = hit.map(|(name, matters)| (name.to_owned(), matters));
        let wanted = [("n1".to_owned(), NODE), ("n2".to_owned(), POD)];
        assert_eq!(nodes(&hit, &pods), Away::from(wanted));
        assert_eq!(nodes(&[], &pods), Away::new());
    }
}
