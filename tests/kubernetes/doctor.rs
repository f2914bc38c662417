//! The doctor on sound and on broken clusters, and the Role that it asks for.

use std::collections::BTreeMap;
use std::time::Duration;

use gameday::engine::clock::SystemClock;
use gameday::gameday::fault::{ConfigurationSource, Direction, Fault, NetworkAction};
use gameday::gameday::replicas::Replicas;
use gameday::gameday::span::Span;
use gameday::kubernetes::connect::Connection;
use gameday::kubernetes::doctor::facts::Wants;
use gameday::kubernetes::doctor::finding::{Finding, Level, text};
use gameday::kubernetes::doctor::gather::gather;
use gameday::kubernetes::doctor::judge::judge;
use gameday::kubernetes::name;
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration,
};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Namespace, Pod};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams};
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};

use super::letting_go::dead::{Exercise, command, gameday, pods, said};
use super::stage::{Stage, needs_chaos_mesh, needs_fake};

/// A game day in a namespace, as a file.
fn file(stage: &Stage) -> String {
    let text = format!(
        "gameday: v1
name: probe
teams: [sre]
target: {{ kubernetes: {{ namespace: {} }} }}
phases:
  - name: one
    duration: 10m
    chaos:
      - time: +1m
        experiment: {{ type: pod-failure, target: {{ selector: {{ app: web-app }} }} }}
      - time: +2m
        experiment:
          type: network-chaos
          action: delay
          latency: 100ms
          target: {{ source: {{ selector: {{ app: web-app }} }}, destination: {{ selector: {{ app: backend-service }} }} }}
      - time: +3m
        experiment: {{ type: configuration-change, source: environment, set: {{ CACHE_URL: none }}, target: {{ selector: {{ app: backend-service }} }} }}
      - time: +4m
        experiment: {{ type: configuration-change, set: {{ backend_timeout: 30s }}, target: {{ selector: {{ app: web-app }} }} }}
      - time: +5m
        experiment: {{ type: certificate-expiry, target: {{ selector: {{ app: api-gateway }} }} }}
      - time: +6m
        experiment: {{ type: rbac-mutation }}
      - time: +7m
        experiment: {{ type: scale, replicas: 0, target: {{ selector: {{ app: backend-service }} }} }}
      - time: +8m
        experiment: {{ type: image-change, image: \"shop:2\", target: {{ selector: {{ app: cache-service }} }} }}
      - time: +9m
        experiment: {{ type: rollout-restart, target: {{ selector: {{ app: web-app }} }} }}
",
        stage.namespace
    );
    let path = stage.folder().join("probe.yaml");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn wants(stage: &Stage) -> Wants {
    let text = std::fs::read_to_string(file(stage)).unwrap();
    let (plan, problems) = gameday::gameday::read::inspect(&text, "probe.yaml");
    Wants::of(&plan.unwrap_or_else(|| panic!("{problems:?}")))
}

/// What the doctor says of this way to the stage's cluster.
async fn examined(stage: &Stage, connection: &Connection) -> Vec<Finding> {
    judge(&gather(connection, wants(stage), None, &SystemClock::new()).await)
}

/// Applies what `gameday rbac` prints; gives what to take away again.
async fn granted(stage: &Stage) -> Vec<Value> {
    let printed = gameday(stage, stage.kubeconfig(), &["rbac", &file(stage)]).await;
    let yaml = String::from_utf8(printed.stdout.clone()).unwrap();
    assert!(printed.status.success(), "{}", said(&printed));
    let documents = yaml.split("\n---\n");
    let objects: Vec<Value> = documents.map(|one| serde_yaml::from_str(one).unwrap()).collect();
    for object in &objects {
        let api = of(&stage.client(), object);
        let name = object["metadata"]["name"].as_str().unwrap();
        let params = PatchParams::apply("admin").force();
        api.patch(name, &params, &Patch::Apply(object)).await.unwrap();
    }
    objects
}

fn of(client: &Client, object: &Value) -> Api<kube::api::DynamicObject> {
    let (group, version) =
        object["apiVersion"].as_str().unwrap().split_once('/').unwrap_or(("", "v1"));
    let gvk = kube::core::GroupVersionKind::gvk(group, version, object["kind"].as_str().unwrap());
    let resource = kube::core::ApiResource::from_gvk(&gvk);
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => Api::namespaced_with(client.clone(), namespace, &resource),
        None => Api::all_with(client.clone(), &resource),
    }
}

async fn revoked(stage: &Stage, objects: &[Value]) {
    for object in objects {
        let name = object["metadata"]["name"].as_str().unwrap();
        let _ = of(&stage.client(), object).delete(name, &DeleteParams::default()).await.unwrap();
    }
}

async fn connected(stage: &Stage, path: &std::path::Path) -> Connection {
    let kubeconfig = kube::config::Kubeconfig::read_from(path).unwrap();
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
    let client = gameday::kubernetes::connect::client(config).unwrap();
    Connection { client, ..stage.connection() }
}

#[tokio::test]
async fn a_sound_cluster_is_said_to_be_one() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "a whole Chaos Mesh") {
        return stage.close().await;
    }
    let objects = granted(&stage).await;
    let done = gameday(&stage, stage.kubeconfig(), &["doctor", &file(&stage)]).await;
    let told = said(&done);
    assert!(done.status.success(), "{told}");
    for line in [
        "ok       api",
        "ok       who",
        "ok       manager",
        "ok       leader",
        "ok       webhooks",
        "ok       may",
        "ok       reaper",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let done = gameday(&stage, stage.kubeconfig(), &["doctor", &file(&stage), "--json"]).await;
    let read: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(read["ok"], true);
    // Without a game day it is only looked whether there could be one.
    let done = gameday(&stage, stage.kubeconfig(), &["doctor"]).await;
    assert!(done.status.success(), "{}", said(&done));
    revoked(&stage, &objects).await;
    stage.close().await;
}

#[tokio::test]
async fn the_lab_needs_no_cluster_and_an_absent_server_is_named() {
    let stage = Stage::new().await;
    let file = stage.folder().join("lab.yaml");
    std::fs::write(
        &file,
        "gameday: v1\nname: quiet\nteams: [sre]\nphases:\n  - { name: one, duration: 1m }\n",
    )
    .unwrap();
    let nowhere = stage.folder().join("nowhere");
    let done = gameday(&stage, &nowhere, &["doctor", file.to_str().unwrap()]).await;
    let told = said(&done);
    assert!(
        done.status.success() && told.contains("no cluster and no network is needed"),
        "{told}"
    );
    let done = gameday(&stage, &nowhere, &["doctor"]).await;
    assert_eq!(done.status.code(), Some(1), "{}", said(&done));
    assert!(said(&done).contains("error    api"), "{}", said(&done));
    stage.trouble().gone().await;
    let done = gameday(&stage, stage.kubeconfig(), &["doctor", "--json"]).await;
    let read: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&read["ok"], &read["findings"][0]["about"]), (&false.into(), &"api".into()));
    stage.trouble().back().await;
    stage.close().await;
}

/// One way in which a cluster is broken.
#[derive(Clone, Copy, Debug)]
enum Ill {
    NoManager,
    ManagerDown,
    OtherNamespace,
    LeaderDead,
    DaemonsAway,
    NoWebhooks,
    LaxWebhooks,
    KindMissing,
    ForeignExperiment,
    DeadRun,
    MarkedObject,
    Annotated,
    NoNamespace,
}

async fn manager(client: &Client) -> (Api<Deployment>, String) {
    let all: Api<Deployment> = Api::all(client.clone());
    let list = ListParams::default().labels("app.kubernetes.io/component=controller-manager");
    let found = all.list(&list).await.unwrap();
    let one = found.items.iter().find(|one| one.name_any().contains("chaos")).unwrap();
    (Api::namespaced(client.clone(), &one.namespace().unwrap()), one.name_any())
}

async fn env(client: &Client, name: &str, value: &str) {
    let (api, manager) = manager(client).await;
    let one = api.get(&manager).await.unwrap();
    let container = one.spec.unwrap().template.spec.unwrap().containers[0].name.clone();
    let patch = json!({"spec": {"template": {"spec": {"containers": [
        {"name": container, "env": [{"name": name, "value": value}]}]}}}});
    api.patch(&manager, &PatchParams::default(), &Patch::Strategic(patch)).await.unwrap();
}

/// Breaks the cluster so; gives what the doctor must speak of, and how badly.
async fn break_it(stage: &Stage, ill: Ill) -> (&'static str, Level) {
    let client = stage.client();
    let gone = DeleteParams::default();
    let merge = PatchParams::default();
    match ill {
        Ill::NoManager => {
            let (api, name) = manager(&client).await;
            let _ = api.delete(&name, &gone).await.unwrap();
            ("manager", Level::Error)
        }
        Ill::ManagerDown => {
            let (api, name) = manager(&client).await;
            let down = json!({"status": {"readyReplicas": 0, "availableReplicas": 0}});
            api.patch_status(&name, &merge, &Patch::Merge(down)).await.unwrap();
            ("manager", Level::Error)
        }
        Ill::OtherNamespace => {
            env(&client, "CLUSTER_SCOPED", "false").await;
            env(&client, "TARGET_NAMESPACE", "bank").await;
            ("scope", Level::Error)
        }
        Ill::Annotated => {
            env(&client, "ENABLE_FILTER_NAMESPACE", "true").await;
            ("scope", Level::Error)
        }
        Ill::LeaderDead => {
            let all: Api<Lease> = Api::all(client.clone());
            let leases = all.list(&ListParams::default()).await.unwrap();
            let lease = leases.items.iter().find(|one| one.name_any() == "chaos-mesh").unwrap();
            let api: Api<Lease> = Api::namespaced(client.clone(), &lease.namespace().unwrap());
            let dead = json!({"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}});
            api.patch("chaos-mesh", &merge, &Patch::Merge(dead)).await.unwrap();
            ("leader", Level::Error)
        }
        Ill::DaemonsAway => {
            let all: Api<Pod> = Api::all(client.clone());
            let list = ListParams::default().labels("app.kubernetes.io/component=chaos-daemon");
            for pod in all.list(&list).await.unwrap() {
                let api: Api<Pod> = Api::namespaced(client.clone(), &pod.namespace().unwrap());
                let _ = api.delete(&pod.name_any(), &gone.clone().grace_period(0)).await.unwrap();
            }
            ("daemons", Level::Error)
        }
        Ill::NoWebhooks => {
            let api: Api<MutatingWebhookConfiguration> = Api::all(client.clone());
            for one in api.list(&ListParams::default()).await.unwrap() {
                let _ = api.delete(&one.name_any(), &gone).await.unwrap();
            }
            ("webhooks", Level::Error)
        }
        Ill::LaxWebhooks => {
            let api: Api<ValidatingWebhookConfiguration> = Api::all(client.clone());
            for one in api.list(&ListParams::default()).await.unwrap() {
                let hooks = one.webhooks.clone().unwrap_or_default();
                let lax: Vec<Value> = hooks
                    .iter()
                    .map(|hook| {
                        let mut hook = serde_json::to_value(hook).unwrap();
                        hook["failurePolicy"] = "Ignore".into();
                        hook
                    })
                    .collect();
                let patch = Patch::Merge(json!({"webhooks": lax}));
                api.patch(&one.name_any(), &merge, &patch).await.unwrap();
            }
            ("webhooks", Level::Warning)
        }
        Ill::KindMissing => {
            let api: Api<CustomResourceDefinition> = Api::all(client.clone());
            let _ = api.delete("networkchaos.chaos-mesh.org", &gone).await.unwrap();
            ("crds", Level::Error)
        }
        Ill::ForeignExperiment => {
            let web = pods(stage, "web-app").await;
            stage
                .apply(json!({
                    "apiVersion": "chaos-mesh.org/v1alpha1", "kind": "StressChaos", "metadata": {"name": "theirs"},
                    "spec": {
                        "mode": "all", "duration": "10m", "stressors": {"cpu": {"workers": 1, "load": 10}},
                        "selector": {"namespaces": [stage.namespace], "pods": {&stage.namespace: web[..1]}},
                    },
                }))
                .await;
            ("others", Level::Error)
        }
        Ill::DeadRun => {
            stage
                .apply(json!({
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": {"name": "gd-r-5-journal", "labels": name::labels("r-5", "journal", None)},
                    "data": {"later": "{\"written\": \"by a later version\"}"},
                }))
                .await;
            ("orphans", Level::Error)
        }
        Ill::MarkedObject => {
            let api: Api<Deployment> = Api::namespaced(client.clone(), &stage.namespace);
            let mark = json!({"metadata": {"labels": {name::FAULT: "r-5_scale-0"}}});
            api.patch("web-app", &merge, &Patch::Merge(mark)).await.unwrap();
            ("orphans", Level::Error)
        }
        Ill::NoNamespace => ("namespace", Level::Error),
    }
}

#[tokio::test]
async fn every_broken_cluster_is_told_by_what_is_broken() {
    let ills = [
        Ill::NoManager,
        Ill::ManagerDown,
        Ill::OtherNamespace,
        Ill::LeaderDead,
        Ill::DaemonsAway,
        Ill::NoWebhooks,
        Ill::LaxWebhooks,
        Ill::KindMissing,
        Ill::ForeignExperiment,
        Ill::DeadRun,
        Ill::MarkedObject,
        Ill::Annotated,
        Ill::NoNamespace,
    ];
    for ill in ills {
        let stage = Stage::shop().await;
        if !needs_fake(&stage, "it breaks Chaos Mesh itself") {
            return stage.close().await;
        }
        let (about, level) = break_it(&stage, ill).await;
        let mut connection = stage.connection();
        if matches!(ill, Ill::NoNamespace) {
            connection.namespace = "nowhere".to_owned();
        }
        let findings = examined(&stage, &connection).await;
        let told = text(&findings);
        let found = findings.iter().any(|one| one.about == about && one.level == level);
        assert!(found, "{ill:?}: no {level:?} of {about}\n{told}");
        stage.discard().await;
    }
}

#[tokio::test]
async fn who_may_do_nothing_is_told_what_is_missing_and_how_to_get_it() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "a user without any rights") {
        return stage.close().await;
    }
    let nobody = stage.kubeconfig_as("nobody", &[]);
    let done = gameday(&stage, &nobody, &["doctor", &file(&stage)]).await;
    let told = said(&done);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(told.contains("we are nobody"), "{told}");
    assert!(told.contains("to UNDO it") && told.contains("gameday rbac probe"), "{told}");
    stage.close().await;
}

#[tokio::test]
async fn the_role_that_is_printed_is_enough_and_not_more() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover")
        || !needs_fake(&stage, "ClusterRoles")
    {
        return stage.close().await;
    }
    let objects = granted(&stage).await;
    let account = format!("system:serviceaccount:{}:gameday-probe", stage.namespace);
    let path = stage.kubeconfig_as(&account, &["system:serviceaccounts", "system:authenticated"]);
    let as_account = connected(&stage, &path).await;
    let findings = examined(&stage, &as_account).await;
    let bad = findings.iter().filter(|one| one.about == "may" && one.level != Level::Ok).count();
    assert_eq!(bad, 0, "{}", text(&findings));
    // Every fault, there and back, as this user and nobody else.
    let exercise = Exercise::begin(as_account.clone(), "20261122T160500Z-probe-1a2b").await;
    let set = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    let network = NetworkAction::Delay { latency: Span::from_millis(100), jitter: Span::ZERO };
    let faults = [
        ("kill", Fault::PodFailure, "web-app", None),
        (
            "late",
            Fault::NetworkChaos { network, direction: Direction::Both },
            "web-app",
            Some("backend-service"),
        ),
        (
            "environment",
            Fault::ConfigurationChange {
                source: ConfigurationSource::Environment,
                set: set("CACHE_URL", "none"),
            },
            "backend-service",
            None,
        ),
        ("scale", Fault::Scale { replicas: Replicas::Change(-50) }, "web-app", None),
        ("outage", Fault::Scale { replicas: Replicas::Count(0) }, "backend-service", None),
        (
            "image",
            Fault::ImageChange { image: "registry.k8s.io/pause:3.9".into(), container: None },
            "cache-service",
            None,
        ),
        ("restart", Fault::RolloutRestart, "web-app", None),
        (
            "settings",
            Fault::ConfigurationChange {
                source: ConfigurationSource::File,
                set: set("backend_timeout", "30s"),
            },
            "web-app",
            None,
        ),
        ("certificate", Fault::CertificateExpiry, "api-gateway", None),
        (
            "permissions",
            Fault::RbacMutation { account: "app-service-account".into(), permissions: vec![] },
            "web-app",
            None,
        ),
    ];
    for (step, fault, app, peer) in faults {
        stage.all_available().await;
        let victims = pods(&stage, app).await;
        let peers = match peer {
            Some(peer) => pods(&stage, peer).await,
            None => Vec::new(),
        };
        let undo = exercise.breaks(step, fault, &victims, &peers).await;
        let undo = undo.unwrap_or_else(|why| panic!("{step}: {why}"));
        exercise.undoes(&undo).await.unwrap_or_else(|why| panic!("{step}, back: {why}"));
    }
    exercise.ends().await;
    // It may not do what it does not need.
    let pods: Api<Pod> = Api::namespaced(as_account.client.clone(), &stage.namespace);
    let forbidden = pods.delete_collection(&DeleteParams::default(), &ListParams::default()).await;
    assert!(matches!(forbidden, Err(kube::Error::Api(status)) if status.code == 403));
    let namespaces: Api<Namespace> = Api::all(as_account.client);
    let forbidden = namespaces.delete(&stage.namespace, &DeleteParams::default()).await;
    assert!(matches!(forbidden, Err(kube::Error::Api(status)) if status.code == 403));
    revoked(&stage, &objects).await;
    stage.close().await;
}

#[tokio::test]
async fn the_reapers_role_is_enough_to_let_go_and_to_break_nothing() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover")
        || !needs_fake(&stage, "ClusterRoles")
    {
        return stage.close().await;
    }
    let objects = granted(&stage).await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-2a2b").await;
    let (web, backend) = (pods(&stage, "web-app").await, pods(&stage, "backend-service").await);
    let network = NetworkAction::Delay { latency: Span::from_millis(100), jitter: Span::ZERO };
    let late = Fault::NetworkChaos { network, direction: Direction::Both };
    exercise.breaks("late", late, &web, &backend).await.unwrap();
    let settings = Fault::ConfigurationChange {
        source: ConfigurationSource::File,
        set: BTreeMap::from([("backend_timeout".to_owned(), "30s".to_owned())]),
    };
    exercise.breaks("settings", settings, &web, &[]).await.unwrap();
    let gateway = pods(&stage, "api-gateway").await;
    exercise.breaks("certificate", Fault::CertificateExpiry, &gateway, &[]).await.unwrap();
    let take = Fault::RbacMutation { account: "app-service-account".into(), permissions: vec![] };
    exercise.breaks("permissions", take, &web, &[]).await.unwrap();
    let run = exercise.dies(&stage).await;
    let account = format!("system:serviceaccount:{}:gameday-probe-reaper", stage.namespace);
    let path = stage.kubeconfig_as(&account, &["system:serviceaccounts", "system:authenticated"]);
    let words = ["reaper", "--run", &run, "--namespace", &stage.namespace, "--every", "50ms"];
    let words: Vec<&str> = words.into_iter().chain(["--stale-after", "200ms"]).collect();
    let log = stage.folder().join("reaper.log");
    let mut reaper = command(&stage, &path, &words);
    let mut reaper = reaper.stdout(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(60), reaper.wait()).await;
    let told = std::fs::read_to_string(&log).unwrap();
    let ended = ended.unwrap_or_else(|_| panic!("it does not end: {told}")).unwrap();
    assert!(ended.success() && told.contains("recovered"), "{told}");
    assert!(!told.contains("FAILED"), "{told}");
    revoked(&stage, &objects).await;
    let swept = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(swept.status.success(), "{}", said(&swept));
    stage.close().await;
}

#[tokio::test]
async fn pods_are_chosen_by_the_labels_that_a_run_chooses_them_by() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "nodes with zones") {
        return stage.close().await;
    }
    let facts = gather(&stage.connection(), wants(&stage), None, &SystemClock::new()).await;
    let pods = facts.pods.as_ref().unwrap();
    let web = pods.iter().find(|pod| pod.name.starts_with("web-app")).unwrap();
    assert_eq!(web.labels.get("app").map(String::as_str), Some("web-app"));
    assert_eq!(web.labels.get("node"), Some(&web.node), "{web:?}");
    assert!(web.labels.contains_key("zone"), "{web:?}");
    stage.close().await;
}
