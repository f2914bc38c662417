//! An account loses what it may do, and gets it back.

use gameday::gameday::fault::Fault;
use serde_json::json;

use super::super::player::cluster::BINDING;
use super::super::proxy::trouble::Ill;
use super::super::stage::Stage;
use super::*;

const ACCOUNT: &str = "app-service-account";

fn loses(account: &str, permissions: &[&str]) -> Fault {
    let permissions = permissions.iter().map(|one| (*one).to_owned()).collect();
    Fault::RbacMutation { account: account.to_owned(), permissions }
}

#[tokio::test]
async fn an_account_may_nothing_and_then_again() {
    let stage = Stage::shop().await;
    // Others are in the binding, too, before and after it.
    let subject = |name: &str| json!({ "kind": "ServiceAccount", "name": name, "namespace": stage.namespace });
    stage.apply(json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "shop-reader" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "shop-reader" },
        "subjects": [subject("first"), subject(ACCOUNT), subject("last")],
    })).await;
    let before = text(&stage, BINDING, "shop-reader").await;
    let changes = prepared(&stage, loses(ACCOUNT, &["shop-reader"]), "web-app").await.unwrap();
    stage.trouble().next(1, "patch", "rolebindings", Ill::Lost);
    let said = applied(&stage, &changes).await.unwrap();
    assert!(said.contains("may not get configmaps any more"), "{said}");
    let there = text(&stage, BINDING, "shop-reader").await;
    assert_eq!(there["subjects"], json!([before["subjects"][0], before["subjects"][2]]));
    assert_eq!(there["metadata"]["uid"], before["metadata"]["uid"]);
    stage.trouble().next(1, "patch", "rolebindings", Ill::broken());
    let said = reverted(&stage, &changes).await.unwrap();
    assert!(said.contains("may do again what it could"), "{said}");
    assert_eq!(text(&stage, BINDING, "shop-reader").await, before);
    stage.close().await;
}

#[tokio::test]
async fn the_only_subject_leaves_and_returns() {
    let stage = Stage::shop().await;
    let before = text(&stage, BINDING, "shop-reader").await;
    let changes = prepared(&stage, loses(ACCOUNT, &[]), "web-app").await.unwrap();
    applied(&stage, &changes).await.unwrap();
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, BINDING, "shop-reader").await, before);
    stage.close().await;
}

#[tokio::test]
async fn a_loss_that_is_none_is_an_error_and_undone() {
    let stage = Stage::shop().await;
    let before = text(&stage, BINDING, "shop-reader").await;
    // A group gives the same: taking the account out of one binding takes nothing.
    stage.apply(json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": "all" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "shop-reader" },
        "subjects": [{ "kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": format!("system:serviceaccounts:{}", stage.namespace) }],
    })).await;
    let changes = prepared(&stage, loses(ACCOUNT, &[]), "web-app").await.unwrap();
    let error = applied(&stage, &changes).await.unwrap_err().0;
    assert!(error.contains("may still get configmaps"), "{error}");
    reverted(&stage, &changes).await.unwrap();
    assert_eq!(text(&stage, BINDING, "shop-reader").await, before);
    stage.close().await;
}

#[tokio::test]
async fn what_is_not_its_own_is_refused() {
    let stage = Stage::shop().await;
    let refused = async |fault: Fault| prepared(&stage, fault, "web-app").await.unwrap_err().0;
    assert!(refused(loses("nobody", &[])).await.contains("no RoleBinding"));
    assert!(refused(loses("system:masters", &[])).await.contains("left alone"));
    let error = refused(loses(ACCOUNT, &["products:read"])).await;
    assert!(error.contains("permissions are RoleBindings: shop-reader"), "{error}");
    // The program's own account.
    let account = format!("system:serviceaccount:{}:{ACCOUNT}", stage.namespace);
    let own = connection(
        &stage,
        &stage.kubeconfig_as(&account, &["system:serviceaccounts", "system:authenticated"]),
    )
    .await;
    let scene = scene(&stage).await;
    let order = order(loses(ACCOUNT, &[]), pods_of(&scene, "web-app"));
    let actions = actions(&order, &scene, &step()).unwrap();
    let error = prepare(&own, &scene, &actions, &step()).await.unwrap_err().0;
    assert!(error.contains("account of this program"), "{error}");
    stage.close().await;
}
