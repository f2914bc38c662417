//! Pods, nodes and zones that are down: gone from `/proc`, kept down, and back when it is undone.

use std::time::{Duration, Instant};

use gameday::exercise::target::{Pod, PodHealth};
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{CacheAction, Fault, ZoneResource};
use gameday::gameday::span::Span;
use gameday::lab::{Lab, orphans};
use gameday::port::target::{FaultInjector, TargetObserver};

use super::stage::{Stage, WEB, order, until};

async fn pod(stage: &Stage, name: &str) -> Pod {
    let topology = stage.lab.survey().await.unwrap();
    topology.pods.into_iter().find(|one| one.name == name).unwrap()
}

fn on(stage: &Stage, node: &str) -> Vec<String> {
    let pods = stage.lab.pods().into_iter();
    pods.filter(|one| one.node == node && one.pid.is_some()).map(|one| one.pod).collect()
}

fn names(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// The letter in `/proc/…/stat`; none where there is no such process.
fn state_of(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next().filter(|state| *state != 'Z')
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_down_stays_down_until_it_is_undone_and_halting_all_is_quick() {
    let stage = Stage::start("down").await;
    let cases = [
        ("dependency", Fault::DependencyFailure, vec!["backend-service-1", "backend-service-2"]),
        ("cache", Fault::CacheFailure { action: CacheAction::Outage }, vec!["cache-service-1"]),
        ("database", Fault::DatabaseFailure, vec!["database-replica"]),
    ];
    assert_eq!(stage.get("/").await.0, 200);
    let mut undos = Vec::new();
    for (key, fault, victims) in cases {
        let order = order(key, fault, &victims, &[]);
        let before: Vec<u32> = victims.iter().filter_map(|one| stage.pid(one)).collect();
        let undo = stage.lab.prepare(&order).await.unwrap();
        stage.revert(&undo).await.unwrap();
        let evidence = stage.inject(&order).await;
        for (victim, pid) in victims.iter().zip(&before) {
            assert!(evidence.contains(&format!("{victim} (process {pid})")), "{evidence}");
            assert_eq!(state_of(*pid), None, "{victim}");
        }
        undos.push((victims, undo));
    }
    assert!(stage.checkout().await.0 >= 500, "nobody takes orders");
    // Longer than a dead pod waits before it is started again.
    let start = Instant::now();
    until("they had the time to come back", async || {
        for (victims, _) in &undos {
            for victim in victims {
                assert_eq!(stage.pid(victim), None, "{victim}");
                let pod = pod(&stage, victim).await;
                assert!(
                    start.elapsed() < Duration::from_millis(300) || pod.health == PodHealth::Dead
                );
            }
        }
        start.elapsed() > Duration::from_millis(1_600)
    })
    .await;
    let note = pod(&stage, "cache-service-1").await.note;
    assert!(note.ends_with("is held down"), "{note}");
    let start = Instant::now();
    let reverts = undos.iter().map(|(_, undo)| stage.revert(undo));
    for done in futures::future::join_all(reverts).await {
        done.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    until("orders are taken", async || stage.checkout().await.0 == 200).await;
    stage.lab.stop().await;
    assert_eq!(orphans(stage.lab.id()), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_node_is_left_alone_and_its_pods_run_elsewhere_if_they_can() {
    let stage = Stage::start("node").await;
    let victims = on(&stage, "node-1");
    let part = order("part", Fault::NodeFailure, &["web-app-1"], &[]);
    let refused = stage.lab.prepare(&part).await.unwrap_err().0;
    assert!(refused.contains("select node: node-1"), "{refused}");
    let order = order("node", Fault::NodeFailure, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let evidence = stage.inject(&order).await;
    assert!(evidence.starts_with("node-1 out of use; gone and kept down: "), "{evidence}");
    assert_eq!(on(&stage, "node-1"), Vec::<String>::new());
    assert_eq!(stage.get("/").await.0, 200, "the others serve");
    until("those that can run elsewhere", async || {
        let pod = pod(&stage, "web-app-1").await;
        pod.health == PodHealth::Ready && pod.labels["node"] != "node-1"
    })
    .await;
    let moved = pod(&stage, "web-app-1").await;
    assert_eq!(
        moved.labels["zone"],
        if moved.labels["node"] == "node-2" { "zone-b" } else { "zone-c" }
    );
    let database = pod(&stage, "database-primary").await;
    assert_eq!(database.health, PodHealth::Dead, "data stays with its node");
    assert!(database.note.ends_with("node-1 is not in use"), "{}", database.note);

    let start = Instant::now();
    stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    until("everybody is home again and ready", async || {
        let pods = stage.lab.survey().await.unwrap().pods;
        on(&stage, "node-1") == victims && pods.iter().all(|one| one.health == PodHealth::Ready)
    })
    .await;
    stage.revert(&undo).await.unwrap();
    until("orders are taken", async || stage.checkout().await.0 == 200).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_defence_pods_of_a_lost_node_stay_away() {
    let stage = Stage::without("fixed", &[Defence::Rescheduling, Defence::Failover]).await;
    let victims = on(&stage, "node-1");
    let order = order("node", Fault::NodeFailure, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    stage.inject(&order).await;
    let start = Instant::now();
    until("long enough for a restart", async || {
        assert_eq!(stage.pid("web-app-1"), None);
        start.elapsed() > Duration::from_millis(1_500)
    })
    .await;
    assert_eq!(pod(&stage, "web-app-1").await.labels["node"], "node-1");
    let start = Instant::now();
    stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drained_node_is_emptied_without_anyone_noticing() {
    let stage = Stage::start("drain").await;
    let victims = on(&stage, "node-2");
    let fault = Fault::NodeDrain { grace: Span::from_secs(2) };
    let order = order("drain", fault, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let served = async |what: &str, work: &mut (dyn Future<Output = ()> + Unpin)| {
        let mut asked = 0;
        loop {
            tokio::select! {
                biased;
                () = &mut *work => break,
                (status, body, _) = stage.get("/") => {
                    asked += 1;
                    assert_eq!(status, 200, "{what}: {body}");
                }
            }
        }
        assert!(asked > 0, "{what}: nobody asked");
    };
    let inject = async {
        let evidence = stage.inject(&order).await;
        assert!(evidence.starts_with("node-2 is empty; "), "{evidence}");
        assert!(evidence.contains("backend-service-2 runs on node-"), "{evidence}");
        assert!(evidence.contains("database-replica has stopped"), "{evidence}");
    };
    served("drain", &mut Box::pin(inject)).await;
    assert_eq!(on(&stage, "node-2"), Vec::<String>::new());
    let revert = async {
        let start = Instant::now();
        stage.revert(&undo).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        until("everybody is home again", async || on(&stage, "node-2") == victims).await;
    };
    served("way back", &mut Box::pin(revert)).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_loses_its_pods_and_what_they_stored() {
    let stage = Stage::without("zone", &[Defence::Failover]).await;
    assert_eq!(stage.checkout().await.0, 200);
    let victims = on(&stage, "node-2");
    let file = stage.lab.folder().join("database-replica/data/database-replica.db");
    assert!(file.exists());
    let resources = vec![ZoneResource::Compute, ZoneResource::Storage, ZoneResource::Network];
    let order = order("zone", Fault::ZoneFailure { resources }, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let evidence = stage.inject(&order).await;
    assert!(evidence.contains("storage of database-replica"), "{evidence}");
    assert!(!file.exists());
    let others = stage.lab.folder().join("database-primary/data/database-primary.db");
    assert!(others.exists(), "others keep theirs");
    assert_eq!(stage.get("/").await.0, 200, "the other zones serve");
    stage.revert(&undo).await.unwrap();
    assert!(file.exists());
    until("everybody is home again", async || on(&stage, "node-2") == victims).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_cut_off_is_reached_by_nobody_though_its_pods_run() {
    let stage = Stage::without("cut", &[Defence::Failover]).await;
    let victims = on(&stage, "node-1");
    assert_eq!(stage.checkout().await.0, 200);
    let resources = vec![ZoneResource::Network];
    let order = order("cut", Fault::ZoneFailure { resources }, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let evidence = stage.inject(&order).await;
    assert!(evidence.contains("no answer from"), "{evidence}");
    assert_eq!(on(&stage, "node-1"), victims, "nobody died");
    // Whichever way an order goes, the primary is in the zone.
    assert_ne!(stage.checkout().await.0, 200, "at best it waits in the queue");
    assert_eq!(stage.get("/").await.0, 200);
    for _ in 0..2 {
        stage.revert(&undo).await.unwrap();
    }
    until("orders are taken", async || stage.checkout().await.0 == 200).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_node_comes_back_by_itself_with_all_its_pods() {
    let stage = Stage::start("again").await;
    let victims = on(&stage, "node-2");
    let order = order("again", Fault::NodeRestart, &names(&victims), &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let before: Vec<_> = victims.iter().map(|one| stage.pid(one)).collect();
    stage.inject(&order).await;
    assert_eq!(on(&stage, "node-2"), Vec::<String>::new());
    stage.revert(&undo).await.unwrap();
    assert_eq!(on(&stage, "node-2"), victims, "they were put nowhere else");
    let after: Vec<_> = victims.iter().map(|one| stage.pid(one)).collect();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after));
    stage.lab.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_stands_still_is_left_out_and_goes_on_as_the_same_process() {
    let stage = Stage::start("still").await;
    let order = order("still", Fault::PodHang, &["web-app-2", "web-app-3"], &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    stage.revert(&undo).await.unwrap();
    let pids = ["web-app-2", "web-app-3"].map(|one| stage.pid(one).unwrap());
    let evidence = stage.inject(&order).await;
    assert!(evidence.contains(&format!("web-app-2 (process {}, state T)", pids[0])), "{evidence}");
    assert_eq!(pids.map(state_of), [Some('T'); 2]);
    until("seen", async || pod(&stage, "web-app-2").await.health == PodHealth::NotReady).await;
    for _ in 0..10 {
        let (status, _, took) = stage.get("/").await;
        assert_eq!(status, 200);
        assert!(took < Duration::from_millis(300), "nobody waits for it: {took:?}");
    }
    assert_eq!(stage.pid("web-app-2"), Some(pids[0]), "it is not replaced");
    // One of them dies meanwhile: it waits a second before it is replaced.
    std::process::Command::new("kill").args(["-9", &pids[1].to_string()]).status().unwrap();
    let start = Instant::now();
    let evidence = stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert!(evidence.starts_with("web-app-2 goes on; web-app-3 "), "{evidence}");
    assert_eq!(stage.pid("web-app-2"), Some(pids[0]));
    assert!(matches!(state_of(pids[0]), Some('S' | 'R')));
    assert_eq!(pod(&stage, "web-app-2").await.health, PodHealth::Ready);
    assert_eq!(pod(&stage, "web-app-3").await.health, PodHealth::Ready);

    // A dropped lab leaves nobody standing.
    let all = super::stage::order("all", Fault::PodHang, &WEB, &[]);
    stage.inject(&all).await;
    let id = stage.lab.id().to_owned();
    drop(stage);
    until("gone", async || orphans(&id).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused() {
    let stage = Stage::start("sense").await;
    let cases = [
        (order("a", Fault::DatabaseFailure, &["web-app-1"], &[]), "web-app-1 is no database"),
        (order("b", Fault::QueueFailure, &["web-app-1"], &[]), "web-app-1 is no message-queue"),
        (
            order("c", Fault::ZoneFailure { resources: vec![] }, &["web-app-3"], &[]),
            "name what of the zone fails",
        ),
        (order("d", Fault::PodHang, &["web-app-7"], &[]), "the lab has no pod web-app-7"),
    ];
    for (order, expected) in cases {
        let error = stage.lab.prepare(&order).await.unwrap_err().0;
        assert!(error.contains(expected), "{}: {error}", order.key);
    }
    let lab: &Lab = &stage.lab;
    lab.stop().await;
}
