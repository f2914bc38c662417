//! The shop of `deploy/shop`: its manifests fit together and to the shipped game days, and its parts work as processes of their own,
//! found by names and told by their environment alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gameday::cli::library::BUILT_IN;
use gameday::gameday::fault::Fault;
use gameday::gameday::manifest::json;
use gameday::gameday::node::parse_all;
use gameday::gameday::plan::Target;
use gameday::gameday::read::inspect;
use gameday::kubernetes::injector::supported;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, PodTemplateSpec, Service, ServiceAccount};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Labels = BTreeMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/shop")
}

fn documents(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    parse_all(&text).unwrap().iter().map(|node| json(node).unwrap()).collect()
}

/// Everything that stands in `given` stands in `kept` too: the type knows every field.
fn kept(given: &Value, kept_as: &Value, at: &str) {
    match (given, kept_as) {
        (Value::Object(given), Value::Object(known)) => {
            for (key, value) in given {
                let at = format!("{at}/{key}");
                // What is empty may be left out when it is written.
                let empty = value.as_object().is_some_and(serde_json::Map::is_empty);
                match known.get(key) {
                    Some(known) => kept(value, known, &at),
                    None => assert!(empty, "{at} is no field"),
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            assert_eq!(given.len(), known.len(), "{at}");
            for (place, (given, known)) in given.iter().zip(known).enumerate() {
                kept(given, known, &format!("{at}/{place}"));
            }
        }
        _ => assert_eq!(given, kept_as, "{at}"),
    }
}

fn strict<T: DeserializeOwned + Serialize>(value: &Value, at: &str) -> T {
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|why| panic!("{at}: {why}"));
    let mut written = serde_json::to_value(&read).unwrap();
    // The type says them, and does not keep them.
    written["apiVersion"] = value["apiVersion"].clone();
    written["kind"] = value["kind"].clone();
    kept(value, &written, at);
    read
}

struct Workload {
    name: String,
    selector: Labels,
    template: PodTemplateSpec,
    service: Option<String>,
}

#[derive(Default)]
struct Shop {
    workloads: Vec<Workload>,
    services: Vec<Service>,
    budgets: Vec<PodDisruptionBudget>,
    maps: BTreeSet<String>,
    accounts: BTreeSet<String>,
    roles: BTreeSet<String>,
    bindings: Vec<RoleBinding>,
    files: BTreeSet<String>,
}

fn shop() -> Shop {
    let mut shop = Shop::default();
    let kustomization = &documents(&folder().join("kustomization.yaml"))[0];
    for file in kustomization["resources"].as_array().unwrap() {
        let file = file.as_str().unwrap();
        shop.files.insert(file.to_owned());
        for one in documents(&folder().join(file)) {
            let kind = one["kind"].as_str().unwrap();
            let name = one["metadata"]["name"].as_str().unwrap().to_owned();
            let at = format!("{file}:{kind}/{name}");
            match kind {
                "Namespace" => drop(strict::<Namespace>(&one, &at)),
                "Deployment" => {
                    let spec = strict::<Deployment>(&one, &at).spec.unwrap();
                    let selector = spec.selector.match_labels.unwrap();
                    shop.workloads.push(Workload {
                        name,
                        selector,
                        template: spec.template,
                        service: None,
                    });
                }
                "StatefulSet" => {
                    let spec = strict::<StatefulSet>(&one, &at).spec.unwrap();
                    let selector = spec.selector.match_labels.unwrap();
                    shop.workloads.push(Workload {
                        name,
                        selector,
                        template: spec.template,
                        service: spec.service_name,
                    });
                }
                "Service" => shop.services.push(strict(&one, &at)),
                "PodDisruptionBudget" => shop.budgets.push(strict(&one, &at)),
                "ConfigMap" => {
                    strict::<ConfigMap>(&one, &at);
                    shop.maps.insert(name);
                }
                "ServiceAccount" => {
                    strict::<ServiceAccount>(&one, &at);
                    shop.accounts.insert(name);
                }
                "Role" => {
                    strict::<Role>(&one, &at);
                    shop.roles.insert(name);
                }
                "RoleBinding" => shop.bindings.push(strict(&one, &at)),
                other => panic!("{at}: a {other} is not looked at"),
            }
        }
    }
    shop
}

fn matches(labels: &Labels, selector: &Labels) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

impl Shop {
    fn behind<'s>(&'s self, selector: &'s Labels) -> impl Iterator<Item = &'s Workload> {
        self.workloads.iter().filter(|one| matches(&one.labels(), selector))
    }
}

impl Workload {
    fn labels(&self) -> Labels {
        self.template.metadata.clone().unwrap().labels.unwrap()
    }

    fn ports(&self) -> BTreeSet<String> {
        let container = &self.template.spec.as_ref().unwrap().containers[0];
        container.ports.iter().flatten().filter_map(|port| port.name.clone()).collect()
    }
}

#[test]
fn the_manifests_are_what_the_api_knows_and_fit_together() {
    let shop = shop();
    let names: BTreeSet<&str> = shop.workloads.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), shop.workloads.len());
    for one in &shop.workloads {
        let at = &one.name;
        assert!(matches(&one.labels(), &one.selector), "{at}");
        let others = shop.behind(&one.selector).count();
        assert_eq!(others, 1, "{at}: its selector takes pods of another");
        let pod = one.template.spec.as_ref().unwrap();
        assert!(shop.accounts.contains(pod.service_account_name.as_ref().unwrap()), "{at}");
        let container = &pod.containers[0];
        assert_eq!(container.args.as_ref().unwrap()[1], *at, "{at} runs itself");
        let volumes = pod.volumes.iter().flatten();
        for map in volumes.clone().filter_map(|one| one.config_map.as_ref()) {
            assert!(shop.maps.contains(&map.name), "{at}: {}", map.name);
        }
        let claims: &[&str] = if one.service.is_some() { &["data"] } else { &[] };
        let volumes: BTreeSet<&str> =
            volumes.map(|one| one.name.as_str()).chain(claims.iter().copied()).collect();
        let mounts: BTreeSet<&str> =
            container.volume_mounts.iter().flatten().map(|one| one.name.as_str()).collect();
        assert_eq!(volumes, mounts, "{at}");
        for probe in
            [&container.readiness_probe, &container.liveness_probe, &container.startup_probe]
        {
            let port = &probe.as_ref().unwrap().http_get.as_ref().unwrap().port;
            let IntOrString::String(port) = port else { panic!("{at}: ports have names") };
            assert!(one.ports().contains(port), "{at}: {port}");
        }
    }
    for service in &shop.services {
        let at = service.metadata.name.as_ref().unwrap();
        let spec = service.spec.as_ref().unwrap();
        let behind: Vec<_> = shop.behind(spec.selector.as_ref().unwrap()).collect();
        assert!(!behind.is_empty(), "nobody is behind {at}");
        for port in spec.ports.iter().flatten() {
            let Some(IntOrString::String(target)) = &port.target_port else { panic!("{at}") };
            assert!(behind.iter().all(|one| one.ports().contains(target)), "{at}: {target}");
        }
    }
    let served: BTreeSet<&str> =
        shop.services.iter().filter_map(|one| one.metadata.name.as_deref()).collect();
    for one in &shop.workloads {
        assert!(served.contains(one.name.as_str()), "{} is called by its name", one.name);
        assert!(one.service.as_deref().is_none_or(|service| served.contains(service)));
    }
    for budget in &shop.budgets {
        let selector = budget.spec.as_ref().unwrap().selector.as_ref().unwrap();
        assert!(shop.behind(selector.match_labels.as_ref().unwrap()).count() > 0);
    }
    for binding in &shop.bindings {
        assert!(shop.roles.contains(&binding.role_ref.name));
        let subjects = binding.subjects.iter().flatten();
        assert!(subjects.into_iter().all(|one| shop.accounts.contains(&one.name)));
    }
    let known = ["kustomization.yaml", "kind.yaml"];
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let listed = shop.files.contains(&name) || known.contains(&name.as_str());
        assert!(!name.ends_with(".yaml") || listed, "{name} is not in kustomization.yaml");
    }
}

#[test]
fn the_shop_has_what_the_shipped_game_days_name_and_they_need_one_changed_line() {
    let shop = shop();
    let kind = &documents(&folder().join("kind.yaml"))[0];
    let nodes = kind["nodes"].as_array().unwrap();
    let at_a_node = |key: &str, value: &str| nodes.iter().any(|one| one["labels"][key] == value);
    let mut wrong = Vec::new();
    for (name, text) in BUILT_IN {
        let lines = text.lines().filter(|line| line.starts_with("target: lab")).count();
        assert_eq!(lines, 1, "{name}");
        let line = "target: { kubernetes: { namespace: shop, url: \"http://127.0.0.1:30080\" } }";
        let changed: String = text
            .lines()
            .map(|one| if one.starts_with("target: lab") { line } else { one })
            .map(|one| format!("{one}\n"))
            .collect();
        let (plan, problems) = inspect(&changed, "changed.yaml");
        let plan = plan.unwrap_or_else(|| panic!("{name}: {problems:?}"));
        assert!(matches!(plan.target, Target::Kubernetes(_)));
        for (_, planned) in plan.injections() {
            // Nothing of a cluster reaches the rows of a database; whatever else there is is done on one.
            let fault = &planned.experiment.fault;
            let can = supported(fault).is_ok() || matches!(fault, Fault::TrafficFlood { .. });
            let only_lab = matches!(fault, Fault::DataCorruption { .. });
            if can == only_lab {
                wrong.push(format!("{name}: {}: {:?}", planned.name, supported(fault)));
            }
            let sides =
                [Some(&planned.experiment.selector), planned.experiment.destination.as_ref()];
            for side in sides.into_iter().flatten() {
                let mut labels = side.clone();
                for place in ["zone", "node"] {
                    if let Some(value) = labels.remove(place) {
                        assert!(at_a_node(place, &value), "{name}: no node is in {place} {value}");
                    }
                }
                assert!(shop.behind(&labels).count() > 0, "{name}: nobody has {labels:?}");
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A part of the shop; killed when it is dropped.
struct Part {
    child: Child,
    port: u16,
    metrics: u16,
}

impl Drop for Part {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The status and the whole answer; `None`: nobody answered.
fn ask(port: u16, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let head = "host: shop\r\ncookie: session=7\r\nconnection: close";
    ask(port, &format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n"))
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{what} does not happen");
        std::thread::yield_now();
    }
}

fn start(
    service: &str,
    data: &Path,
    ports: (u16, u16),
    upstreams: &str,
    config: Option<&Path>,
) -> Part {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gameday"));
    command.arg("shop").env("GAMEDAY_SHOP_SERVICE", service).env("GAMEDAY_SHOP_POD", service);
    command.env("GAMEDAY_SHOP_DATA", data).env("GAMEDAY_SHOP_LISTEN", "127.0.0.1");
    command.env("GAMEDAY_SHOP_PORT", ports.0.to_string());
    command.env("GAMEDAY_SHOP_METRICS_PORT", ports.1.to_string());
    command.env("GAMEDAY_SHOP_SECURE_PORT", "0").env("GAMEDAY_SHOP_UPSTREAMS", upstreams);
    if let Some(config) = config {
        command.env("GAMEDAY_SHOP_CONFIG", config);
    }
    let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let frames =
        !["api-gateway", "web-app", "backend-service", "oauth-provider"].contains(&service);
    Part { child, port: ports.0, metrics: if frames { ports.1 } else { ports.0 } }
}

#[test]
fn each_part_runs_as_a_process_of_its_own_and_a_purchase_reaches_the_database() {
    let scratch = tempfile::tempdir().unwrap();
    let services = [
        "database-primary",
        "database-replica",
        "message-queue",
        "oauth-provider",
        "cache-service",
        "backend-service",
        "web-app",
        "api-gateway",
    ];
    let ports: BTreeMap<&str, (u16, u16)> =
        services.iter().map(|one| (*one, (free_port(), free_port()))).collect();
    let all: Vec<String> =
        ports.iter().map(|(one, (port, _))| format!("{one}=127.0.0.1:{port}")).collect();
    let all = all.join(",");
    let config = scratch.path().join("gateway.yaml");
    fs::write(&config, "maintenance: off\n").unwrap();
    let begin = |one: &str| {
        let data = scratch.path().join("data").join(one);
        fs::create_dir_all(&data).unwrap();
        let config = (one == "api-gateway").then_some(config.as_path());
        start(one, &data, ports[one], &all, config)
    };
    let mut parts: BTreeMap<&str, Part> = services.iter().map(|one| (*one, begin(one))).collect();
    for (name, part) in &parts {
        until(name, || get(part.metrics, "/readyz").filter(|(status, _)| *status == 200));
        assert_eq!(get(part.metrics, "/healthz").unwrap().0, 200, "{name}");
        let (_, metrics) = get(part.metrics, "/metrics").unwrap();
        assert!(metrics.contains("# TYPE"), "{name}: {metrics}");
    }
    let gateway = parts["api-gateway"].port;
    until("a page", || get(gateway, "/").filter(|(status, _)| *status == 200));
    let body = r#"{"user":7,"product":12,"quantity":1}"#;
    let buy = || {
        let head = "host: shop\r\ncookie: session=7\r\nconnection: close";
        let kind = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        ask(gateway, &format!("POST /checkout HTTP/1.1\r\n{head}\r\n{kind}\r\n\r\n{body}"))
    };
    let bought = until("a purchase", || buy().filter(|(status, _)| *status < 300));
    assert!(bought.1.contains("order") || bought.0 == 201, "{bought:?}");
    // Without the database orders wait in the queue; with its data again they are as before.
    let stopped = parts.remove("database-primary").unwrap();
    let pid = rustix::process::Pid::from_child(&stopped.child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut stopped = stopped;
    assert!(stopped.child.wait().unwrap().success(), "it ends when it is asked to");
    until("an order that waits", || buy().filter(|(status, _)| *status == 202));
    parts.insert("database-primary", begin("database-primary"));
    until("a purchase again", || buy().filter(|(status, _)| *status < 300));
    // The file is read while the pod runs.
    fs::write(&config, "maintenance: on\n").unwrap();
    until("maintenance", || get(gateway, "/").filter(|(status, _)| *status == 503));
    let (status, _) = get(gateway, "/readyz").unwrap();
    assert_eq!(status, 503);
}

#[test]
fn what_makes_no_sense_is_refused_at_once() {
    for (args, why) in [
        (vec!["shop", "web-ap"], "is no part of the shop"),
        (vec!["shop", "web-app", "--upstream", "x=y:1"], "no service \"x\""),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_gameday")).args(args).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(why), "{said}");
    }
}
