//! Custom resources: the definitions that the server starts with, and what a definition makes it serve.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use super::failure::{Cause, Failure};
use super::kinds::{Kind, Shape};
use super::time::now;

/// The folder of definitions, with the schemas of Chaos Mesh and the k6 operator.
const FOLDER: &str = "KUBE_CRDS";

/// Served without a schema when there is no such folder: group, scope of `/status`, plural, kind, short name.
#[rustfmt::skip]
const BARE: &[(&str, bool, &str, &str, &str)] = &[
    ("chaos-mesh.org", false, "podchaos", "PodChaos", ""),
    ("chaos-mesh.org", false, "networkchaos", "NetworkChaos", ""),
    ("chaos-mesh.org", false, "stresschaos", "StressChaos", ""),
    ("chaos-mesh.org", false, "timechaos", "TimeChaos", ""),
    ("chaos-mesh.org", false, "iochaos", "IOChaos", ""),
    ("chaos-mesh.org", false, "kernelchaos", "KernelChaos", ""),
    ("chaos-mesh.org", false, "dnschaos", "DNSChaos", ""),
    ("chaos-mesh.org", false, "httpchaos", "HTTPChaos", ""),
    ("chaos-mesh.org", false, "jvmchaos", "JVMChaos", ""),
    ("chaos-mesh.org", false, "blockchaos", "BlockChaos", ""),
    ("chaos-mesh.org", false, "awschaos", "AWSChaos", ""),
    ("chaos-mesh.org", false, "gcpchaos", "GCPChaos", ""),
    ("chaos-mesh.org", false, "azurechaos", "AzureChaos", ""),
    ("chaos-mesh.org", false, "physicalmachinechaos", "PhysicalMachineChaos", ""),
    ("chaos-mesh.org", false, "physicalmachines", "PhysicalMachine", ""),
    ("chaos-mesh.org", true, "podnetworkchaos", "PodNetworkChaos", ""),
    ("chaos-mesh.org", true, "podiochaos", "PodIOChaos", ""),
    ("chaos-mesh.org", true, "podhttpchaos", "PodHttpChaos", ""),
    ("chaos-mesh.org", false, "schedules", "Schedule", ""),
    ("chaos-mesh.org", true, "workflows", "Workflow", "wf"),
    ("chaos-mesh.org", true, "workflownodes", "WorkflowNode", "wfn"),
    ("chaos-mesh.org", true, "statuschecks", "StatusCheck", ""),
    ("k6.io", true, "testruns", "TestRun", ""),
    ("k6.io", true, "privateloadzones", "PrivateLoadZone", "plz"),
];

/// A definition that every server starts with, as it is stored, and what it makes the server serve.
pub struct Built {
    pub definition: Arc<Value>,
    pub kinds: Vec<Arc<Kind>>,
}

/// The definitions that every server starts with; read once.
pub fn definitions() -> &'static [Built] {
    static READ: OnceLock<Vec<Built>> = OnceLock::new();
    READ.get_or_init(|| {
        let read = match std::env::var_os(FOLDER) {
            Some(folder) if Path::new(&folder).is_dir() => read(Path::new(&folder)),
            _ => bare(),
        };
        read.into_iter().map(built).collect()
    })
}

fn built(mut definition: Value) -> Built {
    definition["metadata"]["uid"] = definition["metadata"]["name"].clone();
    definition["metadata"]["creationTimestamp"] = now().into();
    definition["metadata"]["generation"] = 1.into();
    definition["metadata"]["resourceVersion"] = "1".into();
    established(&mut definition, &now());
    let kinds = served(&definition).into_iter().map(Arc::new).collect();
    Built { definition: Arc::new(definition), kinds }
}

/// Whether the schemas are those of the projects.
pub fn with_schemas() -> bool {
    std::env::var_os(FOLDER).is_some_and(|folder| Path::new(&folder).is_dir())
}

fn read(folder: &Path) -> Vec<Value> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    std::thread::scope(|scope| {
        let reading: Vec<_> = files
            .chunks(files.len().div_ceil(4).max(1))
            .map(|some| {
                scope.spawn(|| some.iter().map(|path| definition(path)).collect::<Vec<_>>())
            })
            .collect();
        reading.into_iter().flat_map(|one| one.join().unwrap()).collect()
    })
}

fn definition(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.trim_start_matches("---").trim_start();
    let mut read: Value = serde_yaml::from_str(text)
        .unwrap_or_else(|error| panic!("{} is no definition: {error}", path.display()));
    assert_eq!(read["kind"], "CustomResourceDefinition", "{}", path.display());
    shorten(&mut read["spec"]);
    read
}

/// Takes the descriptions away, which are most of it; a property of that name is no text.
fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| name != "description" || !value.is_string());
            fields.values_mut().for_each(shorten);
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

fn bare() -> Vec<Value> {
    BARE.iter()
        .map(|(group, status, plural, kind, short)| {
            let short: Vec<&str> = short.split(',').filter(|one| !one.is_empty()).collect();
            let subs = if *status { json!({"status": {}}) } else { json!({}) };
            json!({
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": format!("{plural}.{group}")},
                "spec": {
                    "group": group, "scope": "Namespaced",
                    "names": {"kind": kind, "listKind": format!("{kind}List"), "plural": plural,
                        "singular": kind.to_lowercase(), "shortNames": short},
                    "versions": [{"name": "v1alpha1", "served": true, "storage": true, "subresources": subs,
                        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}],
                },
            })
        })
        .collect()
}

/// What a definition makes the server serve: a kind for every served version.
pub fn served(definition: &Value) -> Vec<Kind> {
    let spec = &definition["spec"];
    let names = &spec["names"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let versions = spec["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let served = versions.iter().filter(|version| version["served"] == true);
    served
        .map(|version| Kind {
            group: text(&spec["group"]),
            version: text(&version["name"]),
            kind: text(&names["kind"]),
            plural: text(&names["plural"]),
            singular: names["singular"]
                .as_str()
                .map_or_else(|| text(&names["kind"]).to_lowercase(), str::to_owned),
            short: names["shortNames"]
                .as_array()
                .map(|short| short.iter().map(text).collect())
                .unwrap_or_default(),
            namespaced: spec["scope"] == "Namespaced",
            subs: version["subresources"]
                .as_object()
                .map(|subs| subs.keys().cloned().collect())
                .unwrap_or_default(),
            schema: Shape::Structural(Arc::new(version["schema"]["openAPIV3Schema"].clone())),
            question: false,
        })
        .collect()
}

/// What is wrong with a definition.
pub fn check(kind: &Kind, definition: &Value) -> Result<(), Failure> {
    let spec = &definition["spec"];
    let name = definition["metadata"]["name"].as_str().unwrap_or_default();
    let mut causes = Vec::new();
    for field in ["group", "scope", "names", "versions"] {
        if spec[field].is_null() {
            causes.push(Cause::required(&format!("spec.{field}"), ""));
        }
    }
    let should = format!(
        "{}.{}",
        spec["names"]["plural"].as_str().unwrap_or_default(),
        spec["group"].as_str().unwrap_or_default()
    );
    if causes.is_empty() && name != should {
        let why = "must be spec.names.plural+\".\"+spec.group";
        causes.push(Cause::invalid("metadata.name", &json!(name), why));
    }
    for (at, version) in spec["versions"].as_array().into_iter().flatten().enumerate() {
        if version["schema"]["openAPIV3Schema"].is_null() {
            let field = format!("spec.versions[{at}].schema.openAPIV3Schema");
            causes.push(Cause::required(&field, "schemas are required"));
        }
    }
    if causes.is_empty() { Ok(()) } else { Err(Failure::invalid(kind, name, &causes)) }
}

/// The status of a definition that is served.
pub fn established(definition: &mut Value, at: &str) {
    let condition = |kind: &str, reason: &str, message: &str| json!({"type": kind, "status": "True", "lastTransitionTime": at, "reason": reason, "message": message});
    let versions: Vec<Value> = definition["spec"]["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|version| version["storage"] == true)
        .map(|version| version["name"].clone())
        .collect();
    definition["status"] = json!({
        "acceptedNames": definition["spec"]["names"],
        "storedVersions": versions,
        "conditions": [
            condition("NamesAccepted", "NoConflicts", "no conflicts found"),
            condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
    });
}
