//! Tests of the patches: there and back is as before, whatever stood there and whatever others did meanwhile.

use proptest::prelude::*;

use super::*;

fn applied(object: &Value, edits: &[Edit], way: Way) -> Value {
    let mut now = object.clone();
    let patch = patch(object, edits, way).unwrap();
    json_patch::patch(&mut now, &patch).unwrap();
    now
}

fn container() -> Vec<Step> {
    ["spec", "template", "spec", "containers"].map(key).into_iter().chain([named("app")]).collect()
}

fn deployment(env: Value) -> Value {
    json!({
        "metadata": { "uid": "u1", "resourceVersion": "7", "name": "cart" },
        "spec": { "template": { "spec": { "containers": [
            { "name": "proxy" }, { "name": "app", "env": env }
        ] } } }
    })
}

#[test]
fn a_field_goes_there_and_back_guarded_by_object_and_version() {
    let object =
        json!({ "metadata": { "uid": "u1", "resourceVersion": "7" }, "spec": { "replicas": 3 } });
    let edit = Edit::new(&object, vec![key("spec"), key("replicas")], Some(json!(0)));
    assert_eq!((edit.before.clone(), edit.path().as_str()), (Some(json!(3)), "spec.replicas"));
    let forward = patch(&object, std::slice::from_ref(&edit), Way::There).unwrap();
    assert_eq!(
        serde_json::to_value(&forward).unwrap(),
        json!([
            { "op": "test", "path": "/metadata/uid", "value": "u1" },
            { "op": "test", "path": "/metadata/resourceVersion", "value": "7" },
            { "op": "test", "path": "/spec/replicas", "value": 3 },
            { "op": "replace", "path": "/spec/replicas", "value": 0 }
        ])
    );
    let after = applied(&object, std::slice::from_ref(&edit), Way::There);
    assert!(edit.is_done(&after, Way::There) && !edit.is_done(&after, Way::Back));
    assert_eq!(applied(&after, &[edit], Way::Back), object);
}

#[test]
fn keys_with_slashes_and_maps_that_were_not_there() {
    let bare = json!({ "metadata": { "uid": "u1", "name": "n" } });
    let at = vec![key("metadata"), key("annotations"), key("gameday.internal/fault")];
    let edit = Edit::new(&bare, at, Some(json!("run/step")));
    let forward = patch(&bare, std::slice::from_ref(&edit), Way::There).unwrap();
    let text = serde_json::to_string(&forward).unwrap();
    assert!(text.contains("/metadata/annotations/gameday.internal~1fault"), "{text}");
    let mut after = applied(&bare, std::slice::from_ref(&edit), Way::There);
    assert_eq!(applied(&after, std::slice::from_ref(&edit), Way::Back), bare);
    // What others put into the map meanwhile stays.
    after["metadata"]["annotations"]["other"] = json!("x");
    let back = applied(&after, std::slice::from_ref(&edit), Way::Back);
    assert_eq!(back["metadata"]["annotations"], json!({ "other": "x" }));
    // A server leaves empty maps out, or keeps them: both are as before.
    assert!(edit.is_done(&bare, Way::Back));
}

#[test]
fn items_of_lists_are_found_by_name() {
    for (env, after) in [
        (json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }]), 2),
        (json!([{ "name": "B", "value": "2" }]), 2),
        (Value::Null, 1),
        (json!([{ "name": "A", "valueFrom": { "fieldRef": { "fieldPath": "x" } } }]), 1),
    ] {
        let mut object = deployment(env.clone());
        if env.is_null() {
            object["spec"]["template"]["spec"]["containers"][1] = json!({ "name": "app" });
        }
        let at = [container(), vec![key("env"), named("A")]].concat();
        let edit = Edit::new(&object, at, Some(json!({ "name": "A", "value": "new" })));
        let mut there = applied(&object, std::slice::from_ref(&edit), Way::There);
        let list = &there["spec"]["template"]["spec"]["containers"][1]["env"];
        assert_eq!(list.as_array().unwrap().len(), after);
        assert_eq!(applied(&there, std::slice::from_ref(&edit), Way::Back), object);
        // Somebody puts another one before it: ours is still the one that goes.
        let list =
            there["spec"]["template"]["spec"]["containers"][1]["env"].as_array_mut().unwrap();
        list.insert(0, json!({ "name": "C", "value": "3" }));
        let back = applied(&there, &[edit], Way::Back);
        let list = back["spec"]["template"]["spec"]["containers"][1]["env"].as_array().unwrap();
        assert!(list.iter().any(|one| one["name"] == "C"));
        assert!(!list.iter().any(|one| one["value"] == "new"));
    }
}

#[test]
fn an_item_comes_back_where_it_was() {
    let subject =
        |name: &str| json!({ "kind": "ServiceAccount", "name": name, "namespace": "shop" });
    let object = json!({ "metadata": { "uid": "u" }, "subjects": [subject("a"), subject("b"), subject("c")] });
    let at = vec![
        key("subjects"),
        item([("kind", "ServiceAccount"), ("name", "b"), ("namespace", "shop")]),
    ];
    let edit = Edit::new(&object, at, None);
    let mut there = applied(&object, std::slice::from_ref(&edit), Way::There);
    assert_eq!(there["subjects"].as_array().unwrap().len(), 2);
    assert_eq!(applied(&there, std::slice::from_ref(&edit), Way::Back), object);
    // A server that leaves empty lists out.
    there.as_object_mut().unwrap().remove("subjects");
    let back = applied(&there, &[edit], Way::Back);
    assert_eq!(back["subjects"], json!([subject("b")]));
}

#[test]
fn what_is_already_back_is_left_alone() {
    let object = json!({ "metadata": { "uid": "u" }, "spec": { "replicas": 3 } });
    let replicas = Edit::new(&object, vec![key("spec"), key("replicas")], Some(json!(0)));
    let mark =
        Edit::new(&object, vec![key("metadata"), key("annotations"), key("m/f")], Some(json!("x")));
    let edits = [replicas, mark];
    let mut there = applied(&object, &edits, Way::There);
    there["spec"]["replicas"] = json!(3);
    assert_eq!(applied(&there, &edits, Way::Back), object);
}

#[test]
fn nothing_is_put_into_what_is_not_there() {
    let object = json!({ "metadata": { "uid": "u" }, "spec": { "template": { "spec": { "containers": [] } } } });
    let at = [container(), vec![key("env"), named("A")]].concat();
    let edit = Edit::new(&object, at, Some(json!({ "name": "A", "value": "1" })));
    assert!(patch(&object, &[edit], Way::There).is_err());
}

#[test]
fn there_and_back_changes_nothing_and_tries_everything() {
    let object = deployment(json!([{ "name": "A", "value": "1" }]));
    let at = [container(), vec![key("env"), named("B")]].concat();
    let edits = [
        Edit::new(&object, at, Some(json!({ "name": "B", "value": "2" }))),
        Edit::new(&object, vec![key("metadata"), key("labels"), key("x/y~z")], Some(json!("v"))),
    ];
    let patch = there_and_back(&object, &edits).unwrap();
    let mut now = object.clone();
    json_patch::patch(&mut now, &patch).unwrap();
    assert_eq!(now, object);
    assert!(patch.len() >= 6);
}

/// Any small object, and any edits in it.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        any::<i32>().prop_map(|n| json!(n)),
        "[a-z~/]{0,6}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::btree_map("[a-c~/]{1,3}", inner.clone(), 1..4)
                .prop_map(|map| json!(map)),
            prop::collection::btree_map("[xyz]", inner, 1..4).prop_map(|items| {
                let list: Vec<Value> = items
                    .into_iter()
                    .map(|(name, value)| json!({ "name": name, "value": value }))
                    .collect();
                json!(list)
            }),
        ]
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof!["[a-c~/]{1,3}".prop_map(|text| key(&text)), "[xyz]".prop_map(|text| named(&text)),]
}

proptest! {
    #[test]
    fn there_and_back_is_as_before(
        inside in value(),
        at in prop::collection::vec(step(), 1..4),
        after in prop::option::of("[a-z]{1,4}"),
    ) {
        let object = json!({ "metadata": { "uid": "u" }, "data": inside });
        let at: Vec<Step> = [vec![key("data")], at].concat();
        let after = match (after, at.last()) {
            (Some(text), Some(Step::Item(fields))) => {
                let mut item = json!(fields);
                item["value"] = json!(text);
                Some(item)
            }
            (after, _) => after.map(|text| json!(text)),
        };
        let edit = Edit::new(&object, at, after);
        // What cannot be done is refused before, and never half done.
        if let Ok(patch) = patch(&object, std::slice::from_ref(&edit), Way::There) {
            let mut there = object.clone();
            json_patch::patch(&mut there, &patch).unwrap();
            prop_assert!(edit.is_done(&there, Way::There));
            let back = applied(&there, std::slice::from_ref(&edit), Way::Back);
            prop_assert_eq!(back, object.clone());
            let patch = there_and_back(&object, std::slice::from_ref(&edit)).unwrap();
            let mut now = object.clone();
            json_patch::patch(&mut now, &patch).unwrap();
            prop_assert_eq!(now, object);
        }
        let text = serde_json::to_string(&edit).unwrap();
        prop_assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit);
    }
}
