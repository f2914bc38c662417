//! The shop of `deploy/shop`: its manifests fit together and to the shipped game days. That its parts work is `parts`'.

mod inside;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use gameday::cli::library::BUILT_IN;
use gameday::gameday::fault::{ConfigurationSource, Fault};
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
    maps: BTreeMap<String, Labels>,
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
                    let map = strict::<ConfigMap>(&one, &at);
                    shop.maps.insert(name, map.data.unwrap());
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

    /// What the ConfigMaps say that it mounts.
    fn settings(&self, shop: &Shop) -> Labels {
        let volumes = self.template.spec.as_ref().unwrap().volumes.iter().flatten();
        let maps = volumes.filter_map(|one| Some(&one.config_map.as_ref()?.name));
        maps.flat_map(|map| shop.maps[map].clone()).collect()
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
        let service = &container.args.as_ref().unwrap()[1];
        assert_eq!(at.strip_suffix("-canary").unwrap_or(at), service, "{at} runs itself");
        let volumes = pod.volumes.iter().flatten();
        for map in volumes.clone().filter_map(|one| one.config_map.as_ref()) {
            assert!(shop.maps.contains_key(&map.name), "{at}: {}", map.name);
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
        let service = one.template.spec.as_ref().unwrap().containers[0].args.as_ref().unwrap();
        assert!(served.contains(service[1].as_str()), "{} is called by its name", one.name);
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
        let line = "target: { kubernetes: { namespace: shop, url: \"http://127.0.0.1:30080\", shop: true } }";
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
            if let Fault::ConfigurationChange { source, set } = fault {
                let behind = shop.behind(&planned.experiment.selector);
                for (key, workload) in behind.flat_map(|one| set.keys().map(move |key| (key, one)))
                {
                    let known = match source {
                        ConfigurationSource::Environment => key.starts_with("SHOP_"),
                        ConfigurationSource::File => workload.settings(&shop).contains_key(key),
                    };
                    assert!(known, "{name}: {} reads no {key}", workload.name);
                }
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
