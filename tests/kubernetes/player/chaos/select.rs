//! Which targets a selector chooses. Pure.

use gameday::kubernetes::name::digest;
use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::Value;

use super::super::cluster::{expression, selects};
use super::table::Targets;

/// The namespaces in which pods have to be looked for.
pub fn namespaces(selector: &Value, own: &str) -> Vec<String> {
    if let Some(pods) = selector["pods"].as_object() {
        return pods.keys().cloned().collect();
    }
    let named = selector["namespaces"].as_array().filter(|named| !named.is_empty());
    match named {
        Some(named) => named.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => vec![own.to_owned()],
    }
}

/// The ids of what a selector with its mode chooses, of the pods of its namespaces.
pub fn choose(
    chooser: &Value,
    targets: Targets,
    pods: &[DynamicObject],
    nodes: &[DynamicObject],
) -> Result<Vec<String>, String> {
    let selector = &chooser["selector"];
    let mut found = Vec::new();
    for pod in pods {
        if fits(selector, pod, nodes)? {
            found.push(pod);
        }
    }
    // Some order that is not that of the names.
    found.sort_by_key(|pod| digest(&pod.uid().unwrap_or_default()));
    if found.is_empty() {
        return Err("no pod is selected".to_owned());
    }
    let count = take(chooser, found.len())?;
    found.truncate(count);
    let named = chooser["containerNames"].as_array();
    let ids = found.into_iter().flat_map(|pod| {
        let id = format!("{}/{}", pod.namespace().unwrap_or_default(), pod.name_any());
        if targets != Targets::Containers {
            return vec![id];
        }
        let containers = pod.data["spec"]["containers"].as_array().into_iter().flatten();
        let mut names: Vec<String> =
            containers.filter_map(|one| one["name"].as_str()).map(str::to_owned).collect();
        match named.filter(|named| !named.is_empty()) {
            Some(named) => names.retain(|name| named.iter().any(|one| one == name)),
            None => names.truncate(1),
        }
        names.into_iter().map(|name| format!("{id}/{name}")).collect()
    });
    let ids: Vec<String> = ids.collect();
    if ids.is_empty() { Err("no target has been selected".to_owned()) } else { Ok(ids) }
}

/// How many of those found are taken.
fn take(chooser: &Value, found: usize) -> Result<usize, String> {
    let value = chooser["value"].as_str().and_then(|text| text.parse::<usize>().ok());
    let value = || value.ok_or_else(|| format!("cannot parse value {}", chooser["value"]));
    Ok(match chooser["mode"].as_str() {
        Some("one") => 1,
        Some("fixed") => value()?.min(found),
        Some("fixed-percent") => (found * value()?).div_ceil(100).clamp(1, found),
        Some("random-max-percent") => (found * value()?).div_ceil(100).min(found),
        _ => found,
    })
}

fn fits(selector: &Value, pod: &DynamicObject, nodes: &[DynamicObject]) -> Result<bool, String> {
    let name = pod.name_any();
    if let Some(pods) = selector["pods"].as_object() {
        let named = pods.get(&pod.namespace().unwrap_or_default()).and_then(Value::as_array);
        return Ok(named.is_some_and(|named| named.iter().any(|one| one == name.as_str())));
    }
    let map = |field: &str| selector[field].as_object().into_iter().flatten();
    let labels = map("labelSelectors")
        .all(|(key, value)| pod.labels().get(key).map(String::as_str) == value.as_str());
    let annotations = map("annotationSelectors")
        .all(|(key, value)| pod.annotations().get(key).map(String::as_str) == value.as_str());
    let expressions = selector["expressionSelectors"].as_array().into_iter().flatten();
    let expressions = expressions.into_iter().all(|one| expression(one, pod.labels()));
    let fields = map("fieldSelectors").all(|(key, value)| field(pod, key) == *value);
    let phases: Vec<&str> = strings(&selector["podPhaseSelectors"]);
    let phase = pod.data["status"]["phase"].as_str().unwrap_or("Unknown");
    let (not, yes): (Vec<&str>, Vec<&str>) = phases.iter().partition(|one| one.starts_with('!'));
    let in_phase = (yes.is_empty() || yes.contains(&phase))
        && !not.iter().any(|one| one.strip_prefix('!') == Some(phase));
    let node = on_node(selector, pod, nodes)?;
    Ok(labels && annotations && expressions && fields && in_phase && node)
}

/// Nodes by name and by label, together; without either, any.
fn on_node(selector: &Value, pod: &DynamicObject, nodes: &[DynamicObject]) -> Result<bool, String> {
    let named = strings(&selector["nodes"]);
    if let Some(unknown) =
        named.iter().find(|name| !nodes.iter().any(|node| node.name_any() == **name))
    {
        return Err(format!("Node \"{unknown}\" not found"));
    }
    let labelled = &selector["nodeSelectors"];
    let by_label = labelled.as_object().is_some_and(|labels| !labels.is_empty());
    if named.is_empty() && !by_label {
        return Ok(true);
    }
    let here = pod.data["spec"]["nodeName"].as_str().unwrap_or_default();
    let label = serde_json::json!({ "matchLabels": labelled });
    let fits = |node: &&DynamicObject| node.name_any() == here && by_label && selects(&label, node);
    Ok(named.contains(&here) || nodes.iter().any(|node| fits(&node)))
}

fn field(pod: &DynamicObject, path: &str) -> Value {
    match path {
        "metadata.name" => pod.name_any().into(),
        "metadata.namespace" => pod.namespace().into(),
        _ => {
            let parts = path.split('.');
            parts.fold(&pod.data, |value, part| &value[part]).clone()
        }
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn pods_by_name_make_every_other_selector_void_and_modes_bound() {
    use serde_json::json;
    let pod = |name: &str, app: &str, node: &str| -> DynamicObject {
        serde_json::from_value(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "shop", "uid": name, "labels": {"app": app}},
            "spec": {"nodeName": node, "containers": [{"name": "app"}, {"name": "side"}]},
        }))
        .unwrap()
    };
    let pods = [pod("a", "web", "n1"), pod("b", "web", "n2"), pod("c", "db", "n1")];
    let node: DynamicObject = serde_json::from_value(json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1", "labels": {"zone": "z"}},
    }))
    .unwrap();
    let nodes = [node];
    let run = |chooser: Value, targets| {
        let mut ids = choose(&chooser, targets, &pods, &nodes)?;
        ids.sort();
        Ok::<_, String>(ids.join(" "))
    };
    let all = |selector: Value| json!({"mode": "all", "selector": selector});
    let named = all(json!({"pods": {"shop": ["a", "gone"]}, "labelSelectors": {"app": "db"}}));
    assert_eq!(run(named, Targets::Pods).unwrap(), "shop/a");
    let web = all(json!({"labelSelectors": {"app": "web"}}));
    assert_eq!(run(web, Targets::Containers).unwrap(), "shop/a/app shop/b/app");
    let zone = all(json!({"nodeSelectors": {"zone": "z"}}));
    assert_eq!(run(zone, Targets::Pods).unwrap(), "shop/a shop/c");
    assert!(run(all(json!({"nodes": ["n9"]})), Targets::Pods).unwrap_err().contains("n9"));
    assert_eq!(
        run(all(json!({"labelSelectors": {"app": "x"}})), Targets::Pods).unwrap_err(),
        "no pod is selected"
    );
    for (mode, value, count) in
        [("one", "", 1), ("fixed", "7", 3), ("fixed-percent", "34", 2), ("fixed-percent", "1", 1)]
    {
        let chooser = json!({"mode": mode, "value": value, "selector": {}});
        assert_eq!(choose(&chooser, Targets::Pods, &pods, &nodes).unwrap().len(), count, "{mode}");
    }
}
