//! What is never exercised, whoever asks: the cluster's own namespaces, those that faults and their measuring come from, and
//! what this program made itself. Pure.

use std::collections::BTreeMap;

use super::name::{MANAGED_BY, PART_OF};

/// Namespaces that no fault may come near.
const NAMESPACES: [&str; 20] = [
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "chaos-mesh",
    "chaos-testing",
    "chaos-gameday",
    "k6-operator-system",
    "monitoring",
    "prometheus",
    "observability",
    "cert-manager",
    "istio-system",
    "linkerd",
    "calico-system",
    "tigera-operator",
    "cilium",
    "local-path-storage",
    "gatekeeper-system",
    "argocd",
    "flux-system",
];

/// Whether a namespace is never exercised.
pub fn namespace(name: &str) -> bool {
    name.starts_with("kube-") || NAMESPACES.contains(&name)
}

/// Whether something with these labels is ours.
pub fn is_ours(labels: Option<&BTreeMap<String, String>>) -> bool {
    let has = |(key, value): (&str, &str)| {
        labels.and_then(|labels| labels.get(key)).is_some_and(|one| one == value)
    };
    has(MANAGED_BY) || has(PART_OF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clusters_own_and_our_own_are_left_alone() {
        assert!(namespace("kube-system") && namespace("kube-anything") && namespace("monitoring"));
        assert!(!namespace("shop") && !namespace("chaos"));
        let labels = |key: &str, value: &str| BTreeMap::from([(key.into(), value.into())]);
        assert!(is_ours(Some(&labels(PART_OF.0, PART_OF.1))));
        assert!(!is_ours(Some(&labels("app", "shop"))) && !is_ours(None));
    }
}
