//! Services as an exercise knows them: the pods behind each by its endpoints, what it needs, whether customers need it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::discovery::v1::{Endpoint, EndpointSlice};

use super::depends;
use crate::exercise::target::{Pod, Service};
use crate::gameday::cluster::Cluster;
use crate::kubernetes::excluded;
use crate::kubernetes::scene::Scene;

/// Says of slices whose they are.
const OF: &str = "kubernetes.io/service-name";

/// Every service, the customers' side first; with those that people declared and that have no object.
pub(super) fn services(scene: &Scene, pods: &[Pod], declared: &Cluster) -> Vec<Service> {
    let ours =
        |one: &k8s_openapi::api::core::v1::Service| excluded::is_ours(one.metadata.labels.as_ref());
    let found = scene.services.iter().filter(|one| !ours(one));
    let mut names: BTreeSet<&str> = found.filter_map(|one| one.metadata.name.as_deref()).collect();
    names.extend(declared.services.keys().map(String::as_str));
    let needs = depends::found(scene, &names, |service| backed_by(service, scene, pods));
    let known = |name: &&str| {
        let said = declared.services.get(*name);
        let mut depends_on: BTreeSet<String> = needs.get(*name).cloned().unwrap_or_default();
        depends_on.extend(said.into_iter().flat_map(|said| said.depends_on.iter().cloned()));
        Service {
            name: (*name).to_owned(),
            backed_by: Some(backed_by(name, scene, pods)),
            depends_on: depends_on.into_iter().collect(),
            critical: said.is_some_and(|said| said.critical),
        }
    };
    let mut services: Vec<Service> = names.iter().map(known).collect();
    let depth = depths(&services);
    services.sort_by_key(|one| (depth.get(&one.name).copied(), one.name.clone()));
    services
}

/// Names of the pods behind a service, ready or not. A service without a selector has the slices that somebody wrote for it, with
/// addresses alone perhaps.
fn backed_by(service: &str, scene: &Scene, pods: &[Pod]) -> Vec<String> {
    let of = |slice: &&EndpointSlice| {
        let labels = slice.metadata.labels.as_ref();
        labels.and_then(|labels| labels.get(OF)).is_some_and(|name| name == service)
    };
    let slices = scene.slices.iter().filter(of);
    let behind: BTreeSet<String> = slices
        .flat_map(|slice| slice.endpoints.iter())
        .filter_map(|endpoint| pod_of(endpoint, scene))
        .filter(|name| pods.iter().any(|pod| pod.name == *name))
        .collect();
    behind.into_iter().collect()
}

/// The pod that an endpoint is.
fn pod_of(endpoint: &Endpoint, scene: &Scene) -> Option<String> {
    let of = endpoint.target_ref.as_ref();
    if let Some(of) = of.filter(|of| of.kind.as_deref() == Some("Pod")) {
        return of.name.clone();
    }
    let has = |ip: &str| {
        let pod = scene.pods.iter().find(|pod| {
            pod.status.as_ref().and_then(|status| status.pod_ip.as_deref()) == Some(ip)
        });
        pod.and_then(|pod| pod.metadata.name.clone())
    };
    endpoint.addresses.iter().find_map(|ip| has(ip))
}

/// How far each is from the customers: those that nobody needs are their side.
fn depths(services: &[Service]) -> BTreeMap<String, usize> {
    let needed = |name: &String| services.iter().any(|one| one.depends_on.contains(name));
    let mut depth: BTreeMap<String, usize> =
        services.iter().filter(|one| !needed(&one.name)).map(|one| (one.name.clone(), 0)).collect();
    // Who stands in a ring is reached from outside it, or last.
    for level in 0..services.len() {
        let here: Vec<&Service> =
            services.iter().filter(|one| depth.get(&one.name) == Some(&level)).collect();
        for name in here.iter().flat_map(|one| one.depends_on.iter()) {
            depth.entry(name.clone()).or_insert(level + 1);
        }
    }
    for one in services {
        depth.entry(one.name.clone()).or_insert(services.len());
    }
    depth
}
