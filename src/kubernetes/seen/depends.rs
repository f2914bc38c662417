//! Who needs whom, as far as environment and configuration of the pods name other services. Secrets are not looked into. Pure.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{ConfigMap, Container, Pod, PodSpec};

use crate::kubernetes::scene::Scene;

/// For each of `services` the others that its pods name; `behind` gives the pods behind one.
pub(super) fn found(
    scene: &Scene,
    services: &BTreeSet<&str>,
    behind: impl Fn(&str) -> Vec<String>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for service in services {
        let pods = behind(service);
        let texts: Vec<&str> = pods
            .iter()
            .filter_map(|name| scene.pod(name))
            .flat_map(|pod| texts(pod, scene))
            .collect();
        let named = services
            .iter()
            .filter(|other| *other != service)
            .filter(|other| texts.iter().any(|text| names(text, other, &scene.namespace)));
        needs.insert((*service).to_owned(), named.map(|name| (*name).to_owned()).collect());
    }
    needs
}

/// Everything that a pod is told.
fn texts<'a>(pod: &'a Pod, scene: &'a Scene) -> Vec<&'a str> {
    let Some(spec) = &pod.spec else { return Vec::new() };
    let containers = spec.containers.iter().chain(spec.init_containers.iter().flatten());
    let mut texts: Vec<&str> = containers.flat_map(|one| environment(one, scene)).collect();
    texts.extend(mounted(spec, scene));
    texts
}

fn environment<'a>(container: &'a Container, scene: &'a Scene) -> Vec<&'a str> {
    let mut texts = Vec::new();
    let arguments = container.command.iter().flatten().chain(container.args.iter().flatten());
    texts.extend(arguments.map(String::as_str));
    for one in container.env.iter().flatten() {
        texts.extend(one.value.as_deref());
        let key = one.value_from.as_ref().and_then(|from| from.config_map_key_ref.as_ref());
        if let Some(key) = key {
            let data = map(&key.name, scene).and_then(|map| map.data.as_ref());
            texts.extend(data.and_then(|data| data.get(&key.key)).map(String::as_str));
        }
    }
    let whole = container.env_from.iter().flatten().filter_map(|from| from.config_map_ref.as_ref());
    texts.extend(whole.filter_map(|from| map(&from.name, scene)).flat_map(values));
    texts
}

fn mounted<'a>(spec: &'a PodSpec, scene: &'a Scene) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for volume in spec.volumes.iter().flatten() {
        names.extend(volume.config_map.as_ref().map(|from| from.name.as_str()));
        let sources = volume.projected.iter().flat_map(|all| all.sources.iter().flatten());
        names.extend(
            sources.filter_map(|one| one.config_map.as_ref()).map(|from| from.name.as_str()),
        );
    }
    names.into_iter().filter_map(|name| map(name, scene)).flat_map(values).collect()
}

fn map<'a>(name: &str, scene: &'a Scene) -> Option<&'a ConfigMap> {
    scene.config_maps.iter().find(|map| map.metadata.name.as_deref() == Some(name))
}

fn values(map: &ConfigMap) -> Vec<&str> {
    map.data.iter().flat_map(|data| data.values()).map(String::as_str).collect()
}

/// Whether a text names a service as a host: in full with its namespace, or short where an address begins or a port follows, or
/// as all there is.
fn names(text: &str, service: &str, namespace: &str) -> bool {
    if text.trim() == service {
        return true;
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    text.match_indices(service).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.get(service.len()..).unwrap_or_default();
        if before.chars().next_back().is_some_and(part) {
            return false;
        }
        let full = format!(".{namespace}");
        if let Some(beyond) = after.strip_prefix(full.as_str()) {
            return beyond.starts_with(".svc") || !beyond.starts_with(part);
        }
        if after.starts_with(part) {
            return false;
        }
        let port = after
            .strip_prefix(':')
            .is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        port || before.ends_with("://") || before.ends_with('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_and_a_word_is_not() {
        for (text, named) in [
            ("http://cache:6379/0", true),
            ("cache", true),
            ("redis://user@cache", true),
            ("cache.shop", true),
            ("upstream cache.shop.svc.cluster.local;", true),
            ("cache.shop.svc:6379", true),
            ("cache:6379", true),
            ("cache.other.svc", false),
            ("cache.shopping", false),
            ("the cache is warm", false),
            ("my-cache:6379", false),
            ("cache-2:6379", false),
            ("cache: on", false),
        ] {
            assert_eq!(names(text, "cache", "shop"), named, "{text}");
        }
    }
}
