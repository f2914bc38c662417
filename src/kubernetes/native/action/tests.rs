//! Tests of what a fault needs, on scenes made here.

use k8s_openapi::api::core::v1::Node;
use serde_json::{Value, json};

use std::collections::BTreeMap;

use super::*;
use crate::gameday::fault::{Experiment, Mode, Selector};
use crate::gameday::replicas::Replicas;
use crate::gameday::span::Span;
use crate::kubernetes::native::change::Back;

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn pod(name: &str, node: &str, owner: (&str, &str), spec: &Value) -> Pod {
    let mut spec = spec.clone();
    spec["nodeName"] = json!(node);
    if spec["containers"].is_null() {
        spec["containers"] = json!([{ "name": "app" }]);
    }
    let owners = match owner.0 {
        "" => json!([]),
        kind => {
            json!([{ "apiVersion": "apps/v1", "kind": kind, "name": owner.1, "uid": owner.1, "controller": true }])
        }
    };
    read(json!({
        "metadata": { "name": name, "namespace": "shop", "uid": format!("uid-{name}"), "ownerReferences": owners },
        "spec": spec,
        "status": { "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] }
    }))
}

fn node(name: &str, zone: &str, spec: Value) -> Node {
    read(json!({
        "metadata": { "name": name, "labels": { "topology.kubernetes.io/zone": zone } },
        "spec": spec,
        "status": { "conditions": [{ "type": "Ready", "status": "True" }] }
    }))
}

fn replica_set(name: &str, deployment: &str, revision: &str) -> Value {
    json!({
        "metadata": {
            "name": name, "uid": name, "labels": { "pod-template-hash": format!("hash-{name}") },
            "annotations": { "deployment.kubernetes.io/revision": revision },
            "ownerReferences": [{ "apiVersion": "apps/v1", "kind": "Deployment", "name": deployment, "uid": deployment, "controller": true }]
        },
        "spec": { "selector": {} }
    })
}

/// Two nodes in one zone, one in another; a cart of two pods, a log on each node, a bare pod, a database with an emptyDir.
fn scene() -> Scene {
    let map = json!({ "volumes": [{ "name": "c", "configMap": { "name": "settings" } }],
        "containers": [{ "name": "app", "volumeMounts": [{ "name": "c", "mountPath": "/c" }],
            "envFrom": [{ "configMapRef": { "name": "more" } }] }] });
    let tls = json!({ "volumes": [{ "name": "t", "secret": { "secretName": "tls" } }, { "name": "d", "emptyDir": {} }] });
    let cart = ("ReplicaSet", "cart-2");
    Scene {
        namespace: "shop".to_owned(),
        nodes: vec![
            node("n1", "a", json!({})),
            node("n2", "a", json!({})),
            node("n3", "b", json!({})),
        ],
        pods: vec![
            pod("cart-x", "n1", cart, &map),
            pod("cart-y", "n2", cart, &map),
            pod("log-1", "n1", ("DaemonSet", "log"), &json!({})),
            pod("bare", "n1", ("", ""), &json!({})),
            pod("db-0", "n3", ("StatefulSet", "db"), &tls),
        ],
        replica_sets: vec![
            read(replica_set("cart-1", "cart", "1")),
            read(replica_set("cart-2", "cart", "2")),
        ],
        deployments: vec![read(json!({
            "metadata": { "name": "cart", "uid": "cart", "annotations": { "deployment.kubernetes.io/revision": "2" } },
            "spec": { "replicas": 2, "selector": {}, "template": {} }
        }))],
        autoscalers: vec![read(json!({
            "metadata": { "name": "cart-size" },
            "spec": { "minReplicas": 2, "maxReplicas": 9, "scaleTargetRef": { "kind": "Deployment", "name": "cart" } }
        }))],
        ..Scene::default()
    }
}

fn order(fault: Fault, victims: &[&str]) -> FaultOrder {
    FaultOrder {
        key: "k".to_owned(),
        round: 0,
        experiment: Experiment {
            fault,
            selector: Selector::new(),
            destination: None,
            mode: Mode::All,
            duration: None,
            interval: None,
        },
        victims: victims.iter().map(|name| (*name).to_owned()).collect(),
        peers: Vec::new(),
        lasts: Span::from_secs(60),
    }
}

fn step() -> Step {
    Step {
        run: "r".to_owned(),
        game_day: "g".to_owned(),
        name: "s-0".to_owned(),
        key: "k".to_owned(),
        lasts: Span::from_secs(60),
        deadline: 1_700_000_000_000,
    }
}

fn made(scene: &Scene, fault: Fault, victims: &[&str]) -> Result<Vec<Action>, String> {
    actions(&order(fault, victims), scene, &step()).map_err(|error| error.0)
}

const DRAIN: Fault = Fault::NodeDrain { grace: Span::from_secs(30) };

fn cart() -> Object {
    Object::within::<k8s_openapi::api::apps::v1::Deployment>("shop", "cart")
}

use crate::kubernetes::native::resource::Object;

#[test]
fn a_node_is_closed_and_its_pods_end_but_for_those_of_the_node() {
    let all = made(&scene(), Fault::NodeFailure, &["cart-x", "log-1"]).unwrap();
    let [close, delete] = &all[..] else { panic!("{all:?}") };
    assert_eq!(close.act, Act::Cordon { node: "n1".to_owned(), brief: false });
    let Act::Delete { pods } = &delete.act else { panic!("{delete:?}") };
    assert_eq!(
        (pods[0].name.as_str(), pods[0].uid.as_str(), pods.len()),
        ("cart-x", "uid-cart-x", 1)
    );
    assert_eq!(delete.back, [Back::Ready { of: cart(), least: Some(2), hash: None }]);
    let told: Vec<String> = delete.warnings.iter().map(ToString::to_string).collect();
    assert!(told[0].contains("log-1 belong to their node"), "{told:?}");
    assert!(told[1].contains("the machine of n1 keeps running"), "{told:?}");
    let restart = made(&scene(), Fault::NodeRestart, &["cart-x"]).unwrap();
    assert_eq!(restart[0].act, Act::Cordon { node: "n1".to_owned(), brief: true });
}

#[test]
fn a_zone_is_all_of_its_nodes_and_its_storage_fails_with_them() {
    let compute =
        Fault::ZoneFailure { resources: vec![ZoneResource::Compute, ZoneResource::Network] };
    let all = made(&scene(), compute, &["cart-x"]).unwrap();
    let closed: Vec<&Act> = all.iter().map(|one| &one.act).take(2).collect();
    let close = |node: &str| Act::Cordon { node: node.to_owned(), brief: false };
    assert_eq!(closed, [&close("n1"), &close("n2")]);
    let network = Fault::ZoneFailure { resources: vec![ZoneResource::Network] };
    assert!(made(&scene(), network, &["cart-x"]).unwrap().is_empty());
    let storage = Fault::ZoneFailure { resources: vec![ZoneResource::Storage] };
    let why = made(&scene(), storage, &["cart-x"]).unwrap_err();
    assert!(why.contains("resources: [compute, storage]"), "{why}");
    let both = Fault::ZoneFailure { resources: vec![ZoneResource::Storage, ZoneResource::Compute] };
    let all = made(&scene(), both, &["cart-x"]).unwrap();
    let told = all.last().unwrap().warnings.last().unwrap().to_string();
    assert!(told.contains("no pod that is hit keeps a volume"), "{told}");
    let mut unknown = scene();
    unknown.nodes[0].metadata.labels = None;
    let compute = Fault::ZoneFailure { resources: vec![ZoneResource::Compute] };
    assert!(made(&unknown, compute, &["cart-x"]).unwrap_err().contains("nobody knows its zone"));
}

#[test]
fn what_would_be_lost_for_good_is_refused() {
    let bare = made(&scene(), Fault::NodeFailure, &["bare"]).unwrap_err();
    assert!(bare.contains("nobody makes bare again"), "{bare}");
    let kept = made(&scene(), DRAIN, &["db-0"]).unwrap_err();
    assert!(kept.contains("db-0 keep data in an emptyDir"), "{kept}");
    assert!(kept.contains("safe-to-evict-local-volumes"), "{kept}");
    let safe = |names: &str| {
        let mut scene = scene();
        let db = scene.pods.iter_mut().find(|pod| pod.metadata.name.as_deref() == Some("db-0"));
        let annotations = db.unwrap().metadata.annotations.get_or_insert_default();
        annotations.insert(
            "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes".into(),
            names.into(),
        );
        made(&scene, DRAIN, &["db-0"])
    };
    assert!(safe("other, d").is_ok());
    assert!(safe("other").is_err());
    let mut alone = scene();
    alone.nodes[1] = node("n2", "a", json!({ "unschedulable": true }));
    alone.nodes[2] = node("n3", "b", json!({ "taints": [{ "key": "k", "effect": "NoSchedule" }] }));
    assert!(made(&alone, DRAIN, &["cart-x"]).unwrap_err().contains("no other node takes pods"));
    let failed = made(&alone, Fault::NodeFailure, &["cart-x"]).unwrap();
    assert!(failed[1].warnings.iter().any(|one| one.contains("they wait until it is undone")));
    let mut blind = scene();
    blind.nodes.clear();
    assert!(
        made(&blind, DRAIN, &["cart-x"]).unwrap_err().contains("listing nodes may not be allowed")
    );
    assert!(made(&scene(), DRAIN, &["gone"]).unwrap_err().contains("is gone since"));
}

#[test]
fn what_is_changed_for_one_pod_is_changed_for_all() {
    let set: BTreeMap<String, String> = [("A".to_owned(), "1".to_owned())].into();
    for source in [ConfigurationSource::File, ConfigurationSource::Environment] {
        let fault = || Fault::ConfigurationChange { source, set: set.clone() };
        let error = made(&scene(), fault(), &["cart-x"]).unwrap_err();
        assert!(error.contains("also that of cart-y") && error.contains("mode: all"), "{error}");
        let all = made(&scene(), fault(), &["cart-x", "cart-y"]).unwrap();
        match &all[0].act {
            Act::Settings { maps, .. } => {
                let wanted = [("more".to_owned(), false), ("settings".to_owned(), true)];
                assert_eq!(*maps, BTreeMap::from(wanted));
            }
            Act::Environment { of, .. } => {
                assert_eq!(*of, cart());
                let hash = Some("hash-cart-2".to_owned());
                assert_eq!(all[0].back, [Back::Ready { of: cart(), least: Some(2), hash }]);
            }
            other => panic!("{other:?}"),
        }
    }
    let bare = Fault::ConfigurationChange { source: ConfigurationSource::Environment, set };
    assert!(made(&scene(), bare, &["bare"]).unwrap_err().contains("made by no workload"));
    let named: BTreeMap<String, String> = [("more/A".to_owned(), "1".to_owned())].into();
    let fault = Fault::ConfigurationChange { source: ConfigurationSource::File, set: named };
    let all = made(&scene(), fault, &["cart-x", "cart-y"]).unwrap();
    assert!(matches!(&all[0].act, Act::Settings { maps, .. } if maps.len() == 1));
}

#[test]
fn a_certificate_expired_before_the_fault() {
    let all = made(&scene(), Fault::CertificateExpiry, &["db-0"]).unwrap();
    let Act::Certificate { secrets, expired } = &all[0].act else { panic!("{all:?}") };
    assert_eq!(
        (secrets.as_slice(), *expired),
        (&["tls".to_owned()][..], 1_700_000_000_000 - 60_000 - SINCE)
    );
    assert!(
        made(&scene(), Fault::CertificateExpiry, &["cart-x"])
            .unwrap_err()
            .contains("mount no Secret")
    );
}

fn scaled(scene: &Scene, replicas: Replicas, victims: &[&str]) -> Result<Vec<Action>, String> {
    made(scene, Fault::Scale { replicas }, victims)
}

#[test]
fn workloads_get_as_many_pods_as_is_asked() {
    let mut free = scene();
    free.autoscalers.clear();
    let both = ["cart-x", "cart-y"];
    for (replicas, wanted) in [
        (Replicas::Count(0), 0),
        (Replicas::Count(5), 5),
        (Replicas::Change(-50), 1),
        (Replicas::Change(50), 3),
    ] {
        let all = scaled(&free, replicas, &both).unwrap();
        assert_eq!(all[0].act, Act::Scale { of: cart(), replicas: wanted });
        assert_eq!(all[0].back, [Back::Ready { of: cart(), least: Some(2), hash: None }]);
        assert!(all[0].warnings.is_empty());
    }
    let refused = |victims: &[&str]| scaled(&free, Replicas::Count(0), victims).unwrap_err();
    assert!(refused(&["cart-x"]).contains("also that of cart-y"));
    assert!(refused(&["log-1"]).contains("a pod on each node"));
    assert!(refused(&["bare"]).contains("made by no workload"));
    assert!(refused(&["db-0"]).contains("nobody knows how many pods it wants"));
}

#[test]
fn an_autoscaler_undoes_every_number_but_none() {
    let both = ["cart-x", "cart-y"];
    let all = scaled(&scene(), Replicas::Count(0), &both).unwrap();
    let told = all[0].warnings[0].to_string();
    assert!(told.contains("HorizontalPodAutoscaler cart-size (at least 2, at most 9)"), "{told}");
    for replicas in [Replicas::Count(1), Replicas::Change(-50)] {
        let error = scaled(&scene(), replicas, &both).unwrap_err();
        assert!(error.contains("HorizontalPodAutoscaler cart-size"), "{error}");
        assert!(error.contains("undo any number but 0"), "{error}");
    }
}

#[test]
fn images_change_and_pods_restart_as_a_rollout_does() {
    let both = ["cart-x", "cart-y"];
    let image = Fault::ImageChange { image: "cart:2".to_owned(), container: None };
    let all = made(&scene(), image.clone(), &both).unwrap();
    let wanted = Act::Image { of: cart(), image: "cart:2".to_owned(), container: None };
    assert_eq!(all[0].act, wanted);
    let hash = Some("hash-cart-2".to_owned());
    assert_eq!(all[0].back, [Back::Ready { of: cart(), least: Some(2), hash }]);
    let all = made(&scene(), Fault::RolloutRestart, &both).unwrap();
    assert_eq!(all[0].act, Act::Restart { of: cart(), at: step().began() });
    // Its pods are the same, and their hash is another one.
    assert_eq!(all[0].back, [Back::Ready { of: cart(), least: Some(2), hash: None }]);
    for fault in [image, Fault::RolloutRestart] {
        assert!(made(&scene(), fault, &["cart-y"]).unwrap_err().contains("also that of cart-x"));
    }
}

/// Every kind of act, by its name; a new one does not compile before it is here.
const fn named(act: &Act) -> &'static str {
    match act {
        Act::Cordon { .. } => "cordon",
        Act::Evict { .. } => "evict",
        Act::Delete { .. } => "delete",
        Act::Scale { .. } => "scale",
        Act::Settings { .. } => "settings",
        Act::Environment { .. } => "environment",
        Act::Image { .. } => "image",
        Act::Restart { .. } => "restart",
        Act::Certificate { .. } => "certificate",
        Act::Unbind { .. } => "unbind",
    }
}

#[test]
fn a_file_can_ask_for_every_act() {
    let ask = |text: &str| {
        let file =
            format!("target: {{ kubernetes: {{ namespace: shop }} }}\nexperiments: [{text}]\n");
        let (plan, problems) = crate::gameday::read::inspect(&file, "acts.yaml");
        let plan = plan.unwrap_or_else(|| panic!("{problems:?}"));
        plan.injections().map(|(_, one)| one.experiment.fault.clone()).next().unwrap()
    };
    let (cart, node) = ("target: { service: cart }", "target: { node: n1 }");
    let both: &[&str] = &["cart-x", "cart-y"];
    let mut found = std::collections::BTreeSet::new();
    for (text, victims) in [
        (format!("{{ type: node-failure, {node} }}"), &["cart-x"][..]),
        (format!("{{ type: node-drain, {node} }}"), &["cart-x"]),
        (format!("{{ type: scale, replicas: 0, {cart} }}"), both),
        (format!("{{ type: image-change, image: \"cart:2\", {cart} }}"), both),
        (format!("{{ type: rollout-restart, {cart} }}"), both),
        (format!("{{ type: configuration-change, set: {{ a: b }}, {cart} }}"), both),
        (
            format!(
                "{{ type: configuration-change, source: environment, set: {{ a: b }}, {cart} }}"
            ),
            both,
        ),
        ("{ type: certificate-expiry }".to_owned(), &["db-0"]),
        ("{ type: rbac-mutation }".to_owned(), both),
    ] {
        let all = made(&scene(), ask(&text), victims).unwrap_or_else(|why| panic!("{text}: {why}"));
        found.extend(all.iter().map(|action| named(&action.act)));
    }
    let every = [
        "certificate",
        "cordon",
        "delete",
        "environment",
        "evict",
        "image",
        "restart",
        "scale",
        "settings",
        "unbind",
    ];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), every);
}

#[test]
fn what_is_no_matter_of_the_cluster_is_left_to_others_or_refused_with_the_reason() {
    assert!(made(&scene(), Fault::DnsChaos, &["cart-x"]).unwrap().is_empty());
    assert!(made(&scene(), Fault::PodHang, &["cart-x"]).unwrap().is_empty());
    let rows = Fault::DataCorruption { table: "t".to_owned(), rows: 1 };
    assert!(supports(&rows).unwrap().unwrap_err().contains("http-chaos"));
    assert!(supports(&Fault::TrafficFlood { rps: 1.0 }).is_none());
}
