//! A namespace with a few pods of every sort, as data.

use gameday::kubernetes::scene::Scene;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A ready pod of an app with one container and a port.
pub fn pod(name: &str, app: &str, node: &str) -> Value {
    json!({
        "metadata": {
            "name": name, "namespace": "shop", "uid": format!("uid-{name}"), "labels": {"app": app},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": app,
                "uid": format!("uid-{app}"), "controller": true}],
        },
        "spec": {
            "nodeName": node,
            "containers": [{"name": "app", "image": "shop:1",
                "ports": [{"name": "http", "containerPort": 8080}],
                "resources": {"limits": {"memory": "256Mi"}}}],
        },
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    })
}

fn node(name: &str, zone: &str) -> Value {
    json!({"metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": zone}}})
}

fn service(name: &str, app: &str, address: &str) -> Value {
    json!({"metadata": {"name": name, "namespace": "shop"},
        "spec": {"selector": {"app": app}, "clusterIP": address, "clusterIPs": [address]}})
}

/// A database with a volume and a sidecar.
fn store(name: &str, role: &str) -> Value {
    let mut one = pod(name, "store", "node-b");
    one["metadata"]["labels"]["role"] = role.into();
    one["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/default-container": "db"});
    one["spec"]["subdomain"] = "stores".into();
    one["spec"]["containers"] = json!([
        {"name": "db", "image": "db:1", "volumeMounts": [
            {"name": "data", "mountPath": "/var/lib/data"},
            {"name": "token", "mountPath": "/var/run/secrets", "readOnly": true}]},
        {"name": "backup", "image": "backup:1"}]);
    one["spec"]["volumes"] = json!([
        {"name": "data", "persistentVolumeClaim": {"claimName": name}},
        {"name": "token", "projected": {"sources": []}}]);
    one
}

/// Everybody.
pub fn scene() -> Scene {
    let mut lonely = pod("lonely", "lonely", "node-a");
    lonely["metadata"].as_object_mut().unwrap().remove("ownerReferences");
    lonely["spec"]["restartPolicy"] = "Never".into();
    let mut host = pod("host", "host", "node-h");
    host["spec"]["hostNetwork"] = true.into();
    let mut runner = pod("runner", "runner", "node-h");
    runner["metadata"]["labels"]["app.kubernetes.io/managed-by"] = "chaos-gameday".into();
    let pods = vec![
        pod("cart-1", "cart", "node-a"),
        pod("cart-2", "cart", "node-b"),
        pod("payments-1", "payments", "node-b"),
        store("store-0", "primary"),
        store("store-1", "replica"),
        lonely,
        host,
        runner,
        pod("busy", "busy", "node-b"),
        pod("remote", "remote", "node-c"),
    ];
    let daemon = |node: &str, ready: &str| {
        let mut one = pod(&format!("daemon-{node}"), "daemon", node);
        one["status"]["conditions"][0]["status"] = ready.into();
        one
    };
    let other = json!({
        "apiVersion": "chaos-mesh.org/v1alpha1", "kind": "HTTPChaos",
        "metadata": {"name": "theirs", "namespace": "shop"},
        "spec": {"selector": {"namespaces": ["shop"], "labelSelectors": {"app": "busy"}}},
        "status": {"experiment": {"desiredPhase": "Run", "containerRecords": [
            {"id": "shop/busy", "phase": "Injected", "injectedCount": 1, "recoveredCount": 0}]}},
    });
    Scene {
        namespace: "shop".into(),
        pods: pods.into_iter().map(read).collect(),
        nodes: vec![
            read(node("node-a", "eu-1a")),
            read(node("node-b", "eu-1b")),
            read(node("node-c", "eu-1c")),
            read(node("node-h", "eu-1h")),
        ],
        services: vec![
            read(service("cart", "cart", "10.96.0.1")),
            read(service("payments", "payments", "10.96.0.2")),
            read(service("stores", "store", "None")),
        ],
        experiments: vec![other],
        daemons: Some(vec![
            read(daemon("node-a", "True")),
            read(daemon("node-b", "True")),
            read(daemon("node-c", "False")),
            read(daemon("node-h", "True")),
        ]),
        ..Scene::default()
    }
}
