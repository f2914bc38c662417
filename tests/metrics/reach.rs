//! How far back a server knows a service: as it says itself, else by the oldest data that it finds; what nobody knows is not said.

use gameday::exercise::watch::Short;
use gameday::gameday::service::{Service, Share};
use gameday::gameday::span::Span;
use gameday::metrics::prometheus::Prometheus;
use gameday::metrics::reach::short;

use super::client::access;
use super::fake::{Answer, fake, json};

const NOW: i64 = 1_800_000_000_000;
const DAY: u64 = 86_400;

fn days(count: u64) -> Span {
    Span::from_secs(count * DAY)
}

fn service() -> Service {
    Service {
        name: "shop".to_owned(),
        title: "Shop".to_owned(),
        objective: 0.99,
        period: days(30),
        share: Share::Ratio("bad[{window}]".to_owned()),
    }
}

/// A value each look from so many days ago on; before it there is none, or it is no number.
fn series(ago: u64, before: &str) -> Answer {
    let step = 30 * DAY / 100;
    let at = |nth: u64| NOW as u64 / 1_000 - 30 * DAY + nth * step;
    let known = |nth: &u64| at(*nth) + ago * DAY >= NOW as u64 / 1_000;
    let values = (0..=100).filter(|nth| known(nth) || !before.is_empty());
    let value = |nth: u64| if known(&nth) { "0.001".to_owned() } else { before.to_owned() };
    let values: Vec<String> =
        values.map(|nth| format!("[{},\"{}\"]", at(nth), value(nth))).collect();
    let result = format!(r#"[{{"metric":{{}},"values":[{}]}}]"#, values.join(","));
    json(
        200,
        &format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}"#),
    )
}

async fn told(runtime: &'static str, ago: u64, before: &'static str) -> (Vec<Short>, usize) {
    let server = fake(move |seen| match seen.path.as_str() {
        "/api/v1/status/runtimeinfo" if runtime.is_empty() => json(404, "no"),
        "/api/v1/status/runtimeinfo" => json(
            200,
            &format!(r#"{{"status":"success","data":{{"storageRetention":"{runtime}","x":1}}}}"#),
        ),
        "/api/v1/query_range" if ago == 0 => {
            json(200, r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#)
        }
        "/api/v1/query_range" => series(ago, before),
        other => panic!("{other} was asked"),
    })
    .await;
    let prometheus = Prometheus::new(&access(&server)).unwrap();
    let found = short(&prometheus, &[service()], NOW).await;
    (found, server.seen().len())
}

#[tokio::test]
async fn what_a_server_keeps_is_taken_as_it_says() {
    for (runtime, kept) in [("15d", 15), ("2w or 10GiB", 14), ("10GiB or 7d", 7)] {
        let (found, asked) = told(runtime, 60, "").await;
        assert_eq!(found, [Short { service: 0, keeps: Some(days(kept)), since: None }]);
        assert_eq!(asked, 1, "nothing more needs to be asked");
    }
    for runtime in ["30d", "1y", "10GiB", "0s", "for ever", ""] {
        assert_eq!(told(runtime, 60, "").await.0, [], "{runtime}");
    }
}

#[tokio::test]
async fn who_does_not_say_it_is_known_by_the_oldest_data() {
    for (runtime, before) in [("", ""), ("", "NaN"), ("90d", ""), ("50GB", "NaN")] {
        let (found, _) = told(runtime, 3, before).await;
        let since = found[0].since.unwrap();
        let age = (NOW - since) as u64 / 1_000;
        assert!((2 * DAY..=3 * DAY).contains(&age), "{age}");
        let words = found[0].said(days(30), NOW).unwrap().to_string();
        assert!(
            ["2d", "3d"].iter().any(|age| words.starts_with(&format!("nothing older than {age}")))
                && words.ends_with("is known"),
            "{words}"
        );
        // While it is watched it grows, until there is nothing to be said.
        assert!(found[0].said(days(30), NOW + 28 * DAY as i64 * 1_000).is_none());
    }
    // Where nothing is known, that is told elsewhere.
    assert_eq!(told("", 0, "").await.0, []);
}
