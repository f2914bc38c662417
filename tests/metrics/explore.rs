//! Looking at what metrics a server has: few questions, and whatever cannot be said is done without.

use std::collections::BTreeSet;

use gameday::gameday::span::Span;
use gameday::metrics::answer::Bounds;
use gameday::metrics::explore::{Explored, explore};
use gameday::metrics::offer::offers;
use gameday::metrics::prometheus::Prometheus;
use gameday::port::trouble::Trouble;

use super::client::access;
use super::fake::{Answer, Fake, Seen, fake, json};
use super::offers::{catalogue, lists, series};

const NOW: i64 = 1_795_932_545_000;

fn success(data: &serde_json::Value) -> Answer {
    json(200, &serde_json::json!({ "status": "success", "data": data }).to_string())
}

/// What a server with a list of metrics says.
fn says(text: &str, seen: &Seen) -> Answer {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let all: Vec<_> = lines.map(series).collect();
    let selector = seen.value("match[]").unwrap_or_default();
    let fits = all.iter().filter(|(name, _)| selector == format!("{{__name__=\"{name}\"}}"));
    let labels = |labels: &gameday::exercise::found::Labels| {
        let pairs = labels.iter().map(|(name, value)| (name.to_owned(), value.into()));
        serde_json::Value::Object(pairs.collect())
    };
    match seen.path.as_str() {
        "/api/v1/label/__name__/values" => {
            let names: BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
            success(&serde_json::json!(names))
        }
        "/api/v1/series" => {
            let limit = seen.value("limit").unwrap().parse().unwrap();
            success(&fits.take(limit).map(|(_, one)| labels(one)).collect())
        }
        "/api/v1/labels" => {
            let names: BTreeSet<String> =
                fits.flat_map(|(_, one)| one.iter().map(|(name, _)| name.to_owned())).collect();
            success(&serde_json::json!(names))
        }
        "/api/v1/metadata" => {
            let metric = seen.value("metric").unwrap();
            let line = format!("# TYPE {metric} ");
            let kind = text.lines().find_map(|one| one.strip_prefix(&line));
            success(&match kind {
                Some(kind) => serde_json::json!({ metric: [{ "type": kind }] }),
                None => serde_json::json!({}),
            })
        }
        "/api/v1/query" => {
            assert_eq!(seen.value("query"), Some("up[1m]"));
            let at = |n: i64| serde_json::json!([(NOW / 1_000 - 15 * n) as f64, "1"]);
            success(&serde_json::json!({ "resultType": "matrix", "result": [
                { "metric": { "job": "a" }, "values": [at(3), at(2), at(1), at(0)] },
            ]}))
        }
        other => panic!("{other} was asked"),
    }
}

async fn looked_at(server: &Fake, bounds: Bounds) -> Explored {
    let mut access = access(server);
    access.bounds = bounds;
    explore(&Prometheus::new(&access).unwrap(), NOW).await.unwrap()
}

#[tokio::test]
async fn what_is_seen_gives_what_the_list_gives() {
    for (path, text) in lists() {
        if text.contains("# UNKNOWN LABELS") {
            continue;
        }
        let kept = text.clone();
        let server = fake(move |seen| says(&kept, seen)).await;
        let seen = looked_at(&server, Bounds::default()).await;
        assert_eq!((seen.interval, seen.more), (Some(Span::from_secs(15)), false));
        assert_eq!(seen.lacking, []);
        let window = Span::from_secs(60);
        let (ours, wanted) =
            (offers(&seen.catalogue, window, &[]), offers(&catalogue(&text), window, &[]));
        assert!(ours == wanted, "{}: {ours:#?}\n{wanted:#?}", path.display());
        let asked = server.seen();
        assert!(asked.len() < 30, "{}: {} questions", path.display(), asked.len());
        let since = asked[0].value("start");
        assert_eq!(since, Some("1795932245.000"), "only what was there in the last five minutes");
    }
}

fn of(name: &str) -> String {
    lists().into_iter().find(|(path, _)| path.ends_with(name)).unwrap().1
}

#[tokio::test]
async fn a_server_that_knows_no_bound_is_asked_for_the_names_of_labels_alone() {
    let text = of("client-library.prom");
    let flood = format!("{{\"status\":\"success\",\"data\":[{}]}}", "{\"a\":\"b\"},".repeat(9_000));
    let server = fake(move |seen| match seen.path.as_str() {
        "/api/v1/series" => json(200, &flood),
        _ => says(&text, seen),
    })
    .await;
    let seen = looked_at(&server, Bounds { bytes: 50_000, ..Bounds::default() }).await;
    assert_eq!(seen.lacking, []);
    assert_eq!(seen.catalogue.has_label("http_requests_total", "code"), Some(true));
    assert_eq!(offers(&seen.catalogue, Span::from_secs(60), &[]).len(), 5);
}

#[tokio::test]
async fn where_there_is_trouble_no_more_is_asked_and_what_is_usual_is_taken() {
    let text = of("client-library.prom");
    let server = fake(move |seen| match seen.path.as_str() {
        "/api/v1/label/__name__/values" => says(&text, seen),
        _ => json(500, "no"),
    })
    .await;
    let seen = looked_at(&server, Bounds::default()).await;
    let trouble = Trouble::Status { code: 500, body: "no".to_owned() };
    assert_eq!(seen.lacking.iter().map(|one| &one.trouble).collect::<Vec<_>>(), [&trouble]);
    assert_eq!(server.seen().len(), 2);
    assert_eq!(seen.interval, None);
    assert_eq!(offers(&seen.catalogue, Span::from_secs(60), &[]).len(), 5);
    let dead = fake(|_| json(500, "no")).await;
    let error = explore(&Prometheus::new(&access(&dead)).unwrap(), NOW).await.unwrap_err();
    assert_eq!(error.trouble, trouble);
}
