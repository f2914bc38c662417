//! What a whole cluster has and the server in this process has not: nodes in three zones, a Chaos Mesh and a k6 operator that look
//! alive. Never made on a real server.

use kube::Client;
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use super::broom::resource_of;

/// The nodes with their zones, as in the lab.
pub const NODES: [(&str, &str); 3] =
    [("node-1", "zone-a"), ("node-2", "zone-b"), ("node-3", "zone-c")];
/// Where Chaos Mesh is.
pub const MESH: &str = "chaos-mesh";
/// Its manager.
pub const MANAGER: &str = "chaos-controller-manager";
/// Where the k6 operator is.
const K6: &str = "k6-operator-system";
/// What the webhooks of Chaos Mesh look at.
const KINDS: [&str; 15] = [
    "awschaos",
    "azurechaos",
    "blockchaos",
    "dnschaos",
    "gcpchaos",
    "httpchaos",
    "iochaos",
    "jvmchaos",
    "kernelchaos",
    "networkchaos",
    "physicalmachinechaos",
    "podchaos",
    "schedules",
    "stresschaos",
    "timechaos",
];

pub async fn furnish(client: &Client) {
    for (name, zone) in NODES {
        put(client, node(name, zone)).await;
    }
    namespace(client, MESH).await;
    namespace(client, K6).await;
    put(client, manager(MESH, MANAGER, "chaos-mesh:v2.8.3")).await;
    put(client, daemons()).await;
    for (name, zone) in NODES {
        put(client, daemon(name, zone)).await;
    }
    put(client, lease()).await;
    for kind in ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] {
        put(client, webhook(kind)).await;
    }
    put(client, manager(K6, "k6-operator-controller-manager", "k6-operator:v1.6.0")).await;
}

pub async fn namespace(client: &Client, name: &str) {
    let labels = json!({"gameday.internal/test": "stage"});
    put(
        client,
        json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels},
        }),
    )
    .await;
}

/// Creates an object, and says its status.
async fn put(client: &Client, object: Value) {
    let resource = resource_of(&object);
    let api: Api<DynamicObject> = match object["metadata"]["namespace"].as_str() {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    };
    let typed: DynamicObject = serde_json::from_value(object.clone()).unwrap();
    api.create(&PostParams::default(), &typed).await.unwrap();
    if object["status"].is_object() {
        let name = typed.metadata.name.unwrap();
        let status = json!({"status": object["status"]});
        api.patch_status(&name, &PatchParams::default(), &Patch::Merge(status)).await.unwrap();
    }
}

fn node(name: &str, zone: &str) -> Value {
    let now = super::cluster::now();
    let condition = |kind: &str, status: &str| {
        json!({
            "type": kind, "status": status, "reason": "Kubelet", "message": "",
            "lastHeartbeatTime": now, "lastTransitionTime": now,
        })
    };
    let room = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": "region-1",
            },
        },
        "spec": {"providerID": format!("kind://docker/shop/{name}")},
        "status": {
            "capacity": room, "allocatable": room,
            "conditions": [condition("Ready", "True"), condition("DiskPressure", "False")],
            "nodeInfo": {
                "kubeletVersion": "v1.33.0", "kubeProxyVersion": "", "osImage": "test", "architecture": "amd64",
                "bootID": "", "machineID": "", "systemUUID": "", "kernelVersion": "6.1.0",
                "operatingSystem": "linux", "containerRuntimeVersion": "containerd://2.0.0",
            },
        },
    })
}

fn labels(component: &str) -> Value {
    json!({
        "app.kubernetes.io/name": "chaos-mesh", "app.kubernetes.io/instance": "chaos-mesh",
        "app.kubernetes.io/component": component, "app.kubernetes.io/version": "v2.8.3",
    })
}

/// A Deployment of one controller that looks well.
fn manager(namespace: &str, name: &str, image: &str) -> Value {
    let labels = if namespace == MESH {
        labels("controller-manager")
    } else {
        json!({"app": "k6-operator"})
    };
    let env: Vec<Value> = [
        ("SECURITY_MODE", "true"),
        ("CLUSTER_SCOPED", "true"),
        ("ENABLE_FILTER_NAMESPACE", "false"),
    ]
    .map(|(name, value)| json!({"name": name, "value": value}))
    .to_vec();
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "replicas": 1, "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{
                    "name": "manager", "image": format!("ghcr.io/{}/{image}", namespace), "env": env,
                }]},
            },
        },
        "status": {
            "replicas": 1, "readyReplicas": 1, "availableReplicas": 1, "updatedReplicas": 1,
            "observedGeneration": 1,
            "conditions": [{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"}],
        },
    })
}

fn daemons() -> Value {
    let labels = labels("chaos-daemon");
    let count = NODES.len();
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet",
        "metadata": {"name": "chaos-daemon", "namespace": MESH, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [
                    {"name": "chaos-daemon", "image": "ghcr.io/chaos-mesh/chaos-daemon:v2.8.3"},
                ]},
            },
        },
        "status": {
            "desiredNumberScheduled": count, "currentNumberScheduled": count, "numberReady": count,
            "numberAvailable": count, "updatedNumberScheduled": count, "numberMisscheduled": 0,
            "observedGeneration": 1,
        },
    })
}

fn daemon(node: &str, zone: &str) -> Value {
    let mut labels = labels("chaos-daemon");
    labels["topology.kubernetes.io/zone"] = zone.into();
    let ready = |name: &str| json!({"type": name, "status": "True"});
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": format!("chaos-daemon-{node}"), "namespace": MESH, "labels": labels},
        "spec": {
            "nodeName": node,
            "containers": [
                {"name": "chaos-daemon", "image": "ghcr.io/chaos-mesh/chaos-daemon:v2.8.3"},
            ],
        },
        "status": {"phase": "Running", "conditions": [ready("PodScheduled"), ready("Ready")]},
    })
}

fn lease() -> Value {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "chaos-mesh", "namespace": MESH},
        "spec": {
            "holderIdentity": "chaos-controller-manager-0", "leaseDurationSeconds": 15,
            "acquireTime": now, "renewTime": now,
        },
    })
}

fn webhook(kind: &str) -> Value {
    let name = if kind.starts_with('M') { "chaos-mesh-mutation" } else { "chaos-mesh-validation" };
    let hooks: Vec<Value> = KINDS
        .iter()
        .map(|plural| {
            json!({
                "name": format!("{}{plural}.kb.io", &kind[..1].to_lowercase()),
                "admissionReviewVersions": ["v1"], "failurePolicy": "Fail", "sideEffects": "None",
                "timeoutSeconds": 5,
                "clientConfig": {"service": {
                    "name": "chaos-mesh-controller-manager", "namespace": MESH, "path": "/hook",
                }},
                "rules": [{
                    "apiGroups": ["chaos-mesh.org"], "apiVersions": ["v1alpha1"],
                    "operations": ["CREATE", "UPDATE"], "resources": [plural],
                }],
            })
        })
        .collect();
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": kind,
        "metadata": {"name": name}, "webhooks": hooks,
    })
}
