//! What a replica keeps, how late it is, and what looking at the shop's data and counts costs and loses.

use std::collections::BTreeSet;
use std::time::Duration;

use gameday::exercise::lever::Lever;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{Fault, ZoneResource};
use gameday::gameday::instrument::Instrument;
use gameday::gameday::span::Span;
use gameday::port::instruments::{DataKeeper, Instruments, Observation};
use gameday::port::levers::Levers;
use gameday::port::target::FaultInjector;
use rustix::process::{Pid, Signal, kill_process};

use super::data::{DATABASES, discrepancies};
use super::stage::{Stage, order, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_lost_its_data_takes_nothing_from_its_replica() {
    let stage = Stage::without("wiped", &[Defence::Failover]).await;
    let [primary, replica] = DATABASES;
    stage.lab.checkpoint().await.unwrap();
    assert_eq!(stage.place(5, 200).await, 5);
    until("the replica has them", async || stage.orders(replica) == 5).await;
    let resources = vec![ZoneResource::Storage];
    let zone = ["backend-service-1", primary, "web-app-1", "web-app-4"];
    let undo = stage.begin(&order("wipe", Fault::ZoneFailure { resources }, &zone, &[])).await;
    stage.end(&undo).await;
    until("it takes orders", async || stage.checkout().await.0 == 200).await;
    let read = Lever::ReadLog { pod: replica.to_owned(), lines: 20 };
    until("the replica refuses", async || {
        stage.lab.pull(&read).await.unwrap().contains("does not give up its 5 commits")
    })
    .await;
    until("the primary has more by now", async || {
        stage.checkout().await;
        stage.orders(primary) > 5
    })
    .await;
    assert_eq!(stage.orders(replica), 5);
    let check = stage.lab.compare().await.unwrap();
    assert!(check.lost >= 5, "{check:?}");

    stage.lab.pull(&Lever::Promote).await.unwrap();
    until("the one who lost everything follows", async || {
        stage.orders(primary) >= 5 && stage.orders(primary) == stage.orders(replica)
    })
    .await;
    let check = stage.lab.compare().await.unwrap();
    let [_, orders, ..] = &check.tables[..] else { panic!("{check:?}") };
    assert_eq!(orders.changed, 0, "{check:?}");
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_replica_is_seen_to_be_late_and_then_to_have_caught_up() {
    let stage = Stage::start("late").await;
    let [primary, replica] = DATABASES;
    stage.well().await;
    stage.lab.checkpoint().await.unwrap();
    // Whether a look comes just before it is there or after is chance.
    for (millis, seen) in [(700, "in database-replica"), (60_000, "is not in"), (5, "")] {
        let lag = Fault::ReplicaLag { lag: Span::from_millis(millis) };
        let lag = order(&format!("lag-{millis}"), lag, &[replica], &[]);
        let undo = stage.lab.prepare(&lag).await.unwrap();
        let before = stage.orders(primary);
        let said = stage.inject(&lag).await;
        assert!(said.starts_with("an order is ") && said.contains(seen), "{millis}: {said}");
        assert_eq!(stage.orders(primary), before + 1, "an order of the lab's own");
        if millis == 60_000 {
            stage.place(30, 200).await;
            assert_eq!(stage.orders(replica), before);
        }
        let said = stage.end(&undo).await;
        assert!(said.contains("database-replica has everything database-primary has"), "{said}");
        assert_eq!(stage.orders(replica), stage.orders(primary), "{millis}");
    }
    let check = stage.lab.compare().await.unwrap();
    assert_eq!((discrepancies(&check), check.lost), (0, 0), "{check:?}");
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_is_copied_once_however_long_the_replica_takes() {
    let stage = Stage::start("once").await;
    let [_, replica] = DATABASES;
    stage.lab.checkpoint().await.unwrap();
    let lag = Fault::ReplicaLag { lag: Span::from_millis(1_500) };
    let undo = stage.begin(&order("lag", lag, &[replica], &[])).await;
    assert_eq!(stage.place(2, 200).await, 2);
    let copy = stage.lab.folder().join("primary.copy.db");
    let mut copies = BTreeSet::new();
    let mut tick = tokio::time::interval(Duration::from_millis(2));
    let mut compare = std::pin::pin!(stage.lab.compare());
    let check = loop {
        tokio::select! {
            check = &mut compare => break check.unwrap(),
            _ = tick.tick() => {
                let file = std::fs::metadata(&copy);
                copies.extend(file.ok().and_then(|file| file.created().ok()));
            }
        }
    };
    assert_eq!((discrepancies(&check), check.lost), (0, 0), "{check:?}");
    assert_eq!(copies.len(), 1, "{copies:?}");
    stage.end(&undo).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_pod_counted_is_not_lost_when_it_answers_late() {
    let stage = Stage::start("counts").await;
    let queue = "message-queue-1";
    let pid = Pid::from_raw(i32::try_from(stage.pid(queue).unwrap()).unwrap()).unwrap();
    let mut seen = stage.lab.observe(Duration::ZERO);
    let mut accepted = 0.0;
    let mut next = async || loop {
        if let Observation::Reading(reading) = seen.recv().await.unwrap() {
            return reading.values.get(&Instrument::QueueAccepted).copied();
        }
    };
    let kept = "SELECT (SELECT count(*) FROM handled) + (SELECT count(*) FROM messages)";
    let mut placed = 0;
    for _ in 0..3 {
        accepted += next().await.unwrap_or_default();
        placed += stage.place(8, 200).await;
        until("the queue has them", async || stage.sql(queue, kept) == placed as i64).await;
        kill_process(pid, Signal::STOP).unwrap();
        // The window in which it is asked and does not answer.
        while let Some(count) = next().await {
            accepted += count;
        }
        kill_process(pid, Signal::CONT).unwrap();
    }
    let mut more = 0;
    while accepted < placed as f64 && more < 4 {
        accepted += next().await.unwrap_or_default();
        more += 1;
    }
    assert_eq!(accepted, placed as f64, "each is counted once");
    assert_eq!(stage.pid(queue), Some(pid.as_raw_nonzero().get() as u32), "the same process");
    stage.lab.stop().await;
}
