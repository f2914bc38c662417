//! A whole exercise on a cluster, by the real program.

use serde_json::{Value, json};

use super::customers::Customers;
use super::program::Program;
use crate::player::cluster::DEPLOYMENT;
use crate::stage::{Stage, needs_chaos_mesh, needs_played_mesh};

const POD_FAILURE: &str = "{ time: +1s, name: two-die, experiment: { type: pod-failure, target: { selector: { app: web-app } }, mode: fixed, value: 2 } }";
const DOWN: &str = "{ time: +1s, name: cache-down, experiment: { type: dependency-failure, target: { selector: { app: cache-service } }, duration: 3s } }";

/// The events of a kind in a recording.
pub(super) fn events(recording: &str, kind: &str) -> Vec<Value> {
    let lines = recording.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"]["type"] == kind || line["type"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_fail_come_back_and_the_report_says_so() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "pods are killed by it") {
        return stage.close().await;
    }
    let (program, customers) = (Program::on(&stage), Customers::served().await);
    let day = program.game_day(Some(&customers.url), 8, &format!("{POD_FAILURE}, {DOWN}"));
    let ran = program.runs(&day, &[]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let recording = program.recording();
    assert_eq!(events(&recording, "injection-active").len(), 2, "{}", ran.all());
    assert_eq!(events(&recording, "reverted").len(), 2, "{}", ran.all());
    assert!(ran.out.contains("Approved by facilitator: two-die"), "{}", ran.out);
    let approved = events(&recording, "reach-approved");
    assert_eq!(approved.len(), 1, "{recording}");
    let file = program.path("run.jsonl");
    let report = program.says(&["report", file.to_str().unwrap()]).await;
    assert!(
        report.out.contains("two-die") && report.out.contains("Deployment/web-app"),
        "{}",
        report.out
    );
    stage.all_available().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reaches_farther_than_was_approved_is_refused() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "pods would be killed by it") {
        return stage.close().await;
    }
    let (program, customers) = (Program::on(&stage), Customers::served().await);
    let all = "{ time: +6s, name: all-die, experiment: { type: pod-failure, target: { selector: { app: backend-service } } } }";
    let day = program.game_day(Some(&customers.url), 10, all);
    let running = program.begins(&day, &[]);
    stage.until("it is approved", async || program.recording().contains("reach-approved")).await;
    let patch = json!({"spec": {"replicas": 4}});
    stage.cluster().patch(DEPLOYMENT, "backend-service", &patch).await.unwrap();
    let output = running.wait_with_output().await.unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(out.contains("farther than was approved: 4 pods instead of 2"), "{out}");
    assert!(events(&program.recording(), "injection-started").is_empty(), "{out}");
    stage.all_available().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_asks_the_cluster_and_changes_nothing() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "what its webhooks say is compared") {
        return stage.close().await;
    }
    let program = Program::on(&stage);
    let day = program.game_day(None, 8, &format!("{POD_FAILURE}, {DOWN}"));
    let said = program.says(&["run", day.to_str().unwrap(), "--dry-run", "--seed", "7"]).await;
    assert_eq!(said.code, Some(0), "{}", said.all());
    assert!(said.out.contains("two-die: accepted; undo:"), "{}", said.out);
    assert!(
        said.out.contains("Deployment/web-app") && said.out.contains("ready replicas left"),
        "{}",
        said.out
    );
    stage.close().await;
}

/// The sum of what a recording counts of customers' requests as `what`.
fn counted(program: &Program, what: &str) -> u64 {
    let samples = events(&program.recording(), "sampled");
    samples.iter().filter_map(|one| one["data"].pointer(what)?.as_u64()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_over_https_trust_whom_the_machine_trusts() {
    let stage = Stage::shop().await;
    let (customers, authority) = Customers::secured().await;
    let (_, stranger) = Customers::secured().await;
    for (trusted, all, none) in
        [(authority, "/ok", "/errors/tls"), (stranger, "/errors/tls", "/ok")]
    {
        let program = Program::on(&stage).trusting(&trusted);
        let day = program.game_day(Some(&customers.url), 5, "");
        let ran = program.runs(&day, &[]).await;
        assert!(counted(&program, all) > 50 && counted(&program, none) == 0, "{}", ran.all());
    }
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_there_is_no_load_from_here_and_it_is_said() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 5, "");
    let ran = program.runs(&day, &[]).await;
    assert!(ran.out.contains("no load from here: the game day names no url"), "{}", ran.all());
    assert!(events(&program.recording(), "sampled").is_empty(), "{}", ran.all());
    stage.close().await;
}
