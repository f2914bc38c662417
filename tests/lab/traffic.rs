//! What customers get, and what the pods say about it.

use std::collections::BTreeSet;

use gameday::gameday::defence::Defences;
use gameday::lab::{topology_plan, traffic};
use gameday::port::target::TargetObserver;

use super::stage::{Stage, ask, database, until};

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_answered_and_every_pod_is_a_process_that_counts() {
    let stage = Stage::start("routes").await;
    assert_eq!(stage.lab.survey().await.unwrap(), topology_plan(), "what is planned is what runs");
    // The lab itself asked for pages before it said that it is ready.
    let before = stage.metric("api-gateway-1", "requests_total", "status=\"200\"").await;
    for route in traffic() {
        let path = route.path.replace("{n}", &route.spread.to_string());
        let url = format!("{}{path}", stage.lab.base_url());
        let order = route.body.map(|body| body.replace("{n}", &route.spread.to_string()));
        let (status, body, _) = ask(&url, order.as_deref()).await;
        assert_eq!(status, 200, "{} {path}: {body}", route.method);
        assert!(!body.is_empty());
    }
    for (path, expected) in
        [("/product/0", 404), ("/product/1001", 404), ("/product/x", 404), ("/nothing", 404)]
    {
        assert_eq!(stage.get(path).await.0, expected, "{path}");
    }
    let pods = stage.lab.pods();
    let pids: BTreeSet<u32> = pods.iter().filter_map(|pod| pod.pid).collect();
    assert_eq!(pids.len(), pods.len(), "one process each");
    assert!(!pids.contains(&std::process::id()));
    for pod in &pods {
        let page = stage.metrics(&pod.pod).await;
        let values = parse(&page);
        assert!(values > 10, "{}: {values} values", pod.pod);
        let base = pod.metrics_url.clone().unwrap();
        let base = base.strip_suffix("/metrics").unwrap();
        assert_eq!(ask(&format!("{base}/healthz"), None).await.0, 200, "{}", pod.pod);
        assert_eq!(ask(&format!("{base}/readyz"), None).await.0, 200, "{}", pod.pod);
    }
    let after = stage.metric("api-gateway-1", "requests_total", "status=\"200\"").await;
    assert_eq!(after - before, 3.0);
    assert_eq!(stage.metric("api-gateway-1", "requests_total", "status=\"404\"").await, 4.0);
    stage.lab.stop().await;
}

/// Checks that the page is Prometheus' text form; the number of values.
fn parse(page: &str) -> usize {
    let mut values = 0;
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value: {line}"));
        let (name, labels) = series.split_once('{').unwrap_or_else(|| panic!("no labels: {line}"));
        let fine = |text: &str| {
            text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !text.starts_with(|c: char| c.is_ascii_digit())
        };
        assert!(fine(name), "{line}");
        for label in labels.strip_suffix('}').unwrap().split(',') {
            let (name, value) = label.split_once('=').unwrap();
            assert!(fine(name) && value.starts_with('"') && value.ends_with('"'), "{line}");
        }
        value.parse::<f64>().unwrap_or_else(|_| panic!("no number: {line}"));
        values += 1;
    }
    for typed in page.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (_, kind) = typed.split_once(' ').unwrap();
        assert!(["counter", "gauge", "histogram"].contains(&kind), "{typed}");
    }
    assert!(page.ends_with("# EOF\n"));
    values
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_order_is_in_the_primarys_file_and_arrives_in_the_replicas() {
    let stage = Stage::start("orders").await;
    for order in 1..=3 {
        let (status, body, _) = stage.checkout().await;
        assert_eq!((status, body), (200, format!("{{\"order\":{order}}}")));
    }
    let url = format!("{}/checkout", stage.lab.base_url());
    let wrong = r#"{"user":999,"product":5,"quantity":2}"#;
    assert_eq!(ask(&url, Some(wrong)).await.0, 422, "an order of nobody is refused");
    assert_eq!(ask(&url, Some("what?")).await.0, 400);

    let read = |file: &str| {
        let (open, _copy) = database(stage.lab.folder(), file);
        let sql = "SELECT (SELECT count(*) FROM orders WHERE user_id = 3 AND product_id = 5 AND quantity = 2),
            (SELECT count(*) FROM transactions), (SELECT orders FROM users WHERE id = 3)";
        let counts: rusqlite::Result<(i64, i64, i64)> =
            open.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        counts.unwrap()
    };
    assert_eq!(read("database-primary"), (3, 3, 3), "durable before the customer hears of it");
    until("the replica has them", async || read("database-replica") == (3, 3, 3)).await;
    until("no lag is left", async || {
        stage.metric("database-primary", "replication_lag_commits", "").await == 0.0
    })
    .await;
    stage.lab.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_from_the_cache_and_the_cache_from_the_database() {
    let stage = Stage::start("cache").await;
    for _ in 0..20 {
        assert_eq!(stage.get("/product/9").await.0, 200);
    }
    assert!(stage.metric("cache-service-1", "cache_hits_total", "").await >= 15.0);
    assert!(stage.metric("database-primary", "statement_seconds_count", "").await >= 1.0);
    until("soon the cache holds every page", async || {
        stage.metric("cache-service-1", "cache_entries", "").await == 1_001.0
    })
    .await;
    stage.lab.stop().await;

    let stage = Stage::with("cold", Defences::fragile()).await;
    let before = stage.metric("cache-service-1", "cache_entries", "").await;
    assert!(before < 10.0, "only what the lab asked for before it was ready: {before}");
    for _ in 0..20 {
        assert_eq!(stage.get("/product/9").await.0, 200);
    }
    assert!(stage.metric("cache-service-1", "cache_hits_total", "").await >= 15.0);
    assert!(stage.metric("cache-service-1", "cache_misses_total", "").await >= 1.0);
    assert_eq!(
        stage.metric("cache-service-1", "cache_entries", "").await - before,
        1.0,
        "what nobody asked for is not there"
    );
    stage.lab.stop().await;
}
