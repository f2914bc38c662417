//! Workloads that are not yet what they should be. Pure.

use crate::exercise::cluster::Rollout;
use crate::kubernetes::scene::Scene;

/// Those in progress, by name.
pub fn rollouts(scene: &Scene) -> Vec<Rollout> {
    let deployments = scene.deployments.iter().filter_map(|one| {
        let (spec, status) = (one.spec.as_ref()?, one.status.as_ref()?);
        let counts = Counts {
            generation: one.metadata.generation,
            observed: status.observed_generation,
            wanted: spec.replicas,
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            all: status.replicas,
        };
        counts.rollout(format!("Deployment/{}", one.metadata.name.as_ref()?))
    });
    let sets = scene.stateful_sets.iter().filter_map(|one| {
        let (spec, status) = (one.spec.as_ref()?, one.status.as_ref()?);
        let counts = Counts {
            generation: one.metadata.generation,
            observed: status.observed_generation,
            wanted: spec.replicas,
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            all: Some(status.replicas),
        };
        counts.rollout(format!("StatefulSet/{}", one.metadata.name.as_ref()?))
    });
    let mut found: Vec<Rollout> = deployments.chain(sets).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What a workload says of itself.
struct Counts {
    generation: Option<i64>,
    observed: Option<i64>,
    wanted: Option<i32>,
    updated: Option<i32>,
    ready: Option<i32>,
    all: Option<i32>,
}

impl Counts {
    /// `None`: it is as it should be.
    fn rollout(&self, name: String) -> Option<Rollout> {
        let count = |of: Option<i32>| u32::try_from(of.unwrap_or(0)).unwrap_or(0);
        let wanted = self.wanted.map_or(1, |wanted| count(Some(wanted)));
        let (updated, ready, all) = (count(self.updated), count(self.ready), count(self.all));
        let unseen = self.observed < self.generation;
        let settled = updated >= wanted && ready >= wanted && all <= wanted;
        (unseen || !settled).then_some(Rollout { name, updated, ready, wanted })
    }
}
