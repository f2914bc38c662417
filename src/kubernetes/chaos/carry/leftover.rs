//! What an experiment leaves in the cluster where it does not end as it should, read from objects as they are. Pure.

use serde_json::{Map, Value};

use super::super::choose::items;
use super::super::kinds::CHILDREN;
use super::super::placed::Placed;

/// The children in which a kind keeps what it does to pods: plural, kind, and where their entries stand.
pub(super) fn children(
    kind: &str,
) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    let found = CHILDREN.iter().find(|(parent, ..)| *parent == kind)?;
    Some((found.1, found.2, found.3))
}

/// Whether a child has entries from this experiment.
pub(super) fn lists(child: &Value, fields: &[&str], source: &str) -> bool {
    let all = fields.iter().flat_map(|field| items(&child["spec"][*field]));
    all.into_iter().any(|entry| entry["source"] == source)
}

/// The spec of a child without the entries from this experiment; `None`: it has none.
pub(super) fn without(child: &Value, fields: &[&str], source: &str) -> Option<Value> {
    if !lists(child, fields, source) {
        return None;
    }
    let mut spec = Map::new();
    for field in fields {
        let left = items(&child["spec"][*field]).filter(|entry| entry["source"] != source);
        spec.insert((*field).to_owned(), left.cloned().collect());
    }
    Some(Value::Object(spec))
}

/// Whether a pod still carries what a PodChaos wrote on it: the image that a container had before. Keys that would be too long are
/// cut by Chaos Mesh to the container's name, and then say nothing of whose they are.
pub(super) fn is_marked(pod: &Value, placed: &Placed) -> bool {
    let annotations = pod["metadata"]["annotations"].as_object();
    let own = format!("chaos-mesh-{}-", placed.name);
    let cut: Vec<String> = ["containers", "initContainers"]
        .into_iter()
        .flat_map(|list| items(&pod["spec"][list]))
        .filter_map(|container| container["name"].as_str())
        .flat_map(|name| [name.to_owned(), format!("{name}-normal"), format!("{name}-init")])
        .collect();
    let mut keys = annotations.into_iter().flat_map(|all| all.keys());
    keys.any(|key| key.starts_with(&own) || cut.contains(key))
}

/// The pods on which an experiment is stuck: those of its records that are not over.
pub(super) fn stuck_on(object: &Value, namespace: &str) -> Vec<String> {
    let records = items(&object["status"]["experiment"]["containerRecords"]);
    let open = records.filter(|record| {
        let count = |key: &str| record[key].as_i64().unwrap_or_default();
        record["phase"] != "Not Injected" || count("recoveredCount") < count("injectedCount")
    });
    let mut pods: Vec<String> = open
        .filter_map(|record| {
            let mut parts = record["id"].as_str()?.split('/');
            (parts.next() == Some(namespace)).then(|| parts.next().map(str::to_owned))?
        })
        .collect();
    pods.sort();
    pods.dedup();
    pods
}

/// Those of them whose going would help. Where an injection still waits for its child, a child that is gone with its pod is waited for
/// in vain.
pub(super) fn replaceable(object: &Value, placed: &Placed) -> Vec<String> {
    let records = items(&object["status"]["experiment"]["containerRecords"]);
    let waiting: Vec<&str> = records
        .filter(|record| record["phase"] == "Not Injected/Wait")
        .filter_map(|record| record["id"].as_str()?.split('/').nth(1))
        .collect();
    let mut pods = stuck_on(object, &placed.namespace);
    if children(&placed.kind).is_some() {
        pods.retain(|pod| !waiting.contains(&pod.as_str()));
    }
    pods
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_our_entries_are_taken_out_of_a_child() {
        let child = json!({"spec": {
            "ipsets": [{"name": "a", "source": "shop/gd-1"}, {"name": "b", "source": "shop/other"}],
            "tcs": [{"source": "shop/gd-1"}],
        }});
        let (plural, _, fields) = children("NetworkChaos").unwrap();
        assert_eq!(plural, "podnetworkchaos");
        let left = without(&child, fields, "shop/gd-1").unwrap();
        assert_eq!(
            left,
            json!({
            "ipsets": [{"name": "b", "source": "shop/other"}], "iptables": [], "tcs": []})
        );
        assert_eq!(without(&child, fields, "shop/gd-2"), None);
        assert_eq!(children("PodChaos"), None);
    }

    #[test]
    fn a_pod_with_the_image_of_before_is_marked() {
        let placed = Placed { name: "gd-1".into(), ..Placed::default() };
        let pod = |key: &str| {
            json!({"metadata": {"annotations": {key: "nginx"}},
            "spec": {"containers": [{"name": "app"}]}})
        };
        assert!(is_marked(&pod("chaos-mesh-gd-1-pod-failure-app-normal-image"), &placed));
        assert!(is_marked(&pod("app-normal"), &placed));
        assert!(!is_marked(&pod("chaos-mesh-gd-2-pod-failure-app-normal-image"), &placed));
        assert!(!is_marked(&pod("kubectl.kubernetes.io/restartedAt"), &placed));
    }

    #[test]
    fn only_pods_that_are_not_over_hold_it_up() {
        let record = |id: &str, phase: &str, recovered: i64| json!({"id": id, "phase": phase, "injectedCount": 1, "recoveredCount": recovered});
        let object = json!({"status": {"experiment": {"containerRecords": [
            record("shop/a/app", "Injected", 0), record("shop/b", "Not Injected", 1),
            record("shop/c", "Not Injected/Wait", 0), record("other/d", "Injected", 0),
            record("eu-1", "Injected", 0)]}}});
        assert_eq!(stuck_on(&object, "shop"), ["a", "c"]);
        let of = |kind: &str| {
            let (kind, namespace) = (kind.to_owned(), "shop".to_owned());
            replaceable(&object, &Placed { kind, namespace, ..Placed::default() })
        };
        assert_eq!(of("HTTPChaos"), ["a"]);
        assert_eq!(of("StressChaos"), ["a", "c"]);
    }
}
