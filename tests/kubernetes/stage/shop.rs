//! The shop as objects of a cluster: the lab's apps with its labels. Nothing in it sells anything.

use serde_json::{Value, json};

/// A Deployment: its name, and `app`, `tier`, `role` of its pods; how many; what it keeps data in.
struct App {
    name: &'static str,
    app: &'static str,
    tier: &'static str,
    role: Option<&'static str>,
    replicas: u32,
    data: Option<&'static str>,
}

const fn app(name: &'static str, tier: &'static str, replicas: u32) -> App {
    App { name, app: name, tier, role: None, replicas, data: None }
}

const APPS: &[App] = &[
    app("api-gateway", "edge", 1),
    app("web-app", "frontend", 5),
    app("backend-service", "backend", 2),
    app("cache-service", "cache", 1),
    App { data: Some("/var/lib/queue"), ..app("message-queue", "data", 1) },
    app("oauth-provider", "security", 1),
    App { app: "database", ..database("database-primary", "primary") },
    App { app: "database", ..database("database-replica", "replica") },
];

const fn database(name: &'static str, role: &'static str) -> App {
    App { role: Some(role), data: Some("/var/lib/database"), ..app(name, "data", 1) }
}

/// The account of the web apps, and what it may do.
const ACCOUNT: &str = "app-service-account";
/// The name in the certificate.
const HOST: &str = "shop.example.com";

/// How many pods the shop has.
pub fn pods() -> usize {
    APPS.iter().map(|app| app.replicas as usize).sum()
}

/// The names of its Deployments.
pub fn deployments() -> impl Iterator<Item = &'static str> {
    APPS.iter().map(|app| app.name)
}

/// Every object: first what others need.
pub fn objects(namespace: &str) -> Vec<Value> {
    let mut all = vec![
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop-settings"},
            "data": {"backend_timeout": "2s", "page_size": "20", "log_level": "info"},
        }),
        certificate(),
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT}}),
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": "shop-reader"},
            "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}],
        }),
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {"name": "shop-reader"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "shop-reader",
            },
            "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": namespace}],
        }),
    ];
    all.extend(APPS.iter().map(deployment));
    let mut apps: Vec<&str> = APPS.iter().map(|app| app.app).collect();
    apps.dedup();
    all.extend(apps.iter().map(|app| service(app)));
    all.extend(["web-app", "backend-service"].map(budget));
    all
}

fn deployment(app: &App) -> Value {
    let mut labels = json!({"app": app.app, "tier": app.tier});
    if let Some(role) = app.role {
        labels["role"] = role.into();
    }
    let mut container = json!({
        "name": "app", "image": "registry.k8s.io/pause:3.10",
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {
            "requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"cpu": "50m", "memory": "32Mi"},
        },
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
    });
    let mut spec = json!({"terminationGracePeriodSeconds": 1});
    match app.name {
        "web-app" => {
            spec["serviceAccountName"] = ACCOUNT.into();
            container["env"] = json!([
                {"name": "LOG_LEVEL", "value": "info"},
                {"name": "BACKEND_URL", "value": "http://backend-service:8080"},
                {"name": "CACHE_URL", "value": "http://cache-service:8080"},
            ]);
            container["envFrom"] = json!([{"configMapRef": {"name": "shop-settings"}}]);
        }
        "api-gateway" => {
            spec["volumes"] = json!([{"name": "tls", "secret": {"secretName": "shop-tls"}}]);
            container["volumeMounts"] = json!([{"name": "tls", "mountPath": "/etc/tls"}]);
        }
        _ => {}
    }
    if let Some(path) = app.data {
        spec["volumes"] = json!([{"name": "data", "emptyDir": {}}]);
        container["volumeMounts"] = json!([{"name": "data", "mountPath": path}]);
    }
    spec["containers"] = json!([container]);
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": app.name, "labels": {"app": app.app, "tier": app.tier}},
        "spec": {
            "replicas": app.replicas, "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    })
}

fn service(app: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": app, "labels": {"app": app}},
        "spec": {
            "selector": {"app": app},
            "ports": [{"name": "http", "port": 8080, "targetPort": "http"}],
        },
    })
}

fn budget(app: &str) -> Value {
    json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": app},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": app}}},
    })
}

fn certificate() -> Value {
    let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop-tls"},
        "type": "kubernetes.io/tls",
        "stringData": {"tls.crt": made.cert.pem(), "tls.key": made.signing_key.serialize_pem()},
    })
}
