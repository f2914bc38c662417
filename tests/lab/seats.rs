//! Undoing reaches every process that has a fault in it, whatever has become of the pods since the fault was prepared.

use std::time::{Duration, Instant};

use gameday::exercise::lever::Lever;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{Direction, Fault, NetworkAction, Stress, ZoneResource};
use gameday::port::instruments::{Instruments, Observation};
use gameday::port::levers::Levers;
use gameday::port::target::{FaultInjector, TargetObserver};
use rustix::process::{Pid, Signal, kill_process};

use super::stage::{Stage, data_folder, database, order, until};

/// Undoing takes no longer.
const AT_MOST: Duration = Duration::from_secs(2);

const CUT: Fault =
    Fault::NetworkChaos { network: NetworkAction::Partition, direction: Direction::Both };

async fn is_ready(stage: &Stage, pod: &str) -> bool {
    let pods = stage.lab.survey().await.unwrap().pods;
    pods.iter()
        .any(|one| one.name == pod && one.health == gameday::exercise::target::PodHealth::Ready)
}

/// Another process than this one is the pod, and takes traffic.
async fn is_replaced(stage: &Stage, pod: &str, old: u32) -> bool {
    stage.pid(pod).is_some_and(|now| now != old) && is_ready(stage, pod).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_replica_that_does_not_run_are_changed_back() {
    let stage = Stage::start("at-rest").await;
    let corrupt = Fault::DataCorruption { table: "products".to_owned(), rows: 7 };
    let corrupt = order("rows", corrupt, &["database-replica"], &[]);
    let down = order("down", Fault::DatabaseFailure, &["database-replica"], &[]);
    let undos =
        (stage.lab.prepare(&corrupt).await.unwrap(), stage.lab.prepare(&down).await.unwrap());
    stage.inject(&corrupt).await;
    stage.inject(&down).await;
    let left = || {
        let (file, _copy) = database(stage.lab.folder(), "database-replica");
        let sql = "SELECT count(*) FROM damage WHERE fault LIKE 'rows/%'";
        file.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(left(), 7);
    let start = Instant::now();
    let evidence = stage.revert(&undos.0).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    assert!(evidence.contains("0 changed rows are left in its file"), "{evidence}");
    assert_eq!(left(), 0);
    let start = Instant::now();
    stage.revert(&undos.1).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_stress_go_also_when_the_process_that_wrote_them_was_killed() {
    let stage = Stage::start("churn").await;
    let queue = "message-queue-1";
    let places = [
        ("web-app-2", stage.lab.folder().join("web-app-2.churn")),
        (queue, data_folder(stage.lab.folder(), queue).join("message-queue-1.churn")),
    ];
    let stress = Fault::ResourceChaos { stress: Stress::IoStress { workers: 1 } };
    for (pod, files) in &places {
        let stress = order("stress", stress.clone(), &[pod], &[]);
        let undo = stage.lab.prepare(&stress).await.unwrap();
        stage.inject(&stress).await;
        assert!(files.exists());
        let pid = stage.pid(pod).unwrap();
        kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
        until("replaced", async || is_replaced(&stage, pod, pid).await).await;
        stage.revert(&undo).await.unwrap();
        assert!(!files.exists(), "{pod}");
    }
    let (pod, files) = &places[1];
    let stress = order("stress", stress, &[pod], &[]);
    let down = order("down", Fault::QueueFailure, &[pod], &[]);
    let undos =
        (stage.lab.prepare(&stress).await.unwrap(), stage.lab.prepare(&down).await.unwrap());
    stage.inject(&stress).await;
    stage.inject(&down).await;
    assert!(files.exists(), "nobody could remove them");
    let evidence = stage.revert(&undos.0).await.unwrap();
    assert!(evidence.contains("nothing of it is left in message-queue-1's folder"), "{evidence}");
    assert!(!files.exists(), "though it does not run");
    stage.revert(&undos.1).await.unwrap();
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_undone_where_it_sits_and_not_where_it_would_have_been() {
    let stage = Stage::without("moved", &[Defence::Failover]).await;
    assert_eq!(stage.checkout().await.0, 200);
    let cut = order("cut", CUT, &["database-replica"], &["database-primary"]);
    let undo = stage.lab.prepare(&cut).await.unwrap();
    // Who follows whom has changed when it begins.
    stage.lab.pull(&Lever::Promote).await.unwrap();
    until("the old one follows", async || is_ready(&stage, "database-primary").await).await;
    until("orders are taken", async || stage.checkout().await.0 == 200).await;
    stage.inject(&cut).await;
    let behind = async || {
        stage.checkout().await;
        stage.metric("database-replica", "replication_lag_commits", "").await
    };
    until("it is behind", async || behind().await > 2.0).await;
    let start = Instant::now();
    stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    until("it has everything", async || behind().await == 0.0).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_in_which_nothing_was_ordered_is_no_loss() {
    let stage = Stage::without("idle", &[Defence::Failover]).await;
    let mut seen = stage.lab.observe(Duration::ZERO);
    assert_eq!(stage.checkout().await.0, 200);
    let replicated =
        async || stage.metric("database-primary", "replication_lag_commits", "").await == 0.0;
    until("the replica has it", async || replicated().await).await;
    let cut = order("cut", CUT, &["database-replica"], &["database-primary"]);
    let undo = stage.lab.prepare(&cut).await.unwrap();
    stage.inject(&cut).await;
    let start = Instant::now();
    until("idle", async || start.elapsed() > Duration::from_secs(2)).await;
    stage.lab.pull(&Lever::Promote).await.unwrap();
    let failover = loop {
        match seen.recv().await {
            Some(Observation::FailedOver(failover)) => break failover,
            Some(_) => {}
            None => panic!("the lab ended"),
        }
    };
    assert!(failover.behind.as_millis() < 500, "{failover:?}");
    stage.revert(&undo).await.unwrap();
    stage.lab.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn victims_that_were_replaced_or_died_are_well_again_in_time() {
    let stage = Stage::start("replaced").await;
    let state_of = |pid: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit_once(')')?.1.trim_start().chars().next().filter(|state| *state != 'Z')
    };
    let kill = |pod: &str| {
        let pid = stage.pid(pod).unwrap();
        kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
        pid
    };
    // Replaced after it was prepared.
    let hang = order("hang", Fault::PodHang, &["web-app-2", "web-app-3"], &[]);
    let undo = stage.lab.prepare(&hang).await.unwrap();
    let old = kill("web-app-2");
    until("replaced", async || is_replaced(&stage, "web-app-2", old).await).await;
    stage.inject(&hang).await;
    let pid = stage.pid("web-app-2").unwrap();
    assert_eq!(state_of(pid), Some('T'));
    // Dies while it stands still; dead pods wait for a second and more before they are started again.
    let dead = kill("web-app-3");
    until("it is gone", async || state_of(dead).is_none()).await;
    let start = Instant::now();
    stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    assert_ne!(state_of(pid), Some('T'), "it was hit, though not the process that was prepared");
    assert!(is_ready(&stage, "web-app-3").await);
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_in_a_zone_is_undone_together_in_time() {
    let stage = Stage::start("together").await;
    let on = |node: &str| -> Vec<String> {
        let pods = stage.lab.pods().into_iter();
        pods.filter(|one| one.node == node && one.pid.is_some()).map(|one| one.pod).collect()
    };
    let victims = on("node-1");
    let names: Vec<&str> = victims.iter().map(String::as_str).collect();
    let resources = vec![ZoneResource::Compute, ZoneResource::Network];
    let orders = [
        order("cut", CUT, &["web-app-2"], &["backend-service-2"]),
        order("zone", Fault::ZoneFailure { resources }, &names, &[]),
        order("kill", Fault::PodFailure, &["web-app-3"], &[]),
    ];
    let mut undos = Vec::new();
    for order in &orders {
        undos.push(stage.lab.prepare(order).await.unwrap());
        stage.inject(order).await;
    }
    let moved =
        |pod: &str| stage.lab.pods().into_iter().any(|one| one.pod == pod && one.node != "node-1");
    until("they run elsewhere", async || {
        moved("web-app-1")
            && moved("web-app-4")
            && is_ready(&stage, "web-app-1").await
            && is_ready(&stage, "web-app-4").await
    })
    .await;
    let start = Instant::now();
    for done in futures::future::join_all(undos.iter().map(|undo| stage.revert(undo))).await {
        done.unwrap();
    }
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    until("everybody is home", async || on("node-1") == victims).await;
    stage.lab.stop().await;
}
