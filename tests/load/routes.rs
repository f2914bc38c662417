//! Which requests arrive, and where none may go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use gameday::gameday::plan::Route;
use gameday::port::load::LoadError;
use http_body_util::BodyExt as _;

use super::rig::{Run, assert_complete, order, route, server, sum, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn routes_arrive_by_weight_with_all_they_carry() {
    let seen = Arc::new(Mutex::new(HashMap::<String, u64>::new()));
    let notes = Arc::clone(&seen);
    let address = server(move |request| {
        let notes = Arc::clone(&notes);
        async move {
            let header = |name: &str| {
                request.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
            };
            let what = format!(
                "{} {} host={} team={}",
                request.method(),
                request.uri(),
                header("host"),
                header("x-team")
            );
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let what = format!("{what} body={}", String::from_utf8_lossy(&body));
            *notes.lock().unwrap().entry(what).or_default() += 1;
            text(200, "ok")
        }
    })
    .await;
    let mut order = order(address);
    order.base_url.push_str("/v1/");
    let buy = Route {
        method: "POST".to_owned(),
        headers: vec![("X-Team".to_owned(), "sre".to_owned())],
        body: Some("{\"n\":1}".to_owned()),
        ..route("/buy", 1, 1)
    };
    order.traffic.routes = vec![route("/item/{n}?q={n}", 3, 2), buy];
    let mut run = Run::at(order, 2_000.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    let seen = seen.lock().unwrap();
    let total = sum(&samples, |sample| sample.ok) as f64;
    let expected = [
        (format!("GET /v1/item/1?q=1 host={address} team= body="), 0.375),
        (format!("GET /v1/item/2?q=2 host={address} team= body="), 0.375),
        (format!("POST /v1/buy host={address} team=sre body={{\"n\":1}}"), 0.25),
    ];
    assert_eq!(seen.len(), expected.len(), "{seen:?}");
    for (what, share) in expected {
        let got = seen[&what] as f64 / total;
        assert!((got - share).abs() < 0.05, "{what}: {got}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_host_that_is_not_named_gets_nothing() {
    let address = server(|_| async { text(200, "ok") }).await;
    for allowed in [vec![], vec!["localhost".to_owned()], vec!["127.0.0.1:1".to_owned()]] {
        let mut order = order(address);
        order.allowed_hosts = allowed;
        let refused = Run::start(order).err().unwrap();
        assert!(matches!(refused, LoadError::HostNotAllowed { .. }), "{refused}");
    }
    let mut order = order(address);
    order.traffic.routes.clear();
    assert!(matches!(Run::start(order), Err(LoadError::Invalid(_))));
}
