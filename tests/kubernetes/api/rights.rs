//! Rights: who may what, and asking for it.

use serde_json::{Value, json};

use super::ask::{Ask, config};

const GROUP: &str = "rbac.authorization.k8s.io/v1";

async fn role(ask: &Ask, name: &str, rules: Value) {
    let role = json!({"metadata": {"name": name}, "rules": rules});
    ask.post(&ask.of(GROUP, "roles"), &role).await.is(201);
}

fn binding(name: &str, role: &str, user: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
    })
}

async fn bind(ask: &Ask, role: &str, user: &str) {
    ask.post(&ask.of(GROUP, "rolebindings"), &binding(role, role, user)).await.is(201);
}

/// Rights take a moment to be known everywhere.
async fn until_may(ask: &Ask, verb: &str, resource: &str, name: &str) {
    for _ in 0..600 {
        if may(ask, verb, resource, name).await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("may still not {verb} {resource}");
}

async fn may(ask: &Ask, verb: &str, resource: &str, name: &str) -> bool {
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"namespace": ask.namespace, "verb": verb, "resource": resource, "name": name}},
    });
    let told = ask.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await;
    told.is(201).body["status"]["allowed"] == true
}

#[tokio::test]
async fn who_has_no_right_is_told_which() {
    let ask = Ask::new().await;
    let user = ask.acting_as("gd-nobody");
    let told = user.get(&ask.at("pods")).await.refused(403, "Forbidden");
    let wanted = format!(
        "pods is forbidden: User \"gd-nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"{}\"",
        ask.namespace
    );
    assert_eq!(told.body["message"], wanted);
    let told = user.delete(&ask.of("apps/v1", "deployments/web")).await.refused(403, "Forbidden");
    told.says("deployments.apps \"web\" is forbidden: User \"gd-nobody\" cannot delete resource \"deployments\" in API group \"apps\"");
    let told = user.get("/api/v1/nodes").await.refused(403, "Forbidden");
    told.says("cannot list resource \"nodes\" in API group \"\" at the cluster scope");
    let told = user.post(&ask.at("pods/x/eviction"), &json!({})).await.refused(403, "Forbidden");
    told.says(
        "pods \"x\" is forbidden: User \"gd-nobody\" cannot create resource \"pods/eviction\"",
    );
    ask.close().await;
}

#[tokio::test]
async fn a_role_gives_what_it_says_and_no_more() {
    let ask = Ask::new().await;
    let user = ask.acting_as("gd-somebody");
    ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    ask.post(&ask.at("configmaps"), &config("two", "x")).await.is(201);
    assert!(!may(&user, "get", "configmaps", "one").await);
    let rules = json!([{"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["one"], "verbs": ["get", "patch"]}]);
    role(&ask, "one", rules).await;
    bind(&ask, "one", "gd-somebody").await;
    until_may(&user, "get", "configmaps", "one").await;
    user.get(&ask.at("configmaps/one")).await.is(200);
    user.patch("merge", &ask.at("configmaps/one"), &json!({"data": {"a": "y"}})).await.is(200);
    user.get(&ask.at("configmaps/two")).await.refused(403, "Forbidden");
    user.get(&ask.at("configmaps")).await.refused(403, "Forbidden");
    user.delete(&ask.at("configmaps/one")).await.refused(403, "Forbidden");
    assert!(!may(&user, "get", "configmaps", "").await);
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": ask.namespace},
    });
    let path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    let told = user.post(path, &review).await.is(201);
    let rules = told.body["status"]["resourceRules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["resourceNames"] == json!(["one"])), "{rules:?}");
    ask.delete(&ask.of(GROUP, "rolebindings/one")).await.is(200);
    for _ in 0..600 {
        if user.get(&ask.at("configmaps/one")).await.code == 403 {
            return ask.close().await;
        }
    }
    panic!("the right is still there");
}

#[tokio::test]
async fn applying_something_new_needs_the_right_to_create() {
    let ask = Ask::new().await;
    let user = ask.acting_as("gd-patcher");
    role(
        &ask,
        "patch",
        json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["patch"]}]),
    )
    .await;
    bind(&ask, "patch", "gd-patcher").await;
    until_may(&user, "patch", "configmaps", "one").await;
    let wanted = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}});
    let path = ask.at("configmaps/one?fieldManager=us");
    let told = user.patch("apply", &path, &wanted).await.refused(403, "Forbidden");
    told.says("cannot create resource \"configmaps\"");
    ask.post(&ask.at("configmaps"), &config("one", "x")).await.is(201);
    user.patch("apply", &path, &wanted).await.is(200);
    ask.close().await;
}

#[tokio::test]
async fn nobody_gives_away_what_they_do_not_have() {
    let ask = Ask::new().await;
    let user = ask.acting_as("gd-giver");
    let rules = json!([
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"], "verbs": ["create", "delete"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]},
    ]);
    role(&ask, "giver", rules).await;
    role(&ask, "pods", json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])).await;
    role(
        &ask,
        "configs",
        json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]),
    )
    .await;
    bind(&ask, "giver", "gd-giver").await;
    until_may(&user, "get", "configmaps", "").await;
    let path = ask.of(GROUP, "rolebindings");
    let told = user.post(&path, &binding("p", "pods", "x")).await.refused(403, "Forbidden");
    told.says("is attempting to grant RBAC permissions not currently held");
    let dry = format!("{path}?dryRun=All");
    user.post(&dry, &binding("c", "configs", "x")).await.is(201);
    user.post(&path, &binding("c", "configs", "x")).await.is(201);
    let greedy = json!({"metadata": {"name": "greedy"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]});
    user.post(&ask.of(GROUP, "roles"), &greedy).await.refused(403, "Forbidden");
    let bind = json!([{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "resourceNames": ["pods"], "verbs": ["bind"]}]);
    role(&ask, "binder", bind).await;
    self::bind(&ask, "binder", "gd-giver").await;
    for _ in 0..600 {
        if user.post(&path, &binding("p", "pods", "x")).await.code == 201 {
            return ask.close().await;
        }
    }
    panic!("the right to bind is of no use");
}

#[tokio::test]
async fn a_binding_keeps_its_role() {
    let ask = Ask::new().await;
    role(&ask, "one", json!([])).await;
    bind(&ask, "one", "gd-x").await;
    let patch = json!([{"op": "replace", "path": "/roleRef/name", "value": "two"}]);
    let told = ask.patch("json", &ask.of(GROUP, "rolebindings/one"), &patch).await;
    told.refused(422, "Invalid").says("cannot change roleRef");
    let patch = json!([
        {"op": "test", "path": "/subjects/0/name", "value": "gd-x"},
        {"op": "remove", "path": "/subjects/0"},
    ]);
    ask.patch("json", &ask.of(GROUP, "rolebindings/one"), &patch).await.is(200);
    ask.close().await;
}

#[tokio::test]
async fn the_server_says_who_asks_and_what_others_may() {
    let ask = Ask::new().await;
    let who = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let told = ask.acting_as("gd-x").post(path, &who).await.is(201);
    assert_eq!(told.body["status"]["userInfo"]["username"], "gd-x");
    role(
        &ask,
        "one",
        json!([{"apiGroups": [""], "resources": ["pods/eviction"], "verbs": ["create"]}]),
    )
    .await;
    bind(&ask, "one", "gd-x").await;
    let user = ask.acting_as("gd-x");
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
        "spec": {"user": "gd-x", "resourceAttributes": {"namespace": ask.namespace, "verb": "create", "resource": "pods", "subresource": "eviction"}},
    });
    let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    for _ in 0..600 {
        if ask.post(path, &review).await.is(201).body["status"]["allowed"] == true {
            user.post(path, &review).await.refused(403, "Forbidden");
            return ask.close().await;
        }
    }
    panic!("the review does not know of the role");
}
