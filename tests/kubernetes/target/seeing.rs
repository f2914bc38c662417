//! What is seen of a cluster, and that it goes on being seen.

use std::time::Duration;

use gameday::engine::clock::SystemClock;
use gameday::exercise::target::{PodHealth, Topology};
use gameday::gameday::cluster::{Cluster, Declared};
use gameday::kubernetes::observer::ClusterObserver;
use gameday::kubernetes::seen::topology;
use gameday::kubernetes::survey::survey;
use gameday::port::instruments::{Instruments as _, Observation};
use gameday::port::target::TargetObserver as _;
use serde_json::json;

use crate::player::cluster::SLICE;
use crate::proxy::trouble::Ill;
use crate::stage::{Stage, needs_fake, shop};

async fn observer(stage: &Stage) -> ClusterObserver {
    ClusterObserver::begin(stage.connection(), Cluster::default(), &SystemClock::new())
        .await
        .unwrap()
}

fn replicas(topology: &Topology, app: &str) -> usize {
    let ready = |pod: &&gameday::exercise::target::Pod| pod.health == PodHealth::Ready;
    topology.pods.iter().filter(|pod| pod.app() == app).filter(ready).count()
}

async fn scaled(stage: &Stage, name: &str, replicas: u32) {
    use crate::player::cluster::DEPLOYMENT;
    let patch = json!({"spec": {"replicas": replicas}});
    let done = async || stage.cluster().patch(DEPLOYMENT, name, &patch).await.is_ok();
    stage.until("the server takes it", done).await;
}

/// Waits until the observer shows so many ready pods of an app.
async fn shows(observer: &ClusterObserver, app: &str, count: usize) {
    let mut looks = observer.watch();
    let seen = looks.wait_for(|topology| replicas(topology, app) == count);
    let seen = tokio::time::timeout(Duration::from_secs(60), seen).await;
    let last = observer.watch().borrow().clone();
    assert!(seen.is_ok(), "never {count} of {app}: {last:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_is_seen_with_owners_zones_services_and_budgets() {
    let stage = Stage::shop().await;
    let ready = |slice: &kube::api::DynamicObject| {
        let endpoints = slice.data["endpoints"].as_array().map_or(0, Vec::len);
        kube::ResourceExt::labels(slice)
            .get("kubernetes.io/service-name")
            .is_some_and(|name| name == "web-app")
            && endpoints == 5
    };
    let served = async || stage.cluster().list(SLICE).await.unwrap().iter().any(ready);
    stage.until("all pods are behind their service", served).await;
    let scene = survey(&stage.connection()).await.unwrap();
    let declared = Declared { depends_on: vec!["database".into()], critical: true };
    let services = [("backend-service".to_owned(), declared)].into();
    let seen = topology(&scene, &Cluster { services, ..Cluster::default() });

    assert_eq!(seen.pods.len(), shop::pods());
    let web = seen.pods.iter().find(|pod| pod.app() == "web-app").unwrap();
    assert_eq!(
        (web.owner.as_str(), web.namespace.as_str()),
        ("Deployment/web-app", &*stage.namespace)
    );
    assert_eq!(web.health, PodHealth::Ready);
    // A server without nodes gives pods none.
    let placed =
        scene.pods.iter().any(|pod| pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some()));
    assert_eq!(web.labels.contains_key("node"), placed, "{web:?}");
    if stage.has_zones() {
        assert!(placed && web.zone().is_some(), "{web:?}");
    }
    let service = |name: &str| seen.services.iter().find(|one| one.name == name).unwrap();
    assert_eq!(service("web-app").backed_by.as_ref().unwrap().len(), 5);
    let backend = service("backend-service");
    assert!(backend.critical && backend.depends_on.contains(&"database".to_owned()));
    let budget = seen.budgets.iter().find(|one| one.pods.contains(&web.name)).unwrap();
    assert_eq!(budget.pods.len(), 5);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_after_watches_that_are_too_old_throttling_expired_tokens_and_a_restart() {
    let stage = Stage::shop().await;
    let observer = observer(&stage).await;
    let mut news = observer.observe(Duration::ZERO);
    shows(&observer, "web-app", 5).await;
    let trouble = stage.trouble();
    let mut count = 5;
    let mut next = || {
        count = if count == 5 { 4 } else { 5 };
        count
    };
    // Each of these, and a change behind it.
    for ill in [Ill::too_old(), Ill::throttled(1), Ill::expired(), Ill::starting(), Ill::Reset] {
        trouble.next(3, "watch", "pods", ill.clone());
        trouble.next(2, "list", "pods", ill.clone());
        trouble.cut_watches();
        let wanted = next();
        scaled(&stage, "web-app", wanted).await;
        shows(&observer, "web-app", wanted as usize).await;
        trouble.over();
    }
    trouble.drop_connections();
    let wanted = next();
    scaled(&stage, "web-app", wanted).await;
    shows(&observer, "web-app", wanted as usize).await;

    // The server is away for a while, and meanwhile something changes.
    trouble.gone().await;
    let told = async {
        while let Some(seen) = news.recv().await {
            if let Observation::Cluster(news) = seen
                && news.unseen.is_some_and(|why| why.contains("no word of"))
            {
                return;
            }
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(30), told).await;
    assert!(told.is_ok(), "nobody said that nothing is seen");
    let wanted = next();
    scaled(&stage, "web-app", wanted).await;
    trouble.back().await;
    shows(&observer, "web-app", wanted as usize).await;
    // Also those kinds are heard of again in which nothing happens.
    let heard = async {
        while let Some(seen) = news.recv().await {
            if let Observation::Cluster(news) = seen
                && news.unseen.is_some_and(|why| !why.contains("no word of"))
            {
                return;
            }
        }
    };
    let heard = tokio::time::timeout(Duration::from_secs(60), heard).await;
    assert!(heard.is_ok(), "it goes on saying that nothing is seen");
    drop(observer);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgets_its_history_and_restarts_is_followed() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "a real server is not restarted by a test") {
        return stage.close().await;
    }
    let observer = observer(&stage).await;
    let server = stage.fake().unwrap();
    server.compact();
    server.drop_watches();
    scaled(&stage, "web-app", 4).await;
    shows(&observer, "web-app", 4).await;
    server.restart().await;
    scaled(&stage, "web-app", 5).await;
    shows(&observer, "web-app", 5).await;
    drop(observer);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_of_the_namespace_are_told_and_those_of_experiments_are_marked() {
    let stage = Stage::new().await;
    let observer = observer(&stage).await;
    let mut news = observer.observe(Duration::ZERO);
    let event = |name: &str, kind: &str, api: &str, text: &str| {
        let now = crate::player::cluster::now();
        json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": name},
            "involvedObject": {"apiVersion": api, "kind": kind, "name": "x", "namespace": stage.namespace},
            "type": "Warning", "reason": "Failed", "message": text, "count": 1,
            "firstTimestamp": now, "lastTimestamp": now, "source": {"component": "kubelet"},
        })
    };
    stage.apply(event("one", "Pod", "v1", "the image cannot be pulled")).await;
    stage.apply(event("two", "PodChaos", "chaos-mesh.org/v1alpha1", "nothing is selected")).await;
    let mut told = Vec::new();
    let hear = async {
        while told.len() < 2 {
            if let Some(Observation::Cluster(news)) = news.recv().await {
                told.extend(news.warnings);
            }
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(30), hear).await.is_ok(), "{told:?}");
    told.sort_by_key(|one| one.reveals);
    assert_eq!((told[0].about.as_str(), told[0].reveals), ("Pod/x", false));
    assert_eq!((told[1].about.as_str(), told[1].reveals), ("PodChaos/x", true));
    drop(observer);
    stage.close().await;
}
