//! Creating and replacing.

use http::Method;
use serde_json::{Value, json};

use super::ask::{Ask, config, deployment, pod};

#[tokio::test]
async fn a_new_object_gets_what_only_the_server_gives() {
    let ask = Ask::new().await;
    let mut wanted = config("one", "x");
    wanted["metadata"]["uid"] = json!("mine");
    wanted["metadata"]["creationTimestamp"] = json!("2001-01-01T00:00:00Z");
    let made = ask.post(&ask.at("configmaps"), &wanted).await.is(201);
    assert_eq!(made.body["apiVersion"], "v1");
    assert_eq!(made.body["kind"], "ConfigMap");
    assert_eq!(made.body["metadata"]["namespace"], ask.namespace.as_str());
    assert_eq!(made.uid().len(), 36);
    assert!(!made.body["metadata"]["creationTimestamp"].as_str().unwrap().starts_with("2001"));
    let got = ask.get(&ask.at("configmaps/one")).await.is(200);
    assert_eq!(got.body, made.body);
    ask.close().await;
}

#[tokio::test]
async fn what_is_there_is_not_created_again() {
    let ask = Ask::new().await;
    ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let told = ask.post(&ask.at("configmaps"), &config("one", "y")).await;
    let told = told.refused(409, "AlreadyExists").says("configmaps \"one\" already exists");
    assert_eq!(told.body["details"], json!({"name": "one", "kind": "configmaps"}));
    let told = ask.get(&ask.at("configmaps/two")).await.refused(404, "NotFound");
    told.says("configmaps \"two\" not found");
    let told = ask.get(&ask.of("apps/v1", "deployments/two")).await.refused(404, "NotFound");
    let told = told.says("deployments.apps \"two\" not found");
    assert_eq!(
        told.body["details"],
        json!({"name": "two", "group": "apps", "kind": "deployments"})
    );
    ask.close().await;
}

#[tokio::test]
async fn names_are_asked_for_made_and_checked() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps");
    ask.post(&path, &json!({"metadata": {}})).await.refused(422, "Invalid").says("Required value");
    let told = ask.post(&path, &config("No_Good", "x")).await.refused(422, "Invalid");
    assert_eq!(told.body["details"]["causes"][0]["field"], "metadata.name");
    let made = ask.post(&path, &json!({"metadata": {"generateName": "gen-"}})).await.is(201);
    let name = made.body["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("gen-") && name.len() == 9, "{name}");
    let mut wrong = config("one", "x");
    wrong["metadata"]["labels"] = json!({"a": "no blanks"});
    ask.post(&path, &wrong).await.refused(422, "Invalid").says("metadata.labels");
    let mut elsewhere = config("one", "x");
    elsewhere["metadata"]["namespace"] = json!("elsewhere");
    let told = ask.post(&path, &elsewhere).await.refused(400, "BadRequest");
    told.says("the namespace of the provided object does not match");
    ask.close().await;
}

#[tokio::test]
async fn what_does_not_fit_the_path_is_refused() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps");
    let mut secret = config("one", "x");
    secret["kind"] = json!("Secret");
    secret["apiVersion"] = json!("v1");
    ask.post(&path, &secret).await.refused(400, "BadRequest");
    ask.send(Method::POST, &path, "text/html", "<p>".to_owned())
        .await
        .refused(415, "UnsupportedMediaType");
    ask.put(&path, &config("one", "x")).await.refused(405, "MethodNotAllowed");
    ask.get(&ask.at("nonsense"))
        .await
        .refused(404, "NotFound")
        .says("could not find the requested");
    ask.get("/apis/no.such.group/v1/things").await.is(404);
    ask.post("/api/v1/namespaces/gd-no-such-namespace/configmaps", &config("one", "x"))
        .await
        .refused(404, "NotFound")
        .says("namespaces \"gd-no-such-namespace\" not found");
    ask.close().await;
}

#[tokio::test]
async fn who_replaces_from_an_old_state_is_told_so() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let mut next = made.body.clone();
    next["data"]["a"] = json!("y");
    let replaced = ask.put(&path, &next).await.is(200);
    assert_ne!(replaced.version(), made.version());
    next["data"]["a"] = json!("z");
    let told = ask.put(&path, &next).await.refused(409, "Conflict");
    told.says("Operation cannot be fulfilled on configmaps \"one\": the object has been modified");
    // Who does not say from which state, replaces whatever is there; but not another object.
    ask.put(&path, &config("one", "z")).await.is(200);
    let mut other = config("one", "z");
    other["metadata"]["uid"] = json!("11111111-1111-4111-a111-111111111111");
    ask.put(&path, &other).await.refused(409, "Conflict");
    ask.put(&path, &config("two", "z")).await.refused(400, "BadRequest");
    ask.close().await;
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_new_version() {
    let ask = Ask::new().await;
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let again = ask.put(&ask.at("configmaps/one"), &made.body).await.is(200);
    assert_eq!(again.version(), made.version());
    let patch = json!({"data": {"a": "x"}});
    let again = ask.patch("merge", &ask.at("configmaps/one"), &patch).await.is(200);
    assert_eq!(again.version(), made.version());
    ask.close().await;
}

#[tokio::test]
async fn a_dry_run_checks_everything_and_stores_nothing() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps");
    let dry = format!("{path}?dryRun=All");
    ask.post(&dry, &config("one", "x")).await.is(201);
    ask.get(&ask.at("configmaps/one")).await.refused(404, "NotFound");
    ask.post(&dry, &config("No_Good", "x")).await.refused(422, "Invalid");
    let made = ask.post(&path, &config("one", "x")).await.is(201);
    ask.post(&dry, &config("one", "x")).await.refused(409, "AlreadyExists");
    let one = ask.at("configmaps/one?dryRun=All");
    let told = ask.put(&one, &config("one", "y")).await.is(200);
    assert_eq!(told.body["data"]["a"], "y");
    let told = ask.patch("merge", &one, &json!({"data": {"a": "z"}})).await.is(200);
    assert_eq!(told.body["data"]["a"], "z");
    ask.delete(&one).await.is(200);
    let still = ask.get(&ask.at("configmaps/one")).await.is(200);
    assert_eq!(still.body, made.body);
    ask.close().await;
}

#[tokio::test]
async fn unknown_fields_are_dropped_warned_of_or_refused() {
    let ask = Ask::new().await;
    let path = ask.of("apps/v1", "deployments");
    let mut wanted = deployment("web");
    wanted["spec"]["replicsa"] = json!(3);
    let strict = format!("{path}?fieldValidation=Strict");
    let told = ask.post(&strict, &wanted).await.refused(400, "BadRequest");
    told.says("strict decoding error: unknown field \"spec.replicsa\"");
    let quiet =
        ask.post(&format!("{path}?fieldValidation=Ignore&dryRun=All"), &wanted).await.is(201);
    assert!(quiet.warnings.is_empty());
    let made = ask.post(&path, &wanted).await.is(201);
    assert!(
        made.warnings[0].contains("unknown field \\\"spec.replicsa\\\""),
        "{:?}",
        made.warnings
    );
    assert_eq!(made.body["spec"]["replicsa"], Value::Null);
    let patch = json!({"spec": {"nonsense": true}});
    let one = format!("{path}/web?fieldValidation=Strict");
    ask.patch("merge", &one, &patch).await.refused(422, "Invalid").says("unknown field");
    wanted["spec"]["replicas"] = json!("many");
    ask.post(&path, &wanted)
        .await
        .refused(400, "BadRequest")
        .says("cannot be handled as a Deployment");
    ask.close().await;
}

#[tokio::test]
async fn a_generation_is_a_change_of_what_is_wanted() {
    let ask = Ask::new().await;
    let path = ask.of("apps/v1", "deployments/web");
    let made = ask.post(&ask.of("apps/v1", "deployments"), &deployment("web")).await.is(201);
    assert_eq!(made.generation(), 1);
    let labelled = json!({"metadata": {"labels": {"a": "b"}}});
    let told = ask.patch("merge", &path, &labelled).await.is(200);
    assert_eq!(told.generation(), 1);
    let told = ask.patch("merge", &path, &json!({"spec": {"paused": true}})).await.is(200);
    assert_eq!(told.generation(), 2);
    assert_ne!(told.version(), made.version());
    ask.close().await;
}

#[tokio::test]
async fn the_status_has_a_door_of_its_own() {
    let ask = Ask::new().await;
    let path = ask.at("pods/one");
    let made = ask.post(&ask.at("pods"), &pod("one")).await.is(201);
    assert_eq!(made.body["status"]["phase"], "Pending");
    let patch = json!({"status": {"phase": "Failed"}, "metadata": {"labels": {"by": "me"}}});
    let told = ask.patch("merge", &path, &patch).await.is(200);
    assert_ne!(told.body["status"]["phase"], "Failed");
    assert_eq!(told.body["metadata"]["labels"]["by"], "me");
    let patch = json!({"status": {"phase": "Running"}, "spec": {"activeDeadlineSeconds": 9}});
    let told = ask.patch("merge", &format!("{path}/status"), &patch).await.is(200);
    assert_eq!(told.body["status"]["phase"], "Running");
    assert_eq!(told.body["spec"]["activeDeadlineSeconds"], Value::Null);
    ask.close().await;
}

#[tokio::test]
async fn what_may_not_change_does_not() {
    let ask = Ask::new().await;
    let mut fixed = config("fixed", "x");
    fixed["immutable"] = json!(true);
    ask.post(&ask.at("configmaps"), &fixed).await.is(201);
    let patch = json!({"data": {"a": "y"}});
    let told = ask.patch("merge", &ask.at("configmaps/fixed"), &patch).await;
    told.refused(422, "Invalid").says("field is immutable when `immutable` is set");

    ask.post(&ask.at("pods"), &pod("one")).await.is(201);
    let patch =
        json!({"spec": {"containers": [{"name": "app", "image": "registry.k8s.io/pause:3.10"}]}});
    let told = ask.patch("strategic", &ask.at("pods/one"), &patch).await.is(200);
    assert_eq!(told.body["spec"]["containers"][0]["image"], "registry.k8s.io/pause:3.10");
    let patch = json!({"spec": {"containers": [{"name": "app", "command": ["true"]}]}});
    let told = ask.patch("strategic", &ask.at("pods/one"), &patch).await.refused(422, "Invalid");
    told.says("pod updates may not change fields other than");

    ask.post(&ask.of("apps/v1", "deployments"), &deployment("web")).await.is(201);
    let labels = json!({"app": "other"});
    let patch = json!({"spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}}}});
    let told = ask.patch("merge", &ask.of("apps/v1", "deployments/web"), &patch).await;
    told.refused(422, "Invalid").says("field is immutable");
    ask.close().await;
}

#[tokio::test]
async fn secrets_are_kept_in_base64() {
    let ask = Ask::new().await;
    let secret = json!({"metadata": {"name": "one"}, "stringData": {"a": "b"}});
    let made = ask.post(&ask.at("secrets"), &secret).await.is(201);
    assert_eq!(made.body["data"]["a"], "Yg==");
    assert_eq!(made.body["type"], "Opaque");
    assert_eq!(made.body["stringData"], Value::Null);
    ask.close().await;
}

#[tokio::test]
async fn workloads_are_checked() {
    let ask = Ask::new().await;
    let path = ask.of("apps/v1", "deployments");
    let mut wrong = deployment("web");
    wrong["spec"]["template"]["metadata"]["labels"] = json!({"app": "other"});
    let told = ask.post(&path, &wrong).await.refused(422, "Invalid");
    told.says("`selector` does not match template `labels`");
    let mut wrong = pod("one");
    wrong["spec"]["containers"] = json!([]);
    let told = ask.post(&ask.at("pods"), &wrong).await.refused(422, "Invalid");
    assert_eq!(told.body["details"]["causes"][0]["field"], "spec.containers");
    assert_eq!(told.body["details"]["causes"][0]["reason"], "FieldValueRequired");
    ask.close().await;
}
