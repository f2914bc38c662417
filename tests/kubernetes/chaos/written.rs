//! What is written for each fault: the kind and spec that Chaos Mesh gets, whom it hits, and what is refused.

use gameday::gameday::fault::{
    CacheAction, Direction, Experiment, Fault, HttpAction, IoAction, Mode, NetworkAction, Stress,
    ZoneResource,
};
use gameday::gameday::span::Span;
use gameday::kubernetes::chaos::manifest::{Manifest, given, manifests, supports};
use gameday::kubernetes::chaos::rules::check;
use gameday::kubernetes::scene::Scene;
use gameday::kubernetes::step::Step;
use gameday::port::target::{FaultOrder, TargetError};
use serde_json::{Value, json};

use super::scenery::{self, pod, read};
use super::schema::Schemas;

pub fn step() -> Step {
    Step {
        run: "20261122t160500z-1a2b".into(),
        game_day: "black-friday".into(),
        name: "fault-0".into(),
        key: "20261122T160500Z-black-friday-1a2b-fault-0".into(),
        lasts: Span::from_secs(300),
        deadline: 1_795_363_200_000,
    }
}

fn order(fault: Fault, victims: &[&str], peers: &[&str]) -> FaultOrder {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    FaultOrder {
        key: step().key,
        round: 0,
        experiment: Experiment {
            fault,
            selector: [("app".to_owned(), "cart".to_owned())].into(),
            destination: None,
            mode: Mode::All,
            duration: None,
            interval: None,
        },
        victims: names(victims),
        peers: names(peers),
        lasts: step().lasts,
    }
}

fn written_in(
    scene: &Scene,
    fault: Fault,
    victims: &[&str],
    peers: &[&str],
) -> Result<Vec<Manifest>, TargetError> {
    manifests(&order(fault, victims, peers), scene, &step())
}

fn written(fault: Fault, victims: &[&str], peers: &[&str]) -> Vec<Manifest> {
    written_in(&scenery::scene(), fault, victims, peers).unwrap()
}

fn refused(fault: Fault, victims: &[&str], peers: &[&str]) -> String {
    written_in(&scenery::scene(), fault, victims, peers).unwrap_err().0
}

/// The only object, without what every object has.
fn only(fault: Fault, victims: &[&str], peers: &[&str]) -> (String, Value) {
    let all = written(fault, victims, peers);
    assert_eq!(all.len(), 1, "{all:#?}");
    let mut spec = all[0].spec().clone();
    let map = spec.as_object_mut().unwrap();
    assert_eq!(map.remove("mode"), Some(json!("all")));
    let pods = map.remove("selector").unwrap();
    assert_eq!(pods["namespaces"], json!(["shop"]));
    let duration = map.remove("duration");
    assert_eq!(duration, (!all[0].placed.one_shot).then(|| json!("10m")));
    (all[0].placed.kind.clone(), spec)
}

fn pinned(names: &[&str]) -> Value {
    json!({"mode": "all", "selector": {"namespaces": ["shop"], "pods": {"shop": names}}})
}

const MILLIS: Span = Span::from_millis(200);

/// Every fault that Chaos Mesh does, with victims that it can be done to.
fn all() -> Vec<(Fault, &'static [&'static str], &'static [&'static str])> {
    let network = |network, direction| Fault::NetworkChaos { network, direction };
    let late = NetworkAction::Delay { latency: MILLIS, jitter: Span::ZERO };
    let http = |http| Fault::HttpChaos { http, share: 1.0 };
    vec![
        (Fault::PodFailure, &["cart-1", "cart-2"], &[]),
        (Fault::DependencyFailure, &["payments-1"], &[]),
        (Fault::DatabaseFailure, &["store-0"], &[]),
        (Fault::QueueFailure, &["cart-1"], &[]),
        (Fault::AuthServiceFailure, &["cart-1"], &[]),
        (Fault::CacheFailure { action: CacheAction::Outage }, &["cart-1"], &[]),
        (Fault::CacheFailure { action: CacheAction::Flush }, &["cart-1"], &[]),
        (network(NetworkAction::Partition, Direction::Both), &["cart-1"], &["payments-1"]),
        (network(NetworkAction::Partition, Direction::To), &["cart-1"], &["payments-1"]),
        (network(late, Direction::Both), &["cart-1", "cart-2"], &["payments-1"]),
        (
            network(NetworkAction::Loss { share: 0.125 }, Direction::To),
            &["cart-1"],
            &["payments-1"],
        ),
        (
            network(NetworkAction::Bandwidth { bytes_per_second: 1 << 20 }, Direction::Both),
            &["cart-1"],
            &["payments-1"],
        ),
        (Fault::LatencyInjection { latency: MILLIS, jitter: MILLIS }, &["cart-1"], &["payments-1"]),
        (Fault::DatabaseSlowdown { latency: MILLIS, jitter: Span::ZERO }, &["store-0"], &[]),
        (Fault::ReplicaLag { lag: Span::from_secs(5) }, &["store-1"], &[]),
        (
            Fault::ZoneFailure { resources: vec![ZoneResource::Network] },
            &["payments-1", "store-0"],
            &[],
        ),
        (
            Fault::ResourceChaos { stress: Stress::CpuStress { cores: 2, load: 80 } },
            &["cart-1"],
            &[],
        ),
        (
            Fault::ResourceChaos { stress: Stress::MemoryStress { bytes: 64 << 20 } },
            &["cart-1"],
            &[],
        ),
        (Fault::TimeChaos { offset_millis: -300_000, drift: 0.0 }, &["cart-1"], &[]),
        (
            Fault::IoChaos { io: IoAction::Latency { latency: MILLIS, share: 0.3 } },
            &["store-0"],
            &[],
        ),
        (Fault::IoChaos { io: IoAction::Fault { share: 1.0 } }, &["store-0"], &[]),
        (Fault::DiskFull { free: 0 }, &["store-0"], &[]),
        (Fault::DnsChaos, &["cart-1"], &["payments-1", "store-0"]),
        (http(HttpAction::Abort), &["payments-1"], &[]),
        (http(HttpAction::Delay { latency: MILLIS }), &["payments-1"], &[]),
        (http(HttpAction::Status { code: 503 }), &["payments-1"], &[]),
        (http(HttpAction::Body), &["payments-1"], &[]),
        (Fault::PodHang, &["payments-1"], &[]),
    ]
}

#[test]
fn all_that_is_written_is_taken_by_the_rules_and_the_schemas() {
    let schemas = Schemas::given();
    for (fault, victims, peers) in all() {
        assert_eq!(supports(&fault), Some(Ok(())), "{fault:?}");
        let objects = written(fault.clone(), victims, peers);
        assert!(!objects.is_empty(), "{fault:?}");
        for one in &objects {
            assert_eq!(
                check(one, &scenery::scene()),
                Vec::<String>::new(),
                "{fault:?}\n{:#}",
                one.body
            );
            schemas.check(&one.body);
        }
        let mut names: Vec<_> = objects.iter().map(|one| &one.placed.name).collect();
        names.dedup();
        assert_eq!(names.len(), objects.len(), "{fault:?}");
    }
}

#[test]
fn what_every_object_has() {
    let object = written(Fault::DependencyFailure, &["payments-1"], &[]).remove(0);
    let metadata = &object.body["metadata"];
    assert_eq!(metadata["namespace"], "shop");
    assert_eq!(metadata["name"], step().object(0));
    let labels = &metadata["labels"];
    assert_eq!(labels["app.kubernetes.io/managed-by"], "chaos-gameday");
    assert_eq!(labels["gameday.internal/run-id"], "20261122t160500z-1a2b");
    assert_eq!(labels["gameday.internal/game-day"], "black-friday");
    assert_eq!(labels["gameday.internal/step"], "fault-0");
    assert_eq!(labels["managed-by"], Value::Null);
    assert_eq!(metadata["annotations"]["gameday.internal/deadline"], "2026-11-22T16:00:00Z");
    let placed = &object.placed;
    assert_eq!((placed.plural.as_str(), placed.one_shot), ("podchaos", false));
    assert_eq!((placed.hits[0].pod.as_str(), placed.hits[0].ready), ("payments-1", true));
    assert_eq!((placed.owners[0].name.as_str(), placed.owners[0].ready), ("payments", 1));
    let text = serde_json::to_string(placed).unwrap();
    assert_eq!(
        &serde_json::from_str::<gameday::kubernetes::chaos::placed::Placed>(&text).unwrap(),
        placed
    );
}

#[test]
fn killing_strikes_once_and_failing_stays() {
    let kill = written(Fault::PodFailure, &["cart-1"], &[]).remove(0);
    assert!(kill.placed.one_shot);
    assert_eq!(kill.spec()["duration"], Value::Null);
    assert_eq!(kill.spec()["action"], "pod-kill");
    let flush = written(Fault::CacheFailure { action: CacheAction::Flush }, &["cart-1"], &[]);
    assert_eq!(flush[0].spec(), kill.spec());
    let fail = only(Fault::DatabaseFailure, &["store-0"], &[]);
    assert_eq!(fail, ("PodChaos".into(), json!({"action": "pod-failure"})));
}

#[test]
fn one_way_of_the_network_is_what_one_side_sends() {
    let late = NetworkAction::Delay { latency: MILLIS, jitter: Span::from_millis(50) };
    let fault = |direction| Fault::NetworkChaos { network: late, direction };
    let delay = json!({"latency": "200ms", "jitter": "50ms", "correlation": "0"});
    let to = json!({"action": "delay", "delay": delay, "direction": "to",
        "target": pinned(&["payments-1"]), "externalTargets": ["10.96.0.2"]});
    assert_eq!(
        only(fault(Direction::To), &["cart-1"], &["payments-1"]),
        ("NetworkChaos".into(), to)
    );
    let both = written(fault(Direction::Both), &["cart-1", "cart-2"], &["payments-1"]);
    assert_eq!(both.len(), 2);
    assert_eq!(both[1].spec()["selector"]["pods"]["shop"], json!(["payments-1"]));
    assert_eq!(both[1].spec()["externalTargets"], json!(["10.96.0.1"]));
    assert_eq!(both[1].spec()["target"], pinned(&["cart-1", "cart-2"]));
    // Others stand behind the service, too, and are not to be hit.
    let both = written(fault(Direction::Both), &["cart-1"], &["payments-1"]);
    assert_eq!(both[1].spec()["externalTargets"], Value::Null);
    let why = refused(fault(Direction::From), &["cart-1"], &["payments-1"]);
    assert!(why.contains("service cart") && why.contains("direction: both"), "{why}");
}

#[test]
fn a_partition_names_both_sides() {
    let fault =
        Fault::NetworkChaos { network: NetworkAction::Partition, direction: Direction::From };
    let spec =
        json!({"action": "partition", "direction": "from", "target": pinned(&["payments-1"])});
    assert_eq!(only(fault.clone(), &["cart-1"], &["payments-1"]), ("NetworkChaos".into(), spec));
    let why = refused(fault, &["cart-1"], &[]);
    assert!(why.contains("name a destination"), "{why}");
    let zone = Fault::ZoneFailure { resources: vec![ZoneResource::Network, ZoneResource::Compute] };
    let (_, spec) = only(zone, &["cart-2", "payments-1", "store-0", "store-1", "busy"], &[]);
    assert_eq!(spec["direction"], "both");
    // Neither the tools of the exercise, nor what has the network of its node.
    assert_eq!(spec["target"], pinned(&["cart-1", "lonely", "remote"]));
}

#[test]
fn late_requests_are_late_once() {
    let fault = Fault::LatencyInjection { latency: MILLIS, jitter: Span::ZERO };
    let one = written(fault, &["cart-1"], &["payments-1"]).remove(0);
    assert_eq!(one.spec()["selector"]["pods"]["shop"], json!(["payments-1"]));
    assert_eq!(
        (&one.spec()["direction"], &one.spec()["target"]),
        (&json!("to"), &pinned(&["cart-1"]))
    );
    let fault = Fault::DatabaseSlowdown { latency: MILLIS, jitter: Span::ZERO };
    let (_, spec) = only(fault, &["store-0"], &[]);
    let callers = &spec["target"]["selector"]["pods"]["shop"];
    assert_eq!(callers, &json!(["cart-1", "cart-2", "payments-1", "lonely", "busy", "remote"]));
    let one = written(Fault::ReplicaLag { lag: Span::from_secs(5) }, &["store-1"], &[]).remove(0);
    assert_eq!(one.spec()["selector"]["pods"]["shop"], json!(["store-0"]));
    assert_eq!(one.spec()["target"], pinned(&["store-1"]));
    assert_eq!(one.spec()["delay"]["latency"], "5000ms");
}

#[test]
fn figures_are_written_as_chaos_mesh_reads_them() {
    let cpu = Fault::ResourceChaos { stress: Stress::CpuStress { cores: 2, load: 80 } };
    let spec = json!({"containerNames": ["app"], "stressors": {"cpu": {"workers": 2, "load": 80}}});
    assert_eq!(only(cpu, &["cart-1"], &[]), ("StressChaos".into(), spec));
    for (bytes, size) in [(64 << 20, "64MiB"), (1_500_000, "1500000B")] {
        let fault = Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } };
        assert_eq!(only(fault, &["cart-1"], &[]).1["stressors"]["memory"]["size"], size);
    }
    let clock = Fault::TimeChaos { offset_millis: -300_000, drift: 0.0 };
    assert_eq!(only(clock, &["cart-1"], &[]).1["timeOffset"], "-300000ms");
    let (kind, spec) = only(Fault::DiskFull { free: 0 }, &["store-0"], &[]);
    assert_eq!(kind, "IOChaos");
    assert_eq!((&spec["errno"], &spec["volumePath"]), (&json!(28), &json!("/var/lib/data")));
    assert_eq!(spec["containerNames"], json!(["db"]));
    let io = Fault::IoChaos { io: IoAction::Latency { latency: MILLIS, share: 0.3 } };
    let (_, spec) = only(io, &["store-0"], &[]);
    assert_eq!((&spec["percent"], &spec["delay"]), (&json!(30), &json!("200ms")));
    let loss = Fault::NetworkChaos {
        network: NetworkAction::Loss { share: 0.125 },
        direction: Direction::To,
    };
    assert_eq!(only(loss, &["cart-1"], &["payments-1"]).1["loss"]["loss"], "12.5");
    let narrow = NetworkAction::Bandwidth { bytes_per_second: 1 << 20 };
    let narrow = Fault::NetworkChaos { network: narrow, direction: Direction::To };
    let (_, spec) = only(narrow, &["cart-1"], &["payments-1"]);
    assert_eq!(spec["bandwidth"], json!({"rate": "1048576bps", "buffer": 10485, "limit": 524_288}));
    let (_, spec) = only(Fault::DnsChaos, &["cart-1"], &["payments-1", "store-0"]);
    assert_eq!(
        spec["patterns"],
        json!(["payments.shop.svc.*", "store-0.stores.shop.svc.*", "stores.shop.svc.*"])
    );
    let http = Fault::HttpChaos { http: HttpAction::Status { code: 503 }, share: 1.0 };
    let (_, spec) = only(http, &["payments-1"], &[]);
    assert_eq!(
        spec,
        json!({"target": "Response", "port": 8080, "path": "*", "replace": {"code": 503}})
    );
    // Longer than it stays: a request that is taken is not answered while it does.
    let (_, spec) = only(Fault::PodHang, &["payments-1"], &[]);
    let hangs = json!({"target": "Request", "port": 8080, "path": "*", "delay": "10m"});
    assert_eq!(spec, hangs);
}

#[test]
fn more_than_fifty_pods_go_into_several_objects() {
    let mut scene = scenery::scene();
    let names: Vec<String> = (0..120).map(|n| format!("many-{n}")).collect();
    scene.pods.extend(names.iter().map(|name| read(pod(name, "many", "node-a"))));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sizes = |objects: &[Manifest]| -> Vec<usize> {
        objects
            .iter()
            .map(|one| one.spec()["selector"]["pods"]["shop"].as_array().unwrap().len())
            .collect()
    };
    let objects = written_in(&scene, Fault::PodFailure, &names, &[]).unwrap();
    assert_eq!(sizes(&objects), [50, 50, 20]);
    let cpu = Fault::ResourceChaos { stress: Stress::CpuStress { cores: 1, load: 10 } };
    assert_eq!(sizes(&written_in(&scene, cpu, &names, &[]).unwrap()), [50, 50, 20]);
    let zone = Fault::ZoneFailure { resources: vec![ZoneResource::Network] };
    let objects = written_in(&scene, zone, &names[..60], &[]).unwrap();
    assert_eq!(sizes(&objects), [50, 50, 10, 10]);
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut scene = scenery::scene();
    let mut two = pod("two", "two", "node-a");
    two["spec"]["containers"] = json!([{"name": "a", "ports": [{"containerPort": 1}]}, {"name": "b", "ports": [{"containerPort": 2}]}]);
    scene.pods.push(read(two));
    let cpu = Fault::ResourceChaos { stress: Stress::CpuStress { cores: 1, load: 10 } };
    let http = Fault::HttpChaos { http: HttpAction::Abort, share: 1.0 };
    let long = Span::from_secs(7200);
    let refused =
        |fault: Fault, victims: &[&str]| written_in(&scene, fault, victims, &[]).unwrap_err().0;
    for (why, part) in [
        (refused(cpu.clone(), &["two"]), "containers a, b"),
        (refused(http, &["two"]), "ports 1, 2"),
        (refused(Fault::DiskFull { free: 0 }, &["cart-1"]), "no volume to write to"),
        (refused(Fault::DiskFull { free: 1 }, &["store-0"]), "free: 0B"),
        (refused(cpu.clone(), &["gone"]), "pod gone is not in namespace shop"),
        (refused(cpu.clone(), &[]), "nobody is hit"),
        (refused(Fault::DnsChaos, &["cart-1"]), "no service"),
        (refused(Fault::ReplicaLag { lag: Span::from_secs(60) }, &["store-1"]), "at most 10s"),
        (refused(Fault::ReplicaLag { lag: MILLIS }, &["cart-1"]), "role: primary"),
        (refused(Fault::TimeChaos { offset_millis: 1, drift: 0.5 }, &["cart-1"]), "no drift"),
        (
            refused(Fault::ResourceChaos { stress: Stress::IoStress { workers: 1 } }, &["cart-1"]),
            "io-chaos",
        ),
        (
            refused(Fault::HttpChaos { http: HttpAction::Abort, share: 0.5 }, &["cart-1"]),
            "share: 100%",
        ),
        (
            refused(Fault::IoChaos { io: IoAction::Fault { share: 0.005 } }, &["store-0"]),
            "whole percents",
        ),
    ] {
        assert!(why.contains(part), "{why}");
    }
    let mut long_order = order(cpu, &["cart-1"], &[]);
    long_order.lasts = long;
    let why = manifests(&long_order, &scene, &step()).unwrap_err().0;
    assert!(why.contains("longer than 1h"), "{why}");
    for fault in [Fault::RolloutRestart, Fault::NodeFailure, Fault::CertificateExpiry] {
        assert_eq!(supports(&fault), None);
        assert_eq!(written_in(&scene, fault, &["cart-1"], &[]), Ok(Vec::new()));
    }
}

#[test]
fn a_given_manifest_becomes_ours() {
    let schemas = Schemas::given();
    for (path, text) in super::rules::manifests("good") {
        let value: Value = serde_yaml::from_str(&text).unwrap();
        let one = given(value.clone(), "shop", &step(), 0).unwrap();
        assert_eq!(one.body["metadata"]["name"], step().object(0));
        assert_eq!(one.placed.kind, value["kind"]);
        assert_eq!(check(&one, &scenery::scene()), Vec::<String>::new(), "{}", path.display());
        schemas.check(&one.body);
    }
    let given = |text: &str| given(serde_yaml::from_str(text).unwrap(), "shop", &step(), 0);
    let head = "apiVersion: chaos-mesh.org/v1alpha1\n";
    let stress = "kind: StressChaos\nspec: { mode: all, selector: { labelSelectors: { app: cart } }, stressors: { cpu: { workers: 1 } }";
    let one = given(&format!("{head}{stress} }}")).unwrap();
    assert_eq!(one.spec()["duration"], "10m");
    assert_eq!(one.spec()["selector"]["namespaces"], json!(["shop"]));
    // Whoever wrote less than the plan meant it.
    let one = given(&format!("{head}{stress}, duration: 90s }}")).unwrap();
    assert_eq!(one.spec()["duration"], "1m30s");
    for (text, part) in [
        (format!("{head}{stress}, duration: 5minutes }}"), "spec.duration"),
        (format!("{head}metadata: {{ namespace: other }}\n{stress} }}"), "is to be in other"),
        (format!("{head}kind: KernelChaos\nspec: {{}}"), "does not work in Chaos Mesh 2.8"),
        (format!("{head}kind: Chaos\nspec: {{}}"), "has no \"Chaos\""),
        (format!("{head}kind: PodChaos"), "no spec"),
        ("apiVersion: v1\nkind: Pod\nspec: {}".to_owned(), "is not Chaos Mesh"),
    ] {
        let why = given(&text).unwrap_err();
        assert!(why.contains(part), "{why}");
    }
}
