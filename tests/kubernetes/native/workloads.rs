//! Workloads: how many pods they have and what these are like, there and back.

use gameday::gameday::fault::{ConfigurationSource, Fault};
use gameday::kubernetes::native::action::{Consent, image, restart, stand_in};
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use super::super::player::cluster::{DEPLOYMENT, POD, REPLICA_SET};
use super::super::proxy::trouble::Ill;
use super::super::stage::Stage;
use super::*;

async fn hash(stage: &Stage, app: &str) -> String {
    let pods = stage.cluster().list(POD).await.unwrap();
    let pod = pods.iter().find(|pod| {
        pod.labels().get("app").is_some_and(|own| own == app)
            && pod.metadata.deletion_timestamp.is_none()
    });
    pod.unwrap().labels()["pod-template-hash"].clone()
}

#[tokio::test]
async fn an_environment_changes_and_the_old_pods_come_back() {
    let stage = Stage::shop().await;
    let before = text(&stage, DEPLOYMENT, "web-app").await;
    let shape = hash(&stage, "web-app").await;
    let fault = Fault::ConfigurationChange {
        source: ConfigurationSource::Environment,
        set: set(&[("LOG_LEVEL", "trace"), ("EMPTY", ""), ("app/NEW", "1")]),
    };
    let changes = prepared(&stage, fault, "web-app").await.unwrap();
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("pods of the new kind"), "{said}");
    let there = text(&stage, DEPLOYMENT, "web-app").await;
    let env = there["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap().clone();
    assert!(env.contains(&json!({ "name": "LOG_LEVEL", "value": "trace" })), "{env:?}");
    assert!(env.contains(&json!({ "name": "NEW", "value": "1" })));
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("ready and as they were"), "{said}");
    assert_eq!(text(&stage, DEPLOYMENT, "web-app").await, before);
    stage.all_available().await;
    assert_eq!(hash(&stage, "web-app").await, shape);
    stage.close().await;
}

#[tokio::test]
async fn images_change_and_pods_restart_and_both_are_undone() {
    let stage = Stage::shop().await;
    let before = text(&stage, DEPLOYMENT, "cache-service").await;
    let shape = hash(&stage, "cache-service").await;
    let seen = scene(&stage).await;
    let order = order(Fault::PodFailure, pods_of(&seen, "cache-service"));
    let wrong = image(&order, &seen, &set(&[("nobody", "x:1")])).unwrap();
    let error = ready(&stage, &seen, &wrong).await.unwrap_err().0;
    assert!(error.contains("has no container nobody; it has app"), "{error}");
    for actions in [
        image(&order, &seen, &set(&[("app", "registry.k8s.io/pause:3.9")])).unwrap(),
        restart(&order, &seen).unwrap(),
    ] {
        let changes = ready(&stage, &seen, &actions).await.unwrap();
        applied(&stage, &changes).await.unwrap();
        assert_ne!(text(&stage, DEPLOYMENT, "cache-service").await, before);
        reverted(&stage, &changes).await.unwrap();
        assert_eq!(text(&stage, DEPLOYMENT, "cache-service").await, before);
        stage.all_available().await;
        assert_eq!(hash(&stage, "cache-service").await, shape);
    }
    stage.close().await;
}

#[tokio::test]
async fn what_is_scaled_to_nothing_comes_back_with_as_many() {
    let stage = Stage::shop().await;
    let before = text(&stage, DEPLOYMENT, "backend-service").await;
    stage.apply(json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": { "name": "backend" },
        "spec": { "minReplicas": 2, "maxReplicas": 6, "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "backend-service" } }
    })).await;
    let seen = scene(&stage).await;
    let order = order(Fault::DependencyFailure, pods_of(&seen, "backend-service"));
    let actions = stand_in(&order, &seen, Consent::default()).unwrap().unwrap();
    let changes = ready(&stage, &seen, &actions).await.unwrap();
    let said = applied(&stage, &changes).await.unwrap();
    assert!(
        said.contains("from 2 to 0") && said.contains("HorizontalPodAutoscaler backend"),
        "{said}"
    );
    assert!(said.contains("has no pods"), "{said}");
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, DEPLOYMENT, "backend-service").await, before);
    stage.all_available().await;
    // Somebody scales it up while it is down: that stays.
    let changes = {
        let seen = scene(&stage).await;
        let order = super::order(Fault::DependencyFailure, pods_of(&seen, "backend-service"));
        let actions = stand_in(&order, &seen, Consent::default()).unwrap().unwrap();
        ready(&stage, &seen, &actions).await.unwrap()
    };
    applied(&stage, &changes).await.unwrap();
    let api = stage.cluster().api(DEPLOYMENT);
    let more = json!({ "spec": { "replicas": 1 } });
    api.patch("backend-service", &PatchParams::default(), &Patch::Merge(more)).await.unwrap();
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("spec.replicas: before 2, ours 0, now 1"), "{error}");
    gameday::kubernetes::native::carry::take_back(&here(&stage).await, &changes).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn pods_are_deleted_and_made_again_whatever_gets_lost() {
    let stage = Stage::shop().await;
    for ill in [None, Some(Ill::Reset), Some(Ill::Lost), Some(Ill::broken())] {
        let seen = scene(&stage).await;
        let victims = pods_of(&seen, "web-app").into_iter().take(2).collect::<Vec<_>>();
        let order = order(Fault::PodFailure, victims.clone());
        let actions = stand_in(&order, &seen, Consent::default()).unwrap().unwrap();
        let changes = ready(&stage, &seen, &actions).await.unwrap();
        if let Some(ill) = ill {
            stage.trouble().next(1, "delete", "pods", ill);
        }
        let said = applied(&stage, &changes).await.unwrap();
        assert!(said.contains("deleted: "), "{said}");
        for victim in &victims {
            assert!(stage.object(POD, victim).await.is_none());
        }
        // Whoever applies again hits nobody else.
        applied(&stage, &changes).await.unwrap();
        let said = reverted(&stage, &changes).await.unwrap();
        assert!(said.contains("ready"), "{said}");
        stage.trouble().over();
    }
    stage.close().await;
}

#[tokio::test]
async fn who_looks_after_a_workload_is_told() {
    let stage = Stage::shop().await;
    let api = stage.cluster().api(DEPLOYMENT);
    let sign =
        json!({ "metadata": { "annotations": { "argocd.argoproj.io/tracking-id": "shop" } } });
    api.patch("cache-service", &PatchParams::default(), &Patch::Merge(sign)).await.unwrap();
    let seen = scene(&stage).await;
    let order = order(Fault::PodFailure, pods_of(&seen, "cache-service"));
    let changes = ready(&stage, &seen, &restart(&order, &seen).unwrap()).await.unwrap();
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("Argo CD (shop) looks after Deployment"), "{said}");
    reverted(&stage, &changes).await.unwrap();
    let kept: Vec<Value> =
        stage.cluster().list(REPLICA_SET).await.unwrap().into_iter().map(|one| one.data).collect();
    assert!(!kept.is_empty());
    stage.close().await;
}
