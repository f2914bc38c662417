//! Workloads that are scaled, rolled out and restarted by the real program, as a file asks for it.

use serde_json::{Value, json};

use super::program::Program;
use super::running::events;
use crate::player::cluster::{DEPLOYMENT, POD};
use crate::stage::Stage;

const HALF: &str = "{ time: +1s, name: half, experiment: { type: scale, replicas: -50%, target: { selector: { app: web-app } }, duration: 3s } }";
const NONE: &str = "{ time: +1s, name: none, experiment: { type: scale, replicas: 0, target: { selector: { app: cache-service } }, duration: 3s } }";
const BROKEN: &str = "{ time: +1s, name: broken, experiment: { type: image-change, image: \"registry.example/gone:no-such-image\", target: { selector: { app: backend-service } }, duration: 3s } }";
const AGAIN: &str = "{ time: +1s, name: again, experiment: { type: rollout-restart, target: { selector: { app: api-gateway } } } }";

async fn spec(stage: &Stage, name: &str) -> Value {
    let object = stage.object(DEPLOYMENT, name).await.expect("it is there");
    serde_json::to_value(object).unwrap()["spec"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_become_of_workloads() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    let storage = "{ time: +1s, name: storage, experiment: { type: zone-failure, target: { zone: zone-a, resources: [storage, network] } } }";
    let all = [HALF, NONE, BROKEN, AGAIN, storage].join(", ");
    let day = program.game_day(None, 8, &all);
    let patch = json!({"metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}}});
    stage.cluster().patch(DEPLOYMENT, "web-app", &patch).await.unwrap();
    let before = spec(&stage, "web-app").await;
    let words = ["run", day.to_str().unwrap(), "--dry-run", "--without-reaper"];
    let said = program.says(&words).await;
    let line = |start: &str| {
        let found = said.out.lines().find(|line| line.trim_start().starts_with(start));
        found.unwrap_or_else(|| panic!("{start}: {}", said.all())).to_owned()
    };
    let half = line("half: 3 of web-app-");
    assert!(half.contains("Deployment/web-app") && half.contains("risk low"), "{half}");
    let none = said.out.lines().find(|line| line.contains("none: cache-service-")).unwrap();
    assert!(none.contains("risk high: REFUSED"), "{none}");
    assert!(line("half: accepted; undo: take back: scale").contains("from 5 to 2"));
    assert!(line("beware: Helm (shop) looks after").contains("may take the change back"));
    assert!(line("broken: accepted").contains("no-such-image"));
    assert!(line("again: accepted").contains("nothing to take back of: restart the pods of"));
    let refused = line("storage: cannot be injected");
    assert!(refused.contains("no volume from pods that stay"), "{refused}");
    assert!(refused.contains("write resources: [compute, storage]"), "{refused}");
    assert_eq!(spec(&stage, "web-app").await, before);
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workloads_are_broken_and_are_as_before_when_it_is_over() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    let names = ["web-app", "cache-service", "backend-service"];
    let mut before = Vec::new();
    for name in names {
        before.push(spec(&stage, name).await);
    }
    let gateways = pods(&stage, "api-gateway").await;
    let day = program.game_day(None, 10, &[HALF, NONE, BROKEN, AGAIN].join(", "));
    let ran = program.runs(&day, &["--without-reaper", "--blast-radius", "wide"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.all());
    let recording = program.recording();
    let active = events(&recording, "injection-active");
    assert_eq!(active.len(), 4, "{}", ran.all());
    assert_eq!(events(&recording, "reverted").len(), 4, "{}", ran.all());
    let evidence: String = active.iter().map(|one| one.to_string()).collect();
    for words in ["has 2 pods", "has no pods", "pods of the new kind"] {
        assert!(evidence.contains(words), "{words}: {evidence}");
    }
    stage.all_available().await;
    for (name, before) in names.iter().zip(before) {
        assert_eq!(spec(&stage, name).await, before, "{name}");
    }
    let now = pods(&stage, "api-gateway").await;
    assert!(!now.is_empty() && gateways.iter().all(|pod| !now.contains(pod)), "{now:?}");
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_needs_nobody_to_take_it_back() {
    let stage = Stage::shop().await;
    let program = Program::on(&stage);
    let day = program.game_day(None, 8, &format!("{HALF}, {AGAIN}"));
    let said = program.says(&["run", day.to_str().unwrap(), "--dry-run"]).await;
    assert!(said.out.contains("half: cannot be injected: if this program died"), "{}", said.all());
    assert!(said.out.contains("again: accepted"), "{}", said.all());
    stage.close().await;
}

async fn pods(stage: &Stage, app: &str) -> Vec<String> {
    let all = stage.cluster().list(POD).await.unwrap();
    let living = all.into_iter().filter(|pod| pod.metadata.deletion_timestamp.is_none());
    let theirs = living.filter(|pod| {
        pod.metadata.labels.as_ref().is_some_and(|all| all.get("app").is_some_and(|one| one == app))
    });
    theirs.filter_map(|pod| pod.metadata.name).collect()
}
