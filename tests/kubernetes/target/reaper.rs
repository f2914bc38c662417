//! Who lets go when the program dies: posted before the first change that would stay, on another node, and gone with the run.

use std::collections::BTreeMap;

use kube::api::DynamicObject;
use serde_json::{Value, json};

use super::program::Program;
use super::running::events;
use crate::player::cluster::{CONFIG_MAP, JOB, Kind, LEASE, POD};
use crate::stage::Stage;

const SETTINGS: &str = "{ time: +1s, name: settings, experiment: { type: configuration-change, set: { backend_timeout: 30s }, target: { selector: { app: web-app } }, duration: 3s } }";

/// The image of a reaper; a cluster that runs containers needs one that is there.
fn image(stage: &Stage) -> Option<String> {
    match std::env::var("GAMEDAY_E2E_IMAGE") {
        Ok(image) => Some(image),
        Err(_) if stage.plays_pods() => Some("registry.example/gameday:1".to_owned()),
        Err(_) => {
            eprintln!(
                "LOUD: skipped: GAMEDAY_E2E_IMAGE names no image of gameday: a reaper has to run"
            );
            None
        }
    }
}

/// Everything of a kind that a run of ours keeps.
async fn ours(stage: &Stage, kind: Kind) -> Vec<DynamicObject> {
    let all = stage.cluster().list(kind).await.unwrap();
    let labelled = |one: &DynamicObject| {
        let labels = one.metadata.labels.iter().flatten();
        labels.into_iter().any(|(key, _)| key.starts_with("gameday.internal/"))
    };
    all.into_iter().filter(labelled).collect()
}

/// The nodes of an app's pods.
async fn nodes(stage: &Stage, app: &str) -> BTreeMap<String, i64> {
    let pods = stage.cluster().list(POD).await.unwrap();
    let theirs = pods.iter().filter(|pod| {
        pod.metadata.labels.as_ref().and_then(|all| all.get("app")).is_some_and(|one| one == app)
    });
    theirs.filter_map(|pod| Some((pod.data["spec"]["nodeName"].as_str()?.to_owned(), 10))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaper_watches_while_a_run_lasts() {
    let stage = Stage::shop().await;
    let Some(image) = image(&stage) else { return stage.close().await };
    let account = "gameday-on-a-cluster-reaper";
    stage
        .apply(json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": account}}))
        .await;
    let program = Program::on(&stage);
    program.settings(&format!(
        "kubernetes: {{ reaper_image: \"{image}\", reaper_priority: system-cluster-critical }}\n"
    ));
    let day = program.game_day(None, 8, SETTINGS);
    let running = program.begins(&day, &[]);
    let started = || !events(&program.recording(), "injection-active").is_empty();
    stage.until("the change is made", async || started()).await;

    let jobs = ours(&stage, JOB).await;
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    let pod = &job.data["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["image"], image.as_str());
    assert_eq!(pod["serviceAccountName"], account);
    assert_eq!(pod["priorityClassName"], "system-cluster-critical");
    let terms = &pod["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"];
    // Where pods are on no nodes there is nothing to be away from.
    let away = terms.as_array().into_iter().flatten().map(|term| {
        let node = &term["preference"]["matchFields"][0]["values"][0];
        (node.as_str().unwrap().to_owned(), term["weight"].as_i64().unwrap())
    });
    assert_eq!(away.collect::<BTreeMap<_, _>>(), nodes(&stage, "web-app").await, "{terms}");
    let owner = &job.metadata.owner_references.as_ref().unwrap()[0];
    assert_eq!(owner.kind, "ConfigMap", "the journal takes it along");
    let watching = ours(&stage, POD).await;
    assert!(watching.iter().any(|pod| pod.data["status"]["phase"] == "Running"), "{watching:?}");

    let output = running.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(events(&program.recording(), "reverted").len(), 1, "{said}");
    for kind in [JOB, POD, LEASE, CONFIG_MAP] {
        stage.until("nothing is kept", async || ours(&stage, kind).await.is_empty()).await;
    }
    let settings = stage.object(CONFIG_MAP, "shop-settings").await.unwrap();
    assert_eq!(settings.data["data"]["backend_timeout"], Value::from("2s"));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_posted_where_everything_ends_by_itself() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    program.settings("kubernetes: { reaper_image: \"registry.example/gameday:1\" }\n");
    let day = program.game_day(None, 4, "");
    let running = program.begins(&day, &[]);
    stage
        .until("it runs", async || !events(&program.recording(), "phase-started").is_empty())
        .await;
    assert!(!ours(&stage, LEASE).await.is_empty());
    assert!(ours(&stage, JOB).await.is_empty());
    assert_eq!(running.wait_with_output().await.unwrap().status.code(), Some(0));
    stage.close().await;
}
