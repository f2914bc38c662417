//! Lists, and what the server says of itself.

use serde_json::{Value, json};

use super::ask::{Ask, Told, config, pod};

fn names(told: &Told) -> Vec<String> {
    let items = told.body["items"].as_array().unwrap();
    let mut names: Vec<String> =
        items.iter().map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn labelled(ask: &Ask) {
    for (name, labels) in [
        ("one", json!({"app": "a", "tier": "x"})),
        ("three", json!({})),
        ("two", json!({"app": "b"})),
    ] {
        let mut made = config(name, "x");
        made["metadata"]["labels"] = labels;
        ask.post(&ask.at("configmaps"), &made).await.is(201);
    }
}

#[tokio::test]
async fn lists_are_selected_by_labels() {
    let ask = Ask::new().await;
    labelled(&ask).await;
    let cases = [
        ("app%3Da", vec!["one"]),
        ("app%3D%3Da", vec!["one"]),
        ("app", vec!["one", "two"]),
        ("app+in+%28a%2Cb%29", vec!["one", "two"]),
        ("app+in+%28a%2C+b%29%2C%21tier", vec!["two"]),
        ("app%21%3Da%2Capp", vec!["two"]),
        ("app+notin+%28b%29%2Capp", vec!["one"]),
        ("app%3Da%2Ctier%3Dy", vec![]),
    ];
    for (selector, wanted) in cases {
        let path = ask.at(&format!("configmaps?labelSelector={selector}"));
        assert_eq!(names(&ask.get(&path).await.is(200)), wanted, "{selector}");
    }
    let wrong = ask.at("configmaps?labelSelector=a%3Db%3Dc%28");
    ask.get(&wrong).await.refused(400, "BadRequest");
    ask.close().await;
}

#[tokio::test]
async fn lists_are_selected_by_fields() {
    let ask = Ask::new().await;
    labelled(&ask).await;
    let told = ask.get(&ask.at("configmaps?fieldSelector=metadata.name%3Done")).await.is(200);
    assert_eq!(names(&told), ["one"]);
    ask.post(&ask.at("pods"), &pod("p")).await.is(201);
    for (selector, found) in [
        ("spec.nodeName%3Dgd-no-such-node", 1),
        ("spec.nodeName%3Delsewhere", 0),
        ("status.phase%3DFailed", 0),
        ("status.phase%21%3DFailed", 1),
    ] {
        let path = ask.at(&format!("pods?fieldSelector={selector}"));
        assert_eq!(names(&ask.get(&path).await.is(200)).len(), found, "{selector}");
    }
    let told = ask.get(&ask.at("configmaps?fieldSelector=data.a%3Dx")).await;
    told.refused(400, "BadRequest").says("is not a known field selector");
    let told = ask.get(&ask.at("pods?fieldSelector=data.a%3Dx")).await;
    told.refused(400, "BadRequest").says("field label not supported");
    let event = json!({
        "metadata": {"name": "e.1"}, "reason": "Failed", "message": "m", "type": "Warning",
        "involvedObject": {"kind": "Pod", "name": "p", "namespace": ask.namespace},
    });
    ask.post(&ask.at("events"), &event).await.is(201);
    let selector = "involvedObject.name%3Dp%2CinvolvedObject.kind%3DPod%2Creason%3DFailed";
    let told = ask.get(&ask.at(&format!("events?fieldSelector={selector}"))).await.is(200);
    assert_eq!(names(&told), ["e.1"]);
    ask.delete_with(&ask.at("pods/p"), &json!({"gracePeriodSeconds": 0})).await.is(200);
    ask.close().await;
}

#[tokio::test]
async fn long_lists_come_in_pages() {
    let ask = Ask::new().await;
    for name in ["one", "three", "two"] {
        let mut made = config(name, "x");
        made["metadata"]["labels"] = json!({"app": "paged"});
        ask.post(&ask.at("configmaps"), &made).await.is(201);
    }
    let selected = "labelSelector=app%3Dpaged";
    let first = ask.get(&ask.at(&format!("configmaps?limit=2&{selected}"))).await.is(200);
    assert_eq!(first.body["kind"], "ConfigMapList");
    assert_eq!(names(&first), ["one", "three"]);
    let more = first.body["metadata"]["continue"].as_str().unwrap();
    let more = percent_encoding::utf8_percent_encode(more, percent_encoding::NON_ALPHANUMERIC);
    let path = ask.at(&format!("configmaps?limit=2&{selected}&continue={more}"));
    let rest = ask.get(&path).await.is(200);
    assert_eq!(names(&rest), ["two"]);
    assert!(rest.body["metadata"]["continue"].as_str().unwrap_or_default().is_empty());
    ask.close().await;
}

#[tokio::test]
async fn the_server_tells_what_it_serves() {
    let ask = Ask::new().await;
    assert_eq!(ask.get("/livez").await.is(200).body, Value::String("ok".to_owned()));
    ask.get("/readyz").await.is(200);
    let version = ask.get("/version").await.is(200);
    assert_eq!(version.body["major"], "1");
    let core = ask.get("/api/v1").await.is(200);
    let find = |told: &Told, name: &str| {
        let resources = told.body["resources"].as_array().unwrap();
        resources.iter().find(|one| one["name"] == name).cloned().unwrap_or_default()
    };
    let pods = find(&core, "pods");
    assert_eq!(pods["kind"], "Pod");
    assert_eq!(pods["namespaced"], true);
    assert_eq!(pods["shortNames"], json!(["po"]));
    assert_eq!(find(&core, "pods/eviction")["kind"], "Eviction");
    assert_eq!(find(&core, "nodes")["namespaced"], false);
    let apps = ask.get("/apis/apps/v1").await.is(200);
    assert_eq!(find(&apps, "deployments/scale")["group"], "autoscaling");
    let groups = ask.get("/apis").await.is(200);
    let groups = groups.body["groups"].as_array().unwrap();
    for name in ["apps", "batch", "policy", "rbac.authorization.k8s.io", "coordination.k8s.io"] {
        assert!(groups.iter().any(|group| group["name"] == name), "{name}");
    }
    ask.get("/apis/no.such.group").await.is(404);
    ask.close().await;
}
