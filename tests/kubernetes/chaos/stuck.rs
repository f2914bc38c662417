//! Experiments that do not inject, or do not recover: every step of the escalation.

use std::time::Duration;

use gameday::gameday::fault::{Direction, Fault, NetworkAction, Stress};
use gameday::kubernetes::chaos::carry::Consent;
use gameday::kubernetes::chaos::manifest::Manifest;

use super::trip::{back, labelled, one, placed, placed_soon, prepared, scene};
use crate::player::behaviour::Mood;
use crate::stage::{Stage, needs_fake, needs_played_mesh};

fn cpu() -> Fault {
    Fault::ResourceChaos { stress: Stress::CpuStress { cores: 1, load: 10 } }
}

/// The shop, and a fault in it that is injected.
async fn injected(stage: &Stage, name: &str) -> Vec<Manifest> {
    let objects = one(stage, name, cpu()).await;
    placed(stage, &objects).await.unwrap();
    objects
}

#[tokio::test]
async fn what_cannot_be_injected_is_taken_back_with_the_words_of_chaos_mesh() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "injections that fail") {
        return stage.close().await;
    }
    stage.behaviour().mood("StressChaos/", Mood::ApplyFails("the daemon says no".into()));
    let objects = one(&stage, "fails", cpu()).await;
    let why = placed_soon(&stage, &objects).await.unwrap_err().0;
    assert!(why.contains("injected on 0 of 1") && why.contains("the daemon says no"), "{why}");
    stage.close().await;
}

#[tokio::test]
async fn a_child_that_never_answers_is_let_go_of_without_our_entries() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "children that never answer") {
        return stage.close().await;
    }
    let why = "no such device".to_owned();
    stage.behaviour().mood("NetworkChaos/", Mood::Waits(Some(why)));
    let scene = scene(&stage).await;
    let fault =
        Fault::NetworkChaos { network: NetworkAction::Partition, direction: Direction::Both };
    let sides = (labelled(&scene, "app", "cache-service"), labelled(&scene, "role", "replica"));
    let objects = prepared(&stage, "waits", fault, sides).await;
    let why = placed_soon(&stage, &objects).await.unwrap_err().0;
    assert!(why.contains("no such device"), "{why}");
    // Without our entries the child answers, so that nothing had to be killed or forced.
    let said = back(&stage, &objects, Consent::No).await.unwrap();
    assert!(!said.contains("replaced"), "{said}");
    stage.close().await;
}

#[tokio::test]
async fn what_recovers_slowly_is_waited_for() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "slow recoveries") {
        return stage.close().await;
    }
    let objects = injected(&stage, "slow").await;
    stage.behaviour().mood("StressChaos/", Mood::SlowRecovery(Duration::from_secs(4)));
    let said = back(&stage, &objects, Consent::No).await.unwrap();
    assert!(said.contains("recovered by its records") && !said.contains("replaced"), "{said}");
    stage.close().await;
}

#[tokio::test]
async fn a_recovery_that_fails_until_the_pod_is_gone_costs_the_pod() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "recoveries that fail") {
        return stage.close().await;
    }
    let objects = injected(&stage, "pod").await;
    stage.behaviour().mood("StressChaos/", Mood::RecoverFailsUntilGone("no such task".into()));
    let said = back(&stage, &objects, Consent::No).await.unwrap();
    assert!(said.contains("pods were replaced"), "{said}");
    assert!(said.contains("ready again"), "{said}");
    stage.close().await;
}

#[tokio::test]
async fn finalizers_are_taken_away_last_and_only_by_consent() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "recoveries that always fail") {
        return stage.close().await;
    }
    let objects = injected(&stage, "force").await;
    stage.behaviour().mood("StressChaos/", Mood::RecoverFails("no such process".into()));
    let why = back(&stage, &objects, Consent::No).await.unwrap_err().0;
    assert!(why.contains("no such process"), "{why}");
    assert!(why.contains("gameday halt --force-finalizers"), "{why}");
    let asked = stage.trouble().asked();
    let touched = asked.iter().any(|asked| format!("{asked:?}").contains("cleanFinalizer"));
    assert!(!touched, "the finalizer was touched without consent");
    let said = back(&stage, &objects, Consent::ForceFinalizers).await.unwrap();
    assert!(said.contains("finalizer was taken away by consent"), "{said}");
    stage.close().await;
}

#[tokio::test]
async fn a_recovery_that_never_ends_is_given_up_by_chaos_mesh_when_forced() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "recoveries that never end") {
        return stage.close().await;
    }
    let objects = injected(&stage, "hangs").await;
    stage.behaviour().mood("StressChaos/", Mood::RecoverHangs);
    let said = back(&stage, &objects, Consent::ForceFinalizers).await.unwrap();
    assert!(said.contains("deleted"), "{said}");
    assert!(!said.contains("finalizer was taken away by consent"), "{said}");
    stage.close().await;
}

#[tokio::test]
async fn without_its_manager_an_experiment_is_deleted_and_goes_when_the_manager_is_back() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "webhooks that do not answer") {
        return stage.close().await;
    }
    let objects = injected(&stage, "mute").await;
    stage.manager_down(true);
    let why = back(&stage, &objects, Consent::No).await.unwrap_err().0;
    assert!(why.contains("webhook"), "{why}");
    let others = one_more(&stage).await;
    assert!(others.contains("webhook"), "{others}");
    stage.manager_down(false);
    back(&stage, &objects, Consent::No).await.unwrap();
    stage.close().await;
}

/// What placing says while the manager is down.
async fn one_more(stage: &Stage) -> String {
    let web = labelled(&scene(stage).await, "app", "web-app");
    let step = super::trip::step("more", stage);
    let value = serde_json::json!({
        "apiVersion": "chaos-mesh.org/v1alpha1", "kind": "StressChaos",
        "spec": {"mode": "all", "selector": {"pods": {stage.namespace.clone(): [web[1]]}},
            "stressors": {"cpu": {"workers": 1}}},
    });
    let objects =
        [gameday::kubernetes::chaos::manifest::given(value, &stage.namespace, &step, 0).unwrap()];
    placed_soon(stage, &objects).await.unwrap_err().0
}
