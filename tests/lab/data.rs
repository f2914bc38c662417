//! The shop's data: replicated, promoted, queued, compared; and the faults that sit in it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gameday::exercise::reading::IntegrityCheck;
use gameday::exercise::target::PodHealth;
use gameday::exercise::undo::Undo;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::{CacheAction, Direction, Fault, IoAction, NetworkAction, Stress};
use gameday::gameday::span::Span;
use gameday::port::instruments::DataKeeper;
use gameday::port::target::{FaultInjector, FaultOrder, TargetObserver};
use rustix::process::{Pid, Signal, kill_process};

use super::stage::{BACKEND, Stage, data_folder, database, order, until};

pub(super) const DATABASES: [&str; 2] = ["database-primary", "database-replica"];

impl Stage {
    /// A number out of a pod's file.
    pub(super) fn sql(&self, pod: &str, sql: &str) -> i64 {
        let (file, _copy) = database(self.lab.folder(), pod);
        file.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    pub(super) fn orders(&self, pod: &str) -> i64 {
        self.sql(pod, "SELECT count(*) FROM orders")
    }

    /// Places so many orders; how many were answered with this status.
    pub(super) async fn place(&self, count: usize, status: u16) -> usize {
        let mut answered = 0;
        for _ in 0..count {
            answered += usize::from(self.checkout().await.0 == status);
        }
        answered
    }

    /// The database that is the primary now, if it takes traffic.
    async fn primary(&self) -> Option<String> {
        let pods = self.lab.survey().await.unwrap().pods;
        let mut ready = pods.into_iter().filter(|pod| pod.health == PodHealth::Ready);
        ready
            .find(|pod| pod.labels.get("role").is_some_and(|role| role == "primary"))
            .map(|pod| pod.name)
    }

    pub(super) async fn begin(&self, order: &FaultOrder) -> Undo {
        let undo = self.lab.prepare(order).await.unwrap();
        self.inject(order).await;
        undo
    }

    pub(super) async fn end(&self, undo: &Undo) -> String {
        self.revert(undo).await.unwrap_or_else(|error| panic!("{}: {error}", undo.key)).into()
    }

    /// Every backend takes orders, not only the one whose breaker closed first, and none of them is held up.
    pub(super) async fn well(&self) {
        until("orders are taken as ever", async || {
            let mut quickest = Duration::MAX;
            for _ in 0..6 {
                let (status, _, took) = self.checkout().await;
                if status != 200 {
                    return false;
                }
                quickest = quickest.min(took);
            }
            // What holds orders up in the shop holds up each of them; what else the machine does is no matter.
            quickest < Duration::from_millis(90)
        })
        .await;
    }

    /// No order waits and no event: from now on the primary writes for customers alone.
    async fn nothing_waits(&self) {
        let orders = "SELECT count(*) FROM messages WHERE topic = 'orders'";
        let events = "SELECT count(*) FROM outbox";
        until("nothing waits", async || {
            self.sql("message-queue-1", orders) == 0 && self.sql(DATABASES[0], events) == 0
        })
        .await;
    }
}

pub(super) fn discrepancies(check: &IntegrityCheck) -> u64 {
    check.tables.iter().map(|table| table.missing + table.extra + table.changed).sum()
}

fn cut(key: &str, victims: &[&str], peers: &[&str]) -> FaultOrder {
    let network = NetworkAction::Partition;
    order(key, Fault::NetworkChaos { network, direction: Direction::Both }, victims, peers)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_failovers_lose_nothing_and_each_old_primary_follows_the_new_one() {
    let stage = Stage::start("twice").await;
    assert_eq!(stage.place(3, 200).await, 3);
    let checkpoint = stage.lab.checkpoint().await.unwrap();
    assert_eq!(checkpoint.tables[1], ("orders".to_owned(), 3));
    let told = AtomicU64::new(0);
    for (old, new) in [(DATABASES[0], DATABASES[1]), (DATABASES[1], DATABASES[0])] {
        let failure = order(old, Fault::DatabaseFailure, &[old], &[]);
        let undo = stage.begin(&failure).await;
        until("the other one is primary", async || {
            let status = stage.checkout().await.0;
            assert!(status == 200 || status == 202, "{status}");
            told.fetch_add(1, Ordering::Relaxed);
            stage.primary().await.as_deref() == Some(new)
        })
        .await;
        until("it takes orders", async || {
            told.fetch_add(1, Ordering::Relaxed);
            stage.checkout().await.0 == 200
        })
        .await;
        stage.end(&undo).await;
        until("the old one has what the new one has", async || {
            stage.orders(old) == stage.orders(new)
        })
        .await;
        let check = stage.lab.compare().await.unwrap();
        assert_eq!((discrepancies(&check), check.lost), (0, 0), "{check:?}");
        assert_eq!(check.acknowledged, told.load(Ordering::Relaxed));
    }
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_replicas_word_orders_are_lost_and_the_comparison_says_so() {
    let stage = Stage::without("lost", &[Defence::SynchronousReplication]).await;
    assert_eq!(stage.place(2, 200).await, 2);
    until("replicated", async || stage.orders(DATABASES[1]) == 2).await;
    stage.lab.checkpoint().await.unwrap();
    let apart = stage.begin(&cut("apart", &[DATABASES[1]], &[DATABASES[0]])).await;
    assert_eq!(stage.place(4, 200).await, 4, "the primary goes on alone");
    assert_eq!((stage.orders(DATABASES[0]), stage.orders(DATABASES[1])), (6, 2));
    let undo = stage.begin(&order("down", Fault::DatabaseFailure, &[DATABASES[0]], &[])).await;
    until("promoted", async || stage.primary().await.as_deref() == Some(DATABASES[1])).await;
    stage.end(&apart).await;
    until("it takes orders", async || stage.checkout().await.0 == 200).await;
    stage.end(&undo).await;
    until("the old primary forgets what the new one never had", async || {
        let ids = "SELECT coalesce(sum(id * length(uid)), 0) FROM orders";
        stage.orders(DATABASES[0]) == stage.orders(DATABASES[1])
            && stage.sql(DATABASES[0], ids) == stage.sql(DATABASES[1], ids)
    })
    .await;
    let check = stage.lab.compare().await.unwrap();
    assert_eq!(check.lost, 4, "{check:?}");
    assert_eq!(check.tables[1].missing, 4);
    assert_eq!(discrepancies(&check), 4, "primary and replica are the same again: {check:?}");
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_wait_in_the_queue_survive_its_death_and_reach_the_database_once() {
    let stage = Stage::without("wait", &[Defence::Failover]).await;
    stage.well().await;
    stage.lab.checkpoint().await.unwrap();
    let before = stage.orders(DATABASES[0]);
    let undo = stage.begin(&cut("cut", &BACKEND, &DATABASES)).await;
    assert_eq!(stage.place(5, 202).await, 5, "taken for later");
    let waiting = "SELECT count(*) FROM messages WHERE topic = 'orders'";
    assert_eq!(stage.sql("message-queue-1", waiting), 5);
    let pid = stage.pid("message-queue-1").unwrap();
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
    until("the queue is back", async || {
        stage.pid("message-queue-1").is_some_and(|now| now != pid)
            && stage.checkout().await.0 == 202
    })
    .await;
    let told = stage.sql("message-queue-1", waiting);
    assert!(told >= 6, "{told}");
    stage.end(&undo).await;
    until("all are in the database", async || stage.orders(DATABASES[0]) >= before + told).await;
    let check = stage.lab.compare().await.unwrap();
    assert_eq!((discrepancies(&check), check.lost), (0, 0), "{check:?}");
    assert_eq!(i64::try_from(check.acknowledged).unwrap(), told);
    assert_eq!(stage.orders(DATABASES[0]), before + told, "each once");
    assert_eq!(stage.sql("message-queue-1", waiting), 0);

    stage.well().await;
    let down = order("queue", Fault::QueueFailure, &["message-queue-1"], &[]);
    let undo = stage.begin(&down).await;
    assert_eq!(stage.place(4, 200).await, 4, "customers feel nothing");
    assert!(stage.sql(DATABASES[0], "SELECT count(*) FROM outbox") >= 4, "events wait");
    stage.end(&undo).await;
    let handled = async || {
        let each = BACKEND.map(|pod| stage.metric(pod, "events_handled_total", ""));
        let [one, two] = each;
        one.await + two.await
    };
    until("every order's event is dealt with", async || {
        handled().await as i64 == stage.orders(DATABASES[0])
    })
    .await;
    assert_eq!(stage.sql(DATABASES[0], "SELECT count(*) FROM outbox"), 0);
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_outbox_an_order_fails_with_the_database_and_with_the_queue() {
    let stage = Stage::without("fail", &[Defence::Outbox, Defence::Failover]).await;
    assert_eq!(stage.checkout().await.0, 200);
    for fault in [
        cut("cut", &BACKEND, &DATABASES),
        order("queue", Fault::QueueFailure, &["message-queue-1"], &[]),
    ] {
        let undo = stage.begin(&fault).await;
        let (status, body, _) = stage.checkout().await;
        assert!(status >= 500, "{}: {status} {body}", fault.key);
        stage.end(&undo).await;
        stage.well().await;
    }
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_in_data_and_disk_are_felt_and_nothing_of_them_is_left() {
    let stage = Stage::without("inner", &[Defence::Failover]).await;
    stage.well().await;
    stage.lab.checkpoint().await.unwrap();
    let [primary, replica] = DATABASES;

    let lag = Fault::ReplicaLag { lag: Span::from_millis(1_200) };
    let undo = stage.begin(&order("lag", lag, &[replica], &[])).await;
    until("the gauge shows it", async || {
        stage.checkout().await;
        stage.metric(replica, "replication_lag_milliseconds", "").await >= 300.0
    })
    .await;
    let mut start = Instant::now();
    until("an order is in the primary", async || {
        start = Instant::now();
        stage.checkout().await.0 == 200
    })
    .await;
    let newest = stage.orders(primary);
    until("later", async || stage.orders(replica) >= newest).await;
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(1_200), "{took:?}");
    stage.end(&undo).await;
    stage.well().await;

    let latency = Span::from_millis(60);
    let slow = Fault::IoChaos { io: IoAction::Latency { latency, share: 1.0 } };
    let undo = stage.begin(&order("slow", slow, &[primary], &[])).await;
    let late = async || stage.metric(primary, "file_operations_late_total", "").await;
    let before = late().await;
    // Behind other work of the primary an order may take so long that it waits in the queue.
    let (status, _, took) = stage.checkout().await;
    assert!(matches!(status, 200 | 202), "{status}");
    assert!(took >= Duration::from_millis(60), "a commit is written: {took:?}");
    assert!(late().await > before);
    stage.end(&undo).await;
    let after = late().await;
    stage.well().await;
    assert!((late().await - after).abs() < 0.5, "nothing is late any longer");

    let size = |pod: &str| {
        let entries = std::fs::read_dir(data_folder(stage.lab.folder(), pod)).unwrap();
        entries.map(|one| one.unwrap().metadata().map_or(0, |about| about.len())).sum::<u64>()
    };
    let broken = Fault::IoChaos { io: IoAction::Fault { share: 1.0 } };
    // On a broken disk it is either that fails first: a commit that failed may have cost the file's pages in memory.
    let failing = &["file_reads_failed_total", "file_writes_failed_total"][..];
    let refusing = &["file_writes_refused_total"][..];
    let count = async |names: &[&str]| {
        let mut sum = 0.0;
        for name in names {
            sum += stage.metric(primary, name, "").await;
        }
        sum
    };
    for (key, fault, free, counted) in [
        ("broken", broken, None, failing),
        ("full", Fault::DiskFull { free: 0 }, Some(0), refusing),
        ("filling", Fault::DiskFull { free: 40_000 }, Some(40_000), refusing),
    ] {
        // The room is for a customer's order alone.
        stage.nothing_waits().await;
        let undo = stage.begin(&order(key, fault, &[primary], &[])).await;
        let limit = free.map_or(u64::MAX, |free| size(primary) + free);
        let failed = count(counted).await;
        let taken = stage.orders(primary);
        until("orders wait in the queue because the disk says no", async || {
            assert!(size(primary) <= limit, "{} of {limit}", size(primary));
            stage.checkout().await.0 == 202 && count(counted).await > failed
        })
        .await;
        if key == "filling" {
            assert!(stage.orders(primary) > taken, "as long as there is room");
        } else {
            assert_eq!(stage.orders(primary), taken, "{key}: nothing half-written is there");
        }
        until("reading goes on", async || stage.get("/product/3").await.0 == 200).await;
        let said = stage.end(&undo).await;
        assert!(said.contains("writes again") || said.contains("can be written"), "{said}");
        stage.well().await;
    }

    let stress = Fault::ResourceChaos { stress: Stress::IoStress { workers: 1 } };
    let full = order("full queue", Fault::DiskFull { free: 0 }, &["message-queue-1"], &[]);
    let undo = stage.begin(&full).await;
    let limit = size("message-queue-1");
    until("customers feel nothing of a full queue", async || stage.place(3, 200).await == 3).await;
    assert!(size("message-queue-1") <= limit);
    stage.end(&undo).await;
    let undo = stage.begin(&order("io", stress, &["message-queue-1"], &[])).await;
    assert!(
        data_folder(stage.lab.folder(), "message-queue-1").join("message-queue-1.churn").exists()
    );
    stage.end(&undo).await;

    for table in ["users", "products", "orders", "transactions"] {
        let fault = Fault::DataCorruption { table: table.to_owned(), rows: 3 };
        let undo = stage.begin(&order(table, fault, &[replica], &[])).await;
        let check = stage.lab.compare().await.unwrap();
        let changed = check.tables.iter().map(|one| (one.table.as_str(), one.changed));
        for (name, changed) in changed {
            assert_eq!(changed, if name == table { 3 } else { 0 }, "{table}: {check:?}");
        }
        stage.end(&undo).await;
        assert_eq!(stage.sql(replica, "SELECT count(*) FROM damage"), 0);
    }
    let check = stage.lab.compare().await.unwrap();
    assert_eq!((discrepancies(&check), check.lost), (0, 0), "{check:?}");
    stage.lab.stop().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn memory_is_held_files_are_churned_and_the_cache_forgets() {
    let stage = Stage::start("stress").await;
    let bytes = 200 * 1024 * 1024;
    let resident = |pod: &str| {
        let text =
            std::fs::read_to_string(format!("/proc/{}/status", stage.pid(pod).unwrap())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().strip_suffix("kB").unwrap().trim().parse::<u64>().unwrap() * 1_024
    };
    let stress = Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } };
    let undo = stage.begin(&order("memory", stress, &["web-app-1"], &[])).await;
    assert!(resident("web-app-1") >= bytes);
    assert!(resident("web-app-2") < bytes);
    stage.end(&undo).await;
    assert!(resident("web-app-1") < bytes / 2);

    let written = |pod: &str| {
        let text =
            std::fs::read_to_string(format!("/proc/{}/io", stage.pid(pod).unwrap())).unwrap();
        text.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap().parse::<u64>().unwrap()
    };
    let folder = stage.lab.folder().join("web-app-2.churn");
    let stress = Fault::ResourceChaos { stress: Stress::IoStress { workers: 2 } };
    let before = written("web-app-2");
    let undo = stage.begin(&order("io", stress, &["web-app-2"], &[])).await;
    until("written", async || written("web-app-2") > before + 8 * 1024 * 1024).await;
    assert!(folder.exists());
    assert_eq!(stage.get("/").await.0, 200);
    stage.end(&undo).await;
    assert!(!folder.exists());
    let after = written("web-app-2");
    assert!(written("web-app-2") < after + 1024 * 1024, "nobody writes any more");

    for n in 1..=5 {
        assert_eq!(stage.get(&format!("/product/{n}")).await.0, 200);
    }
    let flush = Fault::CacheFailure { action: CacheAction::Flush };
    let flush = order("flush", flush, &["cache-service-1"], &[]);
    let held = async || stage.metric("cache-service-1", "cache_entries", "").await;
    until("the cache is full", async || held().await >= 1_000.0).await;
    let undo = stage.begin(&flush).await;
    let left = held().await;
    assert!(left < 100.0, "everything is forgotten: {left}");
    assert_eq!(stage.get("/product/1").await.0, 200);
    stage.end(&undo).await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_sit_in_a_pod_is_refused() {
    let stage = Stage::start("refused").await;
    let corrupt = |table: &str, rows| Fault::DataCorruption { table: table.to_owned(), rows };
    let lag = |millis| Fault::ReplicaLag { lag: Span::from_millis(millis) };
    let memory = |bytes| Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } };
    let cases = [
        (corrupt("users", 1), "database-primary", "is no replica"),
        (corrupt("secrets", 1), "database-replica", "users, products, orders, transactions"),
        (corrupt("orders", 3), "database-replica", "no rows yet"),
        (lag(100), "database-primary", "is no replica"),
        (lag(0), "database-replica", "would not be felt"),
        (memory(1 << 40), "web-app-1", "2 GiB"),
        (Fault::DiskFull { free: 0 }, "web-app-1", "has no data"),
        (Fault::IoChaos { io: IoAction::Fault { share: 0.0 } }, "database-primary", "share"),
    ];
    for (fault, victim, expected) in cases {
        let order = order("refused", fault, &[victim], &[]);
        let error = stage.lab.inject(&order).await.unwrap_err().0;
        assert!(error.contains(expected), "{victim}: {error}");
    }
    stage.lab.stop().await;
}
