//! Each fault as customers and `/proc` feel it, and that it is gone afterwards.

use std::time::{Duration, Instant};

use gameday::exercise::lever::Lever;
use gameday::exercise::target::PodHealth;
use gameday::gameday::fault::{Direction, Fault, NetworkAction, Stress};
use gameday::gameday::span::Span;
use gameday::port::levers::Levers;
use gameday::port::target::{FaultInjector, FaultOrder, TargetObserver};
use rustix::process::{Pid, Signal, kill_process};

use super::stage::{BACKEND, Stage, WEB, order, until};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn network(network: NetworkAction, direction: Direction) -> Fault {
    Fault::NetworkChaos { network, direction }
}

fn delay(millis: u64, jitter: u64) -> NetworkAction {
    NetworkAction::Delay { latency: Span::from_millis(millis), jitter: Span::from_millis(jitter) }
}

/// What a customer does to feel the fault, and how it must feel.
enum Felt {
    /// A page takes at least so long.
    Page(&'static str, u64),
    /// An order takes at least so long.
    Order(u64),
    /// An order is taken for later, and a page is still served.
    OrderWaits,
    /// Some of many orders take at least so long, and all arrive.
    SomeOrders(u64),
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_feel_each_fault_and_nothing_of_it_afterwards() {
    let stage = Stage::start("felt").await;
    for n in 0..10 {
        // Connections between all pods exist before the faults come.
        assert_eq!(stage.get(&format!("/product/{}", n % 2 + 1)).await.0, 200);
        assert_eq!(stage.checkout().await.0, 200);
    }
    let both = Direction::Both;
    let database = ["database-primary", "database-replica"];
    let latency = |millis| Span::from_millis(millis);
    let cases: [(&str, FaultOrder, Felt); 9] = [
        (
            "delay from the gateway to web-app",
            order("delay", network(delay(120, 10), Direction::To), &["api-gateway-1"], &WEB),
            Felt::Page("/", 110),
        ),
        (
            "delay both ways, injected at the called side",
            order("both", network(delay(80, 0), both), &WEB, &["api-gateway-1"]),
            Felt::Page("/", 160),
        ),
        (
            "delay towards the caller only",
            order("from", network(delay(120, 0), Direction::From), &BACKEND, &database),
            Felt::Order(120),
        ),
        (
            "delay towards customers",
            order("edge", network(delay(100, 0), Direction::To), &["api-gateway-1"], &[]),
            Felt::Page("/", 200),
        ),
        (
            "partition between backend and database",
            order("cut", network(NetworkAction::Partition, both), &BACKEND, &database),
            Felt::OrderWaits,
        ),
        (
            "partition between apps that talk over others",
            order("far", network(NetworkAction::Partition, both), &WEB, &database),
            Felt::OrderWaits,
        ),
        (
            "loss between web-app and backend",
            order("loss", network(NetworkAction::Loss { share: 0.3 }, both), &WEB, &BACKEND),
            Felt::SomeOrders(200),
        ),
        (
            "late requests from the gateway to the backend",
            order(
                "late",
                Fault::LatencyInjection { latency: latency(150), jitter: latency(20) },
                &["api-gateway-1"],
                &BACKEND,
            ),
            Felt::Order(130),
        ),
        (
            "slow statements",
            order(
                "slow",
                Fault::DatabaseSlowdown { latency: latency(80), jitter: latency(0) },
                &["database-primary"],
                &[],
            ),
            Felt::Order(240),
        ),
    ];
    for (what, order, felt) in cases {
        let undo = stage.lab.prepare(&order).await.unwrap();
        stage
            .lab
            .revert(&undo)
            .await
            .unwrap_or_else(|error| panic!("{what}, never injected: {error}"));
        stage.inject(&order).await;
        feel(&stage, what, &felt).await;
        for _ in 0..2 {
            stage.revert(&undo).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        until(&format!("well after {what}"), async || {
            let (page, order) = (stage.get("/").await, stage.checkout().await);
            page.0 == 200 && page.2 < ms(70) && order.0 == 200 && order.2 < ms(90)
        })
        .await;
    }
    stage.lab.stop().await;
}

async fn feel(stage: &Stage, what: &str, felt: &Felt) {
    match *felt {
        Felt::Page(path, least) => {
            let (status, body, took) = stage.get(path).await;
            assert_eq!(status, 200, "{what}: {body}");
            assert!(took >= ms(least), "{what}: {took:?}");
        }
        Felt::Order(least) => {
            let (status, body, took) = stage.checkout().await;
            // One that takes too long waits in the queue.
            assert!(matches!(status, 200 | 202), "{what}: {status} {body}");
            assert!(took >= ms(least), "{what}: {took:?}");
        }
        Felt::OrderWaits => {
            let (status, body, _) = stage.checkout().await;
            assert_eq!(status, 202, "{what}: {body}");
            let (status, body, took) = stage.get("/").await;
            assert_eq!(status, 200, "{what}: the page comes from the cache: {body}");
            assert!(took < ms(500), "{what}: {took:?}");
        }
        Felt::SomeOrders(least) => {
            let orders = (0..12).map(|_| stage.checkout());
            let orders = futures::future::join_all(orders).await;
            let late = orders.iter().filter(|(.., took)| *took >= ms(least)).count();
            let accepted = orders.iter().filter(|(status, ..)| *status == 200).count();
            assert!(late >= 1, "{what}: none of {} is late", orders.len());
            assert!(accepted >= 6, "{what}: lost segments come again, yet {accepted} arrived");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processors_are_burnt_in_the_victims_processes_only() {
    let stage = Stage::start("burn").await;
    let stress = Stress::CpuStress { cores: 2, load: 40 };
    let order = order("burn", Fault::ResourceChaos { stress }, &["backend-service-1"], &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    let used = |pod: &str| {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", stage.pid(pod).unwrap())).unwrap();
        let fields: Vec<i64> = stat
            .rsplit_once(')')
            .unwrap()
            .1
            .split(' ')
            .filter_map(|one| one.parse().ok())
            .collect();
        fields[10] + fields[11]
    };
    let threads = |pod: &str| {
        std::fs::read_dir(format!("/proc/{}/task", stage.pid(pod).unwrap()))
            .unwrap()
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok())
            .filter(|name| name.starts_with("burn-"))
            .count()
    };
    let before = used("backend-service-1");
    stage.inject(&order).await;
    assert_eq!((threads("backend-service-1"), threads("backend-service-2")), (2, 0));
    until("a quarter of a second is burnt", async || used("backend-service-1") >= before + 25)
        .await;
    let evidence = stage.revert(&undo).await.unwrap();
    assert_eq!(threads("backend-service-1"), 0, "gone when it says so");
    assert!(evidence.ends_with("0 threads of backend-service-1 burn"), "{evidence}");
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_dies_with_its_victim_and_meets_the_others_again() {
    let stage = Stage::start("bound").await;
    let cut = network(NetworkAction::Partition, Direction::Both);
    let cut = order("cut", cut, &["cache-service-1"], &WEB);
    let undo = stage.lab.prepare(&cut).await.unwrap();
    stage.inject(&cut).await;
    let kill = |pod: &str| {
        let pid = stage.pid(pod).unwrap();
        kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
        pid
    };
    let replaced = async |pod: &'static str, old: u32| {
        until("replaced", async || {
            let topology = stage.lab.survey().await.unwrap();
            let ready =
                topology.pods.iter().any(|one| one.name == pod && one.health == PodHealth::Ready);
            ready && stage.pid(pod).is_some_and(|pid| pid != old)
        })
        .await;
    };
    replaced("web-app-1", kill("web-app-1")).await;
    until("the new web-app-1 is cut off as well", async || {
        stage.get("/").await;
        stage.metric("web-app-1", "cache_errors_total", "").await > 0.0
    })
    .await;
    replaced("cache-service-1", kill("cache-service-1")).await;
    until("the new cache is reached", async || {
        stage.get("/product/3").await;
        stage.metric("cache-service-1", "cache_hits_total", "").await > 0.0
    })
    .await;
    let evidence = stage.revert(&undo).await.unwrap();
    assert!(evidence.contains("cache-service-1 has been replaced since"), "{evidence}");
    stage.lab.stop().await;
}

/// The letter in `/proc/…/stat`.
#[cfg(target_os = "linux")]
fn state_of(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// Undoing takes no longer, whatever state the victims are in.
const AT_MOST: Duration = Duration::from_secs(2);

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn faults_in_a_pod_that_stands_still_are_refused_at_once_and_undone_in_time() {
    let stage = Stage::start("hang").await;
    let cut = network(NetworkAction::Partition, Direction::Both);
    let before = order("before", cut.clone(), &["web-app-5"], &BACKEND);
    let after = order("after", cut, &["web-app-5"], &BACKEND);
    let hang = order("still", Fault::PodHang, &["web-app-5"], &[]);
    let undos =
        (stage.lab.prepare(&before).await.unwrap(), stage.lab.prepare(&hang).await.unwrap());
    let pid = stage.pid("web-app-5").unwrap();
    stage.inject(&before).await;
    stage.inject(&hang).await;

    let start = Instant::now();
    let error = stage.lab.inject(&after).await.unwrap_err().0;
    assert!(start.elapsed() < ms(500), "{:?}", start.elapsed());
    assert!(error.starts_with("web-app-5 stands still: nothing can be put into it"), "{error}");

    let start = Instant::now();
    stage.revert(&undos.0).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    assert_eq!(state_of(pid), Some('T'), "the other fault goes on");
    let start = Instant::now();
    let evidence = stage.revert(&undos.1).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    assert!(evidence.starts_with("web-app-5 goes on"), "{evidence}");
    assert_eq!(stage.pid("web-app-5"), Some(pid), "nobody had to end it");
    // Nobody has asked for this page yet: it comes from the backend.
    let page = Lever::Curl { pod: "web-app-5".to_owned(), path: "/product/77".to_owned() };
    until("it reaches the backend", async || {
        stage.lab.pull(&page).await.is_ok_and(|answer| answer.starts_with("200"))
    })
    .await;

    // Somebody else stops it: it goes on so that the fault can be taken out.
    let undo = stage.lab.prepare(&before).await.unwrap();
    stage.inject(&before).await;
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::STOP).unwrap();
    let start = Instant::now();
    stage.revert(&undo).await.unwrap();
    assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
    stage.lab.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_does_not_let_go_of_a_fault_is_ended_and_delays_no_other() {
    let stage = Stage::start("stuck").await;
    let stress = Fault::ResourceChaos { stress: Stress::CpuStress { cores: 1, load: 1 } };
    let hung = order("hung", stress, &["web-app-5"], &[]);
    let slow = Fault::DatabaseSlowdown { latency: Span::from_millis(50), jitter: Span::ZERO };
    let other = order("other", slow, &["database-primary"], &[]);
    let undos = (stage.lab.prepare(&hung).await.unwrap(), stage.lab.prepare(&other).await.unwrap());
    stage.inject(&hung).await;
    stage.inject(&other).await;
    let old = stage.pid("web-app-5").unwrap();
    let pid = Pid::from_raw(i32::try_from(old).unwrap()).unwrap();
    // It is stopped again whenever somebody lets it go on.
    let over = std::sync::atomic::AtomicBool::new(false);
    let stuck = async {
        let mut tick = tokio::time::interval(ms(1));
        while !over.load(std::sync::atomic::Ordering::Relaxed) {
            let _ = kill_process(pid, Signal::STOP);
            tick.tick().await;
        }
    };
    let hanging = async {
        until("it stands still", async || state_of(old) == Some('T')).await;
        let start = Instant::now();
        let evidence = stage.revert(&undos.0).await.unwrap();
        over.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(start.elapsed() < AT_MOST, "{:?}", start.elapsed());
        (evidence, start.elapsed())
    };
    let quick = async {
        let start = Instant::now();
        stage.revert(&undos.1).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    };
    let ((evidence, _), (), ()) = tokio::join!(hanging, quick, stuck);
    if stage.pid("web-app-5") != Some(old) {
        assert!(
            evidence.contains(&format!("process {old} was ended, and the fault with it")),
            "{evidence}"
        );
    }
    stage.revert(&undos.0).await.unwrap();
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_felt_is_refused_before_anything_is_done() {
    let stage = Stage::start("refuse").await;
    let cut = network(NetworkAction::Partition, Direction::Both);
    let zero = Fault::LatencyInjection { latency: Span::ZERO, jitter: Span::ZERO };
    let slow = Fault::DatabaseSlowdown { latency: Span::from_millis(5), jitter: Span::ZERO };
    let stress = Fault::ResourceChaos { stress: Stress::CpuStress { cores: 0, load: 50 } };
    let late = Fault::LatencyInjection { latency: Span::from_millis(5), jitter: Span::ZERO };
    let cases = [
        (
            order("a", cut.clone(), &["web-app-1"], &["web-app-2"]),
            "nothing goes from web-app-1 to web-app-2",
        ),
        (order("b", zero, &["web-app-1"], &BACKEND), "a latency of zero would not be felt"),
        (order("c", slow, &["web-app-1"], &[]), "web-app-1 is no database"),
        (order("d", stress, &["web-app-1"], &[]), "cores must be 1 to 64"),
        (order("e", late, &["cache-service-1"], &[]), "nothing goes from cache-service-1"),
        (order("f", cut.clone(), &["web-app-9"], &[]), "the lab has no pod web-app-9"),
        (order("g", cut, &[], &[]), "no pod is selected"),
    ];
    for (order, expected) in cases {
        for error in [
            stage.lab.prepare(&order).await.unwrap_err().0,
            stage.lab.inject(&order).await.unwrap_err().0,
        ] {
            assert!(error.contains(expected), "{}: {error}", order.key);
        }
    }
    stage.lab.stop().await;
}
