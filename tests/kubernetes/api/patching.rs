//! Patches in their four forms, and the scale.

use serde_json::{Value, json};

use super::ask::{Ask, config, deployment};

#[tokio::test]
async fn operations_are_done_all_or_none() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let good = json!([
        {"op": "test", "path": "/data/a", "value": "x"},
        {"op": "replace", "path": "/data/a", "value": "y"},
        {"op": "add", "path": "/metadata/labels", "value": {"k": "v"}},
    ]);
    let told = ask.patch("json", &path, &good).await.is(200);
    assert_eq!(told.body["data"]["a"], "y");
    assert_eq!(told.body["metadata"]["labels"]["k"], "v");
    let failing = json!([
        {"op": "replace", "path": "/data/a", "value": "z"},
        {"op": "test", "path": "/metadata/uid", "value": "another"},
    ]);
    ask.patch("json", &path, &failing).await.refused(422, "Invalid");
    let missing = json!([{"op": "remove", "path": "/data/nothing"}]);
    ask.patch("json", &path, &missing).await.refused(422, "Invalid");
    ask.patch("json", &path, &json!({"op": "remove"})).await.refused(400, "BadRequest");
    let same = json!([{"op": "test", "path": "/metadata/uid", "value": made.uid()}]);
    let told = ask.patch("json", &path, &same).await.is(200);
    assert_eq!(told.body["data"]["a"], "y");
    ask.patch("json", &ask.at("configmaps/none"), &good).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn a_merge_takes_nulls_away_and_lists_whole() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let patch = json!({"data": {"a": null, "b": "y"}, "metadata": {"finalizers": ["gd.test/one"]}});
    let told = ask.patch("merge", &path, &patch).await.is(200);
    assert_eq!(told.body["data"], json!({"b": "y"}));
    let patch = json!({"metadata": {"finalizers": null}});
    let told = ask.patch("merge", &path, &patch).await.is(200);
    assert_eq!(told.body["metadata"]["finalizers"], Value::Null);
    let stale = json!({"metadata": {"resourceVersion": made.version()}, "data": {"b": "z"}});
    ask.patch("merge", &path, &stale).await.refused(409, "Conflict");
    ask.close().await;
}

#[tokio::test]
async fn a_strategic_merge_goes_by_keys() {
    let ask = Ask::new().await;
    let path = ask.of("apps/v1", "deployments/web");
    ask.post(&ask.of("apps/v1", "deployments"), &deployment("web")).await.is(201);
    let patch = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "env": [{"name": "B", "value": "c"}, {"name": "A", "$patch": "delete"}, {"name": "C", "value": "d"}]},
    ]}}}});
    let told = ask.patch("strategic", &path, &patch).await.is(200);
    let containers = told.body["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 2);
    let env: Vec<(&str, &str)> = containers[0]["env"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["value"].as_str().unwrap()))
        .collect();
    assert_eq!(env.iter().find(|(name, _)| *name == "B"), Some(&("B", "c")));
    assert_eq!(env.iter().find(|(name, _)| *name == "C"), Some(&("C", "d")));
    assert_eq!(env.len(), 2);
    // A plain merge takes the list whole, and what is then missing is refused.
    ask.patch("merge", &path, &patch).await.refused(422, "Invalid");
    ask.close().await;
}

fn applied(data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": data})
}

#[tokio::test]
async fn apply_creates_merges_and_takes_back() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one?fieldManager=us");
    let made = ask.patch("apply", &path, &applied(&json!({"a": "x", "b": "x"}))).await.is(201);
    let entry = &made.body["metadata"]["managedFields"][0];
    assert_eq!(entry["manager"], "us");
    assert_eq!(entry["operation"], "Apply");
    assert_eq!(entry["fieldsV1"]["f:data"]["f:a"], json!({}));
    let other = json!({"data": {"c": "theirs"}});
    let theirs = ask.at("configmaps/one?fieldManager=they");
    ask.patch("merge", &theirs, &other).await.is(200);
    // What is applied no longer goes; what others made stays.
    let told = ask.patch("apply", &path, &applied(&json!({"a": "y"}))).await.is(200);
    assert_eq!(told.body["data"], json!({"a": "y", "c": "theirs"}));
    let again = ask.patch("apply", &path, &applied(&json!({"a": "y"}))).await.is(200);
    assert_eq!(again.version(), told.version());
    ask.close().await;
}

#[tokio::test]
async fn apply_does_not_take_what_others_hold_but_by_force() {
    let ask = Ask::new().await;
    let us = ask.at("configmaps/one?fieldManager=us");
    let they = ask.at("configmaps/one?fieldManager=they");
    ask.patch("apply", &they, &applied(&json!({"a": "theirs"}))).await.is(201);
    let ours = applied(&json!({"a": "ours"}));
    let told = ask.patch("apply", &us, &ours).await.refused(409, "Conflict");
    let told = told.says("Apply failed with 1 conflict: conflict with \"they\"");
    let cause = &told.body["details"]["causes"][0];
    assert_eq!(cause["reason"], "FieldManagerConflict");
    assert_eq!(cause["field"], ".data.a");
    // The same value may be held by both.
    ask.patch("apply", &us, &applied(&json!({"a": "theirs"}))).await.is(200);
    let told = ask.patch("apply", &format!("{us}&force=true"), &ours).await.is(200);
    assert_eq!(told.body["data"]["a"], "ours");
    ask.patch("apply", &they, &applied(&json!({"a": "theirs"}))).await.refused(409, "Conflict");
    ask.close().await;
}

#[tokio::test]
async fn apply_is_checked() {
    let ask = Ask::new().await;
    let nobody = ask.at("configmaps/one");
    let told = ask.patch("apply", &nobody, &applied(&json!({"a": "x"}))).await;
    told.refused(422, "Invalid").says("fieldManager");
    let path = ask.at("configmaps/one?fieldManager=us&dryRun=All");
    let mut wrong = applied(&json!({"a": "x"}));
    wrong["nonsense"] = json!(1);
    let told = ask.patch("apply", &path, &wrong).await;
    assert!(told.code >= 400, "{:#}", told.body);
    told.says("field not declared in schema");
    ask.patch("apply", &path, &applied(&json!({"a": "x"}))).await.is(201);
    ask.get(&nobody).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn the_scale_is_a_door_to_the_replicas() {
    let ask = Ask::new().await;
    let path = ask.of("apps/v1", "deployments/web/scale");
    let mut web = deployment("web");
    web["spec"]["paused"] = json!(true);
    ask.post(&ask.of("apps/v1", "deployments"), &web).await.is(201);
    let scale = ask.get(&path).await.is(200);
    assert_eq!(scale.body["kind"], "Scale");
    assert_eq!(scale.body["apiVersion"], "autoscaling/v1");
    assert_eq!(scale.body["status"]["selector"], "app=web");
    let told = ask.patch("merge", &path, &json!({"spec": {"replicas": 0}})).await.is(200);
    assert!(told.body["spec"]["replicas"].as_i64().unwrap_or_default() == 0);
    let told = ask.patch("merge", &path, &json!({"spec": {"replicas": -1}})).await;
    told.refused(422, "Invalid");
    let dry = format!("{path}?dryRun=All");
    let mut wanted = scale.body.clone();
    wanted["metadata"]["resourceVersion"] = Value::Null;
    wanted["spec"]["replicas"] = json!(3);
    ask.put(&dry, &wanted).await.is(200);
    let web = ask.get(&ask.of("apps/v1", "deployments/web")).await.is(200);
    assert_eq!(web.body["spec"]["replicas"], 0);
    ask.close().await;
}
