//! Volumes that fail with their zone: nobody can use them from elsewhere, so that they are out of reach while its nodes take no
//! pods, and nothing in them is lost. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Node, NodeSelectorRequirement, NodeSelectorTerm, PersistentVolume, Pod,
};

use super::pods::name;
use crate::exercise::said::{Said, said};
use crate::gameday::text::printable;
use crate::kubernetes::scene::{Scene, claims};

/// What becomes of the volumes of `pods` when these nodes fail.
///
/// # Errors
/// When one of them can be used from another node: it would follow its pod there, and not fail. When one cannot be seen.
pub(super) fn out_of_reach(scene: &Scene, nodes: &[&Node], pods: &[&Pod]) -> Result<Said, String> {
    let failing = |node: &&Node| nodes.iter().any(|one| one.metadata.name == node.metadata.name);
    let mut found = Vec::new();
    for pod in pods {
        for claim in claims(pod) {
            let volume = volume(scene, pod, claim)?;
            let elsewhere = scene.nodes.iter().filter(|node| !failing(node));
            if let Some(node) = elsewhere.into_iter().find(|node| usable(volume, node)) {
                return Err(format!(
                    "the volume of claim {} can be used from node {}, too: it would follow {} there and not fail with its zone; write resources: [compute, network]",
                    printable(claim, 80),
                    node.metadata.name.as_deref().unwrap_or_default(),
                    name(pod),
                ));
            }
            found.push(format!("{} ({})", printable(claim, 80), name(pod)));
        }
    }
    if found.is_empty() {
        return Ok(said!("native-no-volume", "no pod that is hit keeps a volume"));
    }
    Ok(said!(
        "native-volumes",
        "volumes that can be used from nowhere else are out of reach, and nothing in them is lost: {volumes}",
        volumes = found.join(", ")
    ))
}

fn volume<'s>(scene: &'s Scene, pod: &Pod, claim: &str) -> Result<&'s PersistentVolume, String> {
    let unseen =
        || format!("the volume of claim {} ({}) cannot be seen", printable(claim, 80), name(pod));
    let of = scene.claims.iter().find(|one| one.metadata.name.as_deref() == Some(claim));
    let bound = of.and_then(|one| one.spec.as_ref()?.volume_name.as_deref()).ok_or_else(unseen)?;
    let volume = scene.volumes.iter().find(|one| one.metadata.name.as_deref() == Some(bound));
    volume.ok_or_else(unseen)
}

/// Whether a volume can be used from a node: as its terms say, one of which has to hold; without any, from everywhere.
fn usable(volume: &PersistentVolume, node: &Node) -> bool {
    let affinity = volume.spec.as_ref().and_then(|spec| spec.node_affinity.as_ref());
    let Some(required) = affinity.and_then(|affinity| affinity.required.as_ref()) else {
        return true;
    };
    required.node_selector_terms.iter().any(|term| holds(term, node))
}

/// All of a term. An empty one holds nowhere, as schedulers have it.
fn holds(term: &NodeSelectorTerm, node: &Node) -> bool {
    let none = BTreeMap::new();
    let labels = node.metadata.labels.as_ref().unwrap_or(&none);
    let name = node.metadata.name.as_deref();
    let labels = term.match_expressions.iter().flatten().map(|one| {
        let value = labels.get(&one.key).map(String::as_str);
        meets(one, value)
    });
    let fields = term.match_fields.iter().flatten().map(|one| meets(one, name));
    let mut all = labels.chain(fields).peekable();
    all.peek().is_some() && all.all(|meets| meets)
}

fn meets(wanted: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let listed = |value: &str| wanted.values.iter().flatten().any(|one| one == value);
    match wanted.operator.as_str() {
        "In" => value.is_some_and(listed),
        "NotIn" => !value.is_some_and(listed),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        // Greater or less: nobody writes it of a place. Then it is taken to hold, and the fault refused.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    fn scene(volumes: Value) -> Scene {
        let node =
            |name: &str, zone: &str| json!({"metadata": {"name": name, "labels": {"zone": zone}}});
        Scene {
            nodes: read(json!([node("n1", "a"), node("n2", "a"), node("n3", "b")])),
            claims: read(json!([{"metadata": {"name": "data-db-0"}, "spec": {"volumeName": "v"}}])),
            volumes: read(volumes),
            ..Scene::default()
        }
    }

    fn db() -> Pod {
        let volume = json!({"name": "data", "persistentVolumeClaim": {"claimName": "data-db-0"}});
        let spec = json!({"containers": [], "volumes": [volume, {"name": "tmp", "emptyDir": {}}]});
        read(json!({"metadata": {"name": "db-0"}, "spec": spec}))
    }

    fn bound_to(terms: &Value) -> Result<String, String> {
        let volume = json!({"metadata": {"name": "v"}, "spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}}});
        let scene = scene(json!([volume]));
        let zone: Vec<&Node> = scene.nodes.iter().take(2).collect();
        out_of_reach(&scene, &zone, &[&db()]).map(|said| said.to_string())
    }

    #[test]
    fn a_volume_fails_with_its_zone_where_no_other_node_can_use_it() {
        let one = |key: &str, operator: &str, values: &[&str]| json!({"key": key, "operator": operator, "values": values});
        let labels = |all: &[Value]| json!({"matchExpressions": all});
        for fails in [
            json!([labels(&[one("zone", "In", &["a"])])]),
            json!([labels(&[one("zone", "NotIn", &["b"])])]),
            json!([labels(&[one("zone", "Exists", &[]), one("zone", "In", &["a", "x"])])]),
            json!([{"matchFields": [one("metadata.name", "In", &["n2"])]}]),
            json!([labels(&[one("host", "Exists", &[])]), labels(&[one("zone", "In", &["a"])])]),
            json!([{}]),
        ] {
            let told = bound_to(&fails).unwrap();
            assert!(
                told.contains("data-db-0 (db-0)") && told.contains("nothing in them is lost"),
                "{told}"
            );
        }
        for follows in [
            json!([labels(&[one("zone", "In", &["a", "b"])])]),
            json!([labels(&[one("zone", "In", &["a"])]), labels(&[one("zone", "Exists", &[])])]),
            json!([labels(&[one("host", "DoesNotExist", &[])])]),
            json!([labels(&[one("zone", "Gt", &["1"])])]),
        ] {
            let why = bound_to(&follows).unwrap_err();
            assert!(why.contains("from node n3") && why.contains("follow db-0"), "{why}");
        }
    }

    #[test]
    fn who_cannot_be_seen_or_goes_everywhere_is_refused() {
        let anywhere = scene(json!([{"metadata": {"name": "v"}, "spec": {}}]));
        let zone: Vec<&Node> = anywhere.nodes.iter().take(2).collect();
        let why = out_of_reach(&anywhere, &zone, &[&db()]).unwrap_err();
        assert!(why.contains("follow db-0 there"), "{why}");
        let unseen = scene(json!([]));
        let why = out_of_reach(&unseen, &zone, &[&db()]).unwrap_err();
        assert!(why.contains("claim data-db-0 (db-0) cannot be seen"), "{why}");
        let mut none = db();
        none.spec.as_mut().unwrap().volumes = None;
        let told = out_of_reach(&unseen, &zone, &[&none]).unwrap().to_string();
        assert!(told.contains("keeps a volume"), "{told}");
    }
}
