//! Custom resources: schemas, and what Chaos Mesh refuses.

use serde_json::{Value, json};

use super::ask::Ask;
use crate::fake::with_schemas;

const GROUP: &str = "chaos-mesh.org/v1alpha1";

fn delay(name: &str) -> Value {
    json!({
        "apiVersion": GROUP, "kind": "NetworkChaos", "metadata": {"name": name},
        "spec": {
            "action": "delay", "mode": "all", "duration": "1m",
            "selector": {"pods": {"gd-no-such-namespace": ["none"]}, "namespaces": ["gd-no-such-namespace"]},
            "delay": {"latency": "10ms"},
        },
    })
}

/// A real server has the schemas when it serves the group.
async fn schemas(ask: &Ask) -> bool {
    if !ask.serves("chaos-mesh.org").await {
        return false;
    }
    if ask.is_fake() && !with_schemas() {
        eprintln!("LOUD: skipped: no schemas of custom resources (KUBE_CRDS)");
        return false;
    }
    true
}

#[tokio::test]
async fn a_schema_prunes_fills_and_refuses() {
    let ask = Ask::new().await;
    if !schemas(&ask).await {
        return ask.close().await;
    }
    let path = ask.of(GROUP, "networkchaos?dryRun=All");
    let mut wanted = delay("one");
    wanted["spec"]["scheduler"] = json!({"cron": "@every 1m"});
    let told = ask.post(&path, &wanted).await.is(201);
    assert_eq!(told.body["spec"]["scheduler"], Value::Null);
    assert_eq!(told.body["spec"]["direction"], "to");
    assert!(told.warnings[0].contains("unknown field"), "{:?}", told.warnings);
    let strict = format!("{path}&fieldValidation=Strict");
    let told = ask.post(&strict, &wanted).await.refused(400, "BadRequest");
    told.says("strict decoding error: unknown field \"spec.scheduler\"");
    let applied =
        ask.of(GROUP, "networkchaos/one?dryRun=All&fieldManager=us&fieldValidation=Strict");
    ask.patch("apply", &applied, &wanted)
        .await
        .says("spec.scheduler: field not declared in schema");
    ask.patch("apply", &applied, &delay("one")).await.is(201);
    ask.close().await;
}

#[tokio::test]
async fn a_schema_knows_values() {
    let ask = Ask::new().await;
    if !schemas(&ask).await {
        return ask.close().await;
    }
    let path = ask.of(GROUP, "networkchaos?dryRun=All");
    let cases: [(&str, Value, &str, &str); 3] = [
        ("/spec/action", json!("reorder"), "spec.action", "Unsupported value"),
        ("/spec/delay/latency", json!("10"), "spec.delay.latency", "should match"),
        ("/spec/delay", json!({}), "spec.delay.latency", "spec.delay.latency"),
    ];
    for (pointer, value, field, why) in cases {
        let mut wrong = delay("one");
        *wrong.pointer_mut(pointer).unwrap() = value;
        let told = ask.post(&path, &wrong).await.refused(422, "Invalid").says(why);
        let causes = told.body["details"]["causes"].as_array().unwrap();
        assert!(causes.iter().any(|cause| cause["field"] == field), "{causes:?}");
    }
    let mut wrong = delay("one");
    wrong["spec"]["mode"] = json!(3);
    let told = ask.post(&path, &wrong).await;
    // The webhooks of Chaos Mesh read an object before its schema is asked.
    match told.body["message"].as_str().unwrap().contains("admission webhook") {
        true => told.is(400).says("mode of type"),
        false => told.refused(422, "Invalid").says("spec.mode").says("must be of type string"),
    };
    ask.close().await;
}

#[tokio::test]
async fn experiments_have_no_door_for_their_status() {
    let ask = Ask::new().await;
    if ask.fake("an experiment that nobody carries out").is_none() {
        return ask.close().await;
    }
    let stage = ask;
    let ask = stage.within("gd-unplayed").await;
    let path = ask.of(GROUP, "networkchaos");
    let made = ask.post(&path, &delay("one")).await.is(201);
    assert_eq!(made.generation(), 1);
    let one = format!("{path}/one");
    ask.get(&format!("{one}/status")).await.is(404);
    let status = json!({"status": {"experiment": {"desiredPhase": "Run"}}});
    let told = ask.patch("merge", &one, &status).await.is(200);
    assert_eq!(told.body["status"]["experiment"]["desiredPhase"], "Run");
    assert_eq!(told.generation(), 2);
    let paused = json!({"metadata": {"annotations": {"experiment.chaos-mesh.org/pause": "true"}}});
    assert_eq!(ask.patch("merge", &one, &paused).await.is(200).generation(), 2);
    // A replacement must say from which state.
    ask.put(&one, &delay("one"))
        .await
        .refused(422, "Invalid")
        .says("must be specified for an update");
    ask.patch("strategic", &one, &paused).await.refused(415, "UnsupportedMediaType");
    let told = ask.patch("merge", &one, &json!({"spec": {"mode": "one"}})).await;
    told.refused(403, "Forbidden").says("Cannot update chaos spec");
    stage.close().await;
}

#[tokio::test]
async fn plurals_are_those_of_the_definitions() {
    let ask = Ask::new().await;
    if !ask.serves("chaos-mesh.org").await {
        return ask.close().await;
    }
    ask.get(&ask.of(GROUP, "networkchaos")).await.is(200);
    ask.get(&ask.of(GROUP, "networkchaoses")).await.is(404);
    let served = ask.get(&format!("/apis/{GROUP}")).await.is(200);
    let resources = served.body["resources"].as_array().unwrap();
    let find = |name: &str| resources.iter().find(|one| one["name"] == name);
    assert_eq!(find("workflows").unwrap()["shortNames"], json!(["wf"]));
    assert!(find("workflows/status").is_some());
    assert!(find("networkchaos/status").is_none());
    ask.close().await;
}

#[tokio::test]
async fn a_definition_is_served_as_soon_as_it_is_there() {
    let ask = Ask::new().await;
    if ask.fake("a definition of our own").is_none() {
        return ask.close().await;
    }
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let definition = json!({
        "metadata": {"name": "things.gd.test"},
        "spec": {
            "group": "gd.test", "scope": "Namespaced",
            "names": {"plural": "things", "singular": "thing", "kind": "Thing"},
            "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}}, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {
                    "spec": {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer", "minimum": 1}, "colour": {"type": "string", "default": "red"}}},
                    "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                },
            }}}],
        },
    });
    let made = ask.post(definitions, &definition).await.is(201);
    assert_eq!(made.body["status"]["conditions"][1]["type"], "Established");
    let path = ask.of("gd.test/v1", "things");
    let thing = |size: i64| json!({"apiVersion": "gd.test/v1", "kind": "Thing", "metadata": {"name": "one"}, "spec": {"size": size}});
    ask.post(&path, &thing(0)).await.refused(422, "Invalid").says("greater than or equal to 1");
    let made = ask.post(&path, &thing(1)).await.is(201);
    assert_eq!(made.body["spec"]["colour"], "red");
    let status = json!({"status": {"seen": true}});
    let told = ask.patch("merge", &format!("{path}/one/status"), &status).await.is(200);
    assert_eq!(told.generation(), 1);
    ask.delete(&format!("{definitions}/things.gd.test")).await.is(200);
    ask.get(&path).await.is(404);
    ask.close().await;
}
