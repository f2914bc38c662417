//! ConfigMaps: changed, changed back, left alone where somebody else has a hand in them; and a network that fails in the middle.

use gameday::gameday::fault::{ConfigurationSource, Fault};
use gameday::kubernetes::native::carry::take_back;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};

use super::super::player::cluster::{CONFIG_MAP, DEPLOYMENT};
use super::super::proxy::trouble::Ill;
use super::super::stage::Stage;
use super::*;

const MAP: &str = "shop-settings";

fn change_of(pairs: &[(&str, &str)]) -> Fault {
    Fault::ConfigurationChange { source: ConfigurationSource::File, set: set(pairs) }
}

async fn value(stage: &Stage, key: &str) -> Value {
    text(stage, CONFIG_MAP, MAP).await["data"][key].clone()
}

async fn put(stage: &Stage, patch: Value) {
    let api = stage.cluster().api(CONFIG_MAP);
    api.patch(MAP, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
}

#[tokio::test]
async fn settings_change_and_change_back() {
    let stage = Stage::shop().await;
    let before = text(&stage, CONFIG_MAP, MAP).await;
    let fault = change_of(&[("page_size", "5000"), ("feature/x".split_once('/').unwrap().0, "on")]);
    let changes = prepared(&stage, fault, "web-app").await.unwrap();
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before, "a preparation changes nothing");
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("page_size=5000") && said.contains("only after a restart"), "{said}");
    let there = text(&stage, CONFIG_MAP, MAP).await;
    assert_eq!(
        (&there["data"]["page_size"], &there["data"]["feature"]),
        (&json!("5000"), &json!("on"))
    );
    assert_eq!(there["metadata"]["labels"][FAULT], "20261122t160500z-1a2b_fault-0");
    // Again changes nothing.
    applied(&stage, &changes).await.unwrap();
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("is as it was"), "{said}");
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before);
    reverted(&stage, &changes).await.unwrap();
    stage.close().await;
}

#[tokio::test]
async fn what_somebody_else_changed_is_not_overwritten() {
    let stage = Stage::shop().await;
    let before = text(&stage, CONFIG_MAP, MAP).await;
    let changes = prepared(&stage, change_of(&[("page_size", "5000")]), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    put(&stage, json!({ "data": { "page_size": "30", "log_level": "debug" } })).await;
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    for part in [
        "before \"20\"",
        "ours \"5000\"",
        "now \"30\"",
        "--take-back 20261122t160500z-1a2b/fault-0",
        "kubectl edit",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert_eq!(value(&stage, "page_size").await, "30");
    // Only where a person says so; and what was never ours stays.
    take_back(&here(&stage).await, &read_again(&changes)).await.unwrap();
    assert_eq!(value(&stage, "log_level").await, "debug");
    put(&stage, json!({ "data": { "log_level": "info" } })).await;
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before);
    stage.close().await;
}

#[tokio::test]
async fn who_mended_it_by_hand_leaves_only_our_mark_to_take_away() {
    let stage = Stage::shop().await;
    let before = text(&stage, CONFIG_MAP, MAP).await;
    let changes = prepared(&stage, change_of(&[("page_size", "5000")]), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    put(&stage, json!({ "data": { "page_size": "20" } })).await;
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before);
    stage.close().await;
}

#[tokio::test]
async fn an_object_that_is_gone_or_another_is_said() {
    let stage = Stage::shop().await;
    let changes = prepared(&stage, change_of(&[("page_size", "5000")]), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    let api = stage.cluster().api(CONFIG_MAP);
    let _ = api.delete(MAP, &DeleteParams::default()).await.unwrap();
    assert!(reverted(&stage, &changes).await.unwrap().contains("is gone"));
    stage.apply(json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": MAP }, "data": { "page_size": "1" } })).await;
    assert!(reverted(&stage, &changes).await.unwrap().contains("replaced by somebody else"));
    assert_eq!(value(&stage, "page_size").await, "1");
    // Applying to another object than the one that was looked at is refused.
    assert!(applied(&stage, &changes).await.is_err());
    assert_eq!(value(&stage, "page_size").await, "1");
    stage.close().await;
}

#[tokio::test]
async fn what_cannot_be_undone_is_not_done() {
    let stage = Stage::shop().await;
    let fault = || change_of(&[("page_size", "5000")]);
    // Pods that were not chosen would see it, too.
    let scene = scene(&stage).await;
    let one = pods_of(&scene, "web-app").into_iter().take(1).collect();
    let error = actions(&order(fault(), one), &scene, &step()).unwrap_err().0;
    assert!(error.contains("mode: all"), "{error}");
    // No ConfigMap at all.
    let error = prepared(&stage, fault(), "oauth-provider").await.unwrap_err().0;
    assert!(error.contains("use no ConfigMap"), "{error}");
    // Another fault has it.
    let changes = prepared(&stage, fault(), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    let error = prepared(&stage, fault(), "web-app").await.unwrap_err().0;
    assert!(error.contains("already changed by 20261122t160500z-1a2b_fault-0"), "{error}");
    reverted(&stage, &changes).await.unwrap();
    // Nobody can change it.
    put(&stage, json!({ "immutable": true })).await;
    let before = text(&stage, CONFIG_MAP, MAP).await;
    let error = prepared(&stage, fault(), "web-app").await.unwrap_err().0;
    assert!(error.contains("immutable"), "{error}");
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before);
    stage.close().await;
}

#[tokio::test]
async fn several_maps_with_a_key_are_named() {
    let stage = Stage::shop().await;
    let other = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "more" }, "data": { "page_size": "7", "only": "x" } });
    stage.apply(other).await;
    let patch = json!({ "spec": { "template": { "spec": { "containers": [{
        "name": "app", "envFrom": [{ "configMapRef": { "name": MAP } }, { "configMapRef": { "name": "more" } }]
    }] } } } });
    let api = stage.cluster().api(DEPLOYMENT);
    api.patch("web-app", &PatchParams::default(), &Patch::Strategic(patch)).await.unwrap();
    stage.all_available().await;
    let error = prepared(&stage, change_of(&[("page_size", "1")]), "web-app").await.unwrap_err().0;
    assert!(
        error.contains("more/page_size") && error.contains("shop-settings/page_size"),
        "{error}"
    );
    let changes =
        prepared(&stage, change_of(&[("more/page_size", "1"), ("more/only", "y")]), "web-app")
            .await;
    let changes = changes.unwrap();
    assert_eq!(changes.len(), 1);
    applied(&stage, &changes).await.unwrap();
    assert_eq!(
        text(&stage, CONFIG_MAP, "more").await["data"],
        json!({ "page_size": "1", "only": "y" })
    );
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(
        text(&stage, CONFIG_MAP, "more").await["data"],
        json!({ "page_size": "7", "only": "x" })
    );
    stage.close().await;
}

#[tokio::test]
async fn a_bad_way_to_the_server_changes_nothing_in_the_end() {
    let stage = Stage::shop().await;
    let before = text(&stage, CONFIG_MAP, MAP).await;
    let trouble = stage.trouble();
    let ills = || {
        let conflict = Ill::Status {
            code: 409,
            reason: "Conflict".to_owned(),
            message: "the object has been modified".to_owned(),
            retry_after: None,
        };
        [Ill::throttled(1), Ill::broken(), Ill::starting(), conflict, Ill::Reset, Ill::Lost]
    };
    for ill in ills() {
        let changes =
            prepared(&stage, change_of(&[("page_size", "5000")]), "web-app").await.unwrap();
        trouble.next(1, "get", "configmaps", ill.clone());
        trouble.next(1, "patch", "configmaps", ill.clone());
        applied(&stage, &changes).await.unwrap_or_else(|error| panic!("{ill:?}: {error}"));
        assert_eq!(value(&stage, "page_size").await, "5000", "{ill:?}");
        trouble.next(2, "patch", "configmaps", ill.clone());
        reverted(&stage, &changes).await.unwrap_or_else(|error| panic!("{ill:?}: {error}"));
        assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before, "{ill:?}");
        trouble.over();
    }
    // One that does not pass is said, and the next attempt mends it.
    let changes = prepared(&stage, change_of(&[("page_size", "5000")]), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    trouble.always("patch", "configmaps", Ill::forbidden("configmaps is forbidden"));
    let error = reverted(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("gameday rbac"), "{error}");
    trouble.over();
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, CONFIG_MAP, MAP).await, before);
    stage.close().await;
}

#[tokio::test]
async fn who_may_not_patch_is_told_before() {
    let stage = Stage::shop().await;
    let scene = scene(&stage).await;
    let order = order(change_of(&[("page_size", "5000")]), pods_of(&scene, "web-app"));
    let actions = actions(&order, &scene, &step()).unwrap();
    let account = format!("system:serviceaccount:{}:app-service-account", stage.namespace);
    let groups = ["system:serviceaccounts", "system:authenticated"];
    let weak = connection(&stage, &stage.kubeconfig_as(&account, &groups)).await;
    let error = prepare(&weak, &scene, &actions, &step()).await.unwrap_err().0;
    assert!(error.contains("gameday rbac"), "{error}");
    assert_eq!(value(&stage, "page_size").await, "20");
    stage.close().await;
}
