//! Faults in what pods say to one another, look up and are told to do: felt by customers, gone afterwards.

use std::time::{Duration, Instant};

use gameday::exercise::lever::Lever;
use gameday::gameday::defence::{Defence, Defences};
use gameday::gameday::fault::{ConfigurationSource, Direction, Fault, HttpAction, NetworkAction};
use gameday::gameday::span::Span;
use gameday::port::levers::Levers;
use gameday::port::target::FaultInjector;

use super::stage::{BACKEND, Stage, WEB, ask, order, until};

const fn http(http: HttpAction) -> Fault {
    Fault::HttpChaos { http, share: 1.0 }
}

fn configuration(source: ConfigurationSource, key: &str, value: &str) -> Fault {
    let set = [(key.to_owned(), value.to_owned())].into();
    Fault::ConfigurationChange { source, set }
}

type Answer = (u16, String, Duration);

/// A fault, its victims and peers, and whether a customer's page and order show it.
struct Case {
    what: &'static str,
    fault: Fault,
    victims: &'static [&'static str],
    peers: &'static [&'static str],
    felt: fn(&Answer, &Answer) -> bool,
}

const GATEWAY: &[&str] = &["api-gateway-1"];

fn cases() -> Vec<Case> {
    let case = |what, fault, victims, peers, felt| Case { what, fault, victims, peers, felt };
    let delay = HttpAction::Delay { latency: Span::from_millis(300) };
    let thin = NetworkAction::Bandwidth { bytes_per_second: 4_000 };
    let thin = Fault::NetworkChaos { network: thin, direction: Direction::Both };
    let file = ConfigurationSource::File;
    let environment = ConfigurationSource::Environment;
    vec![
        case("connections closed", http(HttpAction::Abort), GATEWAY, &[], |page, _| page.0 == 0),
        case("late answers", http(delay), &WEB, &[], |page, _| {
            page.0 == 200 && page.2 >= Duration::from_millis(300)
        }),
        case(
            "wrong status",
            http(HttpAction::Status { code: 500 }),
            &BACKEND,
            &[],
            |page, order| page.0 != 404 && order.0 == 500,
        ),
        case("damaged bodies", http(HttpAction::Body), GATEWAY, &[], |page, _| {
            page.0 == 200 && page.1.contains('\u{fffd}') && !page.1.contains("</script>")
        }),
        case("thin connections", thin, GATEWAY, &WEB, |page, _| {
            page.0 == 200 && page.2 >= Duration::from_millis(100)
        }),
        case("no names", Fault::DnsChaos, &WEB, &BACKEND, |_, order| order.0 == 503),
        case("a file", configuration(file, "maintenance", "on"), &WEB, &[], |page, order| {
            (page.0, order.0) == (503, 503)
        }),
        case(
            "a limit nobody can keep",
            configuration(file, "database_timeout", "1us"),
            &BACKEND,
            &[],
            |_, order| order.0 >= 500,
        ),
        case(
            "an environment",
            configuration(environment, "MAINTENANCE", "on"),
            &WEB,
            &[],
            |page, order| (page.0, order.0) == (503, 503),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_without_defences_feel_each_fault_and_nothing_of_it_afterwards() {
    let stage = Stage::with("said", Defences::fragile()).await;
    assert_eq!((stage.get("/").await.0, stage.checkout().await.0), (200, 200));
    let files = || {
        let pods = WEB.iter().chain(&BACKEND);
        let file = |pod| stage.lab.folder().join(pod).join("config.yaml");
        pods.map(|pod| std::fs::read(file(pod)).unwrap()).collect::<Vec<_>>()
    };
    let before = files();
    for Case { what, fault, victims, peers, felt } in cases() {
        let by_file =
            matches!(fault, Fault::ConfigurationChange { source: ConfigurationSource::File, .. });
        let order = order("said", fault, victims, peers);
        let undo = stage.lab.prepare(&order).await.unwrap();
        stage.revert(&undo).await.unwrap_or_else(|error| panic!("{what}, never: {error}"));
        let evidence = stage.inject(&order).await;
        assert!(evidence.len() > 20, "{what}: {evidence}");
        until(what, async || {
            let (page, order) = tokio::join!(stage.get("/"), stage.checkout());
            felt(&page, &order)
        })
        .await;
        assert_eq!(files() != before, by_file, "{what}: the files");
        for _ in 0..2 {
            stage.revert(&undo).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        assert_eq!(files(), before, "{what}: to the byte");
        until(&format!("well after {what}"), async || {
            let (page, order) = (stage.get("/").await, stage.checkout().await);
            let soon = Duration::from_millis(250);
            page.0 == 200 && page.1.contains("</script>") && order.0 == 200 && page.2 < soon
        })
        .await;
    }
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn defences_keep_what_one_pod_says_from_customers() {
    let stage = Stage::start("kept").await;
    until("copies", async || stage.metric("cache-service-1", "cache_entries", "").await == 1_001.0)
        .await;
    let names = order("names", Fault::DnsChaos, &WEB, &BACKEND);
    let wrong = order("wrong", http(HttpAction::Status { code: 503 }), &["web-app-3"], &[]);
    let file = configuration(ConfigurationSource::File, "maintenance", "on");
    let file = order("file", file, &["web-app-1"], &[]);
    for order in [&names, &wrong, &file] {
        let undo = stage.lab.prepare(order).await.unwrap();
        let evidence = stage.inject(order).await;
        if order.key == "names" {
            assert!(evidence.contains("last known answers are used"), "{evidence}");
        }
        let start = Instant::now();
        let mut asked = 0;
        while start.elapsed() < Duration::from_millis(1_500) {
            let page = stage.get(&format!("/product/{}", asked % 1_000 + 1)).await;
            assert_eq!(page.0, 200, "{}: {}", order.key, page.1);
            asked += 1;
        }
        assert!(asked > 20, "{asked}");
        stage.revert(&undo).await.unwrap();
    }
    assert_eq!(stage.checkout().await.0, 200);
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_file_dies_with_its_pod_and_one_by_hand_is_read() {
    let stage = Stage::without("hand", &[Defence::Retries]).await;
    let path = stage.lab.folder().join("web-app-1/config.yaml");
    let before = std::fs::read_to_string(&path).unwrap();
    let file = configuration(ConfigurationSource::File, "maintenance", "on");
    let file = order("file", file, &["web-app-1"], &[]);
    let undo = stage.lab.prepare(&file).await.unwrap();
    stage.inject(&file).await;
    let ready = async || {
        let pod = stage.lab.pods().into_iter().find(|one| one.pod == "web-app-1").unwrap();
        let Some(address) = pod.address else { return 0 };
        ask(&format!("http://{address}/readyz"), None).await.0
    };
    assert_eq!(ready().await, 503);
    let kill = order("kill", Fault::PodFailure, &["web-app-1"], &[]);
    let back = stage.lab.prepare(&kill).await.unwrap();
    stage.inject(&kill).await;
    stage.revert(&back).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    until("well again", async || ready().await == 200).await;
    stage.revert(&undo).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);

    std::fs::write(&path, before.replace("maintenance: \"off\"", "maintenance: \"on\"")).unwrap();
    until("read by itself", async || ready().await == 503).await;
    std::fs::write(&path, &before).unwrap();
    until("and again", async || ready().await == 200).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_rolls_a_configuration_back_wherever_it_was_changed() {
    let stage = Stage::with("rolled", Defences::fragile()).await;
    for source in [ConfigurationSource::File, ConfigurationSource::Environment] {
        let fault = configuration(source, "maintenance", "on");
        let order = order("rolled", fault, &WEB, &[]);
        let undo = stage.lab.prepare(&order).await.unwrap();
        stage.inject(&order).await;
        until("down", async || stage.get("/").await.0 == 503).await;
        let lever = Lever::RollBackConfiguration { app: "web-app".to_owned() };
        stage.lab.pull(&lever).await.unwrap();
        until("repaired by the team", async || stage.get("/").await.0 == 200).await;
        assert!(stage.lab.pull(&lever).await.is_err(), "nothing is left to roll back");
        stage.revert(&undo).await.unwrap();
        assert_eq!(stage.get("/").await.0, 200);
    }
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_felt_is_refused() {
    let stage = Stage::start("vain").await;
    let set = |key, value| configuration(ConfigurationSource::File, key, value);
    let share = |share| Fault::HttpChaos { http: HttpAction::Abort, share };
    let thin = NetworkAction::Bandwidth { bytes_per_second: 0 };
    let thin = Fault::NetworkChaos { network: thin, direction: Direction::Both };
    let none = HttpAction::Delay { latency: Span::ZERO };
    let cases = [
        (share(0.0), &["web-app-1"][..], "above 0 and at most 1"),
        (share(1.5), &["web-app-1"], "above 0 and at most 1"),
        (share(f64::NAN), &["web-app-1"], "above 0 and at most 1"),
        (http(none), &["web-app-1"], "above zero"),
        (http(HttpAction::Status { code: 200 }), &["web-app-1"], "400 to 599"),
        (share(1.0), &["cache-service-1"], "does not speak HTTP"),
        (thin, &["web-app-1"], "lets nothing pass"),
        (Fault::DnsChaos, &["cache-service-1"], "nothing goes from cache-service-1"),
        (set("page_size", "3"), &["web-app-1"], "has no setting"),
        (set("backend_timeout", "soon"), &["web-app-1"], "is no time"),
        (set("maintenance", "off"), &["web-app-1"], "nobody would feel it"),
    ];
    for (fault, victims, expected) in cases {
        let order = order("vain", fault, victims, &[]);
        let error = stage.lab.prepare(&order).await.unwrap_err().0;
        assert!(error.contains(expected), "{error}");
        assert!(stage.lab.inject(&order).await.is_err());
    }
    stage.lab.stop().await;
}
