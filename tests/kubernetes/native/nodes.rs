//! Nodes that are emptied, fail, and restart. Only on the server of the tests: nobody's nodes are touched.

use gameday::gameday::fault::{Fault, ZoneResource};
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use super::super::player::cluster::{BUDGET, NODE, POD};
use super::super::proxy::trouble::Ill;
use super::super::stage::{Stage, needs_fake};
use super::*;

/// The web apps on one node, and its name.
fn on_a_node(scene: &Scene) -> (String, Vec<String>) {
    let of = |pod: &k8s_openapi::api::core::v1::Pod| pod.spec.as_ref()?.node_name.clone();
    let web = pods_of(scene, "web-app");
    let node = scene.pod(&web[0]).and_then(of).unwrap();
    let theirs =
        web.into_iter().filter(|name| scene.pod(name).and_then(of).as_deref() == Some(&node));
    (node.clone(), theirs.collect())
}

async fn closed(stage: &Stage, node: &str) -> bool {
    text(stage, NODE, node).await["spec"]["unschedulable"] == true
}

async fn on_node(stage: &Stage, node: &str, app: &str) -> usize {
    let pods = stage.cluster().list(POD).await.unwrap();
    let there = pods.iter().filter(|pod| pod.data["spec"]["nodeName"] == node);
    there.filter(|pod| pod.labels().get("app").is_some_and(|own| own == app)).count()
}

/// The text of a node without what its controllers put there because it is closed.
async fn node_text(stage: &Stage, name: &str) -> Value {
    text(stage, NODE, name).await
}

async fn planned(stage: &Stage, fault: Fault) -> (String, Vec<Change>) {
    let scene = scene(stage).await;
    let (node, victims) = on_a_node(&scene);
    let actions = actions(&order(fault, victims), &scene, &step()).unwrap();
    (node, ready(stage, &scene, &actions).await.unwrap())
}

#[tokio::test]
async fn a_drained_node_is_empty_and_opens_again() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let (node, changes) = planned(&stage, Fault::NodeDrain { grace: Span::from_secs(10) }).await;
    let before = node_text(&stage, &node).await;
    stage.trouble().next(1, "create", "pods/eviction", Ill::Lost);
    stage.trouble().next(1, "patch", "nodes", Ill::Reset);
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("evicted: web-app-") && said.contains("do not move back"), "{said}");
    assert!(closed(&stage, &node).await);
    stage.until("no web app is there", async || on_node(&stage, &node, "web-app").await == 0).await;
    let asked = stage.trouble().asked();
    assert!(
        !asked.iter().any(|one| one.verb == "delete" && one.resource == "pods"),
        "nothing was deleted"
    );
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("ready"), "{said}");
    assert_eq!(node_text(&stage, &node).await, before);
    stage.close().await;
}

#[tokio::test]
async fn a_budget_that_says_no_is_obeyed() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let api = stage.cluster().api(BUDGET);
    let none = json!({ "spec": { "maxUnavailable": 0 } });
    api.patch("web-app", &PatchParams::default(), &Patch::Merge(none)).await.unwrap();
    stage
        .until("the budget says no", async || {
            let budget = stage.object(BUDGET, "web-app").await.unwrap();
            budget.data["status"]["disruptionsAllowed"] == 0
                && budget.data["status"]["observedGeneration"].as_i64()
                    == budget.metadata.generation
        })
        .await;
    let (node, changes) = planned(&stage, Fault::NodeDrain { grace: Span::from_secs(2) }).await;
    let pods = on_node(&stage, &node, "web-app").await;
    assert!(
        changes
            .iter()
            .any(|change| change.warnings.iter().any(|one| one.contains("disruption budget")))
    );
    let error = applied(&stage, &changes).await.unwrap_err().0;
    assert!(
        error.contains("none was deleted instead") && error.contains("disruption budget"),
        "{error}"
    );
    assert_eq!(on_node(&stage, &node, "web-app").await, pods);
    assert!(closed(&stage, &node).await);
    reverted(&stage, &changes).await.unwrap();
    assert!(!closed(&stage, &node).await);
    stage.close().await;
}

#[tokio::test]
async fn a_failed_node_stays_empty_and_says_what_it_is_not() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let (node, changes) = planned(&stage, Fault::NodeFailure).await;
    let before = node_text(&stage, &node).await;
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains(&format!("the machine of {node} keeps running")), "{said}");
    assert_eq!(on_node(&stage, &node, "web-app").await, 0);
    assert!(closed(&stage, &node).await);
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(node_text(&stage, &node).await, before);
    stage.close().await;
}

#[tokio::test]
async fn a_restarted_node_opens_at_once() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let (node, changes) = planned(&stage, Fault::NodeRestart).await;
    let before = node_text(&stage, &node).await;
    applied(&stage, &changes).await.unwrap();
    assert_eq!(node_text(&stage, &node).await, before);
    reverted(&stage, &changes).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn a_node_that_was_closed_before_stays_closed() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let seen = scene(&stage).await;
    let (node, victims) = on_a_node(&seen);
    let api = stage.cluster().api(NODE);
    let shut = json!({ "spec": { "unschedulable": true } });
    api.patch(&node, &PatchParams::default(), &Patch::Merge(shut)).await.unwrap();
    let before = node_text(&stage, &node).await;
    let actions = actions(&order(Fault::NodeFailure, victims), &seen, &step()).unwrap();
    let changes = ready(&stage, &seen, &actions).await.unwrap();
    applied(&stage, &changes).await.unwrap();
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(node_text(&stage, &node).await, before);
    stage.close().await;
}

#[tokio::test]
async fn a_failed_zone_is_all_of_its_nodes() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "it closes nodes") {
        return stage.close().await;
    }
    let (node, changes) =
        planned(&stage, Fault::ZoneFailure { resources: vec![ZoneResource::Compute] }).await;
    applied(&stage, &changes).await.unwrap();
    assert!(closed(&stage, &node).await);
    // Somebody opens it meanwhile: only our mark is left to take away.
    let api = stage.cluster().api(NODE);
    let open = json!({ "spec": { "unschedulable": null } });
    api.patch(&node, &PatchParams::default(), &Patch::Merge(open)).await.unwrap();
    reverted(&stage, &changes).await.unwrap();
    assert!(text(&stage, NODE, &node).await["metadata"]["labels"][FAULT].is_null());
    stage.close().await;
}
