//! Tests of changes made from objects: what stood there is taken down, and what must not be touched is refused.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Secret};
use serde_json::{Value, json};

use super::super::certificate::expired;
use super::super::edit::{Way, patch};
use super::super::verdict::{Verdict, judge};
use super::*;

fn mark() -> Mark {
    Mark { run: "run".to_owned(), step: "step-0".to_owned() }
}

/// There is as wanted, and back is as before.
fn goes(change: &Change, object: &Value) -> Value {
    let mut there = object.clone();
    json_patch::patch(&mut there, &patch(object, change.edits(), Way::There).unwrap()).unwrap();
    assert_eq!(judge(change, &there), Verdict::Ours);
    assert_eq!(there["metadata"]["labels"]["gameday.internal/fault"], "run_step-0");
    let mut back = there.clone();
    json_patch::patch(&mut back, &patch(&there, change.edits(), Way::Back).unwrap()).unwrap();
    assert_eq!(back, *object);
    assert_eq!(judge(change, &back), Verdict::Before);
    there
}

fn set(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn cart() -> (Object, Value) {
    let of = Object::within::<Deployment>("shop", "cart");
    let object = json!({
        "metadata": { "uid": "u", "name": "cart" },
        "spec": { "replicas": 3, "template": { "spec": { "containers": [
            { "name": "app", "image": "cart:1", "env": [{ "name": "MODE", "value": "fast" }] },
            { "name": "proxy", "image": "proxy:1" }
        ] } } }
    });
    (of, object)
}

#[test]
fn nodes_are_closed_and_what_was_closed_stays_so() {
    let of = || Object::whole::<Node>("n1");
    let open = json!({ "metadata": { "uid": "u" }, "spec": {} });
    let change = cordon(of(), &open, true, &mark()).unwrap().unwrap();
    assert!(matches!(change.deed, Deed::Patch { brief: true, .. }));
    assert_eq!(goes(&change, &open)["spec"]["unschedulable"], true);
    let said_open = json!({ "metadata": { "uid": "u" }, "spec": { "unschedulable": false } });
    assert!(cordon(of(), &said_open, false, &mark()).unwrap().is_some());
    let closed = json!({ "metadata": { "uid": "u" }, "spec": { "unschedulable": true } });
    assert_eq!(cordon(of(), &closed, false, &mark()).unwrap(), None);
}

#[test]
fn workloads_change_there_and_back() {
    let (of, object) = cart();
    let change = scale(of.clone(), &object, 0, &mark()).unwrap();
    assert_eq!(change.what, "scale Deployment shop/cart from 3 to 0");
    assert_eq!(goes(&change, &object)["spec"]["replicas"], 0);
    let wanted = set(&[("MODE", "slow"), ("proxy/MODE", ""), ("app/NEW", "1")]);
    let there = goes(&environment(of.clone(), &object, &wanted, &mark()).unwrap(), &object);
    let containers = &there["spec"]["template"]["spec"]["containers"];
    assert_eq!(
        containers[0]["env"],
        json!([{ "name": "MODE", "value": "slow" }, { "name": "NEW", "value": "1" }])
    );
    assert_eq!(containers[1]["env"], json!([{ "name": "MODE" }]));
    let there = goes(&image(of, &object, "cart:2", Some("app"), &mark()).unwrap(), &object);
    assert_eq!(there["spec"]["template"]["spec"]["containers"][0]["image"], "cart:2");
}

#[test]
fn a_restart_is_one_of_kubectl_and_leaves_no_mark() {
    let (of, object) = cart();
    let change = restart(of, &object, 1_764_439_200_000, &mark()).unwrap();
    assert!(!change.stays() && matches!(change.deed, Deed::Restart { .. }));
    let mut there = object.clone();
    json_patch::patch(&mut there, &patch(&object, change.edits(), Way::There).unwrap()).unwrap();
    assert_eq!(judge(&change, &there), Verdict::Ours);
    let notes = &there["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(notes["kubectl.kubernetes.io/restartedAt"], "2025-11-29T18:00:00Z");
    assert!(there["metadata"].get("annotations").is_none());
}

#[test]
fn what_would_replace_no_pod_is_refused() {
    let (of, object) = cart();
    let with = |change: Value| {
        let mut object = object.clone();
        json_patch::merge(&mut object, &change);
        [
            restart(of.clone(), &object, 0, &mark()).unwrap_err(),
            image(of.clone(), &object, "cart:2", Some("app"), &mark()).unwrap_err(),
        ]
    };
    let paused = with(json!({ "spec": { "paused": true } }));
    assert!(paused.iter().all(|why| why.contains("kubectl rollout resume")), "{paused:?}");
    let by_hand = with(json!({ "spec": { "updateStrategy": { "type": "OnDelete" } } }));
    assert!(by_hand.iter().all(|why| why.contains("OnDelete")), "{by_hand:?}");
    let same = image(of.clone(), &object, "cart:1", Some("app"), &mark()).unwrap_err();
    assert!(same.contains("is like that already"), "{same}");
    let which = image(of.clone(), &object, "cart:2", None, &mark()).unwrap_err();
    assert!(which.contains("container: one of app, proxy"), "{which}");
    let nobody = image(of, &object, "cart:2", Some("nobody"), &mark()).unwrap_err();
    assert!(nobody.contains("has no container nobody; it has app, proxy"), "{nobody}");
}

#[test]
fn what_is_unclear_names_the_choices() {
    let (of, object) = cart();
    let error = environment(of.clone(), &object, &set(&[("OTHER", "1")]), &mark()).unwrap_err();
    assert!(error.contains("app/OTHER, proxy/OTHER"), "{error}");
    let error = environment(of.clone(), &object, &set(&[("x/A", "1")]), &mark()).unwrap_err();
    assert!(error.contains("no container x; it has app, proxy"), "{error}");
    let error = environment(of, &object, &set(&[("MODE", "fast")]), &mark()).unwrap_err();
    assert!(error.contains("nothing would change"), "{error}");
    let map = |keys: Value| json!({ "metadata": { "uid": "m" }, "data": keys });
    let maps = BTreeMap::from([
        ("a".to_owned(), map(json!({ "x": "1", "both": "1" }))),
        ("b".to_owned(), map(json!({ "both": "1" }))),
    ]);
    let chosen = choose(&maps, &set(&[("x", "2"), ("b/both", "3")])).unwrap();
    assert_eq!(chosen["a"], set(&[("x", "2")]));
    assert_eq!(chosen["b"], set(&[("both", "3")]));
    assert!(choose(&maps, &set(&[("both", "2")])).unwrap_err().contains("a/both, b/both"));
    assert!(choose(&maps, &set(&[("none", "2")])).unwrap_err().contains("none of them has it"));
    assert!(choose(&maps, &set(&[("c/x", "2")])).unwrap_err().contains("used are: a, b"));
}

#[test]
fn settings_change_there_and_back_also_where_there_are_none() {
    let of = || Object::within::<ConfigMap>("shop", "m");
    for object in [
        json!({ "metadata": { "uid": "u" } }),
        json!({ "metadata": { "uid": "u" }, "data": { "x": "1" } }),
    ] {
        let change = settings(
            of(),
            &object,
            &set(&[("a.b/c~d".split('/').next().unwrap(), "2")]),
            true,
            &mark(),
        )
        .unwrap();
        assert_eq!(goes(&change, &object)["data"]["a.b"], "2");
    }
}

#[test]
fn what_must_not_be_touched_is_not() {
    let (of, object) = cart();
    let refused = |of: &Object, change: Value| {
        let mut object = object.clone();
        json_patch::merge(&mut object, &change);
        scale(of.clone(), &object, 0, &mark()).unwrap_err()
    };
    let system = Object::within::<Deployment>("kube-system", "coredns");
    assert!(refused(&system, json!({})).contains("nothing is changed in"));
    let ours =
        json!({ "metadata": { "labels": { "app.kubernetes.io/managed-by": "chaos-gameday" } } });
    assert!(refused(&of, ours).contains("is our own"));
    let other = json!({ "metadata": { "labels": { "gameday.internal/fault": "other_x" } } });
    assert!(refused(&of, other).contains("already changed by other_x"));
    assert!(refused(&of, json!({ "immutable": true })).contains("immutable"));
    assert!(
        refused(&of, json!({ "metadata": { "deletionTimestamp": "t" } })).contains("being deleted")
    );
}

fn binding(name: &str, role: &str, subjects: Value) -> Value {
    json!({ "metadata": { "uid": name, "name": name }, "roleRef": { "kind": "Role", "name": role }, "subjects": subjects })
}

#[test]
fn an_account_is_taken_out_and_nobody_else() {
    let subject =
        |name: &str| json!({ "kind": "ServiceAccount", "name": name, "namespace": "shop" });
    let bare = json!({ "kind": "ServiceAccount", "name": "web" });
    let all = [
        binding("read", "reader", json!([subject("a"), subject("web"), subject("b")])),
        binding("write", "writer", json!([bare])),
        binding("system:x", "y", json!([subject("web")])),
        binding("other", "z", json!([{ "kind": "User", "name": "web" }])),
    ];
    let held = holders(&all, "shop", "web", &[]).unwrap();
    assert_eq!(held.len(), 2);
    for (binding, left) in held.into_iter().zip([2, 0]) {
        let change = unbind("shop", binding, "web", &mark()).unwrap();
        let there = goes(&change, binding);
        assert_eq!(there["subjects"].as_array().unwrap().len(), left);
    }
    assert_eq!(holders(&all, "shop", "web", &["writer".to_owned()]).unwrap(), [&all[1]]);
    assert!(
        holders(&all, "shop", "web", &["x".to_owned()])
            .unwrap_err()
            .contains("RoleBindings: read, write")
    );
    assert!(holders(&all, "other", "nobody", &[]).is_err());
    assert!(holders(&all, "shop", "system:masters", &[]).is_err());
}

#[test]
fn what_a_role_allows_can_be_asked() {
    let role = json!({ "rules": [
        { "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["one"] },
        { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"] },
        { "nonResourceURLs": ["/x"], "verbs": ["get"] }
    ] });
    let asks: Vec<String> = asks(&role).iter().map(ToString::to_string).collect();
    assert_eq!(asks, ["get deployments"]);
}

#[test]
fn a_certificate_is_exchanged_without_a_key_in_the_change() {
    let own = expired(&["shop.example".to_owned()], 1_700_000_000_000).unwrap();
    let encode =
        |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let secret = |kind: &str, note: &str| {
        json!({
            "metadata": { "uid": "u", "annotations": { note: "x" } }, "type": kind,
            "data": { "tls.crt": encode(&own.certificate), "tls.key": encode(&own.key), "ca.crt": "eA==" }
        })
    };
    let of = |name: &str| Object::within::<Secret>("shop", name);
    let tls = secret("kubernetes.io/tls", "other");
    let all = [(of("tls"), tls.clone()), (of("pull"), secret("Opaque", "o"))];
    let change = swap(&all, "kept".to_owned(), 1, &mark()).unwrap();
    let text = serde_json::to_string(&change).unwrap();
    assert!(
        !text.contains(&encode(&own.key)[..40]) && !text.contains(&encode(&own.certificate)[..40])
    );
    assert!(text.contains(&own.fingerprint()) && text.contains("shop.example"));
    assert_eq!(pair(&tls).unwrap(), own);
    let other = expired(&["shop.example".to_owned()], 1).unwrap();
    let edits = swapped(&own, &other);
    let mut there = tls.clone();
    json_patch::patch(&mut there, &patch(&tls, &edits, Way::There).unwrap()).unwrap();
    assert_eq!((pair(&there).unwrap(), &there["data"]["ca.crt"]), (other, &json!("eA==")));
    let two = [(of("a"), tls.clone()), (of("b"), tls)];
    assert!(swap(&two, String::new(), 1, &mark()).unwrap_err().contains("They mount a, b"));
    let issued = [(of("a"), secret("kubernetes.io/tls", "cert-manager.io/certificate-name"))];
    assert!(swap(&issued, String::new(), 1, &mark()).unwrap_err().contains("cert-manager"));
    assert!(
        swap(&all[1..], String::new(), 1, &mark()).unwrap_err().contains("type kubernetes.io/tls")
    );
}

#[test]
fn pods_are_named_with_their_uid() {
    let pod = |name: &str| PodRef {
        namespace: "shop".to_owned(),
        name: name.to_owned(),
        uid: format!("u-{name}"),
    };
    let change = delete(vec![pod("a")], &mark());
    assert_eq!((change.name.as_str(), change.uid.as_str()), ("a", "u-a"));
    let change = evict(vec![pod("a"), pod("b")], Span::from_secs(5), &mark());
    assert_eq!((change.name.as_str(), change.what.to_string().as_str()), ("", "evict a, b"));
}
