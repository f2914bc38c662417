//! What the server says of itself: health, version, groups, resources, and as much of its API description as `kubectl` asks for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::failure::Failure;
use super::kinds::Kind;
use super::state::State;

const VERBS: &[&str] =
    &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// A page of text, or of JSON.
pub enum Page {
    Text(&'static str),
    Json(Value),
}

/// The page at a path.
pub fn page(state: &State, path: &str) -> Result<Page, Failure> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    Ok(Page::Json(match parts.as_slice() {
        ["livez" | "readyz" | "healthz", ..] => return Ok(Page::Text("ok")),
        ["version"] => version(),
        ["api"] => json!({
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}],
        }),
        ["apis"] => {
            let groups: Vec<Value> =
                groups(state).iter().map(|(name, versions)| group(name, versions)).collect();
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        }
        ["apis", name] => {
            let groups = groups(state);
            let Some(versions) = groups.get(*name) else {
                return Err(Failure::no_such_path());
            };
            let mut group = group(name, versions);
            group["kind"] = "APIGroup".into();
            group["apiVersion"] = "v1".into();
            group
        }
        ["api", "v1"] => resources(state, "", "v1"),
        ["apis", name, version] => {
            let groups = groups(state);
            if !groups.get(*name).is_some_and(|known| known.iter().any(|one| one == version)) {
                return Err(Failure::no_such_path());
            }
            resources(state, name, version)
        }
        ["openapi", "v3"] => descriptions(state),
        ["openapi", "v3", "api", "v1"] => description(state, "", "v1"),
        ["openapi", "v3", "apis", group, version] => description(state, group, version),
        _ => return Err(Failure::no_such_path()),
    }))
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "33", "gitVersion": "v1.33.4", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2025-08-12T00:00:00Z", "goVersion": "go1.24.5", "compiler": "gc", "platform": "linux/amd64",
    })
}

fn groups(state: &State) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for kind in state.kinds.iter().filter(|kind| !kind.group.is_empty()) {
        let versions = groups.entry(kind.group.clone()).or_default();
        if !versions.contains(&kind.version) {
            versions.push(kind.version.clone());
        }
    }
    groups
}

fn group(name: &str, versions: &[String]) -> Value {
    let told: Vec<Value> = versions
        .iter()
        .map(|version| json!({"groupVersion": format!("{name}/{version}"), "version": version}))
        .collect();
    json!({"name": name, "versions": told, "preferredVersion": told[0]})
}

fn resources(state: &State, group: &str, version: &str) -> Value {
    let kinds: Vec<&Kind> = of(state, group, version).collect();
    let resources: Vec<Value> = kinds.iter().flat_map(|kind| listed(kind)).collect();
    let group_version =
        if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version,
        "resources": resources,
    })
}

fn of<'a>(state: &'a State, group: &'a str, version: &'a str) -> impl Iterator<Item = &'a Kind> {
    let kinds = state.kinds.iter().map(|kind| &**kind);
    kinds.filter(move |kind| kind.group == group && kind.version == version)
}

fn listed(kind: &Kind) -> Vec<Value> {
    let verbs: &[&str] = if kind.question { &["create"] } else { VERBS };
    let mut own = json!({
        "name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced,
        "kind": kind.kind, "verbs": verbs,
    });
    if !kind.short.is_empty() {
        own["shortNames"] = kind.short.clone().into();
    }
    let mut all = vec![own];
    for sub in &kind.subs {
        let mut entry = json!({
            "name": format!("{}/{sub}", kind.plural), "singularName": "",
            "namespaced": kind.namespaced, "kind": kind.kind, "verbs": ["get", "patch", "update"],
        });
        let foreign = match sub.as_str() {
            "scale" => Some(("autoscaling", "v1", "Scale", json!(["get", "patch", "update"]))),
            "proxy" => {
                let verbs = json!(["create", "delete", "get", "patch", "update"]);
                Some(("", "v1", "PodProxyOptions", verbs))
            }
            "eviction" => Some(("policy", "v1", "Eviction", json!(["create"]))),
            "token" => Some(("authentication.k8s.io", "v1", "TokenRequest", json!(["create"]))),
            "binding" => Some(("", "v1", "Binding", json!(["create"]))),
            _ => None,
        };
        if let Some((group, version, kind, verbs)) = foreign {
            entry["group"] = group.into();
            entry["version"] = version.into();
            entry["kind"] = kind.into();
            entry["verbs"] = verbs;
        }
        all.push(entry);
    }
    all
}

fn descriptions(state: &State) -> Value {
    let mut paths = json!({"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1"}});
    for (group, versions) in groups(state) {
        for version in versions {
            let path = format!("apis/{group}/{version}");
            paths[&path] = json!({"serverRelativeURL": format!("/openapi/v3/{path}")});
        }
    }
    json!({"paths": paths})
}

/// Only what tells `kubectl` that the server checks fields itself.
fn description(state: &State, group: &str, version: &str) -> Value {
    let mut paths = json!({});
    for kind in of(state, group, version).filter(|kind| !kind.question) {
        let start = if group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{group}/{version}")
        };
        let space = if kind.namespaced { "/namespaces/{namespace}" } else { "" };
        let parameters: Vec<Value> = ["dryRun", "fieldManager", "fieldValidation", "force"]
            .iter()
            .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": true}}))
            .collect();
        paths[format!("{start}{space}/{}/{{name}}", kind.plural)] = json!({"patch": {
            "parameters": parameters, "responses": {},
            "x-kubernetes-action": "patch",
            "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": kind.kind},
        }});
    }
    json!({"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.33.4"}, "paths": paths})
}
