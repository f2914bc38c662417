//! The instruments of pods, read by way of the API server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gameday::engine::clock::SystemClock;
use gameday::exercise::cluster::ClusterNews;
use gameday::exercise::reading::Reading;
use gameday::gameday::cluster::Cluster;
use gameday::gameday::instrument::Instrument;
use gameday::kubernetes::connect::Connection;
use gameday::kubernetes::observer::ClusterObserver;
use gameday::port::clock::Clock;
use gameday::port::instruments::{Instruments, Observation};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::super::native::connection;
use super::super::player::cluster::POD;
use super::super::stage::{Stage, needs_fake};
use super::parts::{command, free_port, get, is_ready, start};

async fn observer(connection: Connection) -> (ClusterObserver, Arc<dyn Clock>) {
    let clock = SystemClock::new();
    let observer = ClusterObserver::begin(connection, Cluster::default(), &clock).await.unwrap();
    (observer, Arc::new(clock))
}

async fn next(from: &mut UnboundedReceiver<Observation>) -> Observation {
    let told = tokio::time::timeout(Duration::from_secs(60), from.recv()).await;
    told.expect("something is told").expect("somebody tells it")
}

/// Waits for a reading that fits.
async fn reads(from: &mut UnboundedReceiver<Observation>, fits: impl Fn(&Reading) -> bool) {
    loop {
        if let Observation::Reading(reading) = next(from).await
            && fits(&reading)
        {
            return;
        }
    }
}

/// Waits until the cluster says so of what is not seen.
async fn says(observer: &ClusterObserver, words: &str) {
    let mut told = observer.observe(Duration::ZERO);
    loop {
        if let Observation::Cluster(ClusterNews { unseen: Some(unseen), .. }) =
            next(&mut told).await
            && unseen.contains(words)
        {
            return;
        }
    }
}

/// A pod of this machine, where `port` says what it counted.
async fn pod(stage: &Stage, port: u16) {
    let notes = json!({ "gameday.internal/instruments": format!("{port}/instruments") });
    stage
        .apply(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": { "name": "web-app-0", "labels": { "app": "web-app" }, "annotations": notes },
            "spec": { "containers": [{ "name": "app", "image": "registry.k8s.io/pause:3.10" }] },
        }))
        .await;
    let here =
        json!({ "phase": "Running", "podIP": "127.0.0.1", "podIPs": [{ "ip": "127.0.0.1" }] });
    stage
        .until("it is on this machine", async || {
            let Ok(Some(pod)) = stage.cluster().get(POD, "web-app-0").await else { return false };
            drop(stage.cluster().say(POD, &pod, here.clone()).await);
            pod.data["status"]["podIP"] == "127.0.0.1"
        })
        .await;
}

fn part(folder: &Path) -> super::parts::Part {
    let ports = (free_port(), free_port());
    let upstreams = format!("backend-service=127.0.0.1:{}", free_port());
    let part = start(command("web-app", folder, ports, &upstreams), "web-app", ports);
    is_ready(&part, true);
    part
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pods_count_from_now_on_is_read_every_second() {
    let stage = Stage::new().await;
    let why = "no API server passes requests on to a pod at 127.0.0.1";
    if needs_fake(&stage, why) {
        return stage.close().await;
    }
    let scratch = tempfile::tempdir().unwrap();
    let part = part(scratch.path());
    let page = |count: u32| {
        for _ in 0..count {
            get(part.port, "/").unwrap();
        }
    };
    page(5);
    pod(&stage, part.port).await;
    let (observer, clock) = observer(stage.connection()).await;
    let mut told = observer.instruments(Arc::clone(&clock)).observe(clock.monotonic());
    let misses = |reading: &Reading| reading.values.get(&Instrument::CacheMisses).copied();
    reads(&mut told, |reading| misses(reading) == Some(0.0)).await;
    page(3);
    reads(&mut told, |reading| misses(reading) == Some(3.0)).await;
    // Whoever is gone says nothing, which is not nought.
    drop(part);
    reads(&mut told, |reading| reading.values.is_empty()).await;
    says(&observer, "HTTP 503").await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_pods_is_told_what_is_needed() {
    let stage = Stage::new().await;
    if needs_fake(&stage, "no API server passes requests on to a pod at 127.0.0.1") {
        return stage.close().await;
    }
    pod(&stage, 1).await;
    let reader = stage.kubeconfig_as("reader", &["system:authenticated"]);
    for (kind, name, rest) in [
        (
            "Role",
            "reader",
            json!({ "rules": [{ "apiGroups": ["*"], "resources": ["pods", "services", "configmaps"], "verbs": ["get", "list", "watch"] }] }),
        ),
        (
            "RoleBinding",
            "reader",
            json!({
                "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader" },
                "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "reader" }],
            }),
        ),
    ] {
        let mut object = rest;
        object["apiVersion"] = "rbac.authorization.k8s.io/v1".into();
        object["kind"] = kind.into();
        object["metadata"] = json!({ "name": name });
        stage.apply(object).await;
    }
    let (observer, clock) = observer(connection(&stage, &reader).await).await;
    let mut told = observer.instruments(Arc::clone(&clock)).observe(clock.monotonic());
    reads(&mut told, |reading| reading.values.is_empty()).await;
    says(&observer, "gameday rbac prints the Role").await;
    stage.close().await;
}
