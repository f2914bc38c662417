//! What goes wrong on demand: only the server in this process does that.

use std::time::{Duration, Instant};

use kube::client::Body;
use serde_json::json;

use super::ask::{Ask, config};
use crate::fake::{Fault, How};

async fn breaks(ask: &Ask, path: &str, body: &serde_json::Value) -> bool {
    let request = http::Request::post(path).header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string().into_bytes())).unwrap();
    ask.client.send(request).await.is_err()
}

#[tokio::test]
async fn answers_go_wrong_as_often_as_wanted() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a fault on demand") else {
        return ask.close().await;
    };
    let path = ask.at("limitranges");
    server.fault(Fault::new(How::TooMany(7)).verb("list").resource("limitranges").next(2));
    for _ in 0..2 {
        let told = ask.get(&path).await.refused(429, "TooManyRequests");
        assert_eq!(told.retry_after.as_deref(), Some("7"));
        assert_eq!(told.body["details"]["retryAfterSeconds"], 7);
    }
    ask.get(&path).await.is(200);
    server.fault(Fault::new(How::Error).resource("limitranges").one_of(2));
    ask.get(&path).await.refused(500, "InternalError");
    ask.get(&path).await.is(200);
    ask.get(&path).await.refused(500, "InternalError");
    server.heal();
    server.fault(Fault::new(How::Unavailable).resource("limitranges").next(1));
    ask.get(&path).await.refused(503, "ServiceUnavailable");
    server.fault(Fault::new(How::Slow(Duration::from_millis(200))).resource("limitranges").next(1));
    let began = Instant::now();
    ask.get(&path).await.is(200);
    assert!(began.elapsed() >= Duration::from_millis(200));
    ask.close().await;
}

#[tokio::test]
async fn a_cut_connection_leaves_open_whether_it_was_done() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a connection that is cut") else {
        return ask.close().await;
    };
    let path = ask.at("configmaps");
    server.fault(Fault::new(How::Reset).verb("create").resource("configmaps").next(1));
    assert!(breaks(&ask, &path, &config("one", "x")).await);
    ask.get(&ask.at("configmaps/one")).await.refused(404, "NotFound");
    server.fault(Fault::new(How::LostAnswer).verb("create").resource("configmaps").next(1));
    assert!(breaks(&ask, &path, &config("one", "x")).await);
    ask.get(&ask.at("configmaps/one")).await.is(200);
    ask.close().await;
}

#[tokio::test]
async fn a_restart_keeps_what_is_stored_and_the_port() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a server that restarts when told") else {
        return ask.close().await;
    };
    let url = server.url();
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    server.stop().await;
    let request = http::Request::get("/version").body(Body::empty()).unwrap();
    assert!(ask.client.send(request).await.is_err());
    server.resume().await;
    assert_eq!(server.url(), url);
    assert_eq!(ask.get(&ask.at("configmaps/one")).await.is(200).body, made.body);
    ask.close().await;
}

#[tokio::test]
async fn webhooks_refuse_change_and_break() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("a webhook of a test") else {
        return ask.close().await;
    };
    let path = ask.at("configmaps");
    server.refuse("ConfigMap", "not today");
    let told = ask.post(&format!("{path}?dryRun=All"), &config("one", "x")).await;
    told.refused(403, "Forbidden").says("admission webhook").says("denied the request: not today");
    server.allow("ConfigMap");
    server.hook(|operation, object| {
        if object["kind"] == "ConfigMap" && operation == "CREATE" {
            object["data"]["b"] = json!("by the hook");
        }
        Ok(())
    });
    let made = ask.post(&path, &config("one", "x")).await.is(201);
    assert_eq!(made.body["data"]["b"], "by the hook");
    server.break_webhooks("", true);
    let told = ask.post(&path, &config("two", "x")).await.refused(500, "InternalError");
    told.says("failed calling webhook");
    ask.delete(&format!("{path}/one")).await.is(200);
    server.break_webhooks("", false);
    ask.close().await;
}

#[tokio::test]
async fn a_token_that_nobody_has_is_nobodys() {
    let ask = Ask::new().await;
    let Some(server) = ask.fake("tokens of our own") else {
        return ask.close().await;
    };
    let told = async |token: String| {
        let kubeconfig = server.kubeconfig_for(&token, &server.url(), "default");
        let kubeconfig = kube::config::Kubeconfig::from_yaml(&kubeconfig).unwrap();
        let config =
            kube::Config::from_custom_kubeconfig(kubeconfig, &Default::default()).await.unwrap();
        let client = kube::Client::try_from(config).unwrap();
        let request = http::Request::get("/api/v1/namespaces").body(Body::empty()).unwrap();
        client.send(request).await.unwrap().status().as_u16()
    };
    assert_eq!(told("nonsense".to_owned()).await, 401);
    let token = server.user("gd-x", &[]);
    assert_eq!(told(token.clone()).await, 403);
    server.revoke(&token);
    assert_eq!(told(token).await, 401);
    ask.close().await;
}
