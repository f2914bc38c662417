//! How pods and labs live, die, and are replaced or cleared away.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use gameday::exercise::target::PodHealth;
use gameday::exercise::undo::Undo;
use gameday::gameday::fault::Fault;
use gameday::lab::{Lab, LabError, Remains, orphans, topology_plan};
use gameday::port::target::{FaultInjector, TargetObserver};

use super::stage::{Stage, WEB, options, order, until};

#[tokio::test(flavor = "multi_thread")]
async fn starts_quickly_and_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let lab = Lab::start(options(data.path(), "stop")).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let id = lab.id().to_owned();
    assert_eq!(orphans(&id).len(), topology_plan().pods.len());
    lab.stop().await;
    assert_eq!(orphans(&id), []);
    drop(lab);
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "nothing is left on disk");

    let lab = Lab::start(options(data.path(), "drop")).await.unwrap();
    let id = lab.id().to_owned();
    assert_eq!(orphans(&id).len(), topology_plan().pods.len());
    drop(lab);
    until("a dropped lab is gone", async || orphans(&id).is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lab_that_cannot_start_says_why_in_the_pods_own_words() {
    let data = tempfile::tempdir().unwrap();
    let mut wrong = options(data.path(), "wrong");
    wrong.exe = "/bin/sh".into();
    let id = wrong.lab_id.clone();
    match Lab::start(wrong).await {
        Err(LabError::Pod { why, .. }) => assert!(why.contains("pod"), "{why}"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a shell is no shop"),
    }
    until("nothing is left", async || orphans(&id).is_empty()).await;
    let mut wrong = options(data.path(), "wrong");
    wrong.lab_id = "../up".to_owned();
    assert!(matches!(Lab::start(wrong).await, Err(LabError::BadId(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_pods_are_replaced_and_customers_keep_being_served() {
    let stage = Stage::start("replace").await;
    let before = stage.pid("web-app-2");
    let order = order("i1", Fault::PodFailure, &["web-app-2", "web-app-4"], &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let (done, asked) = (AtomicBool::new(false), AtomicU32::new(0));
    let customers = async {
        while !done.load(Ordering::Relaxed) || asked.load(Ordering::Relaxed) < 20 {
            let (status, body, _) = stage.get("/").await;
            assert_eq!(status, 200, "{body}");
            asked.fetch_add(1, Ordering::Relaxed);
        }
    };
    let facilitator = async {
        let evidence = stage.inject(&order).await;
        assert!(evidence.contains(&format!("process {}", before.unwrap())), "{evidence}");
        let topology = stage.lab.watch();
        assert_eq!(health(&topology.borrow(), "web-app-1"), PodHealth::Ready);
        let evidence = stage.lab.revert(&undo).await.unwrap();
        assert_eq!(evidence, "web-app 5/5 ready");
        done.store(true, Ordering::Relaxed);
    };
    tokio::join!(customers, facilitator);
    assert_ne!(stage.pid("web-app-2"), before);
    let topology = stage.lab.survey().await.unwrap();
    let restarts: Vec<u32> =
        topology.pods.iter().filter(|pod| pod.app() == "web-app").map(|pod| pod.restarts).collect();
    assert_eq!(restarts, [0, 1, 0, 1, 0]);
    assert_eq!(stage.lab.revert(&undo).await.unwrap(), "web-app 5/5 ready", "may be asked again");
    stage.lab.stop().await;
}

fn health(topology: &gameday::exercise::target::Topology, pod: &str) -> PodHealth {
    topology.pods.iter().find(|one| one.name == pod).unwrap().health
}

#[tokio::test(flavor = "multi_thread")]
async fn the_breaker_opens_without_upstreams_and_closes_again_and_the_address_stays() {
    let stage = Stage::start("breaker").await;
    let all = order("i1", Fault::PodFailure, &WEB, &[]);
    let undo = stage.lab.prepare(&all).await.unwrap();
    stage.inject(&all).await;
    let state = async || {
        stage.metric("api-gateway-1", "breaker_state", "upstream=\"web-app browse\"").await
    };
    until("open", async || {
        assert!(stage.get("/").await.0 != 200 || state().await == 0.0);
        state().await == 2.0
    })
    .await;
    stage.lab.revert(&undo).await.unwrap();
    until("closed", async || stage.get("/").await.0 == 200 && state().await == 0.0).await;

    let gateway = order("i2", Fault::PodFailure, &["api-gateway-1"], &[]);
    let undo = stage.lab.prepare(&gateway).await.unwrap();
    stage.inject(&gateway).await;
    stage.lab.revert(&undo).await.unwrap();
    assert_eq!(stage.get("/").await.0, 200, "the next gateway has the same address");
    stage.lab.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn kill_9_of_the_program_leaves_no_process_and_any_later_one_can_prove_it() {
    let data = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_gameday"))
        .arg("lab")
        .env("TMPDIR", data.path())
        .env("XDG_DATA_HOME", data.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    let (lab_id, pids) = pods_of(program.id());
    assert_eq!(pids.len(), topology_plan().pods.len());
    assert_eq!(orphans(&lab_id).len(), pids.len());
    let undo = Undo {
        key: "i1".to_owned(),
        what: "".into(),
        data: serde_json::json!({"lab_id": lab_id, "kind": "network-chaos", "victims": [], "seats": []}),
    };
    let refused = Remains.revert(&undo).await.unwrap_err().0;
    assert!(refused.contains("still runs"), "a living lab is left alone: {refused}");

    program.kill().unwrap();
    program.wait().unwrap();
    until("every pod is gone", async || orphans(&lab_id).is_empty()).await;
    let stat = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // One that is just ending has no environment any more, though it is still listed.
    let ended = |pid: &u32| stat(pid).is_empty() || stat(pid).contains(") Z ");
    until("none is listed", async || pids.iter().all(ended)).await;
    for _ in 0..2 {
        let evidence = Remains.revert(&undo).await.unwrap();
        assert_eq!(evidence, format!("no process of lab {lab_id} is left"));
    }
    let stage = Stage::start("recover").await;
    let evidence = stage.lab.revert(&undo).await.unwrap();
    assert_eq!(evidence, format!("no process of lab {lab_id} is left"), "also by another lab");
    stage.lab.stop().await;
}

/// The id of the lab that the process `starter` runs, and its processes.
#[cfg(target_os = "linux")]
fn pods_of(starter: u32) -> (String, Vec<u32>) {
    let mark = format!("GAMEDAY_LAB_PARENT={starter}");
    let mut lab = String::new();
    let mut pids = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap() {
        let entry = entry.unwrap();
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        let environment = String::from_utf8_lossy(&environment).into_owned();
        if environment.split('\0').any(|one| one == mark) {
            pids.push(entry.file_name().to_str().unwrap().parse().unwrap());
            let id = environment.split('\0').find_map(|one| one.strip_prefix("GAMEDAY_LAB="));
            id.unwrap().clone_into(&mut lab);
        }
    }
    (lab, pids)
}
