//! Sets of pods, their nodes, and their budgets.

use kube::ResourceExt as _;
use kube::api::{EvictParams, Patch, PatchParams};
use serde_json::json;

use super::super::super::stage::{Stage, needs_fake, shop};
use super::super::cluster::*;
use super::super::workloads::NO_IMAGE;
use super::*;

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
