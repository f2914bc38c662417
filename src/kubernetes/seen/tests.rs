//! Scenes as JSON, and what an exercise is told of them.

use serde_json::{Value, json};

use super::*;
use crate::exercise::target::PodHealth;
use crate::gameday::cluster::Declared;

fn of<K: serde::de::DeserializeOwned>(values: Value) -> Vec<K> {
    serde_json::from_value(values).unwrap()
}

fn pod(name: &str, status: Value, more: Value) -> Value {
    let mut pod = json!({
        "metadata": {
            "name": name, "labels": {"app.kubernetes.io/name": "cart"},
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cart-7d9f",
                "uid": "1", "controller": true,
            }],
        },
        "spec": {"nodeName": "n1", "containers": [{"name": "app", "env": [
            {"name": "DB", "value": "postgres://db:5432/x"},
            {"name": "IDP", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "idp"}}},
        ]}]},
        "status": status,
    });
    json_patch::merge(&mut pod, &more);
    pod
}

fn ready() -> Value {
    json!({"phase": "Running", "podIP": "10.0.0.1", "conditions": [{"type": "Ready", "status": "True"}]})
}

fn scene(pods: Value) -> Scene {
    Scene {
        namespace: "shop".into(),
        pods: of(pods),
        nodes: of(json!([{"metadata": {
            "name": "n1", "labels": {"topology.kubernetes.io/zone": "eu-1a"}}}])),
        replica_sets: of(json!([{"metadata": {"name": "cart-7d9f", "ownerReferences": [{
            "apiVersion": "apps/v1", "kind": "Deployment", "name": "cart", "uid": "2",
            "controller": true}]}}])),
        services: of(json!([
            {"metadata": {"name": "cart"}}, {"metadata": {"name": "db"}},
            {"metadata": {"name": "idp"}}, {"metadata": {"name": "by-address"}},
        ])),
        slices: of(json!([
            {"addressType": "IPv4", "metadata": {"name": "cart-x", "labels": {"kubernetes.io/service-name": "cart"}},
             "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": false},
                            "targetRef": {"kind": "Pod", "name": "cart-1"}}]},
            {"addressType": "IPv4", "metadata": {"name": "by-hand", "labels": {"kubernetes.io/service-name": "by-address"}},
             "endpoints": [{"addresses": ["10.0.0.1"]}]},
        ])),
        budgets: of(json!([{
            "metadata": {"name": "cart"},
            "spec": {"selector": {"matchExpressions": [
                {"key": "app.kubernetes.io/name", "operator": "In", "values": ["cart"]}]}},
            "status": {"disruptionsAllowed": 1, "currentHealthy": 2, "desiredHealthy": 1, "expectedPods": 2},
        }])),
        config_maps: of(json!([
            {"metadata": {"name": "settings"}, "data": {"idp": "https://idp.shop.svc.cluster.local"}}])),
        ..Scene::default()
    }
}

#[test]
fn pods_have_owners_zones_and_an_app_and_services_have_pods_and_needs() {
    let seen = topology(
        &scene(json!([pod("cart-1", ready(), json!({}))])),
        &Cluster {
            services: [(
                "payments.example.com".to_owned(),
                Declared { depends_on: Vec::new(), critical: true },
            )]
            .into(),
            ..Cluster::default()
        },
    );
    let one = &seen.pods[0];
    assert_eq!((one.app(), one.zone(), &*one.owner), ("cart", Some("eu-1a"), "Deployment/cart"));
    assert_eq!(one.labels["node"], "n1");
    let mut named = scene(json!([pod("cart-1", ready(), json!({}))]));
    named.nodes[0].metadata.labels.get_or_insert_default().insert("node".into(), "node-1".into());
    let named = topology(&named, &Cluster::default());
    assert_eq!(named.pods[0].labels["node"], "node-1", "as its node says");
    let service = |name: &str| seen.services.iter().find(|one| one.name == name).unwrap();
    assert_eq!(service("cart").backed_by, Some(vec!["cart-1".to_owned()]), "ready or not");
    assert_eq!(service("by-address").backed_by, Some(vec!["cart-1".to_owned()]));
    assert_eq!(service("cart").depends_on, ["db", "idp"]);
    assert!(service("payments.example.com").critical);
    assert_eq!(seen.budgets[0].pods, ["cart-1"]);
    assert_eq!(seen.budgets[0].allowed, 1);
    let place = |name: &str| seen.services.iter().position(|one| one.name == name).unwrap();
    assert!(place("cart") < place("db"), "the customers' side first");
}

#[test]
fn a_pod_is_as_its_status_says() {
    let waiting = |reason: &str| {
        json!({"phase": "Running", "containerStatuses": [{
            "name": "app", "ready": false, "started": false, "restartCount": 4, "image": "x", "imageID": "",
            "state": {"waiting": {"reason": reason}}}]})
    };
    let unready = json!({"phase": "Running", "containerStatuses": [{
        "name": "app", "ready": false, "started": true, "restartCount": 0, "image": "x", "imageID": "",
        "state": {"running": {}}}]});
    let deleted = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    let bare = json!({"metadata": {"ownerReferences": null}});
    let ours = json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": "chaos-gameday"}}});
    for (status, more, expected) in [
        (ready(), json!({}), Some(PodHealth::Ready)),
        (waiting("CrashLoopBackOff"), json!({}), Some(PodHealth::Dead)),
        (waiting("ImagePullBackOff"), json!({}), Some(PodHealth::Starting)),
        (unready, json!({}), Some(PodHealth::NotReady)),
        (json!({"phase": "Pending"}), json!({}), Some(PodHealth::Starting)),
        (json!({"phase": "Succeeded"}), json!({}), None),
        (json!({"phase": "Failed", "reason": "Evicted"}), json!({}), None),
        (json!({"phase": "Failed"}), bare, Some(PodHealth::Dead)),
        (json!({"phase": "Unknown"}), deleted.clone(), Some(PodHealth::Dead)),
        (ready(), deleted, None),
        (ready(), ours, None),
    ] {
        let seen =
            topology(&scene(json!([pod("cart-1", status.clone(), more)])), &Cluster::default());
        assert_eq!(seen.pods.first().map(|pod| pod.health), expected, "{status}");
    }
    let seen = topology(
        &scene(json!([pod("cart-1", waiting("CrashLoopBackOff"), json!({}))])),
        &Cluster::default(),
    );
    assert_eq!((seen.pods[0].restarts, &*seen.pods[0].note), (4, "CrashLoopBackOff"));
}

#[test]
fn a_rollout_goes_on_until_everything_is_new_and_ready() {
    let deployment = |updated: i32, ready: i32, observed: i64| {
        let scene = Scene {
            deployments: of(json!([{
                "metadata": {"name": "cart", "generation": 2},
                "spec": {"replicas": 3, "selector": {}, "template": {}},
                "status": {"observedGeneration": observed, "replicas": 3,
                           "updatedReplicas": updated, "readyReplicas": ready},
            }])),
            ..Scene::default()
        };
        rollouts::rollouts(&scene).pop().map(|one| (one.name, one.updated, one.ready, one.wanted))
    };
    assert_eq!(deployment(3, 3, 2), None);
    let name = || "Deployment/cart".to_owned();
    assert_eq!(deployment(1, 2, 2), Some((name(), 1, 2, 3)));
    assert!(deployment(3, 3, 1).is_some(), "not seen yet");
}
