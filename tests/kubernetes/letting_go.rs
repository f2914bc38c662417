//! It lets go: halted from another machine, by the reaper, and by the sweep, whatever is in the way.

pub mod dead;

use std::collections::BTreeMap;
use std::time::Duration;

use gameday::engine::clock::SystemClock;
use gameday::gameday::fault::{ConfigurationSource, Direction, Fault, NetworkAction};
use gameday::gameday::span::Span;
use gameday::kubernetes::chaos::placed::Placed;
use gameday::kubernetes::halt::{Order, halt};
use gameday::kubernetes::journal::{self, page::REAPED};
use gameday::kubernetes::moment::micro;
use gameday::kubernetes::name;
use gameday::kubernetes::reach::Reach;
use gameday::kubernetes::reaper::{Pace, watch_over};
use gameday::kubernetes::step::Step;
use gameday::kubernetes::sweep;
use gameday::kubernetes::undo::{Part, UndoData};
use gameday::port::clock::Clock as _;
use kube::ResourceExt as _;
use serde_json::{Value, json};

use super::player::behaviour::Mood;
use super::player::chaos::table::{EXPERIMENTS, SCHEDULE};
use super::player::cluster::{CONFIG_MAP, Cluster, DEPLOYMENT, Kind, LEASE, NODE};
use super::player::k6::TEST_RUN;
use super::proxy::trouble::Ill;
use super::stage::{Stage, needs_chaos_mesh, needs_fake, needs_played_mesh};
use super::terminal::Terminal;
use dead::{Exercise, at, gameday, pods, said};

fn kind(name: &str) -> Kind {
    *EXPERIMENTS.iter().find(|kind| kind.kind == name).unwrap()
}

fn late() -> Fault {
    let network = NetworkAction::Delay { latency: Span::from_millis(100), jitter: Span::ZERO };
    Fault::NetworkChaos { network, direction: Direction::Both }
}

fn settings() -> Fault {
    let set = BTreeMap::from([("backend_timeout".to_owned(), "30s".to_owned())]);
    Fault::ConfigurationChange { source: ConfigurationSource::File, set }
}

fn environment() -> Fault {
    let set = BTreeMap::from([("CACHE_URL".to_owned(), "http://nowhere:1".to_owned())]);
    Fault::ConfigurationChange { source: ConfigurationSource::Environment, set }
}

async fn timeout_of(stage: &Stage) -> Value {
    let settings = stage.object(CONFIG_MAP, "shop-settings").await.unwrap();
    at(&settings, "/data/backend_timeout").clone()
}

/// A run with a network fault and a changed ConfigMap.
async fn broken(stage: &Stage, name: &str) -> Exercise {
    let exercise = Exercise::begin(stage.connection(), name).await;
    let (web, backend) = (pods(stage, "web-app").await, pods(stage, "backend-service").await);
    exercise.breaks("late", late(), &web, &backend).await.unwrap();
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    assert_eq!(timeout_of(stage).await, "30s");
    exercise
}

#[tokio::test]
async fn halt_from_another_machine_undoes_everything_of_a_dead_run() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover") {
        return stage.close().await;
    }
    let run = broken(&stage, "20261122T160500Z-probe-1a2b").await.dies(&stage).await;
    // Who looks in the wrong namespace is told where it is.
    let text = std::fs::read_to_string(stage.kubeconfig()).unwrap();
    let wrong = text
        .replace(&format!("\"namespace\":\"{}\"", stage.namespace), "\"namespace\":\"default\"");
    assert_ne!(wrong, text);
    let path = stage.folder().join("wrong");
    std::fs::write(&path, wrong).unwrap();
    let done = gameday(&stage, &path, &["halt", "--run", &run]).await;
    let hint = format!(
        "NOT HALTED run {run} in namespace {0}: gameday halt --namespace {0}",
        stage.namespace
    );
    assert!(said(&done).contains(&hint), "{}", said(&done));
    assert_eq!(timeout_of(&stage).await, "30s");
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    let text = said(&done);
    assert!(done.status.success(), "{text}");
    assert!(text.contains(&format!("run {run}")), "{text}");
    assert!(text.contains("recovered  NetworkChaos"), "{text}");
    assert_eq!(timeout_of(&stage).await, "2s");
    // Given again, there is nothing to do.
    let again = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(
        again.status.success() && said(&again).contains("no run of gameday"),
        "{}",
        said(&again)
    );
    stage.close().await;
}

#[tokio::test]
async fn a_living_run_is_told_and_keeps_its_lease() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover") {
        return stage.close().await;
    }
    let exercise = broken(&stage, "20261122T160500Z-probe-2a2b").await;
    let done = gameday(&stage, stage.kubeconfig(), &["halt", "--run", &exercise.run()]).await;
    let text = said(&done);
    assert!(done.status.success() && text.contains("lives"), "{text}");
    assert_eq!(timeout_of(&stage).await, "2s");
    // It can break nothing more.
    let web = pods(&stage, "web-app").await;
    let refused = exercise.breaks("again", settings(), &web, &[]).await.unwrap_err();
    assert!(refused.0.contains("halted"), "{refused}");
    exercise.ends().await;
    stage.close().await;
}

#[tokio::test]
async fn one_run_is_halted_and_the_other_goes_on() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover") {
        return stage.close().await;
    }
    let other = Exercise::begin(stage.connection(), "20261122T160500Z-probe-3b3b").await;
    let web = pods(&stage, "web-app").await;
    let undo = other.breaks("settings", settings(), &web, &[]).await.unwrap();
    let one = Exercise::begin(stage.connection(), "20261122T160500Z-probe-3a2b").await;
    let (web, backend) = (pods(&stage, "web-app").await, pods(&stage, "backend-service").await);
    one.breaks("late", late(), &web, &backend).await.unwrap();
    let run = one.dies(&stage).await;
    let done = gameday(&stage, stage.kubeconfig(), &["halt", "--run", &run]).await;
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(timeout_of(&stage).await, "30s");
    assert!(journal::open(&stage.connection(), &other.run()).await.unwrap().is_some());
    other.undoes(&undo).await.unwrap();
    other.ends().await;
    stage.close().await;
}

#[tokio::test]
async fn what_does_not_let_go_is_told_with_its_command_and_forced_only_by_consent() {
    let stage = Stage::shop().await;
    if !needs_played_mesh(&stage, "a recovery that never ends") {
        return stage.close().await;
    }
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-4a2b").await;
    let (web, backend) = (pods(&stage, "web-app").await, pods(&stage, "backend-service").await);
    exercise.breaks("late", late(), &web[..1], &backend).await.unwrap();
    exercise.dies(&stage).await;
    stage.behaviour().mood("NetworkChaos/", Mood::RecoverFails("tc: no such device".into()));
    let words = ["halt", "--timeout", "2s"];
    let done = gameday(&stage, stage.kubeconfig(), &words).await;
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(text.contains("FAILED     NetworkChaos"), "{text}");
    assert!(text.contains("by hand: kubectl -n"), "{text}");
    let all = stage.cluster().list(kind("NetworkChaos")).await.unwrap();
    assert_eq!(all[0].finalizers(), ["chaos-mesh/records"], "never without consent");
    let unreasoned = gameday(&stage, stage.kubeconfig(), &["halt", "--force-finalizers"]).await;
    assert_eq!(unreasoned.status.code(), Some(3), "{}", said(&unreasoned));
    let words = ["halt", "--timeout", "1s", "--force-finalizers", "--reason", "node is lost"];
    let forced = gameday(&stage, stage.kubeconfig(), &words).await;
    eprintln!("{}", said(&forced));
    assert!(stage.cluster().list(kind("NetworkChaos")).await.unwrap().is_empty());
    let last = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(last.status.success(), "{}", said(&last));
    stage.close().await;
}

#[tokio::test]
async fn schedules_are_stopped_with_all_that_they_make() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "a Schedule has to make experiments") {
        return stage.close().await;
    }
    let web = pods(&stage, "web-app").await;
    stage
        .apply(json!({
            "apiVersion": "chaos-mesh.org/v1alpha1", "kind": "Schedule",
            "metadata": {"name": "gd-r-9-loop", "labels": name::labels("r-9", "experiment", None)},
            "spec": {
                "schedule": "@every 1s", "type": "StressChaos", "concurrencyPolicy": "Allow", "historyLimit": 5,
                "stressChaos": {
                    "mode": "all", "duration": "10m", "stressors": {"cpu": {"workers": 1, "load": 10}},
                    "selector": {"namespaces": [stage.namespace], "pods": {&stage.namespace: web[..1]}},
                },
            },
        }))
        .await;
    // The journal knows it, too: it is let go once all the same.
    let placed = Placed {
        kind: "Schedule".into(),
        plural: "schedules".into(),
        namespace: stage.namespace.clone(),
        name: "gd-r-9-loop".into(),
        ..Placed::default()
    };
    let connection = stage.connection();
    let undo = UndoData {
        run: "r-9".into(),
        context: connection.context.clone(),
        server: connection.server.clone(),
        namespace: stage.namespace.clone(),
        parts: vec![Part::Chaos(placed)],
    };
    let step = Step {
        run: "r-9".into(),
        game_day: "probe".into(),
        name: "loop-0".into(),
        key: "r-9-loop-0".into(),
        lasts: Span::from_secs(60),
        deadline: i64::MAX,
    };
    journal::note(&connection, &step, &undo).await.unwrap();
    let stress = kind("StressChaos");
    stage
        .until("it makes experiments", async || {
            !stage.cluster().list(stress).await.unwrap().is_empty()
        })
        .await;
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(said(&done).matches("  Schedule gd-e2e").count(), 1, "{}", said(&done));
    assert!(stage.cluster().list(SCHEDULE).await.unwrap().is_empty());
    assert!(stage.cluster().list(stress).await.unwrap().is_empty(), "{}", said(&done));
    stage.close().await;
}

#[tokio::test]
async fn a_server_that_restarts_in_the_middle_is_waited_for() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover") {
        return stage.close().await;
    }
    broken(&stage, "20261122T160500Z-probe-5a2b").await.dies(&stage).await;
    let trouble = stage.trouble();
    trouble.next(4, "list", "", Ill::starting());
    trouble.next(2, "delete", "", Ill::Lost);
    trouble.next(2, "patch", "", Ill::Reset);
    trouble.gone().await;
    let kubeconfig = stage.kubeconfig();
    let halted = gameday(&stage, kubeconfig, &["halt"]);
    let back = async {
        tokio::time::timeout(Duration::from_secs(2), std::future::pending::<()>()).await.ok();
        trouble.back().await;
    };
    let (done, ()) = tokio::join!(halted, back);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(timeout_of(&stage).await, "2s");
    stage.close().await;
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let stage = Stage::shop().await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-6a2b").await;
    let web = pods(&stage, "web-app").await;
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    exercise.dies(&stage).await;
    let theirs = json!({"data": {"backend_timeout": "5s"}});
    stage.cluster().patch(CONFIG_MAP, "shop-settings", &theirs).await.unwrap();
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(text.contains("FAILED"), "{text}");
    assert_eq!(timeout_of(&stage).await, "5s");
    // Put right by hand, it is done.
    let ours = json!({"data": {"backend_timeout": "30s"}});
    stage.cluster().patch(CONFIG_MAP, "shop-settings", &ours).await.unwrap();
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(timeout_of(&stage).await, "2s");
    stage.close().await;
}

#[tokio::test]
async fn what_somebody_else_changed_is_overwritten_only_by_who_saw_it_and_says_so() {
    let stage = Stage::shop().await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-6b2b").await;
    let web = pods(&stage, "web-app").await;
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    let run = exercise.dies(&stage).await;
    let theirs = json!({"data": {"backend_timeout": "5s"}});
    stage.cluster().patch(CONFIG_MAP, "shop-settings", &theirs).await.unwrap();
    // As the halt says that refuses.
    let step = format!("{run}/settings-0");
    let refused = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    let words = format!("gameday halt --take-back {step}");
    assert!(said(&refused).contains(&words), "{}", said(&refused));
    let unknown = format!("{run}/other-0");
    let done = gameday(&stage, stage.kubeconfig(), &["halt", "--take-back", &unknown]).await;
    assert_eq!(done.status.code(), Some(3), "{}", said(&done));
    assert!(said(&done).contains(&format!("there are {step}")), "{}", said(&done));
    // Nobody was asked, so nothing is done; what would be is shown.
    let done = gameday(&stage, stage.kubeconfig(), &["halt", "--take-back", &step]).await;
    let text = said(&done);
    assert_eq!(done.status.code(), Some(3), "{text}");
    assert!(text.contains("before \"2s\", ours \"30s\", now \"5s\""), "{text}");
    assert!(text.contains("--yes"), "{text}");
    assert_eq!(timeout_of(&stage).await, "5s");
    let words = ["halt", "--take-back", &step, "--yes"];
    let done = gameday(&stage, stage.kubeconfig(), &words).await;
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(timeout_of(&stage).await, "2s");
    let map = stage.object(CONFIG_MAP, "shop-settings").await.unwrap();
    assert!(!map.labels().contains_key(name::FAULT), "{map:?}");
    let page = journal::open(&stage.connection(), &run).await.unwrap().unwrap();
    assert!(page.entries.is_empty(), "{page:?}");
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(done.status.success(), "{}", said(&done));
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_at_a_terminal_overwrites_by_typing_what() {
    let stage = Stage::shop().await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-6c2b").await;
    let web = pods(&stage, "web-app").await;
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    let step = format!("{}/settings-0", exercise.dies(&stage).await);
    let theirs = json!({"data": {"backend_timeout": "5s"}});
    stage.cluster().patch(CONFIG_MAP, "shop-settings", &theirs).await.unwrap();
    for (typed, code, timeout) in [("yes", 3, "5s"), (&*step, 0, "2s")] {
        let (folder, kubeconfig) = (stage.folder().to_owned(), stage.kubeconfig().to_owned());
        let (step, typed) = (step.clone(), typed.to_owned());
        let ended = tokio::task::spawn_blocking(move || {
            let words = ["halt", "--take-back", &step];
            let environment = [("KUBECONFIG", kubeconfig.to_str().unwrap())];
            let mut terminal =
                Terminal::start_with(&folder, &words, &folder, (120, 40), &environment);
            terminal.see("before \"2s\", ours \"30s\", now \"5s\"");
            terminal.see("to overwrite it, or anything else to leave:");
            terminal.press(&format!("{typed}\r"));
            (terminal.end(), terminal.text())
        });
        let (ended, text) = ended.await.unwrap();
        assert_eq!(ended, code, "{text}");
        assert_eq!(timeout_of(&stage).await, timeout, "{text}");
    }
    let done = gameday(&stage, stage.kubeconfig(), &["halt"]).await;
    assert!(done.status.success(), "{}", said(&done));
    stage.close().await;
}

#[tokio::test]
async fn the_reaper_lets_go_when_the_program_dies_and_not_before() {
    let stage = Stage::shop().await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-7a2b").await;
    let web = pods(&stage, "web-app").await;
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    let run = exercise.run();
    let words = ["reaper", "--run", &run, "--namespace", &stage.namespace, "--every", "50ms"];
    let words: Vec<&str> = words.into_iter().chain(["--stale-after", "2s"]).collect();
    let mut reaper = dead::command(&stage, stage.kubeconfig(), &words).spawn().unwrap();
    // Somebody who lives renews the lease.
    for _ in 0..4 {
        let wait = tokio::time::timeout(Duration::from_millis(700), reaper.wait()).await;
        assert!(wait.is_err(), "it went away while the program lived");
        let now = micro(SystemClock::new().wall_millis());
        let renewed = json!({"spec": {"renewTime": now}});
        stage.cluster().patch(LEASE, &format!("gd-{run}"), &renewed).await.unwrap();
        assert_eq!(timeout_of(&stage).await, "30s");
    }
    drop(exercise);
    let ended = tokio::time::timeout(Duration::from_secs(30), reaper.wait()).await;
    assert!(ended.expect("the reaper ends").unwrap().success());
    assert_eq!(timeout_of(&stage).await, "2s");
    let map = stage.object(CONFIG_MAP, &format!("gd-{run}-journal")).await.unwrap();
    assert!(map.annotations().contains_key(REAPED));
    let page = journal::open(&stage.connection(), &run).await.unwrap().unwrap();
    assert!(page.entries.is_empty() && page.halted.is_some());
    // What is left of the run is found and swept by the next.
    let long_ago = json!({"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}});
    stage.cluster().patch(LEASE, &format!("gd-{run}"), &long_ago).await.unwrap();
    let here = Reach::Namespace(stage.namespace.clone());
    let clock = SystemClock::new();
    let orphans = sweep::find(&stage.connection(), &here, &clock).await;
    assert!(orphans.dead[0].reaped && orphans.dead[0].left.is_empty(), "{orphans:?}");
    let swept = sweep::sweep(&stage.connection(), &here, "the test", &clock).await;
    assert!(swept.is_clean(), "{}", swept.text());
    stage.close().await;
}

#[tokio::test]
async fn the_reaper_undoes_what_is_over_its_deadline_while_the_program_lives() {
    let stage = Stage::shop().await;
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-8a2b").await;
    let web = pods(&stage, "web-app").await;
    exercise.breaks("settings", settings(), &web, &[]).await.unwrap();
    let run = exercise.run();
    let journal = format!("gd-{run}-journal");
    let map = stage.object(CONFIG_MAP, &journal).await.unwrap();
    let (slot, text) = at(&map, "/data").as_object().unwrap().iter().next().unwrap();
    let mut entry: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    entry["deadline"] = 1_000.into();
    let over = json!({"data": {slot: entry.to_string()}});
    stage.cluster().patch(CONFIG_MAP, &journal, &over).await.unwrap();
    let pace = Pace { every: Duration::from_millis(50), ..Pace::default() };
    let (connection, clock) = (stage.connection(), SystemClock::new());
    let watching = watch_over(&connection, &run, pace, &clock, &|text| eprintln!("{text}"));
    let undone = stage.until("it is undone and struck out", async || {
        let page = journal::open(&connection, &run).await.unwrap().unwrap();
        timeout_of(&stage).await == "2s" && page.entries.is_empty()
    });
    tokio::select! {
        () = watching => panic!("it went away while the program lived"),
        () = undone => {}
    }
    exercise.ends().await;
    // With the journal gone it leaves by itself.
    let watching = watch_over(&connection, &run, pace, &clock, &|_| {});
    tokio::time::timeout(Duration::from_secs(10), watching).await.expect("it leaves");
    stage.close().await;
}

#[tokio::test]
async fn the_sweep_ends_dead_runs_and_leaves_living_ones_alone() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "experiments have to recover") {
        return stage.close().await;
    }
    let dead = Exercise::begin(stage.connection(), "20261122T160500Z-probe-9a2b").await;
    let (web, backend) = (pods(&stage, "web-app").await, pods(&stage, "backend-service").await);
    dead.breaks("late", late(), &web, &backend).await.unwrap();
    let dead = dead.dies(&stage).await;
    let alive = Exercise::begin(stage.connection(), "20261122T160500Z-probe-9b2b").await;
    let undo = alive.breaks("settings", settings(), &web, &[]).await.unwrap();
    let here = Reach::Namespace(stage.namespace.clone());
    let (connection, clock) = (stage.connection(), SystemClock::new());
    let orphans = sweep::find(&connection, &here, &clock).await;
    assert_eq!(orphans.alive, [alive.run()]);
    assert_eq!(orphans.dead.len(), 1, "{orphans:?}");
    assert_eq!(orphans.dead[0].run, dead);
    assert!(orphans.dead[0].left.iter().any(|one| one.starts_with("NetworkChaos")), "{orphans:?}");
    assert!(orphans.marked.is_empty(), "what a living run changed is its own: {orphans:?}");
    let swept = sweep::sweep(&connection, &here, "the test", &clock).await;
    assert!(swept.is_clean() && swept.text().contains("left alone"), "{}", swept.text());
    assert_eq!(timeout_of(&stage).await, "30s");
    assert!(sweep::find(&connection, &here, &clock).await.is_empty());
    alive.undoes(&undo).await.unwrap();
    alive.ends().await;
    stage.close().await;
}

#[tokio::test]
async fn who_may_not_list_leases_sweeps_nothing_of_a_run_that_may_live() {
    let stage = Stage::shop().await;
    let alive = Exercise::begin(stage.connection(), "20261122T160500Z-probe-9c2b").await;
    let web = pods(&stage, "web-app").await;
    let undo = alive.breaks("settings", settings(), &web, &[]).await.unwrap();
    let here = Reach::Namespace(stage.namespace.clone());
    let (connection, clock) = (stage.connection(), SystemClock::new());
    for hidden in [&["leases"][..], &["leases", "configmaps"]] {
        for resource in hidden {
            stage.trouble().always("list", resource, Ill::forbidden("may not be listed"));
        }
        let orphans = sweep::find(&connection, &here, &clock).await;
        assert!(orphans.dead.is_empty() && orphans.marked.is_empty(), "{orphans:?}");
        assert!(!orphans.is_empty(), "{orphans:?}");
        let swept = sweep::sweep(&connection, &here, "the test", &clock).await;
        let text = swept.text();
        assert!(!swept.is_clean() && text.contains("may not be listed"), "{text}");
        assert_eq!(timeout_of(&stage).await, "30s", "{text}");
    }
    stage.trouble().over();
    let page = journal::open(&connection, &alive.run()).await.unwrap().unwrap();
    assert_eq!((page.entries.len(), page.halted), (1, None));
    alive.undoes(&undo).await.unwrap();
    alive.ends().await;
    stage.close().await;
}

#[tokio::test]
async fn a_run_that_lives_in_another_namespace_keeps_its_marks_and_its_load() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "nodes and other namespaces of somebody else are left alone") {
        return stage.close().await;
    }
    let elsewhere = Cluster { client: stage.client(), namespace: "chaos-mesh".to_owned() };
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "gd-r-88", "labels": name::labels("r-88", "lease", None)},
        "spec": {"renewTime": micro(SystemClock::new().wall_millis()), "holderIdentity": "test"},
    });
    let lease = elsewhere.create(LEASE, lease).await.unwrap().unwrap();
    let mark = json!({"metadata": {"labels": {name::FAULT: "r-88_drain-0"}}});
    stage.cluster().patch(NODE, "node-1", &mark).await.unwrap();
    stage
        .apply(json!({
            "apiVersion": "k6.io/v1alpha1", "kind": "TestRun",
            "metadata": {"name": "gd-r-88-load", "labels": name::labels("r-88", "load", None)},
            "spec": {"parallelism": 0, "script": {"configMap": {"name": "x", "file": "x.js"}}},
        }))
        .await;
    let here = Reach::Namespace(stage.namespace.clone());
    let (connection, clock) = (stage.connection(), SystemClock::new());
    let orphans = sweep::find(&connection, &here, &clock).await;
    assert_eq!(orphans.alive, ["r-88"]);
    assert!(orphans.is_empty(), "{orphans:?}");
    // Here only: the look of the collection and that everywhere are refused, that of this namespace is not.
    let refused = || stage.trouble().next(2, "list", "leases", Ill::forbidden("only here"));
    refused();
    let orphans = sweep::find(&connection, &here, &clock).await;
    assert_eq!(orphans.doubtful, [("Node node-1".to_owned(), "r-88_drain-0".to_owned())]);
    assert_eq!(orphans.unknown.len(), 1, "{orphans:?}");
    refused();
    let swept = sweep::sweep(&connection, &here, "the test", &clock).await;
    assert!(swept.text().contains("gameday halt -n"), "{}", swept.text());
    assert!(stage.object(TEST_RUN, "gd-r-88-load").await.is_some(), "{}", swept.text());
    // Once the run is over all of it is left behind.
    elsewhere.delete(LEASE, &lease, true).await.unwrap();
    let orphans = sweep::find(&connection, &here, &clock).await;
    assert_eq!((orphans.dead.len(), orphans.marked.len()), (1, 1), "{orphans:?}");
    let unmark = json!({"metadata": {"labels": {name::FAULT: null}}});
    stage.cluster().patch(NODE, "node-1", &unmark).await.unwrap();
    let swept = sweep::sweep(&connection, &here, "the test", &clock).await;
    assert!(swept.is_clean(), "{}", swept.text());
    stage.close().await;
}

#[tokio::test]
async fn what_carries_our_mark_without_a_journal_is_told_and_not_guessed() {
    let stage = Stage::shop().await;
    let mark = json!({"metadata": {"labels": {name::FAULT: "r-77_scale-0"}}});
    stage.cluster().patch(DEPLOYMENT, "web-app", &mark).await.unwrap();
    let here = Reach::Namespace(stage.namespace.clone());
    let swept = sweep::sweep(&stage.connection(), &here, "the test", &SystemClock::new()).await;
    let text = swept.text();
    assert!(!swept.is_clean() && text.contains("Deployment"), "{text}");
    assert!(text.contains("no journal says what was before"), "{text}");
    let unmark = json!({"metadata": {"labels": {name::FAULT: null}}});
    stage.cluster().patch(DEPLOYMENT, "web-app", &unmark).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn nodes_and_workloads_are_as_before_after_a_halt() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "nodes of somebody else are left alone") {
        return stage.close().await;
    }
    let exercise = Exercise::begin(stage.connection(), "20261122T160500Z-probe-aa2b").await;
    let before = stage.object(DEPLOYMENT, "backend-service").await.unwrap();
    let backend = pods(&stage, "backend-service").await;
    exercise.breaks("environment", environment(), &backend, &[]).await.unwrap();
    stage.all_available().await;
    let cache = pods(&stage, "cache-service").await;
    exercise
        .breaks("drain", Fault::NodeDrain { grace: Span::from_secs(1) }, &cache, &[])
        .await
        .unwrap();
    let cordoned = async || {
        let nodes = stage.cluster().list(NODE).await.unwrap();
        nodes.iter().filter(|node| at(node, "/spec/unschedulable") == true).count()
    };
    assert_eq!(cordoned().await, 1);
    exercise.dies(&stage).await;
    let reach = Reach::Namespace(stage.namespace.clone());
    let order = Order::of(None, reach, "the test");
    let report = halt(&stage.connection(), &order, &SystemClock::new()).await;
    assert!(report.is_clean(), "{}", report.text());
    assert_eq!(cordoned().await, 0);
    let after = stage.object(DEPLOYMENT, "backend-service").await.unwrap();
    assert_eq!(at(&after, "/spec"), at(&before, "/spec"));
    stage.close().await;
}
