//! Objects of Chaos Mesh that somebody wrote as the fault of a game day: made ours, and pinned to the pods that were chosen
//! wherever they choose by the same labels as the experiment does. Pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::kinds::{self, Hits};
use super::super::object::Manifest;
use super::given;
use crate::gameday::fault::Selector;
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;
use crate::port::target::FaultOrder;

/// The objects as parts of a step.
///
/// # Errors
/// What is wrong with one of them, for people.
pub(super) fn objects(
    documents: &[Value],
    order: &FaultOrder,
    scene: &Scene,
    step: &Step,
) -> Result<Vec<Manifest>, String> {
    let victims: Vec<&str> = order.victims.iter().map(String::as_str).collect();
    let peers: Vec<&str> = order.peers.iter().map(String::as_str).collect();
    let one = |(number, document): (usize, &Value)| {
        let document = pinned(document.clone(), order, &scene.namespace);
        let manifest = given(document, &scene.namespace, step, number)?;
        Ok(manifest.hitting(scene, &victims, &peers))
    };
    documents.iter().enumerate().map(one).collect()
}

/// What would be chosen by labels at the last moment is what was chosen and shown before. A Schedule and a Workflow choose anew each
/// time; that is what they are for.
fn pinned(mut document: Value, order: &FaultOrder, namespace: &str) -> Value {
    let kind = document["kind"].as_str().and_then(kinds::of);
    if kind.is_none_or(|kind| !kind.is_experiment() || matches!(kind.hits, Hits::Elsewhere)) {
        return document;
    }
    let spec = &mut document["spec"];
    if chooses(spec, &order.experiment.selector) {
        pin(spec, &order.victims, namespace);
    }
    if let Some(other) = &order.experiment.destination
        && chooses(&spec["target"], other)
    {
        pin(&mut spec["target"], &order.peers, namespace);
    }
    document
}

/// Whether a side chooses its pods by these labels.
fn chooses(side: &Value, by: &Selector) -> bool {
    let labels = side["selector"]["labelSelectors"].as_object();
    let labels: BTreeMap<&str, &str> = labels
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
        .collect();
    let by: BTreeMap<&str, &str> = by.iter().map(|(key, value)| (&**key, &**value)).collect();
    !by.is_empty() && labels == by
}

fn pin(side: &mut Value, pods: &[String], namespace: &str) {
    side["selector"] = json!({ "namespaces": [namespace], "pods": { namespace: pods } });
    side["mode"] = "all".into();
    if let Some(side) = side.as_object_mut() {
        side.remove("value");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::fault::{Experiment, Fault, Mode};
    use crate::gameday::span::Span;

    #[test]
    fn what_is_chosen_by_the_labels_of_the_experiment_is_pinned_and_nothing_else() {
        let document = json!({
            "kind": "NetworkChaos",
            "spec": {
                "mode": "fixed", "value": "1",
                "selector": { "labelSelectors": { "app": "web" } },
                "target": { "mode": "all", "selector": { "labelSelectors": { "app": "db" } } },
            },
        });
        let order = FaultOrder {
            key: "k".into(),
            round: 0,
            experiment: Experiment {
                fault: Fault::PodFailure,
                selector: [("app".to_owned(), "web".to_owned())].into(),
                destination: None,
                mode: Mode::One,
                duration: None,
                interval: None,
            },
            victims: vec!["web-1".into()],
            peers: Vec::new(),
            lasts: Span::from_secs(60),
        };
        let spec = pinned(document, &order, "shop")["spec"].clone();
        assert_eq!(spec["selector"]["pods"], json!({ "shop": ["web-1"] }));
        assert_eq!((spec["mode"].clone(), spec.get("value")), (json!("all"), None));
        assert_eq!(spec["target"]["selector"]["labelSelectors"], json!({ "app": "db" }));
    }
}
