//! The program dies in the middle: what it left is undone by a later one.

use super::customers::Customers;
use super::program::Program;
use crate::stage::{Stage, needs_chaos_mesh};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_program_left_is_undone_by_recover() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "pods are kept down by it") {
        return stage.close().await;
    }
    let (program, customers) = (Program::on(&stage), Customers::served().await);
    let down = "{ time: +1s, name: cache-down, experiment: { type: dependency-failure, target: { selector: { app: cache-service } }, duration: 60s } }";
    let day = program.game_day(Some(&customers.url), 90, down);
    let mut running = program.begins(&day, &[]);
    stage.until("it is injected", async || program.recording().contains("injection-active")).await;
    running.kill().await.unwrap();
    drop(running.wait().await);

    let said = program.says(&["recover"]).await;
    assert_eq!(said.code, Some(0), "{}", said.all());
    assert!(said.out.contains("cache-down: undone:"), "{}", said.all());
    assert!(program.recording().contains("reverted"), "{}", said.all());
    stage.all_available().await;

    let again = program.says(&["recover"]).await;
    assert!(again.out.contains("no exercise died"), "{}", again.all());
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_undone_on_another_cluster_of_the_same_name() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "pods are kept down by it") {
        return stage.close().await;
    }
    let (program, customers) = (Program::on(&stage), Customers::served().await);
    let down = "{ time: +1s, name: cache-down, experiment: { type: dependency-failure, target: { selector: { app: cache-service } }, duration: 60s } }";
    let day = program.game_day(Some(&customers.url), 90, down);
    let mut running = program.begins(&day, &[]);
    stage.until("it is injected", async || program.recording().contains("injection-active")).await;
    running.kill().await.unwrap();
    drop(running.wait().await);

    let whole = std::fs::read_to_string(stage.kubeconfig()).unwrap();
    let server = stage.connection().server;
    let server = server.trim_end_matches('/');
    assert!(whole.contains(server), "{server}: {whole}");
    std::fs::write(stage.kubeconfig(), whole.replace(server, "https://127.0.0.1:1")).unwrap();
    let said = program.says(&["recover"]).await;
    assert_eq!(said.code, Some(1), "{}", said.all());
    assert!(said.err.contains("leads to https://127.0.0.1:1"), "{}", said.all());

    std::fs::write(stage.kubeconfig(), whole).unwrap();
    let said = program.says(&["recover"]).await;
    assert_eq!(said.code, Some(0), "{}", said.all());
    stage.all_available().await;
    stage.close().await;
}
