//! Whom a selector of Chaos Mesh means, in a scene. Pure. It finds everyone who may be meant: `mode` takes some of them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Node, Pod};
use serde_json::Value;

use super::pod;
use crate::kubernetes::scene::Scene;

type Labels = BTreeMap<String, String>;

/// What says whom a selector means. A selector with none of them means every pod.
pub const CHOOSING: [&str; 7] = [
    "labelSelectors",
    "expressionSelectors",
    "annotationSelectors",
    "fieldSelectors",
    "nodes",
    "nodeSelectors",
    "pods",
];

/// The pods of the scene that a selector means.
pub fn pods<'a>(selector: &Value, scene: &'a Scene) -> Vec<&'a Pod> {
    let here = |pod: &&Pod| {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or(&scene.namespace);
        let namespaces = words(&selector["namespaces"]);
        namespaces.is_empty() || namespaces.contains(&namespace)
    };
    if let Some(named) = selector["pods"].as_object().filter(|named| !named.is_empty()) {
        let named: Vec<&str> = named.get(&scene.namespace).map(words).unwrap_or_default();
        return scene.pods.iter().filter(|one| named.contains(&pod::name(one))).collect();
    }
    scene.pods.iter().filter(here).filter(|one| means(selector, one, scene)).collect()
}

fn means(selector: &Value, pod: &Pod, scene: &Scene) -> bool {
    let empty = Labels::new();
    let labels = pod.metadata.labels.as_ref().unwrap_or(&empty);
    let annotations = pod.metadata.annotations.as_ref().unwrap_or(&empty);
    all_equal(&selector["labelSelectors"], |key| labels.get(key).map(String::as_str))
        && all_equal(&selector["annotationSelectors"], |key| {
            annotations.get(key).map(String::as_str)
        })
        && all_equal(&selector["fieldSelectors"], |key| field(pod, key))
        && items(&selector["expressionSelectors"]).all(|one| expressed(one, labels))
        && in_phase(&words(&selector["podPhaseSelectors"]), pod)
        && on_node(selector, pod, scene)
}

fn all_equal<'a>(wanted: &Value, has: impl Fn(&str) -> Option<&'a str>) -> bool {
    let wanted = wanted.as_object().into_iter().flatten();
    wanted.into_iter().all(|(key, value)| has(key).is_some() && has(key) == value.as_str())
}

fn field<'a>(pod: &'a Pod, key: &str) -> Option<&'a str> {
    let status = pod.status.as_ref();
    match key {
        "metadata.name" => pod.metadata.name.as_deref(),
        "metadata.namespace" => pod.metadata.namespace.as_deref(),
        "spec.nodeName" => pod::node(pod),
        "status.phase" => status.and_then(|status| status.phase.as_deref()),
        "status.podIP" => status.and_then(|status| status.pod_ip.as_deref()),
        _ => None,
    }
}

fn expressed(one: &Value, labels: &Labels) -> bool {
    let value = labels.get(one["key"].as_str().unwrap_or_default()).map(String::as_str);
    let values = words(&one["values"]);
    match one["operator"].as_str() {
        Some("In") => value.is_some_and(|value| values.contains(&value)),
        Some("NotIn") => value.is_none_or(|value| !values.contains(&value)),
        Some("Exists") => value.is_some(),
        Some("DoesNotExist") => value.is_none(),
        _ => false,
    }
}

fn in_phase(phases: &[&str], pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default();
    let excluded = phases.iter().any(|one| one.strip_prefix('!') == Some(phase));
    let mut wanted = phases.iter().filter(|one| !one.starts_with('!')).peekable();
    !excluded && (wanted.peek().is_none() || wanted.any(|one| *one == phase))
}

/// Nodes by name and nodes by label add up.
fn on_node(selector: &Value, one: &Pod, scene: &Scene) -> bool {
    let names = words(&selector["nodes"]);
    let labels = selector["nodeSelectors"].as_object().filter(|labels| !labels.is_empty());
    if names.is_empty() && labels.is_none() {
        return true;
    }
    let Some(node) = pod::node(one) else { return false };
    let labelled = |node: &Node| {
        let has = |key: &str| node.metadata.labels.as_ref()?.get(key).map(String::as_str);
        labels.is_some() && all_equal(&selector["nodeSelectors"], has)
    };
    let found = scene.nodes.iter().find(|one| one.metadata.name.as_deref() == Some(node));
    names.contains(&node) || found.is_some_and(labelled)
}

/// The texts of a list.
pub fn words(list: &Value) -> Vec<&str> {
    items(list).filter_map(Value::as_str).collect()
}

/// The items of a list.
pub fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scene() -> Scene {
        let pod = |name: &str, app: &str, node: &str, phase: &str| {
            serde_json::from_value(json!({
                "metadata": {"name": name, "namespace": "shop", "labels": {"app": app}},
                "spec": {"nodeName": node, "containers": []},
                "status": {"phase": phase},
            }))
            .unwrap()
        };
        let node = |name: &str, zone: &str| {
            serde_json::from_value(json!({"metadata": {"name": name, "labels": {"zone": zone}}}))
                .unwrap()
        };
        Scene {
            namespace: "shop".into(),
            pods: vec![
                pod("cart-1", "cart", "a1", "Running"),
                pod("cart-2", "cart", "b1", "Running"),
                pod("pay-1", "pay", "b1", "Pending"),
            ],
            nodes: vec![node("a1", "a"), node("b1", "b")],
            ..Scene::default()
        }
    }

    #[test]
    fn a_selector_means_these() {
        let scene = scene();
        for (selector, expected) in [
            (json!({}), "cart-1 cart-2 pay-1"),
            (json!({"namespaces": ["other"], "labelSelectors": {"app": "cart"}}), ""),
            (json!({"namespaces": ["shop"], "labelSelectors": {"app": "cart"}}), "cart-1 cart-2"),
            (json!({"labelSelectors": {"app": "cart", "x": "y"}}), ""),
            (
                json!({"expressionSelectors": [{"key": "app", "operator": "NotIn", "values": ["cart"]}]}),
                "pay-1",
            ),
            (json!({"expressionSelectors": [{"key": "zone", "operator": "Exists"}]}), ""),
            (json!({"fieldSelectors": {"spec.nodeName": "b1"}}), "cart-2 pay-1"),
            (json!({"podPhaseSelectors": ["Running"]}), "cart-1 cart-2"),
            (json!({"podPhaseSelectors": ["!Running"]}), "pay-1"),
            (json!({"nodeSelectors": {"zone": "a"}}), "cart-1"),
            (json!({"nodeSelectors": {"zone": "a"}, "nodes": ["b1"]}), "cart-1 cart-2 pay-1"),
            (
                json!({"pods": {"shop": ["pay-1", "gone"]}, "labelSelectors": {"app": "cart"}}),
                "pay-1",
            ),
            (json!({"pods": {"other": ["pay-1"]}}), ""),
        ] {
            let found: Vec<_> = pods(&selector, &scene).into_iter().map(pod::name).collect();
            assert_eq!(found.join(" "), expected, "{selector}");
        }
    }
}
