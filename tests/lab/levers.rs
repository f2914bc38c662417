//! What teams can do to repair the lab, and what its instruments say meanwhile.

use std::time::{Duration, Instant};

use gameday::exercise::lever::Lever;
use gameday::exercise::target::PodHealth;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::Fault;
use gameday::port::instruments::{Instruments, Observation};
use gameday::port::levers::Levers;
use gameday::port::target::{FaultInjector, TargetObserver};

use super::stage::{Stage, order, spoken, until};

fn scale(app: &str, replicas: u32) -> Lever {
    Lever::Scale { app: app.to_owned(), replicas }
}

fn restart(pod: &str) -> Lever {
    Lever::Restart { pod: pod.to_owned() }
}

async fn pull(stage: &Stage, lever: Lever) -> Result<String, String> {
    let seen = stage.lab.pull(&lever).await.map_err(|error| error.0)?;
    // What a pod wrote or answered is its own.
    if !matches!(lever, Lever::ReadLog { .. } | Lever::Curl { .. }) {
        spoken(&seen);
    }
    Ok(seen.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_scaled_up_and_down_while_it_serves() {
    let stage = Stage::start("scale").await;
    let before = stage.lab.survey().await.unwrap();
    let work = async {
        let said = pull(&stage, scale("web-app", 8)).await.unwrap();
        assert_eq!(said, "web-app runs in 8 pods, 5 before");
        let now = stage.lab.survey().await.unwrap();
        let web: Vec<_> = now.pods.iter().filter(|one| one.app() == "web-app").collect();
        assert_eq!(web.len(), 8);
        assert!(web.iter().all(|one| one.health == PodHealth::Ready));
        let spare = stage.pid("web-app-8").unwrap();
        until("the new ones get work", async || {
            stage.metric("web-app-8", "requests_total", "").await > 0.0
        })
        .await;
        assert_eq!(
            pull(&stage, scale("web-app", 5)).await.unwrap(),
            "web-app runs in 5 pods, 8 before"
        );
        assert_eq!(stage.lab.survey().await.unwrap(), before, "as it was");
        assert!(!std::path::Path::new(&format!("/proc/{spare}/fd")).exists());
    };
    let customers = async {
        loop {
            let (status, body, _) = stage.get("/").await;
            assert_eq!(status, 200, "{body}");
        }
    };
    tokio::select! { () = work => {}, () = customers => {} }
    let cases = [
        (scale("web-app", 9), "web-app can run in 1 to 8 pods"),
        (scale("web-app", 0), "web-app can run in 1 to 8 pods"),
        (scale("database", 2), "database cannot be scaled"),
        (restart("web-app-8"), "the lab has no pod web-app-8"),
        (Lever::Curl { pod: "web-app-1".to_owned(), path: "http://x/".to_owned() }, "is no path"),
        (Lever::RestorePermission { account: "a".to_owned() }, "nothing to do"),
        (Lever::RollBackConfiguration { app: "web-app".to_owned() }, "nothing to do"),
    ];
    for (lever, expected) in cases {
        let error = pull(&stage, lever.clone()).await.unwrap_err();
        assert!(error.contains(expected), "{lever}: {error}");
    }
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_of_a_lost_node_are_started_elsewhere_by_hand() {
    let stage = Stage::without("hand", &[Defence::Rescheduling, Defence::Failover]).await;
    let on_node: Vec<_> = stage.lab.pods().into_iter().filter(|one| one.node == "node-2").collect();
    let victims: Vec<&str> = on_node.iter().map(|one| one.pod.as_str()).collect();
    let order = order("node", Fault::NodeFailure, &victims, &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    stage.inject(&order).await;
    let said = pull(&stage, restart("backend-service-2")).await.unwrap();
    assert!(said.starts_with("backend-service-2 takes traffic on node-"), "{said}");
    assert!(!said.contains("node-2,"), "{said}");
    let error = pull(&stage, restart("database-replica")).await.unwrap_err();
    assert_eq!(error, "database-replica can only run on node-2, which is not in use");
    pull(&stage, scale("web-app", 8)).await.unwrap();
    let web8 = stage.lab.pods().into_iter().find(|one| one.pod == "web-app-8").unwrap();
    assert_ne!(web8.node, "node-2", "its own node is lost");
    stage.revert(&undo).await.unwrap();
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_is_restarted_and_looked_at() {
    let stage = Stage::start("look").await;
    let before = stage.pid("web-app-1").unwrap();
    let start = Instant::now();
    let said = pull(&stage, restart("web-app-1")).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let now = stage.pid("web-app-1").unwrap();
    assert!(now != before && said.ends_with(&format!("process {now}")), "{said}");
    let log = Lever::ReadLog { pod: "web-app-1".to_owned(), lines: 20 };
    let log = pull(&stage, log).await.unwrap();
    assert!(log.contains("takes traffic") && log.contains("(ended: "), "{log}");
    let curl = |pod: &str, path: &str| Lever::Curl { pod: pod.to_owned(), path: path.to_owned() };
    assert_eq!(pull(&stage, curl("web-app-1", "/healthz")).await.unwrap(), "200 OK\nok");
    let page = pull(&stage, curl("database-primary", "/metrics")).await.unwrap();
    assert!(page.contains("gameday_lab_") && page.len() < 8_000, "{page}");
    assert!(pull(&stage, curl("web-app-1", "/product/0")).await.unwrap().starts_with("404"));
    let hang = order("hang", Fault::PodHang, &["web-app-3"], &[]);
    stage.inject(&hang).await;
    let error = pull(&stage, curl("web-app-3", "/healthz")).await.unwrap_err();
    assert_eq!(error, "web-app-3 does not answer within 3 s");
    pull(&stage, restart("web-app-3")).await.unwrap();
    assert_eq!(pull(&stage, curl("web-app-3", "/healthz")).await.unwrap(), "200 OK\nok");
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instruments_are_read_each_second_until_the_lab_ends() {
    let stage = Stage::start("read").await;
    let mut seen = stage.lab.observe(Duration::ZERO);
    let mut starts = Vec::new();
    while starts.len() < 2 {
        let Some(Observation::Reading(reading)) = seen.recv().await else { panic!("a reading") };
        assert_eq!(reading.length.as_millis(), 1_000);
        starts.push(reading.start.as_millis());
    }
    assert_eq!(starts[1], starts[0] + 1_000);
    stage.lab.stop().await;
    while seen.recv().await.is_some() {}
}
