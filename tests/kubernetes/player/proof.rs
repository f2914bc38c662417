//! Whether the player does as what it plays: the shop, experiments from creation to the end, and the ways in which they hang.

use kube::ResourceExt as _;
use kube::api::{DeleteParams, DynamicObject, EvictParams, Patch, PatchParams};
use serde_json::{Value, json};

use super::super::proxy::trouble::Ill;
use super::super::stage::{Stage, needs_chaos_mesh, needs_fake, needs_k6, needs_played_mesh, shop};
use super::behaviour::{LoadPlan, Mood};
use super::chaos::table::{EXPERIMENTS, POD_HTTP, POD_NETWORK, SCHEDULE};
use super::cluster::*;
use super::k6::TEST_RUN;
use super::workloads::NO_IMAGE;

fn kind(name: &str) -> Kind {
    *EXPERIMENTS.iter().find(|kind| kind.kind == name).unwrap()
}

async fn pods(stage: &Stage, app: &str) -> Vec<DynamicObject> {
    let mut pods = stage.cluster().list(POD).await.unwrap();
    pods.retain(|pod| pod.labels().get("app").is_some_and(|label| label == app));
    pods.sort_by_key(kube::ResourceExt::name_any);
    pods
}

async fn create(stage: &Stage, kind: Kind, name: &str, spec: Value) {
    let object = json!({"metadata": {"name": name}, "spec": spec});
    stage.cluster().create(kind, object).await.unwrap().unwrap();
}

/// Waits until the experiment is so.
async fn until(stage: &Stage, kind: Kind, name: &str, what: &str, is: impl Fn(&Value) -> bool) {
    let text = format!("{} {name}: {what}", kind.kind);
    stage
        .until(&text, async || {
            let object = stage.object(kind, name).await;
            object.is_some_and(|object| is(&object.data["status"]))
        })
        .await;
}

fn phases(status: &Value) -> Vec<&str> {
    let records = status["experiment"]["containerRecords"].as_array();
    records.into_iter().flatten().filter_map(|one| one["phase"].as_str()).collect()
}

fn all_in(status: &Value, desired: &str, phase: &str) -> bool {
    let phases = phases(status);
    let stands = phases.iter().all(|one| *one == phase) && !phases.is_empty();
    status["experiment"]["desiredPhase"] == desired && stands
}

fn last_event(status: &Value) -> String {
    let record = &status["experiment"]["containerRecords"][0];
    let last = record["events"].as_array().and_then(|all| all.last());
    last.map(|last| format!("{}/{}", last["type"], last["operation"]).replace('"', ""))
        .unwrap_or_default()
}

async fn annotate(stage: &Stage, kind: Kind, name: &str, key: &str, value: &str) {
    let patch = json!({"metadata": {"annotations": {key: value}}});
    stage.cluster().patch(kind, name, &patch).await.unwrap();
}

async fn delete(stage: &Stage, kind: Kind, name: &str) {
    let api = stage.cluster().api(kind);
    let _ = api.delete(name, &DeleteParams::default()).await.unwrap();
}

async fn until_gone(stage: &Stage, kind: Kind, name: &str) {
    let text = format!("{} {name} is gone", kind.kind);
    stage.until(&text, async || stage.object(kind, name).await.is_none()).await;
}

async fn reasons(stage: &Stage, name: &str) -> Vec<String> {
    let events = stage.cluster().list(EVENT).await.unwrap();
    let of = |event: &&DynamicObject| event.data["involvedObject"]["name"] == name;
    let reason =
        |event: &DynamicObject| event.data["reason"].as_str().unwrap_or_default().to_owned();
    events.iter().filter(of).map(reason).collect()
}

const PAUSE: &str = "experiment.chaos-mesh.org/pause";

#[tokio::test]
async fn the_shop_runs_heals_and_keeps_its_budgets() {
    let stage = Stage::shop().await;
    assert_eq!(stage.cluster().list(POD).await.unwrap().len(), shop::pods());
    let web = pods(&stage, "web-app").await;
    let client = stage.client();
    let api: kube::Api<k8s_openapi::api::core::v1::Pod> =
        kube::Api::namespaced(client, &stage.namespace);
    // One may go; the next only when another is there in its place.
    api.evict(&web[0].name_any(), &EvictParams::default()).await.unwrap();
    stage
        .until("the evicted pod is replaced and the budget is whole", async || {
            let budget = stage.object(BUDGET, "web-app").await.unwrap();
            let now = pods(&stage, "web-app").await;
            now.len() == 5
                && now.iter().all(|pod| pod.uid() != web[0].uid() && condition(pod, "Ready"))
                && budget.data["status"]["disruptionsAllowed"] == 1
        })
        .await;
    if stage.plays_pods() {
        let other = web[1].name_any();
        stage.behaviour().unready(&other, true);
        stage
            .until("its endpoint is not ready, and no more may go", async || {
                let budget = stage.object(BUDGET, "web-app").await.unwrap();
                let slices = stage.cluster().list(SLICE).await.unwrap();
                let ends = slices.iter().flat_map(|one| one.data["endpoints"].as_array()).flatten();
                let mut ends = ends.filter(|one| one["targetRef"]["name"] == other.as_str());
                let off = ends.any(|one| one["conditions"]["ready"] == false);
                off && budget.data["status"]["disruptionsAllowed"].as_i64().unwrap_or(0) == 0
            })
            .await;
        let refused = api.evict(&web[2].name_any(), &EvictParams::default()).await;
        assert!(matches!(refused, Err(kube::Error::Api(status)) if status.code == 429));
        stage.behaviour().unready(&other, false);
    }
    stage.close().await;
}

#[tokio::test]
async fn a_rollout_that_is_taken_back_ends_with_the_same_hash_and_a_bad_image_keeps_the_old_pods() {
    let stage = Stage::shop().await;
    let hash = async || {
        let all = pods(&stage, "backend-service").await;
        all.iter()
            .filter_map(|pod| pod.labels().get("pod-template-hash").cloned())
            .collect::<Vec<_>>()
    };
    let before = hash().await;
    let with_image = |image: &str| json!({"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}});
    let api = stage.cluster().api(DEPLOYMENT);
    let image = async |image: &str| {
        let patch = Patch::Strategic(with_image(image));
        api.patch("backend-service", &PatchParams::default(), &patch).await.unwrap();
    };
    if stage.plays_pods() {
        image(&format!("registry.invalid/{NO_IMAGE}:1")).await;
        stage
            .until("a new pod waits for its image", async || {
                pods(&stage, "backend-service").await.iter().any(|pod| {
                    let state = &pod.data["status"]["containerStatuses"][0]["state"];
                    state["waiting"]["reason"] == "ImagePullBackOff"
                })
            })
            .await;
        let ready = pods(&stage, "backend-service").await;
        assert_eq!(ready.iter().filter(|pod| condition(pod, "Ready")).count(), 2);
    }
    image("registry.k8s.io/pause:3.9").await;
    stage.all_available().await;
    assert_ne!(hash().await[0], before[0]);
    image("registry.k8s.io/pause:3.10").await;
    stage.all_available().await;
    stage.until("the pods are of the old template again", async || hash().await == before).await;
    stage.close().await;
}

#[tokio::test]
async fn nodes_that_are_cordoned_get_no_pods() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "nodes are cordoned") {
        return stage.close().await;
    }
    let nodes: kube::Api<k8s_openapi::api::core::v1::Node> = kube::Api::all(stage.client());
    for name in ["node-1", "node-2", "node-3"] {
        nodes.cordon(name).await.unwrap();
    }
    let web = pods(&stage, "web-app").await;
    delete(&stage, POD, &web[0].name_any()).await;
    stage
        .until("the new pod has no node", async || {
            let now = pods(&stage, "web-app").await;
            now.len() == 5
                && now.iter().any(|pod| {
                    pod.data["spec"]["nodeName"].is_null()
                        && pod.data["status"]["phase"] == "Pending"
                })
        })
        .await;
    nodes.uncordon("node-3").await.unwrap();
    stage.all_available().await;
    let new = pods(&stage, "web-app").await;
    let old: Vec<_> = web.iter().map(kube::ResourceExt::uid).collect();
    let new = new.iter().find(|pod| !old.contains(&pod.uid())).unwrap();
    assert_eq!(new.data["spec"]["nodeName"], "node-3");
    stage.close().await;
}

#[tokio::test]
async fn stateful_sets_keep_names_daemons_stand_on_every_node_and_jobs_end() {
    let stage = Stage::new().await;
    let labels = json!({"app": "database"});
    let set = |image: &str| {
        json!({
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "database"},
            "spec": {
                "serviceName": "database", "replicas": 2, "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {
                        "terminationGracePeriodSeconds": 1,
                        "containers": [{"name": "app", "image": image}],
                    },
                },
            },
        })
    };
    stage.apply(set("registry.k8s.io/pause:3.10")).await;
    stage.until("it has pods", async || pods(&stage, "database").await.len() == 2).await;
    stage.all_available().await;
    let before = pods(&stage, "database").await;
    assert_eq!(
        (before[0].name_any(), before[1].name_any()),
        ("database-0".into(), "database-1".into())
    );
    stage.apply(set("registry.k8s.io/pause:3.9")).await;
    stage
        .until("both are replaced", async || {
            let now = pods(&stage, "database").await;
            let old: Vec<_> = before.iter().map(kube::ResourceExt::uid).collect();
            now.len() == 2
                && now.iter().all(|pod| !old.contains(&pod.uid()) && condition(pod, "Ready"))
        })
        .await;
    stage.all_available().await;
    let template = json!({
        "metadata": {"labels": {"app": "agent"}},
        "spec": {
            "terminationGracePeriodSeconds": 1,
            "containers": [{"name": "app", "image": "registry.k8s.io/pause:3.10"}],
        },
    });
    let spec = json!({"selector": {"matchLabels": {"app": "agent"}}, "template": template});
    create(&stage, DAEMON_SET, "agent", spec).await;
    let nodes = stage.cluster().list(NODE).await.unwrap().len();
    if !stage.is_real() {
        stage
            .until("an agent on every node", async || {
                let agents = pods(&stage, "agent").await;
                agents.len() == nodes && agents.iter().all(|pod| condition(pod, "Ready"))
            })
            .await;
    }
    if stage.plays_pods() {
        let mut template = template.clone();
        template["metadata"]["labels"] = json!({"app": "work"});
        template["spec"]["restartPolicy"] = "Never".into();
        create(&stage, JOB, "work", json!({"backoffLimit": 0, "template": template})).await;
        stage.until("it works", async || !pods(&stage, "work").await.is_empty()).await;
        stage.behaviour().exit("work", 0);
        stage
            .until("it is complete", async || {
                condition(&stage.object(JOB, "work").await.unwrap(), "Complete")
            })
            .await;
    }
    stage.close().await;
}

fn all_of(stage: &Stage, names: &[String]) -> Value {
    json!({"pods": {&stage.namespace: names}})
}

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
    for name in ["no-apply", "until-gone", "hangs"] {
        create(&stage, stress, name, spec.clone()).await;
    }
    until(&stage, stress, "no-apply", "failing", |status| last_event(status) == "Failed/Apply")
        .await;
    for name in ["until-gone", "hangs"] {
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
    assert!(stage.object(http, "waits").await.is_some());
    until_gone(&stage, POD_HTTP, &victim).await;
    stage.cluster().patch(http, "waits", &json!({"metadata": {"finalizers": null}})).await.unwrap();
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
    let other = json!({"metadata": {"name": "other"}, "spec": spec});
    assert!(stage.cluster().create(kind, other).await.is_err());
    let patch = json!({"metadata": {"annotations": {PAUSE: "true"}}});
    assert!(stage.cluster().patch(kind, "skew", &patch).await.is_err());
    delete(&stage, kind, "skew").await;
    let object = stage.object(kind, "skew").await.unwrap();
    assert!(deleting(&object) && all_in(&object.data["status"], "Run", "Injected"));
    stage.manager_down(false);
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

#[tokio::test]
async fn a_test_run_goes_through_its_stages_and_its_exit_codes_stand_in_its_pods() {
    let stage = Stage::new().await;
    if !needs_k6(&stage, "a TestRun") || !stage.plays_pods() {
        return stage.close().await;
    }
    stage.behaviour().load(LoadPlan { exits: vec![0, 99], ..LoadPlan::default() });
    let spec = json!({"parallelism": 2, "script": {"configMap": {"name": "script"}}});
    create(&stage, TEST_RUN, "load", spec.clone()).await;
    until(&stage, TEST_RUN, "load", "finished", |status| status["stage"] == "finished").await;
    let failed = stage.object(JOB, "load-2").await.unwrap();
    assert!(condition(&failed, "Failed") && failed.data["status"]["failed"] == 1);
    let pods = stage.cluster().list(POD).await.unwrap();
    let ended = |pod: &DynamicObject| {
        pod.data["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"].as_i64()
    };
    let second = pods.iter().find(|pod| pod.name_any().starts_with("load-2-")).unwrap();
    assert_eq!(ended(second), Some(99));
    delete(&stage, TEST_RUN, "load").await;
    let gone = async || stage.cluster().list(POD).await.unwrap().is_empty();
    stage.until("its pods go with it", gone).await;
    stage.behaviour().load(LoadPlan { invalid: true, ..LoadPlan::default() });
    create(&stage, TEST_RUN, "wrong", spec).await;
    until(&stage, TEST_RUN, "wrong", "error", |status| status["stage"] == "error").await;
    stage.close().await;
}

#[tokio::test]
async fn trouble_on_the_way_is_met_as_often_as_it_was_asked_for() {
    let stage = Stage::new().await;
    let trouble = stage.trouble();
    let through = Cluster { client: stage.connection().client, namespace: stage.namespace.clone() };
    trouble.next(1, "list", "configmaps", Ill::expired());
    trouble.next(1, "list", "configmaps", Ill::broken());
    trouble.next(1, "list", "configmaps", Ill::Reset);
    let code = |result: kube::Result<Vec<DynamicObject>>| match result {
        Ok(_) => 200,
        Err(kube::Error::Api(status)) => status.code,
        Err(_) => 0,
    };
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(code(through.list(CONFIG_MAP).await));
    }
    assert_eq!((codes.as_slice(), trouble.outstanding()), ([401, 500, 0, 200].as_slice(), 0));
    // Done, and not known to be done.
    trouble.next(1, "create", "configmaps", Ill::Lost);
    let map = json!({"metadata": {"name": "lost"}, "data": {}});
    assert!(through.create(CONFIG_MAP, map).await.is_err());
    assert!(stage.object(CONFIG_MAP, "lost").await.is_some());
    let api = through.api(CONFIG_MAP);
    let watching = async {
        use futures::StreamExt as _;
        // One that is cut before its answer is begun is an error at once.
        match api.watch(&Default::default(), "0").await {
            Ok(events) => events.collect::<Vec<_>>().await,
            Err(error) => vec![Err(error)],
        }
    };
    let cut = async {
        stage
            .until("the watch is there", async || {
                trouble.asked().iter().any(|one| one.verb == "watch")
            })
            .await;
        // The answer may be on its way still: it is cut until it ends.
        loop {
            trouble.cut_watches();
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        events = watching => assert!(!events.is_empty()),
        () = cut => {}
    }
    trouble.gone().await;
    assert!(through.list(CONFIG_MAP).await.is_err());
    trouble.back().await;
    assert!(through.list(CONFIG_MAP).await.is_ok());
    stage.close().await;
}
