//! Who looks after an object or a pod: the workload that makes a pod again, the tool that may take a change back. Pure.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use serde_json::Value;

use super::resource::Object;
use crate::gameday::text::printable;
use crate::kubernetes::scene::Scene;

/// So much of a name is shown.
const SHOWN: usize = 80;

/// Whose a pod is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A Deployment or a StatefulSet: it makes another one, anywhere.
    Workload(Object),
    /// A DaemonSet: it makes another one on the same node, at once.
    Daemon(Object),
    /// Something else makes another one, or not: `Job shop/once`.
    Other(String),
    /// The node's own: no API server ends it.
    Mirror,
    /// Nobody: once gone it is gone.
    Nobody,
}

/// Whose `pod` is.
pub fn owner(scene: &Scene, pod: &Pod) -> Owner {
    let notes = pod.metadata.annotations.as_ref();
    if notes.is_some_and(|notes| notes.contains_key("kubernetes.io/config.mirror")) {
        return Owner::Mirror;
    }
    let Some(first) = controller(&pod.metadata) else { return Owner::Nobody };
    let space = pod.metadata.namespace.as_deref().unwrap_or(&scene.namespace);
    match first.kind.as_str() {
        "ReplicaSet" => match above(scene, first) {
            Some(above) if above.kind == "Deployment" => {
                Owner::Workload(Object::within::<Deployment>(space, &above.name))
            }
            Some(above) => other(above, space),
            None => Owner::Workload(Object::within::<ReplicaSet>(space, &first.name)),
        },
        "StatefulSet" => Owner::Workload(Object::within::<StatefulSet>(space, &first.name)),
        "DaemonSet" => Owner::Daemon(Object::within::<DaemonSet>(space, &first.name)),
        _ => other(first, space),
    }
}

fn other(owner: &OwnerReference, space: &str) -> Owner {
    Owner::Other(format!(
        "{} {space}/{}",
        printable(&owner.kind, SHOWN),
        printable(&owner.name, SHOWN)
    ))
}

fn above<'s>(scene: &'s Scene, set: &OwnerReference) -> Option<&'s OwnerReference> {
    let set =
        scene.replica_sets.iter().find(|one| one.metadata.uid.as_deref() == Some(&set.uid))?;
    controller(&set.metadata)
}

fn controller(meta: &ObjectMeta) -> Option<&OwnerReference> {
    meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// The pods of the scene that `workload` makes.
pub fn pods_of<'s>(scene: &'s Scene, workload: &Object) -> Vec<&'s Pod> {
    let theirs = |pod: &&Pod| matches!(owner(scene, pod), Owner::Workload(one) | Owner::Daemon(one) if one == *workload);
    scene.pods.iter().filter(theirs).collect()
}

/// Who may take a change of the object back at once, or fight the way back: in words.
pub fn keepers(object: &Value) -> Vec<String> {
    let text = |at: &str, key: &str| {
        object.get("metadata")?.get(at)?.get(key)?.as_str().map(|text| printable(text, SHOWN))
    };
    let note = |key: &str| text("annotations", key).or_else(|| text("labels", key));
    let signs = [
        ("argocd.argoproj.io/tracking-id", "Argo CD"),
        ("argocd.argoproj.io/instance", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
        ("meta.helm.sh/release-name", "Helm"),
        ("cert-manager.io/certificate-name", "cert-manager"),
        ("cert-manager.io/issuer-name", "cert-manager"),
    ];
    let mut found: Vec<String> = Vec::new();
    for (key, who) in signs {
        if let Some(name) = note(key)
            && !found.iter().any(|one| one.starts_with(who))
        {
            found.push(format!("{who} ({name})"));
        }
    }
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    for one in owners.into_iter().flatten() {
        let part = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        found.push(printable(&format!("{} {}", part("kind"), part("name")), SHOWN));
    }
    found
}

/// Whether cert-manager makes this Secret, and would at once make it again.
pub fn is_issued(object: &Value) -> bool {
    ["annotations", "labels"].iter().any(|at| {
        let map = object.get("metadata").and_then(|meta| meta.get(at)).and_then(Value::as_object);
        map.is_some_and(|map| map.keys().any(|key| key.contains("cert-manager.io/")))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_pod_belongs_to_what_makes_it_again() {
        let owned = |kind: &str, name: &str| json!([{ "apiVersion": "apps/v1", "kind": kind, "name": name, "uid": name, "controller": true }]);
        let scene = Scene {
            namespace: "shop".to_owned(),
            replica_sets: vec![read(json!({
                "metadata": { "name": "cart-1", "uid": "cart-1", "ownerReferences": owned("Deployment", "cart") },
                "spec": { "selector": {} }
            }))],
            ..Scene::default()
        };
        let pod = |owners: Value, notes: Value| -> Pod {
            read(
                json!({ "metadata": { "name": "p", "namespace": "shop", "ownerReferences": owners, "annotations": notes } }),
            )
        };
        let of = |owners: Value| owner(&scene, &pod(owners, json!({})));
        assert_eq!(
            of(owned("ReplicaSet", "cart-1")),
            Owner::Workload(Object::within::<Deployment>("shop", "cart"))
        );
        assert!(
            matches!(of(owned("ReplicaSet", "alone")), Owner::Workload(one) if one.resource.kind == "ReplicaSet")
        );
        assert!(matches!(of(owned("StatefulSet", "db")), Owner::Workload(_)));
        assert!(matches!(of(owned("DaemonSet", "log")), Owner::Daemon(_)));
        assert_eq!(of(owned("Job", "once")), Owner::Other("Job shop/once".to_owned()));
        assert_eq!(of(json!([])), Owner::Nobody);
        let mirror = pod(json!([]), json!({ "kubernetes.io/config.mirror": "x" }));
        assert_eq!(owner(&scene, &mirror), Owner::Mirror);
    }

    #[test]
    fn who_looks_after_an_object_is_noticed() {
        let object = json!({ "metadata": {
            "labels": { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux" },
            "annotations": { "meta.helm.sh/release-name": "shop", "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart" },
            "ownerReferences": [{ "kind": "Shop", "name": "main" }]
        } });
        assert_eq!(
            keepers(&object),
            ["Argo CD (shop:apps/Deployment:shop/cart)", "Flux (apps)", "Helm (shop)", "Shop main"]
        );
        assert!(keepers(&json!({ "metadata": {} })).is_empty());
        assert!(is_issued(
            &json!({ "metadata": { "annotations": { "cert-manager.io/alt-names": "a" } } })
        ));
        assert!(!is_issued(&object));
    }
}
