//! Where an exercise may not go, and what must be typed.

use super::program::Program;
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn fences_hold_before_anything_is_asked_and_production_must_be_typed() {
    let stage = Stage::new().await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 5, "");
    let asked = stage.trouble().asked().len();

    program.settings("kubernetes: { contexts: [kind-*] }\n");
    let said = program.runs(&day, &[]).await;
    assert_eq!(said.code, Some(3), "{}", said.all());
    assert!(said.err.contains("context gd-e2e is outside the fence"), "{}", said.all());

    program.settings("kubernetes: { namespaces: [shop] }\n");
    let said = program.runs(&day, &[]).await;
    assert!(said.err.contains("is outside the fence"), "{}", said.all());

    program.settings("kubernetes: { production: ['*e2e*'] }\n");
    let said = program.runs(&day, &[]).await;
    assert!(said.err.contains("looks like production: type its name"), "{}", said.all());
    let said = program.runs(&day, &["--context-typed", "y"]).await;
    assert!(said.err.contains("what was typed is not its name"), "{}", said.all());
    assert_eq!(stage.trouble().asked().len(), asked, "the server was asked something");

    let said = program.runs(&day, &["--context-typed", "gd-e2e"]).await;
    assert!(said.out.contains("Target ready: Kubernetes context gd-e2e"), "{}", said.all());

    program.settings("kubernetes: { contexs: [x] }\n");
    let said = program.runs(&day, &[]).await;
    assert!(said.err.contains("did you mean \"contexts\""), "{}", said.all());
    stage.close().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_context_that_was_checked_is_the_one_that_is_gone_to() {
    let stage = Stage::new().await;
    // Whoever reads first is led to the stage, whoever reads again somewhere else.
    let pipe = stage.folder().join("changing");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let first = std::fs::read_to_string(stage.kubeconfig()).unwrap();
    let second = first.replace("gd-e2e\"", "prod\"").replace("http://127.0.0.1:", "http://[::1]:");
    assert!(second.contains("\"current-context\":\"prod\""), "{second}");
    let changed = stage.folder().join("changed");
    std::fs::write(&changed, second).unwrap();
    let (from, to) = (changed, pipe.clone());
    std::thread::spawn(move || {
        std::fs::write(&to, first).unwrap();
        std::fs::rename(from, to).unwrap();
    });
    let program = Program::on(&stage).by(pipe);
    program.settings("kubernetes: { contexts: [gd-e2e] }\n");
    let said = program.runs(&program.game_day(None, 2, ""), &[]).await;
    assert!(said.out.contains("Target ready: Kubernetes context gd-e2e"), "{}", said.all());
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_or_let_go_is_said_before_anything_starts() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    let drain = "{ time: +1s, name: drained, experiment: { type: configuration-change, set: { page_size: '1' }, target: { selector: { app: web-app } }, duration: 2s } }";
    let day = program.game_day(None, 5, drain);
    let said = program.runs(&day, &[]).await;
    assert_eq!(said.code, Some(3), "{}", said.all());
    assert!(said.err.contains("agree with --without-reaper"), "{}", said.all());

    let nobody = "{ time: +1s, name: none, experiment: { type: pod-failure, target: { selector: { app: nothing } } } }";
    let day = program.game_day(None, 5, nobody);
    let said = program.runs(&day, &[]).await;
    assert!(said.err.contains("no living pod matches app=nothing"), "{}", said.all());

    let day = program.game_day(None, 5, "");
    let said = program.says(&["rehearse", day.to_str().unwrap(), "--headless"]).await;
    assert!(said.err.contains("a rehearsal breaks the lab only"), "{}", said.all());
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_server_is_told_within_seconds() {
    let stage = Stage::new().await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 5, "");
    stage.trouble().gone().await;
    let begun = std::time::Instant::now();
    let said = program.runs(&day, &[]).await;
    assert_eq!(said.code, Some(3), "{}", said.all());
    assert!(said.err.contains("the API server cannot be reached"), "{}", said.all());
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    stage.trouble().back().await;
    stage.close().await;
}
