//! Workloads: how many pods they have and what these are like, there and back.

use gameday::gameday::fault::{ConfigurationSource, Fault};
use gameday::gameday::replicas::Replicas;
use gameday::kubernetes::moment::rfc3339;
use gameday::kubernetes::native::action::Act;
use gameday::kubernetes::native::change::{Back, PodRef};
use gameday::kubernetes::native::resource::Object;
use k8s_openapi::api::apps::v1::Deployment;
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

fn image(name: &str, container: Option<&str>) -> Fault {
    Fault::ImageChange { image: name.to_owned(), container: container.map(str::to_owned) }
}

fn scale(replicas: Replicas) -> Fault {
    Fault::Scale { replicas }
}

#[tokio::test]
async fn an_image_is_rolled_out_and_rolled_back() {
    let stage = Stage::shop().await;
    let before = text(&stage, DEPLOYMENT, "cache-service").await;
    let shape = hash(&stage, "cache-service").await;
    let wrong = prepared(&stage, image("x:1", Some("nobody")), "cache-service").await;
    let error = wrong.unwrap_err().0;
    assert!(error.contains("has no container nobody; it has app"), "{error}");
    let broken = image("registry.k8s.io/pause:3.9", None);
    let changes = prepared(&stage, broken.clone(), "cache-service").await.unwrap();
    assert_eq!(text(&stage, DEPLOYMENT, "cache-service").await, before, "nothing is done yet");
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("pods of the new kind"), "{said}");
    let there = text(&stage, DEPLOYMENT, "cache-service").await;
    let container = &there["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "registry.k8s.io/pause:3.9");
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, DEPLOYMENT, "cache-service").await, before);
    stage.all_available().await;
    assert_eq!(hash(&stage, "cache-service").await, shape);
    // Somebody deploys a good one meanwhile: that stays.
    let changes = prepared(&stage, broken, "cache-service").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    let mended = json!({ "spec": { "template": { "spec": { "containers": [{ "name": "app", "image": "registry.k8s.io/pause:mended" }] } } } });
    let api = stage.cluster().api(DEPLOYMENT);
    api.patch("cache-service", &PatchParams::default(), &Patch::Strategic(mended)).await.unwrap();
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("ours \"registry.k8s.io/pause:3.9\", now"), "{error}");
    gameday::kubernetes::native::carry::take_back(&here(&stage).await, &changes).await.unwrap();
    assert_eq!(text(&stage, DEPLOYMENT, "cache-service").await, before);
    stage.close().await;
}

#[tokio::test]
async fn a_restart_replaces_every_pod_and_there_is_nothing_to_take_back() {
    let stage = Stage::shop().await;
    let shape = hash(&stage, "web-app").await;
    let old = pods_of(&scene(&stage).await, "web-app");
    let changes = prepared(&stage, Fault::RolloutRestart, "web-app").await.unwrap();
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("pods of the new kind"), "{said}");
    // Again restarts nobody twice.
    applied(&stage, &changes).await.unwrap();
    let there = text(&stage, DEPLOYMENT, "web-app").await;
    let notes = there["spec"]["template"]["metadata"]["annotations"].clone();
    assert_eq!(notes["kubectl.kubernetes.io/restartedAt"], rfc3339(step().began()));
    assert!(there["metadata"].get("annotations").is_none(), "{there}");
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("ready"), "{said}");
    stage.all_available().await;
    assert_eq!(text(&stage, DEPLOYMENT, "web-app").await, there, "it stays as it is");
    assert_ne!(hash(&stage, "web-app").await, shape);
    let new = pods_of(&scene(&stage).await, "web-app");
    assert!(new.len() == old.len() && old.iter().all(|pod| !new.contains(pod)), "{old:?} {new:?}");
    stage.close().await;
}

#[tokio::test]
async fn a_workload_gets_fewer_pods_or_more_and_then_as_many_as_before() {
    let stage = Stage::shop().await;
    let before = text(&stage, DEPLOYMENT, "web-app").await;
    let pods = pods_of(&scene(&stage).await, "web-app").len();
    for (replicas, wanted) in [
        (Replicas::Change(-50), pods / 2),
        (Replicas::Count(1), 1),
        (Replicas::Change(50), pods + pods.div_ceil(2)),
    ] {
        let changes = prepared(&stage, scale(replicas), "web-app").await.unwrap();
        let said = applied(&stage, &changes).await.unwrap();
        assert!(said.contains(&format!("from {pods} to {wanted}")), "{said}");
        assert!(said.contains(&format!("has {wanted} pods")), "{said}");
        reverted(&stage, &changes).await.unwrap();
        assert_eq!(text(&stage, DEPLOYMENT, "web-app").await, before);
        stage.all_available().await;
    }
    let error = prepared(&stage, scale(Replicas::Count(u32::try_from(pods).unwrap())), "web-app");
    assert!(error.await.unwrap_err().0.contains("is like that already"));
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
    let error = prepared(&stage, scale(Replicas::Count(1)), "backend-service").await.unwrap_err().0;
    assert!(
        error.contains("HorizontalPodAutoscaler backend") && error.contains("but 0"),
        "{error}"
    );
    let none = scale(Replicas::Count(0));
    let changes = prepared(&stage, none.clone(), "backend-service").await.unwrap();
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
    let changes = prepared(&stage, none, "backend-service").await.unwrap();
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
        let pods = victims.iter().map(|name| {
            let pod = seen.pod(name).unwrap();
            let (name, uid) = (name.clone(), pod.uid().unwrap());
            PodRef { namespace: stage.namespace.clone(), name, uid }
        });
        let act = Act::Delete { pods: pods.collect() };
        let of = Object::within::<Deployment>(&stage.namespace, "web-app");
        let back = vec![Back::Ready { of, least: None, hash: None }];
        let action = Action { act, back, warnings: Vec::new() };
        let changes = ready(&stage, &seen, &[action]).await.unwrap();
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
    let changes = prepared(&stage, Fault::RolloutRestart, "cache-service").await.unwrap();
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("Argo CD (shop) looks after Deployment"), "{said}");
    reverted(&stage, &changes).await.unwrap();
    let kept: Vec<Value> =
        stage.cluster().list(REPLICA_SET).await.unwrap().into_iter().map(|one| one.data).collect();
    assert!(!kept.is_empty());
    stage.close().await;
}
