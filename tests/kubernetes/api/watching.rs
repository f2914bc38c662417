//! Watches.

use std::time::Duration;

use futures::{AsyncBufReadExt, StreamExt};
use serde_json::{Value, json};

use super::ask::{Ask, config};

type Events = futures::stream::BoxStream<'static, Value>;

async fn watch(ask: &Ask, rest: &str) -> Events {
    let path = ask.at(&format!("configmaps?watch=true{rest}"));
    let request = http::Request::get(path).body(Vec::new()).unwrap();
    let lines = ask.client.request_stream(request).await.unwrap().lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).boxed()
}

async fn next(events: &mut Events) -> Value {
    tokio::time::timeout(Duration::from_secs(30), events.next()).await.unwrap().unwrap()
}

fn told(event: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&event["type"]), text(&event["object"]["metadata"]["name"]))
}

fn is(event: &Value, kind: &str, name: &str) {
    assert_eq!(told(event), (kind.to_owned(), name.to_owned()), "{event:#}");
}

#[tokio::test]
async fn a_watch_tells_what_happens_from_where_it_begins() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    ask.patch("merge", &path, &json!({"data": {"a": "y"}})).await.is(200);
    let mut events = watch(&ask, &format!("&resourceVersion={}", made.version())).await;
    let event = next(&mut events).await;
    is(&event, "MODIFIED", "one");
    assert_eq!(event["object"]["data"]["a"], "y");
    ask.post(&ask.at("configmaps"), &config("two", "x")).await.is(201);
    is(&next(&mut events).await, "ADDED", "two");
    ask.delete(&path).await.is(200);
    let event = next(&mut events).await;
    is(&event, "DELETED", "one");
    assert_ne!(event["object"]["metadata"]["resourceVersion"], made.version());
    ask.close().await;
}

#[tokio::test]
async fn a_watch_from_nowhere_begins_with_what_is_there() {
    let ask = Ask::new().await;
    ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let selected = "&fieldSelector=metadata.name%3Done";
    is(&next(&mut watch(&ask, selected).await).await, "ADDED", "one");
    let zero = format!("{selected}&resourceVersion=0");
    is(&next(&mut watch(&ask, &zero).await).await, "ADDED", "one");
    ask.close().await;
}

#[tokio::test]
async fn what_leaves_the_selection_is_gone_for_the_watch() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let rest = format!("&labelSelector=app%3Da&resourceVersion={}", made.version());
    let mut events = watch(&ask, &rest).await;
    let label = |value: &str| json!({"metadata": {"labels": {"app": value}}});
    ask.patch("merge", &path, &label("a")).await.is(200);
    is(&next(&mut events).await, "ADDED", "one");
    ask.patch("merge", &path, &label("b")).await.is(200);
    is(&next(&mut events).await, "DELETED", "one");
    ask.close().await;
}

#[tokio::test]
async fn a_watch_ends_when_its_time_is_over() {
    let ask = Ask::new().await;
    let mut events = watch(&ask, "&timeoutSeconds=5&fieldSelector=metadata.name%3Dnone").await;
    let ended = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
    assert_eq!(ended.unwrap(), None);
    ask.close().await;
}

#[tokio::test]
async fn bookmarks_carry_only_a_version() {
    let ask = Ask::new().await;
    if ask.fake("a bookmark that comes soon").is_none() {
        return ask.close().await;
    }
    let mut events =
        watch(&ask, "&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dnone").await;
    let event = next(&mut events).await;
    assert_eq!(event["type"], "BOOKMARK");
    assert_eq!(event["object"]["kind"], "ConfigMap");
    assert!(event["object"]["metadata"]["resourceVersion"].is_string());
    assert_eq!(event["object"]["data"], Value::Null);
    ask.close().await;
}

#[tokio::test]
async fn a_watch_from_a_forgotten_version_is_told_so() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a server that forgets when told") else {
        return ask.close().await;
    };
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let mut open = watch(&ask, &format!("&resourceVersion={}", made.version())).await;
    let first = ask.get(&ask.at("configmaps?limit=1")).await.is(200);
    ask.post(&ask.at("configmaps"), &config("two", "x")).await.is(201);
    is(&next(&mut open).await, "ADDED", "two");
    server.compact();
    let mut late = watch(&ask, &format!("&resourceVersion={}", made.version())).await;
    for events in [&mut open, &mut late] {
        let event = next(events).await;
        assert_eq!(event["type"], "ERROR");
        assert_eq!(event["object"]["kind"], "Status");
        assert_eq!(event["object"]["code"], 410);
        assert_eq!(event["object"]["reason"], "Expired");
        assert_eq!(events.next().await, None);
    }
    assert_eq!(first.body["metadata"]["continue"], Value::Null);
    server.expire_by_status(true);
    let path = ask.at(&format!("configmaps?watch=true&resourceVersion={}", made.version()));
    ask.get(&path).await.refused(410, "Expired").says("too old resource version");
    ask.post(&ask.at("configmaps"), &config("three", "x")).await.is(201);
    let first = ask.get(&ask.at("configmaps?limit=1")).await.is(200);
    server.compact();
    let more = first.body["metadata"]["continue"].as_str().unwrap();
    let more = percent_encoding::utf8_percent_encode(more, percent_encoding::NON_ALPHANUMERIC);
    let path = ask.at(&format!("configmaps?limit=1&continue={more}"));
    ask.get(&path).await.refused(410, "Expired");
    ask.close().await;
}

#[tokio::test]
async fn watches_are_dropped_and_lists_streamed() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a server that drops watches when told") else {
        return ask.close().await;
    };
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let mut events = watch(&ask, &format!("&resourceVersion={}", made.version())).await;
    server.drop_watches();
    assert_eq!(events.next().await, None);
    let streamed =
        "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let path = ask.at(&format!("configmaps?watch=true{streamed}"));
    ask.get(&path).await.refused(422, "Invalid").says("sendInitialEvents is forbidden");
    server.streaming_lists(true);
    let mut events = watch(&ask, streamed).await;
    is(&next(&mut events).await, "ADDED", "one");
    let end = next(&mut events).await;
    assert_eq!(end["type"], "BOOKMARK");
    assert_eq!(end["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    ask.close().await;
}
