//! Experiments from creation to the end, and the ways in which they hang.

use kube::ResourceExt as _;
use serde_json::{Value, json};

use super::super::super::stage::{Stage, needs_chaos_mesh, needs_fake, needs_played_mesh};
use super::super::behaviour::Mood;
use super::super::chaos::table::{POD_HTTP, POD_NETWORK, SCHEDULE};
use super::super::cluster::*;
use super::*;

#[tokio::test]
async fn a_failing_pod_is_paused_injected_again_and_restored() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "an experiment") {
        return stage.close().await;
    }
    let kind = kind("PodChaos");
    let victim = pods(&stage, "cache-service").await[0].name_any();
    let spec = json!({
        "action": "pod-failure", "mode": "all", "duration": "5m",
        "selector": all_of(&stage, std::slice::from_ref(&victim)),
    });
    create(&stage, kind, "fails", spec).await;
    let injected = |status: &Value| {
        all_in(status, "Run", "Injected")
            && status["conditions"].as_array().is_some_and(|all| {
                all.iter().any(|one| one["type"] == "AllInjected" && one["status"] == "True")
            })
    };
    until(&stage, kind, "fails", "injected", injected).await;
    let image = async || {
        let pod = stage.object(POD, &victim).await.unwrap();
        pod.data["spec"]["containers"][0]["image"].as_str().unwrap_or_default().to_owned()
    };
    assert_ne!(image().await, "registry.k8s.io/pause:3.10");
    annotate(&stage, kind, "fails", PAUSE, "true").await;
    until(&stage, kind, "fails", "paused", |status| all_in(status, "Stop", "Not Injected")).await;
    assert_eq!(image().await, "registry.k8s.io/pause:3.10");
    annotate(&stage, kind, "fails", PAUSE, "false").await;
    until(&stage, kind, "fails", "injected again", |status| {
        injected(status) && status["experiment"]["containerRecords"][0]["injectedCount"] == 2
    })
    .await;
    delete(&stage, kind, "fails").await;
    until_gone(&stage, kind, "fails").await;
    assert_eq!(image().await, "registry.k8s.io/pause:3.10");
    let told = reasons(&stage, "fails").await;
    for reason in ["FinalizerInited", "Started", "Applied", "Paused", "Recovered", "Deleted"] {
        assert!(told.iter().any(|one| one == reason), "{reason} in {told:?}");
    }
    stage.all_available().await;
    stage.close().await;
}

#[tokio::test]
async fn a_partition_stands_in_the_children_and_goes_with_its_duration() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "the children are looked into") {
        return stage.close().await;
    }
    let kind = kind("NetworkChaos");
    let names = async |app: &str| {
        pods(&stage, app).await.iter().map(kube::ResourceExt::name_any).collect::<Vec<_>>()
    };
    let (web, cache) = (names("web-app").await, names("cache-service").await);
    let spec = json!({
        "action": "partition", "direction": "both", "mode": "all", "duration": "3s",
        "selector": all_of(&stage, &web[..2]),
        "target": {"mode": "all", "selector": all_of(&stage, &cache)},
    });
    create(&stage, kind, "cut", spec).await;
    until(&stage, kind, "cut", "injected", |status| all_in(status, "Run", "Injected")).await;
    let object = stage.object(kind, "cut").await.unwrap();
    assert_eq!(phases(&object.data["status"]).len(), 3);
    let source = format!("{}/cut", stage.namespace);
    let child = stage.object(POD_NETWORK, &cache[0]).await.unwrap();
    assert_eq!(child.data["spec"]["iptables"][0]["source"], source.as_str());
    until(&stage, kind, "cut", "over", |status| all_in(status, "Stop", "Not Injected")).await;
    let child = stage.object(POD_NETWORK, &cache[0]).await.unwrap();
    assert_eq!(child.data["spec"]["iptables"].as_array().map_or(0, Vec::len), 0);
    assert!(reasons(&stage, "cut").await.iter().any(|one| one == "TimeUp"));
    stage.close().await;
}

#[tokio::test]
async fn what_selects_nothing_says_so_once_and_one_shots_stay_injected() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments") {
        return stage.close().await;
    }
    let kind = kind("PodChaos");
    let nobody = json!({
        "action": "pod-kill", "mode": "all",
        "selector": {"namespaces": [&stage.namespace], "labelSelectors": {"app": "nobody"}},
    });
    create(&stage, kind, "nobody", nobody).await;
    stage
        .until("it is told", async || {
            reasons(&stage, "nobody").await.contains(&"Failed".to_owned())
        })
        .await;
    until(&stage, kind, "nobody", "not selected", |status| {
        status["conditions"].as_array().is_some_and(|all| {
            all.iter().any(|one| one["type"] == "Selected" && one["status"] == "False")
        })
    })
    .await;
    let victim = pods(&stage, "oauth-provider").await[0].clone();
    let kill = json!({
        "action": "pod-kill", "mode": "all", "duration": "1s",
        "selector": all_of(&stage, &[victim.name_any()]),
    });
    create(&stage, kind, "kills", kill).await;
    until(&stage, kind, "kills", "injected", |status| all_in(status, "Run", "Injected")).await;
    stage.all_available().await;
    let now = pods(&stage, "oauth-provider").await;
    assert!(now.iter().all(|pod| pod.uid() != victim.uid()));
    let restart = json!({
        "action": "container-kill", "containerNames": ["app"], "mode": "all",
        "selector": all_of(&stage, &[now[0].name_any()]),
    });
    create(&stage, kind, "restarts", restart).await;
    until(&stage, kind, "restarts", "injected", |status| all_in(status, "Run", "Injected")).await;
    stage
        .until("it restarted", async || {
            let pod = stage.object(POD, &now[0].name_any()).await.unwrap();
            pod.data["status"]["containerStatuses"][0]["restartCount"].as_i64() > Some(0)
        })
        .await;
    for name in ["nobody", "kills", "restarts"] {
        delete(&stage, kind, name).await;
        until_gone(&stage, kind, name).await;
    }
    stage.close().await;
}

#[tokio::test]
async fn stuck_experiments_are_stuck_as_chaos_mesh_has_them() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "experiments that hang") {
        return stage.close().await;
    }
    let behaviour = stage.behaviour();
    let victim = pods(&stage, "cache-service").await[0].name_any();
    let selector = all_of(&stage, std::slice::from_ref(&victim));
    let stress = kind("StressChaos");
    let spec = json!({
        "mode": "all", "duration": "5m", "selector": selector,
        "stressors": {"cpu": {"workers": 1, "load": 10}},
    });
    behaviour.mood("/no-apply", Mood::ApplyFails("the daemon is gone".to_owned()));
    behaviour.mood("/until-gone", Mood::RecoverFailsUntilGone("no such task".to_owned()));
    behaviour.mood("/hangs", Mood::RecoverHangs);
    behaviour.mood("/slow", Mood::SlowRecovery(std::time::Duration::from_millis(300)));
    behaviour.mood("/never", Mood::RecoverFails("no".to_owned()));
    for name in ["no-apply", "until-gone", "hangs", "slow", "never"] {
        create(&stage, stress, name, spec.clone()).await;
    }
    until(&stage, stress, "no-apply", "failing", |status| last_event(status) == "Failed/Apply")
        .await;
    for name in ["until-gone", "hangs", "slow", "never"] {
        until(&stage, stress, name, "injected", |status| all_in(status, "Run", "Injected")).await;
    }
    let http = kind("HTTPChaos");
    behaviour.mood("HTTPChaos/", Mood::Waits(Some("tproxy: no such process".to_owned())));
    let spec = json!({
        "mode": "all", "duration": "5m", "selector": selector, "target": "Response", "port": 8080,
        "abort": true,
    });
    create(&stage, http, "waits", spec).await;
    until(&stage, http, "waits", "waiting", |status| phases(status) == ["Not Injected/Wait"]).await;
    for (kind, name) in
        [(stress, "no-apply"), (stress, "until-gone"), (stress, "hangs"), (http, "waits")]
    {
        delete(&stage, kind, name).await;
    }
    delete(&stage, stress, "slow").await;
    delete(&stage, stress, "never").await;
    until_gone(&stage, stress, "slow").await;
    // Nothing was injected, so nothing has to be recovered.
    until_gone(&stage, stress, "no-apply").await;
    until(&stage, stress, "until-gone", "stuck", |status| last_event(status) == "Failed/Recover")
        .await;
    let forced = "chaos-mesh.chaos-mesh.org/cleanFinalizer";
    annotate(&stage, stress, "hangs", forced, "forced").await;
    until_gone(&stage, stress, "hangs").await;
    // Where every try is an error, nobody looks at the annotation.
    annotate(&stage, http, "waits", forced, "forced").await;
    until(&stage, http, "waits", "stuck", |status| last_event(status) == "Failed/Apply").await;
    delete(&stage, POD, &victim).await;
    until_gone(&stage, stress, "until-gone").await;
    until(&stage, stress, "never", "stuck", |status| last_event(status) == "Failed/Recover").await;
    let off = json!({"metadata": {"finalizers": null}});
    stage.cluster().patch(stress, "never", &off).await.unwrap();
    until_gone(&stage, stress, "never").await;
    assert!(stage.object(http, "waits").await.is_some());
    until_gone(&stage, POD_HTTP, &victim).await;
    stage.cluster().patch(http, "waits", &off).await.unwrap();
    until_gone(&stage, http, "waits").await;
    stage.close().await;
}

#[tokio::test]
async fn a_manager_that_is_down_moves_nothing_and_lets_only_deletions_in() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "webhooks that fail") {
        return stage.close().await;
    }
    let kind = kind("TimeChaos");
    let selector = json!({"labelSelectors": {"app": "web-app"}});
    let spec = json!({"mode": "one", "selector": selector, "timeOffset": "-5m", "duration": "5m"});
    create(&stage, kind, "skew", spec.clone()).await;
    until(&stage, kind, "skew", "injected", |status| all_in(status, "Run", "Injected")).await;
    stage.manager_down(true);
    stage.manager_ready(false).await;
    let other = json!({"metadata": {"name": "other"}, "spec": spec});
    assert!(stage.cluster().create(kind, other).await.is_err());
    let patch = json!({"metadata": {"annotations": {PAUSE: "true"}}});
    assert!(stage.cluster().patch(kind, "skew", &patch).await.is_err());
    delete(&stage, kind, "skew").await;
    let object = stage.object(kind, "skew").await.unwrap();
    assert!(deleting(&object) && all_in(&object.data["status"], "Run", "Injected"));
    stage.manager_down(false);
    stage.manager_ready(true).await;
    until_gone(&stage, kind, "skew").await;
    stage.close().await;
}

#[tokio::test]
async fn a_schedule_spawns_keeps_and_takes_its_children_along() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "a schedule") {
        return stage.close().await;
    }
    let pod_chaos = json!({
        "action": "pod-kill", "mode": "one",
        "selector": {"namespaces": [&stage.namespace], "labelSelectors": {"app": "backend-service"}},
    });
    let spec = json!({
        "schedule": "@every 1s", "type": "PodChaos", "historyLimit": 1, "podChaos": pod_chaos,
    });
    create(&stage, SCHEDULE, "loop", spec).await;
    let spawned = async || {
        let all = reasons(&stage, "loop").await;
        all.iter().filter(|one| *one == "Spawned").count()
    };
    stage.until("it spawned twice", async || spawned().await >= 2).await;
    annotate(&stage, SCHEDULE, "loop", PAUSE, "true").await;
    delete(&stage, SCHEDULE, "loop").await;
    until_gone(&stage, SCHEDULE, "loop").await;
    let kind = kind("PodChaos");
    let none = async || stage.cluster().list(kind).await.unwrap().is_empty();
    stage.until("the children are gone", none).await;
    stage.all_available().await;
    stage.close().await;
}
