//! The replica takes over: who is primary, what was lost, and that the old primary comes back as a replica.

use std::time::{Duration, Instant};

use gameday::exercise::lever::Lever;
use gameday::exercise::reading::Failover;
use gameday::exercise::target::PodHealth;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{Direction, Fault, NetworkAction};
use gameday::gameday::span::Span;
use gameday::port::instruments::{Instruments, Observation};
use gameday::port::levers::Levers;
use gameday::port::target::{FaultInjector, TargetObserver};
use tokio::sync::mpsc::UnboundedReceiver;

use super::stage::{BACKEND, Stage, order, until};

async fn roles(stage: &Stage) -> (String, String) {
    let topology = stage.lab.survey().await.unwrap();
    let role = |name: &str| {
        let pod = topology.pods.iter().find(|one| one.name == name).unwrap();
        let state = if pod.health == PodHealth::Ready { "" } else { ", not ready" };
        format!("{}{state}", pod.labels["role"])
    };
    (role("database-primary"), role("database-replica"))
}

async fn takes_orders(stage: &Stage) -> bool {
    stage.checkout().await.0 == 200
}

async fn failover(seen: &mut UnboundedReceiver<Observation>) -> Failover {
    let wait = async {
        loop {
            match seen.recv().await {
                Some(Observation::FailedOver(failover)) => return failover,
                Some(_) => {}
                None => panic!("the lab ended, and nothing failed over"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("nothing failed over")
}

async fn swapped(stage: &Stage) -> bool {
    let (first, second) = roles(stage).await;
    first.starts_with("replica") && second == "primary"
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replica_takes_over_from_a_primary_that_is_down_and_is_followed_by_it_later() {
    let stage = Stage::start("over").await;
    let mut seen = stage.lab.observe(Duration::ZERO);
    for _ in 0..5 {
        assert!(takes_orders(&stage).await);
    }
    let order = order("down", Fault::DatabaseFailure, &["database-primary"], &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    stage.inject(&order).await;
    let failover = failover(&mut seen).await;
    assert_eq!((&*failover.from, &*failover.to), ("database-primary", "database-replica"));
    assert!(failover.took < Span::from_secs(3), "{failover:?}");
    assert!(failover.behind < Span::from_secs(5), "{failover:?}");
    assert_eq!(roles(&stage).await, ("replica, not ready".to_owned(), "primary".to_owned()));
    until("orders are taken", async || takes_orders(&stage).await).await;
    stage.revert(&undo).await.unwrap();
    assert_eq!(roles(&stage).await, ("replica".to_owned(), "primary".to_owned()));
    until("orders are taken still", async || takes_orders(&stage).await).await;
    // And back again, by hand this time.
    until("it can be promoted", async || stage.lab.pull(&Lever::Promote).await.is_ok()).await;
    assert_eq!(roles(&stage).await.0, "primary");
    until("orders are taken", async || takes_orders(&stage).await).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_defence_a_team_promotes() {
    let stage = Stage::without("hand-over", &[Defence::Failover, Defence::Outbox]).await;
    let order = order("down", Fault::DatabaseFailure, &["database-primary"], &[]);
    let undo = stage.lab.prepare(&order).await.unwrap();
    stage.inject(&order).await;
    let start = Instant::now();
    until("long enough", async || {
        assert!(!takes_orders(&stage).await);
        start.elapsed() > Duration::from_millis(1_500)
    })
    .await;
    assert_eq!(roles(&stage).await, ("primary, not ready".to_owned(), "replica".to_owned()));
    let said = stage.lab.pull(&Lever::Promote).await.unwrap();
    assert!(said.starts_with("database-replica is the primary, after "), "{said}");
    until("orders are taken", async || takes_orders(&stage).await).await;
    stage.revert(&undo).await.unwrap();
    assert_eq!(roles(&stage).await, ("replica".to_owned(), "primary".to_owned()));
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_nobody_reaches_is_ended_and_replaced_and_a_slow_one_is_not() {
    let stage = Stage::start("reach").await;
    let slow = Fault::DatabaseSlowdown { latency: Span::from_millis(1_500), jitter: Span::ZERO };
    let slow = order("slow", slow, &["database-primary"], &[]);
    let undo = stage.lab.prepare(&slow).await.unwrap();
    stage.inject(&slow).await;
    let start = Instant::now();
    let old = stage.pid("database-primary");
    until("long enough", async || {
        assert_eq!(stage.pid("database-primary"), old);
        start.elapsed() > Duration::from_millis(4_000)
    })
    .await;
    stage.revert(&undo).await.unwrap();
    let fault =
        Fault::NetworkChaos { network: NetworkAction::Partition, direction: Direction::Both };
    let cut = order("cut", fault, &BACKEND, &["database-primary"]);
    let undo = stage.lab.prepare(&cut).await.unwrap();
    stage.inject(&cut).await;
    until("it was replaced", async || swapped(&stage).await).await;
    assert_ne!(stage.pid("database-primary"), old, "two primaries would be worse than none");
    until("orders are taken", async || takes_orders(&stage).await).await;
    stage.revert(&undo).await.unwrap();
    until("all is well", async || {
        roles(&stage).await == ("replica".to_owned(), "primary".to_owned())
    })
    .await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_stands_still_is_ended_and_replaced() {
    let stage = Stage::start("frozen").await;
    let hang = order("hang", Fault::PodHang, &["database-primary"], &[]);
    let undo = stage.lab.prepare(&hang).await.unwrap();
    let old = stage.pid("database-primary").unwrap();
    stage.inject(&hang).await;
    until("it was replaced", async || swapped(&stage).await).await;
    assert!(!std::path::Path::new(&format!("/proc/{old}/fd")).exists());
    let evidence = stage.revert(&undo).await.unwrap();
    assert!(evidence.starts_with("database-primary has been replaced since; "), "{evidence}");
    until("orders are taken", async || takes_orders(&stage).await).await;
    stage.lab.stop().await;
}
