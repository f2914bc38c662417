//! Deleting, and evicting.

use serde_json::{Value, json};

use super::ask::{Ask, config, pod};

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let ask = Ask::new().await;
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let told = ask.delete(&ask.at("configmaps/one")).await.is(200);
    assert_eq!(told.body["kind"], "Status");
    assert_eq!(told.body["status"], "Success");
    assert_eq!(told.body["details"]["uid"], made.uid());
    ask.get(&ask.at("configmaps/one")).await.refused(404, "NotFound");
    ask.delete(&ask.at("configmaps/one")).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn only_the_object_that_is_meant_is_deleted() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let made = ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    let other = json!({"preconditions": {"uid": "11111111-1111-4111-a111-111111111111"}});
    let told = ask.delete_with(&path, &other).await.refused(409, "Conflict");
    told.says("the UID in the precondition");
    ask.patch("merge", &path, &json!({"data": {"a": "y"}})).await.is(200);
    let old = json!({"preconditions": {"resourceVersion": made.version()}});
    ask.delete_with(&path, &old).await.refused(409, "Conflict");
    let dry = json!({"preconditions": {"uid": made.uid()}, "dryRun": ["All"]});
    ask.delete_with(&path, &dry).await.is(200);
    ask.get(&path).await.is(200);
    ask.delete_with(&path, &json!({"preconditions": {"uid": made.uid()}})).await.is(200);
    ask.get(&path).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn a_finalizer_holds_an_object() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps/one");
    let mut held = config("one", "x");
    held["metadata"]["finalizers"] = json!(["gd.test/one"]);
    ask.post(&ask.at("configmaps"), &held).await.is(201);
    let told = ask.delete(&path).await.is(200);
    assert_eq!(told.body["kind"], "ConfigMap");
    assert!(told.body["metadata"]["deletionTimestamp"].is_string());
    let again = ask.delete(&path).await.is(200);
    assert_eq!(
        again.body["metadata"]["deletionTimestamp"],
        told.body["metadata"]["deletionTimestamp"]
    );
    let more = json!({"metadata": {"finalizers": ["gd.test/one", "gd.test/two"]}});
    let told = ask.patch("merge", &path, &more).await.refused(422, "Invalid");
    told.says("no new finalizers can be added if the object is being deleted");
    ask.post(&ask.at("configmaps"), &config("one", "x")).await.refused(409, "AlreadyExists");
    ask.patch("merge", &path, &json!({"metadata": {"finalizers": null}})).await.is(200);
    ask.get(&path).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn a_pod_on_a_node_gets_its_time() {
    let ask = Ask::new().await;
    let path = ask.at("pods/one");
    // No kubelet ends it, not even one that is played.
    let mut held = pod("one");
    held["metadata"]["finalizers"] = json!(["gd.test/one"]);
    ask.post(&ask.at("pods"), &held).await.is(201);
    let told = ask.delete_with(&path, &json!({"gracePeriodSeconds": 20})).await.is(200);
    assert_eq!(told.body["kind"], "Pod");
    assert_eq!(told.body["metadata"]["deletionGracePeriodSeconds"], 20);
    let still = ask.get(&path).await.is(200);
    assert!(still.body["metadata"]["deletionTimestamp"].is_string());
    let told = ask.delete_with(&path, &json!({"gracePeriodSeconds": 0})).await.is(200);
    assert_eq!(told.body["metadata"]["deletionGracePeriodSeconds"], 0);
    ask.patch("merge", &path, &json!({"metadata": {"finalizers": null}})).await.is(200);
    ask.get(&path).await.refused(404, "NotFound");
    let mut nowhere = pod("two");
    nowhere["spec"]["nodeName"] = Value::Null;
    nowhere["spec"]["schedulerName"] = json!("gd-no-such-scheduler");
    ask.post(&ask.at("pods"), &nowhere).await.is(201);
    ask.delete(&ask.at("pods/two")).await.is(200);
    ask.get(&ask.at("pods/two")).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn what_has_lost_its_owner_goes() {
    let ask = Ask::new().await;
    let path = ask.at("configmaps");
    let owned = |owner: &str, name: &str| {
        let mut owned = config(name, "x");
        owned["metadata"]["ownerReferences"] =
            json!([{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner}]);
        owned
    };
    let owner = ask.post(&path, &config("owner", "x")).await.is(201);
    ask.post(&path, &owned(owner.uid(), "one")).await.is(201);
    ask.delete(&format!("{path}/owner?propagationPolicy=Background")).await.is(200);
    ask.until(&format!("{path}/one"), |told| told.code == 404).await;
    if !ask.has_controllers().await {
        return ask.close().await;
    }
    let owner = ask.post(&path, &config("owner", "x")).await.is(201);
    ask.post(&path, &owned(owner.uid(), "two")).await.is(201);
    ask.delete(&format!("{path}/owner?propagationPolicy=Orphan")).await.is(200);
    ask.until(&format!("{path}/owner"), |told| told.code == 404).await;
    let two = ask.get(&format!("{path}/two")).await.is(200);
    assert!(two.body["metadata"]["ownerReferences"].as_array().is_none_or(Vec::is_empty));

    let owner = ask.post(&path, &config("owner", "x")).await.is(201);
    let mut blocking = owned(owner.uid(), "three");
    blocking["metadata"]["ownerReferences"][0]["blockOwnerDeletion"] = json!(true);
    blocking["metadata"]["finalizers"] = json!(["gd.test/one"]);
    ask.post(&path, &blocking).await.is(201);
    ask.delete(&format!("{path}/owner?propagationPolicy=Foreground")).await.is(200);
    let deleting = |told: &super::ask::Told| told.body["metadata"]["deletionTimestamp"].is_string();
    ask.until(&format!("{path}/three"), deleting).await;
    ask.get(&format!("{path}/owner")).await.is(200);
    let free = json!({"metadata": {"finalizers": null}});
    ask.patch("merge", &format!("{path}/three"), &free).await.is(200);
    ask.until(&format!("{path}/owner"), |told| told.code == 404).await;
    ask.close().await;
}

#[tokio::test]
async fn a_job_leaves_its_pods_unless_told_otherwise() {
    let ask = Ask::new().await;
    let path = ask.of("batch/v1", "jobs");
    let job = json!({
        "metadata": {"name": "one"},
        "spec": {"suspend": true, "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "app", "image": "registry.k8s.io/pause:3.9"}]}}},
    });
    let made = ask.post(&path, &job).await.is(201);
    let selector = &made.body["spec"]["selector"]["matchLabels"];
    assert_eq!(selector["batch.kubernetes.io/controller-uid"], made.uid());
    let told = ask.delete(&format!("{path}/one?dryRun=All")).await.is(200);
    assert!(told.warnings[0].contains("child pods are preserved by default"), "{told:?}");
    let told = ask.delete(&format!("{path}/one?propagationPolicy=Background")).await.is(200);
    assert!(told.warnings.is_empty(), "{told:?}");
    ask.close().await;
}

#[tokio::test]
async fn a_namespace_takes_all_with_it_and_nothing_new_in() {
    let ask = Ask::new().await;
    if !ask.has_controllers().await {
        return ask.close().await;
    }
    let mut held = config("one", "x");
    held["metadata"]["finalizers"] = json!(["gd.test/one"]);
    ask.post(&ask.at("configmaps"), &held).await.is(201);
    let path = format!("/api/v1/namespaces/{}", ask.namespace);
    let told = ask.delete(&path).await.is(200);
    assert_eq!(told.body["status"]["phase"], "Terminating");
    let told = ask.post(&ask.at("configmaps"), &config("two", "x")).await;
    let told = told.refused(403, "Forbidden").says("because it is being terminated");
    assert_eq!(told.body["details"]["causes"][0]["reason"], "NamespaceTerminating");
    let deleting = |told: &super::ask::Told| told.body["metadata"]["deletionTimestamp"].is_string();
    ask.until(&ask.at("configmaps/one"), deleting).await;
    let free = json!({"metadata": {"finalizers": null}});
    ask.patch("merge", &ask.at("configmaps/one"), &free).await.is(200);
    ask.until(&path, |told| told.code == 404).await;
    ask.close().await;
}

#[tokio::test]
async fn a_namespace_may_be_held_when_it_is_empty() {
    let ask = Ask::new().await;
    if ask.fake("a second namespace").is_none() {
        return ask.close().await;
    }
    let path = "/api/v1/namespaces/gd-held";
    ask.within("gd-held").await;
    let held = json!({"metadata": {"finalizers": ["gd.test/one"]}});
    ask.patch("merge", path, &held).await.is(200);
    ask.delete(path).await.is(200);
    let empty = ask.until(path, |told| told.body["spec"]["finalizers"].is_null()).await;
    let later = ask.get(path).await.is(200);
    assert_eq!(later.version(), empty.version());
    ask.patch("merge", path, &json!({"metadata": {"finalizers": null}})).await.is(200);
    ask.get(path).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn many_are_deleted_by_their_labels() {
    let ask = Ask::new().await;
    for name in ["one", "two"] {
        let mut labelled = config(name, "x");
        labelled["metadata"]["labels"] = json!({"which": name});
        ask.post(&ask.at("configmaps"), &labelled).await.is(201);
    }
    ask.delete(&ask.at("configmaps?labelSelector=which%3Done")).await.is(200);
    ask.get(&ask.at("configmaps/one")).await.refused(404, "NotFound");
    ask.get(&ask.at("configmaps/two")).await.is(200);
    ask.close().await;
}

fn eviction(name: &str) -> Value {
    json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}})
}

#[tokio::test]
async fn a_budget_keeps_pods_from_being_evicted() {
    let ask = Ask::new().await;
    let budget = json!({
        "metadata": {"name": "web"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "one"}}},
    });
    ask.post(&ask.of("policy/v1", "poddisruptionbudgets"), &budget).await.is(201);
    ask.post(&ask.at("pods"), &pod("one")).await.is(201);
    ask.post(&ask.at("pods"), &pod("two")).await.is(201);
    for name in ["one", "two"] {
        let running = json!({"status": {"phase": "Running"}});
        ask.patch("merge", &ask.at(&format!("pods/{name}/status")), &running).await.is(200);
    }
    let evict = ask.at("pods/one/eviction");
    let told = ask.post(&evict, &eviction("one")).await.refused(429, "TooManyRequests");
    let told = told.says("Cannot evict pod as it would violate the pod's disruption budget.");
    assert_eq!(told.body["details"]["causes"][0]["reason"], "DisruptionBudget");
    // Nobody's budget is spent.
    let mut now = eviction("two");
    now["deleteOptions"] = json!({"gracePeriodSeconds": 0});
    let mut dry = now.clone();
    dry["deleteOptions"]["dryRun"] = json!(["All"]);
    ask.post(&ask.at("pods/two/eviction"), &dry).await.is(201);
    let two = ask.get(&ask.at("pods/two")).await.is(200);
    assert!(two.body["metadata"]["deletionTimestamp"].is_null());
    ask.post(&ask.at("pods/two/eviction"), &now).await.is(201);
    ask.get(&ask.at("pods/two")).await.refused(404, "NotFound");
    ask.post(&ask.at("pods/two/eviction"), &eviction("two")).await.refused(404, "NotFound");
    ask.close().await;
}

#[tokio::test]
async fn a_budget_that_allows_it_is_spent() {
    let ask = Ask::new().await;
    if ask.fake("a budget whose status a test writes").is_none() {
        return ask.close().await;
    }
    let stage = ask;
    let ask = stage.within("gd-budget").await;
    let path = ask.of("policy/v1", "poddisruptionbudgets");
    let budget = json!({
        "metadata": {"name": "web"},
        "spec": {"minAvailable": 0, "selector": {"matchLabels": {"app": "one"}}},
    });
    ask.post(&path, &budget).await.is(201);
    let status = json!({"status": {"observedGeneration": 1, "disruptionsAllowed": 1, "currentHealthy": 1, "desiredHealthy": 0, "expectedPods": 1}});
    ask.patch("merge", &format!("{path}/web/status"), &status).await.is(200);
    ask.post(&ask.at("pods"), &pod("one")).await.is(201);
    let running = json!({"status": {"phase": "Running"}});
    ask.patch("merge", &ask.at("pods/one/status"), &running).await.is(200);
    ask.post(&ask.at("pods/one/eviction"), &eviction("one")).await.is(201);
    let one = ask.get(&ask.at("pods/one")).await.is(200);
    assert!(one.body["metadata"]["deletionTimestamp"].is_string());
    let spent = ask.get(&format!("{path}/web")).await.is(200);
    assert_eq!(spent.body["status"]["disruptionsAllowed"], 0);
    assert!(spent.body["status"]["disruptedPods"]["one"].is_string());
    stage.close().await;
}
