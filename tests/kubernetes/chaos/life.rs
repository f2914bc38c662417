//! Every kind injected and let go of, also over a bad line, and twice.

use gameday::gameday::fault::{
    CacheAction, Direction, Fault, HttpAction, IoAction, NetworkAction, Stress, ZoneResource,
};
use gameday::gameday::span::Span;
use gameday::kubernetes::chaos::carry::{Consent, rehearse};
use gameday::kubernetes::chaos::manifest::given;
use serde_json::json;

use super::trip::{back, labelled, one, placed, placed_soon, prepared, scene, step};
use crate::proxy::trouble::Ill;
use crate::stage::{Stage, needs_chaos_mesh, needs_fake, needs_schemas};

const LATENCY: Span = Span::from_millis(20);

fn delay() -> Fault {
    let network = NetworkAction::Delay { latency: LATENCY, jitter: Span::ZERO };
    Fault::NetworkChaos { network, direction: Direction::Both }
}

fn cpu() -> Fault {
    Fault::ResourceChaos { stress: Stress::CpuStress { cores: 1, load: 10 } }
}

#[tokio::test]
async fn every_kind_is_injected_and_let_go_of() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "every kind of experiment") {
        return stage.close().await;
    }
    let network = |network| Fault::NetworkChaos { network, direction: Direction::Both };
    let http = |http| Fault::HttpChaos { http, share: 1.0 };
    let web = ("app", "web-app");
    let primary = ("role", "primary");
    for (name, fault, victims, peers) in [
        ("kill", Fault::PodFailure, web, None),
        ("down", Fault::DependencyFailure, ("app", "backend-service"), None),
        (
            "cache",
            Fault::CacheFailure { action: CacheAction::Outage },
            ("app", "cache-service"),
            None,
        ),
        ("partition", network(NetworkAction::Partition), web, Some("backend-service")),
        ("delay", delay(), web, Some("backend-service")),
        ("loss", network(NetworkAction::Loss { share: 0.1 }), web, Some("cache-service")),
        (
            "narrow",
            network(NetworkAction::Bandwidth { bytes_per_second: 100_000 }),
            web,
            Some("cache-service"),
        ),
        (
            "late",
            Fault::LatencyInjection { latency: LATENCY, jitter: Span::ZERO },
            web,
            Some("backend-service"),
        ),
        ("slow", Fault::DatabaseSlowdown { latency: LATENCY, jitter: Span::ZERO }, primary, None),
        ("lag", Fault::ReplicaLag { lag: Span::from_secs(1) }, ("role", "replica"), None),
        ("zone", Fault::ZoneFailure { resources: vec![ZoneResource::Network] }, web, None),
        ("cpu", cpu(), web, None),
        (
            "memory",
            Fault::ResourceChaos { stress: Stress::MemoryStress { bytes: 8 << 20 } },
            web,
            None,
        ),
        ("clock", Fault::TimeChaos { offset_millis: -60_000, drift: 0.0 }, web, None),
        (
            "io",
            Fault::IoChaos { io: IoAction::Latency { latency: LATENCY, share: 0.5 } },
            primary,
            None,
        ),
        ("full", Fault::DiskFull { free: 0 }, primary, None),
        ("names", Fault::DnsChaos, web, Some("backend-service")),
        ("status", http(HttpAction::Status { code: 503 }), ("app", "backend-service"), None),
    ] {
        let scene = scene(&stage).await;
        let victims = labelled(&scene, victims.0, victims.1);
        let peers = peers.map(|app| labelled(&scene, "app", app)).unwrap_or_default();
        let kills = fault == Fault::PodFailure;
        let objects = prepared(&stage, name, fault, (victims, peers)).await;
        let said = placed(&stage, &objects).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let word = if kills { "struck by its records (5 of 5)" } else { "injected by its records" };
        assert!(said.contains(word), "{name}: {said}");
        if kills {
            assert!(said.contains("gone: "), "{said}");
        }
        let said = back(&stage, &objects, Consent::No).await;
        let said = said.unwrap_or_else(|error| panic!("{name}: {error}"));
        let word = if kills { "deleted" } else { "recovered by its records, and deleted" };
        assert!(said.contains(word), "{name}: {said}");
        assert!(said.contains("ready again"), "{name}: {said}");
        let again = back(&stage, &objects, Consent::No).await.unwrap();
        assert!(again.contains("there is none"), "{name}: {again}");
    }
    stage.close().await;
}

#[tokio::test]
async fn who_hits_nobody_is_told_so_and_nothing_stays() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "an experiment that means nobody") {
        return stage.close().await;
    }
    let mut objects = one(&stage, "nobody", cpu()).await;
    objects[0].body["spec"]["selector"]["pods"] = json!({stage.namespace.clone(): ["gone"]});
    let why = placed(&stage, &objects).await.unwrap_err().0;
    assert!(why.contains("hits nobody"), "{why}");
    stage.close().await;
}

#[tokio::test]
async fn the_rehearsal_is_strict_and_makes_nothing() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "schemas") || !needs_schemas(&stage, "a field that none knows") {
        return stage.close().await;
    }
    let mut objects = one(&stage, "strict", cpu()).await;
    objects[0].body["spec"]["scheduler"] = json!({"cron": "@every 1m"});
    let why = rehearse(&stage.connection(), &objects).await.unwrap_err().0;
    assert!(why.contains("scheduler"), "{why}");
    stage.close().await;
}

#[tokio::test]
async fn a_bad_line_keeps_nothing_from_being_injected_and_let_go_of() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "a bad line to the server") {
        return stage.close().await;
    }
    let trouble = stage.trouble();
    let objects = one(&stage, "line", cpu()).await;
    // The server makes it, and nobody hears of it.
    trouble.next(1, "create", "stresschaos", Ill::Lost);
    trouble.next(2, "get", "stresschaos", Ill::throttled(1));
    trouble.next(1, "get", "stresschaos", Ill::broken());
    let said = placed(&stage, &objects).await.unwrap();
    assert!(said.contains("injected by its records"), "{said}");
    trouble.next(1, "get", "stresschaos", Ill::starting());
    trouble.next(1, "get", "stresschaos", Ill::expired());
    trouble.next(1, "patch", "stresschaos", Ill::Reset);
    trouble.next(1, "delete", "stresschaos", Ill::Lost);
    trouble.next(1, "list", "pods", Ill::too_old());
    let said = back(&stage, &objects, Consent::No).await.unwrap();
    assert!(said.contains("recovered by its records"), "{said}");
    assert_eq!(trouble.outstanding(), 0);
    stage.close().await;
}

#[tokio::test]
async fn a_server_that_restarts_in_the_middle_is_waited_for() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "a server that restarts") {
        return stage.close().await;
    }
    let trouble = stage.trouble();
    let objects = one(&stage, "restart", cpu()).await;
    let restart = async {
        let made = || {
            trouble
                .asked()
                .iter()
                .any(|asked| asked.verb == "create" && asked.resource == "stresschaos")
        };
        stage.until("it is asked for", async || made()).await;
        trouble.gone().await;
        // Past the proxy it can be seen that Chaos Mesh goes on meanwhile.
        stage.until("the pod is still there", async || !scene_of(&stage).await.is_empty()).await;
        trouble.back().await;
    };
    let (said, ()) = tokio::join!(placed(&stage, &objects), restart);
    assert!(said.unwrap().contains("injected by its records"));
    trouble.gone().await;
    let came_back = async {
        tokio::task::yield_now().await;
        trouble.back().await;
    };
    let (said, ()) = tokio::join!(back(&stage, &objects, Consent::No), came_back);
    assert!(said.unwrap().contains("recovered by its records"));
    stage.close().await;
}

async fn scene_of(stage: &Stage) -> Vec<kube::api::DynamicObject> {
    stage.cluster().list(crate::player::cluster::POD).await.unwrap()
}

#[tokio::test]
async fn a_schedule_goes_with_all_that_it_made() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "a Schedule") {
        return stage.close().await;
    }
    let schedule = json!({
        "apiVersion": "chaos-mesh.org/v1alpha1", "kind": "Schedule",
        "spec": {"schedule": "@every 1s", "type": "StressChaos", "concurrencyPolicy": "Forbid", "historyLimit": 2,
            "stressChaos": {"mode": "one", "selector": {"labelSelectors": {"app": "web-app"}},
                "stressors": {"cpu": {"workers": 1, "load": 10}}}},
    });
    let objects = vec![given(schedule, &stage.namespace, &step("loop", &stage), 0).unwrap()];
    rehearse(&stage.connection(), &objects).await.unwrap();
    let said = placed(&stage, &objects).await.unwrap();
    assert!(said.contains("is there"), "{said}");
    let stress = *crate::player::chaos::table::EXPERIMENTS
        .iter()
        .find(|kind| kind.kind == "StressChaos")
        .unwrap();
    stage
        .until("it made one", async || !stage.cluster().list(stress).await.unwrap().is_empty())
        .await;
    let said = back(&stage, &objects, Consent::No).await.unwrap();
    assert!(said.contains("deleted"), "{said}");
    assert!(stage.cluster().list(stress).await.unwrap().is_empty());
    stage.close().await;
}

#[tokio::test]
async fn what_is_not_of_this_run_is_left_alone() {
    let stage = Stage::shop().await;
    if !needs_chaos_mesh(&stage, "an experiment of somebody else") {
        return stage.close().await;
    }
    let objects = one(&stage, "theirs", cpu()).await;
    let mut theirs = objects[0].body.clone();
    theirs["metadata"]["labels"] = json!({"team": "other"});
    stage.apply(theirs).await;
    let why = back(&stage, &objects, Consent::No).await.unwrap_err().0;
    assert!(why.contains("left alone"), "{why}");
    let why = placed_soon(&stage, &objects).await.unwrap_err().0;
    assert!(why.contains("already exists"), "{why}");
    stage.discard().await;
}

#[tokio::test]
async fn who_may_not_is_told_what_is_lacking() {
    let stage = Stage::shop().await;
    if !needs_fake(&stage, "rights of somebody else") {
        return stage.close().await;
    }
    let objects = one(&stage, "rights", cpu()).await;
    stage.trouble().always("create", "stresschaos", Ill::forbidden("stresschaos is forbidden"));
    let why = placed(&stage, &objects).await.unwrap_err().0;
    assert!(why.contains("forbidden") && why.contains("gameday rbac"), "{why}");
    stage.trouble().over();
    stage.close().await;
}
