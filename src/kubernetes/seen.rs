//! What an exercise is told of a cluster: pods, services and who needs whom, out of everything that was seen. Pure.

mod depends;
mod pods;
pub mod rollouts;
mod services;

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::core::{Selector, SelectorExt};

use super::scene::Scene;
use crate::exercise::target::{Budget, Pod, Topology};
use crate::gameday::cluster::Cluster;

/// Pods as an exercise knows them, with the labels that it chooses them by.
pub fn labelled(scene: &Scene) -> Vec<Pod> {
    pods::pods(scene)
}

/// The target as an exercise knows it.
pub fn topology(scene: &Scene, declared: &Cluster) -> Topology {
    let pods = pods::pods(scene);
    let services = services::services(scene, &pods, declared);
    let budgets = budgets(scene);
    Topology { pods, services, budgets }
}

fn budgets(scene: &Scene) -> Vec<Budget> {
    let one = |budget: &k8s_openapi::api::policy::v1::PodDisruptionBudget| {
        let selector = budget.spec.as_ref()?.selector.clone()?;
        let allowed = budget.status.as_ref().map_or(0, |status| status.disruptions_allowed);
        Some(Budget {
            name: budget.metadata.name.clone()?,
            pods: selected(scene, selector),
            allowed: usize::try_from(allowed).unwrap_or(0),
        })
    };
    scene.budgets.iter().filter_map(one).collect()
}

/// Names of the pods that a selector selects; none where it cannot be understood.
fn selected(scene: &Scene, selector: LabelSelector) -> Vec<String> {
    let Ok(selector) = Selector::try_from(selector) else { return Vec::new() };
    let none = BTreeMap::new();
    let chosen = scene
        .pods
        .iter()
        .filter(|pod| selector.matches(pod.metadata.labels.as_ref().unwrap_or(&none)));
    chosen.filter_map(|pod| pod.metadata.name.clone()).collect()
}

#[cfg(test)]
mod tests;
